"""The words for what was understood of a map file: kinds of layers, faults, repairs."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.maps.rules import Fault, LayerKind, Remark, Repair
from portal.maps.sources import AUTO, CGCS2000, CHOICES, GCJ02, WGS84, Known

LAYERS: dict[LayerKind, LazyString] = {
    LayerKind.LAND_USE: _l("Planned land use"),
    LayerKind.LAND_USE_BASE: _l("Present land use"),
    LayerKind.CONTROL_ZONE: _l("Control zones"),
    LayerKind.GROUP_AREA: _l("Areas of the villager groups"),
    LayerKind.VILLAGE_AREA: _l("Village area"),
    LayerKind.PERMANENT_BASIC_FARMLAND: _l("Permanent basic farmland"),
    LayerKind.ECOLOGICAL_REDLINE: _l("Ecological redline"),
    LayerKind.URBAN_BOUNDARY: _l("Urban boundary"),
    LayerKind.VILLAGE_BOUNDARY: _l("Village construction boundary"),
    LayerKind.BUILDING: _l("Houses"),
    LayerKind.ROAD: _l("Roads"),
    LayerKind.PROJECT: _l("Projects"),
    LayerKind.PLACE: _l("Hamlets"),
    LayerKind.FACILITY: _l("Facilities"),
    LayerKind.HERITAGE: _l("Heritage"),
    LayerKind.CORRIDOR: _l("Ecological corridors"),
    LayerKind.HAZARD: _l("Hazard areas"),
}
FAULTS: dict[StrEnum, LazyString] = {
    Fault.TOO_BIG: _l("The file is too large."),
    Fault.NOT_UTF8: _l("The file is not written in UTF-8. Export it again as GeoJSON in UTF-8."),
    Fault.NOT_JSON: _l("The file is broken at this line and column."),
    Fault.TOO_DEEP: _l("The file is nested too deeply."),
    Fault.DUPLICATE_MEMBER: _l("This member stands twice, so it is not clear which counts."),
    Fault.NOT_GEOJSON: _l("This is not a GeoJSON file with features."),
    Fault.OTHER_CRS: _l(
        "The file has another coordinate system. Export it in longitude and latitude"
        " (CGCS2000 or WGS 84)."
    ),
    Fault.NO_FEATURES: _l("There is nothing in the file that could be drawn."),
    Fault.TOO_MANY_FEATURES: _l("There are too many features in the file."),
    Fault.TOO_MANY_POSITIONS: _l("There are too many points in the file."),
    Fault.NOT_A_FEATURE: _l("This is not a feature."),
    Fault.BAD_PROPERTIES: _l("The properties are missing or no list of names and values."),
    Fault.BAD_ID: _l("The id is neither a text nor a number."),
    Fault.BAD_BBOX: _l("The bounding box is not made of numbers."),
    Fault.FOREIGN_MEMBER: _l("This member does not belong here."),
    Fault.BAD_GEOMETRY: _l("The shape is missing or of an unknown kind."),
    Fault.COLLECTION: _l("Mixed shapes in one feature cannot be read. Export them one by one."),
    Fault.WRONG_FAMILY: _l("This kind of shape does not fit the layer."),
    Fault.BAD_POSITION: _l("A point is not made of two numbers."),
    Fault.NOT_FINITE: _l("A coordinate is not a finite number."),
    Fault.OUT_OF_RANGE: _l("A coordinate is not a longitude and latitude in degrees."),
    Fault.SWAPPED: _l("Longitude and latitude seem to be swapped: longitude comes first."),
    Fault.LINE_TOO_SHORT: _l("A line needs at least two points."),
    Fault.RING_TOO_SHORT: _l("A ring needs at least four points."),
    Fault.RING_NOT_CLOSED: _l("A ring is not closed: its last point must be its first."),
    Fault.NO_AREA: _l("The area is empty."),
    Fault.NO_CLASS: _l("The land-use code is missing (code or DLBM)."),
    Fault.UNKNOWN_CLASS: _l("We do not know this land-use code (2023 edition)."),
    Fault.TOO_FAR_APART: _l("The map is too large for a village."),
    Fault.NO_ZONE: _l("The code of the control zone is missing."),
    Fault.UNKNOWN_ZONE: _l("We do not know this code of a control zone (0101 to 0900)."),
    Fault.NO_GROUP: _l("The number of the villager group is missing."),
    Fault.CLASS_NAME: _l("The code and the name of the class do not belong together (2023)."),
    Fault.CRS_UNKNOWN: _l(
        "The file does not say which coordinate system it is in, and its numbers fit several."
        " Choose one."
    ),
    Fault.CRS_DOES_NOT_FIT: _l("The numbers do not fit the coordinate system. Choose another."),
    Fault.OTHER_DATUM: _l(
        "This coordinate system can only be converted with parameters of the survey office."
        " Have the file converted to CGCS2000."
    ),
    Fault.NO_KIND: _l("Choose what this layer shows."),
    Fault.NO_LAYERS: _l("There is no map in the file."),
    Fault.UNKNOWN_FORMAT: _l(
        "This is none of the formats that are read here: GeoJSON, GeoPackage, KML, KMZ, DXF,"
        " and a zip of a Shapefile or a File Geodatabase."
    ),
    Fault.BROKEN: _l("The file is damaged, or not what its name says."),
    Fault.TOO_MUCH_WORK: _l("The file takes too much time or memory to be read."),
    Fault.UNSAFE_XML: _l("The file defines entities of its own, which no map needs."),
    Fault.NOT_A_ZIP: _l("The zip is damaged, or is none."),
    Fault.ENCRYPTED: _l("The zip is locked with a password. Pack it again without one."),
    Fault.BAD_MEMBER: _l("A name within the zip leads out of it, or stands twice."),
    Fault.LINK: _l("The zip holds a link instead of a file."),
    Fault.NESTED_ZIP: _l("There is a zip within the zip. Pack the files themselves."),
    Fault.ZIP_BOMB: _l("What is in the zip is far too large when it is unpacked."),
    Fault.TOO_MANY_MEMBERS: _l("There are too many files in the zip."),
    Fault.INCOMPLETE_SHAPEFILE: _l(
        "A Shapefile is several files: pack .shp, .shx, .dbf and .prj into one zip."
    ),
    Fault.ENCODING: _l("The words of the table are in no encoding known here."),
    Fault.TOO_MANY_LAYERS: _l("There are too many layers in the file."),
}
REPAIRS: dict[StrEnum, LazyString] = {
    Repair.SELF_CROSSING: _l("crossed itself and was repaired"),
    Repair.RING_ORDER: _l("rings ran the wrong way round and were turned"),
    Repair.HEIGHT_DROPPED: _l("heights were left out"),
    Repair.NO_PLACE: _l("had no shape and was left out"),
    Repair.TEXT_CUT: _l("a name was too long and was cut"),
    Repair.SWAPPED_AXES: _l("north stood before east and was put right"),
    Repair.RING_CLOSED: _l("a ring was not closed and was closed"),
    Repair.MEASURES_DROPPED: _l("measures along the lines were left out"),
    Repair.CURVES: _l("curves were turned into short straight lines"),
    Repair.MIXED: _l("areas, lines and points were mixed and were parted"),
    Repair.LINE_CLOSED: _l("a closed line was taken as an area"),
    Repair.DOUBLE: _l("stood there twice and was taken once"),
    Repair.OLD_CODE: _l("had a land-use code of an older edition, which was changed"),
    Repair.SHORT_CODE: _l("had lost the zero its code begins with, which was put back"),
    Repair.CODE_BY_NAME: _l("had no code; it was found by the name of the class"),
    Repair.AREA_UNIT: _l(
        "the areas written down are in another unit; ours are measured from the shapes"
    ),
    Repair.AREA_DIFFERS: _l(
        "the areas written down are not those of the shapes; ours are measured from the shapes"
    ),
    Repair.ENCODING_FOUND: _l("the words were in another encoding than the file says"),
    Repair.COLLECTION_SPLIT: _l("was made of mixed shapes and was parted"),
}
REMARKS: dict[StrEnum, LazyString] = FAULTS | REPAIRS
KNOWN: dict[Known, LazyString] = {
    Known.SAID: _l("as the file says"),
    Known.GUESSED: _l("found by the numbers"),
    Known.CHOSEN: _l("as you chose"),
    Known.ASKED: _l("not known: please choose"),
}
_NAMES: dict[str, LazyString] = {
    AUTO.key: _l("As understood from the file"),
    CGCS2000.key: _l("CGCS2000, longitude and latitude"),
    WGS84.key: _l("WGS 84, longitude and latitude"),
    GCJ02.key: _l("GCJ-02, shifted (web maps such as Amap or Tencent)"),
}


_PLAIN = {"Self-intersection", "Ring Self-intersection"}
"""Details that the words have said already."""


@dataclass(frozen=True, slots=True)
class Said:
    """Equal remarks in words: where in the file, what, and the detail."""

    where: str
    words: str
    detail: str

    def __str__(self) -> str:
        return f"{self.where}: {self.words}" + (f" ({self.detail})" if self.detail else "")


def explain(remarks: Iterable[Remark]) -> list[Said]:
    """Return remarks in the language of the reader, equal ones together."""
    groups: dict[tuple[str, str, str, str], list[int | None]] = {}
    for remark in remarks:
        detail = "" if remark.detail in _PLAIN else remark.detail
        key = (remark.layer, remark.column, str(REMARKS[remark.reason]), detail)
        groups.setdefault(key, []).append(remark.feature)
    said = []
    for (layer, column, words, detail), numbers in groups.items():
        parts = [layer] if layer else []
        if any(numbers) or not layer:
            parts.append(features_words(numbers))
        if column:
            parts.append(_("column %(name)s", name=column))
        said.append(Said(" · ".join(parts), words, detail))
    return said


def features_words(numbers: list[int | None]) -> str:
    """Return which features of a file something is about: the first ones, and how many more."""
    said = sorted(number for number in numbers if number is not None)
    if not said:
        return _("The file")
    listed = ", ".join(str(number) for number in said[:8])
    if len(said) > 8:
        rest = len(said) - 8
        return (
            _("Features %(list)s", list=listed)
            + " "
            + ngettext("and %(num)d more", "and %(num)d more", rest)
        )
    return ngettext("Feature %(list)s", "Features %(list)s", len(said), list=listed)


def crs_words(key: str) -> str:
    """Return what a coordinate system is called."""
    choice = CHOICES.get(key)
    if choice is None:
        return key
    if choice.zone is not None:
        return _(
            "CGCS2000, 3-degree zone %(zone)s (%(meridian)s° E), eastings of 8 digits",
            zone=choice.zone,
            meridian=choice.meridian,
        )
    if choice.meridian is not None:
        return _(
            "CGCS2000, 3-degree zone around %(meridian)s° E, eastings of 6 digits",
            meridian=choice.meridian,
        )
    return str(_NAMES[key])
