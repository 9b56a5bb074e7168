"""What this feature asks of its neighbours; `answers.py` joins them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Office:
    """Where the village committee is found, for questions and complaints about personal data."""

    address: str
    phone: str
    hours: str


def _unknown() -> Office:
    return Office(address="", phone="", hours="")


class _Answers:
    office: Callable[[], Office] = staticmethod(_unknown)


def answer(office: Callable[[], Office]) -> None:
    """Let somebody above say where the committee is found."""
    _Answers.office = staticmethod(office)


def find_office() -> Office:
    """Return where the committee of this village is found; empty words where it is not known."""
    return _Answers.office()
