"""The key of a sealed ballot: who holds its shares, the one making of it, the rehearsal.

The key and its shares are in memory while one request runs and nowhere else: not in the database,
the session, a file or a log. What is kept is the public half and a digest of each share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from portal.ballots import sealing, urn_rules
from portal.ballots.life import locked
from portal.ballots.models import Ballot
from portal.ballots.states import state
from portal.ballots.urn_models import KeyHolder
from portal.ballots.urn_rules import UrnRefusal
from portal.core.db import db
from portal.core.errors import Refused

TEST_PAPER = (1, 0)
TEST_MANIFEST = "00" * 32


@dataclass(frozen=True, repr=False)
class Share:
    """One holder's share, to be printed once."""

    holder: KeyHolder
    words: str


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """Two shares opened the test envelope, whatever became of the third."""

    positions: tuple[int, ...]
    opened: tuple[int, ...]


def list_holders(ballot_id: int) -> list[KeyHolder]:
    """Return the three holders of a ballot's key, as far as they are named."""
    query = select(KeyHolder).where(KeyHolder.ballot_id == ballot_id)
    return list(db.session.scalars(query.order_by(KeyHolder.position)))


def name_holders(ballot_id: int, holders: Sequence[tuple[str, str]], *, now: datetime) -> None:
    """Name who is to hold the shares, as (name, office). A key that was made before is void."""
    ballot = _changeable(ballot_id, now=now)
    if refusal := urn_rules.why_not_holders(holders):
        raise Refused(refusal)
    ballot.public_key = ""
    db.session.execute(delete(KeyHolder).where(KeyHolder.ballot_id == ballot_id))
    db.session.add_all(
        KeyHolder(ballot_id=ballot_id, position=position, name=name.strip(), office=office.strip())
        for position, (name, office) in enumerate(holders, start=1)
    )
    db.session.flush()


def make_key(ballot_id: int, *, now: datetime) -> list[Share]:
    """Draw the key, keep its public half, and return the shares for their one printing.

    Made anew, the shares of before open nothing any more.
    """
    ballot = _changeable(ballot_id, now=now)
    holders = list_holders(ballot_id)
    if len(holders) < sealing.HOLDERS:
        raise Refused(UrnRefusal.HOLDERS_FIRST)
    pair = sealing.make_key()
    shares = [
        Share(holder, words)
        for holder, words in zip(holders, sealing.split(pair.private), strict=True)
    ]
    for share in shares:
        share.holder.share_sha256 = sealing.share_digest(share.words)
        share.holder.made_at, share.holder.proven_at = now, None
    ballot.public_key = pair.public
    db.session.flush()
    return shares


def rehearse(ballot_id: int, typed: Sequence[str], *, now: datetime) -> Rehearsal:
    """Prove that the words of two holders open what is sealed to the ballot's key.

    Raises WrongShare with the word that is wrong, and Refused once voting has begun. The third
    share may be lost or destroyed.
    """
    ballot = locked(ballot_id)
    if refusal := urn_rules.why_not_rehearse(state(ballot, now=now)):
        raise Refused(refusal)
    holders, private = unlock(ballot, typed)
    envelope = sealing.seal(sealing.write_paper(TEST_MANIFEST, TEST_PAPER), ballot.public_key)
    plain = sealing.open_box(envelope, private)
    for holder in holders:
        holder.proven_at = now
    db.session.flush()
    return Rehearsal(
        positions=tuple(holder.position for holder in holders),
        opened=sealing.read_paper(plain, TEST_MANIFEST, options=len(TEST_PAPER)),
    )


def unlock(ballot: Ballot, typed: Sequence[str]) -> tuple[list[KeyHolder], bytes]:
    """Return who typed their words, and the private key made of them; raise WrongShare or Refused.

    Whoever calls it drops the key before the request ends.
    """
    if not ballot.public_key:
        raise Refused(UrnRefusal.NO_KEY)
    holders = list_holders(ballot.id)
    private = sealing.combine(typed, known=_known(holders), public_key=ballot.public_key)
    digests = [sealing.share_digest(words) for words in typed]
    return [holder for holder in holders if holder.share_sha256 in digests], private


def is_proven(ballot_id: int) -> bool:
    """Tell whether every holder's words opened the test envelope once."""
    holders = list_holders(ballot_id)
    return len(holders) == sealing.HOLDERS and all(holder.proven_at for holder in holders)


def _known(holders: Sequence[KeyHolder]) -> Mapping[str, int]:
    return {holder.share_sha256: holder.position for holder in holders if holder.share_sha256}


def _changeable(ballot_id: int, *, now: datetime) -> Ballot:
    ballot = locked(ballot_id)
    refusal = urn_rules.why_not_key(secrecy=ballot.secrecy, state=state(ballot, now=now))
    if refusal:
        raise Refused(refusal)
    return ballot
