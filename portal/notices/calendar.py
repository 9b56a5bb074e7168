"""Rest days and working days in China, for deadlines that may not end on a rest day."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A holiday, or a weekend day that is worked to make up for one."""

    day: date
    is_rest: bool
    name: str


def _read() -> Mapping[date, SpecialDay]:
    with Path(__file__).with_name("restdays.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    days = [SpecialDay(date.fromisoformat(r["day"]), r["is_rest"] == "1", r["name"]) for r in rows]
    return MappingProxyType({special.day: special for special in days})


DEFAULTS = _read()
"""Holidays and make-up days of 2026 and 2027: defaults, to be checked against the State Council's
yearly notice and changed by the village where they differ."""


@dataclass(frozen=True)
class RestDays:
    """A calendar: weekends, with special days that say otherwise. Call it with a day."""

    special: Mapping[date, bool] = field(default_factory=dict)

    def __call__(self, day: date) -> bool:
        """Tell whether nobody works on this day."""
        return self.special.get(day, day.weekday() >= SATURDAY)
