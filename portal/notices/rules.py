"""What notices there are, how long each runs, and when one may open. Pure; domain.md §2.1."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

IsRestDay = Callable[[date], bool]
ONE_DAY = timedelta(days=1)
FARTHEST = timedelta(days=366)
"""Nobody plans a notice, or makes one longer, by more than a year."""


class NoticeType(StrEnum):
    """Which notice it is."""

    PLAN_DRAFT = "plan_draft"
    PLAN_APPROVED = "plan_approved"
    MAJOR_DECISION = "major_decision"
    HERITAGE_CORE = "heritage_core"
    HOMESTEAD = "homestead"
    HOUSING_NEED = "housing_need"
    LAND_TAKE_PRE = "land_take_pre"
    LAND_TAKE_PLAN = "land_take_plan"
    MEETING_VM = "meeting_vm"
    MEETING_VR = "meeting_vr"
    MEETING_REO = "meeting_reo"
    VOTER_ROLL = "voter_roll"
    VILLAGE_AFFAIRS = "village_affairs"
    POINTS = "points"
    DESIGN_PLAN = "design_plan"


class Unit(StrEnum):
    """What the length of a notice counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    DAYS_BEFORE = "days_before"


class NoticeState(StrEnum):
    """Where a notice stands, as the clock has it."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    VOID = "void"
    WITHDRAWN = "withdrawn"


class ChannelKind(StrEnum):
    """By which way a notice reaches people (domain.md D5)."""

    ONLINE = "online"
    BOARD = "board"
    BROADCAST = "broadcast"
    MEETING = "meeting"
    HOUSEHOLD_SHEET = "household_sheet"
    OTHER = "other"


class Refusal(StrEnum):
    """Why something cannot be done; words.py has the words."""

    ALREADY_PLANNED = "already-planned"
    ALREADY_RUNNING = "already-running"
    NOT_PLANNED = "not-planned"
    NOT_RUNNING = "not-running"
    NO_SUBJECT = "no-subject"
    NOT_YET = "not-yet"
    PLANNED_IN_PAST = "planned-in-past"
    PLANNED_TOO_FAR = "planned-too-far"
    NO_EVENT = "no-event"
    TOO_LATE = "too-late"
    CHANNELS_MISSING = "channels-missing"
    SHORTER_END = "shorter-end"
    END_TOO_FAR = "end-too-far"
    NO_REASON = "no-reason"
    SHORTER_NEEDS_REASON = "shorter-needs-reason"
    BELOW_FLOOR = "below-floor"
    NO_BOARD = "no-board"
    BOARD_TWICE = "board-twice"
    ALREADY_UP = "already-up"
    UP_IN_FUTURE = "up-in-future"
    UP_TOO_EARLY = "up-too-early"
    NO_PHOTO = "no-photo"
    NO_PLACE = "no-place"
    TOO_MANY_PHOTOS = "too-many-photos"
    FILE_TOO_BIG = "file-too-big"
    NOT_A_PICTURE = "not-a-picture"
    TOO_MANY_PIXELS = "too-many-pixels"
    PHOTO_TWICE = "photo-twice"
    EMPTY = "empty"
    PERSONAL_DATA = "personal-data"
    SET_AT_ONCE = "set-at-once"


@dataclass(frozen=True, kw_only=True)
class Span:
    """How long a notice runs at least, and by what rule; ``within`` days it must be up.

    ``within`` counts from the event a notice follows (an approval); it is a deadline, no length.
    """

    length: int
    unit: Unit
    citation: str
    within: int | None = None
    within_unit: Unit = Unit.DAYS


# --- time arithmetic ---------------------------------------------------------------------------


def last_day(start: date, *, days: int, is_rest_day: IsRestDay) -> date:
    """Return the last day of a period of days.

    The day it starts on is not counted (T1, Civil Code Art. 201); a last day that is a rest day
    gives way to the next working day (T3, Art. 203).
    """
    last = start + timedelta(days=days)
    while is_rest_day(last):
        last += ONE_DAY
    return last


def last_working_day(start: date, *, days: int, is_rest_day: IsRestDay) -> date:
    """Return the last day of a period of working days; the day it starts on is not counted (T7)."""
    last, left = start, days
    while left:
        last += ONE_DAY
        left -= not is_rest_day(last)
    return last


def end_of(start: date, span: Span, *, event_on: date | None, is_rest_day: IsRestDay) -> date:
    """Return the last day of a notice that starts on ``start``: computed, never typed.

    The notice of a meeting runs until the day of the meeting.
    """
    if span.unit is Unit.DAYS_BEFORE:
        if event_on is None:
            raise ValueError("the notice of a meeting needs the day of the meeting")
        return event_on
    if span.unit is Unit.WORKING_DAYS:
        return last_working_day(start, days=span.length, is_rest_day=is_rest_day)
    return last_day(start, days=span.length, is_rest_day=is_rest_day)


def deadline_of(span: Span, *, event_on: date | None, is_rest_day: IsRestDay) -> date | None:
    """Return the last day on which the notice must be up, where its rule sets one.

    Before a meeting the days between must be whole: neither the day the notice goes up nor the
    day of the meeting is one of them.
    """
    if event_on is None:
        return None
    if span.unit is Unit.DAYS_BEFORE:
        return event_on - timedelta(days=span.length + 1)
    if span.within is None:
        return None
    if span.within_unit is Unit.WORKING_DAYS:
        return last_working_day(event_on, days=span.within, is_rest_day=is_rest_day)
    return last_day(event_on, days=span.within, is_rest_day=is_rest_day)


def days_counted(start: date, last: date) -> int:
    """Return how many days a period has by the Civil Code: without the day it starts on."""
    return (last - start).days


def working_days_counted(start: date, last: date, *, is_rest_day: IsRestDay) -> int:
    """Return how many working days a period has, without the day it starts on."""
    days = (start + timedelta(days=n) for n in range(1, days_counted(start, last) + 1))
    return sum(not is_rest_day(day) for day in days)


def state_at(
    *,
    opened_at: datetime | None,
    ends_at: datetime | None,
    voided_at: datetime | None,
    withdrawn_at: datetime | None = None,
    now: datetime,
) -> NoticeState:
    """Return where a notice stands; its end itself is outside of it (T2, Civil Code Art. 203)."""
    if withdrawn_at is not None:
        return NoticeState.WITHDRAWN
    if voided_at is not None:
        return NoticeState.VOID
    if opened_at is None or ends_at is None:
        return NoticeState.PLANNED
    return NoticeState.RUNNING if now < ends_at else NoticeState.ENDED


# --- what may be done --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ChannelFacts:
    """What the rules must know of a channel."""

    kind: ChannelKind
    is_mandatory: bool
    up_at: datetime | None
    photo_count: int

    @property
    def is_up(self) -> bool:
        """Tell whether it is up as far as we know; a board is only with a photo (T5).

        Online goes up by the opening itself.
        """
        if self.kind is ChannelKind.ONLINE:
            return True
        has_proof = self.kind is not ChannelKind.BOARD or self.photo_count > 0
        return self.up_at is not None and has_proof


def why_not_open(
    *,
    state: NoticeState,
    planned_for: date,
    deadline_on: date | None,
    is_deadline_strict: bool,
    channels: Collection[ChannelFacts],
    today: date,
) -> Refusal | None:
    """Say why a notice cannot open: its day has not come, or a mandatory channel is not up (T5)."""
    if state is not NoticeState.PLANNED:
        return Refusal.ALREADY_RUNNING if state is NoticeState.RUNNING else Refusal.NOT_PLANNED
    if today < planned_for:
        return Refusal.NOT_YET
    if is_deadline_strict and deadline_on is not None and today > deadline_on:
        return Refusal.TOO_LATE
    mandatory = [channel for channel in channels if channel.is_mandatory]
    if not any(channel.kind is ChannelKind.BOARD for channel in mandatory):
        return Refusal.NO_BOARD
    return None if all(channel.is_up for channel in mandatory) else Refusal.CHANNELS_MISSING


def why_not_typed_end(typed: date, *, computed: date) -> Refusal | None:
    """Refuse an end that somebody typed and that is earlier than the computed one (T4)."""
    if typed > computed + FARTHEST:
        return Refusal.END_TOO_FAR
    return Refusal.SHORTER_END if typed < computed else None


def why_not_day(planned_for: date, *, today: date) -> Refusal | None:
    """Say why a notice cannot be planned for a day: it is over, or more than a year away."""
    if planned_for < today:
        return Refusal.PLANNED_IN_PAST
    return Refusal.PLANNED_TOO_FAR if planned_for > today + FARTHEST else None


def why_not_confirm(
    *,
    state: NoticeState,
    kind: ChannelKind,
    is_up: bool,
    up_at: datetime,
    photo_count: int,
    made_at: datetime,
    now: datetime,
) -> Refusal | None:
    """Say why a channel cannot be confirmed: a board needs a photo, and nothing is up tomorrow.

    A sheet may hang for a day before somebody plans its notice here, no longer.
    """
    if state not in (NoticeState.PLANNED, NoticeState.RUNNING):
        return Refusal.NOT_PLANNED
    if is_up:
        return Refusal.ALREADY_UP
    if up_at > now:
        return Refusal.UP_IN_FUTURE
    if up_at < made_at - ONE_DAY:
        return Refusal.UP_TOO_EARLY
    return Refusal.NO_PHOTO if kind is ChannelKind.BOARD and not photo_count else None


def why_not_void(*, state: NoticeState, reason: str) -> Refusal | None:
    """Say why a notice cannot be declared void: it does not run, or nobody says why."""
    if state is not NoticeState.RUNNING:
        return Refusal.NOT_RUNNING
    return None if reason.strip() else Refusal.NO_REASON
