"""Convening, calling, opening, and who was there: once for each, whatever the way."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.meetings import (
    attending,
    convening,
    correcting,
    presence,
    representing,
    service,
    sheets,
)
from portal.meetings.models import Attendance, Meeting, MeetingMember, MeetingStep, Representative
from portal.meetings.rules import Capacity, Channel, Kind, Refusal, State
from portal.people import service as people
from portal.people.models import Resident
from tests.tampering import drop_key

DAY = timedelta(days=1)


def reasons(results):
    return [r.reason if isinstance(r, Refused) else r for r in results]


def refused(why, do, *args, **facts):
    with pytest.raises(Refused) as caught, transaction():
        do(*args, **facts)
    assert caught.value.reason is why


def not_made(why, make, *args, **facts):
    """Expect a refusal of what has a transaction of its own."""
    with pytest.raises(Refused) as caught:
        make(*args, **facts)
    assert caught.value.reason is why


def tick(meeting, person, by, **facts):
    attending.tick(
        meeting.id, person.resident_id, account_id=by.id, now=facts.get("now", clock.now())
    )


# --- convening -----------------------------------------------------------------------------------


def test_the_list_is_frozen_when_it_is_convened(make_meeting, cast):
    meeting = make_meeting(held=3 * DAY, opened=False)
    everybody = {p.resident_id for p in (cast.vera, cast.max, cast.sun, cast.wang)}
    assert service.members_of(meeting.id) == everybody
    with transaction():
        db.session.get_one(Resident, cast.vera.resident_id).left_on = clock.today(clock.now())
    assert service.members_of(meeting.id) == everybody


def test_a_group_meeting_calls_its_group(make_meeting, cast):
    first, second = people.list_groups()
    meeting = make_meeting(Kind.VG, held=3 * DAY, opened=False, group_id=second.id)
    assert service.members_of(meeting.id) == {cast.sun.resident_id, cast.wang.resident_id}
    not_made(Refusal.NO_GROUP, make_meeting, Kind.VM, held=3 * DAY, opened=False, group_id=first.id)


def test_representatives_are_called_with_the_committee(make_meeting, cast):
    not_made(Refusal.NO_REPRESENTATIVES, make_meeting, Kind.VR, held=3 * DAY)
    today = clock.today(clock.now())
    with transaction():
        for person, ends in ((cast.sun, 300), (cast.vera, 2)):
            representing.add(
                person.resident_id,
                begins_on=today - 30 * DAY,
                ends_on=today + ends * DAY,
                account_id=cast.max.id,
                now=clock.now(),
            )
    meeting = make_meeting(Kind.VR, held=3 * DAY, opened=False)
    rows = db.session.execute(
        select(MeetingMember.resident_id, MeetingMember.capacity).where(
            MeetingMember.meeting_id == meeting.id
        )
    ).all()
    assert dict(rows) == {
        cast.max.resident_id: Capacity.COMMITTEE,
        cast.sun.resident_id: Capacity.REPRESENTATIVE,
    }


def test_too_short_a_notice_names_the_first_day(cast, village):
    now = clock.now()
    draft = convening.Draft(
        kind=Kind.VM, title="会", agenda="议程", place="礼堂", held_at=now + 10 * DAY
    )
    with pytest.raises(Refused) as caught, transaction():
        convening.convene(draft, account_id=cast.max.id, now=now)
    assert caught.value.facts == {"days": 10, "first": clock.today(now) + 11 * DAY}


def test_a_change_is_a_meeting_convened_anew(make_meeting, cast, race):
    meeting = make_meeting(held=3 * DAY, opened=False)
    now = clock.now()
    draft = convening.Draft(
        kind=Kind.VM, title="改期", agenda="议程", place="礼堂", held_at=now + 15 * DAY
    )
    results = race(
        4,
        lambda _: (
            convening.convene(draft, account_id=cast.max.id, now=now, former_id=meeting.id).id
        ),
    )
    made = [r for r in results if isinstance(r, int)]
    assert len(made) == 1, results
    assert service.find_successor(meeting.id).id == made[0]
    assert service.get_meeting(meeting.id).state_at(now) is State.CANCELLED


def test_what_was_convened_stays_as_it_was(meeting):
    for table, values in ((Meeting, {"place": "别处"}), (MeetingMember, {"group_id": 1})):
        with pytest.raises(DatabaseError), transaction():
            db.session.execute(update(table).values(**values))


# --- its life ------------------------------------------------------------------------------------


def test_opened_or_called_off_not_both(make_meeting, cast, race):
    meeting = make_meeting(held=timedelta(hours=1), opened=False)
    now = clock.now()

    def do(index):
        facts = {"account_id": cast.max.id, "now": now}
        if index % 2:
            return convening.open_meeting(meeting.id, chair="Max", **facts)
        return convening.cancel(meeting.id, reason="下雨", **facts)

    assert reasons(race(6, do)).count(None) == 1
    assert db.session.scalar(select(func.count(MeetingStep.id))) == 1


def test_the_chair_opens_at_the_hour_and_somebody_closes(make_meeting, cast):
    later = make_meeting(held=3 * DAY, opened=False)
    facts = {"account_id": cast.max.id, "now": clock.now()}
    refused(Refusal.TOO_EARLY, convening.open_meeting, later.id, chair="Max", **facts)
    meeting = make_meeting(held=timedelta(minutes=5), opened=False)
    refused(Refusal.NO_CHAIR, convening.open_meeting, meeting.id, chair=" ", **facts)
    refused(Refusal.NOT_OPEN, convening.close_meeting, meeting.id, **facts)
    with transaction():
        convening.open_meeting(meeting.id, chair="Max", **facts)
        convening.close_meeting(meeting.id, **facts)
    assert service.get_meeting(meeting.id).state_at(clock.now()) is State.CLOSED
    refused(Refusal.NOT_CONVENED, convening.cancel, meeting.id, reason="x", **facts)


# --- who was there -------------------------------------------------------------------------------


def enter(meeting, cast, residents, **facts):
    """Enter a signed sheet as Max; Sun and Wang are its witnesses."""
    sheet = {
        "witnesses": (cast.sun.resident_id, cast.wang.resident_id),
        "file_sha256": "a" * 64,
        "account_id": cast.max.id,
        "now": clock.now(),
    }
    return sheets.enter(meeting.id, residents, **sheet | facts).id


def agree(sheet_id, meeting, person, **facts):
    by = {"account_id": person.id, "now": clock.now()}
    return sheets.agree(sheet_id, meeting_id=meeting.id, **by | facts)


def enter_and_agree(meeting, cast, residents, *, now):
    sheet_id = enter(meeting, cast, residents, now=now)
    return [agree(sheet_id, meeting, person, now=now) for person in (cast.sun, cast.wang)]


def many_ways(meeting, cast, race):
    """Let Vera be noted in four ways at once."""
    now = clock.now()
    code = attending.door_code(meeting.id, now=now)
    vera, by = cast.vera.resident_id, {"account_id": cast.vera.id, "now": now}
    ways = (
        lambda: attending.come_in(meeting.id, vera, code=code, **by),
        lambda: attending.join_online(meeting.id, vera, **by),
        lambda: attending.tick(meeting.id, vera, account_id=cast.max.id, now=now),
        lambda: enter_and_agree(meeting, cast, {vera}, now=now),
    )
    return race(8, lambda i: ways[i % 4]())


def test_one_presence_whatever_the_way(meeting, cast, race):
    many_ways(meeting, cast, race)
    assert db.session.scalar(select(func.count(Attendance.id))) == 1
    assert service.attendees(meeting.id) == {cast.vera.resident_id}
    assert service.count_present(meeting.id) == 1


@pytest.mark.last_judge
def test_the_presences_stand_on_the_key(meeting, cast, race):
    """Without the key more than one is noted: the test above would be red."""
    drop_key("attendance", "meeting_id", "resident_id")
    many_ways(meeting, cast, race)
    assert db.session.scalar(select(func.count(Attendance.id))) > 1


@pytest.mark.parametrize("who", ["nora", "otto", "paula"])
def test_who_is_not_called_is_not_noted(meeting, cast, who):
    person = getattr(cast, who)
    code = attending.door_code(meeting.id, now=clock.now())
    facts = {"account_id": person.id, "now": clock.now()}
    refused(
        Refusal.NOT_A_MEMBER, attending.come_in, meeting.id, person.resident_id, code=code, **facts
    )
    refused(Refusal.NOT_A_MEMBER, attending.join_online, meeting.id, person.resident_id, **facts)
    assert service.count_present(meeting.id) == 0


def test_an_old_or_foreign_code_opens_nothing(make_meeting, meeting, cast):
    other, now = make_meeting(), clock.now()
    facts = {"account_id": cast.vera.id, "now": now}
    old = attending.door_code(meeting.id, now=now - timedelta(minutes=4))
    for code in (old, attending.door_code(other.id, now=now), "", "ü"):
        refused(
            Refusal.CODE_OLD,
            attending.come_in,
            meeting.id,
            cast.vera.resident_id,
            code=code,
            **facts,
        )
    recent = attending.door_code(meeting.id, now=now - timedelta(minutes=2))
    with transaction():
        attending.come_in(meeting.id, cast.vera.resident_id, code=recent, **facts)


def test_nobody_ticks_themselves(meeting, cast):
    refused(Refusal.NOT_SELF, tick, meeting, cast.max, cast.max)


def test_the_poster_needs_somebody_who_sees_them(meeting, cast):
    with transaction():
        attending.wait_at_door(meeting.id, cast.vera.resident_id, now=clock.now())
    assert service.count_present(meeting.id) == 0
    with transaction():
        tick(meeting, cast.vera, cast.max)
    assert db.session.scalars(select(Attendance.proof)).one() == "poster"


def test_a_sheet_needs_two_witnesses_and_comes_once(meeting, cast):
    vera, sun, wang = (p.resident_id for p in (cast.vera, cast.sun, cast.wang))
    with transaction():
        home = db.session.get_one(Resident, vera)
        facts = {"household_id": home.household_id, "group_id": home.group_id, "sex": home.sex}
        row = Resident(name="没有账号", **facts)
        db.session.add(row)
        db.session.flush()
        without_account = row.id
    facts = {"account_id": cast.max.id, "now": clock.now()}
    for reason, names, witnesses in (
        (Refusal.WITNESSES_SAME, {vera}, (sun, sun)),
        (Refusal.WITNESS_ENTERS, {vera}, (sun, cast.max.resident_id)),
        (Refusal.SHEET_EMPTY, set(), (sun, wang)),
        (Refusal.NOT_A_MEMBER, {vera, cast.nora.resident_id}, (sun, wang)),
        (Refusal.WITNESS_WITHOUT_ACCOUNT, {vera}, (sun, without_account)),
    ):
        refused(reason, enter, meeting, cast, names, witnesses=witnesses, **facts)
    with transaction():
        tick(meeting, cast.sun, cast.max)
        sheet_id = enter(meeting, cast, {vera, sun})
    refused(Refusal.SHEET_TWICE, enter, meeting, cast, {wang})
    for nobody in (cast.max, cast.vera, cast.paula):
        refused(Refusal.NOT_A_WITNESS, agree, sheet_id, meeting, nobody)
    with transaction():
        assert agree(sheet_id, meeting, cast.sun) is None
    refused(Refusal.ALREADY_AGREED, agree, sheet_id, meeting, cast.sun)
    assert service.attendees(meeting.id) == {sun}
    later = clock.now() + 9 * DAY
    refused(Refusal.SHEET_TOO_LATE, agree, sheet_id, meeting, cast.wang, now=later)
    with transaction():
        assert agree(sheet_id, meeting, cast.wang) == 1
    assert service.present_by_channel(meeting.id) == {
        Channel.ON_SITE: 1,
        Channel.ONLINE: 0,
        Channel.PAPER: 1,
    }


def test_two_witnesses_agree_at_once(meeting, cast, race):
    """The second one lets the sheet count, whoever that is; neither agrees twice."""
    with transaction():
        sheet_id = enter(meeting, cast, {cast.vera.resident_id})
    witnesses = (cast.sun, cast.wang)
    results = reasons(race(6, lambda i: agree(sheet_id, meeting, witnesses[i % 2])))
    assert (results.count(None), results.count(1)) == (1, 1), results
    assert results.count(Refusal.ALREADY_AGREED) == 4
    assert service.attendees(meeting.id) == {cast.vera.resident_id}


@pytest.mark.last_judge
def test_the_agreements_stand_on_the_key(meeting, cast, race):
    """Without the key one witness could agree twice, and alone: the test above would be red."""
    drop_key("attendance_sheet_agreement", "sheet_id", "resident_id")
    with transaction():
        sheet_id = enter(meeting, cast, {cast.vera.resident_id})
    results = reasons(race(4, lambda _: agree(sheet_id, meeting, cast.sun)))
    assert Refusal.ALREADY_AGREED not in results
    assert service.attendees(meeting.id)


def test_persons_households_and_the_room_are_counted(meeting, cast):
    now = clock.now()
    with transaction():
        attending.join_online(meeting.id, cast.vera.resident_id, account_id=cast.vera.id, now=now)
        tick(meeting, cast.sun, cast.max)
    counted = presence.count(meeting.id)
    assert (counted.members, counted.households) == (4, 4)
    assert (service.count_present(meeting.id), service.count_households_present(meeting.id)) == (
        2,
        2,
    )
    assert service.count_present(meeting.id, with_online=False) == 1
    assert service.count_households_present(meeting.id, with_online=False) == 1
    assert service.attendees(meeting.id, with_online=False) == {cast.sun.resident_id}


# --- corrections ---------------------------------------------------------------------------------


def ask(meeting, person, channel, by):
    return correcting.ask(
        meeting.id,
        person.resident_id,
        channel=channel,
        reason="认错了人",
        account_id=by.id,
        now=clock.now(),
    )


def test_a_correction_counts_once_a_second_person_confirms_it(meeting, cast):
    with transaction():
        tick(meeting, cast.vera, cast.max)
        wrong = ask(meeting, cast.vera, None, cast.max).id
    assert service.count_present(meeting.id) == 1
    refused(
        Refusal.SECOND_PERSON,
        correcting.decide,
        wrong,
        agree=True,
        account_id=cast.max.id,
        now=clock.now(),
    )
    with transaction():
        correcting.decide(wrong, agree=True, account_id=cast.sun.id, now=clock.now())
    assert service.attendees(meeting.id) == frozenset()
    with transaction():
        again = ask(meeting, cast.vera, Channel.ONLINE, cast.sun).id
        correcting.decide(again, agree=True, account_id=cast.max.id, now=clock.now())
    assert service.present_by_channel(meeting.id)[Channel.ONLINE] == 1
    assert service.count_present(meeting.id) == 1
    assert db.session.scalar(select(func.count(Attendance.id))) == 1


def test_two_corrections_at_once_are_one(meeting, cast, race):
    results = race(4, lambda _: ask(meeting, cast.vera, Channel.PAPER, cast.max).position)
    assert sorted(r for r in results if isinstance(r, int)) == [1], results


def test_who_asked_cannot_confirm_even_beside_the_service(meeting, cast):
    with transaction():
        row = ask(meeting, cast.vera, Channel.PAPER, cast.max)
    with pytest.raises(DatabaseError), transaction():
        row.decided_by, row.decided_at, row.is_confirmed = cast.max.id, clock.now(), True
        db.session.add(row)
        db.session.flush()


# --- who represents ------------------------------------------------------------------------------


def represent(person, *, begins, ends):
    today = clock.today(clock.now())
    return representing.add(
        person.resident_id,
        begins_on=today + begins * DAY,
        ends_on=today + ends * DAY,
        account_id=None,
        now=clock.now(),
    ).id


def test_nobody_represents_twice(cast, race):
    results = race(4, lambda _: represent(cast.vera, begins=-3, ends=900))
    assert len([r for r in results if isinstance(r, int)]) == 1, results
    refused(Refusal.REPRESENTATIVE_ALREADY, represent, cast.vera, begins=0, ends=30)


def test_a_term_that_is_over_makes_room_for_the_next(cast):
    with transaction():
        represent(cast.vera, begins=-900, ends=-3)
        represent(cast.vera, begins=0, ends=900)
    assert db.session.scalar(select(func.count(Representative.id))) == 2
    who, _ = representing.composition(clock.today(clock.now()), village_code="330523001001")
    assert (who.representatives, who.women, who.members) == (1, 1, 2)
