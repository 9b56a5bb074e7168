"""The lists that every village begins with, and how well they did where it was measured."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.moderation.matching import key_of
from portal.moderation.rules import Listed

FOLDER = Path(__file__).parent / "lists"


@dataclass(frozen=True)
class Measured:
    """What a list found among comments that people had sorted beforehand (`bench/words.py`)."""

    found: int
    offensive: int
    wrong: int
    harmless: int


@dataclass(frozen=True)
class BuiltIn:
    """A list of ours: what it does where the committee said nothing else."""

    key: str
    action: Listed
    measured: Measured

    def words(self) -> frozenset[str]:
        """Return its words as they are compared."""
        return read_file(self.key)


@cache
def read_file(key: str) -> frozenset[str]:
    """Return the words of a list of ours, read once."""
    with (FOLDER / f"{key}.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(key_of(row["word"]) for row in csv.DictReader(file))


LISTS = (
    BuiltIn("insults", Listed.HOLD, Measured(216, 3211, 25, 3220)),
    BuiltIn("rough", Listed.FLAG, Measured(803, 3211, 39, 3220)),
    BuiltIn("adverts", Listed.FLAG, Measured(9, 3211, 0, 3220)),
)
