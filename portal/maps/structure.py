"""What is on a map, as tables and lists: for those who cannot see it, and for checking."""

from dataclasses import dataclass

from flask_babel import gettext
from shapely.geometry import shape

from portal.maps.landuse import CLASSES, LandUseClass
from portal.maps.rules import Feature, LayerKind, Sheet
from portal.maps.words import layer_names


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class of land use on the map; ``share`` is per cent of all classified land."""

    code: str
    name: str
    colour: str
    area_m2: int
    count: int
    share: float


def classes_of(sheet: Sheet, *, language: str) -> list[ClassLine]:
    """Return the classes of land use by code, with their areas."""
    areas: dict[str, list[int]] = {}
    for feature in sheet.layer(LayerKind.LAND_USE):
        areas.setdefault(feature.code, []).append(feature.area_m2)
    total = sum(sum(parts) for parts in areas.values()) or 1
    return [
        _line(CLASSES[code], areas[code], total=total, language=language) for code in sorted(areas)
    ]


def _line(found: LandUseClass, parts: list[int], *, total: int, language: str) -> ClassLine:
    area = sum(parts)
    share = round(area * 100 / total, 2)
    return ClassLine(found.code, found.name(language), found.colour, area, len(parts), share)


def controls_of(sheet: Sheet) -> list[tuple[str, int]]:
    """Return the control lines and the village area, with their areas in square metres."""
    wanted = (
        LayerKind.VILLAGE_AREA,
        LayerKind.PERMANENT_BASIC_FARMLAND,
        LayerKind.ECOLOGICAL_REDLINE,
        LayerKind.VILLAGE_BOUNDARY,
        LayerKind.URBAN_BOUNDARY,
    )
    names = layer_names()
    return [
        (names[kind], sum(feature.area_m2 for feature in sheet.layer(kind)))
        for kind in wanted
        if sheet.layer(kind)
    ]


def hamlets_of(sheet: Sheet) -> list[tuple[str, str, tuple[float, float]]]:
    """Return the named spots on the map: name, what it is, longitude and latitude."""
    hamlet = gettext("Hamlet")
    return [(feature.name, hamlet, _spot(feature)) for feature in sheet.layer(LayerKind.PLACE)]


def class_name(code: str, language: str) -> str:
    """Return the name of a class of land use with its code, or the code alone."""
    found = CLASSES.get(code)
    return f"{code} {found.name(language)}" if found else code


def _spot(feature: Feature) -> tuple[float, float]:
    spot = shape(feature.geometry).representative_point()
    return (round(spot.x, 6), round(spot.y, 6))
