"""What happened to the roster, and what waits to happen to it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.append_only import append_only
from portal.core.db import JsonDict, JsonList, VillageRow
from portal.roster.rules import ChangeKind, ImportState


class RosterImport(VillageRow):
    """A roster, or a change of one resident, that was handed in: prepared, waiting, or done.

    `rows` are the checked rows as plain values and are dropped once it is over; `seen` is the
    digest of the roster that the dry run was compared with, so that an import never overwrites
    what somebody else changed meanwhile. `is_removing`: whoever is missing in it has left.
    """

    __tablename__ = "roster_import"
    __table_args__ = (
        CheckConstraint("confirmed_by_id <> prepared_by_id", name="confirmed_by_another"),
        Index(
            "uq_roster_import_waiting",
            "village_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    state: Mapped[ImportState]
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[JsonList]
    notes: Mapped[JsonList]
    seen: Mapped[str] = mapped_column(String(64))
    is_removing: Mapped[bool] = mapped_column(default=False)
    added_count: Mapped[int]
    changed_count: Mapped[int]
    removed_count: Mapped[int]
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    prepared_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]


class RosterChange(VillageRow):
    """One change of one resident's row. `fields` holds [before, after] of each changed column.

    ID numbers are named as changed, never with their digits. Rows stay as they were written.
    """

    __tablename__ = "roster_change"

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    kind: Mapped[ChangeKind]
    fields: Mapped[JsonDict | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("roster_import.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime]


append_only(RosterChange.__table__)  # type: ignore[arg-type]  # a Table, typed as FromClause
