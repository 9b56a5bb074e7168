"""Whose room it is, and who gets in: one table for every kind × person."""

import pytest

from portal.rooms import rules
from portal.rooms.rules import COUNCIL, VILLAGE, Kind, Person, Place, Refusal

GROUP, PLAN = Place(Kind.GROUP, 5), Place(Kind.PLAN, 7)
NOBODY = Person()
VILLAGER = Person(is_resident=True, group_id=5)
ELSEWHERE = Person(is_resident=True, group_id=6)
COUNCILLOR = Person(is_resident=True, group_id=6, is_councillor=True)
COMMITTEE = Person(is_resident=True, group_id=6, is_committee=True)
PLANNER = Person(is_planner=True)


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("village", VILLAGE),
        ("council", COUNCIL),
        ("group:5", GROUP),
        ("plan:7", PLAN),
        ("group:1234567890", None),
        ("group", None),
        ("group:", None),
        ("group:05", None),
        ("group:-1", None),
        ("group:５", None),
        ("village:1", None),
        ("village:", None),
        ("kitchen", None),
        ("", None),
    ],
)
def test_a_key_names_a_place_or_none(key, place):
    assert rules.place_of(key) == place
    if place:
        assert place.key == key


@pytest.mark.parametrize(
    ("place", "refusals"),
    [
        # nobody, villager, of another group, councillor, committee, planner
        (VILLAGE, (Refusal.NOT_A_READER, None, None, None, None, None)),
        (PLAN, (Refusal.NOT_A_READER, None, None, None, None, None)),
        (
            GROUP,
            (
                Refusal.NOT_A_READER, None, Refusal.OTHER_GROUP, Refusal.OTHER_GROUP,
                None, None,
            ),
        ),
        (
            COUNCIL,
            (
                Refusal.COUNCIL_ONLY, Refusal.COUNCIL_ONLY, Refusal.COUNCIL_ONLY, None,
                None, Refusal.COUNCIL_ONLY,
            ),
        ),
    ],
)  # fmt: skip
def test_who_reads_where(place, refusals):
    people = (NOBODY, VILLAGER, ELSEWHERE, COUNCILLOR, COMMITTEE, PLANNER)
    assert tuple(rules.why_not_read(place, person) for person in people) == refusals


def test_a_plan_is_talked_about_while_it_is_on_notice():
    assert rules.why_not_send(PLAN, VILLAGER, is_on_notice=True) is None
    assert rules.why_not_send(PLAN, VILLAGER, is_on_notice=False) is Refusal.NOTICE_OVER
    assert rules.why_not_send(VILLAGE, VILLAGER, is_on_notice=False) is None
    assert rules.why_not_send(GROUP, ELSEWHERE, is_on_notice=False) is Refusal.OTHER_GROUP
