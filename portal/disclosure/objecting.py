"""Objections to published documents and their answers, and what the clock does with both."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import false, func, select

from portal.core import clock, outbox
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.disclosure import events, states
from portal.disclosure.kind import KINDS
from portal.disclosure.life_models import DisclosureAnswer, DisclosureCase, DisclosureObjection
from portal.disclosure.rules import Refusal
from portal.disclosure.states import State
from portal.disclosure.stepping import CLOCK, is_rest_day, locked, refuse, take
from portal.disclosure.voiding import voided_at
from portal.people import service as people
from portal.people.models import Resident
from portal.privacy import names

COMMITTEE, TOWNSHIP = 1, 2
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class ObjectionLine:
    """An objection as pages show it, with its answers."""

    id: int
    number: int
    resident_id: int
    name: str
    group_id: int
    words: str
    made_at: datetime
    answer_by: date
    complicated_reason: str
    answer: DisclosureAnswer | None
    second: DisclosureAnswer | None


def why_not_object(
    case: DisclosureCase, *, resident_id: int | None, now: datetime
) -> Refusal | None:
    """Say why nobody, or not this resident, can object to this document now, or None."""
    if case.state is State.CORRECTED:
        return Refusal.CORRECTED_SINCE
    if voided_at(case):
        return Refusal.NOTICE_VOID
    end = case.period_end
    is_open = case.state in {State.PUBLISHED, State.OBJECTION} and end is not None
    if not is_open or end is None or now >= clock.midnight_after(end):
        return Refusal.NO_OBJECTION_NOW
    if resident_id is not None and find_objection(case.id, resident_id) is not None:
        return Refusal.OBJECTED_ALREADY
    return None


def object_to(
    case_id: int, *, resident_id: int, account_id: int | None, words: str, now: datetime
) -> DisclosureObjection:
    """Keep what a villager has against a document; once for each, as the key sees to. Refused."""
    case = locked(case_id)
    refuse(why_not_object(case, resident_id=resident_id, now=now))
    last = db.session.scalar(
        select(func.max(DisclosureObjection.number)).where(DisclosureObjection.case_id == case_id)
    )
    row = DisclosureObjection(
        case_id=case_id,
        number=(last or 0) + 1,
        account_id=account_id,
        words=words.strip()[:2000],
        answer_by=states.answer_by(
            clock.today(now), is_complicated=False, is_rest_day=is_rest_day()
        ),
        **people.deed_facts(resident_id, now=now),
    )
    db.session.add(row)
    db.session.flush()
    outbox.publish(events.Objected(objection_id=row.id), now=now)
    KINDS[case.kind].objected(case.subject_id, now=now, account_id=account_id)
    return row


def find_objection(case_id: int, resident_id: int) -> DisclosureObjection | None:
    """Return what this resident objected, or None."""
    return db.session.scalar(
        select(DisclosureObjection).where(
            DisclosureObjection.case_id == case_id, DisclosureObjection.resident_id == resident_id
        )
    )


def get_objection(objection_id: int) -> DisclosureObjection:
    """Return an objection, or raise NoResultFound."""
    return db.session.get_one(DisclosureObjection, objection_id)


def extend(objection_id: int, *, reason: str, now: datetime) -> DisclosureObjection:
    """Take fifteen days for a complicated matter, with the reason, while five run. Refused."""
    row = _open_objection(objection_id)
    if not reason.strip():
        raise Refused(Refusal.NO_REASON)
    if row.complicated_reason or clock.today(now) > row.answer_by:
        raise Refused(Refusal.TOO_LATE_TO_EXTEND)
    row.complicated_reason = reason.strip()[:300]
    row.answer_by = states.answer_by(
        clock.today(row.done_at), is_complicated=True, is_rest_day=is_rest_day()
    )
    db.session.flush()
    return row


def answer(
    objection_id: int, words: str, *, level: int, account_id: int, now: datetime
) -> DisclosureAnswer:
    """Answer an objection, or note what the second level said after that. Raises Refused."""
    row = db.session.scalars(
        select(DisclosureObjection).where(DisclosureObjection.id == objection_id).with_for_update()
    ).one()
    known = {found.level for found in _answers(row.case_id).get(objection_id, [])}
    if level in known:
        raise Refused(Refusal.ANSWERED_ALREADY)
    if level == TOWNSHIP and COMMITTEE not in known:
        raise Refused(Refusal.NOT_ANSWERED_YET)
    made = DisclosureAnswer(
        objection_id=objection_id,
        level=level,
        words=words.strip()[:2000],
        account_id=account_id,
        done_at=now,
    )
    db.session.add(made)
    db.session.flush()
    outbox.publish(events.ObjectionAnswered(objection_id=objection_id, level=level), now=now)
    move_on(locked(row.case_id), now=now)
    return made


def list_objections(case_id: int) -> list[ObjectionLine]:
    """Return the objections to a document with their answers, in two statements.

    The name is that of the roster, "" once its owner was forgotten; pages mask it.
    """
    name_column, _is_whole, _taken = names.author(
        DisclosureObjection.resident_id, false(), DisclosureObjection.done_at
    )
    rows = db.session.execute(
        select(DisclosureObjection, name_column)
        .join(Resident, Resident.id == DisclosureObjection.resident_id)
        .where(DisclosureObjection.case_id == case_id)
        .order_by(DisclosureObjection.number)
    ).all()
    answers = _answers(case_id) if rows else {}
    lines = []
    for row, name in rows:
        levels = {found.level: found for found in answers.get(row.id, [])}
        lines.append(
            ObjectionLine(
                row.id, row.number, row.resident_id, name, row.group_id, row.words, row.done_at,
                row.answer_by, row.complicated_reason, levels.get(COMMITTEE), levels.get(TOWNSHIP),
            )
        )  # fmt: skip
    return lines


def list_unanswered() -> list[tuple[DisclosureObjection, str]]:
    """Return the objections that have no answer yet, each with the title of its document."""
    answered = select(DisclosureAnswer.id).where(
        DisclosureAnswer.objection_id == DisclosureObjection.id
    )
    query = (
        select(DisclosureObjection, DisclosureCase.title)
        .join(DisclosureCase, DisclosureCase.id == DisclosureObjection.case_id)
        .where(~answered.exists())
        .order_by(DisclosureObjection.answer_by, DisclosureObjection.id)
    )
    return [(row, title) for row, title in db.session.execute(query)]


def move_on(case: DisclosureCase, *, now: datetime) -> int:
    """Let the clock take the steps that are due; return how many."""
    count = 0
    made, answered = _counts(case.id)
    while case.period_end is not None:
        step = states.tick(
            case.state,
            today=clock.today(now),
            since=clock.today(case.since),
            period_end=case.period_end,
            objections=made,
            unanswered=made - answered,
        )
        if step is None:
            break
        take(case, step, actor=CLOCK, now=now)
        count += 1
    return count


def move_all(*, now: datetime) -> int:
    """Let the clock go on with every published document; a chore of all villages."""
    moving = (State.OBJECTION, State.ANSWERED, State.ENDED)
    rows = db.session.execute(
        select(DisclosureCase.id, DisclosureCase.village_id)
        .where(DisclosureCase.state.in_(moving), DisclosureCase.period_end < clock.today(now))
        .order_by(DisclosureCase.since)
        .limit(MOST_AT_ONCE)
    ).all()
    count = 0
    for case_id, village_id in rows:
        with village_scope(village_id):
            count += move_on(locked(case_id), now=now)
    return count


def _open_objection(objection_id: int) -> DisclosureObjection:
    row = db.session.scalars(
        select(DisclosureObjection).where(DisclosureObjection.id == objection_id).with_for_update()
    ).one()
    if _answers(row.case_id).get(objection_id):
        raise Refused(Refusal.ANSWERED_ALREADY)
    return row


def _answers(case_id: int) -> dict[int, list[DisclosureAnswer]]:
    found: dict[int, list[DisclosureAnswer]] = {}
    for row in db.session.scalars(
        select(DisclosureAnswer)
        .join(DisclosureObjection, DisclosureObjection.id == DisclosureAnswer.objection_id)
        .where(DisclosureObjection.case_id == case_id)
        .order_by(DisclosureAnswer.level)
    ):
        found.setdefault(row.objection_id, []).append(row)
    return found


def _counts(case_id: int) -> tuple[int, int]:
    answered = (DisclosureAnswer.objection_id == DisclosureObjection.id) & (
        DisclosureAnswer.level == COMMITTEE
    )
    row = db.session.execute(
        select(func.count(DisclosureObjection.id), func.count(DisclosureAnswer.id))
        .select_from(DisclosureObjection)
        .outerjoin(DisclosureAnswer, answered)
        .where(DisclosureObjection.case_id == case_id)
    ).one()
    return row[0], row[1]
