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
    """What each parcel becomes by the plan."""
    LAND_USE_BASE = "land_use_base"
    """What each parcel was in the base year."""
    CONTROL_ZONE = "control_zone"
    GROUP_AREA = "group_area"
    VILLAGE_AREA = "village_area"
    PERMANENT_BASIC_FARMLAND = "permanent_basic_farmland"
    ECOLOGICAL_REDLINE = "ecological_redline"
    URBAN_BOUNDARY = "urban_boundary"
    VILLAGE_BOUNDARY = "village_boundary"
    BUILDING = "building"
    ROAD = "road"
    PROJECT = "project"
    PLACE = "place"
    FACILITY = "facility"
    HERITAGE = "heritage"
    CORRIDOR = "corridor"
    HAZARD = "hazard"


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
    **dict.fromkeys(LayerKind, frozenset({Family.AREA})),
    LayerKind.ROAD: frozenset({Family.LINE}),
    LayerKind.PLACE: frozenset({Family.POINT}),
    LayerKind.PROJECT: frozenset(Family),
    LayerKind.FACILITY: frozenset({Family.POINT, Family.AREA}),
    LayerKind.HERITAGE: frozenset(Family),
    LayerKind.CORRIDOR: frozenset({Family.LINE, Family.AREA}),
    LayerKind.HAZARD: frozenset(Family),
}

CONTROL_ZONES: Mapping[str, str] = {
    "0101": "一般生态空间",
    "0102": "生态保护红线",
    "0201": "一般农业空间",
    "0202": "永久基本农田",
    "0301": "村庄集中建设区",
    "0302": "村庄弹性发展区",
    "0400": "城镇空间",
    "0900": "其他",
}
"""The control zones by their codes, with their official names (domain.md §2.3)."""


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
    NO_ZONE = "no-zone"
    UNKNOWN_ZONE = "unknown-zone"
    NO_GROUP = "no-group"
    CLASS_NAME = "class-name"
    CRS_UNKNOWN = "crs-unknown"
    CRS_DOES_NOT_FIT = "crs-does-not-fit"
    OTHER_DATUM = "other-datum"
    NO_KIND = "no-kind"
    NO_LAYERS = "no-layers"
    UNKNOWN_FORMAT = "unknown-format"
    BROKEN = "broken"
    TOO_MUCH_WORK = "too-much-work"
    UNSAFE_XML = "unsafe-xml"
    NOT_A_ZIP = "not-a-zip"
    ENCRYPTED = "encrypted"
    BAD_MEMBER = "bad-member"
    LINK = "link"
    NESTED_ZIP = "nested-zip"
    ZIP_BOMB = "zip-bomb"
    TOO_MANY_MEMBERS = "too-many-members"
    INCOMPLETE_SHAPEFILE = "incomplete-shapefile"
    ENCODING = "encoding"
    TOO_MANY_LAYERS = "too-many-layers"


class Repair(StrEnum):
    """What was put right while reading, and is said; views.py has the words."""

    SELF_CROSSING = "self-crossing"
    RING_ORDER = "ring-order"
    HEIGHT_DROPPED = "height-dropped"
    NO_PLACE = "no-place"
    TEXT_CUT = "text-cut"
    SWAPPED_AXES = "swapped-axes"
    RING_CLOSED = "ring-closed"
    MEASURES_DROPPED = "measures-dropped"
    CURVES = "curves"
    MIXED = "mixed"
    LINE_CLOSED = "line-closed"
    DOUBLE = "double"
    OLD_CODE = "old-code"
    SHORT_CODE = "short-code"
    CODE_BY_NAME = "code-by-name"
    AREA_UNIT = "area-unit"
    AREA_DIFFERS = "area-differs"
    ENCODING_FOUND = "encoding-found"
    COLLECTION_SPLIT = "collection-split"


@dataclass(frozen=True, slots=True)
class Remark:
    """One fault or repair: which feature of the layer (1 is the first; None all of it), and facts.

    ``layer`` names the layer of the file, empty where it is about the file or there is only one;
    ``column`` the column of its table that it is about.
    """

    reason: Fault | Repair
    feature: int | None = None
    detail: str = ""
    layer: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map. ``area_m2`` is 0 for lines and points.

    ``base_code`` is the class of land use that a planned parcel has now, empty where unknown.
    """

    number: int
    name: str
    code: str
    ref: str
    geometry: Geometry
    area_m2: int
    base_code: str = ""


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
