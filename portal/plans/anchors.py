"""What an opinion on a version can be about. Constant numbers of statements."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, literal, select, union_all

from portal.core.db import db, table_of
from portal.core.scope import prepared, require_village
from portal.maps import service as maps
from portal.maps.landuse import CLASSES
from portal.maps.rules import LayerKind
from portal.plans import spots
from portal.plans.models import Goal, Indicator, PlanSection, Project
from portal.plans.reading import get_version

PARCEL = "parcel-"
"""How the key of a parcel begins; its number follows."""


def _part(rank: int, word: str, table: Table, key: str, title: ColumnElement[str]) -> Select[Any]:
    return select(
        literal(word).label("part"),
        (literal(rank * 100_000) + table.c.position).label("place"),
        table.c[key].label("key"),
        title.label("title"),
    ).where(table.c.village_id == bindparam("village"), table.c.version_id == bindparam("version"))


_GOALS, _INDICATORS, _PROJECTS, _SECTIONS = map(table_of, (Goal, Indicator, Project, PlanSection))
_PARTS = prepared(
    union_all(
        _part(0, "goal", _GOALS, "position", _GOALS.c.title),
        _part(1, "indicator", _INDICATORS, "position", _INDICATORS.c.name),
        _part(2, "project", _PROJECTS, "id", _PROJECTS.c.code + " " + _PROJECTS.c.name),
        _part(3, "section", _SECTIONS, "position", _SECTIONS.c.title),
    ).order_by("place")
)


def list_anchors(version_id: int, *, about: str = "") -> dict[str, str]:
    """Return what an opinion can be about, by key: goals, indicators, projects (by id), chapters.

    Of the many parcels and spots of the map there is the one that ``about`` names, if it is there.
    """
    here = {"village": require_village(), "version": version_id}
    anchors = {f"{part}-{key}": title for part, _, key, title in db.session.execute(_PARTS, here)}
    return anchors | _parcel_anchor(version_id, about) | _spot_anchor(version_id, about)


def _spot_anchor(version_id: int, about: str) -> dict[str, str]:
    spot = spots.read_spot(about)
    title = spot and spots.spot_title(get_version(version_id), spot)
    return {spot.key: title} if spot and title else {}


def _parcel_anchor(version_id: int, about: str) -> dict[str, str]:
    number = about.removeprefix(PARCEL)
    sheet_id = get_version(version_id).map_sheet_id if about.startswith(PARCEL) else None
    if sheet_id is None or not number.isdecimal() or len(number) > 6:
        return {}
    feature = maps.find_feature(sheet_id, LayerKind.LAND_USE, int(number))
    if feature is None:
        return {}
    words = f"地块{feature.number} {feature.name} {feature.code} {CLASSES[feature.code].name_zh}"
    return {f"{PARCEL}{feature.number}": " ".join(words.split())}
