"""The roster is told whether a ballot is under way."""

from datetime import timedelta

import pytest

from portal.ballots.in_use import BallotsUnderWay
from portal.core import clock
from portal.core.scope import village_scope
from portal.roster import ports


@pytest.mark.parametrize(
    ("facts", "in_use"),
    [
        ({"opened": 2, "closes": 3, "open": False}, True),
        ({"opened": -1, "closes": 1}, True),
        ({"opened": -3, "closes": -1, "now": clock.now() - timedelta(days=1)}, False),
    ],
    ids=["announced", "open", "closed"],
)
def test_a_ballot_counts_from_its_announcement_until_it_closes(
    make_ballot, neighbour, facts, in_use
):
    assert not BallotsUnderWay().is_in_use(now=clock.now())
    make_ballot(**facts)
    assert BallotsUnderWay().is_in_use(now=clock.now()) is in_use
    assert ports.is_in_use(now=clock.now()) is in_use  # joined to the roster by app.py
    with village_scope(neighbour.id):
        assert not ports.is_in_use(now=clock.now())
