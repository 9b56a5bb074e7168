"""The council and a proposal: listed, a session with its quorum, recommended, carried out."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.ballots import service as ballots
from portal.ballots.models import Ballot
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.jobs import run_chores
from portal.core.personal import Wish
from portal.core.scope import village_scope
from portal.discussion.models import Comment
from portal.discussion.rules import LONGEST_OPINION
from portal.implementation.models import Duty
from portal.meetings import attending, convening, councils, minutes
from portal.meetings import service as meetings
from portal.meetings.rules import Kind, Proof
from portal.meetings.rules import Refusal as MeetingRefusal
from portal.moderation.rules import Code, Hold
from portal.people import service as people
from portal.privacy import erasing
from portal.proposals import carrying_out, chores, deliberating, outcomes, rules, service
from portal.proposals.models import CarriedOut, ConveningTask, Recommendation
from portal.proposals.rules import Outcome, Refusal, State, Votes
from tests.ballots.conftest import vote
from tests.proposals.conftest import PAPER

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"is_over": False}, Refusal.SESSION_NOT_OVER),
        ({"has_quorum": False}, Refusal.NO_QUORUM),
        ({"has_minutes": False}, Refusal.NO_MINUTES),
        ({"votes": Votes(4, 2, 2)}, Refusal.VOTES_DO_NOT_ADD_UP),
        ({"votes": Votes(8, -1, 0)}, Refusal.VOTES_DO_NOT_ADD_UP),
        ({"votes": Votes(3, 2, 2)}, Refusal.NO_MAJORITY),
        ({"present": 8, "votes": Votes(4, 2, 2)}, Refusal.NO_MAJORITY),
        ({"reason": " "}, Refusal.NO_REASON),
    ],
)
def test_when_a_recommendation_stands(change, refusal):
    facts = {
        "is_over": True,
        "has_quorum": True,
        "has_minutes": True,
        "present": 7,
        "votes": Votes(4, 2, 1),
        "reason": "有理",
    }
    assert rules.why_not_recommend(**facts | change) is refusal


@pytest.fixture
def council(cast, village):
    """Vera, Sun and Wang sit in the council."""
    now = clock.now()
    with transaction():
        for group in people.list_groups():
            councils.set_seats(group.id, 3, account_id=cast.max.id, now=now)
        for person in (cast.vera, cast.sun, cast.wang):
            councils.seat(
                person.resident_id,
                begins_on=clock.today(now) - 90 * DAY,
                ends_on=clock.today(now) + 90 * DAY,
                account_id=cast.max.id,
                now=now,
            )


@pytest.fixture
def convene(council, cast, village):
    """Convene a session of the council for today's hour, in time."""

    def make(*, held=timedelta(hours=1)):
        now = clock.now()
        draft = convening.Draft(
            kind=Kind.COUNCIL,
            title="议事会第一次会议",
            agenda="一、路灯",
            place="文化礼堂",
            held_at=now + held,
        )
        with village_scope(village.id), transaction():
            return convening.convene(draft, account_id=cast.max.id, now=now - 20 * DAY).id

    return make


@pytest.fixture
def listed(crowd, propose, sign, convene, cast):
    """A proposal with enough signatures is on the list of a session; both ids."""
    ids = crowd(36)
    proposal_id, meeting_id = propose(), convene()
    sign(proposal_id, ids[0])
    with transaction():
        deliberating.put_on_list(
            proposal_id, meeting_id, seen=2, account_id=cast.max.id, now=clock.now()
        )
    return proposal_id, meeting_id


@pytest.fixture
def hold(cast, village):
    """Hold the session with these people."""

    def make(meeting_id, *there, minuted=True):
        now = clock.now()
        with village_scope(village.id), transaction():
            convening.open_meeting(meeting_id, chair="Max", account_id=cast.max.id, now=now)
            attending.write(
                meeting_id,
                [person.resident_id for person in there],
                Proof.STAFF,
                account_id=cast.max.id,
                now=now,
            )
            convening.close_meeting(meeting_id, account_id=cast.max.id, now=now)
            if minuted:
                write_minutes(meeting_id, cast.max.id)
                for person in there[:2]:
                    sign_minutes(meeting_id, person)

    return make


def write_minutes(meeting_id, account_id):
    minutes.write(
        meeting_id,
        text="大家谈了路灯。",
        decisions={},
        seen=0,
        account_id=account_id,
        now=clock.now(),
    )


def sign_minutes(meeting_id, person):
    minutes.sign(meeting_id, seen=1, account_id=person.id, now=clock.now())


def advise(proposal_id, outcome=Outcome.PLAN, votes=None, *, seen=3, reason="很有必要", by=None):
    with transaction():
        deliberating.recommend(
            proposal_id,
            outcome,
            votes=votes or Votes(2, 0, 0),
            reason=reason,
            seen=seen,
            account_id=by,
            now=clock.now(),
        )


def refused(reason, fn, *args, **facts):
    with pytest.raises(Refused) as caught:
        fn(*args, **facts)
    db.session.rollback()
    assert caught.value.reason is reason


def test_a_session_calls_those_who_sit_in_the_council(convene, cast):
    called = meetings.members_of(convene())
    assert called == {person.resident_id for person in (cast.vera, cast.sun, cast.wang)}


def test_without_a_council_there_is_no_session(cast, village):
    draft = convening.Draft(
        kind=Kind.COUNCIL, title="会", agenda="议", place="堂", held_at=clock.now() + 30 * DAY
    )

    def convene():
        with transaction():
            convening.convene(draft, account_id=cast.max.id, now=clock.now())

    refused(MeetingRefusal.NO_COUNCIL, convene)


def test_only_a_session_to_come_takes_a_proposal(crowd, propose, sign, convene, cast, hold):
    ids = crowd(36)
    first, session = propose(), convene()

    def put(meeting_id, seen=2):
        with transaction():
            deliberating.put_on_list(
                first, meeting_id, seen=seen, account_id=cast.max.id, now=clock.now()
            )

    refused(Refusal.NOT_NOW, put, session, seen=1)  # too few have signed
    sign(first, ids[0])
    refused(Refusal.NOT_A_SESSION, put, 2_000_000)
    refused(Refusal.STALE, put, session, seen=1)
    hold(session, cast.vera)
    refused(Refusal.NOT_A_SESSION, put, session)


def test_too_few_councillors_recommend_nothing(listed, hold, cast, line):
    proposal_id, meeting_id = listed
    refused(Refusal.SESSION_NOT_OVER, advise, proposal_id)
    hold(meeting_id, cast.vera)
    refused(Refusal.NO_QUORUM, advise, proposal_id, votes=Votes(1, 0, 0))
    put_off(proposal_id)
    assert line(proposal_id).proposal.state is State.THRESHOLD_MET


def put_off(proposal_id, reason=""):
    with transaction():
        deliberating.put_off(proposal_id, reason=reason, seen=3, account_id=None, now=clock.now())


def test_a_session_without_a_majority_lets_it_wait_with_a_reason(listed, hold, cast, line, told):
    proposal_id, meeting_id = listed
    refused(Refusal.SESSION_NOT_OVER, put_off, proposal_id, "未过半数")
    hold(meeting_id, cast.vera, cast.sun)
    refused(Refusal.NO_MAJORITY, advise, proposal_id, votes=Votes(1, 0, 1))
    told()
    put_off(proposal_id, "未过半数")
    assert line(proposal_id).proposal.state is State.THRESHOLD_MET
    db.session.rollback()
    assert any("未过半数" in words for who, words, _path in told() if who == "vera")


def test_a_recommendation_rests_on_minutes_that_two_signed(listed, hold, cast, line, browse, at):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun, minuted=False)
    client, path = browse(cast.max), at(f"/proposals/{proposal_id}")
    read = f'href="{at(f"/meetings/{meeting_id}/minutes")}"'
    for deed, facts in (
        (None, ()),
        (write_minutes, (meeting_id, cast.max.id)),
        (sign_minutes, (meeting_id, cast.vera)),
    ):
        if deed:
            with transaction():
                deed(*facts)
        refused(Refusal.NO_MINUTES, advise, proposal_id)
        page = client.get(f"{path}/desk").text
        assert (read in page, f'action="{path}/recommend"' in page) == (True, False)
    with transaction():
        sign_minutes(meeting_id, cast.sun)
    assert f'action="{path}/recommend"' in client.get(f"{path}/desk").text
    advise(proposal_id)
    assert line(proposal_id).proposal.state is State.DELIBERATED


def test_a_session_with_its_quorum_recommends_once(listed, hold, cast, line):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    refused(Refusal.VOTES_DO_NOT_ADD_UP, advise, proposal_id, votes=Votes(2, 0, 1))
    refused(Refusal.NO_MAJORITY, advise, proposal_id, votes=Votes(1, 0, 1))
    refused(Refusal.STALE, advise, proposal_id, seen=2)
    refused(Refusal.NO_REASON, put_off, proposal_id)
    advise(proposal_id)
    row = db.session.scalars(select(Recommendation)).one()
    assert (row.members, row.present, row.yes) == (3, 2, 2)
    assert meetings.get_meeting(meeting_id).is_settled  # who was there stands
    db.session.rollback()
    assert line(proposal_id).proposal.state is State.DELIBERATED
    refused(Refusal.STALE, advise, proposal_id)


def test_the_session_shows_what_it_is_about_while_everybody_may_read_it(listed, browse, at):
    proposal_id, meeting_id = listed
    page = at(f"/meetings/{meeting_id}")
    assert at(f"/proposals/{proposal_id}") in browse().get(page).text
    with transaction():
        service.set_standing(proposal_id, held_for=None, hidden_code=Code.INSULT)
    assert at(f"/proposals/{proposal_id}") not in browse().get(page).text


def test_of_four_recommendations_at_once_one_stands(listed, hold, cast, race, line):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)

    def recommend(index):
        deliberating.recommend(
            proposal_id,
            list(Outcome)[index],
            votes=Votes(2, 0, 0),
            reason="理由",
            seen=3,
            account_id=None,
            now=clock.now(),
        )

    results = race(4, recommend)
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert db.session.scalar(select(func.count(Recommendation.id))) == 1


def carry(proposal_id, *, seen=4, by=None, **facts):
    with transaction():
        return carrying_out.carry_out(
            proposal_id, seen=seen, account_id=by, now=clock.now(), **facts
        ).id


def test_declined_needs_nothing_more_and_is_told_with_its_reason(listed, hold, cast, line, told):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    told()
    advise(proposal_id, Outcome.DECLINE, reason="已有路灯计划")
    assert line(proposal_id).proposal.state is State.DECLINED
    db.session.rollback()
    assert any("已有路灯计划" in words for who, words, _path in told() if who == "vera")


def test_to_the_plan_it_becomes_an_opinion_of_its_author(listed, hold, cast, version, line):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    advise(proposal_id)
    refused(Refusal.NO_CONSENT, carry, proposal_id)  # the author has not agreed

    def hand(person):
        with transaction():
            carrying_out.hand_to_plan(
                proposal_id, resident_id=person.resident_id, seen=4, now=clock.now()
            )

    refused(Refusal.NOT_YOURS, hand, cast.sun)
    hand(cast.vera)
    comment = db.session.scalars(select(Comment)).one()
    assert comment.resident_id == cast.vera.resident_id
    assert comment.body == "〔村民提案第1号〕在桥头装路灯\n" + PAPER.body
    assert db.session.scalars(select(CarriedOut.comment_id)).one() == comment.id
    db.session.rollback()
    assert line(proposal_id).proposal.state is State.TO_PLAN
    refused(Refusal.STALE, hand, cast.vera)


def test_the_longest_proposal_fits_into_an_opinion():
    words = {"title": "题" * rules.LONGEST_TITLE, "body": "文" * rules.LONGEST_BODY}
    whole = carrying_out.TITLE_IN_OPINION.format(number=10**9 - 1, **words)
    assert len(whole) <= LONGEST_OPINION


def test_without_a_plan_nothing_goes_to_it(listed, hold, cast, line):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    advise(proposal_id)
    refused(Refusal.NO_PLAN, carry, proposal_id)
    assert line(proposal_id).proposal.state is State.DELIBERATED


def test_to_a_vote_it_becomes_a_draft_with_the_reasons(listed, hold, cast, version, line):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    advise(proposal_id, Outcome.BALLOT, reason="关系全村")
    carry(proposal_id, by=cast.max.id)
    ballot = db.session.scalars(select(Ballot)).one()
    assert (ballot.question, ballot.announced_at) == ("在桥头装路灯", None)
    assert "关系全村" in ballot.explanation
    assert db.session.scalars(select(CarriedOut.ballot_id)).one() == ballot.id
    db.session.rollback()
    refused(Refusal.STALE, carry, proposal_id)
    assert line(proposal_id).proposal.state is State.TO_BALLOT


def test_to_a_project_it_becomes_a_duty_of_somebody_until_a_day(listed, hold, cast, line, told):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    advise(proposal_id, Outcome.PROJECT)
    refused(Refusal.NO_OWNER, carry, proposal_id)
    refused(Refusal.NO_OWNER, carry, proposal_id, owner="村委会")
    due_on = clock.today(clock.now()) + 60 * DAY
    carry(proposal_id, owner="村委会", due_on=due_on)
    duty = db.session.scalars(select(Duty)).one()
    assert (duty.what, duty.owner, duty.due_on) == ("在桥头装路灯", "村委会", due_on)
    db.session.rollback()
    told()
    for seen, state in ((5, State.DECIDED), (6, State.IMPLEMENTING), (7, State.DONE)):
        with transaction():
            service.step(
                service.get_proposal(proposal_id),
                state,
                seen=seen,
                account_id=cast.max.id,
                now=clock.now(),
                reason="灯亮了" if state is State.DONE else "",
            )
    heard = [words for who, words, _path in told() if who == "vera"]
    assert len(heard) == 3
    assert any("灯亮了" in words for words in heard)


def test_it_expires_after_ninety_days_and_not_before(app, crowd, propose, line):
    crowd(36)
    now = clock.now()
    first = propose()
    assert list(run_chores(app, (chores.expire,), now=now + 89 * DAY).values()) == [0]
    assert line(first).proposal.state is State.COLLECTING
    db.session.rollback()
    assert list(run_chores(app, (chores.expire,), now=now + 92 * DAY).values()) == [1]
    assert line(first).proposal.state is State.EXPIRED
    db.session.rollback()
    assert list(run_chores(app, (chores.expire,), now=now + 93 * DAY).values()) == [0]


def test_what_the_council_has_does_not_expire(app, listed, line):
    run_chores(app, (chores.expire,), now=clock.now() + 200 * DAY)
    assert line(listed[0]).proposal.state is State.COUNCIL_LISTED


def test_the_demanded_meeting_is_named_once_and_only_one_convened_since(
    crowd, propose, sign, cast, village
):
    ids = crowd(36)
    first = propose()
    sign(first, *ids[:3])  # 4 of 40
    now = clock.now()

    def convene(convened, held):
        draft = convening.Draft(
            kind=Kind.VM, title="村民会议", agenda="路灯", place="礼堂", held_at=now + held
        )
        with village_scope(village.id), transaction():
            return convening.convene(draft, account_id=cast.max.id, now=convened).id

    def name(meeting_id):
        with transaction():
            deliberating.name_meeting(first, meeting_id, account_id=cast.max.id, now=now)

    early = convene(now - 5 * DAY, 30 * DAY)
    late = convene(clock.now(), 31 * DAY)
    refused(Refusal.NOT_THAT_MEETING, name, early)
    task = deliberating.find_task(first)
    assert [m.id for m in deliberating.list_convened(task, now=now)] == [late]
    assert len(deliberating.list_tasks(now=now)) == 1
    db.session.rollback()
    name(late)
    refused(Refusal.MET_ALREADY, name, late)
    assert deliberating.list_tasks(now=now) == []
    assert db.session.scalars(select(ConveningTask.meeting_id)).one() == late


@pytest.mark.parametrize("is_called_off", [True, False])
def test_the_duty_to_convene_stands_until_a_meeting_is_held(
    crowd, propose, sign, cast, village, browse, at, is_called_off
):
    ids = crowd(36)
    first = propose()
    sign(first, *ids[:3])  # 4 of 40
    now = clock.now()

    def convene(held_at):
        draft = convening.Draft(
            kind=Kind.VM, title="村民会议", agenda="路灯", place="礼堂", held_at=held_at
        )
        with village_scope(village.id), transaction():
            return convening.convene(draft, account_id=cast.max.id, now=held_at - 30 * DAY).id

    def name(meeting_id, when):
        with transaction():
            deliberating.name_meeting(first, meeting_id, account_id=cast.max.id, now=when)

    def tasks(when):
        found = [line.proposal.id for _task, line in deliberating.list_tasks(now=when)]
        db.session.rollback()
        return found

    off = convene(now + 31 * DAY)
    name(off, now)
    client, path = browse(cast.max), at(f"/proposals/{first}")
    link = at(f"/meetings/{off}")
    assert tasks(now) == []
    assert "必须召集" not in client.get(f"{path}/desk").text
    assert link in browse(None).get(path).text
    later = now
    if is_called_off:
        with transaction():
            convening.cancel(off, reason="下雨", account_id=cast.max.id, now=now)
        assert "必须召集" in client.get(f"{path}/desk").text
        assert "必须召集" in client.get(at("/proposals/desk")).text
        assert link not in browse(None).get(path).text
    else:
        later = now + 33 * DAY  # its day went by, and nobody opened it
    assert tasks(later) == [first]
    refused(Refusal.NOT_THAT_MEETING, name, off, later)
    another = convene(later + 31 * DAY)
    name(another, later)
    assert tasks(later) == []
    refused(Refusal.MET_ALREADY, name, another, later)


# --- the pages -----------------------------------------------------------------------------------


def test_the_committee_brings_a_proposal_all_the_way(
    crowd, propose, sign, convene, hold, cast, browse, at, version
):
    ids = crowd(36)
    first, meeting_id = propose(), convene()
    client, path = browse(cast.max), at(f"/proposals/{first}")
    assert "没有" in client.get(at("/proposals/desk")).text
    sign(first, *ids[:3])
    assert "必须召集" in client.get(at("/proposals/desk")).text
    assert "必须召集" in client.get(at("/desk")).text
    refused_422 = client.post(f"{path}/list", data={"seen": 2})
    assert refused_422.status_code == 422
    data = {"seen": 1, "meeting_id": meeting_id}
    assert client.post(f"{path}/list", data=data).status_code == 409
    assert client.post(f"{path}/list", data=data | {"seen": 2}).status_code == 303
    assert "议事会将议" in browse(None).get(path).text
    hold(meeting_id, cast.vera, cast.sun)
    assert "人数已够" in client.get(f"{path}/desk").text
    advice = {"seen": 3, "outcome": "ballot", "reason": "关系全村", "yes": 2, "no": 0, "abstain": 0}
    for change, status in (({"reason": ""}, 422), ({"yes": 3}, 409), ({"yes": "x"}, 422)):
        answer = client.post(f"{path}/recommend", data=advice | change)
        assert answer.status_code == status
    assert client.post(f"{path}/recommend", data=advice).status_code == 303
    assert client.post(f"{path}/recommend", data=advice).status_code == 409
    page = browse(None).get(path).text
    assert "关系全村" in page
    assert "实到 2 人" in page
    assert client.post(f"{path}/carry-out", data={"seen": 4}).status_code == 303
    assert "表决正在准备" in browse(None).get(path).text
    assert "起草的表决" in client.get(path).text
    assert client.post(f"{path}/step", data={"seen": 5, "state": "done"}).status_code == 422
    decided = {"seen": 5, "state": "decided", "reason": "表决通过"}
    assert client.post(f"{path}/step", data=decided).status_code == 422  # the vote decides that
    data = {"seen": 5, "state": "declined", "reason": ""}
    assert client.post(f"{path}/step", data=data).status_code == 409
    assert client.post(f"{path}/step", data=data | {"reason": "不表决了"}).status_code == 303
    assert "不表决了" in browse(None).get(path).text
    assert browse(cast.vera).get(f"{path}/desk").status_code == 403


def test_the_author_hands_the_opinion_in(listed, hold, cast, version, browse, at):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    advise(proposal_id)
    path = at(f"/proposals/{proposal_id}")
    assert browse(cast.max).post(f"{path}/carry-out", data={"seen": 4}).status_code == 409
    assert f'action="{path}/opinion"' not in browse(cast.sun).get(path).text
    assert browse(cast.sun).post(f"{path}/opinion", data={"seen": 4}).status_code == 409
    assert f'action="{path}/opinion"' in browse(cast.vera).get(path).text
    assert browse(cast.vera).post(f"{path}/opinion", data={"seen": 4}).status_code == 303
    comment = db.session.scalars(select(Comment.id)).one()
    db.session.rollback()
    assert f"/discussion/opinions/{comment}" in browse(None).get(path).text


def test_a_page_with_everything_asks_for_ten_statements_at_most(
    listed, hold, cast, version, browse, at, count_queries
):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    advise(proposal_id, Outcome.BALLOT)
    carry(proposal_id)
    client, path = browse(cast.vera), at(f"/proposals/{proposal_id}")
    client.get(path)
    with count_queries() as counted:
        client.get(path)
    assert counted.n <= 10, counted.statements


# --- what comes of it ------------------------------------------------------------------------


@pytest.fixture
def voted(listed, hold, cast, version, village, line):
    """The council put it to the vote; vote on it, and return its proposal and when it is over."""

    def make(*answers):
        proposal_id, meeting_id = listed
        hold(meeting_id, cast.vera, cast.sun)
        advise(proposal_id, Outcome.BALLOT)
        carry(proposal_id, by=cast.max.id)
        ballot_id = db.session.scalars(select(CarriedOut.ballot_id)).one()
        now = clock.now()
        with transaction():
            ballot = ballots.announce_drafted(ballot_id, now=now)
            opens_at, due_at = ballot.opens_at, ballot.due_at
        with transaction():
            ballots.open_ballot(ballot_id, now=opens_at)
        ballot = ballots.get_ballot(ballot_id)
        for person, place in zip((cast.vera, cast.sun, cast.wang), answers, strict=False):
            with transaction():
                vote(ballot, person, place, now=opens_at + timedelta(hours=1))
        db.session.rollback()
        return proposal_id, ballot_id, due_at + timedelta(minutes=1)

    return make


@pytest.mark.parametrize(
    ("answers", "state", "counts"),
    [
        ((1, 1, 2), State.DECIDED, "赞成 2，反对 1，弃权 0"),
        ((1, 2, 3), State.DECLINED, "赞成 1，反对 1，弃权 1"),
        ((), State.DECLINED, "赞成 0，反对 0，弃权 0"),
    ],
)
def test_the_result_of_a_vote_decides_without_a_hand(
    voted, told, line, browse, at, cast, answers, state, counts
):
    proposal_id, ballot_id, over = voted(*answers)
    told()
    path = at(f"/proposals/{proposal_id}")
    by_hand = {"seen": 5, "state": "declined", "reason": "算了"}
    assert browse(cast.max).post(f"{path}/step", data=by_hand).status_code == 422
    told(over)
    heard = [words for who, words, _path in told(over) if who == "vera"]
    assert any(counts in words for words in heard), heard
    assert line(proposal_id).proposal.state is state
    db.session.rollback()
    with transaction():
        assert not outcomes.take_result(ballot_id, now=over)  # once
    page = browse(None).get(path).text
    assert counts in page


def test_a_vote_that_is_called_off_leaves_it_to_the_committee(voted, told, line, cast):
    proposal_id, ballot_id, over = voted()
    with transaction():
        proposal = service.get_proposal(proposal_id)
        assert outcomes.by_hand(proposal, now=clock.now()) == ()
        db.session.get_one(Ballot, ballot_id).cancelled_at = clock.now()
        assert outcomes.by_hand(proposal, now=clock.now()) == (State.DECLINED,)
    told(over)
    assert line(proposal_id).proposal.state is State.TO_BALLOT


def test_the_author_is_asked_for_the_opinion(listed, hold, cast, told, browse, at, version):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    told()
    advise(proposal_id)
    asked = [(who, path) for who, words, path in told() if "如果您同意" in words]
    assert [who for who, _path in asked] == ["vera"]
    path = asked[0][1]
    assert f'action="{path}/opinion"' in browse(cast.vera).get(path).text
    handling = browse(cast.max).get(at(f"/proposals/{proposal_id}/desk")).text
    assert "还没有同意" in handling
    assert "/carry-out" not in handling


def test_what_cannot_go_into_the_plan_is_declined_with_a_reason(
    listed, hold, cast, line, browse, at
):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    advise(proposal_id)  # and there is no plan
    client, path = browse(cast.max), at(f"/proposals/{proposal_id}")
    declined = {"seen": 4, "state": "declined", "reason": ""}
    assert client.post(f"{path}/step", data=declined).status_code == 409
    assert client.post(f"{path}/step", data=declined | {"reason": "公示已结束"}).status_code == 303
    assert line(proposal_id).proposal.state is State.DECLINED
    db.session.rollback()
    assert "公示已结束" in browse(None).get(path).text


def test_who_sees_to_it_stands_there_with_a_link_for_the_committee(listed, hold, cast, browse, at):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    advise(proposal_id, Outcome.PROJECT)
    carry(proposal_id, owner="村委会王会计", due_on=clock.today(clock.now()) + 60 * DAY)
    duty = db.session.scalars(select(Duty.id)).one()
    db.session.rollback()
    path = at(f"/proposals/{proposal_id}")
    link = at(f"/implementation/desk/duties/{duty}")
    page = browse(cast.max).get(path).text
    assert f'href="{link}"' in page
    assert "村委会王会计" in browse(None).get(path).text
    assert link not in browse(None).get(path).text
    assert browse(cast.max).get(link).status_code == 200


def take_words_back(person):
    """Erase an account, with what its owner wrote."""
    with transaction():
        wish = Wish(takes_words_back=True, clears_roster=False)
        erasing.erase(person.id, wish, now=clock.now())


def test_words_taken_back_are_withdrawn_and_nowhere_shown(
    crowd, propose, cast, browse, at, line, told
):
    crowd(60)
    proposal_id = propose()
    told()
    take_words_back(cast.vera)
    assert line(proposal_id).proposal.state is State.WITHDRAWN
    db.session.rollback()
    assert f"/proposals/{proposal_id}" not in browse(cast.sun).get(at("/take-part")).text


def test_words_taken_back_later_are_shown_as_such_and_can_only_be_declined(
    listed, hold, cast, version, browse, at, line
):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    advise(proposal_id, Outcome.BALLOT)
    take_words_back(cast.vera)
    refused(Refusal.TAKEN_BACK, carry, proposal_id)
    assert db.session.scalars(select(Ballot)).all() == []
    number = line(proposal_id).proposal.number
    db.session.rollback()
    client, path = browse(cast.max), at(f"/proposals/{proposal_id}")
    desk = client.get(at("/proposals/desk")).text
    assert f"№ {number}" in desk
    assert "作者已收回这些话" in desk
    assert ">*<" not in desk
    handling = client.get(f"{path}/desk").text
    assert "/carry-out" not in handling
    declined = {"seen": 4, "state": "declined", "reason": "提案人已收回"}
    assert client.post(f"{path}/step", data=declined).status_code == 303


@pytest.mark.parametrize("standing", [{"hidden_code": Code.INSULT}, {"held_for": Hold.WORDS}])
@pytest.mark.parametrize("outcome", [Outcome.BALLOT, Outcome.PLAN, Outcome.PROJECT])
def test_words_that_not_everybody_reads_are_not_said_again(
    listed, hold, cast, version, browse, at, line, outcome, standing
):
    proposal_id, meeting_id = listed
    hold(meeting_id, cast.vera, cast.sun)
    advise(proposal_id, outcome)

    def stand(**facts):
        with transaction():
            service.set_standing(proposal_id, **{"hidden_code": None, "held_for": None} | facts)

    stand(**standing)
    project = {"owner": "村委会", "due_on": clock.today(clock.now()) + 60 * DAY}
    facts = {"resident_id": cast.vera.resident_id, **project}
    refused(Refusal.NOT_READABLE, carry, proposal_id, **facts)
    client, path = browse(cast.max), at(f"/proposals/{proposal_id}")
    assert "/carry-out" not in client.get(f"{path}/desk").text
    assert f'action="{path}/opinion"' not in browse(cast.vera).get(path).text
    assert client.post(f"{path}/carry-out", data={"seen": 4}).status_code == 409
    made = [db.session.scalars(select(row)).all() for row in (Ballot, Comment, Duty)]
    assert made == [[], [], []]
    db.session.rollback()
    stand()  # shown again
    carry(proposal_id, **facts)
    assert line(proposal_id).proposal.state is rules.LEADS_TO[outcome]
