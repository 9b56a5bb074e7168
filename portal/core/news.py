"""What readers of streams are told, where it comes from, and how it stands on the line."""

import re
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class News:
    """One thing a reader is told: the counter at which it happened, and a fragment of a page."""

    revision: int
    html: str


@dataclass(frozen=True)
class Found:
    """What was read of a topic: rows up to a revision, and whether that is all there is."""

    rows: Sequence[Any]
    upto: int
    is_whole: bool


class Source(Protocol):
    """What a feature answers about its topics. It is asked outside of any request."""

    def counters(self, topics: Collection[int]) -> Mapping[int, int]:
        """Return how far each of these topics is."""

    def admit(self, tickets: Collection[Any]) -> Mapping[Any, Any]:
        """Return those who may still read, each with the eyes that read."""

    def read(self, ticket: Any, after: int) -> Found:
        """Return what happened in the ticket's topic since this revision, in order."""

    def kind(self, found: Found, eyes: Any) -> Hashable:
        """Return the same for all whose eyes see the same in this."""

    def write(self, ticket: Any, found: Found, eyes: Any) -> list[News]:
        """Return what these eyes see in this."""


def as_event(kind: str, revision: int, html: str) -> str:
    """Write one event; whatever line ends the content has, it stays inside its `data`."""
    lines = "".join(f"data: {line}\n" for line in re.split(r"\r\n|\r|\n", html))
    return f"id: {revision}\nevent: {kind}\n{lines}\n"


def as_stream(news: Sequence[News], upto: int) -> bytes:
    """Write events, and how far they reach where the last of it is nothing for this reader."""
    events = "".join(as_event("news", one.revision, one.html) for one in news)
    if not news or news[-1].revision < upto:
        events += f"id: {upto}\n\n"
    return events.encode()


def as_feed(news: Sequence[News]) -> bytes:
    """Write the same for one who asked once."""
    return "".join(one.html for one in news).encode()


def answer(head: bytes, body: bytes) -> bytes:
    """Write the whole answer to one who asked once: its length tells whether it came whole."""
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body if head else body
