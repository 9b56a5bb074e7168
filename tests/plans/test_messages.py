"""The whole village hears of a notice, and nobody after its end."""

from datetime import timedelta

from portal.core.db import transaction
from portal.inbox.kinds import known
from portal.plans import service

from .conftest import NOON, fill, notice


def open_notice(now=NOON):
    with transaction():
        version = service.create_plan(name="村庄规划", base_year=2026, target_year=2035, now=now)
        fill(version.id, now=now)
        return version.id, notice(version.id, now=now).ends_at


def test_the_village_hears_of_a_notice(cast, told, at):
    version_id, _ = open_notice()
    heard = told(NOON)
    assert [(name, path) for name, _, path in heard] == [
        (name, at(f"/plans/{version_id}")) for name in ("max", "sun", "vera", "wang")
    ]
    assert "村庄规划" in heard[0][1]
    assert known()["plans.notice-opened"].matters


def test_a_notice_that_is_over_is_no_news(cast, told):
    _, ends_at = open_notice()
    assert told(ends_at) == []
    assert told(ends_at + timedelta(days=1)) == []
