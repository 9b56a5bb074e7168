"""Sittings from the first question to the objection, on both databases."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.assisting import counting, finding, helpers, interest, jobs, rules, service
from portal.assisting.rules import Refusal, SittingState
from portal.core import clock
from portal.core.audit import AccessLog
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.jobs import run_chores
from portal.core.outbox import OutboxEvent
from portal.core.scope import all_villages, village_scope
from portal.discussion import service as discussion
from portal.people import behalf, posts
from portal.people import service as people
from portal.people.models import AssistedSitting, Region, Resident
from portal.people.rules import AgeBand, Channel, Role, Sex
from portal.sign_in import slips


def refusal_of(call, *args, **facts):
    with pytest.raises(Refused) as caught:
        call(*args, **facts)
    return caught.value.reason


def events(kind):
    return [e.facts for e in db.session.scalars(select(OutboxEvent)) if e.kind == kind]


# --- finding -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("search", "count"),
    [
        ({"name": "李阿婆", "household": "005"}, 1),
        ({"name": " 李阿婆 ", "household": " 005 "}, 1),
        ({"name": "李阿婆"}, 0),
        ({"household": "005"}, 0),
        ({"name": "李", "household": "005"}, 0),
        ({"name": "李阿婆", "household": "001"}, 0),
        ({"name": "%", "household": "%"}, 0),
        ({}, 0),
        ({"slip": "ABCD-EFGH-JKMN"}, 0),
    ],
)
def test_one_person_is_found_and_never_a_list(li, now, search, count):
    found = finding.find_people(**search, now=now)
    assert len(found) == count
    if found:
        assert found[0] == finding.Found(
            li.resident_id, "李*婆", "第1组", "005", Sex.FEMALE, AgeBand.FROM_75
        )


def test_a_slip_leads_to_its_household_for_a_year(li, now):
    with transaction():
        code = slips.make_slip(household_id=li.household_id, now=now)
    assert [p.name for p in finding.find_people(slip=code.lower(), now=now)] == ["李*婆", "李*宝"]
    assert finding.find_people(slip=code, now=now + timedelta(days=366)) == []


def test_an_accounts_slip_leads_to_its_resident(li, cast, now):
    with transaction():
        code = slips.make_slip(account_id=cast.wang.account_id, now=now)
        staff = slips.make_slip(account_id=cast.paula.account_id, now=now)
    assert [p.name for p in finding.find_people(slip=code, now=now)] == ["W*g"]
    assert finding.find_people(slip=staff, now=now) == []


def test_nobody_of_the_next_village_is_found(cast, neighbour, now):
    assert finding.find_people(name="Nora", household="901", now=now) == []
    with village_scope(neighbour.id):
        assert len(finding.find_people(name="Nora", household="901", now=now)) == 1


def test_witnesses_are_named_exactly(li, cast, now):
    day = clock.today(now)
    assert finding.find_witness("Max", day=day) == cast.max.account_id
    assert finding.find_witness(" 13800000003 ", day=day) == cast.sun.account_id
    assert finding.find_witness("Paula", day=day) == cast.paula.account_id  # holds a post
    for text in ("", "Ma", "Nora", "Otto", "李阿婆", "13900000009"):
        assert refusal_of(finding.find_witness, text, day=day) is Refusal.WITNESS_UNKNOWN
    with transaction():
        people.account_of(li.resident_id).name = "Max"
    assert refusal_of(finding.find_witness, "Max", day=day) is Refusal.WITNESS_SEVERAL


# --- asking ------------------------------------------------------------------------------------


def test_asking_opens_nothing_and_is_logged(ask, cast, li, now, sitting_of):
    sitting_id = ask(cast.vera, cast.max)
    sitting = sitting_of(sitting_id)
    assert service.state_of(sitting, now=now) is SittingState.ASKED
    assert service.state_of(sitting, now=now + rules.ASK_TIME) is SittingState.OVER
    assert events("assisting.witness-asked") == [
        {"sitting_id": sitting_id, "witness_id": cast.max.account_id, "helper_name": "Vera"}
    ]
    looked = db.session.scalars(select(AccessLog.resident_id)).all()
    assert looked == [li.resident_id]


@pytest.mark.parametrize(
    ("helper", "witness", "person", "expected"),
    [
        ("vera", "max", "vera", Refusal.HIMSELF),
        ("otto", "max", "li", Refusal.NOT_A_HELPER),
        ("paula", "max", "li", Refusal.NOT_A_HELPER),
        ("vera", "vera", "li", Refusal.WITNESS_IS_HELPER),
        ("vera", "wang", "wang", Refusal.WITNESS_IS_PERSON),
        ("vera", "otto", "li", Refusal.WITNESS_UNKNOWN),
        ("vera", "nora", "li", Refusal.WITNESS_UNKNOWN),
        ("vera", "paula", "li", None),
        ("vera", "sun", "wang", None),
    ],
)
def test_who_helps_whom_before_whom(ask, cast, li, helper, witness, person, expected):
    everybody = vars(cast) | {"li": li}
    asked = (everybody[helper], everybody[witness])
    if expected is None:
        assert ask(*asked, person=everybody[person]) > 0
    else:
        assert refusal_of(ask, *asked, person=everybody[person]) is expected


def move(resident_id, **facts):
    with transaction():
        resident = db.session.get_one(Resident, resident_id)
        for name, value in facts.items():
            setattr(resident, name, value)


def household_of(resident_id):
    return db.session.get_one(Resident, resident_id).household_id


@pytest.mark.parametrize(
    ("who", "to_whom", "expected"),
    [
        ("vera", "li", Refusal.OWN_HOUSEHOLD),
        ("max", "vera", Refusal.WITNESS_OF_HELPER),
        ("max", "li", Refusal.WITNESS_OF_PERSON),
    ],
)
def test_nobody_helps_or_looks_on_in_the_family(ask, cast, li, who, to_whom, expected):
    everybody = vars(cast) | {"li": li}
    home = household_of(everybody[to_whom].resident_id)
    move(everybody[who].resident_id, household_id=home, is_representative=False)
    assert refusal_of(ask, cast.vera, cast.max) is expected


def test_the_persons_own_wish_stands(ask, cast, li):
    with transaction():
        service.set_enters_alone(li.resident_id, alone=True)
    assert refusal_of(ask, cast.vera, cast.max) is Refusal.NOT_WANTED
    with transaction():
        service.set_enters_alone(li.resident_id, alone=False)
    assert ask(cast.vera, cast.max) > 0


def test_children_and_those_who_left(ask, cast, li, now):
    child = db.session.scalars(select(Resident).where(Resident.name == "李小宝")).one()
    li.resident_id, old = child.id, li.resident_id
    assert refusal_of(ask, cast.vera, cast.max) is Refusal.TOO_YOUNG
    li.resident_id = old
    move(old, left_on=clock.today(now))
    assert refusal_of(ask, cast.vera, cast.max) is Refusal.HAS_LEFT


def test_a_helper_who_is_not_grown(ask, cast, now):
    move(cast.vera.resident_id, born_on=clock.today(now) - timedelta(days=17 * 366))
    assert refusal_of(ask, cast.vera, cast.max) is Refusal.NOT_A_HELPER
    move(cast.max.resident_id, born_on=clock.today(now) - timedelta(days=17 * 366))
    assert refusal_of(ask, cast.sun, cast.max) is Refusal.WITNESS_TOO_YOUNG


def test_a_channel_that_is_none(ask, cast):
    assert refusal_of(ask, cast.vera, cast.max, channel=Channel.SELF) is Refusal.BAD_CHANNEL


def test_one_at_a_time(ask, cast, now):
    ask(cast.vera, cast.max)
    assert refusal_of(ask, cast.vera, cast.max, person=cast.wang) is Refusal.HELPER_BUSY
    assert refusal_of(ask, cast.sun, cast.max) is Refusal.PERSON_BUSY
    assert ask(cast.sun, cast.max, at=now + rules.ASK_TIME) > 0  # the first is over


def test_a_villager_helps_five_a_day_a_grid_worker_twenty(ask, cast, now):
    for is_staff, most in ((False, 5), (True, 20)):
        helper = cast.sun if is_staff else cast.vera
        noon = clock.midnight_before(clock.today(now)) + timedelta(hours=9)
        for _ in range(most):
            ask(helper, cast.max, is_staff=is_staff, at=noon)
            with transaction():
                service.end(helper_id=helper.account_id, session_id=None, now=noon)
        assert (
            refusal_of(ask, helper, cast.max, is_staff=is_staff, at=noon)
            is Refusal.TOO_MANY_BY_HELPER
        )
        tomorrow = clock.midnight_after(clock.today(noon))
        assert ask(helper, cast.max, is_staff=is_staff, at=tomorrow) > 0
        with transaction():
            service.end(helper_id=helper.account_id, session_id=None, now=tomorrow)


def test_asking_alone_uses_up_nobodys_day(ask, cast, now):
    for _ in range(4):
        ask(cast.vera, cast.max)
        with transaction():
            service.end(helper_id=cast.vera.account_id, session_id=None, now=now)
    assert ask(cast.sun, cast.max) > 0


def test_three_a_day_for_one_person(sit, cast, now):
    for helper, witness in ((cast.vera, cast.max), (cast.sun, cast.max), (cast.wang, cast.max)):
        sit(helper, witness)
        with transaction():
            service.end(helper_id=helper.account_id, session_id=None, now=now)
    with pytest.raises(Refused) as caught:
        sit(cast.vera, cast.max)
    assert caught.value.reason is Refusal.TOO_MANY_FOR_PERSON


@pytest.fixture
def ask_at_once(race, cast):
    """Let helpers ask for persons at once, of which one sitting comes; return why no other did."""

    def _ask(pairs):
        def one(index):
            helper, person = pairs[index]
            return service.ask(
                resident_id=person.resident_id,
                helper=helpers.Helper(helper.account_id, is_staff=False),
                witness_id=cast.max.account_id,
                reason="asked",
                channel=Channel.ASSISTED,
                now=clock.now(),
            ).id

        refused = [r for r in race(len(pairs), one) if isinstance(r, Exception)]
        assert db.session.scalar(select(func.count(AssistedSitting.id))) == 1
        return [getattr(r, "reason", r) for r in refused]

    return _ask


def test_two_helpers_ask_at_once(ask_at_once, cast, li):
    """The key of the person is the last judge: one sitting, and somebody is told why not."""
    askers = (cast.vera, cast.sun, cast.wang)
    assert ask_at_once([(asker, li) for asker in askers]) == [Refusal.PERSON_BUSY] * 2


def test_one_helper_asks_for_two_at_once(ask_at_once, cast, li):
    persons = (li, cast.wang, cast.sun)
    assert ask_at_once([(cast.vera, person) for person in persons]) == [Refusal.HELPER_BUSY] * 2


@pytest.mark.parametrize(
    "facts",
    [
        {"witness_id": "helper"},
        {"began_at": "now"},
        {"objected_at": "now"},
        {"declined_at": "now"},
    ],
)
def test_the_table_refuses_what_the_rules_forgot(cast, li, now, facts):
    known = {
        "helper_id": cast.vera.account_id,
        "witness_id": cast.max.account_id,
        "resident_id": li.resident_id,
        "reason": "asked",
        "channel": Channel.ASSISTED,
        "asked_at": now,
        "expires_at": now + rules.ASK_TIME,
    }
    values = {"helper": cast.vera.account_id, "now": now}
    known |= {name: values[value] for name, value in facts.items()}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(AssistedSitting(**known))
        db.session.flush()


# --- the witness -------------------------------------------------------------------------------


def test_only_the_witness_answers_and_once(ask, agree, cast, now, sitting_of):
    sitting_id = ask(cast.vera, cast.max)
    for other in (cast.vera, cast.sun, cast.nora, cast.wang):
        assert refusal_of(agree, sitting_id, other) is Refusal.NOT_YOURS
    agree(sitting_id, cast.max)
    assert service.state_of(sitting_of(sitting_id), now=now) is SittingState.READY
    assert refusal_of(agree, sitting_id, cast.max) is Refusal.OVER


def test_a_witness_who_moved_in_with_the_person(ask, agree, cast, li):
    sitting_id = ask(cast.vera, cast.max)
    move(cast.max.resident_id, household_id=li.household_id, is_representative=False)
    assert refusal_of(agree, sitting_id, cast.max) is Refusal.WITNESS_OF_PERSON


def test_a_witness_may_decline(ask, cast, now, sitting_of):
    sitting_id = ask(cast.vera, cast.max)
    with transaction():
        service.answer(sitting_id, witness_id=cast.max.account_id, agrees=False, now=now)
    assert service.state_of(sitting_of(sitting_id), now=now) is SittingState.DECLINED
    assert ask(cast.vera, cast.sun) > sitting_id  # nobody is busy any more


def test_an_answer_after_two_hours_is_none(ask, agree, cast, now):
    sitting_id = ask(cast.vera, cast.max)
    late = now + rules.ASK_TIME
    assert refusal_of(agree, sitting_id, cast.max, at=late) is Refusal.OVER


def test_a_witness_agrees_and_declines_at_once(race, ask, cast, sitting_of):
    sitting_id = ask(cast.vera, cast.max)

    def one(index):
        service.answer(
            sitting_id, witness_id=cast.max.account_id, agrees=index % 2 == 0, now=clock.now()
        )

    results = race(4, one)
    assert len([r for r in results if r is None]) == 1
    assert {r.reason for r in results if r} <= {Refusal.OVER, Refusal.DECLINED}
    sitting = sitting_of(sitting_id)
    assert (sitting.witnessed_at is None) == (sitting.declined_at is not None)
    assert len(events("assisting.witness-answered")) == 1


# --- the sitting -------------------------------------------------------------------------------


def begin(sitting_id, helper, *, at, is_staff=False):
    with transaction():
        service.begin(
            sitting_id,
            helper=helpers.Helper(helper.account_id, is_staff),
            session_id=None,
            now=at,
        )


def test_one_sitting_begins_once_in_two_browsers(race, ask, agree, cast, now):
    sitting_id = ask(cast.vera, cast.max)
    agree(sitting_id, cast.max)
    helper = helpers.Helper(cast.vera.account_id, is_staff=False)
    results = race(
        4,
        lambda _: service.begin(sitting_id, helper=helper, session_id=None, now=clock.now()).id,
    )
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.OVER] * 3
    assert len(events("assisting.entered-for-you")) == 1


def test_the_households_day_holds_for_two_at_once(race, ask, agree, cast, li, monkeypatch):
    """Each of the two finds the other's: the household is held while its day is counted."""
    monkeypatch.setattr(rules, "SITTINGS_FOR_HOUSEHOLD", 1)
    judge = rules.why_not_help

    def judge_slowly(**facts):
        time.sleep(0.2)  # what was counted is judged when the other has counted too
        return judge(**facts)

    move(cast.wang.resident_id, household_id=li.household_id, is_representative=False)
    asked = []
    for helper, person in ((cast.vera, li), (cast.sun, cast.wang)):
        sitting_id = ask(helper, cast.max, person=person)
        agree(sitting_id, cast.max)
        asked.append((sitting_id, helpers.Helper(helper.account_id, is_staff=False)))
    monkeypatch.setattr(rules, "why_not_help", judge_slowly)

    def one(index):
        sitting_id, helper = asked[index]
        service.begin(sitting_id, helper=helper, session_id=None, now=clock.now())

    results = race(2, one)
    assert [r.reason for r in results if r] == [Refusal.TOO_MANY_FOR_HOUSEHOLD]


def test_the_person_objects_twice_at_once(race, sit, cast, li):
    _browser, sitting_id = sit(cast.vera, cast.max)
    results = race(
        4,
        lambda i: (
            service.object_to(
                sitting_id, resident_id=li.resident_id, words=str(i), now=clock.now()
            ).id
        ),
    )
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.OBJECTED_ALREADY] * 3
    assert len(events("assisting.objected")) == 1


def test_nothing_begins_without_the_witness(ask, agree, cast, now, sitting_of, li):
    sitting_id = ask(cast.vera, cast.max)
    assert refusal_of(begin, sitting_id, cast.vera, at=now) is Refusal.NOT_WITNESSED
    agree(sitting_id, cast.max)
    assert refusal_of(begin, sitting_id, cast.max, at=now) is Refusal.NOT_YOURS
    begin(sitting_id, cast.vera, at=now + timedelta(hours=1))
    sitting = sitting_of(sitting_id)
    assert sitting.expires_at == now + timedelta(hours=1) + rules.SITTING_TIME
    assert events("assisting.entered-for-you") == [
        {
            "sitting_id": sitting_id,
            "resident_id": li.resident_id,
            "helper_name": "Vera",
            "witness_name": "Max",
            "second_contact": "",
        }
    ]
    assert refusal_of(begin, sitting_id, cast.vera, at=now) is Refusal.OVER


def test_the_last_of_the_day_still_begins(ask, agree, cast, now, sitting_of):
    noon = clock.midnight_before(clock.today(now)) + timedelta(hours=9)
    for _ in range(4):
        ask(cast.vera, cast.max, at=noon)
        with transaction():
            service.end(helper_id=cast.vera.account_id, session_id=None, now=noon)
    sitting_id = ask(cast.vera, cast.max, at=noon)
    agree(sitting_id, cast.max, at=noon)
    begin(sitting_id, cast.vera, at=noon)
    begun = sitting_of(sitting_id)
    assert begun.began_at == noon
    assert begun.ended_at is None
    with transaction():
        service.end(helper_id=cast.vera.account_id, session_id=None, now=noon)
    # and it was the last one
    assert refusal_of(ask, cast.vera, cast.max, at=noon) is Refusal.TOO_MANY_BY_HELPER


def test_a_wish_in_between_stops_it(ask, agree, cast, li, now):
    sitting_id = ask(cast.vera, cast.max)
    agree(sitting_id, cast.max)
    with transaction():
        service.set_enters_alone(li.resident_id, alone=True)
    assert refusal_of(begin, sitting_id, cast.vera, at=now) is Refusal.NOT_WANTED


@pytest.fixture
def enter(version, li, now):
    """Enter one opinion for Li in a sitting."""

    def _enter(sitting_id, *, channel=Channel.ASSISTED, key="one"):
        sitting = db.session.get_one(AssistedSitting, sitting_id)
        with (
            behalf.on_behalf(
                behalf.Sitting(
                    sitting_id, li.resident_id, sitting.helper_id, sitting.witness_id, channel
                )
            ),
            transaction(),
        ):
            discussion.post_comment(
                version,
                body="路灯太暗",
                about="",
                about_title="",
                show_name=False,
                client_key=key,
                resident_id=li.resident_id,
                now=now,
            )

    return _enter


def test_what_was_entered_is_told_at_the_end(sit, enter, cast, li, now, sitting_of):
    _, sitting_id = sit(cast.vera, cast.max)
    move(li.resident_id, second_contact="13900000001")
    enter(sitting_id)
    enter(sitting_id, key="two")
    with transaction():
        service.end(helper_id=cast.vera.account_id, session_id=None, now=now)
    assert sitting_of(sitting_id).ended_at == now
    assert events("assisting.sitting-ended") == [
        {
            "sitting_id": sitting_id,
            "resident_id": li.resident_id,
            "helper_name": "Vera",
            "witness_name": "Max",
            "second_contact": "13900000001",
            "entered": {"discussion": 2},
        }
    ]


def test_a_sitting_without_deeds_ends_silently(sit, cast, now):
    sit(cast.vera, cast.max)
    with transaction():
        assert service.end(helper_id=cast.vera.account_id, session_id=None, now=now) is not None
        assert service.end(helper_id=cast.vera.account_id, session_id=None, now=now) is None
    assert events("assisting.sitting-ended") == []


def test_the_chore_ends_what_is_over_and_tells(app, sit, enter, cast, now, sitting_of):
    _, sitting_id = sit(cast.vera, cast.max)
    enter(sitting_id)
    db.session.remove()
    assert run_chores(app, (jobs.close_over,), now=now) == {"portal.assisting.jobs.close_over": 0}
    late = now + rules.SITTING_TIME
    assert run_chores(app, (jobs.close_over,), now=late) == {"portal.assisting.jobs.close_over": 1}
    assert sitting_of(sitting_id).ended_at == late
    assert [e["entered"] for e in events("assisting.sitting-ended")] == [{"discussion": 1}]


def test_another_villages_sitting_is_not_there(ask, cast, neighbour, now):
    sitting_id = ask(cast.vera, cast.max)
    db.session.remove()
    with village_scope(neighbour.id):
        with pytest.raises(Exception, match="No row"):
            service.get_sitting(sitting_id)
        with pytest.raises(Exception, match="No row"), transaction():
            service.answer(sitting_id, witness_id=cast.max.account_id, agrees=True, now=now)


# --- the person --------------------------------------------------------------------------------


def test_an_objection_marks_everything_and_ends_it(sit, enter, cast, li, now, sitting_of):
    _, sitting_id = sit(cast.vera, cast.max)
    enter(sitting_id)
    for other in (cast.vera, cast.max, cast.wang):
        with transaction():
            assert (
                refusal_of(
                    service.object_to,
                    sitting_id,
                    resident_id=other.resident_id,
                    words="",
                    now=now,
                )
                is Refusal.NOT_YOURS
            )
    with transaction():
        service.object_to(sitting_id, resident_id=li.resident_id, words=" 不是我说的 ", now=now)
    sitting = sitting_of(sitting_id)
    assert (sitting.objected_at, sitting.objection) == (now, "不是我说的")
    assert sitting.ended_at == now
    assert events("assisting.objected") == [
        {"sitting_id": sitting_id, "helper_name": "Vera", "witness_name": "Max"}
    ]
    assert discussion.count_of(li.resident_id) == 1  # it stays, marked
    line = counting.list_objected(now=now, since=now)[0]
    assert (line.person, line.entered, line.may_object) == ("李*婆", {"discussion": 1}, False)


# --- counting ----------------------------------------------------------------------------------


def test_what_a_helper_did_is_counted_by_month(sit, enter, cast, now):
    _, sitting_id = sit(cast.vera, cast.max)
    enter(sitting_id)
    with transaction():
        service.end(helper_id=cast.vera.account_id, session_id=None, now=now)
    sit(cast.sun, cast.max)
    today = clock.today(now)
    found = counting.helpers(since=today)
    assert [
        (h.name, h.month.sittings, len(h.month.persons), dict(h.month.entered), h.flags)
        for h in sorted(found, key=lambda h: h.name)
    ] == [("Sun", 1, 1, {}, ()), ("Vera", 1, 1, {"discussion": 1}, ())]
    month = counting.months(since=today)[0]
    assert (month.sittings, len(month.persons), len(month.helpers)) == (2, 1, 2)
    assert month.first_day == today.replace(day=1)
    mine = counting.months_of(cast.vera.account_id, since=today)
    assert [(m.sittings, dict(m.entered)) for m in mine] == [(1, {"discussion": 1})]
    assert counting.months(since=today + timedelta(days=32)) == []


def test_lists_ask_as_often_for_three_as_for_one(sit, ask, cast, li, now, count_queries):
    sit(cast.vera, cast.max)
    with transaction():
        service.end(helper_id=cast.vera.account_id, session_id=None, now=now)

    def counted():
        db.session.remove()
        with count_queries() as one:
            counting.list_for_person(li.resident_id, now=now)
            counting.list_of_helper(cast.vera.account_id, now=now)
            counting.helpers(since=clock.today(now))
        return one.n

    first = counted()
    sit(cast.sun, cast.max)
    sit(cast.vera, cast.sun, person=cast.wang)
    assert counted() == first


# --- own interest ------------------------------------------------------------------------------


def test_own_things_are_the_helpers_and_the_witnesses(ask, cast, li, village, now):
    sitting_id = ask(cast.vera, cast.max)
    homes = {who: household_of(getattr(cast, who).resident_id) for who in ("vera", "max", "sun")}
    assert not interest.is_own(residents=[cast.vera.resident_id])  # nobody enters for anybody
    with behalf.on_behalf(
        behalf.Sitting(
            sitting_id,
            li.resident_id,
            cast.vera.account_id,
            cast.max.account_id,
            Channel.ASSISTED,
        )
    ):
        assert interest.is_own(residents=[cast.vera.resident_id])
        assert interest.is_own(residents=[cast.max.resident_id])
        assert interest.is_own(households=[homes["vera"]])
        assert interest.is_own(households=[homes["max"], homes["sun"]])
        assert not interest.is_own(residents=[cast.sun.resident_id], households=[homes["sun"]])
        assert not interest.is_own()


def test_the_committee_is_known_by_its_post_of_today(ask, cast, li, now):
    day = clock.today(now)
    assert not interest.is_by_committee(day=day)
    for helper, expected in ((cast.max, True), (cast.vera, False), (cast.sun, False)):
        with behalf.on_behalf(
            behalf.Sitting(1, li.resident_id, helper.account_id, cast.wang.account_id, "assisted")
        ):
            assert interest.is_by_committee(day=day) is expected
            assert not interest.is_by_committee(day=day - timedelta(days=1))


def test_sittings_stay_in_their_village(ask, cast, neighbour):
    ask(cast.vera, cast.max)
    with village_scope(neighbour.id):
        assert db.session.scalar(select(func.count(AssistedSitting.id))) == 0
    with all_villages("the test looks at all"):
        assert db.session.scalar(select(func.count(AssistedSitting.id))) == 1


def test_nobody_is_their_own_witness_by_another_account(village, cast, li, now):
    """An account in the region above is the same person's: same name, same number."""
    county = db.session.scalar(select(Region.id).where(Region.code == village.code[:6]))
    with transaction(), village_scope(county):
        other = people.add_account(name=cast.max.name, phone=cast.max.phone)
        posts.give_post(other.id, Role.SUPERVISOR, now=now - timedelta(minutes=1))
        other_id = other.id
    refusal = helpers.why_not_witness(
        other_id, resident_id=li.resident_id, helper_id=cast.max.id, now=now
    )
    assert refusal is Refusal.WITNESS_IS_HELPER
