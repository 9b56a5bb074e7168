"""Ask the database what people answered: numbers for pages, rows for files. Never writes."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import distinct, func, select

from portal.core.db import db
from portal.core.sheets import Cell
from portal.people import service as people
from portal.surveys.models import Answer, Reply, Survey
from portal.surveys.rules import SELECTS, Definition, Kind
from portal.surveys.tally import Tally, tally_choices, tally_numbers, tally_texts


def tally(survey: Survey, definition: Definition, *, with_texts: bool) -> list[Tally]:
    """Return every question with its numbers; free texts only where asked for (staff)."""
    bases = _bases(survey.id)
    counts = _counts(survey.id, [q.name for q in definition.asking if q.kind in SELECTS])
    wanted = {Kind.INTEGER, Kind.TEXT} if with_texts else {Kind.INTEGER}
    values = _values(survey.id, [q.name for q in definition.asking if q.kind in wanted])
    tallies = []
    for question in definition.asking:
        if question.kind in SELECTS:
            base = bases.get(question.name, 0)
            tallies.append(tally_choices(question, base=base, counts=counts[question.name]))
        elif question.kind is Kind.INTEGER:
            tallies.append(tally_numbers(question, [int(v) for v in values[question.name]]))
        elif with_texts:
            tallies.append(tally_texts(question, values[question.name]))
    return tallies


def _bases(survey_id: int) -> dict[str, int]:
    """Count the people who answered each question."""
    rows = db.session.execute(
        select(Answer.question, func.count(distinct(Answer.reply_id)))
        .join(Reply, Reply.id == Answer.reply_id)
        .where(Reply.survey_id == survey_id)
        .group_by(Answer.question)
    )
    return {question: count for question, count in rows}


def _counts(survey_id: int, questions: list[str]) -> defaultdict[str, dict[str, int]]:
    """Count each choice of each question."""
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Answer.question, Answer.value, func.count())
        .join(Reply, Reply.id == Answer.reply_id)
        .where(Reply.survey_id == survey_id, Answer.question.in_(questions))
        .group_by(Answer.question, Answer.value)
    )
    for question, value, count in rows:
        counts[question][value] = count
    return counts


def _values(survey_id: int, questions: list[str]) -> defaultdict[str, list[str]]:
    """Return written answers by question, ordered by the random number of their reply."""
    values: defaultdict[str, list[str]] = defaultdict(list)
    rows = db.session.execute(
        select(Answer.question, Answer.value)
        .join(Reply, Reply.id == Answer.reply_id)
        .where(Reply.survey_id == survey_id, Answer.question.in_(questions))
        .order_by(Reply.number)
    )
    for question, value in rows:
        values[question].append(value)
    return values


ABOUT = ("reply", "group", "sex", "age_band")


def export_headers(definition: Definition) -> list[str]:
    """Name the columns: the person's kind, then each question, several choices one by one.

    A question with several choices has one column of all its answers and, for each choice,
    a column `question/choice` of 1 and 0, as XLSForm tools write them.
    """
    headers = list(ABOUT)
    for question in definition.asking:
        headers.append(question.name)
        if question.kind is Kind.SELECT_MULTIPLE:
            headers += [f"{question.name}/{choice.name}" for choice in question.choices]
    return headers


def export_rows(survey_id: int, definition: Definition) -> Iterator[list[Cell]]:
    """Yield a row for each reply: a pseudonym, group, sex, age band, answers; never who."""
    groups = people.group_names()
    answers: defaultdict[int, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for reply_id, question, value in db.session.execute(
        select(Answer.reply_id, Answer.question, Answer.value)
        .join(Reply, Reply.id == Answer.reply_id)
        .where(Reply.survey_id == survey_id)
        .order_by(Answer.reply_id, Answer.question, Answer.position)
    ):
        answers[reply_id][question].append(value)
    for reply in db.session.execute(
        select(Reply.id, Reply.number, Reply.group_id, Reply.sex, Reply.age_band)
        .where(Reply.survey_id == survey_id)
        .order_by(Reply.number)
    ):
        row: list[Cell] = [f"R{reply.number}", groups[reply.group_id], reply.sex, reply.age_band]
        for asked in definition.asking:
            values = answers[reply.id][asked.name]
            if asked.kind is Kind.INTEGER:
                row.append(int(values[0]) if values else None)
                continue
            row.append(" ".join(values) if values else None)
            if asked.kind is Kind.SELECT_MULTIPLE:
                row += [int(c.name in values) if values else None for c in asked.choices]
        yield row
