"""The monthly notices of all villages of a region: made, or published, in one long work."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.core import clock, scope, work
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.work import Unit, Work
from portal.disclosure import calendar_rules, catalogue_keeping, life
from portal.disclosure.calendar_rules import Period, Rhythm
from portal.disclosure.catalogue_models import DisclosureDue
from portal.disclosure.finding import find_newest_case, find_office
from portal.disclosure.press import press_of
from portal.disclosure.proofs import village_here
from portal.disclosure.rules import DocKind, Refusal
from portal.disclosure.states import State
from portal.disclosure.stepping import Actor
from portal.people import service as people
from portal.people.rules import Level
from portal.people.service import Village

ITEM = "monthly"
MAKE, PUBLISH = "disclosure.make-monthly", "disclosure.publish-monthly"
NOTHING_TO_DO = "nothing to do"


def begin(
    kind: str, region: Village, *, month: date, publish_on: date, account_id: int, now: datetime
) -> Work:
    """Begin to make, or to publish, the notices of a month in every village of a region."""
    villages = people.list_villages(under=region.code, limit=100_000)
    units: list[tuple[int, dict[str, str]]] = [
        (village.id, {}) for village in villages if village.level is Level.VILLAGE
    ]
    return work.begin(
        kind,
        f"{month:%Y-%m}",
        units,
        facts={"month": f"{month:%Y-%m}", "publish_on": publish_on.isoformat()},
        account_id=account_id,
        now=now,
    )


def make(unit: Unit, *, now: datetime) -> str:
    """Make the village's notice of the month and hand it to its supervisors. Raises Refused.

    What is there already stays: the keys of the planned item, of the document and of the unit see
    to it that none is made twice.
    """
    due = _due(unit)
    case = find_newest_case(DocKind.AFFAIRS, due.id)
    _refuse_unasked()
    if case is not None and case.state not in {State.DRAFT, State.GENERATED, State.WITHDRAWN}:
        return NOTHING_TO_DO
    actor = Actor(account_id=unit.account_id, part="operator")
    if case is None or case.state is State.WITHDRAWN:
        case = life.begin(
            DocKind.AFFAIRS,
            due.id,
            actor=actor,
            now=now,
            title=due.name,
            body=[{"title": "本月村务", "text": "见下列各项。", "rows": []}],
        )
    if case.state is State.DRAFT:
        publish_on = max(date.fromisoformat(unit.work["publish_on"]), clock.today(now))
        with press_of(village_here().code) as press:
            life.generate(case.id, publish_on=publish_on, press=press, actor=actor, now=now)
    life.hand_in(case.id, actor=actor, now=now)
    return ""


def publish(unit: Unit, *, now: datetime) -> str:
    """Publish the village's notice of the month if its supervisors agreed. Raises Refused."""
    due = _due(unit)
    case = find_newest_case(DocKind.AFFAIRS, due.id)
    _refuse_unasked()
    if case is None:
        raise Refused(Refusal.NOTHING_WRITTEN)
    if case.doc_id is not None:
        return NOTHING_TO_DO
    life.publish(case.id, actor=Actor(account_id=unit.account_id, part="operator"), now=now)
    return ""


def _refuse_unasked() -> None:
    office = find_office()
    if office is None:
        raise Refused(Refusal.NO_OFFICE)
    if not office.county_publishes:
        raise Refused(Refusal.COUNTY_NOT_ASKED)


def _due(unit: Unit) -> DisclosureDue:
    """Return the planned item of the month; plan it where the clock has not done so yet."""
    name = unit.work["month"]
    found = db.session.scalar(
        select(DisclosureDue).where(DisclosureDue.code == ITEM, DisclosureDue.period == name)
    )
    if found is not None:
        return found
    scope.require_village()
    item = next(item for item in catalogue_keeping.list_items() if item.code == ITEM)
    period = month_of(name)
    return catalogue_keeping.add_due(
        item, period, due_on=calendar_rules.due_on(period, item.due_day)
    )


def month_of(name: str) -> Period:
    """Return the month of a name like 2026-10. Raises ValueError."""
    first = date.fromisoformat(f"{name}-01")
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return calendar_rules.period_before(following, Rhythm.MONTHLY)


WORKERS: dict[str, work.Worker] = {MAKE: make, PUBLISH: publish}
