"""Which phase a plan is in, and what each part may do in it. Pure; docs/phases.md is made of it."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from portal.core.access import Part
from portal.plans.rules import State


class Phase(StrEnum):
    """A part of the way of a plan, as people speak of it."""

    DRAFTING = "drafting"
    NOTICE = "notice"
    ANSWERING = "answering"
    VOTE = "vote"
    APPROVAL = "approval"
    IN_FORCE = "in_force"
    OVER = "over"


class Deed(StrEnum):
    """What somebody can do with a plan."""

    READ = "read"
    WRITE = "write"
    MOVE = "move"
    COMMENT = "comment"
    ENTER = "enter"
    WATCH = "watch"
    READ_OPINIONS = "read_opinions"
    EXPLAIN = "explain"
    VOTE = "vote"
    BALLOT = "ballot"
    FOLLOW = "follow"


_S, _P, _D, _PH = State, Part, Deed, Phase
PHASE_OF: Mapping[State, Phase] = MappingProxyType(
    {
        _S.DRAFT: _PH.DRAFTING,
        _S.COMMITTEE_REVIEW: _PH.DRAFTING,
        _S.SCHEDULED: _PH.DRAFTING,
        _S.ON_NOTICE: _PH.NOTICE,
        _S.NOTICE_CLOSED: _PH.ANSWERING,
        _S.REPLYING: _PH.ANSWERING,
        _S.BALLOTING: _PH.VOTE,
        _S.AGREED: _PH.APPROVAL,
        _S.SUBMITTED: _PH.APPROVAL,
        _S.RETURNED: _PH.APPROVAL,
        _S.APPROVED: _PH.APPROVAL,
        _S.PUBLISHED: _PH.IN_FORCE,
        _S.IN_FORCE: _PH.IN_FORCE,
        _S.AMENDING: _PH.IN_FORCE,
        _S.SUPERSEDED: _PH.OVER,
        _S.EXPIRED: _PH.OVER,
        _S.WITHDRAWN: _PH.OVER,
    }
)
PARTS = (
    _P.ANYONE, _P.VILLAGER, _P.GRID_WORKER, _P.COMMITTEE, _P.PLANNER, _P.SUPERVISOR, _P.ADMIN,
)  # fmt: skip
"""The parts that the table speaks of; a head of the committee is of the committee too."""

_OFFICE = (_D.MOVE, _D.EXPLAIN)
MAY: Mapping[Phase, Mapping[Part, tuple[Deed, ...]]] = MappingProxyType(
    {
        _PH.DRAFTING: {
            _P.COMMITTEE: (_D.READ, _D.WRITE, *_OFFICE),
            _P.PLANNER: (_D.READ, _D.WRITE, _D.EXPLAIN),
            _P.ADMIN: (_D.READ, _D.WRITE, *_OFFICE),
        },
        _PH.NOTICE: {
            _P.ANYONE: (_D.READ, _D.READ_OPINIONS),
            _P.VILLAGER: (_D.COMMENT,),
            _P.GRID_WORKER: (_D.ENTER,),
            _P.COMMITTEE: (_D.WATCH, *_OFFICE),
            _P.PLANNER: (_D.READ_OPINIONS, _D.EXPLAIN),
            _P.SUPERVISOR: (_D.WATCH,),
            _P.ADMIN: (_D.WATCH, *_OFFICE),
        },
        _PH.ANSWERING: {
            _P.ANYONE: (_D.READ, _D.READ_OPINIONS),
            _P.COMMITTEE: _OFFICE,
            _P.PLANNER: (_D.EXPLAIN,),
            _P.ADMIN: _OFFICE,
        },
        _PH.VOTE: {
            _P.ANYONE: (_D.READ, _D.READ_OPINIONS),
            _P.VILLAGER: (_D.VOTE,),
            _P.GRID_WORKER: (_D.ENTER,),
            _P.COMMITTEE: (_D.BALLOT, *_OFFICE),
            _P.PLANNER: (_D.EXPLAIN,),
            _P.SUPERVISOR: (_D.VOTE,),
            _P.ADMIN: (_D.BALLOT, *_OFFICE),
        },
        _PH.APPROVAL: {
            _P.ANYONE: (_D.READ, _D.READ_OPINIONS, _D.FOLLOW),
            _P.COMMITTEE: _OFFICE,
            _P.ADMIN: _OFFICE,
        },
        _PH.IN_FORCE: {
            _P.ANYONE: (_D.READ, _D.READ_OPINIONS, _D.FOLLOW),
            _P.COMMITTEE: (_D.MOVE,),
            _P.ADMIN: (_D.MOVE,),
        },
        _PH.OVER: {
            _P.ANYONE: (_D.READ, _D.READ_OPINIONS, _D.FOLLOW),
            _P.COMMITTEE: (_D.MOVE,),
            _P.ADMIN: (_D.MOVE,),
        },
    }
)
"""What each part may do now. Whatever anybody may do, everybody may."""

FIRST = (
    _D.COMMENT, _D.VOTE, _D.ENTER, _D.MOVE, _D.WRITE, _D.WATCH, _D.FOLLOW, _D.READ_OPINIONS,
    _D.READ,
)  # fmt: skip
"""What a page offers first to whoever may do several things."""


def deeds_of(state: State, parts: Iterable[Part]) -> frozenset[Deed]:
    """Return what somebody who plays these parts may do with a version now."""
    table = MAY[PHASE_OF[state]]
    return frozenset(deed for part in (*parts, Part.ANYONE) for deed in table.get(part, ()))


def may(state: State, parts: Iterable[Part], deed: Deed) -> bool:
    """Tell whether somebody who plays these parts may do this with a version now."""
    return deed in deeds_of(state, parts)


def first_of(deeds: Collection[Deed]) -> Deed | None:
    """Return what is offered first of what somebody may do; None where there is nothing."""
    return next((deed for deed in FIRST if deed in deeds), None)


def who_may(deed: Deed, phases: Iterable[Phase] = Phase) -> tuple[Part, ...]:
    """Return the parts that may do something in any of these phases, in the order of the table."""
    allowed = {part for phase in phases for part, deeds in MAY[phase].items() if deed in deeds}
    return tuple(part for part in PARTS if part in allowed)
