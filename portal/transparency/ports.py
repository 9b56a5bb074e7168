"""What the record asks of the features above it: the files behind its entries, their successors."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from portal.transparency.rules import Kept


class Keeper(Protocol):
    """Keeps the files of one kind of entries."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every file of this village as it lies here now, and its content as it is now."""


@dataclass(frozen=True)
class Successor:
    """What took the place of something recorded: how it is called, and the address of its page."""

    words: str
    address: str


class Corrections(Protocol):
    """Knows which entries of one kind were corrected since."""

    def successors(self, numbers: Collection[int]) -> dict[int, Successor]:
        """Return what took the place of these entries, by their number; the others are left out."""


_answers: dict[str, Keeper] = {}
_corrections: dict[str, Corrections] = {}


def answer(kind: str, keeper: Keeper) -> None:
    """Join a feature to this port; `features.py` does so at start-up."""
    _answers[kind] = keeper


def keepers() -> dict[str, Keeper]:
    """Return who keeps what, by kind of entry."""
    return dict(_answers)


def answer_corrections(kind: str, corrections: Corrections) -> None:
    """Join a feature that corrects what it recorded; `features.py` does so at start-up."""
    _corrections[kind] = corrections


def corrections() -> dict[str, Corrections]:
    """Return who knows what was corrected, by kind of entry."""
    return dict(_corrections)
