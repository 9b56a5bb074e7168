"""Votes counted twice, in part or not at all at others (trust.md §3); each test is seen to fail."""

import threading
from contextlib import suppress

import pytest
from sqlalchemy import (
    select,
)
from sqlalchemy.exc import DatabaseError

from portal.ballots import casting, service, views
from portal.ballots.models import BallotChoice, Turnout
from portal.ballots.rules import Kind, Refusal
from portal.ballots.words import REFUSALS
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people.rules import Channel
from tests.ballots.conftest import approval, ballot, make_ballot, options_of, version, vote
from tests.ballots.sealed_village import add_people
from tests.ballots.test_batches import (
    YES,
    counted,
    enter,
    entry,
    one_struck_or_refused,
    refused,
)
from tests.ballots.test_casting import counts, drop_the_key
from tests.peer.guards import no_village_is_asked, without

__all__ = ["approval", "ballot", "make_ballot", "version"]

KEY = "made-before-the-first-sending"
WAYS = (Channel.SELF, Channel.ASSISTED, Channel.PAPER, Channel.MEETING)


def cast_by(ballot, resident_id, *places, channel=Channel.SELF, key=None):
    """Cast a vote of anybody by any way; return what refused it, or None."""
    options = options_of(ballot)
    try:
        service.cast_vote(
            ballot.id,
            resident_id,
            [options[place - 1] for place in places],
            key=key or f"{channel} {resident_id} {places}, long enough",
            now=clock.now(),
            channel=channel,
        )
    except Refused as refused:
        return refused.reason
    return None


def votes_of(*resident_ids):
    """Return how many lines of turnout and marks on papers these residents have."""
    db.session.rollback()
    mine = Turnout.resident_id.in_(resident_ids)
    marks = select(BallotChoice.id).join(Turnout, Turnout.id == BallotChoice.turnout_id)
    return (
        len(db.session.scalars(select(Turnout.id).where(mine)).all()),
        len(db.session.scalars(marks.where(mine)).all()),
    )


def in_two_tabs(race, ballot, person, *papers):
    """Send these papers at once, each as a new wish; return the marks that are counted."""
    race(
        len(papers),
        lambda i: cast_by(ballot, person.resident_id, *papers[i], key=f"{person.name}'s tab {i}"),
    )
    return votes_of(person.resident_id)


# --- P01, P02, P40, P50: check, then use -----------------------------------------------------------


def test_p01_eight_at_once_are_one_vote(ballot, cast, race):
    papers = [(1,), (2,)] * 4
    assert in_two_tabs(race, ballot, cast.vera, *papers) == (1, 1)
    drop_the_key()
    assert in_two_tabs(race, ballot, cast.max, *papers)[0] > 1


def test_p02_no_vote_is_replaced_however_many_try(ballot, cast, race):
    with transaction():
        assert cast_by(ballot, cast.vera.resident_id, 1) is None
    kept = select(BallotChoice.option_id).join(Turnout, Turnout.id == BallotChoice.turnout_id)
    mine = kept.where(Turnout.resident_id == cast.vera.resident_id)
    first, number = options_of(ballot)[:1], ballot.id
    assert in_two_tabs(race, ballot, cast.vera, *[(2,)] * 8) == (1, 1)
    assert db.session.scalars(mine).all() == first
    for change in (
        "UPDATE ballot_choice SET option_id = option_id + 1",
        "DELETE FROM ballot_choice",
        "DELETE FROM turnout",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction():
            db.session.connection().exec_driver_sql(change)
    drop_the_key()
    in_two_tabs(race, service.get_ballot(number), cast.vera, *[(2,)] * 8)
    assert db.session.scalars(mine).all() != first


def test_p40_two_choices_are_two_though_eight_papers_come_at_once(approval, cast, race):
    papers = [(1, 2), (2, 3), (1, 3), (3, 2)] * 2
    assert in_two_tabs(race, approval, cast.vera, *papers) == (1, approval.max_choices)
    drop_the_key()
    assert in_two_tabs(race, approval, cast.max, *papers)[1] > approval.max_choices


def test_p50_who_has_passed_every_check_is_judged_once_more(ballot, cast, race, database):
    """Both have passed the checks before either writes; SQLite lets only one in at a time."""
    both = threading.Barrier(2)
    judge = casting.why_not_vote

    def then_wait(*facts, **more):
        refusal = judge(*facts, **more)
        with suppress(threading.BrokenBarrierError):
            both.wait(0.3 if database == "sqlite" else 10)
        return refusal

    with without(casting, "why_not_vote", then_wait):
        assert in_two_tabs(race, ballot, cast.vera, (1,), (2,)) == (1, 1)
        both.reset()
        drop_the_key()
        assert in_two_tabs(race, ballot, cast.max, (1,), (2,))[0] == 2


# --- P26: voted on paper and again on the phone ----------------------------------------------------


def test_p26_whichever_two_ways_somebody_votes_one_counts(make_ballot, cast, race, browse, at):
    """Each pair in both orders and at once; whoever comes second reads why."""
    people_of_it = iter([*add_people(12), *(p.resident_id for p in (cast.max, cast.sun))])
    ballot = make_ballot()
    number = ballot.id
    pairs = [(first, second) for first in WAYS for second in WAYS if first != second]
    for (first, second), resident_id in zip(pairs, people_of_it, strict=False):
        for channel, refusal in ((first, None), (second, Refusal.ALREADY_VOTED)):
            with transaction():
                assert cast_by(ballot, resident_id, 1, channel=channel) is refusal
        assert votes_of(resident_id) == (1, 1)
    assert str(REFUSALS[Refusal.ALREADY_VOTED])

    def together(resident_id):
        ballot = service.get_ballot(number)
        race(4, lambda i: cast_by(ballot, resident_id, 1 + i % 2, channel=WAYS[i]))
        return votes_of(resident_id)

    assert together(cast.max.resident_id) == (1, 1)
    with transaction():
        cast_by(ballot, cast.vera.resident_id, 1, channel=Channel.PAPER)
    sent = {"key": KEY, "chosen": options_of(ballot)[1]}
    client = browse(cast.vera)
    answer = client.post(at(f"/ballots/{ballot.id}/cast"), data=sent, follow_redirects=True)
    assert str(REFUSALS[Refusal.ALREADY_VOTED]) in answer.text
    assert votes_of(cast.vera.resident_id) == (1, 1)
    drop_the_key()
    assert together(cast.sun.resident_id)[0] > 1


def test_p26_papers_counted_by_hand_are_a_way_to_vote_too(make_ballot, cast, race):
    """A sheet and a phone, in each order and at once: as many votes as people, and papers."""
    ballot = make_ballot()
    with transaction():
        vote(ballot, cast.max, 1)
    taken = entry(cast, cast.max, papers=1, counts=((YES, 1),))
    assert refused(lambda: enter(ballot, cast, taken)) is Refusal.VOTED_MEANWHILE
    _sheet, answers = one_struck_or_refused(ballot, cast, race)
    assert isinstance(answers[1], str) or answers[1].reason is Refusal.ALREADY_VOTED
    for person in (cast.vera, cast.wang):  # whichever came first
        assert refused(lambda p=person: vote(ballot, p, 1, key="again")) is Refusal.ALREADY_VOTED
        assert db.session.query(Turnout).filter_by(resident_id=person.resident_id).count() == 1
    other = make_ballot(question="换一个问题?")
    drop_the_key()
    one_struck_or_refused(other, cast, race)
    assert counted(other)[0] == 3  # without the key one of the two has voted twice


# --- P39: votes on things one cannot see ------------------------------------------------------------


def answers_to(client, at, ballot, place):
    """Return how each way to vote in a ballot answers."""
    sent = {"key": KEY, "chosen": 1, "envelope": "", "whose": ""}
    pages = [client.get(at(f"/ballots/{ballot}/{page}", place)) for page in ("vote", "sealed")]
    deeds = [
        client.post(at(f"/ballots/{ballot}/{deed}", place), data=sent)
        for deed in ("confirm", "cast", "sealed")
    ]
    return [answer.status_code for answer in pages + deeds]


def test_p39_nobody_votes_on_what_they_cannot_see(
    ballot, cast, version, browse, at, village, neighbour
):
    client = browse(cast.vera)
    with transaction():
        draft = service.draft_ballot(
            service.Draft(
                version_id=version.id,
                question="还没有公布的问题",
                kind=Kind.YES_NO,
                profile_code="consultative",
                opens_at=ballot.opens_at,
                closes_at=ballot.closes_at,
                party_review_on=ballot.party_review_on,
                party_review_note="支委会记录第3号",
            ),
            now=clock.now(),
        ).id
    assert set(answers_to(client, at, draft, village)) == {404}
    assert set(answers_to(browse(cast.nora), at, ballot.id, neighbour)) == {404}
    assert counts() == [0, 0]
    anybody = casting.Standing(refusal=None, receipt=None)
    with (
        without(views.service, "get_ballot", service.get_written),
        without(views.service, "stand", lambda *_who, **_when: anybody),
    ):
        assert 404 not in answers_to(client, at, draft, village)[:1]
    with no_village_is_asked():
        assert set(answers_to(browse(cast.nora), at, ballot.id, neighbour)) != {404}


# --- P49: half a paper -------------------------------------------------------------------------------


def test_p49_a_paper_with_an_unknown_option_is_refused_whole(approval, cast, browse, at):
    known = options_of(approval)[0]
    sent = {"key": KEY, "chosen": [known, 10**6]}
    address = at(f"/ballots/{approval.id}/cast")
    assert browse(cast.vera).post(address, data=sent).status_code in (409, 422)
    with pytest.raises(Refused) as refused, transaction():
        vote_for(approval, cast.vera, [known, 10**6])
    assert refused.value.reason is Refusal.UNKNOWN_OPTION
    assert counts() == [0, 0]

    def those_known(_ballot, _options, chosen):
        return None, dict.fromkeys(set(chosen) & set(options_of(approval)), 1)

    with without(casting, "why_not_chosen", those_known), transaction():
        vote_for(approval, cast.vera, [known, 10**6])
    assert counts() == [1, 1]


def vote_for(ballot, person, option_ids):
    service.cast_vote(
        ballot.id, person.resident_id, option_ids, key="a key", now=clock.now(), channel=WAYS[0]
    )
