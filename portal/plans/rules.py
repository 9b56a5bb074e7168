"""What a plan is made of, and who may change it when. Pure."""

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
OVER = (State.SUPERSEDED, State.EXPIRED, State.WITHDRAWN)


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


class FacilityStatus(StrEnum):
    """What the plan says of a facility."""

    EXISTING = "existing"
    PLANNED = "planned"
    REMOVED = "removed"


CONTROL_LINES = (
    "ecological_redline",
    "permanent_basic_farmland",
    "urban_boundary",
    "village_boundary",
)
"""The lines of the map that control rules speak of: three zones and three lines (三区三线)."""


SENTENCES = 5
FIGURES = 3


class Refusal(StrEnum):
    """Why something cannot be done; views.py has the words."""

    FROZEN = "frozen"
    NAME_TAKEN = "name-taken"
    NOT_A_DRAFT = "not-a-draft"
    IN_REVIEW = "in-review"
    NOT_ON_NOTICE = "not-on-notice"
    NOT_YET_ON_NOTICE = "not-yet-on-notice"
    NOTICE_OVER = "notice-over"
    ALREADY_ON_NOTICE = "already-on-notice"
    INCOMPLETE = "incomplete"
    TARGET_BEFORE_BASE = "target-before-base"
    CODE_TAKEN = "code-taken"
    DRAFT_EXISTS = "draft-exists"
    CLASS_TAKEN = "class-taken"
    ILLEGAL_STEP = "illegal-step"
    LACKING = "lacking"
    ANOTHER_IN_FORCE = "another-in-force"
    STEP_TAKEN = "step-taken"
    NOT_YOURS = "not-yours"
    EXPLAINED_ALREADY = "explained-already"
    NO_CAUSE = "no-cause"
    NO_SUCH_OPINION = "no-such-opinion"
    NO_SUCH_CHANGE = "no-such-change"


class Missing(StrEnum):
    """What a version still lacks before its notice can open; views.py has the words."""

    SUMMARY = "summary"
    FIGURES = "figures"
    TEXT = "text"
    GOALS = "goals"
    INDICATORS = "indicators"
    PROJECTS = "projects"
    MAP = "map"


def why_not_edit(*, state: State, is_frozen: bool) -> Refusal | None:
    """Say why the content of a version cannot be changed: from the notice on it is frozen."""
    if is_frozen:
        return Refusal.FROZEN
    if state in (State.COMMITTEE_REVIEW, State.SCHEDULED):
        return Refusal.IN_REVIEW
    return None if state is State.DRAFT else Refusal.NOT_A_DRAFT


def why_not_plan_notice(*, state: State) -> Refusal | None:
    """Say why no notice of a version can be planned: it had one, or has gone past it."""
    if state not in BEFORE_NOTICE:
        return Refusal.ALREADY_ON_NOTICE if state is State.ON_NOTICE else Refusal.NOT_A_DRAFT
    return None


def why_not_open_notice(*, state: State, missing: list[Missing]) -> Refusal | None:
    """Say why a version is not ready for its notice: its papers must be complete (T5)."""
    if refusal := why_not_plan_notice(state=state):
        return refusal
    return Refusal.INCOMPLETE if missing else None


def why_not_comment(*, state: State) -> Refusal | None:
    """Say why no opinion on a version can be given; ``state`` is the one of ``life.state_at``."""
    if state is State.ON_NOTICE:
        return None
    return Refusal.NOT_YET_ON_NOTICE if state in BEFORE_NOTICE else Refusal.NOTICE_OVER
