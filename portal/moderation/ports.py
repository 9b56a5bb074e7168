"""What moderation asks of the features above it: the words to judge, and to hide or show them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from portal.media.service import Shown
from portal.moderation.rules import Code, Hold


@dataclass(frozen=True)
class Subject:
    """Something written, as a moderator sees it. `endpoint` and `facts` lead to its public page.

    `place` is that of `screening.screen`, where somebody can be stopped from writing. `files` go
    with the words. `wording` is another number whenever the words are; `earlier` are those that
    stood there before, where it was asked for this one thing. Of somebody in office who is no
    resident there is the account instead.
    """

    kind: str
    subject_id: int
    number: int
    text: str
    author: str
    author_resident_id: int | None
    posted_at: datetime
    hidden_code: Code | None
    held_for: Hold | None
    endpoint: str
    facts: dict[str, object] = field(default_factory=dict)
    place: str = ""
    files: tuple[Shown, ...] = ()
    wording: int = 0
    earlier: tuple[str, ...] = ()
    author_account_id: int | None = None

    def is_by(self, *, resident_id: int | None, account_id: int | None) -> bool:
        """Tell whether this person wrote it."""
        if self.author_resident_id is not None:
            return self.author_resident_id == resident_id
        return self.author_account_id is not None and self.author_account_id == account_id


class Writings(Protocol):
    """One kind of things written, answered by the feature that keeps them."""

    def name(self, number: int) -> str:
        """Return what a reader calls it, such as “Opinion no. 12”."""

    def get_subject(self, subject_id: int) -> Subject:
        """Return it, or raise NoResultFound, as also for one of another village."""

    def list_newest(self, *, limit: int) -> Sequence[Subject]:
        """Return the newest of this village, newest first, hidden ones too."""

    def count_since(self, since: datetime) -> int:
        """Return how many were written in this village since then."""

    def set_standing(
        self, subject_id: int, *, held_for: Hold | None, hidden_code: Code | None, wording: int
    ) -> None:
        """Hide it for this reason, hold it for that one, or with neither show it.

        Raises Refused(REWORDED) where the words are no longer those of this `wording`.
        """


@runtime_checkable
class Shelf(Writings, Protocol):
    """What a keeper of writings may answer besides: many at once, and what somebody said before.

    Without it the queue asks one by one, and nobody's words are the first or the same again.
    """

    def list_subjects(self, subject_ids: Collection[int]) -> Sequence[Subject]:
        """Return these, in any order; those of another village are not among them."""

    def list_said(self, resident_id: int, *, since: datetime, limit: int) -> Sequence[str]:
        """Return the words that somebody wrote since then, newest first, held ones too."""

    def has_been_read(self, resident_id: int) -> bool:
        """Tell whether anything that somebody wrote stands there for all to read."""


@dataclass(frozen=True)
class Place:
    """Somewhere people write, with its name for the committee and the phase it is in."""

    key: str
    name: str
    phase: str = ""


class Places(Protocol):
    """One kind of places where people write, such as rooms; `key` begins with the kind."""

    def title(self) -> str:
        """Return what all of them are called."""

    def phases(self) -> dict[str, str]:
        """Return the phases that such a place can be in, with their words; perhaps none."""

    def list_places(self, *, now: datetime) -> Sequence[Place]:
        """Return those that people can write at now."""

    def find_phase(self, place_id: int, *, now: datetime) -> str:
        """Return the phase that a place is in, or an empty word."""


class MayRead(Protocol):
    """Tells whether a resident of this village comes to where a thing stands."""

    def __call__(self, subject_id: int, *, resident_id: int | None, now: datetime) -> bool:
        """Answer for one thing that is neither hidden nor held."""


_answers: dict[str, Writings] = {}
_readers: dict[str, MayRead] = {}
_places: dict[str, Places] = {}
_names: dict[str, Callable[[int], str]] = {}


def answer(kind: str, writings: Writings, *, may_read: MayRead | None = None) -> None:
    """Join a feature to this port; `answers.py` does so at start-up.

    Without `may_read` every resident of the village reads what is written there.
    """
    _answers[kind] = writings
    if may_read is not None:
        _readers[kind] = may_read


def ask(kind: str) -> Writings | None:
    """Return who keeps this kind of writings, or None: then nothing can be decided about it."""
    return _answers.get(kind)


def may_read(kind: str, subject_id: int, *, resident_id: int | None, now: datetime) -> bool:
    """Tell whether this resident comes to where a thing stands; to no unknown kind."""
    reader = _readers.get(kind)
    if kind not in _answers:
        return False
    return reader is None or reader(subject_id, resident_id=resident_id, now=now)


def answer_name(kind: str, name: Callable[[int], str]) -> None:
    """Say what readers of the log call something that is no writing, by its number."""
    _names[kind] = name


def name_of(kind: str, number: int) -> str:
    """Return what a reader calls a thing; nothing for one that nobody keeps."""
    writings = ask(kind)
    if writings is not None:
        return writings.name(number)
    return _names[kind](number) if kind in _names else ""


def kinds() -> list[str]:
    """Return the kinds somebody answers for, in the order they were joined."""
    return list(_answers)


def answer_places(kind: str, places: Places) -> None:
    """Join a feature whose places have policies of their own; `answers.py` does so at start-up."""
    _places[kind] = places


def ask_places() -> dict[str, Places]:
    """Return who knows the places of each kind, in the order they were joined."""
    return dict(_places)
