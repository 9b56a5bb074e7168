"""The notice of a version: a thin use of `notices`, and what it means for a plan. Never commits."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.notices import service as notices
from portal.notices.models import Notice
from portal.notices.ports import Frozen
from portal.notices.reading import in_force
from portal.notices.rules import ChannelKind, IsRestDay, NoticeState, NoticeType, last_day
from portal.notices.service import Opened
from portal.plans import reading, rules
from portal.plans.content import Content, sha256
from portal.plans.drafting import open_draft
from portal.plans.events import NoticeOpened
from portal.plans.gathering import content_of
from portal.plans.models import PlanVersion
from portal.plans.reading import get_version
from portal.transparency import service as transparency
from portal.transparency.rules import Kept

SUBJECT = reading.SUBJECT
RECORD_KIND = "plan_version"
"""The kind of our entries in the public record: the content of a version, frozen for its notice."""


def notice_of(version_id: int) -> Opened | None:
    """Return the latest notice of a version, running or over; None before the first."""
    return notices.find_opened(SUBJECT, version_id)


def get_with_notice(version_id: int) -> tuple[PlanVersion, Opened | None]:
    """Return a version and its latest notice in one statement, or raise NoResultFound."""
    version, notice = db.session.execute(
        select(PlanVersion, Notice)
        .outerjoin(Notice, and_(in_force(SUBJECT), Notice.subject_id == PlanVersion.id))
        .where(PlanVersion.id == version_id)
        .order_by(Notice.round.desc())
        .limit(1)
    ).one()
    return version, notices.opened(notice)


def state_of(version: PlanVersion, notice: Opened | None, *, now: datetime) -> rules.State:
    """Return the state of a version as the clock has it."""
    return rules.state_at(version.state, ends_at=notice.ends_at if notice else None, now=now)


def is_on_notice(version_id: int, *, now: datetime) -> bool:
    """Tell whether the notice of a version is running."""
    return why_not_comment(version_id, now=now) is None


def why_not_comment(version_id: int, *, now: datetime) -> rules.Refusal | None:
    """Say why no opinion can be given on a version now; None while its notice runs."""
    version, notice = get_with_notice(version_id)
    state = state_of(version, notice, now=now)
    return rules.why_not_comment(state=state)


def missing_in(content: Content) -> list[rules.Missing]:
    """Return what a version still lacks before its notice can open."""
    lacks = {
        rules.Missing.SUMMARY: len(content.sentences) < rules.SENTENCES,
        rules.Missing.FIGURES: len(content.figures) < rules.FIGURES,
        rules.Missing.TEXT: not content.sections,
        rules.Missing.GOALS: not content.goals,
        rules.Missing.INDICATORS: not content.indicators,
        rules.Missing.PROJECTS: not content.projects,
        rules.Missing.MAP: content.map is None or not content.map.layers,
    }
    return [what for what, is_missing in lacks.items() if is_missing]


def preview_end(*, is_rest_day: IsRestDay, now: datetime) -> tuple[date, date]:
    """Return the day a notice opened now would start on, and its last day (T1, T3, T5)."""
    start = clock.today(now)
    days = notices.span_of(NoticeType.PLAN_DRAFT).length
    return start, last_day(start, days=days, is_rest_day=is_rest_day)


def plan_notice(
    version_id: int,
    *,
    planned_for: date,
    boards: Sequence[str] = ("",),
    made_by: int | None,
    is_rest_day: IsRestDay,
    now: datetime,
) -> Notice:
    """Plan the notice of a version for a day, on the village's boards. Raises Refused."""
    version = _lock(version_id)
    if refusal := rules.why_not_plan_notice(state=version.state):
        raise Refused(refusal)
    return notices.plan_notice(
        NoticeType.PLAN_DRAFT,
        subject_kind=SUBJECT,
        subject_id=version_id,
        title=version.title,
        planned_for=planned_for,
        ways=[notices.Way(ChannelKind.BOARD, place) for place in boards],
        made_by=made_by,
        is_rest_day=is_rest_day,
        now=now,
    )


def open_notice(
    version_id: int,
    *,
    board_evidence: str,
    board_at: datetime,
    photo: bytes,
    typed_last_on: date | None = None,
    opened_by: int | None,
    is_rest_day: IsRestDay,
    now: datetime,
) -> Opened:
    """Plan, prove and open the notice of a version at one go, where it hangs on one board.

    Online it is now, on the village board since ``board_at``, with a photo as proof (T5). Boards
    that are not up yet are confirmed with the same. Raises Refused.
    """
    version = _lock(version_id)
    _check(version, content_of(version))
    planned = notices.find_latest(SUBJECT, version_id)
    if planned is None or notices.state_of(planned, now=now) is not NoticeState.PLANNED:
        planned = plan_notice(
            version_id,
            planned_for=clock.today(now),
            made_by=opened_by,
            is_rest_day=is_rest_day,
            now=now,
        )
    for channel in notices.missing_ways(planned.id):
        notices.confirm_channel(
            planned.id,
            channel.id,
            up_at=board_at,
            note=board_evidence,
            photos=[photo] if photo else [],
            confirmed_by=opened_by,
            now=now,
        )
    notices.open_notice(
        planned.id,
        typed_last_on=typed_last_on,
        opened_by=opened_by,
        is_rest_day=is_rest_day,
        now=now,
    )
    notice = notice_of(version_id)
    assert notice is not None  # noqa: S101 -- opened in this transaction
    return notice


def _check(version: PlanVersion, content: Content) -> None:
    missing = missing_in(content)
    if refusal := rules.why_not_open_notice(state=version.state, missing=missing):
        raise Refused(refusal, missing=missing)


class VersionOnNotice:
    """Answers what a notice asks of a version of a plan (`notices.ports.Subject`)."""

    def freeze(self, subject_id: int, *, now: datetime) -> Frozen:
        """Freeze the version: its content stays as it is, and stands in the public record."""
        version = _lock(subject_id)
        content = content_of(version)
        _check(version, content)
        digest = sha256(content)
        version.content_sha256, version.frozen_at = digest, now
        version.state = rules.State.ON_NOTICE
        entry = transparency.append(
            kind=RECORD_KIND,
            subject=f"{version.title} · {version.number}",
            content_sha256=digest,
            file_sha256=digest,
            now=now,
        )
        db.session.flush()
        return Frozen(digest, entry.number)

    def opened(self, subject_id: int, *, now: datetime) -> None:
        """Tell the village that it can say what it thinks."""
        publish(NoticeOpened(version_id=subject_id), now=now)

    def digest(self, subject_id: int) -> str:
        """Return the fingerprint of the version as it lies here now."""
        return sha256(content_of(get_version(subject_id)))

    def voided(self, subject_id: int, *, reason: str, by: int | None, now: datetime) -> None:
        """Take the version back to before its notice; what was announced stays readable."""
        version = _lock(subject_id)
        if version.state is rules.State.ON_NOTICE:
            version.state = rules.State.DRAFT
            db.session.flush()

    def page(self, subject_id: int) -> tuple[str, dict[str, Any]]:
        """Return the page of the plan."""
        return "plans.show", {"version_id": subject_id}

    def desk(self, subject_id: int) -> tuple[str, dict[str, Any]]:
        """Return the workbench of the version."""
        return "plans.workbench", {"version_id": subject_id}


def publish_decided(version_id: int, *, now: datetime) -> PlanVersion:
    """Freeze and publish a version that was decided elsewhere: no notice of ours will run.

    For imported elections, whose projects were put to the vote by others. Raises Refused.
    """
    version = open_draft(version_id, now=now)
    version.content_sha256, version.frozen_at = sha256(content_of(version)), now
    version.state = rules.State.PUBLISHED
    db.session.flush()
    return version


def start_replying(version_id: int, *, now: datetime) -> PlanVersion:
    """Go from a closed notice to answering its opinions. Raises Refused while it still runs."""
    version = _lock(version_id)
    if state_of(version, notice_of(version_id), now=now) is not rules.State.NOTICE_CLOSED:
        raise Refused(rules.Refusal.NOT_ON_NOTICE)
    version.state = rules.State.REPLYING
    db.session.flush()
    return version


def _lock(version_id: int) -> PlanVersion:
    return db.session.execute(
        select(PlanVersion)
        .where(PlanVersion.id == version_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


class VersionKeeper:
    """Answers the public record's question (`transparency.ports.Keeper`) for plan versions."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash the content of every version that was on notice, as it lies here now."""
        opened = select(Notice).where(
            Notice.subject_kind == SUBJECT, Notice.record_number.is_not(None)
        )
        for notice in db.session.scalars(opened.order_by(Notice.id)).all():
            digest = sha256(content_of(get_version(notice.subject_id or 0)))
            yield Kept(notice.record_number or 0, digest, digest)
