"""What somebody is still writing, kept on the server too. Nobody else ever reads it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow


class OpinionDraft(VillageRow):
    """An opinion that is not sent yet: one for each resident and version.

    `revision` counts on with each keeping, from a number that no earlier draft had; the last time
    it was kept from the form of this `client_key`.
    `other_body`: what another device had kept meanwhile.
    """

    __tablename__ = "opinion_draft"
    __table_args__ = (UniqueConstraint("resident_id", "version_id"),)

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"), index=True)
    about: Mapped[str] = mapped_column(String(64), default="")
    body: Mapped[str] = mapped_column(Text)
    other_body: Mapped[str] = mapped_column(Text, default="")
    client_key: Mapped[str] = mapped_column(String(64), default="")
    revision: Mapped[int]
    saved_at: Mapped[datetime]
