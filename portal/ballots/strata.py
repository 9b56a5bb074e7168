"""Who voted, and what the votes with names chose, by parts of the electorate: a few GROUP BYs."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from portal.ballots.change_models import counts
from portal.ballots.models import BallotChoice, BallotElector, Turnout
from portal.ballots.rules import Kind
from portal.core.db import db
from portal.people.rules import AgeBand, Channel, Sex


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """A part of the electorate as it was at the opening: how many, how many voted, and what.

    `counts` stand in the order of `Result.tallies`; none where nobody knows who chose what.
    Suppress small cells before showing them.
    """

    key: Sex | AgeBand | int
    electors: int
    cast: int
    counts: tuple[int, ...]


class Split:
    """The two counts, of turnout and of ticks, added up along one property of the electors."""

    def __init__(
        self, turnout: Sequence[Row[Any]], ticks: Sequence[Row[Any]], option_ids: list[int]
    ) -> None:
        self.turnout = turnout
        self.ticks = ticks
        self.option_ids = option_ids

    def by(
        self, key_of: Callable[[Row[Any]], Any], keys: Sequence[Sex | AgeBand | int]
    ) -> tuple[Stratum, ...]:
        """Return the parts that have electors, in the order of the keys."""
        electors = sums(self.turnout, key_of, "electors")
        cast = sums(self.turnout, key_of, "cast")
        chosen = sums(self.ticks, lambda row: (key_of(row), row.option_id))
        return tuple(
            Stratum(
                key=key,
                electors=electors[key],
                cast=cast[key],
                counts=tuple(chosen[key, option_id] for option_id in self.option_ids),
            )
            for key in keys
            if electors[key]
        )


def sums(
    rows: Sequence[Row[Any]], key_of: Callable[[Row[Any]], Any], column: str = "ticks"
) -> Counter[Any]:
    """Add one column of the rows up by a key."""
    found: Counter[Any] = Counter()
    for row in rows:
        found[key_of(row)] += getattr(row, column)
    return found


_STRATA = (BallotElector.sex, BallotElector.age_band, BallotElector.group_id)


def count_turnout(ballot_id: int) -> Sequence[Any]:
    """Return electors and votes cast by sex, age band and group."""
    return db.session.execute(
        select(*_STRATA, func.count().label("electors"), func.count(Turnout.id).label("cast"))
        .outerjoin(
            Turnout,
            (Turnout.ballot_id == BallotElector.ballot_id)
            & (Turnout.resident_id == BallotElector.resident_id),
        )
        .where(BallotElector.ballot_id == ballot_id)
        .group_by(*_STRATA)
    ).all()


def count_ticks(ballot_id: int, kind: Kind) -> Sequence[Any]:
    """Return ticks, first places or points by option, sex, age band and group."""
    ticks = {
        Kind.RANKED: func.count().filter(BallotChoice.value == 1),
        Kind.SCORE: func.sum(BallotChoice.value),
    }.get(kind, func.count())
    return db.session.execute(
        select(*_STRATA, BallotChoice.option_id, ticks.label("ticks"))
        .join(Turnout, Turnout.id == BallotChoice.turnout_id)
        .join(
            BallotElector,
            (BallotElector.ballot_id == Turnout.ballot_id)
            & (BallotElector.resident_id == Turnout.resident_id),
        )
        .where(BallotChoice.ballot_id == ballot_id, counts())
        .group_by(*_STRATA, BallotChoice.option_id)
    ).all()


def count_channels(ballot_id: int) -> dict[Channel, int]:
    """Return how many voted by each channel."""
    rows = db.session.execute(
        select(Turnout.channel, func.count())
        .where(Turnout.ballot_id == ballot_id)
        .group_by(Turnout.channel)
    )
    return {channel: count for channel, count in rows}


def count_households(ballot_id: int) -> int:
    """Return from how many of the electors' households somebody has voted."""
    query = (
        select(func.count(BallotElector.household_id.distinct()))
        .join(
            Turnout,
            (Turnout.ballot_id == BallotElector.ballot_id)
            & (Turnout.resident_id == BallotElector.resident_id),
        )
        .where(BallotElector.ballot_id == ballot_id)
    )
    return db.session.scalar(query) or 0
