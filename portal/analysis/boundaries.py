"""The sets of boundaries on a map that can be held against each other, and their patches."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from portal.maps.landuse import CLASSES
from portal.maps.projection import Projection, around
from portal.maps.rules import CONTROL_ZONES, Feature, LayerKind, Sheet

LAYERS = (
    LayerKind.ECOLOGICAL_REDLINE,
    LayerKind.PERMANENT_BASIC_FARMLAND,
    LayerKind.URBAN_BOUNDARY,
    LayerKind.VILLAGE_BOUNDARY,
    LayerKind.HERITAGE,
    LayerKind.CORRIDOR,
    LayerKind.HAZARD,
    LayerKind.PROJECT,
    LayerKind.BUILDING,
    LayerKind.GROUP_AREA,
    LayerKind.VILLAGE_AREA,
)
_ECOLOGICAL = ("03", "04", "05", "17")
CONSTRUCTION, FARMLAND, ECOLOGICAL = (
    "land_use:construction",
    "land_use:farmland",
    "land_use:ecological",
)
_USES: Mapping[str, Callable[[Feature], bool]] = {
    CONSTRUCTION: lambda f: f.code in CLASSES and CLASSES[f.code].construction,
    FARMLAND: lambda f: f.code.startswith("01"),
    ECOLOGICAL: lambda f: f.code.startswith(_ECOLOGICAL),
}
ZONES = {f"zone:{code}": code for code in CONTROL_ZONES}
KEYS: tuple[str, ...] = (*(kind.value for kind in LAYERS), *_USES, *ZONES)
"""Every set of boundaries, by its key: a layer, a kind of planned land use, or a control zone."""

REDLINE = LayerKind.ECOLOGICAL_REDLINE.value
BASIC = LayerKind.PERMANENT_BASIC_FARMLAND.value
URBAN = LayerKind.URBAN_BOUNDARY.value
VILLAGE = LayerKind.VILLAGE_BOUNDARY.value
DEFAULT_PAIRS: tuple[tuple[str, str], ...] = (
    (REDLINE, VILLAGE),
    (BASIC, VILLAGE),
    (REDLINE, URBAN),
    (BASIC, URBAN),
    (REDLINE, BASIC),
    (REDLINE, CONSTRUCTION),
    (BASIC, CONSTRUCTION),
    (LayerKind.HAZARD.value, VILLAGE),
)
"""What should never lie on each other: the three lines, the village's boundary, and building."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch (图斑) of a set: where it comes from, what it is called, its shape in metres.

    `source` is the same for a patch that stands in two sets; `identity` does not change with its
    place in a file.
    """

    source: tuple[LayerKind, int]
    identity: str
    label: str
    shape: BaseGeometry


def plane_of(sheet: Sheet) -> Projection:
    """Return the equal-area plane around everything on a sheet."""
    shapes = [shape(f.geometry) for layer in sheet.layers for f in layer.features]
    return around(tuple(shapely.total_bounds(shapes).tolist()))


def keys_on(sheet: Sheet) -> list[str]:
    """Return the keys of the sets that have at least one patch on this map."""
    return [key for key in KEYS if next(_features(sheet, key), None) is not None]


def patches_of(sheet: Sheet, key: str, plane: Projection) -> list[Patch]:
    """Return the patches of a set, in the order of the map."""
    features = list(_features(sheet, key))
    refs = Counter(f.ref for _, f in features)
    shapes = np.array([shape(f.geometry) for _, f in features], dtype=object)
    outlines = shapely.to_wkb(shapely.normalize(shapely.set_precision(shapes, 1e-6)))
    flat = shapely.transform(shapes, plane.to_metres)
    return [
        Patch(
            (kind, f.number),
            f"ref:{f.ref}" if f.ref and refs[f.ref] == 1 else _identity(outline),
            _label(f),
            form if form.is_valid else shapely.make_valid(form),
        )
        for (kind, f), outline, form in zip(features, outlines, flat, strict=True)
    ]


def _features(sheet: Sheet, key: str) -> Iterator[tuple[LayerKind, Feature]]:
    if key in _USES:
        kind, wanted = LayerKind.LAND_USE, _USES[key]
    elif key in ZONES:
        kind, code = LayerKind.CONTROL_ZONE, ZONES[key]
        wanted = _has_code(code)
    else:
        kind, wanted = LayerKind(key), _is_any
    for feature in sheet.layer(kind):
        if feature.geometry["type"] in ("Polygon", "MultiPolygon") and wanted(feature):
            yield kind, feature


def _has_code(code: str) -> Callable[[Feature], bool]:
    return lambda feature: feature.code == code


def _is_any(_feature: Feature) -> bool:
    return True


def _identity(outline: bytes) -> str:
    """Name a patch without a number of its own by its outline, wherever that begins."""
    return "shape:" + hashlib.sha256(outline).hexdigest()[:16]


def _label(feature: Feature) -> str:
    said = " ".join(part for part in (feature.ref, feature.name, feature.code) if part)
    return f"{feature.number} {said}".strip()
