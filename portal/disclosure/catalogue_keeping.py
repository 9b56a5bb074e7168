"""The catalogue of a village: its items, what is planned and overdue, how much came in time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case as sql_case
from sqlalchemy import func, select, update

from portal.core import clock, outbox
from portal.core.db import db
from portal.disclosure import calendar_rules, events
from portal.disclosure.calendar_rules import Item, Period, Rhythm
from portal.disclosure.catalogue_models import CatalogueItem, DisclosureDue
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.rules import DocKind


@dataclass(frozen=True)
class Timeliness:
    """Figure no. 34 (`disclosure_timeliness`): what was published by its day, of what was due."""

    in_time: int
    due: int


def own_items() -> dict[str, CatalogueItem]:
    """Return the items that the village set up itself, by code."""
    rows = db.session.scalars(select(CatalogueItem).order_by(CatalogueItem.id))
    return {row.code: row for row in rows}


def list_items() -> list[Item]:
    """Return the village's catalogue."""
    own = {
        code: Item(
            code=code,
            title=row.title,
            rhythm=row.rhythm,
            due_day=row.due_day,
            citation=row.citation,
            is_active=row.is_active,
            is_extra=row.asked_by_villagers is not None or row.asked_by_representatives is not None,
        )
        for code, row in own_items().items()
    }
    return calendar_rules.merged(own)


def plan(*, today: date) -> int:
    """Plan the items of the periods that ended last; return how many are new.

    An item is planned for the first time while its day is still to come: what was due before the
    village had it was never due here.
    """
    rows = db.session.execute(
        select(DisclosureDue.code, DisclosureDue.period).where(
            DisclosureDue.due_on >= date(today.year - 1, 1, 1)
        )
    )
    known = {(code, period) for code, period in rows}
    begun = {code for code, _period in known}
    fresh = [
        (item, period, day)
        for item in list_items()
        if item.is_active and item.rhythm is not Rhythm.AT_ONCE
        for period in (calendar_rules.period_before(today, item.rhythm),)
        for day in (calendar_rules.due_on(period, item.due_day),)
        if (item.code, period.name) not in known and (item.code in begun or day >= today)
    ]
    for item, period, day in fresh:
        add_due(item, period, due_on=day)
    return len(fresh)


def add_due(item: Item, period: Period, *, due_on: date) -> DisclosureDue:
    """Plan an item for a period; the key refuses it a second time."""
    row = DisclosureDue(
        code=item.code,
        period=period.name,
        title=item.title,
        citation=item.citation,
        period_start=period.start,
        period_end=period.end,
        due_on=due_on,
    )
    db.session.add(row)
    db.session.flush()
    return row


def get_due(due_id: int) -> DisclosureDue:
    """Return a planned item, or raise NoResultFound."""
    return db.session.get_one(DisclosureDue, due_id)


def list_open() -> list[DisclosureDue]:
    """Return what is planned and not published, the most urgent first."""
    query = select(DisclosureDue).where(DisclosureDue.published_on.is_(None))
    return list(db.session.scalars(query.order_by(DisclosureDue.due_on, DisclosureDue.id)))


def list_done(*, limit: int) -> list[DisclosureDue]:
    """Return what was planned and is published, the latest first."""
    query = select(DisclosureDue).where(DisclosureDue.published_on.is_not(None))
    query = query.order_by(DisclosureDue.due_on.desc(), DisclosureDue.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def count_overdue(*, today: date) -> int:
    """Return how many items are past their day."""
    query = select(func.count()).select_from(DisclosureDue)
    query = query.where(DisclosureDue.published_on.is_(None), DisclosureDue.due_on < today)
    return db.session.scalar(query) or 0


def note_published(case: DisclosureCase, doc: DisclosureDoc, *, now: datetime) -> None:
    """Note on the planned item that its document is out; the first one counts."""
    if case.kind is DocKind.AFFAIRS:
        db.session.execute(
            update(DisclosureDue)
            .where(DisclosureDue.id == case.subject_id, DisclosureDue.published_on.is_(None))
            .values(published_on=clock.today(now), doc_id=doc.id)
        )


def timeliness(*, start: date, end: date) -> Timeliness:
    """Return how many of the items due within these days were published by their day."""
    in_time = sql_case((DisclosureDue.published_on <= DisclosureDue.due_on, 1), else_=0)
    row = db.session.execute(
        select(func.coalesce(func.sum(in_time), 0), func.count(DisclosureDue.id)).where(
            DisclosureDue.due_on >= start, DisclosureDue.due_on <= end
        )
    ).one()
    return Timeliness(int(row[0]), row[1])


def timeliness_of_year(*, today: date) -> Timeliness:
    """Return the figure for what was due in the twelve months until yesterday."""
    return timeliness(start=today - timedelta(days=365), end=today - timedelta(days=1))


def raise_alarm(*, now: datetime) -> int:
    """Tell each village once about each item that is past its day; a chore of every village."""
    found = db.session.execute(
        update(DisclosureDue)
        .where(
            DisclosureDue.published_on.is_(None),
            DisclosureDue.alarmed_at.is_(None),
            DisclosureDue.due_on < clock.today(now),
        )
        .values(alarmed_at=now)
        .returning(DisclosureDue.id, DisclosureDue.village_id)
    ).all()
    for due_id, village_id in found:
        outbox.publish_in(village_id, events.ItemOverdue(due_id=due_id), now=now)
    return len(found)
