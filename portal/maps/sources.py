"""What was understood of a file that may hold many layers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.maps.rules import Family, Feature, LayerKind, Remark


class Known(StrEnum):
    """How we know the coordinate system of a layer."""

    SAID = "said"
    GUESSED = "guessed"
    CHOSEN = "chosen"
    ASKED = "asked"
    """We do not know it: the numbers fit several, so whoever hands it in must choose."""


@dataclass(frozen=True, slots=True)
class CrsChoice:
    """A coordinate system to choose from, by a key that fits into a form or an address."""

    key: str

    @property
    def epsg(self) -> int | None:
        """Return its number in the register of EPSG, if it has one."""
        return int(self.key[5:]) if self.key.startswith("epsg-") else None

    @property
    def meridian(self) -> int | None:
        """Return the central meridian of a 3-degree Gauss-Krüger zone of CGCS2000, else None."""
        number = self.epsg or 0
        if 4513 <= number <= 4533:
            return 75 + 3 * (number - 4513)
        return 75 + 3 * (number - 4534) if 4534 <= number <= 4554 else None

    @property
    def zone(self) -> int | None:
        """Return the number of the zone where eastings begin with it, else None."""
        number = self.epsg or 0
        return number - 4488 if 4513 <= number <= 4533 else None


AUTO = CrsChoice("auto")
"""What the file says, or what its numbers say."""
CGCS2000 = CrsChoice("epsg-4490")
WGS84 = CrsChoice("epsg-4326")
GCJ02 = CrsChoice("gcj-02")
"""The shifted degrees of Chinese web maps (Amap, Tencent)."""
ZONES = tuple(CrsChoice(f"epsg-{number}") for number in range(4513, 4534))
MERIDIANS = tuple(CrsChoice(f"epsg-{number}") for number in range(4534, 4555))
CHOICES: Mapping[str, CrsChoice] = {
    choice.key: choice for choice in (AUTO, CGCS2000, WGS84, GCJ02, *ZONES, *MERIDIANS)
}


@dataclass(frozen=True, slots=True)
class Source:
    """One layer of a file, read: everything of it in degrees, or its faults and no feature.

    ``key`` names it within the file. ``kind`` is what it seems to be; None: whoever hands it in
    must say. ``crs`` is a key of ``CHOICES``, or the name of another system that the file says.
    ``rows`` are what the telling columns say of each feature, ``numbers`` its number in the file.
    """

    key: str
    file: str
    name: str
    format: str
    family: Family | None
    kind: LayerKind | None
    crs: str
    known: Known
    candidates: tuple[CrsChoice, ...]
    encoding: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    numbers: tuple[int, ...]
    features: tuple[Feature, ...]
    faults: tuple[Remark, ...]
    repairs: tuple[Remark, ...]

    @property
    def area_m2(self) -> int:
        """Return the area of all its features."""
        return sum(feature.area_m2 for feature in self.features)


@dataclass(frozen=True, slots=True)
class FileReading:
    """What was understood of a file; nothing of it is kept.

    ``faults`` are those of the file as a whole; ``others`` the members of a zip that are no map.
    """

    filename: str
    format: str
    sources: tuple[Source, ...]
    faults: tuple[Remark, ...]
    others: tuple[str, ...] = ()

    @property
    def all_faults(self) -> tuple[Remark, ...]:
        """Return the faults of the file and of each of its layers."""
        return self.faults + tuple(fault for source in self.sources for fault in source.faults)

    @property
    def repairs(self) -> tuple[Remark, ...]:
        """Return what was put right in all its layers."""
        return tuple(repair for source in self.sources for repair in source.repairs)
