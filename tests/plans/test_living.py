"""The whole life of a plan through its one door: guards in full, audit, record, clock, races."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope
from portal.maps.rules import LayerKind
from portal.notices import service as notices
from portal.people.models import Post
from portal.plans import changes, living, ports, service, standing
from portal.plans.guarding import Given
from portal.plans.life import Lack, Lacking, Step
from portal.plans.life_models import PlanStep
from portal.plans.models import PlanVersion
from portal.plans.notices import VersionKeeper
from portal.plans.ports import Paper, Standing
from portal.plans.rules import State
from portal.plans.stepping import IllegalStep, StepKeeper, StepLacks
from portal.transparency import service as transparency
from tests.pictures import BOARD

from .conftest import NOON, WEEKENDS, fill, geojson_file, notice

END = clock.midnight_after(date(2026, 3, 2))
LATER = END + timedelta(days=40)


class World:
    """Answers what features of later issues will: nothing is open, the vote is as it is set."""

    def __init__(self):
        self.open, self.hearings, self.standing_now = 0, 1, Standing.PASSED
        self.there, self.found = set(Paper), []
        self.taken_over = {7}

    def count_open(self, version_id):
        return self.open

    def other_hearings(self, version_id):
        return self.hearings

    def titles(self, version_id):
        return {7: "路太窄"}

    def adopted(self, version_id):
        return self.taken_over

    def standing(self, version_id, *, content_sha256, now):
        return self.standing_now

    def published(self, version_ids):
        return self.there

    def lacks(self, version_id):
        return self.found


@pytest.fixture
def world(app, monkeypatch):
    made = World()
    for name in ("opinions", "ballots", "checks", "papers"):
        monkeypatch.setattr(ports._answers, name, made)
    return made


@pytest.fixture
def posts(cast):
    """Let the posts of the cast begin before everything here."""
    with transaction():
        db.session.execute(update(Post).values(begins_on=date(2025, 1, 1)))
    return cast


def take(version_id, step, *, now=LATER, by=None, reason="", **given):
    with transaction():
        living.take_step(
            version_id, Step(step), by=by, reason=reason, given=Given(**given), now=now
        )
    db.session.expire_all()
    return service.get_version(version_id).state


def lacks(version_id, step, **facts):
    with pytest.raises(StepLacks) as refused:
        take(version_id, step, **facts)
    return [(lacking.lack, lacking.detail) for lacking in refused.value.lacks]


def approve(version_id, *, now=LATER):
    take(version_id, "submit", resolution="村代会〔2026〕3号", now=now)
    take(
        version_id, "approve", now=now, approval_authority="县政府",
        approval_number="县政发〔2026〕8号", approved_on=clock.today(now),
    )  # fmt: skip


def to_force(version_id, *, now=LATER):
    """Go from a running notice to the plan in force."""
    take(version_id, "start_reply", now=now)
    take(version_id, "finish_reply", now=now)
    take(version_id, "pass_ballot", now=now)
    approve(version_id, now=now)
    take(version_id, "publish", now=now, published_on=clock.today(now))
    return take(version_id, "take_effect", now=now)


def test_the_whole_life(draft, world, posts):
    cast, max_ = posts, posts.max.account_id
    assert (
        take(draft, "submit_review", by=cast.paula.account_id, now=NOON) is State.COMMITTEE_REVIEW
    )
    with pytest.raises(Refused, match="in-review"), transaction():
        service.add_goal(draft, title="迟了", now=NOON)
    assert take(draft, "send_back", by=max_, reason="缺防灾", now=NOON) is State.DRAFT
    take(draft, "submit_review", by=max_, now=NOON)
    day = clock.today(NOON)
    said = {"party_review_on": day, "scheduled_for": day, "boards": ("村口", "祠堂")}
    assert take(draft, "schedule", by=max_, now=NOON, **said) is State.SCHEDULED
    assert lacks(draft, "open_notice", by=max_, now=NOON) == [
        (Lack.CHANNELS, "村口"), (Lack.CHANNELS, "祠堂"),
    ]  # fmt: skip
    planned = notices.find_latest("plan_version", draft)
    with transaction():
        for channel in notices.missing_ways(planned.id):
            notices.confirm_channel(
                planned.id, channel.id, up_at=NOON, photos=[BOARD], confirmed_by=max_, now=NOON
            )
    assert take(draft, "open_notice", by=max_, now=NOON) is State.ON_NOTICE
    assert take(draft, "start_reply", by=max_, now=END) is State.REPLYING
    world.open = 2
    assert lacks(draft, "finish_reply", by=max_) == [(Lack.OPINIONS_OPEN, "2")]
    world.open = 0
    assert take(draft, "finish_reply", by=max_) is State.BALLOTING
    world.standing_now = Standing.NOT_PASSED
    assert take(draft, "fail_ballot", by=max_) is State.REPLYING
    take(draft, "finish_reply", by=max_)
    world.standing_now = Standing.OTHER_TEXT
    assert lacks(draft, "pass_ballot", by=max_) == [(Lack.BALLOT_OF_OTHER_TEXT, "")]
    world.standing_now = Standing.PASSED
    assert take(draft, "pass_ballot", by=max_) is State.AGREED
    world.hearings, world.there = 0, {Paper.NOTICE}
    assert lacks(draft, "submit", by=max_) == [
        (Lack.NO_OTHER_HEARING, ""), (Lack.PAPER_MISSING, "adoption"),
        (Lack.PAPER_MISSING, "result"), (Lack.RESOLUTION, ""),
    ]  # fmt: skip
    world.hearings, world.there = 1, set(Paper)
    assert take(draft, "submit", by=max_, resolution="村代会〔2026〕3号") is State.SUBMITTED
    assert take(draft, "return", by=max_, reason="图纸不清") is State.RETURNED
    assert take(draft, "revise", by=max_, reason="换了清楚的图纸") is State.SUBMITTED
    assert lacks(draft, "approve", by=max_) == [(Lack.APPROVAL, "")]
    approval = {"approval_authority": "县政府", "approval_number": "8号"}
    take(draft, "approve", by=max_, approved_on=clock.today(LATER), **approval)
    soon = clock.today(LATER) + timedelta(days=3)
    take(draft, "publish", by=max_, published_on=clock.today(LATER), in_force_on=soon)
    assert lacks(draft, "take_effect", by=max_) == [(Lack.EFFECT_DAY, soon.isoformat())]
    version, found = service.get_with_notice(draft)
    then = LATER + timedelta(days=3)
    assert service.state_of(version, found, now=then) is State.IN_FORCE
    with all_villages("as the chores do"), transaction():
        assert living.tick(now=then) == 1
    db.session.expire_all()
    assert service.get_version(draft).state is State.IN_FORCE
    rows = service.list_steps(draft)
    assert [row.number for row in rows] == list(range(1, 18))
    assert (rows[0].account_id, rows[0].role) == (cast.paula.account_id, "planner")
    assert {row.role for row in rows[1:]} == {"committee", ""}
    by_clock = [row.step for row in rows if row.account_id is None]
    assert by_clock == [Step.CLOSE_NOTICE, Step.TAKE_EFFECT]
    kept = [*VersionKeeper().hash_files(), *StepKeeper().hash_files()]
    entries = {e.number: e.content_sha256 for e in transparency.list_entries().items}
    assert {k.number: k.content_sha256 for k in kept} == entries and len(kept) == 11


def test_who_may_not(draft, world, posts):
    cast = posts
    for who in (cast.vera, cast.sun, cast.otto):
        with pytest.raises(Refused, match="not-yours"):
            take(draft, "submit_review", by=who.account_id, now=NOON)
    take(draft, "submit_review", now=NOON)
    with pytest.raises(Refused, match="not-yours"):
        take(draft, "send_back", by=cast.paula.account_id, reason="x", now=NOON)


def test_all_that_is_missing_is_said_at_once(village, world):
    with transaction():
        empty = service.create_plan(name="空", base_year=2025, target_year=2035, now=NOON).id
    world.found = [Lacking(Lack.BINDING_BREACH, "耕地保有量")]
    found = lacks(empty, "submit_review", now=NOON)
    assert len(found) == 8 and found[-1] == (Lack.BINDING_BREACH, "耕地保有量")
    with pytest.raises(IllegalStep):
        take(empty, "approve", now=NOON)
    assert service.list_steps(empty) == []


@pytest.mark.parametrize(
    ("silent", "step", "lack"),
    [
        ("checks", "submit_review", Lack.CHECKS_NOT_THERE),
        ("opinions", "finish_reply", Lack.OPINIONS_NOT_THERE),
        ("ballots", "pass_ballot", Lack.BALLOTS_NOT_THERE),
        ("papers", "submit", Lack.PAPERS_NOT_THERE),
    ],
)
def test_a_question_that_nobody_answers_refuses(draft, world, monkeypatch, silent, step, lack):
    if step != "submit_review":
        with transaction():
            notice(draft)
        for name in ("start_reply", "finish_reply", "pass_ballot", "submit"):
            if name == step:
                break
            take(draft, name)
    monkeypatch.setattr(ports._answers, silent, None)
    assert (lack, "") in lacks(draft, step, resolution="3号")


def test_a_void_notice_leads_back_to_a_draft_that_stays_as_it_was(published, world):
    first = service.get_version(published).content_sha256
    assert lacks(published, "void_notice", now=NOON) == [(Lack.REASON, "")]
    assert take(published, "void_notice", reason="公开栏被撕", now=NOON) is State.DRAFT
    with pytest.raises(Refused, match="frozen"), transaction():
        service.add_goal(published, title="改", now=NOON)
    with transaction():
        again = notice(published, now=NOON + timedelta(days=1))
    assert (again.round, again.content_sha256) == (2, first)
    take(published, "void_notice", reason="内容要改", now=NOON + timedelta(days=2))
    assert take(published, "start_revision", now=NOON + timedelta(days=2)) is State.SUPERSEDED
    new = service.newest_of(published)
    assert (new.number, new.state, new.replaces_id) == (2, State.DRAFT, published)


def test_boards_named_when_it_begins_anew_are_where_it_hangs(published, world):
    """The next round is planned from the notice's own page; then the plan names other boards."""
    take(published, "void_notice", reason="公开栏被撕", now=NOON)
    first = notices.find_latest("plan_version", published)
    with transaction():
        planned = notices.restart(
            first.id, planned_for=clock.today(NOON), made_by=None, is_rest_day=WEEKENDS, now=NOON
        ).id
    take(published, "submit_review", now=NOON)
    said = {"scheduled_for": clock.today(NOON), "boards": ("村口", "祠堂")}
    assert take(published, "schedule", now=NOON, **said) is State.SCHEDULED
    assert notices.find_latest("plan_version", published).id == planned
    assert [board.place for board in notices.boards_of(planned)] == ["村口", "祠堂"]


def test_a_revision_says_why_and_goes_on_with_the_vote(published, world):
    take(published, "start_reply", now=END)
    take(published, "start_revision", now=END)
    new = service.newest_of(published).id
    with transaction():
        service.add_project(new, code="2", name="路加宽", now=END)
        service.put_layer(new, LayerKind.LAND_USE, geojson_file(code="0201"), now=END)
    found = lacks(new, "finish_reply", now=END)
    assert found == [
        (Lack.UNEXPLAINED_CHANGES, "2 路加宽"), (Lack.UNEXPLAINED_CHANGES, "前畈"),
        (Lack.REASON, ""),
    ]  # fmt: skip
    with pytest.raises(Refused, match="no-such-opinion"), transaction():
        changes.explain(
            new, "project:2", opinion_number=8, cause="", reason="", made_by=None, now=END
        )
    with pytest.raises(Refused, match="no-cause"), transaction():
        changes.explain(
            new, "project:2", opinion_number=None, cause=" ", reason="x", made_by=None, now=END
        )
    with transaction():
        for place, number, cause in (("project:2", 7, ""), ("all:map", None, "笔误更正")):
            changes.explain(
                new, place, opinion_number=number, cause=cause, reason="采纳", made_by=None, now=END
            )
    world.taken_over = set()  # drafted as adopted, and answered otherwise in the end
    why = "只改了两处，不影响大局"
    missing = [(Lack.UNEXPLAINED_CHANGES, "2 路加宽")]
    assert lacks(new, "finish_reply", reason=why, now=END) == missing
    with transaction():
        changes.explain(
            new, "all:projects", opinion_number=None, cause="笔误", reason="", made_by=None, now=END
        )
    assert lacks(new, "finish_reply", reason=why, now=END) == missing  # its own cause is printed
    world.taken_over = {7}
    assert take(new, "finish_reply", reason=why, now=END) is State.BALLOTING
    assert service.get_version(published).state is State.SUPERSEDED
    assert service.recheck(service.get_version(new))
    assert service.get_version(published).content_sha256 != service.get_version(new).content_sha256
    take(new, "pass_ballot", now=END)
    approve(new, now=END)
    with pytest.raises(Refused, match="explained-already"), transaction():
        changes.explain(
            new, "head", opinion_number=None, cause="晚了", reason="", made_by=None, now=END
        )


def test_a_material_change_goes_on_notice_again(published, world):
    take(published, "start_revision", now=NOON)
    new = service.newest_of(published).id
    with pytest.raises(StepLacks) as refused, transaction():
        notice(new)
    assert [(x.lack, x.detail) for x in refused.value.lacks] == [(Lack.PREDECESSOR_ON_NOTICE, "1")]
    take(published, "void_notice", reason="有重大修改", now=NOON)
    with transaction():
        notice(new)
    db.session.expire_all()
    states = [service.get_version(v).state for v in (published, new)]
    assert states == [State.SUPERSEDED, State.ON_NOTICE]


def test_an_amendment_takes_the_place_of_what_is_in_force(published, world):
    assert to_force(published) is State.IN_FORCE
    assert lacks(published, "start_amendment") == [(Lack.REASON, ""), (Lack.CONSENT, "")]
    facts = {"reason": "人口增加", "consent": "县自然资源局〔2026〕5号复函"}
    assert take(published, "start_amendment", **facts) is State.AMENDING
    new = service.newest_of(published)
    assert (new.amends_id, new.justification) == (published, "人口增加")
    take(new.id, "withdraw", reason="不改了")
    assert service.get_version(published).state is State.IN_FORCE
    take(published, "start_amendment", **facts)
    new = service.newest_of(published).id
    with transaction():
        notice(new, now=LATER)
    assert to_force(new, now=LATER + timedelta(days=40)) is State.IN_FORCE
    assert service.get_version(published).state is State.SUPERSEDED
    assert service.find_current_version().id == new


def test_the_clock_ends_a_plan_after_its_target_year(published, world):
    to_force(published)
    new_year = clock.midnight_after(date(2035, 12, 31))
    version = service.get_version(published)
    last = new_year - timedelta(seconds=1)
    assert service.state_of(version, None, now=last) is State.IN_FORCE
    assert service.state_of(version, None, now=new_year) is State.EXPIRED
    with all_villages("as the chores do"), transaction():
        assert (living.tick(now=last), living.tick(now=new_year)) == (0, 1)
        assert living.tick(now=new_year) == 0


def test_twenty_days_to_publish(published, world):
    take(published, "start_reply")
    take(published, "finish_reply")
    take(published, "pass_ballot")
    approve(published)
    version = service.get_version(published)
    last = service.publish_by(version)
    assert last >= version.approved_on + timedelta(days=20)
    assert not service.is_overdue(version, now=clock.midnight_after(last) - timedelta(seconds=1))
    assert service.is_overdue(version, now=clock.midnight_after(last))


def test_withdrawing_ends_a_running_notice(published, world):
    assert take(published, "withdraw", reason="另行编制", now=NOON) is State.WITHDRAWN
    assert standing.notice_of(published) is None
    assert notices.find_latest("plan_version", published).void_reason == "另行编制"


def test_steps_are_never_changed(published):
    for tamper in (update(PlanStep).values(reason="另一个"), delete(PlanStep)):
        with pytest.raises(DBAPIError, match="append-only"), transaction():
            db.session.execute(tamper)


def test_two_in_force_are_refused_by_the_database(published, world):
    to_force(published)
    with transaction():
        other = PlanVersion(
            plan_id=service.get_version(published).plan_id, number=9, title="又一版",
            base_year=2025, target_year=2035, created_at=NOON, changed_at=NOON,
        )  # fmt: skip
        db.session.add(other)
        db.session.flush()
        other_id = other.id
    for state in (State.IN_FORCE, State.AMENDING):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(
                update(PlanVersion).where(PlanVersion.id == other_id).values(state=state)
            )


def test_two_who_take_a_step_at_once_take_it_once(published, world, race):
    def step(_number):
        living.take_step(published, Step.START_REPLY, by=None, now=END)

    results = race(2, step)
    assert [type(r) for r in results if r is not None] == [IllegalStep]
    db.session.expire_all()
    taken = db.session.scalars(select(PlanStep.step).where(PlanStep.after == State.REPLYING)).all()
    assert taken == [Step.START_REPLY]


def test_two_versions_come_into_force_one_after_the_other(published, world, race):
    take(published, "start_reply")
    take(published, "finish_reply")
    take(published, "pass_ballot")
    approve(published)
    take(published, "publish", published_on=clock.today(LATER))
    with transaction():
        plan_id = service.get_version(published).plan_id
        other = PlanVersion(
            plan_id=plan_id, number=9, title="又一版", base_year=2025, target_year=2035,
            created_at=NOON, changed_at=NOON,
        )  # fmt: skip
        db.session.add(other)
        db.session.flush()
        fill(other.id, now=NOON)
        service.publish_decided(other.id, now=NOON)
        both = (published, other.id)
    race(2, lambda n: living.take_step(both[n], Step.TAKE_EFFECT, by=None, now=LATER) and None)
    db.session.expire_all()
    states = sorted(service.get_version(v).state.value for v in both)
    assert states == ["in_force", "superseded"]


def test_nothing_of_it_is_seen_from_another_village(published, neighbour):
    with village_scope(neighbour.id):
        assert service.list_steps(published) == []
        with pytest.raises(NoResultFound), transaction():
            living.take_step(published, Step.WITHDRAW, by=None, reason="x", now=NOON)
