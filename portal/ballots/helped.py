"""What of the votes was entered by a helper, for those who watch over the help."""

from collections import Counter, defaultdict

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.assisting.ports import Entered, Share
from portal.ballots.models import Ballot, Turnout
from portal.ballots.states import Secrecy
from portal.core.db import db
from portal.people.models import AssistedSitting


def shares() -> list[Share]:
    """Return the ballots in which helpers entered votes, the latest first (domain.md V19).

    Of a secret vote nothing is told before it is counted: numbers that move would tell who came.
    """
    rows = db.session.execute(
        select(Turnout.ballot_id, AssistedSitting.helper_id, func.count())
        .join(AssistedSitting, AssistedSitting.id == Turnout.sitting_id)
        .group_by(Turnout.ballot_id, AssistedSitting.helper_id)
    )
    by_ballot: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for ballot_id, helper_id, count in rows:
        by_ballot[ballot_id][helper_id] = count
    totals = db.session.execute(
        select(Ballot.id, Ballot.question, func.count(Turnout.id))
        .join(Turnout, Turnout.ballot_id == Ballot.id)
        .where(
            Ballot.id.in_(by_ballot),
            (Ballot.secrecy == Secrecy.OPEN) | Ballot.counted_at.is_not(None),
        )
        .group_by(Ballot.id, Ballot.question)
        .order_by(Ballot.id.desc())
    )
    return [Share(question, total, by_ballot[ballot_id]) for ballot_id, question, total in totals]


def count_of(ballot_id: int) -> tuple[int, int]:
    """Return how many votes of a ballot helpers entered, and to how many the person objected."""
    row = db.session.execute(
        select(func.count(), func.count(AssistedSitting.objected_at))
        .select_from(Turnout)
        .join(AssistedSitting, AssistedSitting.id == Turnout.sitting_id)
        .where(Turnout.ballot_id == ballot_id)
    ).one()
    return row[0], row[1]


def most_by_one(ballot_id: int) -> int:
    """Return how many votes of a ballot the busiest helper entered (domain.md V19)."""
    counts = db.session.scalars(
        select(func.count())
        .select_from(Turnout)
        .join(AssistedSitting, AssistedSitting.id == Turnout.sitting_id)
        .where(Turnout.ballot_id == ballot_id)
        .group_by(AssistedSitting.helper_id)
    )
    return max(counts, default=0)


ENTERED = Entered(Turnout, _l("Votes"), shares)
