"""What comes of a secret vote: nothing before its close, afterwards nothing about fewer than ten."""

from datetime import timedelta

import pytest

from portal.ballots import service, urn_closing
from portal.ballots.display import IN_SECRET, threshold_of
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.core.suppression import THRESHOLD
from portal.people.rules import AgeBand, Sex
from portal.statistics import frames, rules, views, wording
from portal.statistics import service as statistics
from portal.statistics.rules import Act, FigureId
from portal.statistics.service import Stratum
from tests.ballots.conftest import version
from tests.ballots.sealed_village import add_people, open_sealed

__all__ = ["version"]

HOUR = timedelta(hours=1)


@pytest.fixture
def sealed(cast, version, village):
    """A secret vote of some forty electors, 7 of whom have voted; it is still open."""
    electors = add_people(36)
    now = clock.now()
    made = open_sealed(
        version, village, opens_at=now - HOUR, closes_at=now + HOUR, now=now - 480 * HOUR
    )
    with transaction():
        for resident_id in electors[:7]:
            made.cast(resident_id, made.envelope(1, 0, 0))
    return made


def close(sealed):
    with village_scope(sealed.village_id), transaction():
        assert urn_closing.settle(sealed.ballot_id, now=clock.now() + 2 * HOUR)


def gathered():
    db.session.rollback()
    period = next(rules.recent_periods(clock.today(clock.now())))
    return statistics.gather(period, snapshot=period.last)


def test_nothing_of_a_secret_vote_is_told_before_its_close(sealed, cast, browse, at):
    client = browse(cast.paula)
    address = at(f"/statistics/ballots/{sealed.ballot_id}")
    question = sealed.ballot.question
    assert gathered().acts[Act.VOTE] == 0
    assert gathered().threshold == THRESHOLD
    assert client.get(address).status_code == 404
    for page in ("/statistics/", "/statistics/statistics.csv"):
        assert question not in client.get(at(page)).text
    close(sealed)
    assert gathered().acts[Act.VOTE] == 7
    assert gathered().threshold == IN_SECRET
    assert client.get(address).status_code == 200
    assert question in client.get(at("/statistics/statistics.csv")).text


def test_seven_are_few_in_a_secret_vote_and_enough_in_one_with_names(sealed):
    close(sealed)
    ballot = service.get_ballot(sealed.ballot_id)
    lines = views._turnout_lines(ballot)
    assert lines
    assert all(line.is_hidden for line in lines)
    whole = wording.whole_village(FigureId.TURNOUT, 7, 40, threshold=threshold_of(ballot))
    assert whole.is_hidden
    electors, voters = statistics.gather_turnout(sealed.ballot_id)
    named = wording.lines_of(frames.turnout(electors, voters, ()), {})
    assert [line.numerator for line in named][:1] == [7]
    facts = gathered()
    frame = frames.participation(facts.adults, facts.actors, (), threshold=facts.threshold)
    assert frame["hidden"].all()
    assert frames.shown_acts(facts.acts, frame, threshold=facts.threshold) == {}
    assert not frames.participation(facts.adults, facts.actors, ())["hidden"].all()


@pytest.mark.parametrize("few", range(1, 10))
def test_no_cell_below_ten_is_shown_and_none_follows(few):
    """The same tables in every form that hands them out."""
    people = [
        Stratum(group, sex, AgeBand.FROM_30, 40, 0, 0)
        for group in (1, 2, 3)
        for sex in (Sex.FEMALE, Sex.MALE)
    ]
    acted = [row._replace(people=(few, 20, 25, 20, 18, 22)[i]) for i, row in enumerate(people)]
    frame = frames.turnout(people, acted, (1, 2, 3), threshold=IN_SECRET)
    shown = frame[~frame["hidden"]]
    rest = shown["denominator"] - shown["numerator"]
    assert ((shown["numerator"] >= IN_SECRET) & (rest >= IN_SECRET)).all()
    by_group = frame[(frame["figure"] == FigureId.TURNOUT.value) & (frame["by"] == "group")]
    hidden = int(by_group["hidden"].sum())
    assert hidden == 0 or hidden >= 2  # one alone would follow from the sum
