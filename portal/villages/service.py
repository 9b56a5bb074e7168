"""What a village tells about itself: its profile and its facilities. Never commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.suppression import is_small
from portal.people import posts
from portal.people import service as people
from portal.people.posts import PostLine
from portal.people.rules import Role
from portal.roster.models import RosterChange
from portal.villages.models import Facility, Profile
from portal.villages.rules import FacilityKind, Refusal

TEXTS = ("about", "address", "phone", "office_hours")
PUBLIC_ROLES = (
    Role.HEAD,
    Role.COMMITTEE,
    Role.GRID_WORKER,
    Role.PLANNER,
    Role.SUPERVISOR,
    Role.ADMIN,
)


class FacilityFacts(TypedDict):
    """What is told of a facility or service."""

    kind: FacilityKind
    name: str
    place: str
    hours: str
    phone: str


@dataclass(frozen=True)
class Population:
    """How many people the roster names on a day; the one count that every page uses."""

    adults: int
    residents: int
    households: int

    @property
    def shows_adults(self) -> bool:
        """Tell whether the number of adults gives away no small number of children."""
        return not (is_small(self.adults) or is_small(self.residents - self.adults))


def count_people(*, day: date) -> Population:
    """Return the population of the village on that day."""
    return Population(*people.count_roster(day=day))


def find_profile() -> Profile | None:
    """Return what the village tells about itself, or None if it has told nothing yet."""
    return db.session.scalar(select(Profile))


def save_profile(
    texts: Mapping[str, str], *, seen_revision: int, account_id: int | None, now: datetime
) -> None:
    """Write the profile over the revision that was read; raises Refused(STALE) otherwise."""
    facts: dict[str, Any] = {key: texts[key] for key in TEXTS}
    facts |= {"updated_at": now, "updated_by_id": account_id}
    if seen_revision == 0:
        try:
            with db.session.begin_nested():
                db.session.add(Profile(**facts, revision=1))
        except IntegrityError as taken:  # somebody else was the first
            raise Refused(Refusal.STALE) from taken
        return
    changed = db.session.execute(
        update(Profile)
        .where(Profile.revision == seen_revision)
        .values(**facts, revision=seen_revision + 1)
        .returning(Profile.id)
    ).scalar_one_or_none()
    if changed is None:
        raise Refused(Refusal.STALE)


def list_facilities() -> list[Facility]:
    """Return the facilities and services, by kind and name."""
    order = {kind: place for place, kind in enumerate(FacilityKind)}
    found = db.session.scalars(select(Facility).order_by(Facility.name, Facility.id))
    return sorted(found, key=lambda facility: order[facility.kind])


def find_facility(facility_id: int) -> Facility | None:
    """Return a facility of this village, or None."""
    return db.session.get(Facility, facility_id)


def add_facility(
    *, account_id: int | None, now: datetime, **facts: Unpack[FacilityFacts]
) -> Facility:
    """Add a facility or service."""
    facility = Facility(**facts, revision=1, updated_at=now, updated_by_id=account_id)
    db.session.add(facility)
    db.session.flush()
    return facility


def change_facility(
    facility_id: int,
    *,
    seen_revision: int,
    account_id: int,
    now: datetime,
    **facts: Unpack[FacilityFacts],
) -> None:
    """Write a facility over the revision that was read; raises Refused(STALE) otherwise."""
    written = {"revision": seen_revision + 1, "updated_at": now, "updated_by_id": account_id}
    changed = db.session.execute(
        update(Facility)
        .where(Facility.id == facility_id, Facility.revision == seen_revision)
        .values(**facts, **written)
        .returning(Facility.id)
    ).scalar_one_or_none()
    if changed is None:
        raise Refused(Refusal.STALE)


def remove_facility(facility_id: int, *, seen_revision: int) -> None:
    """Take a facility out, as it was read; raises Refused(STALE) if it has changed since."""
    gone = db.session.execute(
        delete(Facility)
        .where(Facility.id == facility_id, Facility.revision == seen_revision)
        .returning(Facility.id)
    ).scalar_one_or_none()
    if gone is None:
        raise Refused(Refusal.STALE)


def updated_at() -> datetime | None:
    """Return when the profile, a facility or the roster was last changed, or None."""
    latest = db.session.execute(
        select(
            select(func.max(Profile.updated_at)).scalar_subquery(),
            select(func.max(Facility.updated_at)).scalar_subquery(),
            select(func.max(RosterChange.done_at)).scalar_subquery(),
        )
    ).one()
    return max(filter(None, latest), default=None)


def responsible(place_code: str, *, day: date) -> list[PostLine]:
    """Return who is responsible for the village on that day, in the order of `PUBLIC_ROLES`."""
    held = [p for p in posts.list_posts(place_code, day=day) if p.role in PUBLIC_ROLES]
    return sorted((p for p in held if p.is_active), key=lambda p: PUBLIC_ROLES.index(p.role))


def past_terms(place_code: str, *, day: date, limit: int = 50) -> list[PostLine]:
    """Return the posts that were held for the village and are over, the latest first."""
    over = [
        p
        for p in posts.list_posts(place_code)
        if p.role in PUBLIC_ROLES and p.state_on(day) == "done" and not p.is_void
    ]
    return sorted(over, key=lambda p: (p.ends_on or day, p.id), reverse=True)[:limit]
