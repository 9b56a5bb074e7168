"""How words are screened in a village, on disk: the committee's policies and word lists."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.moderation.rules import Listed, Mode


class ScreeningStamp(VillageRow):
    """A random word that changes with every change of the policies or lists below.

    Whoever screens reads it alone, and keeps the rest in memory as long as it is the same.
    """

    __tablename__ = "screening_stamp"
    __table_args__ = (UniqueConstraint("village_id"),)

    stamp: Mapped[str] = mapped_column(String(32))


class ScreeningPolicy(VillageRow):
    """What the committee wants of words at a place, in a phase of what stands there.

    `place`: "plan:<version>", "room:<id>" or "proposal:all"; "plan", "room" or "proposal" for all
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


class WordList(VillageRow):
    """A list of words, and what happens where one of them is found.

    `key` names it among the village's: that of a built-in list has no entries here, only what the
    committee changed about it.
    """

    __tablename__ = "word_list"
    __table_args__ = (UniqueConstraint("village_id", "key"),)

    key: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(60))
    action: Mapped[Listed]
    is_on: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class WordListEntry(VillageRow):
    """A word of a village's own list: as it was given, and as it is compared."""

    __tablename__ = "word_list_entry"
    __table_args__ = (
        UniqueConstraint("list_id", "compared"),
        CheckConstraint("length(compared) >= 2", name="two_letters"),
    )

    list_id: Mapped[int] = mapped_column(ForeignKey("word_list.id"), index=True)
    word: Mapped[str] = mapped_column(String(60))
    compared: Mapped[str] = mapped_column(String(120))


class AllowedWord(VillageRow):
    """A name that a list would trip over, such as that of a village or a person: it passes."""

    __tablename__ = "allowed_word"
    __table_args__ = (UniqueConstraint("village_id", "compared"),)

    word: Mapped[str] = mapped_column(String(60))
    compared: Mapped[str] = mapped_column(String(120))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class WordHit(VillageRow):
    """What a list found in something that came into the queue: how good the list is comes of it."""

    __tablename__ = "word_hit"
    __table_args__ = (UniqueConstraint("item_id", "list_key"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("moderation_item.id"))
    list_key: Mapped[str] = mapped_column(String(32), index=True)
    words: Mapped[str] = mapped_column(String(200))
