"""What a village must disclose and when, and the key with which it signs, on disk."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.disclosure.calendar_rules import Rhythm


class CatalogueItem(VillageRow):
    """Something that is disclosed again and again. A row takes the place of the portal's default.

    `asked_by_*` are those who asked for an item beyond the catalogue (D4).
    """

    __tablename__ = "disclosure_item"
    __table_args__ = (
        UniqueConstraint("village_id", "code"),
        CheckConstraint("due_day BETWEEN 1 AND 31", name="a_day_of_a_month"),
    )

    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    rhythm: Mapped[Rhythm]
    due_day: Mapped[int]
    citation: Mapped[str] = mapped_column(String(300))
    is_active: Mapped[bool] = mapped_column(default=True)
    asked_by_villagers: Mapped[int | None]
    asked_by_representatives: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]


class DisclosureDue(VillageRow):
    """An item of the catalogue for one period: planned, and kept in time or not.

    The key keeps it from being planned twice. `alarmed_at`: that it is overdue was told, once.
    """

    __tablename__ = "disclosure_due"
    __table_args__ = (UniqueConstraint("village_id", "code", "period"),)

    code: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120))
    citation: Mapped[str] = mapped_column(String(300))
    period_start: Mapped[date]
    period_end: Mapped[date]
    due_on: Mapped[date] = mapped_column(index=True)
    published_on: Mapped[date | None]
    doc_id: Mapped[int | None] = mapped_column(ForeignKey("disclosure_doc.id"))
    alarmed_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        """Return what its document is called: the item and the period."""
        return f"{self.title}（{self.period}）"


class DisclosureCertificate(VillageRow):
    """The village's own certificate with its key, enciphered by the portal's secret.

    One is in use at a time: the newest that was not taken out of use. `number` is the last judge
    when two are put in at once.
    """

    __tablename__ = "disclosure_certificate"
    __table_args__ = (UniqueConstraint("village_id", "number"),)

    number: Mapped[int]
    sealed: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    is_self_signed: Mapped[bool]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
