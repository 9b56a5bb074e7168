"""The register of spatial conflicts: what a check found, who sees to it, and how far it is."""

import json
from datetime import datetime

from shapely.geometry import shape
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.analysis import rules
from portal.analysis.models import ConflictCheck, SpatialConflict
from portal.analysis.overlaps import Known, Overlap, Survey, find_again, fingerprint, survey
from portal.analysis.rules import ConflictState, Refusal
from portal.analysis.settings import Settings
from portal.core.db import db
from portal.core.errors import Refused
from portal.maps import service as maps
from portal.plans import service as plans
from portal.plans.models import PlanVersion


def look(version_id: int, settings: Settings) -> Survey:
    """Hold the boundaries of a version's map against each other; nothing is written.

    It can take some seconds, so it is done before a transaction begins. Raises Refused without a
    map.
    """
    version = plans.get_version(version_id)
    if version.map_sheet_id is None:
        raise Refused(Refusal.NO_MAP)
    sheet = maps.gather(version.map_sheet_id)
    if not sheet.layers:
        raise Refused(Refusal.NO_MAP)
    return survey(sheet, settings.pairs, settings.tolerance)


def keep(version_id: int, found: Survey, *, now: datetime) -> ConflictCheck:
    """Keep what a check found. Conflicts that are still there keep owner, proposal and state.

    Those that are gone stay in the register as gone. A resolved one that is there again is open
    again. The first check of a version takes over what is known of its plan's earlier version.
    Two checks at once come one after the other. Raises Refused where the map was changed since.
    """
    check = _lock(version_id, found, now=now)
    sheet_id = plans.get_version(version_id).map_sheet_id
    if sheet_id is None or fingerprint(maps.gather(sheet_id)) != found.map_sha256:
        raise Refused(Refusal.MAP_CHANGED)
    own = _rows_of(version_id)
    earlier = [] if own else _earlier(version_id)
    again = find_again(
        [_known(row) for row in own or earlier],
        [(o.key, o.first_set, o.second_set, shape(o.geometry)) for o in found.overlaps],
    )
    rows = {row.id: row for row in own or earlier}
    seen: set[int] = set()
    for overlap in found.overlaps:
        old = rows.get(again.get(overlap.key, 0))
        if old is None or earlier:
            db.session.add(_fresh(version_id, overlap, old, now=now))
        else:
            seen.add(old.id)
            _renew(old, overlap, now=now)
    for row in own:
        if row.id not in seen and row.is_present:
            row.is_present, row.changed_at, row.revision = False, now, row.revision + 1
    db.session.flush()
    return check


def _lock(version_id: int, found: Survey, *, now: datetime) -> ConflictCheck:
    """Return the check's row with what was found, locked until the end of the transaction."""
    query = select(ConflictCheck).where(ConflictCheck.version_id == version_id).with_for_update()
    facts = {
        "tolerance_m2": found.tolerance.area_m2,
        "tolerance_percent": found.tolerance.percent,
        "pairs": [[p.first, p.second, p.patches, p.conflicting, p.overlap_m2] for p in found.pairs],
        "patch_count": found.patches,
        "conflicting_count": found.conflicting,
        "tolerated_count": found.tolerated,
        "checked_m2": found.checked_m2,
        "overlap_m2": found.overlap_m2,
        "map_sha256": found.map_sha256,
        "checked_at": now,
    }
    row = db.session.scalar(query)
    if row is None:
        fresh = ConflictCheck(version_id=version_id, **facts)
        try:
            with db.session.begin_nested():
                db.session.add(fresh)
            return fresh
        except IntegrityError:  # somebody checks it for the first time, too
            row = db.session.scalars(query).one()
    for name, value in facts.items():
        setattr(row, name, value)
    return row


def _rows_of(version_id: int) -> list[SpatialConflict]:
    query = select(SpatialConflict).where(SpatialConflict.version_id == version_id)
    return list(db.session.scalars(query.order_by(SpatialConflict.id)))


def _earlier(version_id: int) -> list[SpatialConflict]:
    """Return the conflicts of the newest earlier version of the plan that was checked."""
    version = plans.get_version(version_id)
    before = db.session.scalar(
        select(ConflictCheck.version_id)
        .join(PlanVersion, PlanVersion.id == ConflictCheck.version_id)
        .where(PlanVersion.plan_id == version.plan_id, PlanVersion.number < version.number)
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )
    return [] if before is None else _rows_of(before)


def _known(row: SpatialConflict) -> Known:
    return Known(row.id, row.key, row.first_set, row.second_set, shape(row.geometry))


def _fresh(
    version_id: int, overlap: Overlap, old: SpatialConflict | None, *, now: datetime
) -> SpatialConflict:
    state = old.state if old else ConflictState.OPEN
    return SpatialConflict(
        version_id=version_id,
        first_set=overlap.first_set,
        second_set=overlap.second_set,
        state=ConflictState.OPEN if state is ConflictState.RESOLVED else state,
        owner=old.owner if old else "",
        proposal=old.proposal if old else "",
        found_at=old.found_at if old else now,
        changed_at=now,
        **_facts(overlap),
    )


def _facts(overlap: Overlap) -> dict[str, object]:
    return {
        "key": overlap.key,
        "first_patch": overlap.first.label[:160],
        "second_patch": overlap.second.label[:160],
        "area_m2": overlap.area_m2,
        "smaller_m2": overlap.smaller_m2,
        "share_percent": overlap.share,
        "geometry": dict(overlap.geometry),
        "is_present": True,
    }


def _renew(row: SpatialConflict, overlap: Overlap, *, now: datetime) -> None:
    """Take what the map now shows; whoever looked at the row before sees that it moved."""
    is_changed = False
    for name, value in _facts(overlap).items():
        if json.dumps(getattr(row, name), default=str) != json.dumps(value, default=str):
            setattr(row, name, value)
            is_changed = True
    if row.state is ConflictState.RESOLVED:
        row.state, is_changed = ConflictState.OPEN, True
    if is_changed:
        row.changed_at, row.revision = now, row.revision + 1


def settle(
    conflict_id: int,
    *,
    owner: str,
    proposal: str,
    state: ConflictState,
    revision: int,
    now: datetime,
) -> None:
    """Keep who sees to a conflict, what is to be done, and how far it is.

    Raises Refused where a rule forbids the state, or where somebody changed it in between.
    """
    row = db.session.get_one(SpatialConflict, conflict_id)
    reason = rules.why_not_settle(
        state=state, owner=owner, proposal=proposal, is_present=row.is_present
    )
    if reason:
        raise Refused(reason)
    done = db.session.execute(
        update(SpatialConflict)
        .where(SpatialConflict.id == conflict_id, SpatialConflict.revision == revision)
        .values(
            owner=owner.strip(),
            proposal=proposal.strip(),
            state=state,
            revision=revision + 1,
            changed_at=now,
        )
        .returning(SpatialConflict.id)
    ).all()
    if not done:
        raise Refused(Refusal.STALE)
