"""What follows a published result: its days on the board, objections, and their decision."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.ballots import closing, published, service
from portal.ballots.for_plans import VersionBallots
from portal.ballots.rules import Refusal, State
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.plans.ports import Standing

from .conftest import vote

TICK = timedelta(microseconds=1)


@pytest.fixture
def ballot(make_ballot, cast):
    """A binding vote that has passed, published when it was closed."""
    made = make_ballot(profile="village-meeting-remote", opened=-3, closes=-1)
    for person in (cast.vera, cast.wang, cast.max, cast.sun):
        with transaction():
            vote(made, person, 1, now=made.closes_at - TICK)
    with transaction():
        closing.settle_named(made.id, now=made.closes_at)
    with transaction():
        service.disclose_ballot(made.id, now=made.closes_at)
    return service.get_ballot(made.id)


def state(ballot):
    db.session.rollback()
    db.session.expire_all()
    return service.state_of(service.get_ballot(ballot.id), now=clock.now())


def standing(ballot):
    found = service.get_ballot(ballot.id)
    return VersionBallots().standing(
        found.version_id, content_sha256=found.version_sha256, now=clock.now()
    )


def object_to(ballot, person):
    with transaction():
        service.hold_up(ballot.id, now=clock.now(), account_id=person.account_id)


def decide(ballot, person, *, is_upheld=False, reason="已复核"):
    with transaction():
        service.decide_objection(
            ballot.id,
            is_upheld=is_upheld,
            reason=reason,
            now=clock.now(),
            account_id=person.account_id,
        )


def refusal_of(deed, *args, **facts):
    with pytest.raises(Refused) as refused, transaction():
        deed(*args, **facts)
    return refused.value.reason


def not_decided(*args, **facts):
    with pytest.raises(Refused) as refused:
        decide(*args, **facts)
    return refused.value.reason


def test_it_is_put_away_only_when_both_spans_are_over(ballot, cast):
    facts = {"account_id": cast.max.account_id}
    over = published.days_of(ballot).over_at
    assert over > ballot.disclosed_at + timedelta(days=5)
    for early in (ballot.disclosed_at, over - TICK):
        assert refusal_of(service.archive_ballot, ballot.id, now=early, **facts) is (
            Refusal.ON_THE_BOARD
        )
    with transaction():
        service.archive_ballot(ballot.id, now=over, **facts)
    assert state(ballot) is State.ARCHIVED


def test_the_days_go_by_the_calendar_of_public_notices(ballot):
    ballot.disclosed_at = datetime(2030, 3, 4, 2, tzinfo=UTC)  # Monday; five days on is a Saturday
    days = published.days_of(ballot)
    db.session.rollback()
    assert days == published.Days(board=date(2030, 3, 11), objections=date(2030, 3, 11))
    for longer in ({"board": date(2030, 3, 20)}, {"objections": date(2030, 3, 20)}):
        over = published.Days(**(vars(days) | longer)).over_at
        assert over == clock.midnight_after(date(2030, 3, 20))


def test_an_objection_holds_the_result_up_until_it_is_decided(ballot, cast):
    assert standing(ballot) is Standing.PASSED
    object_to(ballot, cast.vera)
    object_to(ballot, cast.wang)
    assert state(ballot) is State.OBJECTED
    assert standing(ballot) is Standing.RUNNING
    late = published.days_of(service.get_ballot(ballot.id)).over_at
    facts = {"now": late, "account_id": cast.max.account_id}
    assert refusal_of(service.archive_ballot, ballot.id, **facts) is Refusal.WRONG_STATE
    assert not_decided(ballot, cast.vera) is Refusal.OWN_OBJECTION
    assert not_decided(ballot, cast.sun, reason=" ") is Refusal.NO_REASON
    decide(ballot, cast.sun)
    assert state(ballot) is State.DISCLOSED
    assert standing(ballot) is Standing.PASSED
    assert not_decided(ballot, cast.sun) is Refusal.WRONG_STATE


def test_what_is_set_aside_decides_nothing_and_stays_readable(ballot, cast, browse, at):
    object_to(ballot, cast.vera)
    decide(ballot, cast.sun, is_upheld=True, reason="有3票重复")
    assert state(ballot) is State.SET_ASIDE
    assert standing(ballot) is Standing.NONE
    assert service.result_of(service.get_ballot(ballot.id), now=clock.now()).cast == 4
    for path in ("", f"{ballot.id}/result"):
        assert "结果已撤销" in browse(cast.vera).get(at(f"/ballots/{path}")).text
    assert "有3票重复" in browse().get(at(f"/ballots/{ballot.id}/result")).text
    life = browse(cast.max).get(at(f"/ballots/manage/{ballot.id}/life")).text
    assert f"copy={ballot.id}" in life
    object_to(ballot, cast.wang)
    assert state(ballot) is State.SET_ASIDE


def test_the_supervision_committee_decides_on_its_page(ballot, cast, browse, at):
    page, deed = at(f"/ballots/manage/{ballot.id}/life"), at(f"/ballots/manage/{ballot.id}/decide")
    suns, said = browse(cast.sun), {"do": "stands", "reason": "复核无误"}
    assert suns.post(deed, data=said).status_code == 409
    object_to(ballot, cast.vera)
    assert f"/ballots/manage/{ballot.id}/life" in suns.get(at("/desk")).text
    assert 'value="set-aside"' in suns.get(page).text
    assert 'value="set-aside"' not in browse(cast.max).get(page).text
    assert "暂不生效" in browse().get(at(f"/ballots/{ballot.id}/result")).text
    assert "有异议" in browse().get(at("/ballots/")).text
    assert browse(cast.max).post(deed, data=said).status_code == 403
    assert suns.post(deed, data={"do": "stands"}).status_code == 422
    answer = suns.post(deed, data=said)
    assert answer.status_code == 303
    assert state(ballot) is State.DISCLOSED
    assert "复核无误" in browse().get(at(f"/ballots/{ballot.id}")).text


def test_many_decide_at_once_and_one_does(ballot, cast, race):
    object_to(ballot, cast.vera)

    def run(index):
        return service.decide_objection(
            ballot.id,
            is_upheld=index % 2 == 0,
            reason="复核",
            now=clock.now(),
            account_id=cast.sun.account_id,
        ).id

    results = race(4, run)
    assert results.count(ballot.id) == 1, results
    assert {getattr(one, "reason", one) for one in results} == {ballot.id, Refusal.WRONG_STATE}
