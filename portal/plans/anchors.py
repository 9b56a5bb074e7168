"""What an opinion on a version can be about. Constant numbers of statements."""

from sqlalchemy import select

from portal.core.db import db
from portal.maps import service as maps
from portal.maps.landuse import CLASSES
from portal.maps.rules import LayerKind
from portal.plans import spots
from portal.plans.models import Goal, Indicator
from portal.plans.reading import get_version, list_projects, list_sections

PARCEL = "parcel-"
"""How the key of a parcel begins; its number follows."""


def list_anchors(version_id: int, *, about: str = "") -> dict[str, str]:
    """Return what an opinion can be about, by key: goals, indicators, projects (by id), chapters.

    Of the many parcels and spots of the map there is the one that ``about`` names, if it is there.
    """
    goals = db.session.execute(
        select(Goal.position, Goal.title)
        .where(Goal.version_id == version_id)
        .order_by(Goal.position)
    )
    anchors = {f"goal-{position}": title for position, title in goals}
    indicators = db.session.execute(
        select(Indicator.position, Indicator.name)
        .where(Indicator.version_id == version_id)
        .order_by(Indicator.position)
    )
    anchors |= {f"indicator-{position}": name for position, name in indicators}
    anchors |= {f"project-{p.id}": f"{p.code} {p.name}" for p in list_projects(version_id)}
    anchors |= {f"section-{s.position}": s.title for s in list_sections(version_id)}
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
