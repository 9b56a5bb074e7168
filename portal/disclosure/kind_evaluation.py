"""The evaluation of a year (年度评估): a finished one, published with its figures."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.core import clock
from portal.core.pdf.blocks import Block
from portal.disclosure import pdf_evaluation
from portal.disclosure.contents_checks import Correction, Progress, Reading, YearlyEvaluation
from portal.disclosure.figures import number_words, signed_words
from portal.disclosure.gathering import Place, head_of
from portal.disclosure.kind import Gettext, Kind
from portal.disclosure.press import Press
from portal.disclosure.rules import DocKind, Refusal
from portal.implementation import service as following
from portal.implementation.models import EvaluationLine
from portal.plans import service as plans


def why_not(evaluation_id: int, *, now: datetime) -> Refusal | None:
    """Say why an evaluation cannot be published, or None."""
    is_finished = following.get_evaluation(evaluation_id).finished_at is not None
    return None if is_finished else Refusal.NOT_EVALUATED


def list_waiting(*, now: datetime) -> list[tuple[int, str]]:
    """Return the finished evaluations of the version that is being carried out."""
    version = following.find_followed()
    if version is None:
        return []
    return [
        (found.id, f"{version.title} {found.year}")
        for found in following.list_evaluations(version.id)
        if found.finished_at is not None
    ]


def gather(evaluation_id: int, *, place: Place, press: Press, now: datetime) -> YearlyEvaluation:
    """Return the content: what was written, and the figures as they were frozen."""
    found = following.get_evaluation(evaluation_id)
    version = plans.get_version(found.version_id)
    lines = following.list_lines(evaluation_id)
    ends = date(found.year, 12, 31)
    actions = following.actions_of(lines, today=clock.today(now))
    return YearlyEvaluation(
        head=head_of(DocKind.EVALUATION, place),
        plan_name=version.title,
        plan_version=version.number,
        plan_sha256=version.content_sha256 or plans.sha256(plans.content_of(version)),
        year=found.year,
        evaluated_on=clock.today(found.finished_at or now),
        readings=tuple(_reading(line) for line in lines),
        projects=tuple(
            Progress(
                code=line.code,
                name=line.name,
                percent=line.percent if line.on_day and line.on_day <= ends else None,
                cost_yuan=line.cost_yuan,
                paid_yuan=line.paid_yuan if line.on_day and line.on_day <= ends else None,
                responsible=line.responsible,
            )
            for line in following.list_project_lines(version.id)
        ),
        corrections=tuple(
            Correction(
                what=duty.what, responsible=duty.owner, due_on=duty.due_on, done_on=duty.done_on
            )
            for line in lines
            if (duty := actions.get(line.id))
        ),
        findings=found.findings,
        outlook=found.outlook,
    )


def _reading(line: EvaluationLine) -> Reading:
    gap = None
    if line.current is not None and line.expected is not None:
        gap = line.current - line.expected
    return Reading(
        code=line.code,
        name=line.name,
        unit=line.unit,
        base=number_words(line.base),
        target=number_words(line.target),
        expected=number_words(_rounded(line.expected)),
        current=number_words(line.current),
        deviation="" if gap is None else signed_words(_rounded(gap)),
        light=line.light.value,
        cause=line.cause,
    )


def _rounded(value: Decimal | None) -> Decimal | None:
    """Return what was computed with as many places as the table has, or fewer."""
    if value is None or value == value.to_integral():
        return value
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def blocks(
    content: YearlyEvaluation, gettext: Gettext, *, language: str, plate: Any
) -> list[Block]:
    """Return the body, section by section."""
    return pdf_evaluation.blocks_of(content, gettext, language=language)


KIND = Kind(
    code=DocKind.EVALUATION,
    content=YearlyEvaluation,
    why_not=why_not,
    gather=gather,
    title=pdf_evaluation.title_of,
    blocks=blocks,
    list_waiting=list_waiting,
)
