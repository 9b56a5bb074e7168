"""The responsible planner: visits, office hours, the year of service. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select

from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.implementation.models import OfficeHour, PlannerVisit
from portal.implementation.rules import Refusal, VisitKind
from portal.people.models import Account


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as the public list shows it."""

    id: int
    planner: str
    kind: VisitKind
    on_day: date
    minutes: int
    place: str
    people_met: int
    notes: str


@dataclass(frozen=True, slots=True)
class YearOfService:
    """What a planner did in a year (the yearly service report)."""

    account_id: int
    planner: str
    year: int
    by_kind: tuple[tuple[VisitKind, int], ...]
    days: int
    minutes: int
    people_met: int


def add_visit(
    *,
    account_id: int,
    kind: VisitKind,
    on_day: date,
    minutes: int,
    place: str,
    people_met: int,
    notes: str,
    today: date,
    now: datetime,
) -> PlannerVisit:
    """Keep a visit. Raises Refused for a day to come."""
    if on_day > today:
        raise Refused(Refusal.IN_THE_FUTURE)
    visit = PlannerVisit(
        account_id=account_id,
        kind=kind,
        on_day=on_day,
        minutes=minutes,
        place=place,
        people_met=people_met,
        notes=notes,
        entered_at=now,
    )
    db.session.add(visit)
    db.session.flush()
    return visit


def list_visits(*, year: int | None = None) -> list[VisitLine]:
    """Return the visits of a year, or all, the newest first."""
    query = (
        select(PlannerVisit, Account.name)
        .join(Account, Account.id == PlannerVisit.account_id)
        .order_by(PlannerVisit.on_day.desc(), PlannerVisit.id.desc())
    )
    if year is not None:
        query = query.where(PlannerVisit.on_day.between(date(year, 1, 1), date(year, 12, 31)))
    return [
        VisitLine(v.id, name, v.kind, v.on_day, v.minutes, v.place, v.people_met, v.notes)
        for v, name in db.session.execute(query.limit(500))
    ]


def add_office_hour(
    *, account_id: int, on_day: date, begins: time, ends: time, place: str
) -> OfficeHour:
    """Say when a planner can be met. Raises Refused where that hour is taken already."""
    hour = OfficeHour(account_id=account_id, on_day=on_day, begins=begins, ends=ends, place=place)
    return keep_once(hour, twice=Refusal.ALREADY_NAMED)


def list_office_hours(*, today: date) -> Sequence[tuple[OfficeHour, str]]:
    """Return the hours to come with the planner's name, the next first."""
    return db.session.execute(
        select(OfficeHour, Account.name)
        .join(Account, Account.id == OfficeHour.account_id)
        .where(OfficeHour.on_day >= today)
        .order_by(OfficeHour.on_day, OfficeHour.begins)
        .limit(50)
    ).all()


def year_of_service(account_id: int, year: int) -> YearOfService:
    """Return what a planner did in a year, summed from the visits."""
    name = db.session.get_one(Account, account_id).name
    rows = db.session.execute(
        select(
            PlannerVisit.kind,
            func.count(),
            func.count(PlannerVisit.on_day.distinct()),
            func.sum(PlannerVisit.minutes),
            func.sum(PlannerVisit.people_met),
        )
        .where(
            PlannerVisit.account_id == account_id,
            PlannerVisit.on_day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(PlannerVisit.kind)
    ).all()
    days = db.session.scalar(
        select(func.count(PlannerVisit.on_day.distinct())).where(
            PlannerVisit.account_id == account_id,
            PlannerVisit.on_day.between(date(year, 1, 1), date(year, 12, 31)),
        )
    )
    counts = {kind: count for kind, count, *_ in rows}
    return YearOfService(
        account_id,
        name,
        year,
        tuple((kind, counts.get(kind, 0)) for kind in VisitKind),
        days or 0,
        sum(row[3] for row in rows),
        sum(row[4] for row in rows),
    )


def planners_of(year: int) -> list[int]:
    """Return the accounts that did something in the village in a year."""
    return list(
        db.session.scalars(
            select(PlannerVisit.account_id)
            .where(PlannerVisit.on_day.between(date(year, 1, 1), date(year, 12, 31)))
            .distinct()
            .order_by(PlannerVisit.account_id)
        )
    )
