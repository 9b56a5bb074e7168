"""What is asked of the features above: what can be entered for somebody, and whose share it is."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import LazyString

from portal.people.models import Deed


@dataclass(frozen=True)
class Share:
    """One ballot: how many votes it has, and how many of them each helper entered."""

    title: str
    total: int
    by_helper: dict[int, int]


@dataclass(frozen=True)
class Entered:
    """One kind of deeds that can be entered for somebody, and what it is called."""

    model: type[Deed]
    words: LazyString
    shares: Callable[[], list[Share]] | None = None


_answers: dict[str, Entered] = {}


def answer(kind: str, entered: Entered) -> None:
    """Join a feature to this port; `answers.py` does so at start-up."""
    _answers[kind] = entered


def kinds() -> dict[str, Entered]:
    """Return what can be entered, in the order it was joined."""
    return dict(_answers)
