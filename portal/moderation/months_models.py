"""The months of moderation that are over, each with the very file that was published."""

from datetime import date

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow


class ModerationMonth(VillageRow):
    """One month that is closed. `content` is the file; its digest is a line of the record."""

    __tablename__ = "moderation_month"
    __table_args__ = (UniqueConstraint("village_id", "begins_on"),)

    begins_on: Mapped[date]
    content: Mapped[str] = mapped_column(Text)
    record_number: Mapped[int]
