"""After the vote: two of the three trustees each give their part, and the sum comes of itself.

The tool works on the archive first; what it made is kept only if nobody was faster. Never commits.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.ballots import asking, ceremony, closing, life, papers_in
from portal.ballots.belenios import archive, election, keys, tool
from portal.ballots.belenios.archive import Archive, Happening
from portal.ballots.belenios.asked import by_tool
from portal.ballots.belenios.models import BeleniosArchive, BeleniosPiece
from portal.ballots.belenios.rules import Refusal, Round, Seat
from portal.ballots.belenios.setting_up import (
    Trustee,
    find_archive,
    get_ballot,
    list_trustees,
    next_round,
    own_seat,
)
from portal.ballots.belenios.voting import keep_archive
from portal.ballots.detail import sums_of
from portal.ballots.models import Ballot
from portal.ballots.papers_in import Counted
from portal.ballots.urn_rules import UrnRefusal
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.transparency import service as record
from portal.transparency.rules import Kept

ARCHIVE_KIND = "belenios-archive"
LONGEST = timedelta(seconds=2 * tool.SECONDS + 60)
"""So long a part can be under way; what takes longer was broken off with its process."""


@dataclass(frozen=True)
class Part:
    """One trustee's part of the opening, and the archive with it. `older` is what it stands on."""

    ballot_id: int
    seat: Seat
    account_id: int
    content: str
    older: str
    archive: bytes


def check_letters(ballot_id: int, seat: Seat, *, secret: str, account_id: int) -> None:
    """Raise Refused unless this trustee can give a part now, and these are their letters."""
    own, _box = _ready(ballot_id, seat, account_id)
    if not by_tool(lambda: keys.is_secret_of(own.pieces[Round.CERTIFY], secret)):
        raise Refused(Refusal.WRONG_KEY)


def claim(ballot_id: int, seat: Seat, *, now: datetime) -> None:
    """Note that a part is being made, or raise Refused: one is made at a time."""
    claimed = db.session.execute(
        update(BeleniosArchive)
        .where(
            BeleniosArchive.ballot_id == ballot_id,
            BeleniosArchive.part_begun_at.is_(None)
            | (BeleniosArchive.part_begun_at < now - LONGEST),
        )
        .values(part_seat=seat, part_begun_at=now)
        .returning(BeleniosArchive.id)
    )
    if claimed.one_or_none() is None:
        raise Refused(Refusal.PART_BEING_MADE)


def let_go(ballot_id: int) -> None:
    """Note that no part is being made any more, whether it came to be or not."""
    db.session.execute(
        update(BeleniosArchive)
        .where(BeleniosArchive.ballot_id == ballot_id)
        .values(part_begun_at=None)
    )


def being_made(box: BeleniosArchive | None, *, now: datetime) -> Seat | None:
    """Return whose part is being made now, or None."""
    if box is None or box.part_begun_at is None or box.part_begun_at < now - LONGEST:
        return None
    return box.part_seat


def make_part(ballot_id: int, seat: Seat, *, secret: str, account_id: int) -> Part:
    """Make a trustee's part from their secret, which is forgotten, or raise Refused."""
    own, box = _ready(ballot_id, seat, account_id)
    sealed_share = json.loads(own.pieces[Round.RECEIVE])["private_key"]
    place = list(Seat).index(seat) + 1
    part = by_tool(
        lambda: election.decrypt(box.content, secret, sealed_share, place), wrong=Refusal.WRONG_KEY
    )
    longer = by_tool(lambda: election.with_part(box.content, part))
    return Part(ballot_id, seat, account_id, part, box.content_sha256, longer)


def _ready(ballot_id: int, seat: Seat, account_id: int) -> tuple[Trustee, BeleniosArchive]:
    """Return the trustee and the closed box, or raise Refused where no part can be given."""
    ballot = get_ballot(ballot_id)
    trustees, box = list_trustees(ballot_id), find_archive(ballot_id)
    own = own_seat(trustees, seat, account_id)
    read = archive.read(box.content) if box else None
    if box is None or read is None or not read.has(Happening.TALLY):
        raise Refused(Refusal.NOT_CLOSED)
    if ceremony.has_too_few(ballot):
        raise Refused(UrnRefusal.TOO_FEW_VOTED)
    if (
        len(read.opened_by) >= keys.NEEDED
        or next_round(trustees, seat, is_closed=True) is not Round.OPEN
    ):
        raise Refused(Refusal.ALREADY_DONE)
    return own, box


def keep_part(part: Part, *, now: datetime) -> bool:
    """Publish a trustee's part; False if the archive has grown meanwhile: then it fits no more."""
    if not keep_archive(part.ballot_id, part.older, part.archive):
        return False
    piece = BeleniosPiece(
        ballot_id=part.ballot_id,
        seat=part.seat,
        round=Round.OPEN,
        content=part.content,
        account_id=part.account_id,
        done_at=now,
    )
    keep_once(piece, twice=Refusal.ALREADY_DONE)
    return True


def make_result(ballot_id: int) -> tuple[str, bytes]:
    """Return the finished archive, all of it checked, and the digest of the one before."""
    box = find_archive(ballot_id)
    if box is None:
        raise Refused(Refusal.NOT_SET_UP)
    finished, _sums = election.with_result(box.content)
    return box.content_sha256, finished


def keep_result(ballot_id: int, older: str, content: bytes, *, now: datetime) -> bool:
    """Publish the finished archive, and finish the ballot with its sums, once."""
    ballot = life.locked(ballot_id)
    if not keep_archive(ballot_id, older, content):
        return False
    _record(ballot_id, content, now=now)
    closing.finish(ballot, _counted(ballot, archive.read(content)), now=now)
    return True


def _counted(ballot: Ballot, read: Archive) -> Counted:
    """Add what was counted by hand to the opened sum, as with every other vote."""
    frame = asking.frame_of(ballot, asking.list_options(ballot.id))
    by_hand, spoiled, batches = papers_in.batch_papers(ballot.id)
    added = tuple(map(sum, zip(read.sums or (), sums_of(frame, by_hand), strict=True)))
    return Counted(
        valid=len(read.ballots) + by_hand.total(),
        invalid=spoiled,
        sums=added,
        detail={},
        batches=batches,
    )


class ArchiveKeeper:
    """Answers the public record's question (`transparency.ports.Keeper`) for finished archives."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every archive with a result, as it lies here now."""
        query = select(BeleniosArchive).where(BeleniosArchive.record_number.is_not(None))
        for row in db.session.scalars(query.order_by(BeleniosArchive.id)).all():
            digest = hashlib.sha256(row.content).hexdigest()
            yield Kept(row.record_number or 0, digest, digest)


def _record(ballot_id: int, content: bytes, *, now: datetime) -> None:
    """Write the digest of the finished archive into the village's record."""
    sha256 = hashlib.sha256(content).hexdigest()
    entry = record.append(
        kind=ARCHIVE_KIND,
        subject=f"ballot/{ballot_id}",
        content_sha256=sha256,
        file_sha256=sha256,
        now=now,
    )
    db.session.execute(
        update(BeleniosArchive)
        .where(BeleniosArchive.ballot_id == ballot_id)
        .values(record_number=entry.number)
    )
