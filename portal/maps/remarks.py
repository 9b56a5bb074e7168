"""The words for what was understood of a map file: kinds of layers, faults, repairs."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.maps.rules import Fault, LayerKind, Repair

LAYERS: dict[LayerKind, LazyString] = {
    LayerKind.LAND_USE: _l("Land use"),
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
}
REPAIRS: dict[StrEnum, LazyString] = {
    Repair.SELF_CROSSING: _l("crossed itself and was repaired"),
    Repair.RING_ORDER: _l("rings ran the wrong way round and were turned"),
    Repair.HEIGHT_DROPPED: _l("heights were left out"),
    Repair.NO_PLACE: _l("had no shape and was left out"),
    Repair.TEXT_CUT: _l("a name was too long and was cut"),
}
