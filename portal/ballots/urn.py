"""The sealed urn: an envelope is put in once, its receipt is found again, nothing else is told.

At the cast three rows are written and nothing more: the turnout (with the day only), the envelope,
and the link by which a second sending finds the first one's receipt until the close.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.sql.dml import ReturningInsert

from portal.ballots import admission, casting, rules, sealing, urn_rules
from portal.ballots.models import Ballot, Turnout
from portal.ballots.states import Secrecy
from portal.ballots.urn_models import CastKey, Urn
from portal.ballots.urn_rules import UrnRefusal
from portal.core import clock, scope, secrets
from portal.core.db import db, insert_or, table_of
from portal.core.errors import Refused
from portal.people.rules import Channel
from portal.transparency import signing, tree

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class SealedReceipt:
    """What an elector takes home: the envelope's digest and our promise to count it.

    It is as long for one choice as for another, and made of nothing but the envelope.
    """

    ballot_id: int
    ballot_sha256: str
    promise: str

    @property
    def code(self) -> str:
        """Return the first 80 bits of the digest in letters that are not mistaken for another."""
        return code_of(self.ballot_sha256)


def code_of(ballot_sha256: str) -> str:
    """Return the short code of an envelope: sixteen letters of five bits."""
    bits = int(ballot_sha256[: CODE_LENGTH * 5 // 4], 16)
    return "".join(CODE_LETTERS[bits >> 5 * at & 31] for at in reversed(range(CODE_LENGTH)))


def promise_text(manifest_sha256: str, ballot_sha256: str) -> bytes:
    """Return what we sign when an envelope is in the urn."""
    return f"promise|{manifest_sha256}|{ballot_sha256}".encode()


def leaf_of(ballot_sha256: str) -> str:
    """Return the leaf by which an envelope stands in its log."""
    return tree.leaf(bytes.fromhex(ballot_sha256)).hex()


def read_envelope(text: str) -> bytes:
    """Return the envelope that a browser has sent, or raise Refused for what is none."""
    try:
        envelope = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(UrnRefusal.NOT_AN_ENVELOPE) from error
    if refusal := urn_rules.why_not_envelope(envelope):
        raise Refused(refusal)
    return envelope


def cast_sealed(
    ballot_id: int,
    resident_id: int | None,
    envelope: bytes,
    *,
    key: str,
    now: datetime,
    channel: Channel = Channel.SELF,
    ready: admission.Ready | None = None,
) -> SealedReceipt:
    """Put an envelope into the urn, once; a second sending of it returns the same receipt.

    The table's keys judge last: one turnout for each elector, no envelope twice. Raises Refused,
    with the receipt where this elector has voted already and it is still known.
    """
    if refusal := urn_rules.why_not_envelope(envelope):
        raise Refused(refusal)
    ready = admission.hold(ballot_id, resident_id, ready, now=now, channel=channel)
    facts = ballot = ready.facts
    if ballot.secrecy is not Secrecy.SEALED:
        raise Refused(UrnRefusal.NOT_SEALED)
    refused = casting.why_not_vote(
        facts, resident_id, has_voted=False, channel=ready.channel, now=now
    )
    if refused is None and ballot.closed_at is not None:  # while this vote was on its way
        refused = rules.Refusal.CLOSED
    if refused or resident_id is None or ready.deed is None:
        return _earlier(ballot, resident_id, envelope, key, refused or rules.Refusal.NOT_A_RESIDENT)
    deed = ready.deed.copy()
    deed["done_at"] = clock.midnight_before(clock.today(now))
    turnout_id = casting.enter_turnout(
        facts, deed, key=secrets.token(), receipt=secrets.token()[:16]
    )
    if turnout_id is None:
        return _earlier(
            ballot, resident_id, envelope, key, casting.why_not_entered(facts, resident_id)
        )
    digest = sealing.digest(envelope)
    if not _put(ballot_id=ballot.id, ballot_sha256=digest, ciphertext=envelope):
        raise Refused(UrnRefusal.COPIED)
    link = {"key_sha256": _key_digest(key), "ballot_sha256": digest}
    db.session.execute(_LINK, {"ballot_id": ballot.id, "resident_id": resident_id, **link})
    return receipt_of(ballot, digest)


def receipt_of(ballot: Any, ballot_sha256: str) -> SealedReceipt:
    """Sign that an envelope is in the urn. The same envelope has the same receipt for ever."""
    message = promise_text(ballot.manifest_sha256 or "", ballot_sha256)
    return SealedReceipt(
        ballot_id=ballot.id, ballot_sha256=ballot_sha256, promise=signing.sign(message)
    )


def find_own_receipt(ballot: Ballot, resident_id: int) -> SealedReceipt | None:
    """Return an elector's own receipt while the vote is open; afterwards only they have it."""
    digest = db.session.scalar(
        select(CastKey.ballot_sha256).where(
            CastKey.ballot_id == ballot.id, CastKey.resident_id == resident_id
        )
    )
    return receipt_of(ballot, digest) if digest else None


def find_by_code(typed: str) -> tuple[Ballot, SealedReceipt] | None:
    """Return the envelope with this code or digest, typed as people type, or None."""
    code = rules.plain_code(typed)
    digest = typed.strip().lower()
    if len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS):
        bits = sum(CODE_LETTERS.index(c) << 5 * at for at, c in enumerate(reversed(code)))
        digest = f"{bits:020x}"
    if len(digest) not in (20, 64) or set(digest) - set("0123456789abcdef"):
        return None
    found = db.session.execute(
        select(Ballot, Urn.ballot_sha256)
        .join(Urn, Urn.ballot_id == Ballot.id)
        .where(Urn.ballot_sha256.between(digest, digest + "g"))
        .limit(1)
    ).one_or_none()
    return (found[0], receipt_of(found[0], found[1])) if found else None


def count_envelopes(ballot_id: int) -> int:
    """Return how many envelopes are in the urn. Only after the close does this tell anybody."""
    query = select(func.count()).select_from(Urn).where(Urn.ballot_id == ballot_id)
    return db.session.scalar(query) or 0


def list_digests(ballot_id: int) -> list[str]:
    """Return the digests of all envelopes in their order, as they are published at the close."""
    query = select(Urn.ballot_sha256).where(Urn.ballot_id == ballot_id)
    return list(db.session.scalars(query.order_by(Urn.ballot_sha256)))


def has_links(ballot_id: int) -> bool:
    """Tell whether a link between an elector and an envelope is left."""
    return bool(
        db.session.scalar(
            select(CastKey.resident_id).where(CastKey.ballot_id == ballot_id).limit(1)
        )
    )


def destroy_links(ballot_id: int) -> None:
    """Delete what led from electors to envelopes."""
    db.session.execute(delete(CastKey).where(CastKey.ballot_id == ballot_id))


def _put(**values: Any) -> bool:
    """Put an envelope in unless it is there; no exception, which would end the transaction."""
    return db.session.scalar(_envelope(db.engine.dialect.name), values) is not None


@cache
def _envelope(_dialect: str) -> ReturningInsert[Any]:
    insert = insert_or(table_of(Urn)).on_conflict_do_nothing()
    return scope.prepared(insert.returning(Urn.ballot_sha256))


_LINK = scope.prepared(insert(table_of(CastKey)))


def _earlier(
    ballot: Any, resident_id: int | None, envelope: bytes, key: str, otherwise: rules.Refusal
) -> SealedReceipt:
    """Return the receipt of the same sending, or raise Refused: voted already, or otherwise.

    After the close no link is left; then whoever has voted and sends an envelope that is in the urn
    hears that it is.
    """
    digest = sealing.digest(envelope)
    if resident_id is None or not _has_voted(ballot.id, resident_id):
        raise Refused(otherwise)
    if ballot.closed_at is not None:
        if db.session.get(Urn, (ballot.id, digest)):
            return receipt_of(ballot, digest)
        raise Refused(UrnRefusal.CLOSED)
    link = db.session.execute(
        select(CastKey.key_sha256, CastKey.ballot_sha256).where(
            CastKey.ballot_id == ballot.id, CastKey.resident_id == resident_id
        )
    ).one_or_none()
    if link is None:
        raise Refused(UrnRefusal.VOTED_OTHERWISE)
    receipt = receipt_of(ballot, link.ballot_sha256)
    if not (secrets.same(link.key_sha256, _key_digest(key)) and digest == link.ballot_sha256):
        raise Refused(UrnRefusal.VOTED_ELSEWHERE, receipt=receipt)
    return receipt


def _has_voted(ballot_id: int, resident_id: int) -> bool:
    query = select(Turnout.id).where(
        Turnout.ballot_id == ballot_id, Turnout.resident_id == resident_id
    )
    return db.session.scalar(query) is not None


def _key_digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
