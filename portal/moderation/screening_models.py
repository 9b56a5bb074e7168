"""How words are screened in a village, on disk: the committee's policies."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.moderation.rules import Mode


class ScreeningStamp(VillageRow):
    """A random word that changes with every change of the policies or lists below.

    Whoever screens reads it alone, and keeps the rest in memory as long as it is the same.
    """

    __tablename__ = "screening_stamp"
    __table_args__ = (UniqueConstraint("village_id"),)

    stamp: Mapped[str] = mapped_column(String(32))


class ScreeningPolicy(VillageRow):
    """What the committee wants of words at a place, in a phase of what stands there.

    `place`: "plan:<version>", "room:<id>" or "proposal:<id>"; "plan", "room" or "proposal" for all
    of the kind; empty for everywhere. `phase` empty: in every phase. The narrowest one counts.
    """

    __tablename__ = "screening_policy"
    __table_args__ = (UniqueConstraint("village_id", "place", "phase"),)

    place: Mapped[str] = mapped_column(String(64), default="")
    phase: Mapped[str] = mapped_column(String(32), default="")
    mode: Mapped[Mode]
    holds_first: Mapped[bool]
    holds_links: Mapped[bool]
    holds_repeated: Mapped[bool]
    changed_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
