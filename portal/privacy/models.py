"""What people were told and what they agreed to."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.append_only import append_only
from portal.core.db import VillageRow
from portal.privacy.rules import Purpose


class NoticeSeen(VillageRow):
    """Somebody was shown one version of the privacy notice."""

    __tablename__ = "privacy_notice_seen"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    version: Mapped[str] = mapped_column(String(20))
    seen_at: Mapped[datetime]


class Consent(VillageRow):
    """Somebody agreed to one purpose, or took it back. The latest row is in force."""

    __tablename__ = "consent"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[Purpose]
    version: Mapped[str] = mapped_column(String(20))
    is_given: Mapped[bool]
    done_at: Mapped[datetime]


append_only(NoticeSeen.__table__)  # type: ignore[arg-type]  # a Table, typed as FromClause
append_only(Consent.__table__)  # type: ignore[arg-type]  # the same
