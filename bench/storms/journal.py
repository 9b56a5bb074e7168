"""The voters' own journal: what they meant to do and what they were answered, outside the server.

Each line is on the disk before the next step: an intent before the paper is sent, the receipt when
the answer is there. Whatever is neither acknowledged nor refused stays unknown.
"""

import json
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Deed:
    """One paper of one elector: what was meant, and every receipt that came back."""

    ballot: int
    resident: int
    place: int
    key: str
    receipts: list[str] = field(default_factory=list)
    unknown: int = 0
    refusals: list[str] = field(default_factory=list)


class Journal:
    """A file of JSON lines, each on the disk when `write` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.acknowledged = 0
        self._turn = threading.Lock()
        self._file = path.open("a", encoding="utf-8")

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, what: str, **facts: Any) -> None:
        """Write one line down."""
        with self._turn:
            self._file.write(json.dumps({"what": what, **facts}) + "\n")
            self._file.flush()
            os.fdatasync(self._file.fileno())
            self.acknowledged += what == "ack"

    def read(self) -> dict[str, Deed]:
        """Return all deeds by their keys, read from the file alone."""
        return deeds_of(self.path.read_text(encoding="utf-8").splitlines())


def deeds_of(lines: Iterable[str]) -> dict[str, Deed]:
    """Read the lines of a journal."""
    deeds: dict[str, Deed] = {}
    for line in lines:
        facts = json.loads(line)
        what, key = facts.pop("what"), facts.pop("key")
        if what == "intent":
            deeds[key] = Deed(key=key, **facts)
        elif what == "ack":
            deeds[key].receipts.append(facts["receipt"])
        elif what == "unknown":
            deeds[key].unknown += 1
        else:
            deeds[key].refusals.append(facts["answer"])
    return deeds
