"""When a meeting is convened in time, and who may be noted as there. Pure; domain.md §2.2."""

from datetime import date, datetime, timedelta
from enum import StrEnum

DOORS_BEFORE = timedelta(hours=2)
"""So long before its hour people can be noted as there, and the meeting can be opened."""

SHEET_DAYS = 7
"""So many days after a meeting its signed sheets can still be entered."""

CODE_SECONDS = 60
CODES_GOOD = 3
"""The code at the door changes every minute; the present one and the two before it are good."""


class Kind(StrEnum):
    """Which meeting it is (domain.md section 3)."""

    VM = "village-meeting"
    VR = "representatives"
    VG = "group-meeting"
    REO = "organisation"
    COUNCIL = "council"


class State(StrEnum):
    """Where a meeting stands."""

    CONVENED = "convened"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    NOT_HELD = "not-held"


class StepKind(StrEnum):
    """What happened to a meeting after it was convened.

    Settled: what was voted on at it is counted, so who was there stands as it does then.
    """

    OPENED = "opened"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    SETTLED = "settled"


class Capacity(StrEnum):
    """As what somebody is on the list of a meeting."""

    ELECTOR = "elector"
    REPRESENTATIVE = "representative"
    COMMITTEE = "committee"
    COUNCILLOR = "councillor"


class Channel(StrEnum):
    """How somebody took part."""

    ON_SITE = "on-site"
    ONLINE = "online"
    PAPER = "paper"


class Proof(StrEnum):
    """By what it was noted that somebody is there."""

    CODE = "code"
    POSTER = "poster"
    STAFF = "staff"
    ONLINE = "online"
    SHEET = "sheet"


CHANNEL_OF = {
    Proof.CODE: Channel.ON_SITE,
    Proof.POSTER: Channel.ON_SITE,
    Proof.STAFF: Channel.ON_SITE,
    Proof.ONLINE: Channel.ONLINE,
    Proof.SHEET: Channel.PAPER,
}


class Refusal(StrEnum):
    """Why something cannot be done; words.py has the words."""

    NOTICE_TOO_SHORT = "notice-too-short"
    NO_GROUP = "no-group"
    NO_MEMBERS = "no-members"
    NO_REPRESENTATIVES = "no-representatives"
    NOT_CONVENED = "not-convened"
    REPLACED_ALREADY = "replaced-already"
    TOO_EARLY = "too-early"
    NOT_OPEN = "not-open"
    ALREADY_DONE = "already-done"
    NO_REASON = "no-reason"
    NO_CHAIR = "no-chair"
    NOT_A_MEMBER = "not-a-member"
    ALREADY_THERE = "already-there"
    CODE_OLD = "code-old"
    NOT_ONLINE = "not-online"
    OVER = "over"
    SETTLED = "settled"
    NOT_SELF = "not-self"
    SHEET_TOO_LATE = "sheet-too-late"
    SHEET_TWICE = "sheet-twice"
    SHEET_EMPTY = "sheet-empty"
    WITNESSES_SAME = "witnesses-same"
    WITNESS_ENTERS = "witness-enters"
    WITNESS_UNKNOWN = "witness-unknown"
    WITNESS_WITHOUT_ACCOUNT = "witness-without-account"
    NOT_A_WITNESS = "not-a-witness"
    ALREADY_AGREED = "already-agreed"
    SAME_AS_NOW = "same-as-now"
    SECOND_PERSON = "second-person"
    DECIDED_ALREADY = "decided-already"
    TERM_BACKWARDS = "term-backwards"
    REPRESENTATIVE_ALREADY = "representative-already"
    NOT_AN_ELECTOR = "not-an-elector"
    ENDED_ALREADY = "ended-already"
    SEATS_OUT_OF_RANGE = "seats-out-of-range"
    SEATS_TAKEN = "seats-taken"
    NO_SEAT_FREE = "no-seat-free"
    COUNCILLOR_ALREADY = "councillor-already"
    NOT_A_COUNCIL_ELECTOR = "not-a-council-elector"
    NO_COUNCIL = "no-council"
    NOT_CLOSED = "not-closed"
    NO_MINUTES = "no-minutes"
    NOT_THERE = "not-there"
    MINUTES_FROZEN = "minutes-frozen"
    MINUTES_NOT_FROZEN = "minutes-not-frozen"


def first_day(*, convened_on: date, notice_days: int) -> date:
    """Return the first day on which a meeting may be held: the days between are whole (T1)."""
    return convened_on + timedelta(days=notice_days + 1)


def why_not_convene(
    *,
    kind: Kind,
    group_id: int | None,
    convened_on: date,
    held_on: date,
    notice_days: int,
) -> Refusal | None:
    """Say why a meeting cannot be convened for that day."""
    if held_on < first_day(convened_on=convened_on, notice_days=notice_days):
        return Refusal.NOTICE_TOO_SHORT
    return Refusal.NO_GROUP if (kind is Kind.VG) is (group_id is None) else None


def state_at(
    *,
    opened_at: datetime | None,
    closed_at: datetime | None,
    cancelled_at: datetime | None,
    ends_at: datetime,
    now: datetime,
) -> State:
    """Return where a meeting stands; at `ends_at`, the 24:00 of its day, it is over by itself."""
    if cancelled_at is not None:
        return State.CANCELLED
    if opened_at is None:
        return State.CONVENED if now < ends_at else State.NOT_HELD
    return State.OPEN if closed_at is None and now < ends_at else State.CLOSED


def why_not_open(*, state: State, held_at: datetime, chair: str, now: datetime) -> Refusal | None:
    """Say why a meeting cannot be opened now."""
    if state is not State.CONVENED:
        return Refusal.NOT_CONVENED
    if now < held_at - DOORS_BEFORE:
        return Refusal.TOO_EARLY
    return None if chair.strip() else Refusal.NO_CHAIR


def why_not_cancel(*, state: State, reason: str) -> Refusal | None:
    """Say why a meeting cannot be called off."""
    if state is not State.CONVENED:
        return Refusal.NOT_CONVENED
    return None if reason.strip() else Refusal.NO_REASON


def why_not_attend(
    *,
    state: State,
    proof: Proof,
    is_online: bool,
    held_at: datetime,
    ended_at: datetime,
    now: datetime,
    is_settled: bool = False,
) -> Refusal | None:
    """Say why nobody can be noted as present now in this way.

    On site from when the doors open until the close; online while the meeting is open; a signed
    sheet from the opening until some days after the close (`ended_at`). Once the votes of the
    meeting are counted nobody is: whoever counted with them was noted before.
    """
    if is_settled:
        return Refusal.SETTLED
    if proof is Proof.SHEET:
        if state not in (State.OPEN, State.CLOSED):
            return Refusal.NOT_OPEN
        return Refusal.SHEET_TOO_LATE if now >= ended_at + timedelta(days=SHEET_DAYS) else None
    if state not in (State.CONVENED, State.OPEN):
        return Refusal.OVER
    if proof is Proof.ONLINE:
        if not is_online:
            return Refusal.NOT_ONLINE
        return None if state is State.OPEN else Refusal.NOT_OPEN
    return Refusal.TOO_EARLY if now < held_at - DOORS_BEFORE else None


def window(now: datetime) -> int:
    """Return the number of the span in which a code at the door is the present one."""
    return int(now.timestamp()) // CODE_SECONDS


def good_windows(now: datetime) -> tuple[int, ...]:
    """Return the spans whose codes are good now, the present one first."""
    return tuple(window(now) - age for age in range(CODES_GOOD))
