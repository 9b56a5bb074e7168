"""A binding vote and its meeting: whose it is, when it is held, and who was there when it counts."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from portal.ballots import (
    archive,
    asking,
    chores,
    closing,
    counting,
    life,
    papers_in,
    records,
    service,
)
from portal.ballots.arithmetic import Outcome
from portal.ballots.for_plans import VersionBallots
from portal.ballots.models import BallotTally
from portal.ballots.rules import Refusal, State
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.meetings import attending, convening, correcting, sheets
from portal.meetings import service as meetings
from portal.meetings.models import Attendance, MeetingStep
from portal.meetings.rules import Channel as Way
from portal.meetings.rules import Kind as MeetingKind
from portal.meetings.rules import Proof, StepKind
from portal.meetings.rules import Refusal as NotNoted
from portal.people import service as people
from portal.people.rules import Channel
from portal.plans import service as plans
from portal.plans.ports import Standing
from portal.transparency import service as record
from tests.ballots.conftest import vote
from tests.meetings.conftest import make_meeting
from tests.tampering import without_triggers

__all__ = ["make_meeting"]

pytestmark = pytest.mark.usefixtures("noon")
HOUR = timedelta(hours=1)


@pytest.fixture
def meeting(make_meeting):
    """A villagers' meeting that began an hour ago."""
    return make_meeting(held=-HOUR)


@pytest.fixture
def put_to(make_ballot):
    """Put a binding question to a meeting: it opened an hour ago and closes in an hour."""

    def put(meeting, *, profile="village-meeting", **facts):
        return make_ballot(profile=profile, meeting_id=meeting.id, **facts)

    return put


def count(ballot, *, at):
    with transaction():
        closing.settle_named(ballot.id, now=at)
    return service.get_ballot(ballot.id)


def told_of(ballot, *, at):
    """Return all that is said of an outcome: written down, shown, judged by the plan's life."""
    db.session.rollback()
    ballot = service.get_ballot(ballot.id)
    said = counting.result_of(ballot, now=at)
    plan = VersionBallots().standing(
        ballot.version_id, content_sha256=ballot.version_sha256, now=at
    )
    return ballot.outcome, said.outcome, said.attendees, plan, archive.build(ballot, now=at)


def correct(meeting, person, cast, *, now):
    return correcting.ask(
        meeting.id,
        person.resident_id,
        channel=Way.ON_SITE,
        reason="漏记",
        account_id=cast.max.account_id,
        now=now,
    ).id


def test_who_is_noted_after_the_count_changes_nothing(put_to, meeting, cast):
    """Two of four voted: no quorum. A third who is noted later does not make it one."""
    ballot, later = put_to(meeting), clock.now() + 2 * HOUR
    with transaction():
        for person in (cast.vera, cast.wang):
            vote(ballot, person, 1, channel=Channel.MEETING)
        asked = correct(meeting, cast.sun, cast, now=clock.now())
        signed = {"witnesses": (cast.sun.resident_id, cast.vera.resident_id)}
        max_enters = {"account_id": cast.max.account_id, "now": clock.now()}
        wang = {cast.wang.resident_id}
        entered = sheets.enter(meeting.id, wang, file_sha256="b" * 64, **signed, **max_enters).id
    before = told_of(count(ballot, at=later), at=later)
    assert before[:4] == (Outcome.NO_QUORUM, Outcome.NO_QUORUM, 2, Standing.NOT_PASSED)
    sheet = {"file_sha256": "a" * 64, "witnesses": (cast.max.resident_id, cast.vera.resident_id)}
    by = {"account_id": cast.sun.account_id, "now": later}
    for note in (
        lambda: correcting.decide(asked, agree=True, **by),
        lambda: correct(meeting, cast.sun, cast, now=later),
        lambda: sheets.enter(meeting.id, {cast.wang.resident_id}, **sheet, **by),
        lambda: sheets.agree(entered, meeting_id=meeting.id, **by),
        lambda: attending.tick(meeting.id, cast.wang.resident_id, **by),
    ):
        with pytest.raises(Refused) as refused, transaction():
            note()
        assert refused.value.reason is NotNoted.SETTLED
    with transaction():  # beside the service, as nobody can: what was counted stands all the same
        facts = {"noted_at": later, "channel": Way.ON_SITE, "proof": Proof.STAFF}
        sun = cast.sun.resident_id
        db.session.add(Attendance(meeting_id=meeting.id, resident_id=sun, **facts))
    assert sun in meetings.attendees(meeting.id)
    assert told_of(ballot, at=later) == before
    assert record.files_broken() == []
    with transaction():
        correcting.decide(asked, agree=False, **by)


def test_a_meeting_settles_with_the_last_of_its_votes(put_to, meeting, cast):
    now = clock.now()
    first, second = put_to(meeting), put_to(meeting, question="第二问?", closes=3)
    count(first, at=now + 2 * HOUR)
    assert not meetings.get_meeting(meeting.id).is_settled
    with transaction():
        attending.tick(
            meeting.id, cast.wang.resident_id, account_id=cast.max.account_id, now=now + 2 * HOUR
        )
    assert records.attended(service.get_ballot(first.id)) == []
    second = count(second, at=now + 4 * HOUR)
    assert meetings.get_meeting(meeting.id).is_settled
    assert len(records.attended(second)) == 1
    assert counting.result_of(service.get_ballot(first.id), now=now + 4 * HOUR).attendees == 0


def test_two_votes_of_a_meeting_are_counted_at_once(put_to, meeting, race):
    """Whoever is last settles the meeting, and only one of them."""
    ballots = [put_to(meeting, question=f"第{n}问?") for n in range(4)]
    at = clock.now() + 2 * HOUR
    with transaction():
        for ballot in ballots:
            closing.close(life.locked(ballot.id), now=at)

    def finish(index):
        ballot = life.locked(ballots[index].id)
        closing.finish(ballot, papers_in.count(ballot, asking.list_options(ballot.id)), now=at)

    assert race(4, finish) == [None] * 4
    db.session.rollback()
    assert db.session.scalar(select(func.count(BallotTally.id))) == 4
    settled = select(func.count(MeetingStep.id)).where(MeetingStep.kind == StepKind.SETTLED)
    assert db.session.scalar(settled) == 1


def test_a_presence_and_the_count_at_once(put_to, meeting, cast, race):
    """A presence that is accepted counts; one that comes after the count is refused."""
    ballot, now = put_to(meeting), clock.now()
    later = now + 2 * HOUR

    def do(index):
        if index:
            time.sleep(0.1)
            return closing.settle_named(ballot.id, now=later)
        by = {"account_id": cast.max.account_id, "now": now}
        attending.tick(meeting.id, cast.wang.resident_id, **by)
        return time.sleep(0.3)  # noted, and not written for good yet

    answers = race(2, do)
    db.session.rollback()
    there = len(meetings.attendees(meeting.id))
    assert len(records.attended(service.get_ballot(ballot.id))) == there
    assert (answers[0] is None) is bool(there), answers


def test_the_announcement_freezes_the_plan(put_to, meeting, cast, version):
    with transaction():
        draft = plans.create_plan(
            name="另一规划", base_year=2026, target_year=2035, now=clock.now()
        )
        plans.add_projects(draft.id, [{"code": "P1", "name": "路"}], now=clock.now())
    with pytest.raises(Refused) as refused:
        put_to(meeting, version_id=draft.id, open=False)
    assert refused.value.reason is Refusal.PLAN_NOT_FROZEN
    ballot = put_to(meeting, open=False)
    options, (profile, _params) = service.list_options(ballot.id), service.profile_of(ballot)
    assert asking.content_of(ballot, options, profile)["plan_sha256"] == version.content_sha256
    with transaction(), without_triggers("plan_version"):
        other = text("UPDATE plan_version SET content_sha256 = 'other' WHERE id = :id")
        db.session.connection().execute(other, {"id": version.id})
    with pytest.raises(Refused) as refused, transaction():
        service.open_ballot(ballot.id, now=clock.now())
    assert refused.value.reason is Refusal.ANNOUNCED_OTHERWISE


# --- whose meeting it is -------------------------------------------------------------------------


def test_a_binding_vote_names_the_meeting_of_its_body(put_to, make_ballot, make_meeting, meeting):
    group = make_meeting(MeetingKind.VG, held=-HOUR, group_id=people.list_groups()[0].id)
    called_off = make_meeting(held=HOUR, opened=False)
    with transaction():
        convening.cancel(called_off.id, reason="下雨", account_id=None, now=clock.now())
    yesterday = make_meeting(held=-26 * HOUR)
    for one, profile, why in (
        (group, "representatives", Refusal.WRONG_MEETING),
        (meeting, "collective", Refusal.WRONG_MEETING),
        (group, "village-meeting", Refusal.WRONG_MEETING),
        (meeting, "party-meeting", Refusal.NO_PARTY_MEETING),
        (called_off, "village-meeting", Refusal.MEETING_CALLED_OFF),
        (yesterday, "village-meeting", Refusal.MEETING_ANOTHER_DAY),
    ):
        with pytest.raises(Refused) as refused:
            put_to(one, profile=profile, open=False)
        assert refused.value.reason is why, profile
    for profile in ("village-meeting", "village-meeting-remote", "land"):
        with pytest.raises(Refused) as refused:
            make_ballot(profile=profile, meeting_id=None, open=False)
        assert refused.value.reason is Refusal.NO_MEETING
    assert put_to(group, profile="group-meeting").electors_count == len(
        meetings.members_of(group.id)
    )
    assert make_ballot(profile="written-shanghai", meeting_id=None).opened_at  # from door to door


def test_a_vote_opens_with_its_meeting_or_never(put_to, make_meeting, app, cast):
    now = clock.now()
    waiting, off = (make_meeting(held=HOUR, opened=False) for _ in range(2))
    ballot, other = put_to(waiting, open=False), put_to(off, open=False, question="第二问?")
    assert chores.open_due(app, now=now) == 0
    with pytest.raises(Refused) as refused, transaction():
        service.open_ballot(ballot.id, now=now)
    assert refused.value.reason is Refusal.MEETING_NOT_OPENED
    with transaction():
        by = {"account_id": cast.max.account_id, "now": now}
        convening.open_meeting(waiting.id, chair="Max", **by)
        convening.cancel(off.id, reason="下雨", **by)
    with pytest.raises(Refused) as refused, transaction():
        service.open_ballot(other.id, now=now)
    assert refused.value.reason is Refusal.MEETING_CALLED_OFF
    assert chores.open_due(app, now=now) == 1
    later = now + 2 * HOUR
    assert service.state_of(service.get_ballot(other.id), now=later) is State.NOT_HELD
    count(ballot, at=later)
    db.session.expire_all()
    assert service.get_ballot(ballot.id).outcome is Outcome.NO_QUORUM


def test_whoever_is_in_the_room_votes_on_their_own_phone(put_to, meeting, cast, browse, at):
    """From home nobody does (V24); the vote of somebody in the room is one of the meeting."""
    ballot = put_to(meeting)
    refused_page = browse(cast.wang).get(at(f"/ballots/{ballot.id}")).text
    assert "先签到" in refused_page
    with pytest.raises(Refused) as refused, transaction():
        vote(ballot, cast.wang, 1)
    assert refused.value.reason is Refusal.REMOTE_NOT_ALLOWED
    with transaction():
        attending.tick(
            meeting.id, cast.wang.resident_id, account_id=cast.sun.account_id, now=clock.now()
        )
    assert browse(cast.wang).get(at(f"/ballots/{ballot.id}/vote")).status_code == 200
    with transaction():
        assert vote(ballot, cast.wang, 1).channel is Channel.MEETING
    with transaction():
        attending.tick(
            meeting.id, cast.vera.resident_id, account_id=cast.sun.account_id, now=clock.now()
        )
        convening.close_meeting(meeting.id, account_id=cast.max.account_id, now=clock.now())
    with pytest.raises(Refused) as refused, transaction():
        vote(ballot, cast.vera, 1)
    assert refused.value.reason is Refusal.REMOTE_NOT_ALLOWED
