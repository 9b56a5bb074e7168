"""The exceptions that the features share."""

from enum import StrEnum


class Refused(Exception):
    """A rule said no. It carries the reason and its facts; the view finds the words."""

    def __init__(self, reason: StrEnum, **facts: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.facts = facts


class VillageMissing(RuntimeError):
    """A query reached for rows of a village without saying of which: a fault of ours."""
