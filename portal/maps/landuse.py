"""The classes of land use of the national guide, 2023 edition: codes, names, colours, flags."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class LandUseClass:
    """One class. ``pattern`` is drawn beside the colour, so that colour is never alone.

    The flags say where the class counts in the structure table (domain.md §2.3).
    """

    code: str
    name_zh: str
    name_en: str
    colour: str
    pattern: str
    construction: bool
    village_construction: bool
    regional_infrastructure: bool
    other_construction: bool

    def name(self, language: str) -> str:
        """Return the official Chinese name, or our English one."""
        return self.name_zh if language.startswith("zh") else self.name_en

    @property
    def parent(self) -> str | None:
        """Return the code of the class above, or None at the first level."""
        return self.code[:-2] or None


def _read() -> Mapping[str, LandUseClass]:
    path = Path(__file__).with_name("landuse.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return MappingProxyType(
        {
            row["code"]: LandUseClass(
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                colour=row["colour"],
                pattern=row["pattern"],
                construction=row["construction"] == "1",
                village_construction=row["village_construction"] == "1",
                regional_infrastructure=row["regional_infrastructure"] == "1",
                other_construction=row["other_construction"] == "1",
            )
            for row in rows
        }
    )


CLASSES = _read()
"""Every class by its code, first level (2 digits) to third (6)."""


def find_class(code: str) -> LandUseClass | None:
    """Return the class with this code, or None."""
    return CLASSES.get(code)
