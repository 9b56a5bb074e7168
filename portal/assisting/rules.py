"""Who may enter things for whom, before whom, and when an objection comes in time. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from portal.people.rules import Channel

ASK_TIME = timedelta(hours=2)
"""How long the witness has to agree, and the helper to begin."""

SITTING_TIME = timedelta(minutes=30)
OBJECTION_TIME = timedelta(days=7)
SITTINGS_OF_STAFF = 20
SITTINGS_OF_VILLAGER = 5
SITTINGS_FOR_PERSON = 3
SITTINGS_FOR_HOUSEHOLD = 6
"""Each counted in one day of the village."""

SEARCHES_IN_AN_HOUR = 30
YOUNGEST = 14
"""domain.md S11: nothing is taken from younger ones, by whatever hand."""

SHARE_TO_FLAG = 5
"""More than one vote in five entered by one helper is flagged (domain.md V19)."""

OBJECTIONS_TO_FLAG = 2
PERSONS_TO_FLAG = 10

CHANNELS = (Channel.ASSISTED, Channel.PAPER)


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
    WITNESS_SEVERAL = "witness-several"
    WITNESS_TOO_YOUNG = "witness-too-young"
    BAD_CHANNEL = "bad-channel"
    HELPER_BUSY = "helper-busy"
    PERSON_BUSY = "person-busy"
    TOO_MANY_BY_HELPER = "too-many-by-helper"
    TOO_MANY_FOR_PERSON = "too-many-for-person"
    TOO_MANY_FOR_HOUSEHOLD = "too-many-for-household"
    TOO_MANY_SEARCHES = "too-many-searches"
    NOBODY_FOUND = "nobody-found"
    NOT_WITNESSED = "not-witnessed"
    DECLINED = "declined"
    OVER = "over"
    NOT_YOURS = "not-yours"
    NOTHING_TO_OBJECT = "nothing-to-object"
    OBJECTED_ALREADY = "objected-already"
    OBJECTION_TOO_LATE = "objection-too-late"


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


class Flag(StrEnum):
    """Why somebody should look at what one helper entered."""

    SHARE_OF_VOTES = "share-of-votes"
    MANY_PERSONS = "many-persons"
    OBJECTIONS = "objections"


def is_helper(*, is_staff: bool, is_resident: bool, is_grown: bool) -> bool:
    """Tell whether somebody may help at all: whoever is grown and on the roster, or in a post.

    `is_staff`: of the committee, or a grid worker. domain.md V19: the voter chooses whom they
    trust.
    """
    return is_staff or (is_resident and is_grown)


def why_not_help(
    *,
    is_helper: bool,
    is_staff: bool,
    is_self: bool,
    is_same_household: bool,
    has_left: bool,
    age: int | None,
    is_unwanted: bool,
    helper_today: int,
    person_today: int,
    household_today: int,
) -> Refusal | None:
    """Return the first reason why this helper enters nothing for this person, or None.

    domain.md V19; trust.md T5. An unknown age is taken for old enough: what needs an adult asks
    for one itself.
    """
    most = SITTINGS_OF_STAFF if is_staff else SITTINGS_OF_VILLAGER
    checks = (
        (not is_helper, Refusal.NOT_A_HELPER),
        (is_self, Refusal.HIMSELF),
        (is_same_household, Refusal.OWN_HOUSEHOLD),
        (has_left, Refusal.HAS_LEFT),
        (age is not None and age < YOUNGEST, Refusal.TOO_YOUNG),
        (is_unwanted, Refusal.NOT_WANTED),
        (helper_today >= most, Refusal.TOO_MANY_BY_HELPER),
        (person_today >= SITTINGS_FOR_PERSON, Refusal.TOO_MANY_FOR_PERSON),
        (household_today >= SITTINGS_FOR_HOUSEHOLD, Refusal.TOO_MANY_FOR_HOUSEHOLD),
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


def has_too_large_a_share(*, entered: int, total: int) -> bool:
    """Tell whether one helper entered more than a fifth of a ballot's votes (domain.md V19)."""
    return entered * SHARE_TO_FLAG > total


def flags(
    *, votes: Collection[tuple[int, int]], persons: int, all_persons: int, objections: int
) -> tuple[Flag, ...]:
    """Return why somebody should look at a helper's month; usually nothing.

    `votes` are (entered by this helper, cast by all) for each ballot; `persons` of `all_persons`
    were helped by this one. Few persons flag nobody, since somebody has to be the first.
    """
    found = (
        (
            any(has_too_large_a_share(entered=one, total=total) for one, total in votes),
            Flag.SHARE_OF_VOTES,
        ),
        (persons >= PERSONS_TO_FLAG and persons * 2 > all_persons, Flag.MANY_PERSONS),
        (objections >= OBJECTIONS_TO_FLAG, Flag.OBJECTIONS),
    )
    return tuple(flag for is_so, flag in found if is_so)


def has_interest(*, owners: Collection[int], own: Collection[int]) -> bool:
    """Tell whether a thing belongs to the helper's or the witness's own (households).

    Nobody enters for somebody else what serves themselves: a vote on their own proposal, a pledge
    to their own household, a signature under their own wish (domain.md V19).
    """
    return not set(owners).isdisjoint(own)
