"""The calendar of the village and the spans of its notices. Never commits."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import delete, select

from portal.core import scope
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.core.scope import all_villages
from portal.notices import spans
from portal.notices.calendar import DEFAULTS, RestDays, SpecialDay
from portal.notices.models import NoticeSpan, RestDay
from portal.notices.rules import NoticeType, Refusal, Span
from portal.people import service as people


def rest_days() -> RestDays:
    """Return the village's calendar: the portal's defaults, and what the village has otherwise."""
    return RestDays({special.day: special.is_rest for special in list_special_days()})


def list_special_days() -> list[SpecialDay]:
    """Return the holidays and make-up days of the village's calendar, by day."""
    own = {
        row.day: SpecialDay(row.day, row.is_rest, row.name)
        for row in db.session.scalars(select(RestDay))
    }
    merged = {**DEFAULTS, **own}
    return [merged[day] for day in sorted(merged)]


def set_special_day(day: date, *, is_rest: bool, name: str) -> None:
    """Say whether a day is a rest day in this village. Raises Refused where two say so at once."""
    db.session.execute(delete(RestDay).where(RestDay.day == day))
    keep_once(RestDay(day=day, is_rest=is_rest, name=name), twice=Refusal.SET_AT_ONCE)


def span_of(kind: NoticeType) -> Span:
    """Return how long a notice of this type runs here: set in the village or above it, or preset.

    What the village sets goes before its township's, and that before the county's.
    """
    return spans_here()[kind]


def spans_here() -> dict[NoticeType, Span]:
    """Return how long the notices of every type run here, in the order of the types."""
    path = people.path_of(scope.require_village())
    with all_villages("what a region sets counts in the villages under it"):
        rows = db.session.scalars(
            select(NoticeSpan).where(NoticeSpan.village_id.in_([region.id for region in path]))
        ).all()
    found = {kind: spans.preset(kind, village_code=path[-1].code) for kind in NoticeType}
    by_region = {(row.village_id, row.type): row for row in rows}
    for kind, preset in found.items():
        for region in reversed(path):
            if row := by_region.get((region.id, kind)):
                found[kind] = _as_set(row, preset)
                break
    return found


def _as_set(row: NoticeSpan, preset: Span) -> Span:
    """Return the span with what a region set: for a deadline its days, else its length."""
    if preset.within is not None:
        return replace(preset, within=row.length, citation=row.citation)
    return replace(preset, length=row.length, citation=row.citation)


def set_span(
    kind: NoticeType, *, length: int, citation: str, set_by: int | None, now: datetime
) -> None:
    """Set how long notices of a type run in the region we are in. Raises Refused below the law."""
    if refusal := spans.why_not_set(kind, length=length):
        raise Refused(refusal, floor=spans.FLOORS.get(kind, 1))
    db.session.execute(delete(NoticeSpan).where(NoticeSpan.type == kind))
    row = NoticeSpan(type=kind, length=length, citation=citation, set_at=now, set_by=set_by)
    keep_once(row, twice=Refusal.SET_AT_ONCE)
