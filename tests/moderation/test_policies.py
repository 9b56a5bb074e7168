"""The committee says where words wait; whoever writes there waits, and nobody else reads it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.moderation import items, policies, remembered, screening
from portal.moderation.models import ModerationItem
from portal.moderation.rules import Action, Hold, Mode, Why
from portal.moderation.screening_models import ScreeningPolicy, ScreeningStamp
from portal.moderation.screening_rules import DEFAULT, Policy
from portal.rooms import service as rooms

PRE = Policy(mode=Mode.PRE)
FIRST = Policy(holds_first=True)
AD = "请大家都来买我家的橘子,又大又甜"


@pytest.fixture
def setting(cast):
    """Set a policy as Max."""

    def _setting(place="", policy=PRE, phase=""):
        with transaction():
            policies.set_policy(
                place, phase, policy, account_id=cast.max.account_id, now=clock.now()
            )

    return _setting


def policy_at(place):
    return policies.find_policy(remembered.read().policies, place=place, now=clock.now())


def held(message_id):
    item = items.find_open("message", message_id)
    return rooms.get_message(message_id).message.held_for, item and (item.why, item.detail)


def test_where_the_committee_looks_first_words_wait(cast, write, setting, room):
    assert held(write(cast.vera, "一")) == (None, None)
    setting(f"room:{room}")
    assert held(write(cast.vera, "二")) == (Hold.PLACE, (Why.HELD, "place"))
    setting(f"room:{room}", DEFAULT)
    assert held(write(cast.vera, "三")) == (None, None)


def test_a_rule_of_all_rooms_gives_way_to_that_of_one(cast, write, setting, room):
    setting("room")
    setting("plan", DEFAULT)
    assert held(write(cast.vera, "一"))[0] is Hold.PLACE
    setting(f"room:{room}", DEFAULT)
    assert held(write(cast.vera, "二"))[0] is None
    with transaction():
        policies.remove_policy(policies.list_policies()[-1].id)
    assert [row.place for row in policies.list_policies()] == ["plan", "room"]
    assert held(write(cast.vera, "三"))[0] is Hold.PLACE


def test_only_the_first_words_of_a_new_writer_wait(cast, write, setting, decide):
    setting("", FIRST)
    first = write(cast.vera, "一")
    assert held(first)[0] is Hold.FIRST
    assert held(write(cast.vera, "二"))[0] is Hold.FIRST  # nothing was let through yet
    with transaction():
        decide(first, Action.APPROVE, code=None)
    assert held(write(cast.vera, "三"))[0] is None
    assert held(write(cast.wang, "四"))[0] is Hold.FIRST


def test_a_link_and_a_third_time_the_same_wait(cast, write):
    assert held(write(cast.vera, "见 https://x.example/"))[0] is Hold.LINKS
    assert [held(write(cast.wang, AD))[0] for _ in range(3)] == [None, None, Hold.REPEATED]
    assert held(write(cast.vera, AD))[0] is None  # another's words are not one's own


def test_a_phase_is_asked_where_a_policy_names_one(cast, village, setting, monkeypatch):
    def first_status():
        return screening.screen(
            "一句话",
            kind="opinion",
            place="plan:7",
            resident_id=cast.vera.resident_id,
            is_staff=False,
            now=clock.now(),
        ).held_for

    asked = []

    def find_phase(_self, place_id, *, now):
        asked.append(place_id)
        return "on_notice"

    monkeypatch.setattr("portal.moderation.plan_places.PlanPlaces.find_phase", find_phase)
    assert (first_status(), asked) == (None, [])
    setting("plan", PRE, "in_force")
    assert (first_status(), asked) == (None, [7])
    setting("plan", PRE, "on_notice")
    assert first_status() is Hold.PLACE


def test_what_was_set_is_read_anew_but_only_then(cast, village, setting, count_queries):
    setting()
    remembered.read()
    db.session.rollback()
    with count_queries() as counted:
        assert policy_at("room:1") == PRE
    assert sum("screening_" in statement for statement in counted.statements) == 1


def test_a_policy_taken_back_is_forgotten(cast, village):
    class Broken(Exception):
        pass

    with pytest.raises(Broken), transaction():
        policies.set_policy("", "", PRE, account_id=cast.max.account_id, now=clock.now())
        assert policy_at("room:1") == PRE
        raise Broken
    assert policy_at("room:1") == DEFAULT


def test_a_neighbours_policy_is_not_ours(cast, setting, neighbour):
    setting()
    with village_scope(neighbour.id):
        assert policy_at("room:1") == DEFAULT


def test_of_eight_who_set_one_at_once_one_stands(cast, village, race):
    def put(index):
        policies.set_policy(
            "room",
            "",
            Policy(holds_first=index % 2 == 0),
            account_id=cast.max.account_id,
            now=clock.now(),
        )

    assert race(8, put) == [None] * 8
    for model in (ScreeningPolicy, ScreeningStamp):
        assert db.session.scalar(select(func.count()).select_from(model)) == 1


def test_of_eight_who_report_at_once_one_item_waits(cast, write, race):
    message = write(cast.vera)
    whys = list(Why) * 3
    results = race(8, lambda i: items.put("message", message, 1, why=whys[i], now=clock.now()).id)
    assert set(results) == {items.find_open("message", message).id}
    assert items.find_open("message", message).why is Why.HELD
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            ModerationItem(
                subject_kind="message",
                subject_id=message,
                subject_number=1,
                why=Why.FLAGGED,
                opened_at=clock.now(),
            )
        )


def test_what_was_decided_can_wait_again(cast, write, decide):
    message = write(cast.vera)
    for turn in range(2):
        with transaction():
            items.put("message", message, 1, why=Why.REPORTED, now=clock.now())
        with transaction():
            decide(message, Action.APPROVE, seen=turn, code=None)
        assert items.find_open("message", message) is None
    assert db.session.scalar(select(func.count()).select_from(ModerationItem)) == 2
