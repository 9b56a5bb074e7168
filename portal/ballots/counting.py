"""What came of a closed ballot. Before it closes there is no way to a tally."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from portal.ballots import arithmetic, asking, papers_in, presence, rules, strata
from portal.ballots.arithmetic import Line, Outcome, Quorum
from portal.ballots.detail import Detail
from portal.ballots.models import Ballot, BallotOption, RuleProfile
from portal.ballots.papers_in import Counted
from portal.ballots.profiles import LegalEffect, Params
from portal.ballots.states import Secrecy
from portal.ballots.strata import Stratum as Stratum
from portal.core.db import db
from portal.core.errors import Refused
from portal.people import service as people
from portal.people.rules import AgeBand, Channel, Sex


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
class Result:
    """The count of a closed ballot, as integers. `valid + invalid == cast`.

    `attendees` are those who were at the meeting or voted; where households vote, households.
    `detail` is described in `detail.py`. A tally counts ticks, first places or points.
    """

    ballot_id: int
    question: str
    kind: rules.Kind
    secrecy: Secrecy
    unit: rules.Unit
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
    attendees: int
    households_present: int
    tallies: tuple[Tally, ...]
    detail: Detail
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


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the rule says of a count, with its inequalities and who was there."""

    attendees: int
    households_present: int
    quorum: Quorum | None
    majority: Line | None
    outcome: Outcome

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Read what `told` wrote."""
        quorum = kept["quorum"]
        return cls(
            attendees=kept["attendees"],
            households_present=kept["households_present"],
            quorum=quorum and Quorum(_line(quorum["by_persons"]), _line(quorum["by_households"])),
            majority=_line(kept["majority"]),
            outcome=Outcome(kept["outcome"]),
        )

    @property
    def lines(self) -> list[Line]:
        """Return every inequality that was judged, as it is printed."""
        quorum = (self.quorum.by_persons, self.quorum.by_households) if self.quorum else ()
        return [line for line in (*quorum, self.majority) if line]


def _line(kept: dict[str, Any] | None) -> Line | None:
    return Line(**kept) if kept else None


def judge(ballot: Ballot, counted: Counted) -> Judged:
    """Judge a count by the ballot's rule and by who was there until now (domain.md V2–V17).

    Once it is written down with the count that stands, whoever is noted later.
    """
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    params = Params.from_json(profile.params)
    present = presence.of(ballot, params)
    options = asking.list_options(ballot.id)
    agrees = [option.answer is rules.Answer.YES for option in options]
    found = arithmetic.judge(
        arithmetic.Count(
            electors=ballot.electors_count,
            households=ballot.households_count,
            attendees=present.attendees,
            households_present=present.households,
            cast=counted.valid + counted.invalid,
            yes=sum(n for n, is_yes in zip(counted.sums, agrees, strict=True) if is_yes),
            content_unchanged=asking.plan_digest(ballot.version_id) == ballot.version_sha256,
        ),
        params,
        ballot.unit,
    )
    return Judged(
        attendees=present.attendees,
        households_present=present.households,
        quorum=found.quorum,
        majority=found.majority,
        outcome=found.outcome,
    )


def result_of(ballot: Ballot, *, now: datetime) -> Result:
    """Count a closed ballot, or raise Refused: nobody sees a tally while it is open.

    Votes with names are counted and judged here until that is written down, those of an urn were
    when it was opened; from then on the result is what was written. Strata are those of the
    electors' list, so that no part can have more votes than electors.
    """
    if not rules.state(ballot, now=now).is_counted:
        raise Refused(rules.Refusal.NOT_CLOSED_YET, closes_at=ballot.ends_at)
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    params = Params.from_json(profile.params)
    options = asking.list_options(ballot.id)
    tally = papers_in.find_tally(ballot.id)
    counted = papers_in.counted_of(tally.content) if tally else papers_in.count(ballot, options)
    group_names = people.group_names()
    ticks: Sequence[Any] = ()
    if ballot.secrecy is Secrecy.OPEN and not counted.batches:
        ticks = strata.count_ticks(ballot.id, ballot.kind)
    option_ids = [option.id for option in options] if ticks else []
    split = strata.Split(strata.count_turnout(ballot.id), ticks, option_ids)
    found = Judged.from_json(tally.judged) if tally else judge(ballot, counted)
    assert ballot.announced_at and ballot.opened_at  # noqa: S101 -- CHECK
    assert ballot.version_sha256 and ballot.manifest_sha256  # noqa: S101 -- CHECK
    return Result(
        ballot_id=ballot.id,
        question=ballot.question,
        kind=ballot.kind,
        secrecy=ballot.secrecy,
        unit=ballot.unit,
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
        cast=counted.valid + counted.invalid,
        valid=counted.valid,
        invalid=counted.invalid,
        attendees=found.attendees,
        households_present=found.households_present,
        tallies=tuple(map(_tally, options, counted.sums)),
        detail=counted.detail,
        by_sex=split.by(lambda row: row.sex, list(Sex)),
        by_age_band=split.by(lambda row: row.age_band, list(AgeBand)),
        by_group=split.by(lambda row: row.group_id, list(group_names)),
        group_names=group_names,
        by_channel=strata.count_channels(ballot.id),
        quorum=found.quorum,
        majority=found.majority,
        outcome=found.outcome,
    )


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
