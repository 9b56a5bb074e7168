"""Who may give and end which post, what a code says, how far a village is."""

from datetime import date

import pytest

from portal.people.rules import Level, Role
from portal.villages import rules
from portal.villages.progress import PlanState, Progress, Step
from portal.villages.rules import FacilityKind, Refusal, Term
from portal.villages.words import KINDS, PLAN_STATES, REFUSALS, STEP_LINES, STEPS

DAY = date(2026, 11, 21)
VILLAGE_ROLES = {Role.COMMITTEE, Role.HEAD, Role.GRID_WORKER}
BOTH = {Role.PLANNER, Role.SUPERVISOR, Role.ADMIN}
REGION_ROLES = {Role.AUDITOR, Role.OPERATOR}


def test_every_word_is_there():
    assert set(REFUSALS) == set(Refusal)
    assert set(KINDS) == set(FacilityKind)
    assert set(STEPS) == set(STEP_LINES) == set(Step)
    assert set(PLAN_STATES) == set(PlanState)


@pytest.mark.parametrize(
    ("roles", "in_village", "in_region"),
    [
        ({Role.COMMITTEE}, set(), set()),
        ({Role.PLANNER}, set(), set()),
        ({Role.SUPERVISOR}, set(), set()),
        ({Role.GRID_WORKER}, set(), set()),
        ({Role.AUDITOR}, set(), set()),
        ({Role.HEAD}, {Role.COMMITTEE, Role.GRID_WORKER}, set()),
        ({Role.ADMIN}, VILLAGE_ROLES | BOTH, BOTH),
        ({Role.OPERATOR}, BOTH, BOTH | REGION_ROLES),
        (
            {Role.HEAD, Role.OPERATOR},
            {Role.COMMITTEE, Role.GRID_WORKER} | BOTH,
            BOTH | REGION_ROLES,
        ),
    ],
)
def test_who_gives_what(roles, in_village, in_region):
    assert rules.givable(roles, level=Level.VILLAGE) == in_village
    for level in (Level.TOWNSHIP, Level.COUNTY, Level.PREFECTURE, Level.PROVINCE):
        assert rules.givable(roles, level=level) == in_region


def test_the_operator_names_the_first_head_only():
    first = rules.givable({Role.OPERATOR}, level=Level.VILLAGE, has_head=False)
    assert first - rules.givable({Role.OPERATOR}, level=Level.VILLAGE) == {Role.HEAD}
    assert Role.HEAD not in rules.givable({Role.HEAD}, level=Level.VILLAGE, has_head=False)


def term(role=Role.COMMITTEE, begins=DAY, ends=None):
    return Term(role=role, begins_on=begins, ends_on=ends)


def why_not_give(**changes):
    facts = {
        "roles": {Role.ADMIN},
        "level": Level.VILLAGE,
        "term": term(),
        "today": DAY,
        "held": [],
        "is_oneself": False,
        "is_of_this_place": True,
        "is_active": True,
    }
    return rules.why_not_give(**facts | changes)


PLAN_TERM = term(Role.PLANNER, DAY, date(2029, 11, 20))
WATCH_TERM = term(Role.SUPERVISOR, DAY, date(2029, 11, 20))
LAST_YEAR = date(2025, 1, 1), date(2025, 12, 31)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"roles": {Role.COMMITTEE}}, Refusal.NOT_YOURS_TO_GIVE),
        ({"roles": {Role.HEAD}, "term": term(Role.HEAD)}, Refusal.NOT_YOURS_TO_GIVE),
        ({"roles": {Role.OPERATOR}, "term": term(Role.HEAD)}, None),
        (
            {"roles": {Role.OPERATOR}, "term": term(Role.HEAD), "heads": [term(Role.HEAD)]},
            Refusal.NOT_YOURS_TO_GIVE,
        ),
        ({"level": Level.COUNTY}, Refusal.NOT_YOURS_TO_GIVE),
        ({"is_oneself": True}, Refusal.NOT_FOR_YOURSELF),
        ({"is_of_this_place": False}, Refusal.NOT_HERE),
        ({"is_active": False}, Refusal.NOT_ACTIVE),
        ({"term": term(Role.PLANNER)}, Refusal.NEEDS_A_TERM),
        ({"term": term(Role.SUPERVISOR)}, Refusal.NEEDS_A_TERM),
        ({"term": PLAN_TERM}, None),
        ({"term": term(ends=date(2026, 11, 20))}, Refusal.ENDS_BEFORE_IT_BEGINS),
        ({"term": term(ends=DAY)}, None),
        ({"term": term(ends=date(2036, 11, 20))}, None),
        ({"term": term(ends=date(2036, 11, 21))}, Refusal.TOO_LONG),
        ({"term": term(begins=date(1916, 11, 21))}, Refusal.BEGINS_FAR_OFF),
        ({"held": [term()]}, Refusal.HOLDS_IT),
        ({"held": [term(begins=date(2020, 1, 1), ends=DAY)]}, Refusal.HOLDS_IT),
        ({"held": [term(begins=date(2020, 1, 1), ends=date(2026, 11, 20))]}, None),
        ({"held": [term(ends=date(2026, 11, 20))]}, Refusal.SAME_DAY),
        ({"held": [term(Role.GRID_WORKER)]}, None),
        ({"held": [WATCH_TERM]}, Refusal.RECUSED),
        ({"held": [term(Role.SUPERVISOR, *LAST_YEAR)]}, None),
        ({"below": [WATCH_TERM], "level": Level.TOWNSHIP, "term": PLAN_TERM}, Refusal.RECUSED),
        ({"below": [PLAN_TERM], "level": Level.TOWNSHIP, "term": PLAN_TERM}, None),
        ({"term": WATCH_TERM, "held": [term()]}, Refusal.RECUSED),
        ({"term": WATCH_TERM, "held": [term(Role.HEAD)]}, Refusal.RECUSED),
        ({"term": WATCH_TERM, "held": [PLAN_TERM]}, Refusal.RECUSED),
        ({"term": WATCH_TERM, "held": [term(Role.GRID_WORKER)]}, None),
        ({"term": term(Role.HEAD), "heads": [term(Role.HEAD)]}, Refusal.HAS_HEAD),
        ({"term": term(Role.HEAD), "heads": [term(Role.HEAD, *LAST_YEAR)]}, None),
    ],
)
def test_why_a_post_is_not_given(changes, reason):
    assert why_not_give(**changes) is reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"reason": " "}, Refusal.NO_REASON),
        ({"roles": {Role.COMMITTEE}}, Refusal.NOT_YOURS_TO_GIVE),
        ({"roles": {Role.COMMITTEE}, "is_oneself": True}, None),
        ({"roles": {Role.HEAD}}, None),
        ({"roles": {Role.OPERATOR}}, Refusal.NOT_YOURS_TO_GIVE),
        ({"roles": {Role.OPERATOR}, "role": Role.HEAD}, None),
        ({"role": Role.AUDITOR}, Refusal.NOT_YOURS_TO_GIVE),
        ({"is_over": True}, Refusal.IS_OVER),
        ({"is_last": True}, Refusal.LAST_COMMITTEE),
        ({"is_last": True, "role": Role.HEAD}, Refusal.LAST_COMMITTEE),
        ({"is_last": True, "role": Role.ADMIN}, Refusal.LAST_ADMINISTRATOR),
        ({"is_last": True, "role": Role.ADMIN, "is_oneself": True}, Refusal.LAST_ADMINISTRATOR),
        ({"is_last": True, "role": Role.PLANNER}, None),
    ],
)
def test_why_a_post_is_not_ended(changes, reason):
    facts = {
        "roles": {Role.ADMIN},
        "role": Role.COMMITTEE,
        "level": Level.VILLAGE,
        "reason": "moved away",
        "is_oneself": False,
        "is_over": False,
        "is_last": False,
    }
    assert rules.why_not_end(**facts | changes) is reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"held": {Role.COMMITTEE, Role.ADMIN}}, None),
        ({"roles": {Role.HEAD}}, Refusal.NOT_YOURS_TO_GIVE),
        ({"is_oneself": True}, Refusal.NOT_FOR_YOURSELF),
        ({"is_of_this_place": False}, Refusal.NOT_HERE),
        ({"held": {Role.OPERATOR}}, Refusal.NOT_YOURS_TO_GIVE),
        ({"held": {Role.OPERATOR}, "roles": {Role.OPERATOR}}, Refusal.NOT_YOURS_TO_GIVE),
        (
            {"held": {Role.OPERATOR}, "roles": {Role.OPERATOR}, "level": Level.COUNTY},
            None,
        ),
        ({"held": {Role.HEAD}, "roles": {Role.OPERATOR}}, Refusal.NOT_YOURS_TO_GIVE),
        ({"is_last": True}, Refusal.LAST_ADMINISTRATOR),
    ],
)
def test_why_an_account_is_not_managed(changes, reason):
    facts = {
        "roles": {Role.ADMIN},
        "level": Level.VILLAGE,
        "held": {Role.COMMITTEE},
        "is_of_this_place": True,
        "is_oneself": False,
        "is_last": False,
    }
    assert rules.why_not_manage(**facts | changes) is reason


@pytest.mark.parametrize(
    ("begins", "years", "last"),
    [
        (date(2026, 11, 21), 3, date(2029, 11, 20)),
        (date(2026, 1, 1), 5, date(2030, 12, 31)),
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
    ],
)
def test_the_last_day_of_a_term(begins, years, last):
    assert rules.years_after(begins, years) == last


def test_suggested_terms():
    assert rules.suggested_end(Role.PLANNER, DAY) == date(2029, 11, 20)
    assert rules.suggested_end(Role.GRID_WORKER, DAY) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("330523 102 205", "330523102205"),
        ("３３０５２３１０２２０５", "330523102205"),
        (" 330523102205\n", "330523102205"),
        ("33-05", "33-05"),
    ],
)
def test_a_code_as_it_is_typed(text, code):
    assert rules.plain_code(text) == code


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("330523102205", True),
        ("330523102000", False),  # a township
        ("330523000000", False),  # a county
        ("330500102205", False),
        ("330023102205", False),
        ("930523102205", False),
        ("030523102205", False),
        ("33052310220", False),
        ("3305231022055", False),
        ("33052310220a", False),
        ("", False),
    ],
)
def test_which_codes_are_villages(code, is_one):
    assert rules.is_village_code(code) is is_one


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"code": "330523102000"}, Refusal.BAD_CODE),
        ({"under": "330524"}, Refusal.OUTSIDE),
        ({"under": "330523102"}, None),
        ({"is_taken": True}, Refusal.TAKEN),
        ({"is_named": False}, Refusal.NAMES_MISSING),
    ],
)
def test_why_a_village_is_not_founded(changes, reason):
    facts = {"code": "330523102205", "under": "330523", "is_taken": False, "is_named": True}
    assert rules.why_not_found(**facts | changes) is reason


def test_how_far_a_village_is():
    empty = Progress()
    assert (empty.done, empty.next) == (1, Step.ADMIN)
    begun = Progress(residents=5, households=2, roles=frozenset({Role.ADMIN}), has_profile=True)
    assert (begun.done, begun.next) == (4, Step.COMMITTEE)
    drafted = Progress(
        residents=5,
        roles=frozenset({Role.ADMIN, Role.HEAD, Role.PLANNER}),
        has_profile=True,
        plan=PlanState.DRAFT,
    )
    assert (drafted.done, drafted.next) == (len(Step), None)
