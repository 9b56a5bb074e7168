"""A layer as it stands in a file, before anything is understood of it."""

from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from portal.maps.rules import Remark


@dataclass
class RawLayer:
    """A layer as it stands in a file. ``crs`` is what the file says of its coordinates."""

    file: str
    name: str
    format: str
    crs: str | None
    encoding: str = "UTF-8"
    columns: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[BaseGeometry | None] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    faults: list[Remark] = field(default_factory=list)
    repairs: list[Remark] = field(default_factory=list)
