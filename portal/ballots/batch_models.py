"""Papers at a station, from the first entry until two witnesses have said that it is so."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.ballots.batch_rules import Struck
from portal.core.append_only import append_only
from portal.core.db import JsonList, VillageRow


class PaperSheet(VillageRow):
    """What was entered of the papers of one station. It counts only once both witnesses agreed.

    `listed_at`: those who voted here on paper were noted as having voted. `counted_at`: the papers
    are counted with the others. In a secret vote that is later: the sums come after the close. And
    where lines were refused (`PaperRefused`): the sums of the papers that are left come anew.
    """

    __tablename__ = "paper_sheet"
    __table_args__ = (
        CheckConstraint("papers > 0 AND invalid >= 0 AND invalid <= papers", name="counts_papers"),
        CheckConstraint(
            "supervisor_id <> witness_id AND entered_by <> supervisor_id"
            " AND entered_by <> witness_id",
            name="three_people",
        ),
        CheckConstraint("withdrawn_at IS NULL OR listed_at IS NULL", name="listed_stays"),
        CheckConstraint("counted_at IS NULL OR listed_at IS NOT NULL", name="listed_first"),
        Index(
            "uq_paper_sheet_station",
            "ballot_id",
            "station",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(
            "uq_paper_sheet_photo",
            "ballot_id",
            "sheet_sha256",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    station: Mapped[str] = mapped_column(String(80))
    papers: Mapped[int]
    invalid: Mapped[int] = mapped_column(default=0)
    counts: Mapped[JsonList | None]
    sheet_sha256: Mapped[str] = mapped_column(String(64))
    entered_by: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    entered_at: Mapped[datetime]
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    witness_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    supervisor_agreed_at: Mapped[datetime | None]
    witness_agreed_at: Mapped[datetime | None]
    listed_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def is_waiting(self) -> bool:
        """Tell whether witnesses are waited for now."""
        if self.withdrawn_at is not None or self.counted_at is not None:
            return False
        return self.listed_at is None or self.counts is not None


class PaperElector(VillageRow):
    """Somebody who is ticked on the list of a station: an elector of that very ballot."""

    __tablename__ = "paper_elector"
    __table_args__ = (
        UniqueConstraint("sheet_id", "resident_id"),
        ForeignKeyConstraint(
            ["ballot_id", "resident_id"],
            ["ballot_elector.ballot_id", "ballot_elector.resident_id"],
        ),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("paper_sheet.id"))
    ballot_id: Mapped[int]
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)


class PaperRefused(VillageRow):
    """A line of a sheet that does not count: another vote was in when the witnesses agreed."""

    __tablename__ = "paper_refused"
    __table_args__ = (
        UniqueConstraint("sheet_id", "resident_id"),
        ForeignKeyConstraint(
            ["sheet_id", "resident_id"], ["paper_elector.sheet_id", "paper_elector.resident_id"]
        ),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("paper_sheet.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    reason: Mapped[Struck]
    noted_at: Mapped[datetime]


for _table in (PaperElector.__table__, PaperRefused.__table__):
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    append_only(_table)
