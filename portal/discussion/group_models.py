"""Opinions that say the like, bundled by the committee or the planner. Each stays what it is."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow


class OpinionGroup(VillageRow):
    """A bundle of opinions on one version which one answer can serve (domain.md O7)."""

    __tablename__ = "opinion_group"

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]


class OpinionGroupMember(VillageRow):
    """An opinion in a bundle; it can be in one only."""

    __tablename__ = "opinion_group_member"
    __table_args__ = (UniqueConstraint("comment_id"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("opinion_group.id"), index=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    put_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    put_at: Mapped[datetime]
