"""Villages founded, renamed, closed and opened, and how a region lists them. Never commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import village_scope
from portal.people import places
from portal.people import service as people
from portal.people.models import Region
from portal.people.places import VillageLine
from portal.people.rules import Level, level_of, lineage
from portal.people.service import Village
from portal.villages import rules, setting_up, staffing
from portal.villages.events import VillageChanged
from portal.villages.progress import Progress
from portal.villages.rules import Refusal


@dataclass(frozen=True)
class Overview:
    """A village as the list of its region shows it."""

    line: VillageLine
    progress: Progress
    committee: int
    last_sign_in: datetime | None


def list_overviews(
    place: Village, *, search: str, page: int, per_page: int, day: date
) -> tuple[list[Overview], int]:
    """Return one page of a region's villages; the number of statements is always the same."""
    lines, total = places.find_villages(
        search=search, under=place.code, page=page, per_page=per_page, with_closed=True
    )
    ids = [line.id for line in lines]
    progress = setting_up.progress_of_many(ids, above=place.code, day=day)
    committees = setting_up.count_committees(ids, day=day)
    sign_ins = setting_up.last_sign_ins(ids)
    found = [
        Overview(line, progress[line.id], committees.get(line.id, 0), sign_ins.get(line.id))
        for line in lines
    ]
    return found, total


def missing_above(code: str) -> list[Level]:
    """Return the levels above a village's code at which the tree has no region with a name."""
    named = {r.code for r in places.regions_above(code) if r.name != r.code}
    return [
        level
        for upper in lineage(code)[:-1]
        if upper not in named and (level := level_of(upper)) is not None
    ]


def why_not_found(code: str, *, under: Village, names: Mapping[Level, str]) -> Refusal | None:
    """Return why no village is founded under a code in this region, or None."""
    return rules.why_not_found(
        code=code,
        under=under.code,
        is_taken=people.find_place(code) is not None,
        is_named=all(names.get(level) for level in [*missing_above(code), Level.VILLAGE]),
    )


def found(
    code: str, *, under: Village, names: Mapping[Level, str], account_id: int | None, now: datetime
) -> Region:
    """Add a village and what is missing above it. Raises Refused.

    The tree above is locked first: two who found at once wait for each other, and the second finds
    what the first has made.
    """
    staffing.lock(under)
    if reason := why_not_found(code, under=under, names=names):
        raise Refused(reason)
    there = {level_of(r.code): r.name for r in places.regions_above(code) if r.name != r.code}
    called = [there.get(level) or names.get(level, "") for level in Level]
    try:
        with db.session.begin_nested():
            village = places.grow(code, called)
    except IntegrityError as taken:
        raise Refused(Refusal.TAKEN) from taken
    _tell(village, "founded", account_id=account_id, now=now)
    return village


def get_village(village_id: int, *, under: Village) -> Region:
    """Return a village of this region; raises NoResultFound for any other."""
    village = db.session.scalar(select(Region).where(Region.id == village_id).with_for_update())
    if (
        village is None
        or village.level is not Level.VILLAGE
        or not village.code.startswith(under.code)
    ):
        raise NoResultFound(f"no village {village_id} in {under.code}")
    return village


def rename(village_id: int, name: str, *, under: Village, account_id: int, now: datetime) -> Region:
    """Give a village of this region another name."""
    village = get_village(village_id, under=under)
    village.name = name
    _tell(village, "renamed", account_id=account_id, now=now)
    return village


def set_closed(
    village_id: int, *, is_closed: bool, under: Village, account_id: int, now: datetime
) -> Region:
    """Close the pages of a village of this region to everybody but who looks after it, or open."""
    village = get_village(village_id, under=under)
    village.closed_at = now if is_closed else None
    _tell(village, "closed" if is_closed else "opened", account_id=account_id, now=now)
    return village


def _tell(village: Region, deed: str, *, account_id: int | None, now: datetime) -> None:
    with village_scope(village.id):
        publish(VillageChanged(deed=deed, name=village.name, account_id=account_id), now=now)
        db.session.flush()
