"""Minutes: written after the meeting, signed by two who were there, then frozen for good."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.meetings import attending, convening, minutes, minutes_rules, service
from portal.meetings.minutes_models import Minutes, MinutesCorrection, MinutesItem
from portal.meetings.rules import Proof, Refusal, State
from portal.transparency.models import RecordEntry

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"is_frozen": True}, Refusal.MINUTES_FROZEN),
        ({"state": State.OPEN}, Refusal.NOT_CLOSED),
        ({"seen": 1}, Refusal.ALREADY_DONE),
        ({"text": " "}, Refusal.NO_MINUTES),
    ],
)
def test_when_minutes_can_be_written(change, refusal):
    facts = {"state": State.CLOSED, "is_frozen": False, "text": "x", "seen": 0, "revision": 0}
    assert minutes_rules.why_not_write(**facts | change) is refusal


def test_an_agenda_has_its_points():
    assert minutes_rules.agenda_items("一、说明\n\n 二、表决 \n") == ["一、说明", "二、表决"]


@pytest.fixture
def held(make_meeting, cast):
    """A meeting that is over, with Vera, Sun and Max there."""
    meeting = make_meeting()
    with transaction():
        attending.write(
            meeting.id,
            [person.resident_id for person in (cast.vera, cast.sun, cast.max)],
            Proof.STAFF,
            account_id=cast.max.id,
            now=clock.now(),
        )
        convening.close_meeting(meeting.id, account_id=cast.max.id, now=clock.now())
    return meeting.id


def write(meeting_id, cast, *, seen=0, said="大家同意先试三个月。"):
    with transaction():
        return minutes.write(
            meeting_id,
            text=said,
            decisions={3: "试行三个月"},
            seen=seen,
            account_id=cast.max.id,
            now=clock.now(),
        ).id


def sign(meeting_id, person, *, seen=1):
    with transaction():
        return minutes.sign(meeting_id, seen=seen, account_id=person.id, now=clock.now())


def refused(reason, fn, *args, **facts):
    with pytest.raises(Refused) as caught:
        fn(*args, **facts)
    db.session.rollback()
    assert caught.value.reason is reason


def test_two_who_were_there_sign_and_it_is_recorded(held, cast):
    refused(Refusal.NO_MINUTES, sign, held, cast.vera)
    write(held, cast)
    refused(Refusal.NOT_THERE, sign, held, cast.wang)
    refused(Refusal.NOT_THERE, sign, held, cast.paula)
    refused(Refusal.ALREADY_DONE, sign, held, cast.vera, seen=0)
    assert sign(held, cast.vera) is False
    refused(Refusal.SECOND_PERSON, sign, held, cast.vera)
    assert sign(held, cast.sun) is True
    row = minutes.find(held)
    entry = db.session.scalars(select(RecordEntry).where(RecordEntry.kind == "minutes")).one()
    assert (entry.number, entry.content_sha256) == (row.record_number, row.content_sha256)
    kept = list(minutes.MinutesKeeper().hash_files())
    assert [(k.number, k.content_sha256) for k in kept] == [(entry.number, entry.content_sha256)]
    assert service.get_meeting(held).is_settled
    db.session.rollback()
    refused(Refusal.MINUTES_FROZEN, write, held, cast, seen=1)
    refused(Refusal.MINUTES_FROZEN, sign, held, cast.max)


def test_a_new_text_is_signed_anew(held, cast):
    write(held, cast)
    sign(held, cast.vera)
    refused(Refusal.ALREADY_DONE, write, held, cast, seen=0)
    write(held, cast, seen=1, said="大家同意先试半年。")
    refused(Refusal.ALREADY_DONE, sign, held, cast.sun, seen=1)
    assert sign(held, cast.sun, seen=2) is False
    assert sign(held, cast.vera, seen=2) is True


def test_what_is_wrong_stands_beside(held, cast):
    def correct(said="是四个月"):
        with transaction():
            minutes.correct(held, text=said, account_id=cast.max.id, now=clock.now())

    write(held, cast)
    refused(Refusal.MINUTES_NOT_FROZEN, correct)
    sign(held, cast.vera)
    sign(held, cast.sun)
    refused(Refusal.NO_REASON, correct, " ")
    correct()
    correct("地点是老粮站")
    rows = db.session.scalars(select(MinutesCorrection).order_by(MinutesCorrection.id)).all()
    assert [row.position for row in rows] == [1, 2]
    assert len(list(minutes.MinutesKeeper().hash_files())) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE minutes SET text = 'x'",
        "DELETE FROM minutes_item",
        "UPDATE minutes_item SET decision = 'x'",
        "UPDATE minutes SET second_at = NULL, record_number = NULL, content_sha256 = NULL",
    ],
)
def test_the_database_keeps_signed_minutes_as_they_are(held, cast, statement):
    write(held, cast)
    sign(held, cast.vera)
    sign(held, cast.sun)
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(text(statement))
    assert db.session.scalars(select(Minutes.text)).one() == "大家同意先试三个月。"
    assert len(db.session.scalars(select(MinutesItem.id)).all()) == 3


def test_of_four_who_sign_at_once_two_have_signed(held, cast, race):
    write(held, cast)
    people = (cast.vera, cast.sun, cast.max, cast.vera)
    results = race(
        4,
        lambda index: minutes.sign(held, seen=1, account_id=people[index].id, now=clock.now()),
    )
    assert sorted(map(str, (r for r in results if isinstance(r, bool)))) == ["False", "True"]
    assert len(db.session.scalars(select(RecordEntry.id)).all()) == 1


def test_of_two_who_write_at_once_one_is_kept(held, cast, race):
    def begin(index):
        minutes.write(
            held, text=f"第{index}稿", decisions={}, seen=0, account_id=cast.max.id, now=clock.now()
        )

    results = race(4, begin)
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert db.session.scalars(select(Minutes.revision)).all() == [1]


def test_the_pages_from_writing_to_reading(held, cast, browse, at):
    desk, page = at(f"/meetings/desk/{held}/minutes"), at(f"/meetings/{held}/minutes")
    committee = browse(cast.max)
    assert "decision-3" in committee.get(desk).text
    data = {"seen": 0, "text": "讨论热烈，同意试行。", "decision-3": "试行三个月"}
    assert committee.post(desk, data=data | {"text": ""}).status_code == 422
    assert committee.post(desk, data=data).status_code == 303
    assert committee.post(desk, data=data).status_code == 409
    assert "讨论热烈" not in browse(None).get(page).text
    assert "讨论热烈" not in browse(cast.wang).get(page).text
    vera = browse(cast.vera)
    assert "讨论热烈" in vera.get(page).text
    assert browse(cast.wang).post(f"{page}/sign", data={"seen": 1}).status_code == 409
    assert vera.post(f"{page}/sign", data={"seen": 1}).status_code == 303
    assert browse(cast.sun).post(f"{page}/sign", data={"seen": 1}).status_code == 303
    told = browse(None).get(page).text
    assert "讨论热烈" in told
    assert "试行三个月" in told
    assert committee.post(f"{desk}/correct", data={"text": ""}).status_code == 422
    assert committee.post(f"{desk}/correct", data={"text": "是四个月"}).status_code == 303
    assert "是四个月" in browse(None).get(page).text
