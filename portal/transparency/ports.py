"""What the record asks of the features above it: the files behind its entries, their successors."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.transparency.rules import Kept


class Keeper(Protocol):
    """Keeps the files of one kind of entries."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every file of this village as it lies here now, and its content as it is now."""


@dataclass(frozen=True)
class Successor:
    """Why something recorded holds no more: what took its place, or its notice that became void.

    How that is called, and the address of its page; `voided_at` is None where it was corrected.
    """

    words: str
    address: str
    voided_at: datetime | None = None


class Corrections(Protocol):
    """Knows which entries of one kind were corrected, or became void, since."""

    def successors(self, numbers: Collection[int]) -> dict[int, Successor]:
        """Return why these entries hold no more, by their number; the others are left out."""


_answers: dict[str, Keeper] = {}
_corrections: dict[str, Corrections] = {}


def answer(kind: str, keeper: Keeper) -> None:
    """Join a feature to this port; `answers.py` does so at start-up."""
    _answers[kind] = keeper


def keepers() -> dict[str, Keeper]:
    """Return who keeps what, by kind of entry."""
    return dict(_answers)


def answer_corrections(kind: str, corrections: Corrections) -> None:
    """Join a feature that corrects what it recorded; `answers.py` does so at start-up."""
    _corrections[kind] = corrections


def corrections() -> dict[str, Corrections]:
    """Return who knows what was corrected, by kind of entry."""
    return dict(_corrections)
