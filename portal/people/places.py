"""The region tree: how it grows, and the villages of this house as lists show them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.core.scope import all_villages
from portal.people import electorate
from portal.people.models import Region, Resident
from portal.people.rules import Level, level_of, lineage


@dataclass(frozen=True)
class VillageLine:
    """A village with the two regions right above it."""

    id: int
    code: str
    name: str
    township: str = ""
    county: str = ""
    closed_at: datetime | None = None
    is_synthetic: bool = False

    @property
    def above(self) -> str:
        """Return county and township, as far as the tree knows their names."""
        return " · ".join(filter(None, (self.county, self.township)))


def find_villages(
    *,
    search: str = "",
    under: str = "",
    page: int = 1,
    per_page: int = 50,
    with_closed: bool = False,
) -> tuple[list[VillageLine], int]:
    """Return one page of the villages by code, and how many there are; two statements.

    `search` is part of the name of the village, its township or county, or the beginning of the
    code; `under` is the code of a region: only villages in it.
    """
    township, county = aliased(Region), aliased(Region)
    query = (
        select(
            Region.id,
            Region.code,
            Region.name,
            township.name,
            township.code,
            county.name,
            county.code,
            Region.closed_at,
            Region.is_synthetic,
        )
        .outerjoin(township, township.id == Region.parent_id)
        .outerjoin(county, county.id == township.parent_id)
        .where(Region.level == Level.VILLAGE)
    )
    if under:
        query = query.where(Region.code.startswith(under, autoescape=True))
    if not with_closed:
        query = query.where(Region.closed_at.is_(None))
    for word in search.split():
        query = query.where(
            or_(
                Region.name.contains(word, autoescape=True),
                township.name.contains(word, autoescape=True),
                county.name.contains(word, autoescape=True),
                Region.code.startswith(word, autoescape=True),
            )
        )
    total = db.session.scalar(
        query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    )
    rows = db.session.execute(
        query.order_by(Region.code).limit(per_page).offset((page - 1) * per_page)
    )
    found = [
        VillageLine(i, code, name, _name(t, t_code), _name(c, c_code), closed, made_up)
        for i, code, name, t, t_code, c, c_code, closed, made_up in rows
    ]
    return found, total or 0


def _name(name: str | None, code: str | None) -> str:
    """Return a region's name; "" where the tree holds only its code."""
    return name if name is not None and name != code else ""


def grouped(lines: Sequence[VillageLine]) -> list[tuple[str, list[VillageLine]]]:
    """Return lines that stand in the order of their codes, by county and township."""
    groups: list[tuple[str, list[VillageLine]]] = []
    for line in lines:
        if not groups or groups[-1][0] != line.above:
            groups.append((line.above, []))
        groups[-1][1].append(line)
    return groups


def regions_above(code: str) -> list[Region]:
    """Return the regions of the tree that lie above a code, the province first."""
    query = select(Region).where(Region.code.in_(lineage(code)), Region.code != code)
    return list(db.session.scalars(query.order_by(Region.code)))


def list_regions(
    *, under: str = "", levels: Collection[Level] = (Level.COUNTY, Level.TOWNSHIP), limit: int = 400
) -> list[Region]:
    """Return the regions of these levels by code; `under` is the code of one that they are in."""
    query = select(Region).where(Region.level.in_(levels)).order_by(Region.code).limit(limit)
    if under:
        query = query.where(Region.code.startswith(under, autoescape=True))
    return list(db.session.scalars(query))


def names_of(region_ids: Collection[int]) -> dict[int, str]:
    """Return the names of regions by id, in one statement."""
    query = select(Region.id, Region.name).where(Region.id.in_(region_ids))
    return {region_id: name for region_id, name in db.session.execute(query)}


def grow(code: str, names: Sequence[str], *, is_synthetic: bool = False) -> Region:
    """Return the region of that code; it and what is missing above it are added to the tree.

    `names` are those of the province and so on down to the region itself, the nearest last; a
    region without a name is called by its code until somebody names it.
    """
    codes = lineage(code)
    called = dict(zip(reversed(codes), reversed(names), strict=False))
    there = {r.code: r for r in db.session.scalars(select(Region).where(Region.code.in_(codes)))}
    parent: Region | None = None
    for upper in codes:
        region = there.get(upper)
        if region is None:
            level = level_of(upper)
            assert level is not None  # noqa: S101 -- cut from a checked code
            region = Region(code=upper, name=called.get(upper) or upper, level=level)
            region.parent_id = parent.id if parent else None
            region.is_synthetic = is_synthetic and upper == code
            db.session.add(region)
            db.session.flush()
        elif region.name == region.code and called.get(upper):
            region.name = called[upper]
        parent = region
    assert parent is not None  # noqa: S101 -- a code has at least a province
    return parent


def count_rosters(village_ids: Collection[int], *, day: date) -> Mapping[int, tuple[int, int, int]]:
    """Return electors, residents and households of each of these villages, in one statement.

    Counted as `service.count_roster` counts them; a village without a roster is missing.
    """
    query = (
        select(Resident.village_id, *electorate.counts(day))
        .where(Resident.village_id.in_(village_ids), electorate.is_here(day))
        .group_by(Resident.village_id)
    )
    with all_villages("a list of villages counts each of them"):
        return {row[0]: (row[1], row[2], row[3]) for row in db.session.execute(query)}
