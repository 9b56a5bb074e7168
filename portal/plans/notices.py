"""The notice of a version: a thin use of `notices`, and what it means for a plan. Never commits."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.notices import service as notices
from portal.notices.models import Notice
from portal.notices.ports import Frozen
from portal.notices.rules import ChannelKind, IsRestDay, NoticeState, NoticeType, last_day
from portal.notices.rules import Refusal as NoticeRefusal
from portal.notices.service import Opened
from portal.plans import living, reading, rules
from portal.plans.checklist import missing_in
from portal.plans.content import Content, sha256
from portal.plans.drafting import open_draft
from portal.plans.events import NoticeOpened
from portal.plans.gathering import content_of
from portal.plans.guarding import Given
from portal.plans.life import Step
from portal.plans.life_models import PlanStep
from portal.plans.models import PlanVersion
from portal.plans.reading import get_version
from portal.plans.standing import notice_of, state_of
from portal.plans.stepping import CONTENT_KIND, lock
from portal.transparency.rules import Kept

SUBJECT = reading.SUBJECT
RECORD_KIND = CONTENT_KIND


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
    version = lock(version_id)
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


def find_planned_notice(version_id: int) -> Notice | None:
    """Return the notice that is planned for a version and not open yet."""
    latest = notices.find_latest(SUBJECT, version_id)
    if latest is None or latest.opened_at is not None or latest.withdrawn_at is not None:
        return None
    return latest


def open_notice(
    version_id: int,
    *,
    board_evidence: str,
    board_at: datetime,
    photo: bytes,
    typed_last_on: date | None = None,
    party_review_on: date | None = None,
    party_review_note: str = "",
    opened_by: int | None,
    is_rest_day: IsRestDay,
    now: datetime,
) -> Opened:
    """Plan, prove and open the notice of a version at one go, where it hangs on one board.

    Online it is now, on the village board since ``board_at``, with a photo as proof (T5). A photo
    proves one board: where several are planned, the others are confirmed first, each with its own
    (`notices.service.confirm_channel`). A draft goes through its review and its
    planning on the way, so the day of the Party organisation's review must be known, or is given
    here. Raises Refused.
    """
    version = lock(version_id)
    _check(version, content_of(version))
    if party_review_on is not None:
        set_party_review(version_id, on=party_review_on, note=party_review_note)
    planned = notices.find_latest(SUBJECT, version_id)
    if planned is None or notices.state_of(planned, now=now) is not NoticeState.PLANNED:
        planned = plan_notice(
            version_id,
            planned_for=clock.today(now),
            made_by=opened_by,
            is_rest_day=is_rest_day,
            now=now,
        )
    missing = notices.missing_ways(planned.id)
    if len(missing) > 1:
        raise Refused(NoticeRefusal.CHANNELS_MISSING)
    for channel in missing:
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

    def freeze(self, subject_id: int, *, by: int | None, now: datetime) -> Frozen:
        """Freeze the version: its content stays as it is, and stands in the public record.

        Whoever opens the notice of a draft takes the steps before it too, each with its guards.
        """
        version = lock(subject_id)
        _check(version, content_of(version))
        if version.state is rules.State.DRAFT:
            living.walk(version, Step.SUBMIT_REVIEW, by=by, now=now)
        if version.state is rules.State.COMMITTEE_REVIEW:
            given = Given(scheduled_for=clock.today(now))
            living.walk(version, Step.SCHEDULE, by=by, given=given, now=now)
        row = living.walk(version, Step.OPEN_NOTICE, by=by, now=now)
        return Frozen(row.content_sha256 or "", row.record_number or 0)

    def opened(self, subject_id: int, *, now: datetime) -> None:
        """Tell the village that it can say what it thinks."""
        publish(NoticeOpened(version_id=subject_id), now=now)

    def digest(self, subject_id: int) -> str:
        """Return the fingerprint of the version as it lies here now."""
        return sha256(content_of(get_version(subject_id)))

    def voided(self, subject_id: int, *, reason: str, by: int | None, now: datetime) -> None:
        """Take the version back to before its notice; what was announced stays readable."""
        version = lock(subject_id)
        if version.state is rules.State.ON_NOTICE:
            living.walk(version, Step.VOID_NOTICE, by=by, reason=reason, now=now)

    def page(self, subject_id: int) -> tuple[str, dict[str, Any]]:
        """Return the page of the plan."""
        return "plans.show", {"version_id": subject_id}

    def desk(self, subject_id: int) -> tuple[str, dict[str, Any]]:
        """Return the workbench of the version."""
        return "plans.workbench", {"version_id": subject_id}


def set_party_review(version_id: int, *, on: date, note: str) -> PlanVersion:
    """Say when the village's Party organisation dealt with the plan (V12). Raises Refused."""
    version = lock(version_id)
    if refusal := rules.why_not_plan_notice(state=version.state):
        raise Refused(refusal)
    version.party_review_on, version.party_review_note = on, note.strip()
    db.session.flush()
    return version


def publish_decided(version_id: int, *, now: datetime) -> PlanVersion:
    """Freeze and publish a version that was decided elsewhere: no notice of ours will run.

    For imported elections, whose projects were put to the vote by others. Raises Refused.
    """
    version = open_draft(version_id, now=now)
    living.take_step(version_id, Step.TAKE_OVER, by=None, now=now)
    return version


def start_replying(version_id: int, *, by: int | None = None, now: datetime) -> PlanVersion:
    """Go from a closed notice to answering its opinions. Raises Refused while it still runs."""
    version = lock(version_id)
    if state_of(version, notice_of(version_id), now=now) is not rules.State.NOTICE_CLOSED:
        raise Refused(rules.Refusal.NOT_ON_NOTICE)
    living.take_step(version_id, Step.START_REPLY, by=by, now=now)
    return version


class VersionKeeper:
    """Answers the public record's question (`transparency.ports.Keeper`) for plan versions."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash the content of every version that was frozen in public, as it lies here now."""
        opened = select(Notice.record_number, Notice.subject_id).where(
            Notice.subject_kind == SUBJECT, Notice.record_number.is_not(None)
        )
        revised = select(PlanStep.record_number, PlanStep.version_id).where(
            PlanStep.step == Step.FINISH_REPLY, PlanStep.before == rules.State.DRAFT
        )
        rows = [*db.session.execute(opened), *db.session.execute(revised)]
        for number, version_id in sorted((number or 0, version or 0) for number, version in rows):
            digest = sha256(content_of(get_version(version_id)))
            yield Kept(number, digest, digest)
