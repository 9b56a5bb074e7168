"""What the life of a plan hears of the vote: statutory, closed, on this very wording, or nothing."""

from datetime import timedelta

import pytest

from portal.ballots.for_plans import VersionBallots
from portal.core import clock
from portal.core.db import db
from portal.plans.ports import Standing


def standing(version, *, sha=None, hours=0):
    db.session.expire_all()
    return VersionBallots().standing(
        version.id,
        content_sha256=sha or version.content_sha256,
        now=clock.now() + timedelta(hours=hours),
    )


def test_a_consultative_ballot_is_none(cast, version, make_ballot):
    assert standing(version) is Standing.NONE
    make_ballot()
    assert standing(version, hours=2) is Standing.NONE


@pytest.mark.parametrize(
    ("sha", "hours", "wanted"),
    [
        (None, 0, Standing.RUNNING),
        (None, 2, Standing.NOT_PASSED),
        ("0" * 64, 2, Standing.OTHER_TEXT),
    ],
)
def test_only_the_closed_vote_on_this_wording_counts(
    cast, version, make_ballot, sha, hours, wanted
):
    make_ballot(profile="village-meeting-remote")
    assert standing(version, sha=sha, hours=hours) is wanted
