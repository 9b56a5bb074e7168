"""Opinions on disk, numbered on reception."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.moderation.models import Written
from portal.people.models import Deed
from portal.plans.models import ExactNumber


class CommentCounter(VillageRow):
    """The number last given to an opinion; its row lock makes writers queue."""

    __tablename__ = "comment_counter"
    __table_args__ = (UniqueConstraint("village_id"),)

    last_number: Mapped[int] = mapped_column(default=0)


class Comment(Written, Deed, VillageRow):
    """A resident's opinion on a plan version: numbered on reception, hidden perhaps, never gone."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("village_id", "number"),
        UniqueConstraint("resident_id", "client_key"),
        CheckConstraint("length(body) BETWEEN 1 AND 2000", name="body_length"),
        Index("ix_comment_version_number", "version_id", "number"),
        Index("ix_comment_version_about", "version_id", "village_id", "about"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    number: Mapped[int]
    about: Mapped[str] = mapped_column(String(64), default="")
    about_title: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[str] = mapped_column(Text)
    show_name: Mapped[bool] = mapped_column(default=False)
    client_key: Mapped[str] = mapped_column(String(64))


class CommentSpot(VillageRow):
    """The spot on the map that an opinion is about, in degrees, exact to about ten metres."""

    __tablename__ = "comment_spot"
    __table_args__ = (UniqueConstraint("comment_id"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    longitude: Mapped[Decimal] = mapped_column(ExactNumber)
    latitude: Mapped[Decimal] = mapped_column(ExactNumber)
