"""What the roster asks of the features above it: whether an electorate is in use."""

from datetime import datetime
from typing import Protocol


class ElectorateInUse(Protocol):
    """Answered by the feature that puts questions to the electorate."""

    def is_in_use(self, *, now: datetime) -> bool:
        """Tell whether a ballot of this village is announced or open, so that the roster counts."""


_answers: list[ElectorateInUse] = []


def answer(electorate: ElectorateInUse) -> None:
    """Join a feature to this port; `answers.py` does so at start-up."""
    _answers[:] = [electorate]


def is_in_use(*, now: datetime) -> bool:
    """Tell whether the electorate is in use; with nobody to ask, it must be taken for so."""
    return not _answers or _answers[0].is_in_use(now=now)
