"""What is kept how long: one table, shown to people, written in the docs, and done by chores."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.assisting.models import Recognition, Vouch
from portal.assisting.vouching import RequestState as Recognised
from portal.core import clock, outbox, retention
from portal.core.db import db, transaction
from portal.core.jobs import run_chores
from portal.core.limits import RateCount
from portal.core.outbox import OutboxEvent, OutboxHandled
from portal.core.retention import Kept
from portal.core.scope import all_villages
from portal.features import CHORES
from portal.inbox import rules as inbox_rules
from portal.inbox.models import Delivery, InboxMessage
from portal.inbox.rules import Way
from portal.moderation.reports_models import ModerationReport
from portal.moderation.reports_rules import Outcome
from portal.moderation.rules import Code
from portal.people.models import Resident
from portal.roster.models import RosterImport
from portal.roster.rules import ImportState
from portal.sign_in.models import AccountSession, SignInChallenge

DOCS = Path(__file__).parents[2] / "docs" / "privacy.md"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def a_sign_in(cast, at):
    return SignInChallenge(token_digest=str(at), made_at=at, expires_at=at, phone="13800000001")


def a_count(cast, at):
    return RateCount(key="k", begins_at=at - DAY, ends_at=at, count=1)


def a_session(cast, at):
    return AccountSession(
        account_id=cast.vera.id,
        token_digest=str(at),
        began_at=at - DAY,
        expires_at=at + DAY,
        ended_at=at,
    )


def a_recognition(cast, at):
    return Recognition(
        account_id=cast.otto.id,
        claimed_name="Otto",
        state=Recognised.REFUSED,
        asked_at=at - DAY,
        expires_at=at,
        ended_at=at,
    )


def some_news(cast, at):
    return OutboxEvent(kind="x", facts={}, made_at=at, next_at=at, handled_at=at)


def a_message(cast, at):
    return InboxMessage(event_id=1, account_id=cast.vera.id, kind="x", facts={}, made_at=at)


def a_delivery(cast, at):
    message = a_message(cast, clock.now())
    db.session.add(message)
    db.session.flush()
    return Delivery(
        message_id=message.id, way=Way.SMS, target="13800000001", made_at=at, next_at=at
    )


def a_report(cast, at):
    return ModerationReport(
        resident_id=cast.vera.resident_id,
        subject_kind="message",
        subject_id=1,
        subject_number=1,
        code=Code.INSULT,
        reported_at=at - DAY,
        outcome=Outcome.KEPT,
        answered_at=at,
    )


MAKERS = {
    Kept.SIGN_INS: a_sign_in,
    Kept.COUNTS: a_count,
    Kept.SESSIONS: a_session,
    Kept.RECOGNITIONS: a_recognition,
    Kept.NEWS: some_news,
    Kept.DELIVERIES: a_delivery,
    Kept.MESSAGES: a_message,
    Kept.REPORTS: a_report,
}
ELSEWHERE = {
    Kept.STAGED_ROSTERS: "test_a_roster_that_was_not_taken_goes",
    Kept.DEPARTED: "test_whoever_left_loses_phone_and_digits",
}
TIMED = {kind: days for kind, days in retention.promised(retention.version()).items() if days}


def test_every_span_has_a_test_that_moves_the_clock():
    assert set(TIMED) == set(MAKERS) | set(ELSEWHERE)
    assert all(name in globals() for name in ELSEWHERE.values())


def rows_of(model) -> int:
    """Count the rows, without the news of how the cast came to their posts."""
    db.session.rollback()
    query = select(func.count()).select_from(model)
    if model is OutboxEvent:
        query = query.where(OutboxEvent.kind == "x")
    with all_villages("the test looks at everything"):
        return db.session.scalar(query)


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.value)
def test_it_is_gone_when_its_time_is_over_and_not_before(app, cast, kind):
    born = clock.now()
    with transaction():
        row = MAKERS[kind](cast, born)
        db.session.add(row)
        db.session.flush()
        model = type(row)
    over = born + timedelta(days=TIMED[kind])
    if kind is not Kept.COUNTS:  # counts go as soon as their span is over
        run_chores(app, CHORES, now=over - HOUR)
        assert rows_of(model) == 1
    run_chores(app, CHORES, now=over + HOUR)
    assert rows_of(model) == 0


def test_whoever_left_loses_phone_and_digits(app, cast):
    left = clock.now()
    with transaction():
        for resident in db.session.scalars(select(Resident)):
            resident.id_digest, resident.id_last4 = f"digest of {resident.id}", "123X"
            resident.second_contact = "13700000009"
        db.session.get_one(Resident, cast.vera.resident_id).left_on = clock.today(left)
    over = left + timedelta(days=TIMED[Kept.DEPARTED])
    run_chores(app, CHORES, now=over - DAY)
    db.session.rollback()
    assert db.session.get_one(Resident, cast.vera.resident_id).phone == "13800000001"
    run_chores(app, CHORES, now=over + 2 * DAY)
    db.session.rollback()
    gone = db.session.get_one(Resident, cast.vera.resident_id)
    facts = (gone.phone, gone.second_contact, gone.id_digest, gone.id_last4, gone.name)
    assert facts == (None, None, None, None, "Vera")  # who lived here is the village's record
    stays = db.session.get_one(Resident, cast.max.resident_id)
    assert (stays.phone, stays.id_last4) == ("13800000002", "123X")


def test_a_roster_that_was_not_taken_goes(app, cast):
    now = clock.now()
    with transaction():
        db.session.add(
            RosterImport(
                state=ImportState.PREPARED,
                filename="名册.xlsx",
                sha256="0" * 64,
                rows=[["Vera", "13800000001"]],
                notes=[],
                seen="0" * 64,
                prepared_at=now,
            )
        )
    run_chores(app, CHORES, now=now + timedelta(days=TIMED[Kept.STAGED_ROSTERS]) + HOUR)
    with all_villages("the test looks at everything"):
        rows = db.session.scalars(select(RosterImport.rows)).all()
    assert "13800000001" not in repr(rows)


def test_what_goes_goes_in_bounded_batches(app, cast, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    born = clock.now()
    with transaction():
        for index in range(5):
            db.session.add(some_news(cast, born + timedelta(seconds=index)))
    left = []
    for _ in range(4):
        run_chores(app, (outbox.prune,), now=born + timedelta(days=TIMED[Kept.NEWS]) + HOUR)
        left.append(rows_of(OutboxEvent))
    assert left == [3, 1, 0, 0]


def test_news_that_nobody_heard_yet_stays(app, cast):
    born = clock.now()
    with transaction():
        waiting = some_news(cast, born)
        waiting.handled_at = None
        db.session.add(waiting)
        heard = some_news(cast, born)
        db.session.add(heard)
        db.session.flush()
        db.session.add(OutboxHandled(event_id=heard.id, handler="h", done_at=born))
    run_chores(app, (outbox.prune,), now=born + timedelta(days=4000))
    assert (rows_of(OutboxEvent), rows_of(OutboxHandled)) == (1, 0)


def test_who_vouched_goes_with_the_request(app, cast):
    born = clock.now()
    with transaction():
        asked = a_recognition(cast, born)
        db.session.add(asked)
        db.session.flush()
        max_ = db.session.get_one(Resident, cast.max.resident_id)
        db.session.add(
            Vouch(
                recognition_id=asked.id,
                account_id=cast.max.id,
                household_id=max_.household_id,
                group_id=max_.group_id,
                done_at=born,
            )
        )
    run_chores(app, CHORES, now=born + timedelta(days=TIMED[Kept.RECOGNITIONS]) + HOUR)
    assert (rows_of(Recognition), rows_of(Vouch)) == (0, 0)


def test_the_inbox_keeps_no_longer_than_promised():
    assert timedelta(days=TIMED[Kept.DELIVERIES]) >= inbox_rules.KEPT_DELIVERIES
    assert timedelta(days=TIMED[Kept.MESSAGES]) >= max(
        inbox_rules.KEPT_READ, inbox_rules.KEPT_UNREAD
    )


def test_what_is_kept_for_good_has_no_limit():
    with pytest.raises(ValueError, match="kept for good"):
        retention.limit_of(Kept.VOTES, now=clock.now())


def test_the_document_says_the_same_as_the_table():
    table = DOCS.read_text(encoding="utf-8").partition("## How long")[2]
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \|", table, re.M)
    stated = {kind: days.strip() for kind, days, _who in rows}
    spans = retention.promised(retention.version())
    assert stated == {
        kind.value: "for good" if days is None else f"{days} days" for kind, days in spans.items()
    }
    named = {name for _kind, _days, who in rows for name in re.findall(r"`([\w.]+)`", who)}
    chores = {f"{chore.__module__}.{chore.__name__}" for chore in CHORES}
    assert {f"portal.{name}" for name in named} <= chores
    for kind, days, who in rows:
        assert ("`" in who) == (days.strip() != "for good"), kind


def test_the_page_shows_every_span(cast, browse, at):
    client = browse()
    client.set_cookie("look", "normal.20.auto.en")
    text = client.get(at("/privacy")).get_data(as_text=True)
    assert text.count('class="num"') == len(Kept)
    for days in set(TIMED.values()):
        assert f"{days} day" in text
