"""What a step still needs, all of it at once: facts are gathered here, judged, never written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.notices import service as notices
from portal.notices.rules import NoticeState
from portal.notices.service import Opened
from portal.plans import changes, ports
from portal.plans.checklist import missing_in
from portal.plans.content import Content, sha256
from portal.plans.gathering import content_of
from portal.plans.life import Lack, Lacking, Need, Step, Way
from portal.plans.models import PlanVersion
from portal.plans.ports import Paper, Standing
from portal.plans.reading import SUBJECT
from portal.plans.rules import BEFORE_NOTICE, State


@dataclass(frozen=True, kw_only=True)
class Given:
    """What whoever takes a step says with it; a step uses what it asks for."""

    party_review_on: date | None = None
    party_review_note: str = ""
    scheduled_for: date | None = None
    boards: tuple[str, ...] = ()
    resolution: str = ""
    approval_authority: str = ""
    approval_number: str = ""
    approved_on: date | None = None
    published_on: date | None = None
    in_force_on: date | None = None
    consent: str = ""


NOTHING = Given()


@dataclass(kw_only=True)
class Asked:
    """A step that somebody wants to take, with everything that is judged about it."""

    version: PlanVersion
    step: Step
    reason: str
    given: Given
    notice: Opened | None
    now: datetime
    found: list[Lacking] = field(default_factory=list)

    @property
    def today(self) -> date:
        """Return the day in the village."""
        return clock.today(self.now)

    @cached_property
    def content(self) -> Content:
        """Return what the version says as it lies here now."""
        return content_of(self.version)

    def lacks(self, lack: Lack, detail: str = "") -> None:
        """Note one thing that is still needed."""
        self.found.append(Lacking(lack, detail))


def lacks_of(asked: Asked, way: Way) -> list[Lacking]:
    """Return everything that a step still needs, in the order in which it is asked for."""
    for need in way.needs:
        JUDGES[need](asked)
    return asked.found


def _content(asked: Asked) -> None:
    for what in missing_in(asked.content):
        asked.lacks(Lack.CONTENT, what.value)


def _checks(asked: Asked) -> None:
    answer = ports.checks()
    if answer is None:
        asked.lacks(Lack.CHECKS_NOT_THERE)
        return
    asked.found.extend(answer.lacks(asked.version.id))


def _party_review(asked: Asked) -> None:
    day = asked.given.party_review_on or asked.version.party_review_on
    if day is None:
        asked.lacks(Lack.PARTY_REVIEW)
    elif day > asked.today:
        asked.lacks(Lack.PARTY_REVIEW_LATER)


def _start_day(asked: Asked) -> None:
    day = asked.given.scheduled_for or asked.version.scheduled_for
    if day is None:
        asked.lacks(Lack.START_DAY)
    elif day < asked.today:
        asked.lacks(Lack.START_DAY_PAST)


def _channels(asked: Asked) -> None:
    planned = notices.find_latest(SUBJECT, asked.version.id)
    is_planned = planned and notices.state_of(planned, now=asked.now) is NoticeState.PLANNED
    if planned is None or not is_planned:
        asked.lacks(Lack.CHANNELS)
        return
    for channel in notices.missing_ways(planned.id):
        asked.lacks(Lack.CHANNELS, channel.place)


def _predecessor(asked: Asked) -> None:
    before = _before(asked.version)
    if before is not None and before.state is State.ON_NOTICE:
        asked.lacks(Lack.PREDECESSOR_ON_NOTICE, str(before.number))


def _notice_over(asked: Asked) -> None:
    if asked.notice is None or asked.now < asked.notice.ends_at:
        asked.lacks(Lack.NOTICE_RUNS)


def _opinions(asked: Asked) -> None:
    answer = ports.opinions()
    if answer is None:
        asked.lacks(Lack.OPINIONS_NOT_THERE)
        return
    open_ones = sum(answer.count_open(version_id) for version_id in lineage(asked.version))
    if open_ones:
        asked.lacks(Lack.OPINIONS_OPEN, str(open_ones))


def _hearing(asked: Asked) -> None:
    answer = ports.opinions()
    if answer is None:
        return  # said once, by `_opinions`
    if not any(answer.other_hearings(version_id) for version_id in lineage(asked.version)):
        asked.lacks(Lack.NO_OTHER_HEARING)


def _changes(asked: Asked) -> None:
    if asked.version.replaces_id is None:
        return
    for change in changes.unexplained(asked.version):
        asked.lacks(Lack.UNEXPLAINED_CHANGES, change.title)


def _revision(asked: Asked) -> None:
    before = _before(asked.version)
    if before is None or before.state is not State.REPLYING:
        asked.lacks(Lack.NO_REVISION)


def _standing(asked: Asked) -> Standing | None:
    answer = ports.ballots()
    if answer is None:
        asked.lacks(Lack.BALLOTS_NOT_THERE)
        return None
    digest = asked.version.content_sha256 or ""
    return answer.standing(asked.version.id, content_sha256=digest, now=asked.now)


def _passed(asked: Asked) -> None:
    lack = {
        Standing.NONE: Lack.NO_BALLOT,
        Standing.OTHER_TEXT: Lack.BALLOT_OF_OTHER_TEXT,
        Standing.RUNNING: Lack.BALLOT_RUNS,
        Standing.NOT_PASSED: Lack.BALLOT_NOT_PASSED,
    }
    standing = _standing(asked)
    if standing in lack:
        asked.lacks(lack[standing])


def _failed(asked: Asked) -> None:
    lack = {
        Standing.NONE: Lack.NO_BALLOT,
        Standing.OTHER_TEXT: Lack.BALLOT_OF_OTHER_TEXT,
        Standing.RUNNING: Lack.BALLOT_RUNS,
        Standing.PASSED: Lack.BALLOT_PASSED,
    }
    standing = _standing(asked)
    if standing in lack:
        asked.lacks(lack[standing])


def _papers(asked: Asked) -> None:
    answer = ports.papers()
    if answer is None:
        asked.lacks(Lack.PAPERS_NOT_THERE)
        return
    there = answer.published(lineage(asked.version))
    for paper in Paper:
        if paper not in there:
            asked.lacks(Lack.PAPER_MISSING, paper.value)


def _resolution(asked: Asked) -> None:
    if not (asked.given.resolution or asked.version.resolution).strip():
        asked.lacks(Lack.RESOLUTION)


def _unchanged(asked: Asked) -> None:
    if asked.version.content_sha256 != sha256(asked.content):
        asked.lacks(Lack.CONTENT_CHANGED)


def _approval(asked: Asked) -> None:
    given = asked.given
    if not (given.approval_authority and given.approval_number and given.approved_on):
        asked.lacks(Lack.APPROVAL)
    elif given.approved_on > asked.today:
        asked.lacks(Lack.APPROVAL_LATER)


def _publication(asked: Asked) -> None:
    given = asked.given
    day, approved = given.published_on, asked.version.approved_on
    if day is None or day > asked.today or (approved is not None and day < approved):
        asked.lacks(Lack.PUBLICATION_DAY)
    elif given.in_force_on is not None and given.in_force_on < day:
        asked.lacks(Lack.EFFECT_DAY)


def _effect_day(asked: Asked) -> None:
    day = asked.version.in_force_on
    if day is not None and day > asked.today:
        asked.lacks(Lack.EFFECT_DAY, day.isoformat())


def _was_on_notice(asked: Asked) -> None:
    if asked.version.frozen_at is None:
        asked.lacks(Lack.NEVER_ON_NOTICE)


def _no_draft(asked: Asked) -> None:
    drafts = select(PlanVersion.number).where(
        PlanVersion.plan_id == asked.version.plan_id,
        PlanVersion.id != asked.version.id,
        PlanVersion.state.in_(BEFORE_NOTICE),
        PlanVersion.frozen_at.is_(None),
    )
    number = db.session.scalar(drafts.limit(1))
    if number is not None:
        asked.lacks(Lack.DRAFT_EXISTS, str(number))


def _consent(asked: Asked) -> None:
    if not asked.given.consent.strip():
        asked.lacks(Lack.CONSENT)


def _reason(asked: Asked) -> None:
    if not asked.reason.strip():
        asked.lacks(Lack.REASON)


def _before(version: PlanVersion) -> PlanVersion | None:
    if version.replaces_id is None:
        return None
    return db.session.get_one(PlanVersion, version.replaces_id)


def lineage(version: PlanVersion) -> list[int]:
    """Return a version and those it revises, one after the other: one procedure for all of them."""
    found = [version.id]
    replaced = version.replaces_id
    while replaced is not None and replaced not in found:
        found.append(replaced)
        replaced = db.session.get_one(PlanVersion, replaced).replaces_id
    return found


JUDGES: Mapping[Need, Callable[[Asked], None]] = {
    Need.CONTENT: _content,
    Need.CHECKS: _checks,
    Need.PARTY_REVIEW: _party_review,
    Need.START_DAY: _start_day,
    Need.CHANNELS: _channels,
    Need.PREDECESSOR: _predecessor,
    Need.NOTICE_OVER: _notice_over,
    Need.OPINIONS: _opinions,
    Need.HEARING: _hearing,
    Need.CHANGES: _changes,
    Need.REVISION: _revision,
    Need.PASSED: _passed,
    Need.FAILED: _failed,
    Need.PAPERS: _papers,
    Need.RESOLUTION: _resolution,
    Need.UNCHANGED: _unchanged,
    Need.APPROVAL: _approval,
    Need.PUBLICATION: _publication,
    Need.EFFECT_DAY: _effect_day,
    Need.WAS_ON_NOTICE: _was_on_notice,
    Need.NO_DRAFT: _no_draft,
    Need.CONSENT: _consent,
    Need.REASON: _reason,
}
