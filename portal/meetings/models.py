"""Meetings on disk: as they were convened, what became of them, who was called and who was there.

A row that says what happened stays as it was written; what was wrong is corrected by a row beside.
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.append_only import append_only
from portal.core.db import VillageRow
from portal.meetings.rules import Capacity, Channel, Kind, Proof, State, StepKind, state_at
from portal.people.rules import Sex


class Meeting(VillageRow):
    """A meeting as it was convened; nothing of it changes. Convened anew it is another one.

    `former_id` is the one that it takes the place of. `is_online`: members may take part online,
    which counts only where the rule of the matter says so (V9, V24).
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("former_id"),
        CheckConstraint("(kind = 'group-meeting') = (group_id IS NOT NULL)", name="of_a_group"),
        CheckConstraint("convened_at < held_at", name="convened_before"),
        Index("ix_meeting_village_held", "village_id", "held_at"),
    )

    kind: Mapped[Kind]
    title: Mapped[str] = mapped_column(String(120))
    agenda: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(120))
    held_at: Mapped[datetime]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("villager_group.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"), index=True)
    is_online: Mapped[bool] = mapped_column(default=False)
    notice_days: Mapped[int]
    citation: Mapped[str] = mapped_column(String(200), default="")
    convened_at: Mapped[datetime]
    convened_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    former_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))

    steps: Mapped[list["MeetingStep"]] = relationship(
        lazy="selectin", order_by="MeetingStep.position", viewonly=True
    )

    def _step(self, kind: StepKind) -> "MeetingStep | None":
        return next((step for step in self.steps if step.kind is kind), None)

    def _when(self, kind: StepKind) -> datetime | None:
        step = self._step(kind)
        return step.done_at if step else None

    @property
    def opening(self) -> "MeetingStep | None":
        """Return the opening with its chair, if there was one."""
        return self._step(StepKind.OPENED)

    @property
    def cancelling(self) -> "MeetingStep | None":
        """Return the calling off with its reason, if there was one."""
        return self._step(StepKind.CANCELLED)

    @property
    def opened_at(self) -> datetime | None:
        """Return when it was opened."""
        return self._when(StepKind.OPENED)

    @property
    def ends_at(self) -> datetime:
        """Return when it is over even if nobody closes it: the 24:00 of its day."""
        return clock.midnight_after(clock.today(self.held_at))

    @property
    def closed_at(self) -> datetime | None:
        """Return when somebody closed it."""
        return self._when(StepKind.CLOSED)

    @property
    def is_settled(self) -> bool:
        """Tell whether who was there stands: what was voted on at it has been counted."""
        return self._step(StepKind.SETTLED) is not None

    def state_at(self, now: datetime) -> State:
        """Return where it stands."""
        return state_at(
            opened_at=self.opened_at,
            closed_at=self.closed_at,
            cancelled_at=self._when(StepKind.CANCELLED),
            ends_at=self.ends_at,
            now=now,
        )


class MeetingStep(VillageRow):
    """What became of a meeting. Opened or called off is its first step, closed its second.

    The third is that its votes are counted, so that who was there stands.

    The key on the position judges two who take a step at once.
    """

    __tablename__ = "meeting_step"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        CheckConstraint(
            "position = CASE kind WHEN 'closed' THEN 2 WHEN 'settled' THEN 3 ELSE 1 END",
            name="in_its_place",
        ),
        CheckConstraint("(kind = 'opened') = (chair <> '')", name="chair_opens"),
        CheckConstraint("(kind = 'cancelled') = (reason <> '')", name="reason_cancels"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int]
    kind: Mapped[StepKind]
    chair: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(400), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime]


class MeetingMember(VillageRow):
    """Who is called to a meeting, as they were when it was convened."""

    __tablename__ = "meeting_member"
    __table_args__ = (UniqueConstraint("meeting_id", "resident_id"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("villager_group.id"))
    sex: Mapped[Sex]
    is_representative: Mapped[bool]
    capacity: Mapped[Capacity]


def _of_member() -> ForeignKeyConstraint:
    """Let a row speak only of somebody who is called to that very meeting."""
    return ForeignKeyConstraint(
        ["meeting_id", "resident_id"], ["meeting_member.meeting_id", "meeting_member.resident_id"]
    )


def _of_sheet() -> ForeignKeyConstraint:
    """Let a row speak only of a sheet of that very meeting."""
    return ForeignKeyConstraint(
        ["meeting_id", "sheet_id"], ["attendance_sheet.meeting_id", "attendance_sheet.id"]
    )


class AttendanceSheet(VillageRow):
    """A signed sheet, entered afterwards. It counts once both witnesses agreed to it.

    Only the digest of the photo is kept: the sheet itself lies in the village's archive.
    """

    __tablename__ = "attendance_sheet"
    __table_args__ = (
        UniqueConstraint("meeting_id", "file_sha256"),
        UniqueConstraint("meeting_id", "id"),
        CheckConstraint("first_witness_id <> second_witness_id", name="two_witnesses"),
        CheckConstraint("length(file_sha256) = 64", name="digest"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    file_sha256: Mapped[str] = mapped_column(String(64))
    first_witness_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    second_witness_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]


class SheetName(VillageRow):
    """Somebody is ticked on a signed sheet; they are noted as there once its witnesses agreed."""

    __tablename__ = "attendance_sheet_name"
    __table_args__ = (UniqueConstraint("sheet_id", "resident_id"), _of_member(), _of_sheet())

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    sheet_id: Mapped[int]
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)


class SheetAgreement(VillageRow):
    """A witness of a signed sheet said from their own account that it is right, once."""

    __tablename__ = "attendance_sheet_agreement"
    __table_args__ = (UniqueConstraint("sheet_id", "resident_id"),)

    sheet_id: Mapped[int] = mapped_column(ForeignKey("attendance_sheet.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    agreed_at: Mapped[datetime]


class Attendance(VillageRow):
    """Somebody was there. One row for each meeting and resident, by whatever channel."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "resident_id"),
        _of_member(),
        _of_sheet(),
        CheckConstraint(
            "channel = CASE proof WHEN 'online' THEN 'online' WHEN 'sheet' THEN 'paper'"
            " ELSE 'on-site' END",
            name="channel_of_proof",
        ),
        CheckConstraint("(proof = 'sheet') = (sheet_id IS NOT NULL)", name="sheet_of_proof"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    channel: Mapped[Channel]
    proof: Mapped[Proof]
    sheet_id: Mapped[int | None] = mapped_column(index=True)
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    noted_at: Mapped[datetime]


class Arrival(VillageRow):
    """Somebody came in by the printed poster and waits for the staff to say that they see them."""

    __tablename__ = "meeting_arrival"
    __table_args__ = (UniqueConstraint("meeting_id", "resident_id"), _of_member())

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    came_at: Mapped[datetime]


class AttendanceCorrection(VillageRow):
    """What stands in the list is wrong: one says so with a reason, and a second one confirms it.

    It counts once it is confirmed; the last confirmed one of a resident says how it is. One waits
    at a time; whoever asked may take it back, but never confirm it.
    """

    __tablename__ = "attendance_correction"
    __table_args__ = (
        UniqueConstraint("meeting_id", "resident_id", "position"),
        _of_member(),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index(
            "uq_attendance_correction_waiting",
            "meeting_id",
            "resident_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)"
            " AND (decided_at IS NULL) = (is_confirmed IS NULL)",
            name="decided_whole",
        ),
        CheckConstraint("NOT is_confirmed OR decided_by <> asked_by", name="two_people"),
        CheckConstraint("is_present = (channel IS NOT NULL)", name="channel_of_who_was_there"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    position: Mapped[int]
    is_present: Mapped[bool]
    channel: Mapped[Channel | None]
    reason: Mapped[str] = mapped_column(String(400))
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    is_confirmed: Mapped[bool | None]


class Representative(VillageRow):
    """Somebody represents the village's households for a term (村民代表, domain.md V6).

    A term that is over is kept. Nobody has two that are not ended: the key judges last.
    """

    __tablename__ = "representative"
    __table_args__ = (
        Index(
            "uq_representative_resident",
            "resident_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        CheckConstraint("begins_on <= ends_on", name="ends_after_it_begins"),
    )

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    ended_on: Mapped[date | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]


APPEND_ONLY = (
    Meeting.__table__,
    MeetingStep.__table__,
    MeetingMember.__table__,
    AttendanceSheet.__table__,
    SheetName.__table__,
    SheetAgreement.__table__,
    Attendance.__table__,
    Arrival.__table__,
)
for _table in APPEND_ONLY:
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    append_only(_table)
