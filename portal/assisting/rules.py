"""Who may enter for whom, who may vouch, and when an objection comes in time. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from portal.people.rules import Channel

ASK_TIME = timedelta(hours=2)
"""How long the witness has to agree, and the helper to begin."""

SITTING_TIME = timedelta(minutes=30)
OBJECTION_TIME = timedelta(days=7)
SITTINGS_OF_HELPER = 20
SITTINGS_FOR_PERSON = 3
YOUNGEST = 14
"""domain.md S11: nothing is taken from younger ones, by whatever hand."""

VOUCHERS = 2
REQUEST_TIME = timedelta(days=14)
VOUCH_SPAN = timedelta(days=30)
VOUCHES_IN_SPAN = 30

SHARE_TO_FLAG = 5
"""More than one vote in five entered by one helper is flagged (domain.md V19)."""

CHANNELS = (Channel.ASSISTED, Channel.PAPER)


class RequestState(StrEnum):
    """Where a request to be recognised stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


class SittingState(StrEnum):
    """Where a sitting stands."""

    ASKED = "asked"
    READY = "ready"
    OPEN = "open"
    DECLINED = "declined"
    OVER = "over"


class Refusal(StrEnum):
    """Why nothing is entered for somebody; words.py has the words."""

    NOT_A_HELPER = "not-a-helper"
    HIMSELF = "himself"
    OWN_HOUSEHOLD = "own-household"
    HAS_LEFT = "has-left"
    TOO_YOUNG = "too-young"
    NOT_WANTED = "not-wanted"
    WITNESS_IS_HELPER = "witness-is-helper"
    WITNESS_IS_PERSON = "witness-is-person"
    WITNESS_OF_HELPER = "witness-of-helpers-household"
    WITNESS_OF_PERSON = "witness-of-persons-household"
    WITNESS_UNKNOWN = "witness-unknown"
    WITNESS_TOO_YOUNG = "witness-too-young"
    BAD_CHANNEL = "bad-channel"
    HELPER_BUSY = "helper-busy"
    PERSON_BUSY = "person-busy"
    TOO_MANY_BY_HELPER = "too-many-by-helper"
    TOO_MANY_FOR_PERSON = "too-many-for-person"
    NOT_WITNESSED = "not-witnessed"
    DECLINED = "declined"
    OVER = "over"
    NOT_YOURS = "not-yours"
    NOTHING_TO_OBJECT = "nothing-to-object"
    OBJECTED_ALREADY = "objected-already"
    OBJECTION_TOO_LATE = "objection-too-late"


class VouchRefusal(StrEnum):
    """Why somebody does not vouch or is not recognised; words.py has the words."""

    NOT_A_RESIDENT = "voucher-not-a-resident"
    OWN_HOUSEHOLD = "voucher-of-own-household"
    HIMSELF = "voucher-himself"
    VOUCHED_ALREADY = "vouched-already"
    SAME_GROUP = "voucher-of-same-group"
    SAME_HOUSEHOLD = "vouchers-of-one-household"
    TOO_MANY = "too-many-vouched"
    EXPIRED = "request-expired"
    CLOSED = "request-closed"
    NOBODY_NAMED = "nobody-named"
    HAS_LEFT = "resident-has-left"
    ASKED_ALREADY = "asked-already"
    HAS_PHONE = "has-phone"
    REPLACES = "replaces-unconfirmed"
    TOO_OFTEN = "asked-too-often"
    NOT_PROVEN = "phone-not-proven"


def state(
    *,
    now: datetime,
    witnessed_at: datetime | None,
    began_at: datetime | None,
    expires_at: datetime,
    ended_at: datetime | None,
    declined_at: datetime | None,
) -> SittingState:
    """Read the state of a sitting off the clock; at `expires_at` itself it is over."""
    if declined_at is not None:
        return SittingState.DECLINED
    if ended_at is not None or now >= expires_at:
        return SittingState.OVER
    if began_at is not None:
        return SittingState.OPEN
    return SittingState.ASKED if witnessed_at is None else SittingState.READY


def why_not_help(
    *,
    is_helper: bool,
    is_self: bool,
    is_same_household: bool,
    has_left: bool,
    age: int | None,
    is_unwanted: bool,
    helper_today: int,
    person_today: int,
) -> Refusal | None:
    """Return the first reason why this helper enters nothing for this person, or None.

    domain.md V19; trust.md T5. An unknown age is taken for old enough: what needs an adult asks
    for one itself.
    """
    checks = (
        (not is_helper, Refusal.NOT_A_HELPER),
        (is_self, Refusal.HIMSELF),
        (is_same_household, Refusal.OWN_HOUSEHOLD),
        (has_left, Refusal.HAS_LEFT),
        (age is not None and age < YOUNGEST, Refusal.TOO_YOUNG),
        (is_unwanted, Refusal.NOT_WANTED),
        (helper_today >= SITTINGS_OF_HELPER, Refusal.TOO_MANY_BY_HELPER),
        (person_today >= SITTINGS_FOR_PERSON, Refusal.TOO_MANY_FOR_PERSON),
    )
    return next((refusal for failed, refusal in checks if failed), None)


def why_not_witness(
    *,
    is_helper: bool,
    is_person: bool,
    is_of_helpers_household: bool,
    is_of_persons_household: bool,
    is_known: bool,
    is_grown: bool,
) -> Refusal | None:
    """Return the first reason why somebody cannot be the witness, or None.

    `is_known`: on the roster here, or in a post. Whoever holds a post and is on no roster is
    grown and of no household.
    """
    checks = (
        (is_helper, Refusal.WITNESS_IS_HELPER),
        (is_person, Refusal.WITNESS_IS_PERSON),
        (not is_known, Refusal.WITNESS_UNKNOWN),
        (is_of_helpers_household, Refusal.WITNESS_OF_HELPER),
        (is_of_persons_household, Refusal.WITNESS_OF_PERSON),
        (not is_grown, Refusal.WITNESS_TOO_YOUNG),
    )
    return next((refusal for failed, refusal in checks if failed), None)


def why_not_answer(*, state: SittingState, is_witness: bool) -> Refusal | None:
    """Return why this person cannot agree or decline as the witness now, or None."""
    if not is_witness:
        return Refusal.NOT_YOURS
    return None if state is SittingState.ASKED else _not_open(state)


def why_not_begin(*, state: SittingState, is_helper: bool) -> Refusal | None:
    """Return why the helper cannot begin now, or None."""
    if not is_helper:
        return Refusal.NOT_YOURS
    if state is SittingState.ASKED:
        return Refusal.NOT_WITNESSED
    return None if state is SittingState.READY else _not_open(state)


def _not_open(state: SittingState) -> Refusal:
    return Refusal.DECLINED if state is SittingState.DECLINED else Refusal.OVER


def objection_until(began_at: datetime) -> datetime:
    """Return until when the person can say that it was not their will."""
    return began_at + OBJECTION_TIME


def why_not_object(
    *, now: datetime, is_person: bool, began_at: datetime | None, objected_at: datetime | None
) -> Refusal | None:
    """Return why the person cannot object to a sitting now, or None."""
    if not is_person:
        return Refusal.NOT_YOURS
    if began_at is None:
        return Refusal.NOTHING_TO_OBJECT
    if objected_at is not None:
        return Refusal.OBJECTED_ALREADY
    return Refusal.OBJECTION_TOO_LATE if now >= objection_until(began_at) else None


def is_flagged(*, entered: int, total: int) -> bool:
    """Tell whether one helper entered more than a fifth of a ballot's votes (domain.md V19)."""
    return entered * SHARE_TO_FLAG > total


def why_not_vouch(
    *,
    now: datetime,
    state: RequestState,
    expires_at: datetime,
    is_named: bool,
    has_left: bool,
    voucher: int,
    voucher_resident_id: int | None,
    voucher_household_id: int | None,
    voucher_group_id: int | None,
    resident_id: int | None,
    household_id: int | None,
    earlier: Collection[tuple[int, int, int]],
    vouched_lately: int,
    replaces: bool,
    is_replacing: bool,
) -> VouchRefusal | None:
    """Return the first reason why this committee member does not vouch, or None.

    `earlier` are (account, household, group) of those who vouched before. Two of different groups
    and households are needed, none of the resident's own household (issue 3; trust.md T6, P23).
    `replaces`: the resident has a number already; `is_replacing`: the voucher confirmed that.
    """
    accounts = {account for account, _, _ in earlier}
    households = {household for _, household, _ in earlier}
    groups = {group for _, _, group in earlier}
    checks = (
        (state is not RequestState.OPEN, VouchRefusal.CLOSED),
        (now >= expires_at, VouchRefusal.EXPIRED),
        (not is_named, VouchRefusal.NOBODY_NAMED),
        (has_left, VouchRefusal.HAS_LEFT),
        (voucher_resident_id is None, VouchRefusal.NOT_A_RESIDENT),
        (voucher_resident_id == resident_id, VouchRefusal.HIMSELF),
        (voucher_household_id == household_id, VouchRefusal.OWN_HOUSEHOLD),
        (voucher in accounts, VouchRefusal.VOUCHED_ALREADY),
        (voucher_household_id in households, VouchRefusal.SAME_HOUSEHOLD),
        (voucher_group_id in groups, VouchRefusal.SAME_GROUP),
        (vouched_lately >= VOUCHES_IN_SPAN, VouchRefusal.TOO_MANY),
        (replaces and not is_replacing, VouchRefusal.REPLACES),
    )
    return next((refusal for failed, refusal in checks if failed), None)
