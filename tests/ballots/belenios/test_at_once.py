"""Two at once at a box: the keys of the tables are the last judges. And batches of ten."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.ballots import life
from portal.ballots.belenios import archive, election, jobs, opening, setting_up, voting
from portal.ballots.belenios.models import BeleniosBallot, BeleniosCredentials, BeleniosPiece
from portal.ballots.belenios.rules import Refusal, Round, Seat
from portal.ballots.models import BallotElector, Turnout
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from tests.ballots.belenios.conftest import Whole


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def reasons(results) -> list:
    return [error.reason for error in results if isinstance(error, Refused)]


def cast(box, resident_id, sealed):
    return voting.cast(box, resident_id, sealed, now=clock.now())


def test_a_slip_in_two_hands_votes_once(box, many, whole: Whole, race):
    second = election.seal(whole.fresh, whole.credentials.secrets[0], (0, 1, 0))
    people = [many.vera.resident_id, many.max.resident_id]
    papers = [whole.ballots[0], second]
    results = race(2, lambda i: cast(box, people[i], papers[i]))
    assert reasons(results) == [Refusal.CREDENTIAL_USED]
    assert count(BeleniosBallot) == count(Turnout) == 1


def test_an_elector_with_two_slips_votes_once(box, many, whole: Whole, race):
    results = race(2, lambda i: cast(box, many.vera.resident_id, whole.ballots[i]))
    assert reasons(results) == [Refusal.VOTED]
    assert count(BeleniosBallot) == count(Turnout) == 1


def test_the_same_sending_eight_times_is_one_vote_with_one_tracker(box, many, whole, race):
    trackers = race(8, lambda _i: cast(box, many.vera.resident_id, whole.ballots[0]))
    assert set(trackers) == {voting.tracker_of(whole.ballots[0])}
    assert count(BeleniosBallot) == count(Turnout) == 1


def test_slips_are_printed_once(draft, many, whole: Whole, race):
    results = race(
        2,
        lambda _i: setting_up.keep_credentials(
            draft, whole.credentials, electors=12, account_id=many.sun.account_id, now=clock.now()
        ),
    )
    assert reasons(results) == [Refusal.SLIPS_MADE]
    assert count(BeleniosCredentials) == 1


@pytest.mark.parametrize("what", ["one seat, two people", "two seats, one person"])
def test_one_seat_each(draft, many, whole: Whole, race, what):
    one_seat = what.startswith("one")
    seats = [Seat.COMMITTEE, Seat.COMMITTEE if one_seat else Seat.TOWNSHIP]
    people = [many.max.account_id, (many.ada if one_seat else many.max).account_id]

    def certify(i):
        setting_up.keep_piece(
            draft,
            seats[i],
            Round.CERTIFY,
            whole.certificates[i],
            account_id=people[i],
            now=clock.now(),
        )

    assert reasons(race(2, certify)) == [Refusal.ALREADY_DONE]
    assert count(BeleniosPiece) == 1


def test_two_trustees_at_once_have_one_part_made(box, race):
    seats = [Seat.COMMITTEE, Seat.TOWNSHIP]
    results = race(2, lambda i: opening.claim(box, seats[i], now=clock.now()))
    assert reasons(results) == [Refusal.PART_BEING_MADE]
    winner = seats[[isinstance(result, Refused) for result in results].index(False)]
    made = opening.being_made(setting_up.find_archive(box), now=clock.now())
    assert made is winner


def test_ten_are_published_together_and_nine_not_at_all(box, whole: Whole, app):
    electors = list(db.session.scalars(select(BallotElector.resident_id)))[:10]
    secrets = whole.credentials.secrets
    papers = [election.seal(whole.fresh, secret, (0, 0, 1)) for secret in secrets[:10]]
    for place, (resident_id, sealed) in enumerate(zip(electors, papers, strict=True)):
        assert jobs.look_after_boxes(app, now=clock.now()) == 0, place
        with transaction():
            cast(box, resident_id, sealed)
    assert jobs.look_after_boxes(app, now=clock.now()) == 1
    db.session.rollback()
    ballots = archive.read(setting_up.find_archive(box).content).ballots
    assert len(ballots) == 10
    assert list(ballots) == sorted(ballots)
    assert voting.find_tracked(box, voting.tracker_of(papers[0])).is_published


def test_a_vote_that_comes_while_the_box_is_closed_is_counted_or_refused(box, many, whole, app):
    """The archive that was made without it is not kept."""
    with transaction():
        cast(box, many.vera.resident_id, whole.ballots[0])
    made = voting.publish(box, is_over=True)
    db.session.rollback()
    with transaction():
        cast(box, many.max.resident_id, whole.ballots[1])
    later = clock.now() + timedelta(hours=2)
    with transaction():
        assert not voting.close_box(box, *made, now=later)
    assert jobs.look_after_boxes(app, now=later) == 1
    db.session.rollback()
    assert len(archive.read(setting_up.find_archive(box).content).ballots) == 2
    assert life.locked(box).closed_at
    with pytest.raises(Refused, match="closed"), transaction():
        cast(box, many.sun.resident_id, whole.ballots[2])
