"""What a map sheet may hold, and the plain values that a drawing is made from. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Geometry = Mapping[str, Any]
"""A GeoJSON geometry object (RFC 7946): ``type`` and ``coordinates`` in degrees, lon before lat."""

MAX_BYTES = 8_000_000
MAX_FEATURES = 10_000
MAX_POSITIONS = 300_000
MAX_EXTENT_M = 120_000
MAX_TEXT = 120


class LayerKind(StrEnum):
    """What a layer shows; a sheet has at most one layer of each kind (domain.md, glossary)."""

    LAND_USE = "land_use"
    VILLAGE_AREA = "village_area"
    PERMANENT_BASIC_FARMLAND = "permanent_basic_farmland"
    ECOLOGICAL_REDLINE = "ecological_redline"
    URBAN_BOUNDARY = "urban_boundary"
    VILLAGE_BOUNDARY = "village_boundary"
    BUILDING = "building"
    ROAD = "road"
    PROJECT = "project"
    PLACE = "place"


class Family(StrEnum):
    """The three families of geometry."""

    AREA = "area"
    LINE = "line"
    POINT = "point"


FAMILIES: Mapping[str, Family] = {
    "Polygon": Family.AREA,
    "MultiPolygon": Family.AREA,
    "LineString": Family.LINE,
    "MultiLineString": Family.LINE,
    "Point": Family.POINT,
    "MultiPoint": Family.POINT,
}

ALLOWED: Mapping[LayerKind, frozenset[Family]] = {
    kind: frozenset({Family.AREA})
    for kind in LayerKind
    if kind not in (LayerKind.ROAD, LayerKind.PROJECT, LayerKind.PLACE)
} | {
    LayerKind.ROAD: frozenset({Family.LINE}),
    LayerKind.PROJECT: frozenset(Family),
    LayerKind.PLACE: frozenset({Family.POINT}),
}


class Fault(StrEnum):
    """Why a file is refused; views.py has the words."""

    TOO_BIG = "too-big"
    NOT_UTF8 = "not-utf8"
    NOT_JSON = "not-json"
    TOO_DEEP = "too-deep"
    DUPLICATE_MEMBER = "duplicate-member"
    NOT_GEOJSON = "not-geojson"
    OTHER_CRS = "other-crs"
    NO_FEATURES = "no-features"
    TOO_MANY_FEATURES = "too-many-features"
    TOO_MANY_POSITIONS = "too-many-positions"
    NOT_A_FEATURE = "not-a-feature"
    BAD_PROPERTIES = "bad-properties"
    BAD_ID = "bad-id"
    BAD_BBOX = "bad-bbox"
    FOREIGN_MEMBER = "foreign-member"
    BAD_GEOMETRY = "bad-geometry"
    COLLECTION = "geometry-collection"
    WRONG_FAMILY = "wrong-family"
    BAD_POSITION = "bad-position"
    NOT_FINITE = "not-finite"
    OUT_OF_RANGE = "out-of-range"
    SWAPPED = "swapped"
    LINE_TOO_SHORT = "line-too-short"
    RING_TOO_SHORT = "ring-too-short"
    RING_NOT_CLOSED = "ring-not-closed"
    NO_AREA = "no-area"
    NO_CLASS = "no-class"
    UNKNOWN_CLASS = "unknown-class"
    TOO_FAR_APART = "too-far-apart"


class Repair(StrEnum):
    """What was put right while reading, and is said; views.py has the words."""

    SELF_CROSSING = "self-crossing"
    RING_ORDER = "ring-order"
    HEIGHT_DROPPED = "height-dropped"
    NO_PLACE = "no-place"
    TEXT_CUT = "text-cut"


@dataclass(frozen=True, slots=True)
class Remark:
    """One fault or repair: which feature of the file (1 is the first; None the file), and facts."""

    reason: Fault | Repair
    feature: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map. ``area_m2`` is 0 for lines and points."""

    number: int
    name: str
    code: str
    ref: str
    geometry: Geometry
    area_m2: int


@dataclass(frozen=True, slots=True)
class Layer:
    """The features of one kind, in the order of the file."""

    kind: LayerKind
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole map, ready to be drawn, hashed or listed."""

    title: str
    source: str
    layers: tuple[Layer, ...]

    def layer(self, kind: LayerKind) -> tuple[Feature, ...]:
        """Return the features of one kind; empty where the sheet has no such layer."""
        return next((layer.features for layer in self.layers if layer.kind is kind), ())


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a file. With faults there are no features: all or nothing."""

    features: tuple[Feature, ...]
    faults: tuple[Remark, ...]
    repairs: tuple[Remark, ...]
