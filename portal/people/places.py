"""The villages of this house as lists show them: searched, with their county and township."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.people.models import Region
from portal.people.rules import Level


@dataclass(frozen=True)
class VillageLine:
    """A village with the two regions right above it."""

    id: int
    code: str
    name: str
    township: str
    county: str

    @property
    def above(self) -> str:
        """Return county and township, as far as the tree knows their names."""
        return " · ".join(filter(None, (self.county, self.township)))


def find_villages(
    *, search: str = "", under: str = "", page: int = 1, per_page: int = 50
) -> tuple[list[VillageLine], int]:
    """Return one page of the villages by code, and how many there are; two statements.

    `search` is part of the name of the village, its township or county, or the beginning of the
    code; `under` is the code of a region: only villages in it.
    """
    township, county = aliased(Region), aliased(Region)
    query = (
        select(Region.id, Region.code, Region.name, township, county)
        .outerjoin(township, township.id == Region.parent_id)
        .outerjoin(county, county.id == township.parent_id)
        .where(Region.level == Level.VILLAGE)
    )
    if under:
        query = query.where(Region.code.startswith(under, autoescape=True))
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
    found = [VillageLine(i, code, name, _name(t), _name(c)) for i, code, name, t, c in rows]
    return found, total or 0


def regions_above(code: str) -> list[Region]:
    """Return the regions of the tree that lie above a code, the province first."""
    query = select(Region).where(Region.code.in_([code[:n] for n in (2, 4, 6, 9) if n < len(code)]))
    return list(db.session.scalars(query.order_by(Region.code)))


def grouped(lines: Sequence[VillageLine]) -> list[tuple[str, list[VillageLine]]]:
    """Return lines that stand in the order of their codes, by county and township."""
    groups: list[tuple[str, list[VillageLine]]] = []
    for line in lines:
        if not groups or groups[-1][0] != line.above:
            groups.append((line.above, []))
        groups[-1][1].append(line)
    return groups


def _name(region: Region | None) -> str:
    """Return a region's name; "" where the tree holds only its code."""
    return region.name if region is not None and region.name != region.code else ""
