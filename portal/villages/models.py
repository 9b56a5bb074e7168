"""What a village tells about itself."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.villages.rules import FacilityKind


class Profile(VillageRow):
    """The village in a few words, and where and when its committee is to be found.

    `revision` counts the changes: whoever writes names the one that they had read.
    """

    __tablename__ = "village_profile"
    __table_args__ = (UniqueConstraint("village_id"),)

    about: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    office_hours: Mapped[str] = mapped_column(String(200), default="")
    revision: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Facility(VillageRow):
    """A facility or service: what it is, where, when it is open."""

    __tablename__ = "facility"

    kind: Mapped[FacilityKind]
    name: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    revision: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
