"""The register of what lies idle, and what people suggest for it. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.core.db import db, keep_once
from portal.implementation.models import IdleAsset, IdleSuggestion
from portal.implementation.rules import AssetKind, AssetState, Refusal
from portal.people.models import Resident, VillagerGroup


@dataclass(frozen=True, slots=True)
class AssetLine:
    """Something idle as a list shows it."""

    id: int
    kind: AssetKind
    state: AssetState
    name: str
    place: str
    group: str
    area_m2: int | None
    suggestions: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion: whose name it is, masked by the page for everybody else."""

    resident_id: int
    name: str
    group: str
    text: str
    made_at: datetime


def list_assets(
    *, kind: AssetKind | None = None, page: int = 1, per_page: int = 50
) -> tuple[list[AssetLine], int]:
    """Return a page of the register and how many there are in all; what is still idle first."""
    counts = (
        select(IdleSuggestion.asset_id, func.count().label("n"))
        .group_by(IdleSuggestion.asset_id)
        .subquery()
    )
    query = (
        select(IdleAsset, VillagerGroup.name, counts.c.n)
        .outerjoin(VillagerGroup, VillagerGroup.id == IdleAsset.group_id)
        .outerjoin(counts, counts.c.asset_id == IdleAsset.id)
    )
    total = select(func.count()).select_from(IdleAsset)
    if kind is not None:
        query, total = query.where(IdleAsset.kind == kind), total.where(IdleAsset.kind == kind)
    query = query.order_by(IdleAsset.state != AssetState.IDLE, IdleAsset.id)
    rows = db.session.execute(query.limit(per_page).offset((page - 1) * per_page))
    lines = [
        AssetLine(a.id, a.kind, a.state, a.name, a.place, group or "", a.area_m2, n or 0)
        for a, group, n in rows
    ]
    return lines, db.session.scalar(total) or 0


def get_asset(asset_id: int) -> IdleAsset:
    """Return it, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(IdleAsset, asset_id)


def save_asset(
    asset_id: int | None, *, entered_by: int | None, now: datetime, **facts: object
) -> IdleAsset:
    """Enter something idle, or change it; ``facts`` are the columns of ``IdleAsset``."""
    if asset_id is None:
        asset = IdleAsset(entered_by_id=entered_by, entered_at=now, changed_at=now, **facts)
        db.session.add(asset)
    else:
        asset = get_asset(asset_id)
        for name, value in facts.items():
            setattr(asset, name, value)
        asset.changed_at = now
    db.session.flush()
    return asset


def suggest(asset_id: int, *, resident_id: int, text: str, now: datetime) -> IdleSuggestion:
    """Keep what a resident suggests; a second one takes the place of the first. Raises Refused."""
    get_asset(asset_id)
    own = db.session.scalar(
        select(IdleSuggestion)
        .where(IdleSuggestion.asset_id == asset_id, IdleSuggestion.resident_id == resident_id)
        .with_for_update()
    )
    if own is None:
        own = IdleSuggestion(asset_id=asset_id, resident_id=resident_id)
    own.text, own.made_at = text, now
    return keep_once(own, twice=Refusal.ALREADY_NAMED)


def list_suggestions(asset_id: int) -> Sequence[Suggestion]:
    """Return what was suggested for something idle, the newest first."""
    rows = db.session.execute(
        select(IdleSuggestion, Resident.name, VillagerGroup.name)
        .join(Resident, Resident.id == IdleSuggestion.resident_id)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
        .where(IdleSuggestion.asset_id == asset_id)
        .order_by(IdleSuggestion.made_at.desc())
    )
    return [Suggestion(s.resident_id, name, group, s.text, s.made_at) for s, name, group in rows]
