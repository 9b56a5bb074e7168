"""What people were told, what they agreed to, what they asked for, and who was erased."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.append_only import append_only
from portal.core.db import VillageRow
from portal.privacy.rules import Purpose, RequestState


class NoticeSeen(VillageRow):
    """Somebody was shown one version of the privacy notice and said that they read it."""

    __tablename__ = "privacy_notice_seen"
    __table_args__ = (UniqueConstraint("account_id", "version"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    version: Mapped[str] = mapped_column(String(20))
    seen_at: Mapped[datetime]


class Consent(VillageRow):
    """Somebody agreed to one purpose, or took it back. The latest row is in force."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_account_purpose", "account_id", "purpose", "id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[Purpose]
    version: Mapped[str] = mapped_column(String(20))
    is_given: Mapped[bool]
    done_at: Mapped[datetime]


class DataRequest(VillageRow):
    """Somebody says that what is kept about them is wrong; the committee answers (PIPL Art. 46)."""

    __tablename__ = "data_request"
    __table_args__ = (
        Index(
            "uq_data_request_open",
            "account_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_when_answered"),
        CheckConstraint("state <> 'refused' OR length(answer) > 0", name="refused_with_reason"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    answer: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Erasure(VillageRow):
    """An account was erased at its owner's wish. What that resident wrote until then has no author.

    The tie between account and resident is cut, so this row alone tells from when on a new account
    of the same person counts; the deeds themselves (turnout, ledger) stay as they were.
    """

    __tablename__ = "erasure"
    __table_args__ = (UniqueConstraint("account_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), index=True)
    took_words_back: Mapped[bool]
    cleared_roster: Mapped[bool]
    done_at: Mapped[datetime]


for _model in (NoticeSeen, Consent, Erasure):
    append_only(_model.__table__)  # type: ignore[arg-type]  # a Table, typed as FromClause
