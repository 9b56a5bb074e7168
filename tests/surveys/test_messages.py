"""The village hears of a survey when its first day begins, unless it was closed before."""

from datetime import timedelta

from portal.core import clock
from portal.core.db import transaction
from portal.surveys import service


def open_from(draft, first, *, now):
    with transaction():
        service.open_survey(
            service.get_survey(draft, drafts=True),
            title="村民需求调查",
            lead="",
            first_day=first,
            last_day=first + timedelta(days=7),
            now=now,
        )


def test_a_survey_that_opens_today_is_told_at_once(draft, now, cast, told, at):
    open_from(draft, clock.today(now), now=now)
    heard = told(now)
    assert [(name, path) for name, _, path in heard] == [
        (name, at(f"/surveys/{draft}")) for name in ("max", "sun", "vera", "wang")
    ]
    assert "村民需求调查" in heard[0][1]


def test_one_that_opens_in_three_days_is_told_then(draft, now, cast, told):
    first = clock.today(now) + timedelta(days=3)
    open_from(draft, first, now=now)
    begins = clock.midnight_before(first)
    assert told(begins - timedelta(seconds=1)) == []
    assert len(told(begins)) == 4


def test_one_closed_before_it_began_is_told_to_nobody(draft, now, cast, told):
    first = clock.today(now) + timedelta(days=3)
    open_from(draft, first, now=now)
    with transaction():
        service.close_survey(service.get_survey(draft), now=now)
    assert told(clock.midnight_before(first)) == []
