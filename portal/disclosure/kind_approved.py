"""Kind D: the publication of an approved plan, with what differs from the version on notice."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from portal.core.pdf.blocks import Block
from portal.disclosure import gathering_plan, pdf_approved
from portal.disclosure.contents_plan import ApprovedPlan, Change
from portal.disclosure.gathering import Place, head_of
from portal.disclosure.kind import Gettext, Kind
from portal.disclosure.press import Press
from portal.disclosure.rules import DocKind, Refusal
from portal.plans import changes, differences
from portal.plans import service as plans
from portal.plans.changes import Cause
from portal.plans.difference_words import fact_words, feature_rows, title_words, value_words
from portal.plans.models import PlanVersion
from portal.plans.rules import State
from portal.plans.wording import Mark

NOTHING = "—"
APPROVED = (State.APPROVED, State.PUBLISHED, State.IN_FORCE, State.AMENDING)


def why_not(version_id: int, *, now: datetime) -> Refusal | None:
    """Say why an approved plan cannot be published, or None."""
    version = plans.get_version(version_id)
    return None if version.state in APPROVED and version.approved_on else Refusal.NOT_APPROVED


def list_waiting(*, now: datetime) -> list[tuple[int, str]]:
    """Return the versions that are approved and not yet published."""
    lines = plans.list_versions(public_only=True, now=now)
    return [(line.id, line.title) for line in lines if line.state is State.APPROVED]


def gather(version_id: int, *, place: Place, press: Press, now: datetime) -> ApprovedPlan:
    """Return the content."""
    version = plans.get_version(version_id)
    assert version.approved_on is not None  # noqa: S101 -- why_not has seen it
    base = changes.find_base(version)
    return ApprovedPlan(
        head=head_of(DocKind.APPROVED_PLAN, place),
        plan=gathering_plan.plan_facts(version, place=place),
        approved_by=version.approval_authority,
        approval_number=version.approval_number,
        approved_on=version.approved_on,
        noticed_version=base.number if base else None,
        changes=changed(base, version) if base else (),
        full_text_url=press.comment_url(version_id),
    )


def changed(before: PlanVersion, after: PlanVersion) -> tuple[Change, ...]:
    """Return what differs between two versions, each with the reason that was given."""
    causes = changes.causes_of(after.id)
    return tuple(_change(found, causes) for found in changes.compare(before, after))


def _change(found: differences.Change, causes: Mapping[str, Cause]) -> Change:
    cause = causes.get(found.place) or causes.get(differences.group_place(found.area))
    facts = [*_facts(found), *_wordings(found)]
    return Change(
        area=found.area.value,
        kind=found.kind.value,
        where=title_words(found),
        before="\n".join(old for old, _new in facts if old),
        after="\n".join(new for _old, new in facts if new),
        opinion=cause.opinion_number if cause else None,
        reason="；".join(part for part in (cause.cause, cause.reason) if part) if cause else "",
    )


def _facts(found: differences.Change) -> Iterator[tuple[str, str]]:
    """Go through what is not as it was, each with its name, as it was and as it is."""
    rows = [
        (fact_words(row.name), value_words(row.before, row.name), value_words(row.after, row.name))
        for row in found.rows
        if not row.paragraphs
    ]
    for name, *values in (*rows, *feature_rows(found)):
        old, new = ("" if value == NOTHING else f"{name}：{value}" for value in values)
        yield old, new


def _wordings(found: differences.Change) -> Iterator[tuple[str, str]]:
    """Go through the paragraphs that read otherwise, as they were and as they are."""
    for paragraph in (*found.paragraphs, *(p for row in found.rows for p in row.paragraphs)):
        if paragraph.is_changed:
            old, new = (
                "".join(run.text for run in paragraph.runs if run.mark is not left_out)
                for left_out in (Mark.ADDED, Mark.REMOVED)
            )
            yield old.strip(), new.strip()


def blocks(content: ApprovedPlan, gettext: Gettext, *, language: str, plate: Any) -> list[Block]:
    """Return the body, section by section."""
    return pdf_approved.blocks_of(content, gettext, language=language, plates=plate or ())


KIND = Kind(
    code=DocKind.APPROVED_PLAN,
    content=ApprovedPlan,
    why_not=why_not,
    gather=gather,
    title=pdf_approved.title_of,
    blocks=blocks,
    list_waiting=list_waiting,
    draw=lambda version_id, press: gathering_plan.draw_plates(version_id, press.map_words),
)
