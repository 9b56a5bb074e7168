"""Counting a closed ballot in a few GROUP BYs. Before it closes there is no way to a tally."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from portal.ballots import arithmetic, asking, rules
from portal.ballots.arithmetic import Line, Outcome, Quorum
from portal.ballots.models import (
    Ballot,
    BallotChoice,
    BallotElector,
    BallotOption,
    RuleProfile,
    Turnout,
)
from portal.ballots.profiles import LegalEffect, Params
from portal.core.db import db
from portal.core.errors import Refused
from portal.people import service as people
from portal.people.rules import AgeBand, Channel, Sex
from portal.plans.models import PlanVersion


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many chose one option."""

    option_id: int
    position: int
    answer: rules.Answer | None
    project_id: int | None
    code: str
    words: str
    cost_yuan: int | None
    count: int


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """A part of the electorate as it was at the opening: how many, how many voted, and what.

    `counts` stand in the order of `Result.tallies`. Suppress small cells before showing them.
    """

    key: Sex | AgeBand | int
    electors: int
    cast: int
    counts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The count of a closed ballot, as integers. `valid + invalid == cast`."""

    ballot_id: int
    question: str
    kind: rules.Kind
    legal_effect: LegalEffect
    params: Params
    citation: str
    max_choices: int | None
    version_id: int
    version_sha256: str
    manifest_sha256: str
    announced_at: datetime
    opened_at: datetime
    closes_at: datetime
    electors: int
    households: int
    cast: int
    valid: int
    invalid: int
    households_present: int
    tallies: tuple[Tally, ...]
    by_sex: tuple[Stratum, ...]
    by_age_band: tuple[Stratum, ...]
    by_group: tuple[Stratum, ...]
    group_names: dict[int, str]
    by_channel: dict[Channel, int]
    quorum: Quorum | None
    majority: Line | None
    outcome: Outcome

    def count_of(self, answer: rules.Answer) -> int:
        """Return how many gave this answer to a yes/no question."""
        return sum(tally.count for tally in self.tallies if tally.answer is answer)


def result_of(ballot: Ballot, *, now: datetime) -> Result:
    """Count a closed ballot, or raise Refused: nobody sees a tally while it is open.

    Strata are those of the electors' list, so that no part can have more votes than electors.
    """
    if not rules.state(ballot, now=now).is_counted:
        raise Refused(rules.Refusal.NOT_CLOSED_YET, closes_at=ballot.ends_at)
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    params = Params.from_json(profile.params)
    options = asking.list_options(ballot.id)
    turnout, ticks = _count_turnout(ballot.id), _count_ticks(ballot.id)
    by_option = _sums(ticks, lambda row: row.option_id)
    channels = _count_channels(ballot.id)
    cast = sum(channels.values())
    households_present = _count_households(ballot.id)
    quorum = arithmetic.quorum(
        present=cast,
        adults=ballot.electors_count,
        households_present=households_present,
        households=ballot.households_count,
        params=params,
    )
    yes = sum(by_option[option.id] for option in options if option.answer is rules.Answer.YES)
    majority = arithmetic.majority(
        yes=yes, attendees=cast, params=params, electors=ballot.electors_count
    )
    group_names = people.group_names()
    split = _Split(turnout, ticks, [option.id for option in options])
    assert ballot.announced_at and ballot.opened_at  # noqa: S101 -- CHECK
    assert ballot.version_sha256 and ballot.manifest_sha256  # noqa: S101 -- CHECK
    return Result(
        ballot_id=ballot.id,
        question=ballot.question,
        kind=ballot.kind,
        legal_effect=params.legal_effect,
        params=params,
        citation=profile.citation,
        max_choices=ballot.max_choices,
        version_id=ballot.version_id,
        version_sha256=ballot.version_sha256,
        manifest_sha256=ballot.manifest_sha256,
        announced_at=ballot.announced_at,
        opened_at=ballot.opened_at,
        closes_at=ballot.ends_at,
        electors=ballot.electors_count,
        households=ballot.households_count,
        cast=cast,
        valid=cast,  # what is not valid was refused before it was cast
        invalid=0,
        households_present=households_present,
        tallies=tuple(_tally(option, by_option[option.id]) for option in options),
        by_sex=split.by(lambda row: row.sex, list(Sex)),
        by_age_band=split.by(lambda row: row.age_band, list(AgeBand)),
        by_group=split.by(lambda row: row.group_id, list(group_names)),
        group_names=group_names,
        by_channel=channels,
        quorum=quorum,
        majority=majority,
        outcome=arithmetic.outcome(
            params=params,
            cast=cast,
            attendees=cast,
            quorum_met=quorum.met if quorum else None,
            majority_met=majority.met if majority else None,
            content_unchanged=_content_of(ballot.version_id) == ballot.version_sha256,
        ),
    )


class _Split:
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
        electors = _sums(self.turnout, key_of, "electors")
        cast = _sums(self.turnout, key_of, "cast")
        chosen = _sums(self.ticks, lambda row: (key_of(row), row.option_id))
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


def _sums(
    rows: Sequence[Row[Any]], key_of: Callable[[Row[Any]], Any], column: str = "ticks"
) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for row in rows:
        sums[key_of(row)] += getattr(row, column)
    return sums


def _tally(option: BallotOption, count: int) -> Tally:
    return Tally(
        option_id=option.id,
        position=option.position,
        answer=option.answer,
        project_id=option.project_id,
        code=option.code,
        words=option.words,
        cost_yuan=option.cost_yuan,
        count=count,
    )


_STRATA = (BallotElector.sex, BallotElector.age_band, BallotElector.group_id)


def _count_turnout(ballot_id: int) -> Sequence[Any]:
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


def _count_ticks(ballot_id: int) -> Sequence[Any]:
    """Return ticks by option, sex, age band and group."""
    return db.session.execute(
        select(*_STRATA, BallotChoice.option_id, func.count().label("ticks"))
        .join(Turnout, Turnout.id == BallotChoice.turnout_id)
        .join(
            BallotElector,
            (BallotElector.ballot_id == Turnout.ballot_id)
            & (BallotElector.resident_id == Turnout.resident_id),
        )
        .where(BallotChoice.ballot_id == ballot_id)
        .group_by(*_STRATA, BallotChoice.option_id)
    ).all()


def _count_channels(ballot_id: int) -> dict[Channel, int]:
    rows = db.session.execute(
        select(Turnout.channel, func.count())
        .where(Turnout.ballot_id == ballot_id)
        .group_by(Turnout.channel)
    )
    return {channel: count for channel, count in rows}


def _count_households(ballot_id: int) -> int:
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


def _content_of(version_id: int) -> str | None:
    return db.session.scalar(select(PlanVersion.content_sha256).where(PlanVersion.id == version_id))
