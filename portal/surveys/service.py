"""What can be done with surveys: gather facts, ask the rules, write. Never commits."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.lazily import lazily
from portal.core.outbox import publish
from portal.core.secrets import LETTERS, letters
from portal.people import service as people
from portal.people.rules import Channel, age_on
from portal.surveys import rules
from portal.surveys.events import SurveyOpened
from portal.surveys.faults import Fault, FormRefused
from portal.surveys.models import Answer, Reply, Survey
from portal.surveys.rules import Definition, Phase, Refusal, SurveyState

if TYPE_CHECKING:
    from portal.surveys import importing
else:
    importing = lazily("portal.surveys.importing")

NUMBERS = 900_000  # reply numbers have six digits


@dataclass(frozen=True, slots=True)
class Listed:
    """A survey in a list, as plain values."""

    id: int
    title: str
    lead: str
    phase: Phase
    first_day: date | None
    closes_at: datetime | None
    question_count: int
    reply_count: int
    has_replied: bool


class Hold(Enum):
    """What a survey is held for until the transaction ends (SQLite has one lock for all)."""

    TO_ANSWER = "to-answer"
    TO_CHANGE = "to-change"


def get_survey(survey_id: int, *, drafts: bool = False, hold: Hold | None = None) -> Survey:
    """Return the survey, or raise NoResultFound; drafts are there only for those who ask.

    Those who answer hold it against a change of its state, not against each other.
    """
    query = select(Survey).where(Survey.id == survey_id)
    if hold is not None:
        query = query.with_for_update(read=hold is Hold.TO_ANSWER)
    survey = db.session.execute(query).scalar_one()
    if survey.state is SurveyState.DRAFT and not drafts:
        raise NoResultFound(f"survey {survey_id} is a draft")
    return survey


def definition_of(survey: Survey) -> Definition:
    """Return the frozen form."""
    return Definition.from_json(survey.form)


def phase_of(survey: Survey, *, now: datetime) -> Phase:
    """Return where the survey stands now."""
    return rules.phase(
        state=survey.state, opens_at=survey.opens_at, closes_at=survey.closes_at, now=now
    )


def list_surveys(
    *, now: datetime, resident_id: int | None = None, drafts: bool = False
) -> list[Listed]:
    """Return the village's surveys, the youngest first, in two queries whatever their number."""
    counts = (
        select(Reply.survey_id, func.count().label("replies")).group_by(Reply.survey_id).subquery()
    )
    query = (
        select(Survey, func.coalesce(counts.c.replies, 0))
        .outerjoin(counts, counts.c.survey_id == Survey.id)
        .order_by(Survey.id.desc())
    )
    if not drafts:
        query = query.where(Survey.state != SurveyState.DRAFT)
    mine: set[int] = set()
    if resident_id is not None:
        mine = set(
            db.session.scalars(select(Reply.survey_id).where(Reply.resident_id == resident_id))
        )
    return [
        Listed(
            id=survey.id,
            title=survey.title,
            lead=survey.lead,
            phase=phase_of(survey, now=now),
            first_day=survey.first_day,
            closes_at=survey.closes_at,
            question_count=len(definition_of(survey).asking),
            reply_count=replies,
            has_replied=survey.id in mine,
        )
        for survey, replies in db.session.execute(query)
    ]


def count_replies(survey_id: int) -> int:
    """Return how many people have answered."""
    found = db.session.scalar(
        select(func.count()).select_from(Reply).where(Reply.survey_id == survey_id)
    )
    return found or 0


# --- making a survey -------------------------------------------------------------------------


def import_survey(filename: str, content: bytes, *, now: datetime) -> Survey:
    """Keep a form as a draft, or raise FormRefused with every fault and keep nothing."""
    definition = importing.import_form(filename, content).definition
    survey = Survey(
        title=(definition.title or filename.rpartition(".")[0])[:200],
        form=definition.to_json(),
        source_name=filename[-200:],
        source=content,
        source_sha256=hashlib.sha256(content).hexdigest(),
        made_at=now,
    )
    db.session.add(survey)
    db.session.flush()
    return survey


def remarks_on(survey: Survey) -> list[Fault]:
    """Return what was left out of a draft's file; once it is opened that is of no use any more.

    A file that would not be taken in today has its faults told.
    """
    if survey.state is not SurveyState.DRAFT:
        return []
    try:
        return importing.import_form(survey.source_name, survey.source).remarks
    except FormRefused as refused:
        return list(refused.faults)


def open_survey(
    survey: Survey, *, title: str, lead: str, first_day: date, last_day: date, now: datetime
) -> None:
    """Let people answer from the beginning of the first day to the last one's 24:00.

    A first day that is today begins now. Raises Refused.
    """
    today = clock.today(now)
    if reason := rules.why_not_open(
        state=survey.state, first_day=first_day, last_day=last_day, today=today
    ):
        raise Refused(reason)
    survey.title, survey.lead = title, lead
    survey.opens_at = now if first_day == today else clock.midnight_before(first_day)
    survey.closes_at = clock.midnight_after(last_day)
    survey.state = SurveyState.OPEN
    db.session.flush()
    publish(SurveyOpened(survey_id=survey.id), now=now, at=survey.opens_at)


def close_survey(survey: Survey, *, now: datetime) -> None:
    """End a survey before its time, or raise Refused."""
    if reason := rules.why_not_close(phase=phase_of(survey, now=now)):
        raise Refused(reason)
    survey.state = SurveyState.CLOSED
    if survey.opens_at is not None and survey.opens_at < now:
        survey.closes_at = now
    db.session.flush()


def discard_survey(survey: Survey) -> None:
    """Throw a draft away, or raise Refused."""
    if reason := rules.why_not_discard(state=survey.state):
        raise Refused(reason)
    db.session.delete(survey)
    db.session.flush()


# --- answering -------------------------------------------------------------------------------


def find_reply(survey_id: int, resident_id: int) -> Reply | None:
    """Return a person's own reply, if there is one."""
    return db.session.scalar(
        select(Reply).where(Reply.survey_id == survey_id, Reply.resident_id == resident_id)
    )


def list_replies_of(resident_id: int) -> list[tuple[Reply, Survey]]:
    """Return what a person has answered, the latest first."""
    rows = db.session.execute(
        select(Reply, Survey)
        .join(Survey, Survey.id == Reply.survey_id)
        .where(Reply.resident_id == resident_id)
        .order_by(Reply.done_at.desc())
    )
    return [(reply, survey) for reply, survey in rows]


def why_not_reply(survey: Survey, resident_id: int | None, *, now: datetime) -> Refusal | None:
    """Ask the rules about this person and this survey."""
    today = clock.today(now)
    is_on_roster, age, has_replied = False, None, False
    if resident_id is not None:
        resident = people.get_resident(resident_id)
        is_on_roster = resident.left_on is None or resident.left_on > today
        age = age_on(resident.born_on, today)
        has_replied = find_reply(survey.id, resident_id) is not None
    return rules.why_not_reply(
        phase=phase_of(survey, now=now),
        is_on_roster=is_on_roster,
        age=age,
        has_replied=has_replied,
    )


def reply(
    survey: Survey,
    resident_id: int | None,
    given: Mapping[str, Sequence[str]],
    *,
    key: str,
    now: datetime,
    channel: Channel = Channel.SELF,
) -> Reply:
    """Take somebody's answers, once. The same key sent again brings back the first reply.

    Raises Refused: the reasons of rules.why_not_reply, NO_ANSWERS for an empty sheet, and
    FAULTY_ANSWERS with `faults`, the AnswerFault of each question.
    """
    if resident_id is not None:
        mine = find_reply(survey.id, resident_id)
        if mine is not None and mine.idempotency_key == key:
            return mine
    if reason := why_not_reply(survey, resident_id, now=now):
        raise Refused(reason)
    assert resident_id is not None  # noqa: S101 -- the rule above refuses whoever is not on the roster
    definition = definition_of(survey)
    answers, faults = rules.read_answers(definition, given)
    if faults:
        raise Refused(Refusal.FAULTY_ANSWERS, faults=faults)
    if not answers:
        raise Refused(Refusal.NO_ANSWERS)
    new = Reply(
        survey_id=survey.id,
        number=_free_number(survey.id),
        idempotency_key=key,
        receipt=letters(LETTERS, 12),
        **people.deed_facts(resident_id, now=now, channel=channel),
    )
    db.session.add(new)
    try:
        db.session.flush()
    except IntegrityError as twice:  # two tabs at once: the key is the last judge
        raise Refused(Refusal.ALREADY_ANSWERED) from twice
    db.session.add_all(
        Answer(reply_id=new.id, question=question, position=at, value=value)
        for question, values in answers.items()
        for at, value in enumerate(values)
    )
    db.session.flush()
    return new


def _free_number(survey_id: int) -> int:
    """Draw a reply number that is not taken; the key catches the rare one drawn twice at once."""
    while True:
        number = 100_000 + secrets.randbelow(NUMBERS)
        taken = select(Reply.id).where(Reply.survey_id == survey_id, Reply.number == number)
        if db.session.scalar(taken) is None:
            return number
