"""Ballots that wait for votes, with names and sealed, and the papers that electors send."""

import base64
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from flask import url_for
from sqlalchemy import func, select

from bench.load import request_bytes
from portal.ballots import keys, sealing
from portal.ballots import service as ballots
from portal.ballots.models import Ballot, BallotChoice
from portal.ballots.rules import Kind
from portal.ballots.states import Secrecy
from portal.ballots.urn_models import Urn
from portal.core import clock
from portal.core.db import db

HOLDERS = [("王主任", "村民委员会"), ("孙监督", "村务监督委员会"), ("李干事", "镇人民政府")]


@dataclass(frozen=True)
class Elector:
    """Somebody who is signed in and about to vote."""

    resident_id: int
    cookies: dict[str, str]
    form_token: str
    house_key: str

    @property
    def cookie(self) -> str:
        """Return what the browser sends of them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


@dataclass(frozen=True)
class OpenBallot:
    """A ballot that waits for votes: where they are sent, what they say, who opens the urn."""

    id: int
    option_ids: tuple[int, ...]
    closes_after: timedelta
    public_key: str = ""
    manifest_sha256: str = ""
    words: tuple[str, ...] = ()
    address: str = ""

    @property
    def is_sealed(self) -> bool:
        """Tell whether envelopes are cast."""
        return bool(self.public_key)

    @property
    def status(self) -> str:
        """Return how a vote is answered that is counted."""
        return "200" if self.is_sealed else "303"


def open_named(version_id: int) -> OpenBallot:
    """Announce and open a yes/no vote with names."""
    draft = _draft(version_id, Secrecy.OPEN)
    return _opened(ballots.announce_ballot(draft, now=_announced_at()).id)


def open_sealed(version_id: int) -> OpenBallot:
    """Announce and open a sealed yes/no vote, with its key in three shares."""
    ballot = ballots.draft_ballot(_draft(version_id, Secrecy.SEALED), now=_announced_at())
    keys.name_holders(ballot.id, HOLDERS, now=_announced_at())
    words = tuple(share.words for share in keys.make_key(ballot.id, now=_announced_at()))
    ballots.announce_drafted(ballot.id, now=_announced_at())
    return replace(_opened(ballot.id), words=words)


def _announced_at() -> datetime:
    return clock.now() - timedelta(days=2)


def _draft(version_id: int, secrecy: Secrecy) -> ballots.Draft:
    return ballots.Draft(
        version_id=version_id,
        question="测量用投票：同意先修村口的桥吗？",
        kind=Kind.YES_NO,
        secrecy=secrecy,
        profile_code="consultative",
        opens_at=_announced_at() + timedelta(hours=1),
        closes_at=_announced_at() + timedelta(days=30),
    )


def _opened(ballot_id: int) -> OpenBallot:
    ballot: Ballot = ballots.open_ballot(ballot_id, now=clock.now())
    return OpenBallot(
        ballot.id,
        tuple(option.id for option in ballots.list_options(ballot.id)),
        timedelta(days=30),
        ballot.public_key,
        ballot.manifest_sha256 or "",
    )


def addressed(ballot: OpenBallot, code: str) -> OpenBallot:
    """Add where votes are sent; within a request of the app."""
    endpoint = "ballots.sealed_cast" if ballot.is_sealed else "ballots.cast"
    return replace(ballot, address=url_for(endpoint, village_code=code, ballot_id=ballot.id))


def paper(ballot: OpenBallot, elector: Elector, place: int = 0) -> dict[str, str]:
    """Fill in a ballot paper for one of its options, under a key of its own."""
    sent = {"csrf_token": elector.form_token, "key": secrets.token_urlsafe(24)}
    if not ballot.is_sealed:
        return {**sent, "chosen": str(ballot.option_ids[place])}
    values = [int(at == place) for at in range(len(ballot.option_ids))]
    plain = sealing.write_paper(ballot.manifest_sha256, values)
    envelope = sealing.seal(plain, ballot.public_key)
    return {
        **sent,
        "envelope": base64.b64encode(envelope).decode(),
        "whose": _whose(ballot, elector),
    }


def _whose(ballot: OpenBallot, elector: Elector) -> str:
    """Return what the house wrote on the page: whose phone this is (`secrets.digest`)."""
    text = f"sealed paper\x00{ballot.id} {elector.resident_id}"
    return hmac.new(elector.house_key.encode(), text.encode(), sha256).hexdigest()[:16]


def request(ballot: OpenBallot, elector: Elector, sent: dict[str, str]) -> bytes:
    """Write the request that casts a paper."""
    body = urlencode(sent).encode("ascii")
    return request_bytes("POST", ballot.address, headers={"Cookie": elector.cookie}, body=body)


def count_papers(ballot: OpenBallot) -> int:
    """Return how many marks, or envelopes, are kept."""
    kept = Urn if ballot.is_sealed else BallotChoice
    query = select(func.count()).select_from(kept).where(kept.ballot_id == ballot.id)
    return db.session.scalar(query) or 0
