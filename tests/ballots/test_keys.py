"""What is one per ballot is a key: of eight who write at once one is kept, and more without it.

`RACES=20` lets every race without its key (`last_judge`) be run twenty times.
"""

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.ballots import asking, closing, life, papers_in, service
from portal.ballots.models import BallotStep, BallotTally, PaperBatch
from portal.ballots.states import Step
from portal.core import clock
from portal.core.db import db
from tests.tampering import drop_key


def write_step(ballot, _cast):
    life.log_step(ballot, Step.DISCLOSED, now=clock.now(), account_id=None)


def keep_tally(ballot, _cast):
    counted = papers_in.count(ballot, asking.list_options(ballot.id))
    closing.keep_tally(ballot, counted, now=clock.now())


def enter_batch(ballot, cast):
    facts = {"witness_id": cast.max.id, "second_witness_id": cast.sun.id}
    papers = {"papers": 1, "invalid": 0, "counts": [[[1, 0, 0], 1]], "sheet_sha256": "a" * 64}
    db.session.add(
        PaperBatch(ballot_id=ballot.id, station="村委会", entered_at=clock.now(), **facts, **papers)
    )
    db.session.flush()


RELATIONS = {
    "step": SimpleNamespace(
        write=write_step,
        model=BallotStep,
        key=("ballot_id", "step", "turn"),
        where={"step": "disclosed"},
    ),
    "tally": SimpleNamespace(write=keep_tally, model=BallotTally, key=("ballot_id",), where={}),
    "batch": SimpleNamespace(
        write=enter_batch, model=PaperBatch, key=("ballot_id", "station"), where={}
    ),
}


@pytest.fixture(params=RELATIONS)
def relation(request):
    return RELATIONS[request.param]


def eight(race, relation, ballot, cast):
    results = race(8, lambda _: relation.write(service.get_ballot(ballot.id), cast))
    query = select(func.count()).select_from(relation.model).filter_by(**relation.where)
    return results, db.session.scalar(query)


def test_of_eight_at_once_one_is_kept(relation, ballot, cast, race):
    results, kept = eight(race, relation, ballot, cast)
    assert kept == 1
    assert sum(isinstance(result, IntegrityError) for result in results) == 7


@pytest.mark.last_judge
def test_it_stands_on_its_key(relation, ballot, cast, race):
    """Without the key more than one is kept: the test above would be red."""
    drop_key(relation.model.__tablename__, *relation.key)
    assert eight(race, relation, ballot, cast)[1] > 1
