"""When a ballot may be announced and opened, and when a vote counts."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.ballots.profiles import Body, LegalEffect, Params
from portal.ballots.profiles import Unit as Unit
from portal.ballots.states import Secrecy as Secrecy
from portal.ballots.states import State as State
from portal.ballots.states import state as state
from portal.meetings.rules import Kind as MeetingKind
from portal.people.rules import born_until


class Kind(StrEnum):
    """What is asked of the elector."""

    YES_NO = "yes-no"
    SINGLE = "single"
    APPROVAL = "approval"
    RANKED = "ranked"
    SCORE = "score"
    BUDGET = "budget"


class Answer(StrEnum):
    """What may be answered to a yes/no question."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class Refusal(StrEnum):
    """Why something is not done with a ballot; views.py has the words."""

    NOT_A_RESIDENT = "not-a-resident"
    NOT_AN_ELECTOR = "not-an-elector"
    TOO_YOUNG = "too-young"
    AGE_UNKNOWN = "age-unknown"
    NOT_OPEN_YET = "not-open-yet"
    CLOSED = "closed"
    NOT_HELD = "not-held"
    ALREADY_VOTED = "already-voted"
    NOTHING_CHOSEN = "nothing-chosen"
    TOO_MANY_CHOSEN = "too-many-chosen"
    UNKNOWN_OPTION = "unknown-option"
    CHOSEN_TWICE = "chosen-twice"
    TOO_FEW_CHOSEN = "too-few-chosen"
    UNKNOWN_VALUE = "unknown-value"
    PLACE_TWICE = "place-twice"
    PLACE_SKIPPED = "place-skipped"
    SCORE_OUT_OF_RANGE = "score-out-of-range"
    TOO_MANY_POINTS = "too-many-points"
    OVER_BUDGET = "over-budget"
    REMOTE_NOT_ALLOWED = "remote-not-allowed"
    CONTENT_CHANGED = "content-changed"
    ENTERED_BY_COMMITTEE = "entered-by-committee"
    KEY_OF_ANOTHER = "key-of-another"
    NOT_CLOSED_YET = "not-closed-yet"
    NOT_FOR_YOU = "not-for-you"
    CLOSES_BEFORE_IT_OPENS = "closes-before-it-opens"
    CLOSES_IN_THE_PAST = "closes-in-the-past"
    NOTICE_TOO_SHORT = "notice-too-short"
    NO_PARTY_REVIEW = "no-party-review"
    STATUTORY_IS_YES_NO = "statutory-is-yes-no"
    NO_OPTIONS = "no-options"
    CHOICES_OUT_OF_RANGE = "choices-out-of-range"
    SCORES_OUT_OF_RANGE = "scores-out-of-range"
    NO_BUDGET = "no-budget"
    NO_COSTS = "no-costs"
    NOTHING_AFFORDABLE = "nothing-affordable"
    PLAN_NOT_FROZEN = "plan-not-frozen"
    ANNOUNCED_OTHERWISE = "announced-otherwise"
    ALREADY_OPEN = "already-open"
    OPENS_LATER = "opens-later"
    OPENED_TOO_LATE = "opened-too-late"
    NO_ELECTORS = "no-electors"
    HOUSEHOLD_HAS_VOTED = "household-has-voted"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    ALREADY_ANNOUNCED = "already-announced"
    NOT_ANNOUNCED = "not-announced"
    NOT_OPEN = "not-open"
    NOT_COUNTED_YET = "not-counted-yet"
    TOO_FEW_FOR_SECRECY = "too-few-for-secrecy"
    PERSONS_VOTE = "persons-vote"
    NAMES_ARE_ASKED = "names-are-asked"
    ON_THE_BOARD = "on-the-board"
    OWN_OBJECTION = "own-objection"
    NO_KEY = "no-key"
    NO_REASON = "no-reason"
    NOT_ASKED = "not-asked"
    ALREADY_ASKED = "already-asked"
    NOT_ON_PAPER = "not-on-paper"
    SUMS_AFTER_THE_CLOSE = "sums-after-the-close"
    WITNESSES_ARE_OTHERS = "witnesses-are-others"
    NO_SUPERVISOR = "no-supervisor"
    WITNESS_OF_COMMITTEE = "witness-of-committee"
    UNREADABLE_PAPER = "unreadable-paper"
    UNREADABLE_LINE = "unreadable-line"
    SUMS_ARE_NOT_PAPERS = "sums-are-not-papers"
    PAPERS_ARE_NOT_ELECTORS = "papers-are-not-electors"
    NO_SUMS = "no-sums"
    STATION_TWICE = "station-twice"
    PHOTO_TWICE = "photo-twice"
    NOT_A_WITNESS = "not-a-witness"
    TOO_FEW_PAPERS = "too-few-papers"
    NAMES_ANOTHER = "names-another"
    STAYS_AFTER_THE_CLOSE = "stays-after-the-close"
    VOTED_MEANWHILE = "voted-meanwhile"
    SAME_PERSON = "same-person"
    FINAL = "final"
    CHANGED_MEANWHILE = "changed-meanwhile"
    NOT_SEALED = "not-sealed"
    WRONG_STATE = "wrong-state"
    NO_MEETING = "no-meeting"
    NO_PARTY_MEETING = "no-party-meeting"
    WRONG_MEETING = "wrong-meeting"
    MEETING_CALLED_OFF = "meeting-called-off"
    MEETING_ANOTHER_DAY = "meeting-another-day"
    MEETING_NOT_OPENED = "meeting-not-opened"
    TOO_FEW_OPTIONS = "too-few-options"
    SCENARIOS_ARE_WEIGHED = "scenarios-are-weighed"
    TOO_MANY_OPTIONS = "too-many-options"


MOST_SEALED = 94
SHOWN_STEP = 10
"""So many options fit into an envelope (`sealing.py`)."""

MEETINGS = {
    Body.VILLAGERS: MeetingKind.VM,
    Body.REPRESENTATIVES: MeetingKind.VR,
    Body.GROUP: MeetingKind.VG,
    Body.MEMBERS: MeetingKind.REO,
}
"""Which meeting is that of a body; that of the Party members is not convened here."""

WHY_NOT_IN_STATE = {
    State.DRAFT: Refusal.NOT_OPEN_YET,
    State.PARTY_REVIEWED: Refusal.NOT_OPEN_YET,
    State.ANNOUNCED: Refusal.NOT_OPEN_YET,
    State.SUSPENDED: Refusal.SUSPENDED,
    State.NOT_HELD: Refusal.NOT_HELD,
    State.CANCELLED: Refusal.CANCELLED,
}


def why_not_vote(
    *,
    state: State,
    is_resident: bool,
    is_elector: bool,
    has_voted: bool,
    is_remote: bool,
    content_unchanged: bool,
    params: Params,
    is_by_committee: bool = False,
) -> Refusal | None:
    """Return the first reason why this person's vote would not count now, or None.

    `is_by_committee`: somebody of the committee would enter it for them; what the committee counts
    it does not fill in (domain.md V19; trust.md T6).
    """
    if not is_resident:
        return Refusal.NOT_A_RESIDENT
    if has_voted:
        return Refusal.ALREADY_VOTED
    if state is not State.OPEN:
        return WHY_NOT_IN_STATE.get(state, Refusal.CLOSED)
    if not is_elector:
        return Refusal.NOT_AN_ELECTOR
    if is_remote and not params.remote_counts:
        return Refusal.REMOTE_NOT_ALLOWED
    if is_by_committee:
        return Refusal.ENTERED_BY_COMMITTEE
    return None if content_unchanged else Refusal.CONTENT_CHANGED


def may_be_changed(*, params: Params, secrecy: Secrecy, unit: Unit) -> bool:
    """Tell whether a vote that is in may be changed until the close (domain.md V21).

    Only where it advises, is given with a name, and is the elector's alone.
    """
    is_advice = params.legal_effect is LegalEffect.CONSULTATIVE
    is_own = unit is Unit.PERSON and params.unit is Unit.PERSON
    return is_advice and is_own and secrecy is Secrecy.OPEN


def why_not_an_elector(*, born_on: date | None, opened_on: date, params: Params) -> Refusal:
    """Say why somebody of the village is missing on the list of electors."""
    if params.min_age is None:
        return Refusal.NOT_AN_ELECTOR
    if born_on is None:
        return Refusal.AGE_UNKNOWN
    is_old_enough = born_on <= born_until(opened_on, params.min_age)
    return Refusal.NOT_AN_ELECTOR if is_old_enough else Refusal.TOO_YOUNG


def why_not_announce(
    *,
    kind: Kind,
    params: Params,
    announced_on: date,
    opens_on: date,
    opens_at: datetime,
    closes_at: datetime,
    now: datetime,
    option_count: int,
    party_review_on: date | None,
    party_review_note: str,
) -> Refusal | None:
    """Judge a ballot before it is announced (domain.md T1, T2, V12, §4.2).

    Notice of n days: the day of the announcement is not counted, the n-th ends at 24:00.
    """
    if closes_at <= opens_at:
        return Refusal.CLOSES_BEFORE_IT_OPENS
    if closes_at <= now:
        return Refusal.CLOSES_IN_THE_PAST
    if params.legal_effect is LegalEffect.STATUTORY and kind is not Kind.YES_NO:
        return Refusal.STATUTORY_IS_YES_NO
    if params.notice_days and opens_on <= announced_on + timedelta(days=params.notice_days):
        return Refusal.NOTICE_TOO_SHORT
    reviewed = party_review_on is not None and party_review_on <= announced_on
    if params.party_review and not (reviewed and party_review_note.strip()):
        return Refusal.NO_PARTY_REVIEW
    if option_count == 0:
        return Refusal.NO_OPTIONS
    return Refusal.TOO_FEW_OPTIONS if option_count < 2 and kind is Kind.SINGLE else None


def why_not_meeting(
    *,
    params: Params,
    kind: MeetingKind | None,
    is_called_off: bool = False,
    is_on_its_day: bool = True,
) -> Refusal | None:
    """Judge the meeting of a vote: that of the body whose vote it is, while voting goes on (V24).

    `kind` is that of the meeting, None without one.
    """
    if not params.needs_meeting:
        return None
    if params.body not in MEETINGS:
        return Refusal.NO_PARTY_MEETING
    if kind is None:
        return Refusal.NO_MEETING
    if kind is not MEETINGS[params.body]:
        return Refusal.WRONG_MEETING
    if is_called_off:
        return Refusal.MEETING_CALLED_OFF
    return None if is_on_its_day else Refusal.MEETING_ANOTHER_DAY


def why_not_mode(*, params: Params, unit: Unit, secrecy: Secrecy) -> Refusal | None:
    """Judge whether the rule lets households vote, and lets people vote without their names (V11).

    What is not asked for by a quorum of households, households cannot decide (V2, V5, V9).
    """
    if unit is Unit.HOUSEHOLD and not params.admits_households:
        return Refusal.PERSONS_VOTE
    is_secret = secrecy is not Secrecy.OPEN
    return Refusal.NAMES_ARE_ASKED if params.real_name and is_secret else None


def why_not_electorate(*, units: int, secrecy: Secrecy, params: Params) -> Refusal | None:
    """Judge whether this many can vote: nobody cannot, and a few cannot do so in secret.

    Among fewer than the rule's `secret_from` the totals alone tell too much about each (trust.md
    §5.3).
    """
    if not units:
        return Refusal.NO_ELECTORS
    if secrecy is not Secrecy.OPEN and units < params.secret_from:
        return Refusal.TOO_FEW_FOR_SECRECY
    return None


def why_not_key(*, secrecy: Secrecy, option_count: int, public_key: str) -> Refusal | None:
    """Judge whether papers can be sealed: to a key, and small enough for what seals them."""
    if secrecy is Secrecy.OPEN:
        return None
    if option_count > MOST_SEALED:
        return Refusal.TOO_MANY_OPTIONS
    return None if public_key else Refusal.NO_KEY


def why_not_open(
    *,
    now: datetime,
    opens_at: datetime,
    closes_at: datetime,
    is_announced: bool,
    is_open: bool,
    content_frozen: bool,
    as_announced: bool = True,
) -> Refusal | None:
    """Judge the opening: not twice, not early, not late, and on the very plan that was announced.

    `as_announced`: plan, question and rule are those that the announcement froze (T6).
    """
    if not is_announced:
        return Refusal.NOT_ANNOUNCED
    if is_open:
        return Refusal.ALREADY_OPEN
    if now < opens_at:
        return Refusal.OPENS_LATER
    if now >= closes_at:
        return Refusal.OPENED_TOO_LATE
    if not content_frozen:
        return Refusal.PLAN_NOT_FROZEN
    return None if as_announced else Refusal.ANNOUNCED_OTHERWISE


def in_steps(count: int) -> int:
    """Return how many have voted as it is shown while a secret vote is open: in steps of ten."""
    return count // SHOWN_STEP * SHOWN_STEP


def grouped(code: str) -> str:
    """Write a receipt code in groups of four, as it is read aloud: ABCD-EFGH-JKMN-PQRS."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def plain_code(typed: str) -> str:
    """Read a receipt code as people type it: small letters, blanks, O for 0, I or L for 1."""
    letters = "".join(c for c in typed.upper() if c.isalnum() and c.isascii())
    return letters.translate(str.maketrans("OIL", "011"))
