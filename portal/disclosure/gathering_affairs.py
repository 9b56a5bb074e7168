"""Facts for what the committee writes itself: items of the catalogue, and corrections."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from portal.ballots import service as ballots
from portal.core import clock
from portal.core.db import db
from portal.disclosure import rules
from portal.disclosure.catalogue_models import DisclosureDue
from portal.disclosure.contents import Affairs, Correction, Line, Passage, Wording
from portal.disclosure.gathering import Place, head_of
from portal.disclosure.life_models import DisclosureAnswer, DisclosureCase, DisclosureObjection
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.press import Press
from portal.disclosure.rules import DocKind, Refusal
from portal.disclosure.states import PUBLIC


def why_not_affairs(due_id: int, *, now: datetime) -> Refusal | None:
    """Say why an item cannot be published: it is not planned. Raises NoResultFound then."""
    db.session.get_one(DisclosureDue, due_id)
    return None


def gather_affairs(due_id: int, *, place: Place, press: Press, now: datetime) -> Affairs:
    """Return an item for its period: what was written, and what happened in the portal."""
    due = db.session.get_one(DisclosureDue, due_id)
    made, answered = _objections(due.period_start, due.period_end)
    return Affairs(
        head=head_of(DocKind.AFFAIRS, place),
        item=due.title,
        period=due.period,
        citation=due.citation,
        passages=tuple(_passage(part) for part in place.body),
        decisions=_decisions(due.period_start, due.period_end, press),
        documents=_documents(due.period_start, due.period_end),
        objections=made,
        answered=answered,
    )


def _passage(part: Mapping[str, Any]) -> Passage:
    rows = tuple(tuple(str(cell) for cell in row) for row in part["rows"])
    return Passage(title=part["title"], text=part["text"], rows=rows)


def _decisions(start: date, end: date, press: Press) -> tuple[Line, ...]:
    """Return the votes that closed within these days, and that their results are published."""
    lines = [
        Line(
            day=clock.today(ballot.ends_at),
            words=ballot.question,
            result=press.gettext("closed; the result is published on its own"),
        )
        for ballot in ballots.list_ballots()
        if ballot.opened_at is not None and start <= clock.today(ballot.ends_at) <= end
    ]
    return tuple(sorted(lines, key=lambda line: (line.day, line.words)))


def _documents(start: date, end: date) -> tuple[Line, ...]:
    rows = db.session.execute(
        select(
            DisclosureDoc.published_at,
            DisclosureDoc.title,
            DisclosureDoc.year,
            DisclosureDoc.number,
        )
        .where(
            DisclosureDoc.published_at >= clock.midnight_before(start),
            DisclosureDoc.published_at < clock.midnight_after(end),
        )
        .order_by(DisclosureDoc.published_at, DisclosureDoc.id)
    )
    return tuple(
        Line(day=clock.today(at), words=title, result=rules.number_words(year, number))
        for at, title, year, number in rows
    )


def _objections(start: date, end: date) -> tuple[int, int]:
    made, answered = db.session.execute(
        select(func.count(DisclosureObjection.id), func.count(DisclosureAnswer.id))
        .select_from(DisclosureObjection)
        .outerjoin(
            DisclosureAnswer,
            (DisclosureAnswer.objection_id == DisclosureObjection.id)
            & (DisclosureAnswer.level == 1),
        )
        .where(
            DisclosureObjection.done_at >= clock.midnight_before(start),
            DisclosureObjection.done_at < clock.midnight_after(end),
        )
    ).one()
    return made, answered


# --- corrections ---------------------------------------------------------------------------------


def corrected_of(case_id: int) -> tuple[DocKind, int]:
    """Return kind and subject of what a corrected document is about, through corrections of it."""
    case = db.session.get_one(DisclosureCase, case_id)
    if case.kind is DocKind.CORRECTION:
        return corrected_of(case.subject_id)
    return case.kind, case.subject_id


def why_not_correction(case_id: int, *, now: datetime) -> Refusal | None:
    """Say why a document cannot be corrected: it is not public, or corrected already."""
    case = db.session.get_one(DisclosureCase, case_id)
    return None if case.state in PUBLIC and case.replaced_by_id is None else Refusal.NOT_PUBLISHED


def gather_correction(case_id: int, *, place: Place, press: Press, now: datetime) -> Correction:
    """Return the correction of a document: its whole content with the new wordings in it."""
    case = db.session.get_one(DisclosureCase, case_id)
    doc = db.session.get_one(DisclosureDoc, case.doc_id)
    why, *wordings = place.body
    content = json.loads(doc.content)
    if case.kind is DocKind.CORRECTION:
        content = content["corrected"]
    kind, subject_id = corrected_of(case_id)
    return Correction(
        head=head_of(DocKind.CORRECTION, place),
        corrected_kind=kind,
        corrected_subject=subject_id,
        corrected_number=rules.number_words(doc.year, doc.number),
        corrected_title=doc.title,
        corrected_on=clock.today(doc.published_at),
        corrected_sha256=doc.content_sha256,
        reason=why["reason"],
        approver=why["approver"],
        wordings=tuple(Wording(old=w["old"], new=w["new"]) for w in wordings),
        corrected=replaced(content, wordings),
    )


def replaced(value: Any, wordings: Sequence[Mapping[str, str]]) -> Any:
    """Return a content with each old wording replaced in all its words, but not in its head."""
    if isinstance(value, str):
        for wording in wordings:
            value = value.replace(wording["old"], wording["new"])
        return value
    if isinstance(value, list):
        return [replaced(item, wordings) for item in value]
    if isinstance(value, dict):
        return {
            name: item if name == "head" or name.endswith("sha256") else replaced(item, wordings)
            for name, item in value.items()
        }
    return value


def holds(value: Any, words: str) -> bool:
    """Tell whether these words stand in a content, outside its head."""
    if isinstance(value, str):
        return words in value
    if isinstance(value, list):
        return any(holds(item, words) for item in value)
    if isinstance(value, dict):
        return any(holds(item, words) for name, item in value.items() if name != "head")
    return False
