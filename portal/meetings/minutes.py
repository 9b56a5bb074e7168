"""Minutes of a meeting: written, signed by two who were there, recorded, corrected. Never commits.

With the second signature who was there stands too, as the votes of a meeting let it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select

from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.meetings import attending, convening, minutes_rules, presence
from portal.meetings.minutes_models import Minutes, MinutesCorrection, MinutesItem
from portal.meetings.models import Meeting
from portal.meetings.rules import Refusal
from portal.transparency import service as transparency
from portal.transparency.rules import Kept

KIND = "minutes"
SUBJECT, CORRECTED = "会议纪要：{title}", "会议纪要更正：{title}"
"""What the public record says; it is in the village's language, whoever signs."""


def find(meeting_id: int) -> Minutes | None:
    """Return the minutes of a meeting, or None."""
    return db.session.scalar(select(Minutes).where(Minutes.meeting_id == meeting_id))


def list_corrections(minutes_id: int) -> list[MinutesCorrection]:
    """Return what was corrected about minutes, in its order."""
    query = select(MinutesCorrection).where(MinutesCorrection.minutes_id == minutes_id)
    return list(db.session.scalars(query.order_by(MinutesCorrection.position)))


def write(
    meeting_id: int,
    *,
    text: str,
    decisions: Mapping[int, str],
    seen: int,
    account_id: int,
    now: datetime,
) -> Minutes:
    """Write the minutes, with what was decided on each point of the agenda. Raises Refused.

    Who has signed an earlier text signs anew.
    """
    meeting = db.session.get_one(Meeting, meeting_id)
    row = _locked(meeting_id)
    refusal = minutes_rules.why_not_write(
        state=meeting.state_at(now),
        is_frozen=row is not None and row.is_frozen,
        text=text,
        seen=seen,
        revision=row.revision if row else 0,
    )
    if refusal:
        raise Refused(refusal)
    if row is None:
        row = Minutes(
            meeting_id=meeting.id, text=text, written_by=account_id, written_at=now, revision=0
        )
        keep_once(row, twice=Refusal.ALREADY_DONE)
    row.text, row.written_by, row.written_at = text.strip(), account_id, now
    row.revision, row.first_by, row.first_at = row.revision + 1, None, None
    db.session.execute(delete(MinutesItem).where(MinutesItem.minutes_id == row.id))
    db.session.add_all(
        MinutesItem(
            minutes_id=row.id,
            position=position,
            title=title,
            decision=decisions.get(position, "").strip(),
        )
        for position, title in enumerate(minutes_rules.agenda_items(meeting.agenda), start=1)
    )
    db.session.flush()
    db.session.expire(row, ["items"])
    return row


def why_not_sign(row: Minutes, *, seen: int, account_id: int, now: datetime) -> Refusal | None:
    """Say why this person cannot sign these minutes, or None."""
    own = attending.own_resident(account_id)
    return minutes_rules.why_not_sign(
        is_frozen=row.is_frozen,
        was_there=own is not None and own in presence.attendees(row.meeting_id),
        signed_by=row.first_by,
        account_id=account_id,
        seen=seen,
        revision=row.revision,
    )


def sign(meeting_id: int, *, seen: int, account_id: int, now: datetime) -> bool:
    """Sign minutes as somebody who was there; tell whether that froze them. Raises Refused."""
    row = _locked(meeting_id)
    if row is None:
        raise Refused(Refusal.NO_MINUTES)
    if refusal := why_not_sign(row, seen=seen, account_id=account_id, now=now):
        raise Refused(refusal)
    if row.first_by is None:
        row.first_by, row.first_at = account_id, now
        db.session.flush()
        return False
    convening.settle(meeting_id, now=now)
    meeting = db.session.get_one(Meeting, meeting_id)
    digest = digest_of(row, meeting)
    entry = transparency.append(
        kind=KIND,
        subject=SUBJECT.format(title=meeting.title),
        content_sha256=digest,
        file_sha256=digest,
        now=now,
    )
    row.second_by, row.second_at = account_id, now
    row.content_sha256, row.record_number = digest, entry.number
    db.session.flush()
    return True


def correct(meeting_id: int, *, text: str, account_id: int | None, now: datetime) -> None:
    """Say beside frozen minutes what is wrong in them. Raises Refused."""
    row = _locked(meeting_id)
    if row is None or not row.is_frozen:
        raise Refused(Refusal.MINUTES_NOT_FROZEN)
    if not text.strip():
        raise Refused(Refusal.NO_REASON)
    meeting = db.session.get_one(Meeting, meeting_id)
    last = db.session.scalar(
        select(func.max(MinutesCorrection.position)).where(MinutesCorrection.minutes_id == row.id)
    )
    position = (last or 0) + 1
    digest = _digest_of_correction(row.id, position, text.strip(), now)
    entry = transparency.append(
        kind=KIND,
        subject=CORRECTED.format(title=meeting.title),
        content_sha256=digest,
        file_sha256=digest,
        now=now,
    )
    correction = MinutesCorrection(
        minutes_id=row.id,
        position=position,
        text=text.strip(),
        written_by=account_id,
        written_at=now,
        content_sha256=digest,
        record_number=entry.number,
    )
    keep_once(correction, twice=Refusal.ALREADY_DONE)


def digest_of(row: Minutes, meeting: Meeting) -> str:
    """Return the digest of what everybody reads of minutes, and of who signed by number."""
    return minutes_rules.digest_of(
        {
            "meeting": meeting.id,
            "title": meeting.title,
            "held_at": meeting.held_at.isoformat(),
            "chair": meeting.opening.chair if meeting.opening else "",
            "text": row.text,
            "items": [[item.position, item.title, item.decision] for item in row.items],
            "revision": row.revision,
        }
    )


def _digest_of_correction(minutes_id: int, position: int, text: str, written_at: datetime) -> str:
    return minutes_rules.digest_of(
        {
            "minutes": minutes_id,
            "position": position,
            "text": text,
            "written_at": written_at.isoformat(timespec="microseconds"),
        }
    )


def _locked(meeting_id: int) -> Minutes | None:
    return db.session.scalar(
        select(Minutes)
        .where(Minutes.meeting_id == meeting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


class MinutesKeeper:
    """Answers the public record's question (`transparency.ports.Keeper`) for minutes."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash all frozen minutes and their corrections as they lie here now."""
        rows = db.session.execute(
            select(Minutes, Meeting)
            .join(Meeting, Meeting.id == Minutes.meeting_id)
            .where(Minutes.record_number.is_not(None))
            .order_by(Minutes.id)
        )
        for row, meeting in rows.all():
            digest = digest_of(row, meeting)
            yield Kept(row.record_number or 0, digest, digest)
        for beside in db.session.scalars(select(MinutesCorrection).order_by(MinutesCorrection.id)):
            digest = _digest_of_correction(
                beside.minutes_id, beside.position, beside.text, beside.written_at
            )
            yield Kept(beside.record_number, digest, digest)
