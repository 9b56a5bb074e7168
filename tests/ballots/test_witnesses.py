"""Another witness is named where one never agrees: by the supervision committee, before everybody."""

import re

import pytest

from portal.ballots import batch_lists, batches, records, service, witnesses
from portal.ballots.models import BallotStep
from portal.ballots.rules import Refusal
from portal.ballots.states import Step
from portal.ballots.witnesses import Seat
from portal.core import clock
from portal.core.db import db, transaction
from portal.people import posts
from portal.people.rules import Role
from tests.ballots.test_batches import agree, counted, enter, entry, refused


@pytest.fixture
def sheet_id(ballot, cast):
    """A sheet to which the supervision committee's witness has agreed, and Wang has not."""
    made = enter(ballot, cast, entry(cast, cast.vera, cast.max, witness_id=cast.wang.account_id))
    agree(made, cast.sun)
    return made


def name(sheet_id, named, *, by, seat=Seat.WITNESS, instead_of, reason="她外出了"):
    return witnesses.replace_witness(
        sheet_id,
        seat,
        instead_of=instead_of.account_id,
        named_id=named.account_id,
        reason=reason,
        account_id=by.account_id,
        now=clock.now(),
    ).id


def test_the_sheet_goes_on_with_another_witness(ballot, cast, sheet_id):
    with transaction():
        name(sheet_id, cast.vera, by=cast.sun, instead_of=cast.wang)
    assert refused(lambda: agree(sheet_id, cast.wang)) is Refusal.NOT_A_WITNESS
    assert [s.id for s, _ballot in batch_lists.list_waiting(cast.vera.account_id)] == [sheet_id]
    agree(sheet_id, cast.vera)  # what the other one agreed to stands
    assert counted(ballot) == (2, 2)
    step = service.find_step(ballot.id, Step.WITNESS_NAMED)
    assert (step.account_id, step.reason) == (cast.sun.account_id, "三组祠堂: 她外出了")
    assert [line["step"] for line in records.list_steps(ballot.id)][-1] == "witness-named"
    again = {"by": cast.sun, "instead_of": cast.vera}
    assert refused(lambda: name(sheet_id, cast.wang, **again)) is Refusal.WRONG_STATE


def test_who_may_be_named_and_who_not(cast, sheet_id):
    for named, facts, reason in (
        (cast.sun, {}, Refusal.NAMES_ANOTHER),  # nobody names themselves
        (cast.wang, {}, Refusal.NAMES_ANOTHER),
        (cast.max, {}, Refusal.WITNESSES_ARE_OTHERS),  # who entered the sheet
        (cast.vera, {"reason": " "}, Refusal.NO_REASON),
        (cast.vera, {"instead_of": cast.vera}, Refusal.WRONG_STATE),  # named meanwhile
        (cast.vera, {"seat": Seat.SUPERVISOR, "instead_of": cast.sun}, Refusal.WRONG_STATE),
    ):
        facts = {"by": cast.sun, "instead_of": cast.wang} | facts
        assert refused(lambda n=named, f=facts: name(sheet_id, n, **f)) is reason, reason
    with transaction():
        posts.give_post(cast.vera.account_id, Role.COMMITTEE, now=clock.now())
    facts = {"by": cast.sun, "instead_of": cast.wang}
    assert refused(lambda: name(sheet_id, cast.vera, **facts)) is Refusal.WITNESS_OF_COMMITTEE


def test_the_place_of_the_supervisor_stays_one_of_the_supervision_committee(ballot, cast):
    sheet_id = enter(ballot, cast, entry(cast, cast.max, cast.sun))
    facts = {"seat": Seat.SUPERVISOR, "by": cast.ada, "instead_of": cast.sun}
    assert refused(lambda: name(sheet_id, cast.wang, **facts)) is Refusal.NO_SUPERVISOR
    with transaction():
        posts.give_post(cast.wang.account_id, Role.SUPERVISOR, now=clock.now())
    with transaction():
        name(sheet_id, cast.wang, **facts)
    agree(sheet_id, cast.vera), agree(sheet_id, cast.wang)
    assert counted(ballot) == (2, 2)


def both(race, cast, sheet_id):
    return race(
        2, lambda i: name(sheet_id, (cast.vera, cast.nora)[i], by=cast.sun, instead_of=cast.wang)
    )


def test_two_who_name_at_once_name_one(ballot, cast, sheet_id, race):
    results = both(race, cast, sheet_id)
    assert results.count(sheet_id) == 1, results
    assert Refusal.WRONG_STATE in [getattr(result, "reason", None) for result in results]
    assert db.session.query(BallotStep).filter_by(step=Step.WITNESS_NAMED).count() == 1


def test_the_way_on_the_pages(cast, sheet_id, browse, at):
    page = at(f"/ballots/papers/{sheet_id}")
    assert "/witness" in browse(cast.sun).get(page).text
    seats = re.findall(
        r"<b>(.+?)</b><small>(.+?监票人)</small>.+?(已确认|还没有确认)",
        browse(cast.sun).get(page).text,
        re.S,
    )
    assert [seat[2] for seat in seats] == ["已确认", "还没有确认"]
    assert "/witness" not in browse(cast.max).get(page).text
    sent = {"seat": "witness", "instead_of": str(cast.wang.account_id), "name": "Vera"}
    suns = browse(cast.sun)
    assert suns.post(f"{page}/witness", data=sent).status_code == 422  # no reason
    wrong = suns.post(f"{page}/witness", data=sent | {"reason": "外出", "name": "Max"})
    assert wrong.status_code == 409
    assert "三个不同的人" in wrong.text
    for who in (cast.max, cast.vera, cast.wang):
        answer = browse(who).post(f"{page}/witness", data=sent | {"reason": "外出"})
        assert answer.status_code == 403
    assert suns.post(f"{page}/witness", data=sent | {"reason": "外出"}).status_code == 303
    assert batches.get_sheet(sheet_id).witness_id == cast.vera.account_id
