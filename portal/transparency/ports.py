"""What the record asks of the features above it: the files behind its entries."""

from collections.abc import Iterator
from typing import Protocol

from portal.transparency.rules import Kept


class Keeper(Protocol):
    """Keeps the files of one kind of entries."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every file of this village as it lies here now, and its content as it is now."""


_answers: dict[str, Keeper] = {}


def answer(kind: str, keeper: Keeper) -> None:
    """Join a feature to this port; `features.py` does so at start-up."""
    _answers[kind] = keeper


def keepers() -> dict[str, Keeper]:
    """Return who keeps what, by kind of entry."""
    return dict(_answers)
