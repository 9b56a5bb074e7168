"""The life of a version as a table of its own: every state and every step, written independently."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.core.access import Part
from portal.people.rules import Role
from portal.plans import life, phases, rules
from portal.plans.docs_page import phases_page
from portal.plans.life import By, Step
from portal.plans.life_words import EXPLAINED, LACKS, STEPS
from portal.plans.now_line import ACTIONS, CAN, DEEDS, INSTEAD, PHASES, WHAT
from portal.plans.phases import Deed, Phase
from portal.plans.rules import State
from portal.plans.stepping import ROLES

NOW = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)

# One line for each state of domain.md §4.1: step → next state, (e)ditors, (c)ommittee, (i)tself.
TABLE = """
draft: submit_review→committee_review e; finish_reply→balloting c; start_revision→superseded e;
    withdraw→withdrawn c; supersede→superseded i; take_over→published i
committee_review: schedule→scheduled c; send_back→draft c; withdraw→withdrawn c;
    supersede→superseded i
scheduled: open_notice→on_notice c; send_back→draft c; withdraw→withdrawn c; supersede→superseded i
on_notice: close_notice→notice_closed i; void_notice→draft c; start_revision→on_notice e;
    withdraw→withdrawn c
notice_closed: start_reply→replying e; start_revision→notice_closed e; withdraw→withdrawn c;
    supersede→superseded i
replying: finish_reply→balloting c; start_revision→replying e; withdraw→withdrawn c;
    supersede→superseded i
balloting: pass_ballot→agreed c; fail_ballot→replying c; withdraw→withdrawn c
agreed: submit→submitted c; withdraw→withdrawn c
submitted: return→returned c; approve→approved c
returned: revise→submitted c; start_revision→superseded c
approved: publish→published c
published: take_effect→in_force c; start_revision→published e
in_force: start_amendment→amending c; supersede→superseded i; expire→expired i
amending: end_amendment→in_force i; supersede→superseded i; expire→expired i
superseded: start_revision→superseded e
expired: start_revision→expired e
withdrawn: start_revision→withdrawn e
"""


def expected():
    cells = {}
    for line in TABLE.replace("\n    ", " ").strip().splitlines():
        state, steps = line.split(": ", 1)
        for cell in steps.split("; "):
            way, by = cell.strip().split(" ")
            step, to = way.split("→")
            cells[State(state), Step(step)] = (State(to), by)
    return cells


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_every_cell(state, step):
    way = life.way(state, step)
    found = None if way is None else (way.to, way.by[0])
    assert found == expected().get((state, step))


def test_nothing_ends_but_by_the_law():
    """From every state that somebody is in charge of, there is a step that somebody takes."""
    ends = {state for state in State if not life.steps_from(state)}
    assert ends == {State.AMENDING}
    assert Step.START_REVISION not in life.steps_from(State.DRAFT, is_frozen=False)
    assert Step.START_REVISION in life.steps_from(State.DRAFT)


def test_words_for_everything():
    assert set(STEPS) == set(Step) and set(LACKS) == set(life.Lack)
    by_hand = {step for (_, step), way in life.WAYS.items() if way.by is not By.ITSELF}
    assert set(EXPLAINED) == by_hand
    assert set(WHAT) == set(State) and set(DEEDS) == set(Deed) and set(PHASES) == set(Phase)
    assert set(CAN) == set(ACTIONS) == set(phases.FIRST)
    for deed, state in INSTEAD:  # somebody reads it
        first = {phases.first_of(phases.deeds_of(state, [part])) for part in phases.PARTS}
        assert deed in first, (deed, state)


def test_who_moves_what_is_said_once():
    """The posts that take steps are those that the table of phases lets write and move."""
    assert {Part(role.value) for role in ROLES[By.COMMITTEE]} - {Part.HEAD} == set(
        phases.who_may(Deed.MOVE)
    )
    assert {Part(role.value) for role in ROLES[By.EDITORS]} - {Part.HEAD} == set(
        phases.who_may(Deed.WRITE)
    )
    assert Role.SUPERVISOR not in ROLES[By.EDITORS]


@pytest.mark.parametrize("state", State)
def test_the_phases_agree_with_what_is_asked_elsewhere(state):
    may_comment = phases.may(state, [Part.VILLAGER], Deed.COMMENT)
    assert may_comment == (rules.why_not_comment(state=state) is None)
    writes = phases.may(state, [Part.PLANNER], Deed.WRITE)
    assert writes == (state in rules.BEFORE_NOTICE)
    assert phases.may(state, [], Deed.READ) == (state not in rules.BEFORE_NOTICE)
    assert not phases.may(state, [Part.SUPERVISOR, Part.VILLAGER], Deed.MOVE)


def test_the_page_of_phases_is_the_table():
    kept = Path(__file__).parents[2] / "docs" / "phases.md"
    assert kept.read_text() == phases_page(), "python -m portal.plans.docs_page > docs/phases.md"
