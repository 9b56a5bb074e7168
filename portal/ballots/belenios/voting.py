"""The vote: the booth seals, the box takes, the archive is published in batches. Never commits.

Final when cast, like every vote of the house (domain.md V21). Beside a ballot stands no time and no
name; beside the turnout stands the day.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select, update

from portal.ballots import admission, casting, closing, life, records
from portal.ballots.belenios import archive, election, rules
from portal.ballots.belenios.archive import Happening
from portal.ballots.belenios.asked import by_tool
from portal.ballots.belenios.models import BeleniosArchive, BeleniosBallot
from portal.ballots.belenios.rules import Refusal
from portal.ballots.belenios.setting_up import find_archive
from portal.ballots.models import Ballot
from portal.ballots.rules import Refusal as VoteRefusal
from portal.ballots.states import Secrecy
from portal.core import clock, scope, secrets
from portal.core.db import db, insert_or
from portal.core.errors import Refused
from portal.people import service as people
from portal.people.rules import Channel
from portal.transparency import logs, tree

LONGEST = 400_000
"""So many letters has no sealed ballot: one of 94 answers has 170,000."""
BATCH = 10
"""So many ballots at least are published at once, sorted, so that the archive tells no order."""


@dataclass(frozen=True)
class Tracked:
    """Where a ballot is: in the box, and in the published archive or about to be."""

    tracker: str
    is_published: bool


def seal(ballot_id: int, credential: str, paper: Sequence[int]) -> str:
    """Let the booth seal a paper, and return the sealed ballot. Nothing of it is kept here."""
    box = _open_box(ballot_id)
    plain = rules.plain_credential(credential)
    sealed = by_tool(lambda: election.seal(box.fresh, plain, paper), wrong=Refusal.WRONG_CREDENTIAL)
    if _credential_of(sealed) not in archive.read(box.fresh).credentials:
        raise Refused(Refusal.WRONG_CREDENTIAL)
    return sealed


def checked(ballot_id: int, sealed: str) -> str:
    """Return a sealed ballot as it goes into the box, its proofs checked by the tool, or Refused.

    It may come from our booth, or from the tool on a machine of the elector's own.
    """
    box, sealed = _open_box(ballot_id), sealed.strip()
    if len(sealed) > LONGEST or "\n" in sealed:
        raise Refused(Refusal.BAD_BALLOT)
    credential = _credential_of(sealed)
    if credential not in archive.read(box.fresh).credentials:
        raise Refused(Refusal.WRONG_CREDENTIAL)
    by_tool(lambda: election.check_ballot(box.fresh, sealed, credential), wrong=Refusal.BAD_BALLOT)
    return sealed


def cast(ballot_id: int, resident_id: int, sealed: str, *, now: datetime) -> str:
    """Put a checked ballot into the box, once, and return its tracker; twice sent is the same.

    The tables' keys judge last. Raises Refused where the elector has voted, or the slip was used.
    """
    tracker = tracker_of(sealed)
    if find_tracked(ballot_id, tracker):
        return tracker
    if refused := _enter(ballot_id, resident_id, now=now):
        if find_tracked(ballot_id, tracker):  # the same ballot, sent twice at once
            return tracker
        raise Refused(refused)
    row = {
        "village_id": scope.require_village(),
        "ballot_id": ballot_id,
        "ballot_sha256": tracker,
        "credential_sha256": _digest(_credential_of(sealed)),
        "content": sealed,
    }
    put = insert_or(BeleniosBallot).on_conflict_do_nothing()
    if db.session.scalar(put.returning(BeleniosBallot.ballot_sha256), row) is None:
        raise Refused(Refusal.CREDENTIAL_USED)  # a key: this slip has voted, in whoever's hand
    return tracker


def _enter(ballot_id: int, resident_id: int, *, now: datetime) -> StrEnum | None:
    """Note that an elector voted, with the day alone, or return which key forbids it.

    Raises Refused for whoever may not vote now.
    """
    facts = admission.read_facts(ballot_id, resident_id, casts=True)
    if facts.secrecy is not Secrecy.BELENIOS:
        raise Refused(Refusal.NOT_BELENIOS)
    if refused := casting.why_not_vote(
        facts, resident_id, has_voted=False, channel=Channel.SELF, now=now
    ):
        raise Refused(refused)
    if facts.closed_at is not None:  # while this vote was on its way
        raise Refused(VoteRefusal.CLOSED)
    day = clock.midnight_before(clock.today(now))
    deed = people.deed_facts(resident_id, now=day, channel=Channel.SELF)
    key, receipt = secrets.token(), secrets.token()[:16]
    if casting.enter_turnout(facts, deed, key=key, receipt=receipt) is not None:
        return None
    refused = casting.why_not_entered(facts, resident_id)
    return Refusal.VOTED if refused is VoteRefusal.KEY_OF_ANOTHER else refused


def find_tracked(ballot_id: int, typed: str) -> Tracked | None:
    """Return the ballot with this tracker, or this beginning of one, or None."""
    digits = "".join(typed.lower().split())
    if not 12 <= len(digits) <= 64 or set(digits) - set("0123456789abcdef"):
        return None
    tracker = db.session.scalar(
        select(BeleniosBallot.ballot_sha256).where(
            BeleniosBallot.ballot_id == ballot_id,
            BeleniosBallot.ballot_sha256.between(digits, digits + "g"),
        )
    )
    box = find_archive(ballot_id)
    if tracker is None or box is None:
        return None
    return Tracked(tracker, tracker in archive.read(box.content).ballots)


def tracker_of(sealed: str) -> str:
    """Return the tracker of a sealed ballot: its SHA-256, as it stands in the archive."""
    return _digest(sealed)


def promise_text(ballot: Ballot, tracker: str) -> bytes:
    """Return what the portal signs when a ballot is in the box."""
    return f"promise|{ballot.manifest_sha256 or ''}|{tracker}".encode()


def publish(ballot_id: int, *, is_over: bool) -> tuple[str, bytes] | None:
    """Return the archive with the ballots that wait, sorted, and the digest of the one before.

    While the vote is open they are ten or more; None if they are not. When it is over the sealed
    sum stands behind them.
    """
    box = _open_box(ballot_id)
    waiting = _waiting(ballot_id, set(archive.read(box.content).ballots))
    if not is_over and len(waiting) < BATCH:
        return None
    longer = election.with_ballots(box.content, waiting) if waiting else box.content
    return box.content_sha256, election.close(longer) if is_over else longer


def keep_archive(ballot_id: int, older: str, content: bytes) -> bool:
    """Put a longer archive in the place of the one with the digest `older`; False if it is gone.

    The trackers come into the ballot's log in the same order, for the signed checkpoints.
    """
    read = archive.read(content)
    changed = db.session.execute(
        update(BeleniosArchive)
        .where(BeleniosArchive.ballot_id == ballot_id, BeleniosArchive.content_sha256 == older)
        .values(
            content=content,
            content_sha256=hashlib.sha256(content).hexdigest(),
            published=len(read.ballots),
            is_closed=read.has(Happening.TALLY),
        )
        .returning(BeleniosArchive.id)
    )
    if changed.one_or_none() is None:
        return False
    log = records.log_name(ballot_id)
    new = read.ballots[logs.size(log) :]
    if new:
        logs.append(log, [tree.leaf(bytes.fromhex(tracker)).hex() for tracker in new])
    return True


def close_box(ballot_id: int, older: str, content: bytes, *, now: datetime) -> bool:
    """Close the box with this archive; False if a vote came in while it was made: then once more.

    Whoever votes holds the ballot's row, so a vote is either counted here or refused.
    """
    ballot = life.locked(ballot_id)
    put_in = select(func.count()).where(BeleniosBallot.ballot_id == ballot_id)
    if db.session.scalar(put_in) != len(archive.read(content).ballots):
        return False
    if not keep_archive(ballot_id, older, content):
        return False
    closing.close(ballot, now=now)
    return True


def _waiting(ballot_id: int, published: set[str]) -> list[str]:
    rows = db.session.execute(
        select(BeleniosBallot.ballot_sha256, BeleniosBallot.content)
        .where(BeleniosBallot.ballot_id == ballot_id)
        .order_by(BeleniosBallot.ballot_sha256)
    )
    return [content for tracker, content in rows if tracker not in published]


def _open_box(ballot_id: int) -> BeleniosArchive:
    box = find_archive(ballot_id)
    if box is None:
        raise Refused(Refusal.NOT_SET_UP)
    return box


def _credential_of(sealed: str) -> str:
    try:
        return str(json.loads(sealed)["credential"])
    except (ValueError, KeyError, TypeError, RecursionError) as broken:
        raise Refused(Refusal.BAD_BALLOT) from broken


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
