"""Changing a village's catalogue: its items, extra ones on request, something at once."""

import hashlib
from datetime import date, datetime

from sqlalchemy.exc import NoResultFound

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.disclosure import calendar_rules, catalogue_keeping
from portal.disclosure.calendar_rules import Item, Period, Rhythm
from portal.disclosure.catalogue_models import CatalogueItem, DisclosureDue
from portal.people import service as people


def get_item(code: str) -> Item:
    """Return an item of the village's catalogue, or raise NoResultFound."""
    for item in catalogue_keeping.list_items():
        if item.code == code:
            return item
    raise NoResultFound(f"no item {code}")


def set_item(
    code: str,
    *,
    title: str,
    rhythm: Rhythm,
    due_day: int,
    citation: str,
    is_active: bool,
    account_id: int | None,
    now: datetime,
) -> CatalogueItem:
    """Keep an item as the village has it; what is planned already stays as it was planned."""
    row = catalogue_keeping.own_items().get(code)
    if row is None:
        row = CatalogueItem(code=code)
        db.session.add(row)
    row.title, row.rhythm, row.due_day = title.strip(), rhythm, due_day
    row.citation, row.is_active = citation.strip(), is_active
    row.account_id, row.changed_at = account_id, now
    db.session.flush()
    return row


def add_extra(
    *,
    title: str,
    rhythm: Rhythm,
    due_day: int,
    citation: str,
    villagers: int | None,
    representatives: int | None,
    all_representatives: int | None,
    account_id: int | None,
    now: datetime,
) -> CatalogueItem:
    """Add an item that villagers or representatives ask for (D4). Raises Refused."""
    refusal = calendar_rules.why_not_extra(
        villagers=villagers,
        adults=count_adults(clock.today(now)),
        representatives=representatives,
        all_representatives=all_representatives,
    )
    if refusal:
        raise Refused(refusal)
    row = set_item(
        _code_of(title),
        title=title,
        rhythm=rhythm,
        due_day=due_day,
        citation=citation,
        is_active=True,
        account_id=account_id,
        now=now,
    )
    row.asked_by_villagers, row.asked_by_representatives = villagers, representatives
    db.session.flush()
    return row


def plan_at_once(title: str, *, due_on: date, now: datetime) -> DisclosureDue:
    """Plan something that is disclosed at once; the key refuses the same twice for one day."""
    major = get_item("major")
    item = Item(
        code=_code_of(title),
        title=title,
        rhythm=Rhythm.AT_ONCE,
        due_day=1,
        citation=major.citation,
    )
    today = clock.today(now)
    return catalogue_keeping.add_due(
        item, Period(due_on.isoformat(), min(today, due_on), due_on), due_on=due_on
    )


def count_adults(day: date) -> int:
    """Return how many adults of the village there are: one tenth of them is enough."""
    return people.count_roster(day=day)[0]


def _code_of(title: str) -> str:
    """Return a code for an item of this title: the same title gives the same code."""
    return "own-" + hashlib.sha256(title.strip().encode()).hexdigest()[:12]
