"""What a sealed urn takes, when its key may be made, and when it may be opened."""

from collections.abc import Sequence
from enum import StrEnum

from portal.ballots.sealing import ENVELOPE_LENGTH, HOLDERS
from portal.ballots.states import Secrecy, State

FEWEST_LOGGED = 10
"""So many envelopes come into the log together while the vote is open, in the order of digests."""


class UrnRefusal(StrEnum):
    """Why nothing is done with an urn or its key."""

    NOT_AN_ENVELOPE = "not-an-envelope"
    COPIED = "copied"
    OTHER_PERSON = "other-person"
    VOTED_ELSEWHERE = "voted-elsewhere"
    VOTED_OTHERWISE = "voted-otherwise"
    CLOSED = "urn-closed"
    NOT_SEALED = "not-a-sealed-ballot"
    KEY_IS_FIXED = "key-is-fixed"
    HOLDER_UNNAMED = "holder-unnamed"
    HOLDER_TWICE = "holder-twice"
    HOLDERS_FIRST = "holders-first"
    NO_KEY = "no-key"
    NOT_CLOSED = "not-closed"
    NOT_SETTLED = "not-settled"
    OPENED_BEFORE = "opened-before"
    PAPERS_WAIT = "papers-wait"
    TOO_FEW_VOTED = "too-few-voted"
    REHEARSED_LATE = "rehearsed-late"


def why_not_envelope(envelope: bytes) -> UrnRefusal | None:
    """Judge an envelope from outside, which is all that anybody can do before the close."""
    return None if len(envelope) == ENVELOPE_LENGTH else UrnRefusal.NOT_AN_ENVELOPE


def why_not_key(*, secrecy: Secrecy, state: State) -> UrnRefusal | None:
    """Judge whether the key of a ballot may be made, or made anew, now."""
    if secrecy is not Secrecy.SEALED:
        return UrnRefusal.NOT_SEALED
    if state not in (State.DRAFT, State.PARTY_REVIEWED):
        return UrnRefusal.KEY_IS_FIXED
    return None


def why_not_rehearse(state: State) -> UrnRefusal | None:
    """Judge whether shares may come together for a test: never while there are envelopes."""
    before = (State.DRAFT, State.PARTY_REVIEWED, State.ANNOUNCED)
    return None if state in before else UrnRefusal.REHEARSED_LATE


def why_not_holders(holders: Sequence[tuple[str, str]]) -> UrnRefusal | None:
    """Judge who are to hold the shares: three people of three offices, as (name, office)."""
    names = [name.strip() for name, _ in holders]
    offices = [office.strip() for _, office in holders]
    if len(holders) != HOLDERS or not all(names) or not all(offices):
        return UrnRefusal.HOLDER_UNNAMED
    if len(set(names)) < HOLDERS or len(set(offices)) < HOLDERS:
        return UrnRefusal.HOLDER_TWICE
    return None


def why_not_open(
    *,
    secrecy: Secrecy,
    state: State,
    has_key: bool,
    is_settled: bool,
    has_too_few: bool,
    papers_wait: bool = False,
) -> UrnRefusal | None:
    """Judge whether the urn may be opened: once, after the close, when the links are destroyed."""
    if secrecy is not Secrecy.SEALED:
        return UrnRefusal.NOT_SEALED
    if not has_key:
        return UrnRefusal.NO_KEY
    if state.is_counted:
        return UrnRefusal.OPENED_BEFORE
    if state is not State.CLOSED:
        return UrnRefusal.NOT_CLOSED
    if has_too_few:
        return UrnRefusal.TOO_FEW_VOTED
    if papers_wait:
        return UrnRefusal.PAPERS_WAIT
    return None if is_settled else UrnRefusal.NOT_SETTLED
