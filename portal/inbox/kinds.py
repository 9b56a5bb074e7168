"""The kinds of messages: to which topic each belongs, its words, and whether it matters by SMS.

Every feature lists its own in `messages.py` as `KINDS`; `features.py` joins them. Words are made
when somebody reads, in that person's language: a kind holds a function from facts to words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.words import moment_words
from portal.inbox.rules import Topic

Words = Callable[[Mapping[str, Any]], str]

TOPICS: dict[Topic, LazyString] = {
    Topic.PLANS: _l("Plans and public notices"),
    Topic.VOTES: _l("Votes and their results"),
    Topic.TALK: _l("What I said, and answers to it"),
    Topic.SURVEYS: _l("Surveys"),
    Topic.POINTS: _l("Points of my household"),
    Topic.MINE: _l("My data, my posts, help in my name"),
    Topic.SECURITY: _l("Signing in and safety"),
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of message. `matters`: it is worth an SMS to those who wish nothing else.

    `can_wait`: it does not ring at night. What concerns somebody's safety cannot wait.
    """

    topic: Topic
    words: Words
    matters: bool = False
    can_wait: bool = True


def join(app: Flask, *books: Mapping[str, Kind]) -> None:
    """Make the kinds of every feature known; `features.py` alone calls this. Raises ValueError."""
    kinds: dict[str, Kind] = {}
    for book in books:
        if twice := kinds.keys() & book.keys():
            raise ValueError(f"two features say the words of {sorted(twice)}")
        kinds.update(book)
    app.extensions["message_kinds"] = kinds


def known() -> dict[str, Kind]:
    """Return every kind of message of this house."""
    kinds: dict[str, Kind] = current_app.extensions["message_kinds"]
    return kinds


def get_kind(kind: str) -> Kind:
    """Return a kind, or raise KeyError: telling what nobody has words for is a fault of ours."""
    return known()[kind]


def words_of(kind: str, facts: Mapping[str, Any]) -> str:
    """Return the words of a message in the present language; an old kind has a line of its own."""
    found = known().get(kind)
    return found.words(facts) if found else _("A message of an earlier time")


def matters_in(topic: Topic) -> bool:
    """Tell whether any kind of this topic matters by SMS."""
    return any(kind.matters for kind in known().values() if kind.topic is topic)


def topic_of(kind: str) -> Topic | None:
    """Return the topic of a kind; None for an old one that nobody has words for."""
    found = known().get(kind)
    return found.topic if found else None


def does_matter(kind: str) -> bool:
    """Tell whether a message of this kind matters."""
    found = known().get(kind)
    return found is not None and found.matters


def moment(text: str) -> str:
    """Return a moment of the facts (ISO 8601) as day and time."""
    return moment_words(datetime.fromisoformat(text), clock.now())
