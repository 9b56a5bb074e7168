"""What a plan is made of, who may change it when, and how long a notice runs. Pure."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum


class PlanKind(StrEnum):
    """What kind of plan it is."""

    PRACTICAL = "practical"
    SPECIAL = "special"
    FUSION_UNIT = "fusion_unit"
    PROJECT_LIST = "project_list"


class State(StrEnum):
    """Where a version stands in its life (domain.md §4.1)."""

    DRAFT = "draft"
    COMMITTEE_REVIEW = "committee_review"
    SCHEDULED = "scheduled"
    ON_NOTICE = "on_notice"
    NOTICE_CLOSED = "notice_closed"
    REPLYING = "replying"
    BALLOTING = "balloting"
    AGREED = "agreed"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    IN_FORCE = "in_force"
    AMENDING = "amending"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


BEFORE_NOTICE = (State.DRAFT, State.COMMITTEE_REVIEW, State.SCHEDULED)


class IndicatorKind(StrEnum):
    """Whether a target binds (约束性) or is expected (预期性)."""

    BINDING = "binding"
    EXPECTED = "expected"


class Direction(StrEnum):
    """On which side of its target an indicator must stay."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class ProjectKind(StrEnum):
    """What a near-term project is for (domain.md §2.3)."""

    PUBLIC_SERVICE = "public_service"
    INFRASTRUCTURE = "infrastructure"
    INDUSTRY = "industry"
    LIVING_ENVIRONMENT = "living_environment"
    ECOLOGY = "ecology"
    HERITAGE = "heritage"
    DISASTER_PREVENTION = "disaster_prevention"


class NoticeType(StrEnum):
    """Which notice it is (domain.md §2.1)."""

    PLAN_DRAFT = "plan_draft"


NOTICE_DAYS = {NoticeType.PLAN_DRAFT: 30}
"""The shortest length of each notice in days (Urban and Rural Planning Law Art. 26)."""

SENTENCES = 5
FIGURES = 3


class Refusal(StrEnum):
    """Why something cannot be done; views.py has the words."""

    FROZEN = "frozen"
    NAME_TAKEN = "name-taken"
    NOT_A_DRAFT = "not-a-draft"
    NOT_ON_NOTICE = "not-on-notice"
    NOT_YET_ON_NOTICE = "not-yet-on-notice"
    NOTICE_OVER = "notice-over"
    ALREADY_ON_NOTICE = "already-on-notice"
    SHORTER_END = "shorter-end"
    NO_BOARD_EVIDENCE = "no-board-evidence"
    BOARD_IN_FUTURE = "board-in-future"
    INCOMPLETE = "incomplete"
    TARGET_BEFORE_BASE = "target-before-base"
    CODE_TAKEN = "code-taken"
    DRAFT_EXISTS = "draft-exists"


class Missing(StrEnum):
    """What a version still lacks before its notice can open; views.py has the words."""

    SUMMARY = "summary"
    FIGURES = "figures"
    TEXT = "text"
    GOALS = "goals"
    INDICATORS = "indicators"
    PROJECTS = "projects"
    MAP = "map"


def last_day(start: date, *, days: int, is_rest_day: Callable[[date], bool]) -> date:
    """Return the last day of a period of days.

    The day it starts on is not counted (T1, Civil Code Art. 201); a last day that is a rest day
    gives way to the next working day (T3, Art. 203).
    """
    last = start + timedelta(days=days)
    while is_rest_day(last):
        last += timedelta(days=1)
    return last


def why_not_typed_end(typed: date, *, computed: date) -> Refusal | None:
    """Refuse an end that somebody typed and that is earlier than the computed one (T4)."""
    return Refusal.SHORTER_END if typed < computed else None


def why_not_edit(*, state: State, is_frozen: bool) -> Refusal | None:
    """Say why the content of a version cannot be changed: from the notice on it is frozen."""
    if is_frozen:
        return Refusal.FROZEN
    return None if state in BEFORE_NOTICE else Refusal.NOT_A_DRAFT


def why_not_open_notice(
    *,
    state: State,
    missing: list[Missing],
    board_evidence: str,
    board_at: datetime,
    now: datetime,
) -> Refusal | None:
    """Say why a notice cannot open: every channel must be up and the papers complete (T5)."""
    if state not in BEFORE_NOTICE:
        return Refusal.ALREADY_ON_NOTICE if state is State.ON_NOTICE else Refusal.NOT_A_DRAFT
    if missing:
        return Refusal.INCOMPLETE
    if not board_evidence.strip():
        return Refusal.NO_BOARD_EVIDENCE
    return Refusal.BOARD_IN_FUTURE if board_at > now else None


def state_at(state: State, *, ends_at: datetime | None, now: datetime) -> State:
    """Return the state as the clock has it: a notice is over at its end, with no job to say so.

    The end itself is outside of the notice (T2, Civil Code Art. 203).
    """
    if state is State.ON_NOTICE and ends_at is not None and now >= ends_at:
        return State.NOTICE_CLOSED
    return state


def why_not_comment(*, state: State) -> Refusal | None:
    """Say why no opinion on a version can be given; ``state`` is the one of ``state_at``."""
    if state is State.ON_NOTICE:
        return None
    return Refusal.NOT_YET_ON_NOTICE if state in BEFORE_NOTICE else Refusal.NOTICE_OVER
