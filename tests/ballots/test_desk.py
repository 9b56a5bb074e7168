"""The committee's side: a sheet for every kind, drafts, and the steps of a ballot's life."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.ballots import chores, service
from portal.ballots.models import Ballot, BallotStep
from portal.ballots.rules import Kind, Refusal, Secrecy, State, Unit
from portal.ballots.states import Step
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people import posts
from portal.people.rules import Role


@pytest.fixture
def head(cast):
    """Max is the head of the committee as well."""
    with transaction():
        posts.give_post(cast.max.account_id, Role.HEAD, now=clock.now() - timedelta(days=1))
    return cast.max


def sheet(**facts):
    today = clock.today(clock.now())
    return {
        "question": "先做哪些项目？",
        "kind": "approval",
        "about": "projects",
        "profile": "consultative",
        "unit": "person",
        "secrecy": "open",
        "meeting_id": "0",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=3)).isoformat(),
        "do": "announce",
    } | facts


def written():
    db.session.rollback()
    return db.session.scalars(select(Ballot).order_by(Ballot.id.desc())).first()


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({"kind": "single", "about": "words", "words": " 修路 \n\n建桥\n"}, {"max_choices": 1}),
        ({"kind": "ranked", "about": "words", "words": "甲\n乙\n丙"}, {"max_choices": None}),
        ({"kind": "score", "max_score": "5"}, {"max_score": 5, "budget_yuan": None}),
        (
            {"kind": "approval", "max_choices": "2", "budget_yuan": "900", "max_score": "7"},
            {"max_choices": 2, "budget_yuan": None, "max_score": None},
        ),
        ({"kind": "yes-no", "about": "words", "words": "甲\n乙"}, {"max_choices": 1}),
    ],
)
def test_of_every_kind_only_what_fits_is_read(cast, version, browse, at, facts, kept):
    answer = browse(cast.max).post(at("/ballots/manage/new"), data=sheet(**facts))
    assert answer.status_code == 303, answer.text
    ballot = written()
    assert {name: getattr(ballot, name) for name in kept} == kept
    assert service.state_of(ballot, now=clock.now()) is State.OPEN
    words = [option.words for option in service.list_options(ballot.id)]
    if ballot.kind is Kind.SINGLE:
        assert words == ["修路", "建桥"]
    if ballot.kind is Kind.YES_NO:
        assert words == ["", "", ""]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"about": "words", "words": "只有一个"}, "at least two things"),
        ({"about": "scenarios"}, "at least two things"),
        ({"kind": "score", "about": "scenarios"}, "weighed against each other"),
        ({"kind": "budget", "budget_yuan": "900000"}, "needs its cost"),
        ({"kind": "budget"}, "how much money"),
        ({"profile": "village-meeting"}, "must be a yes or no question"),
        ({"kind": "yes-no", "profile": "village-meeting"}, "the earliest day is"),
        ({"secrecy": "sealed"}, "at least 10 who may vote. Among fewer"),
        (
            {"kind": "yes-no", "profile": "party-meeting", "unit": "household"},
            "Choose “Each person”",
        ),
        ({"closes_on": "2020-01-01"}, "must not be before the first day"),
        ({"kind": "yes-no", "profile": "representatives-zhejiang"}, "the earliest day is"),
        ({"max_choices": "9"}, "greatest number of choices"),
        ({"profile": "written-shanghai"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_announced_is_told_and_nothing_is_kept(
    cast, version, browse, at, facts, words
):
    client = browse(cast.max)
    client.set_cookie("look", "normal.17.auto.en")
    answer = client.post(at("/ballots/manage/new"), data=sheet(**facts))
    assert answer.status_code == 422
    assert words in answer.text
    assert written() is None


def test_a_rule_that_asks_for_names_is_no_secret_vote(make_ballot):
    with pytest.raises(Refused) as refused:
        make_ballot(profile="written-shanghai", secrecy=Secrecy.SEALED, open=False)
    assert refused.value.reason is Refusal.NAMES_ARE_ASKED
    assert written() is None
    assert make_ballot(profile="written-shanghai", unit=Unit.HOUSEHOLD).unit is Unit.HOUSEHOLD


def test_a_draft_is_kept_changed_and_announced_once(cast, version, browse, at):
    client = browse(cast.max)
    client.post(at("/ballots/manage/new"), data=sheet(do="draft"))
    draft = written()
    page = at(f"/ballots/manage/{draft.id}")
    assert service.state_of(draft, now=clock.now()) is State.DRAFT
    assert browse(cast.vera).get(at(f"/ballots/{draft.id}")).status_code == 404
    assert draft.question not in browse(cast.vera).get(at("/ballots/")).text
    changed = sheet(question="改过的问题？", do="draft")
    assert client.post(page, data=changed).status_code == 303
    assert written().question == "改过的问题？"
    assert client.post(page, data=sheet(question="改过的问题？")).status_code == 303
    assert client.post(page, data=sheet(question="再改一次？")).status_code == 409
    assert written().question == "改过的问题？"
    assert client.get(page).location.endswith(f"{draft.id}/life")


def test_a_draft_can_be_thrown_away_an_announced_one_cannot(cast, version, browse, at):
    client = browse(cast.max)
    for do, status in (("draft", 303), ("announce", 409)):
        client.post(at("/ballots/manage/new"), data=sheet(do=do))
        answer = client.post(at(f"/ballots/manage/{written().id}/discard"))
        assert answer.status_code == status
    listed = client.get(at("/ballots/manage")).text
    assert listed.count("先做哪些项目？") == 1


def test_the_sheet_names_the_earliest_day_of_each_rule(cast, version, browse, at):
    client = browse(cast.max)
    client.set_cookie("look", "normal.17.auto.en")
    page = client.get(at("/ballots/manage/new")).text
    binding = page.index("Binding by law")
    for code, is_binding in (("consultative", False), ("village-meeting", True)):
        assert (page.index(f'value="{code}"') > binding) is is_binding
    assert "written-shanghai" not in page
    assert page.count("earliest day") >= 3


def test_a_ballot_that_was_not_held_is_announced_again_from_a_copy(make_ballot, cast, browse, at):
    late = make_ballot(Kind.APPROVAL, opened=-48, closes=-24, max_choices=2, open=False)
    client = browse(cast.max)
    assert f"copy={late.id}" in client.get(at(f"/ballots/manage/{late.id}/life")).text
    page = client.get(at(f"/ballots/manage/new?copy={late.id}")).text
    assert late.question in page
    assert re.search(r'name="max_choices"[^>]*value="2"', page)
    assert re.search(r'name="opens_on"[^>]*value=""', page)


def test_announced_ballots_open_when_their_time_has_come(make_ballot, app):
    due = make_ballot(open=False)
    later = make_ballot(opened=2, closes=5, open=False)
    empty = make_ballot(open=False, profile="consultative-all-ages")
    assert chores.open_due(app, now=clock.now()) == 2
    db.session.expire_all()
    assert [service.get_ballot(b.id).opened_at is not None for b in (due, later, empty)] == [
        True,
        False,
        True,
    ]
    assert chores.open_due(app, now=clock.now()) == 0


def test_one_that_cannot_open_does_not_keep_the_others_waiting(make_ballot, app, version):
    first, second = make_ballot(open=False), make_ballot(open=False)
    with transaction():
        service.cancel_ballot(first.id, reason="错了", now=clock.now(), account_id=None)
    assert chores.open_due(app, now=clock.now()) == 1
    db.session.expire_all()
    assert service.get_ballot(second.id).opened_at


def test_the_life_on_the_pages(ballot, cast, head, browse, at):
    """Held up and let go on by the head, closed early by two offices; each step is read by all."""
    maxs, suns = browse(head), browse(cast.sun)

    def deed(client, step, **facts):
        return client.post(at(f"/ballots/manage/{ballot.id}/{step}"), data=facts).status_code

    assert deed(maxs, "suspend") == 422
    assert deed(browse(cast.ada), "suspend", reason="停电") == 403
    assert deed(maxs, "suspend", reason="停电了") == 303
    assert deed(maxs, "suspend", reason="停电了") == 409
    assert deed(maxs, "resume") == 303
    assert deed(maxs, "resume") == 409
    assert deed(suns, "close-early") == 409
    assert deed(maxs, "ask-early-close", reason="全村都投完了") == 303
    assert deed(maxs, "ask-early-close", reason="再问一次") == 409
    assert deed(maxs, "close-early") == 403
    assert deed(suns, "close-early") == 303
    assert deed(maxs, "cancel", reason="太晚了") == 409
    page = browse().get(at(f"/ballots/{ballot.id}")).text
    for words in ("停电了", "全村都投完了"):
        assert words in page
    assert "Max" not in page


def test_whoever_asked_cannot_agree(ballot, head):
    with transaction():
        service.ask_early_close(
            ballot.id, reason="投完了", now=clock.now(), account_id=head.account_id
        )
    with pytest.raises(Refused) as refused, transaction():
        service.close_early(ballot.id, now=clock.now(), account_id=head.account_id)
    assert refused.value.reason is Refusal.SAME_PERSON


DEEDS = {
    Step.OPENED: service.open_ballot,
    Step.SUSPENDED: lambda *a, **f: service.suspend_ballot(*a, reason="停电", **f),
    Step.CANCELLED: lambda *a, **f: service.cancel_ballot(*a, reason="错了", **f),
    Step.EARLY_CLOSE_ASKED: lambda *a, **f: service.ask_early_close(*a, reason="早", **f),
}


@pytest.mark.parametrize("step", DEEDS)
def test_two_at_once_take_a_step_once(make_ballot, cast, race, step):
    ballot = make_ballot(open=step is not Step.OPENED)
    results = race(
        4, lambda _: DEEDS[step](ballot.id, now=clock.now(), account_id=cast.max.account_id) and 1
    )
    assert results.count(1) == 1, results
    steps = select(func.count()).where(BallotStep.ballot_id == ballot.id, BallotStep.step == step)
    assert db.session.scalar(steps) == 1
