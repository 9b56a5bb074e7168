"""Reading the register of spatial conflicts: for lists, files, maps and document kind J."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from portal.analysis.models import ConflictCheck, SpatialConflict
from portal.analysis.overlaps import fingerprint
from portal.analysis.rules import ConflictState, ratio
from portal.core.db import db
from portal.maps import service as maps
from portal.plans import service as plans

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A conflict as lists and documents show it (document kind J). Areas in square metres."""

    id: int
    number: int
    first_set: str
    second_set: str
    first_patch: str
    second_patch: str
    area_m2: int
    smaller_m2: int
    share_percent: Decimal
    is_present: bool
    state: ConflictState
    owner: str
    proposal: str
    revision: int


@dataclass(frozen=True, slots=True)
class Register:
    """What the latest check of a version found, as a whole."""

    checked_at: datetime
    tolerance_m2: int
    tolerance_percent: Decimal
    pairs: tuple[tuple[str, str, int, int, int], ...]
    patches: int
    conflicting: int
    tolerated: int
    checked_m2: int
    overlap_m2: int
    map_sha256: str

    @property
    def ratio(self) -> Decimal | None:
        """Return `conflict_patch_ratio` in per cent: conflicting / checked patches."""
        return ratio(self.conflicting, self.patches)

    @property
    def area_ratio(self) -> Decimal | None:
        """Return the ground in conflict, in per cent of the ground that was checked."""
        return ratio(self.overlap_m2, self.checked_m2)


def get_conflict(conflict_id: int) -> SpatialConflict:
    """Return a conflict, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(SpatialConflict, conflict_id)


def find_register(version_id: int) -> Register | None:
    """Return what the latest check of a version found, or None before the first."""
    row = db.session.scalar(select(ConflictCheck).where(ConflictCheck.version_id == version_id))
    if row is None:
        return None
    return Register(
        row.checked_at,
        row.tolerance_m2,
        row.tolerance_percent,
        tuple((pair[0], pair[1], pair[2], pair[3], pair[4]) for pair in row.pairs),
        row.patch_count,
        row.conflicting_count,
        row.tolerated_count,
        row.checked_m2,
        row.overlap_m2,
        row.map_sha256,
    )


def is_of_this_map(version_id: int, register: Register) -> bool:
    """Tell whether the map is still the one that was checked."""
    sheet_id = plans.get_version(version_id).map_sheet_id
    return sheet_id is not None and fingerprint(maps.gather(sheet_id)) == register.map_sha256


def list_conflicts(
    version_id: int, *, offset: int = 0, limit: int | None = None, is_present: bool | None = None
) -> Sequence[Line]:
    """Return the conflicts: those on the map first, the largest first, numbered in this order."""
    row = SpatialConflict
    query = (
        select(
            row.id, row.first_set, row.second_set, row.first_patch, row.second_patch, row.area_m2,
            row.smaller_m2, row.share_percent, row.is_present, row.state, row.owner, row.proposal,
            row.revision,
        )
        .where(row.version_id == version_id)
        .order_by(row.is_present.desc(), row.area_m2.desc(), row.id)
    )  # fmt: skip
    if is_present is not None:
        query = query.where(row.is_present == is_present)
    found = db.session.execute(query.offset(offset).limit(limit)).all()
    return [
        Line(
            item.id, number, item.first_set, item.second_set, item.first_patch, item.second_patch,
            item.area_m2, item.smaller_m2, item.share_percent, item.is_present, item.state,
            item.owner, item.proposal, item.revision,
        )
        for number, item in enumerate(found, start=offset + 1)
    ]  # fmt: skip


def count_conflicts(version_id: int) -> dict[tuple[ConflictState, bool], int]:
    """Return how many conflicts there are by state and by whether the map still shows them."""
    rows = db.session.execute(
        select(SpatialConflict.state, SpatialConflict.is_present, func.count())
        .where(SpatialConflict.version_id == version_id)
        .group_by(SpatialConflict.state, SpatialConflict.is_present)
    )
    return {(state, is_present): count for state, is_present, count in rows}


def shapes_of(version_id: int) -> list[tuple[int, dict[str, object]]]:
    """Return number and overlap, in degrees, of each conflict on the map, numbered as the list."""
    rows = db.session.execute(
        select(SpatialConflict.geometry)
        .where(SpatialConflict.version_id == version_id, SpatialConflict.is_present)
        .order_by(SpatialConflict.area_m2.desc(), SpatialConflict.id)
    ).scalars()
    return [(number, dict(geometry)) for number, geometry in enumerate(rows, start=1)]
