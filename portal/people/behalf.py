"""For whom things are being entered in this request: nobody else, or the person of a sitting.

Like the village (`core/scope.py`) it is found once, at the door (`app.py`), and everything that is
kept with a deed reads it here, so that no feature can forget to say who really wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import g

from portal.people.rules import Channel


@dataclass(frozen=True)
class Sitting:
    """A sitting that the witness agreed to: for which resident, by whom, on which channel."""

    id: int
    resident_id: int
    helper_id: int
    witness_id: int
    channel: Channel


def current_sitting() -> Sitting | None:
    """Return the sitting of this request, or None."""
    sitting = g.get("sitting")
    return sitting if isinstance(sitting, Sitting) else None


def sitting_for(resident_id: int) -> Sitting | None:
    """Return the sitting of this request if it is for this resident."""
    sitting = current_sitting()
    return sitting if sitting and sitting.resident_id == resident_id else None


@contextmanager
def on_behalf(sitting: Sitting) -> Iterator[None]:
    """Run the block inside a sitting."""
    before = g.get("sitting")
    g.sitting = sitting
    try:
        yield
    finally:
        g.sitting = before
