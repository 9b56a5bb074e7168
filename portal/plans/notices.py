"""Notices: opening one, and what the clock says about it. Never commits."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.plans import rules
from portal.plans.calendar import DEFAULTS, RestDays, SpecialDay
from portal.plans.content import Content, sha256
from portal.plans.drafting import open_draft
from portal.plans.events import NoticeOpened
from portal.plans.models import Notice, PlanVersion, RestDay
from portal.plans.reading import content_of, get_version
from portal.transparency import service as transparency
from portal.transparency.rules import Kept

IsRestDay = Callable[[date], bool]
RECORD_KIND = "plan_version"
"""The kind of our entries in the public record: the content of a version, frozen for its notice."""


def notice_of(version_id: int) -> Notice | None:
    """Return the latest notice of a version, running or over; None before the first."""
    return db.session.scalar(
        select(Notice).where(Notice.version_id == version_id).order_by(Notice.round.desc()).limit(1)
    )


def get_with_notice(version_id: int) -> tuple[PlanVersion, Notice | None]:
    """Return a version and its latest notice in one statement, or raise NoResultFound."""
    version, notice = db.session.execute(
        select(PlanVersion, Notice)
        .outerjoin(Notice, Notice.version_id == PlanVersion.id)
        .where(PlanVersion.id == version_id)
        .order_by(Notice.round.desc())
        .limit(1)
    ).one()
    return version, notice


def state_of(version: PlanVersion, notice: Notice | None, *, now: datetime) -> rules.State:
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


def preview_end(*, board_at: datetime, is_rest_day: IsRestDay, now: datetime) -> tuple[date, date]:
    """Return the day a notice opened now would start on, and its last day (T1, T3, T5)."""
    start = clock.today(max(now, board_at))
    days = rules.NOTICE_DAYS[rules.NoticeType.PLAN_DRAFT]
    return start, rules.last_day(start, days=days, is_rest_day=is_rest_day)


def open_notice(
    version_id: int,
    *,
    board_evidence: str,
    board_at: datetime,
    typed_last_on: date | None = None,
    opened_by: int | None,
    is_rest_day: IsRestDay,
    now: datetime,
) -> Notice:
    """Freeze a version and open its notice: online now, on the village board since ``board_at``.

    The end is computed (T1–T3); a typed end may be later, never earlier (T4). Raises Refused.
    """
    version = _lock(version_id)
    content = content_of(version)
    missing = missing_in(content)
    refusal = rules.why_not_open_notice(
        state=version.state,
        missing=missing,
        board_evidence=board_evidence,
        board_at=board_at,
        now=now,
    )
    if refusal:
        raise Refused(refusal, missing=missing)
    start, last = preview_end(board_at=board_at, is_rest_day=is_rest_day, now=now)
    if typed_last_on is not None:
        if why := rules.why_not_typed_end(typed_last_on, computed=last):
            raise Refused(why, start=start, last=last)
        last = typed_last_on
    version.content_sha256, version.frozen_at = sha256(content), now
    version.state = rules.State.ON_NOTICE
    before = notice_of(version_id)
    entry = transparency.append(
        kind=RECORD_KIND,
        subject=f"{version.title} · {version.number}",
        content_sha256=version.content_sha256,
        file_sha256=version.content_sha256,
        now=now,
    )
    notice = Notice(
        version_id=version_id,
        type=rules.NoticeType.PLAN_DRAFT,
        round=before.round + 1 if before else 1,
        opened_at=now,
        ends_at=clock.midnight_after(last),
        started_on=start,
        last_on=last,
        min_days=rules.NOTICE_DAYS[rules.NoticeType.PLAN_DRAFT],
        online_at=now,
        board_at=board_at,
        board_evidence=board_evidence.strip(),
        opened_by=opened_by,
        content_sha256=version.content_sha256,
        record_number=entry.number,
    )
    try:
        with db.session.begin_nested():
            db.session.add(notice)
            db.session.flush()
    except IntegrityError as twice:  # two who opened at once: the key is the last judge
        raise Refused(rules.Refusal.ALREADY_ON_NOTICE) from twice
    publish(NoticeOpened(version_id=version_id), now=now)
    return notice


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
        for notice in db.session.scalars(select(Notice).order_by(Notice.id)).all():
            digest = sha256(content_of(get_version(notice.version_id)))
            yield Kept(notice.record_number, digest, digest)


# --- the calendar of the village ---------------------------------------------------------------


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
    """Say that a day is a rest day, or a working day, in this village's calendar."""
    db.session.execute(delete(RestDay).where(RestDay.day == day))
    db.session.add(RestDay(day=day, is_rest=is_rest, name=name))
    db.session.flush()
