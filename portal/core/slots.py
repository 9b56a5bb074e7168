"""Places on pages of lower features which higher features fill; `places.py` joins them."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import LazyString

from portal.core.access import Part, may


class Slot(enum.StrEnum):
    """A place that can be filled."""

    HOME = "home"
    TAKE_PART = "take-part"
    PLAN = "plan"
    TALK = "talk"
    OPINION = "opinion"
    MEETING = "meeting"
    ME = "me"
    DESK = "desk"


@dataclass(frozen=True)
class Card:
    """One thing to see or do: a title, a line about it, and where it leads."""

    title: str
    line: str
    href: str
    action: str
    chip: str = ""
    chip_kind: str = "neutral"
    closes_at: datetime | None = None
    rank: int = 0


Source = Callable[..., list[Card]]


def cards(slot: Slot, *, now: datetime, **facts: object) -> list[Card]:
    """Ask every feature for its cards: the most urgent first, then by rank."""
    sources: Mapping[Slot, tuple[Source, ...]] = current_app.extensions["slots"]
    found = [card for source in sources[slot] for card in source(now=now, **facts)]
    return sorted(found, key=lambda c: (c.closes_at is None, c.closes_at or now, -c.rank))


@dataclass(frozen=True)
class Link:
    """A way to a page of the staff, for those who play one of the parts."""

    title: LazyString
    endpoint: str
    parts: tuple[Part, ...]


def desk_links() -> list[Link]:
    """Return the staff pages that whoever is asking may open."""
    return [link for link in current_app.extensions["desk_links"] if may(*link.parts)]


def village_links() -> list[Link]:
    """Return the public pages of a village that its first page leads to."""
    return [link for link in current_app.extensions["village_links"] if may(*link.parts)]
