"""What happened to the roster, and what waits to happen to it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.append_only import append_only
from portal.core.db import JsonDict, JsonList, VillageRow
from portal.roster.rules import Action, ChangeKind, ImportState


class RosterImport(VillageRow):
    """A roster, or a change of one resident, that was handed in: prepared, waiting, or done.

    `rows` are the checked rows as plain values, ID numbers as digests; they are dropped once it is
    over. `given` names the columns that the file has, `decided` says by row who is somebody known
    under other facts.
    `seen` is the digest of the roster that the dry run was compared with, so that an import never
    overwrites what somebody else changed meanwhile. `is_removing`: whoever is missing in it has
    left. `resident_id`: it is a change of this one resident, made on their page (`action`).
    """

    __tablename__ = "roster_import"
    __table_args__ = (
        CheckConstraint("confirmed_by_id <> prepared_by_id", name="confirmed_by_another"),
        CheckConstraint("(state IN ('done', 'dropped')) = (ended_at IS NOT NULL)", name="ended"),
        Index(
            "uq_roster_import_waiting",
            "village_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    action: Mapped[Action] = mapped_column(default=Action.FILE)
    state: Mapped[ImportState]
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[JsonList]
    notes: Mapped[JsonList]
    given: Mapped[JsonList | None]
    decided: Mapped[JsonDict] = mapped_column(default=dict)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    is_exact: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(400), default="")
    seen: Mapped[str] = mapped_column(String(64))
    is_removing: Mapped[bool] = mapped_column(default=False)
    added_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    removed_count: Mapped[int] = mapped_column(default=0)
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    prepared_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]


class RosterChange(VillageRow):
    """One change of one resident's row. `fields` holds [before, after] of each changed column.

    Phones are masked in it, ID numbers only named as changed: what stays for ever holds no more of
    a person than the record needs. Rows stay as they were written.
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
