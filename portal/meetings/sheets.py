"""Signed sheets of attendance: entered by one, and counted once two witnesses agreed themselves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.meetings import attending
from portal.meetings.convening import hold
from portal.meetings.models import (
    AttendanceSheet,
    Meeting,
    MeetingMember,
    SheetAgreement,
    SheetName,
)
from portal.meetings.rules import Proof, Refusal
from portal.people.models import Account, Resident


def enter(
    meeting_id: int,
    resident_ids: Collection[int],
    *,
    file_sha256: str,
    witnesses: tuple[int, int],
    account_id: int,
    now: datetime,
) -> AttendanceSheet:
    """Enter a signed sheet. Nobody on it is noted before both witnesses agreed. Raises Refused."""
    meeting = hold(meeting_id)
    first, second = witnesses
    if first == second:
        raise Refused(Refusal.WITNESSES_SAME)
    if attending.own_resident(account_id) in witnesses:
        raise Refused(Refusal.WITNESS_ENTERS)
    if not resident_ids:
        raise Refused(Refusal.SHEET_EMPTY)
    if refusal := attending.why_not_now(meeting, Proof.SHEET, now=now):
        raise Refused(refusal)
    called = select(MeetingMember.resident_id).where(MeetingMember.meeting_id == meeting_id)
    if not set(resident_ids) <= set(db.session.scalars(called)):
        raise Refused(Refusal.NOT_A_MEMBER)
    known = select(func.count(Account.resident_id.distinct())).where(
        Account.resident_id.in_(witnesses)
    )
    if db.session.scalar(known) != len(witnesses):
        raise Refused(Refusal.WITNESS_WITHOUT_ACCOUNT)
    sheet = AttendanceSheet(
        meeting_id=meeting_id,
        file_sha256=file_sha256,
        first_witness_id=first,
        second_witness_id=second,
        entered_by=account_id,
        entered_at=now,
    )
    keep_once(sheet, twice=Refusal.SHEET_TWICE)
    db.session.add_all(
        SheetName(meeting_id=meeting_id, sheet_id=sheet.id, resident_id=resident_id)
        for resident_id in sorted(resident_ids)
    )
    db.session.flush()
    return sheet


def agree(sheet_id: int, *, meeting_id: int, account_id: int, now: datetime) -> int | None:
    """Say, as one of its two witnesses, that a sheet is right. Raises Refused.

    The second one lets it count: returns how many were noted by it, None while one is waited for.
    Who is noted already stays as they were noted: a signature beside a scan is no second presence.
    """
    sheet = db.session.scalar(
        select(AttendanceSheet)
        .where(AttendanceSheet.id == sheet_id, AttendanceSheet.meeting_id == meeting_id)
        .with_for_update()
    )
    own = attending.own_resident(account_id)
    if sheet is None or own is None or own not in (sheet.first_witness_id, sheet.second_witness_id):
        raise Refused(Refusal.NOT_A_WITNESS)
    if refusal := attending.why_not_now(hold(sheet.meeting_id), Proof.SHEET, now=now):
        raise Refused(refusal)
    agreement = SheetAgreement(
        sheet_id=sheet.id, resident_id=own, account_id=account_id, agreed_at=now
    )
    keep_once(agreement, twice=Refusal.ALREADY_AGREED)
    agreed = select(func.count(SheetAgreement.id)).where(SheetAgreement.sheet_id == sheet.id)
    if (db.session.scalar(agreed) or 0) < 2:
        return None
    names = select(SheetName.resident_id).where(SheetName.sheet_id == sheet.id)
    return attending.write(
        sheet.meeting_id,
        sorted(db.session.scalars(names)),
        Proof.SHEET,
        account_id=sheet.entered_by,
        now=now,
        sheet=sheet.id,
    )


@dataclass(frozen=True)
class Waiting:
    """A sheet that waits for a witness: its id, whom it is of, and who is on it."""

    id: int
    meeting_id: int
    witness: str
    names: tuple[str, ...]


def waiting_for(resident_id: int | None, *, now: datetime) -> list[Waiting]:
    """Return the sheets that wait for this witness and can still count."""
    if resident_id is None:
        return []
    return _waiting(Resident.id == resident_id, now=now)


def waiting_of(meeting_id: int, *, now: datetime) -> list[Waiting]:
    """Return what a meeting still waits for: a line for each witness who has not agreed."""
    return _waiting(AttendanceSheet.meeting_id == meeting_id, now=now)


def _waiting(criterion: ColumnElement[bool], *, now: datetime) -> list[Waiting]:
    has_agreed = select(SheetAgreement.id).where(
        SheetAgreement.sheet_id == AttendanceSheet.id, SheetAgreement.resident_id == Resident.id
    )
    rows = db.session.execute(
        select(AttendanceSheet.id, Meeting, Resident.name)
        .join(Meeting, Meeting.id == AttendanceSheet.meeting_id)
        .join(
            Resident,
            Resident.id.in_([AttendanceSheet.first_witness_id, AttendanceSheet.second_witness_id]),
        )
        .where(criterion, ~has_agreed.exists())
        .order_by(AttendanceSheet.id, Resident.id)
    ).all()
    if not rows:
        return []
    names: dict[int, list[str]] = {}
    for sheet_id, name in db.session.execute(
        select(SheetName.sheet_id, Resident.name)
        .join(Resident, Resident.id == SheetName.resident_id)
        .where(SheetName.sheet_id.in_({row[0] for row in rows}))
        .order_by(SheetName.id)
    ):
        names.setdefault(sheet_id, []).append(name)
    return [
        Waiting(sheet_id, meeting.id, witness, tuple(names[sheet_id]))
        for sheet_id, meeting, witness in rows
        if attending.why_not_now(meeting, Proof.SHEET, now=now) is None
    ]
