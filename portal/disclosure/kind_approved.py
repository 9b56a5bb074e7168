"""Kind D: the publication of an approved plan, with what differs from the version on notice."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
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
from portal.plans.models import PlanVersion
from portal.plans.rules import State

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
    old = "；".join(_plain(row.before) for row in found.rows if row.before not in (None, ""))
    new = "；".join(_plain(row.after) for row in found.rows if row.after not in (None, ""))
    return Change(
        area=found.area.value,
        kind=found.kind.value,
        where=found.title,
        before=old,
        after=new,
        opinion=cause.opinion_number if cause else None,
        reason="；".join(part for part in (cause.cause, cause.reason) if part) if cause else "",
    )


def _plain(value: Any) -> str:
    """Return a fact of a plan as it is written."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "、".join(_plain(item) for item in value)
    return str(value)


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
