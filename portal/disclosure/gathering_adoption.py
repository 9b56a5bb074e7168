"""Facts about what became of opinions for documents: the table, the hearings, the changes."""

from dataclasses import asdict

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.disclosure.contents_adoption import (
    Adoption,
    AdoptionRow,
    GroupPart,
    HearingLine,
    Voice,
)
from portal.disclosure.contents_plan import Way
from portal.disclosure.gathering import Place, head_of
from portal.disclosure.kind_approved import changed
from portal.disclosure.rules import DocKind
from portal.discussion import adoption, hearings
from portal.notices import service as notices
from portal.plans import service as plans
from portal.plans.models import PlanVersion


def gather_adoption(version_id: int, *, place: Place) -> Adoption:
    """Return what became of the opinions on a version (kind B)."""
    version, notice = plans.get_version(version_id), plans.notice_of(version_id)
    if notice is None:
        raise LookupError(f"version {version_id} was never on notice")
    table = adoption.table_of(version_id)
    after = find_revision(version_id)
    facts = {name: value for name, value in vars(table).items() if name not in ("rows", "by_group")}
    return Adoption(
        head=head_of(DocKind.ADOPTION, place),
        plan_name=version.title,
        plan_version=version.number,
        plan_sha256=version.content_sha256 or plans.sha256(plans.content_of(version)),
        notice_from=notice.started_on,
        notice_until=notice.last_on,
        ways=tuple(
            Way(
                kind=way.channel.kind.value,
                place=way.channel.place,
                note=way.channel.note,
                up_on=clock.today(way.channel.up_at) if way.channel.up_at else None,
            )
            for way in notices.channels_of(notice.id)[notice.id]
        ),
        rows=tuple(
            AdoptionRow(
                **asdict(row) | {"voices": tuple(Voice(**asdict(one)) for one in row.voices)}
            )
            for row in table.rows
        ),
        by_group=tuple(GroupPart(names=part.names, people=part.people) for part in table.by_group),
        hearings=tuple(
            HearingLine(
                form=one.form.value,
                held_on=one.held_on,
                place=one.place,
                people=one.people,
                said=one.said,
            )
            for one in hearings.list_hearings(version_id)
        ),
        new_version=after.number if after else None,
        changes=changed(version, after) if after else (),
        **facts,
    )


def find_revision(version_id: int) -> PlanVersion | None:
    """Return the version that revises this one, once everybody can read it."""
    query = select(PlanVersion).where(PlanVersion.replaces_id == version_id)
    newest = db.session.scalar(query.order_by(PlanVersion.number.desc()).limit(1))
    return newest if newest is not None and plans.is_public(newest) else None
