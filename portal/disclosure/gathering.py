"""Facts for documents: from ballots, plans and maps to frozen plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.ballots import service as ballots
from portal.ballots.arithmetic import Line
from portal.ballots.counting import Result
from portal.ballots.counting import Stratum as Counted
from portal.ballots.display import threshold_of
from portal.ballots.profiles import LegalEffect
from portal.ballots.rules import Kind
from portal.core import clock
from portal.core.suppression import merge_few, suppress_small
from portal.disclosure import gathering_vote
from portal.disclosure.contents import (
    Answer,
    Head,
    Inequality,
    Office,
    Stratum,
    VoteResult,
)
from portal.disclosure.models import DisclosureOffice
from portal.disclosure.rules import DocKind
from portal.people import service as people
from portal.people.service import Village
from portal.plans import service as plans

LAWS = (
    "《中华人民共和国城乡规划法》第二十六条",
    "《中华人民共和国城乡规划法》第二十二条",
    "《中华人民共和国村民委员会组织法》第三十条",
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a document stands in the village's books."""

    village: Village
    office: DisclosureOffice
    number: str
    issue: int
    issued_on: date
    period_end: date
    body: Sequence[Mapping[str, Any]] = ()


def gather_vote_result(ballot_id: int, *, place: Place, now: datetime) -> VoteResult:
    """Return the result of a closed ballot (kind C). Raises Refused while it is open."""
    ballot = ballots.get_ballot(ballot_id)
    result = ballots.result_of(ballot, now=now)
    version = plans.get_version(result.version_id)
    return VoteResult(
        head=head_of(DocKind.VOTE_RESULT, place),
        question=result.question,
        is_choice_of_projects=result.kind is not Kind.YES_NO,
        is_statutory=result.legal_effect is LegalEffect.STATUTORY,
        max_choices=result.max_choices if result.kind is not Kind.YES_NO else None,
        plan_name=version.title,
        plan_version=version.number,
        plan_sha256=result.version_sha256,
        ballot_sha256=result.manifest_sha256,
        citation=result.citation,
        party_review_on=ballot.party_review_on,
        announced_on=clock.today(result.announced_at),
        opened_at=result.opened_at,
        closes_at=result.closes_at,
        electors=result.electors,
        households=result.households,
        cast=result.cast,
        valid=result.valid,
        invalid=result.invalid,
        households_present=result.households_present,
        by_channel=tuple(sorted((c.value, n) for c, n in result.by_channel.items() if n)),
        quorum_by_persons=_inequality(result.quorum.by_persons if result.quorum else None),
        quorum_by_households=_inequality(result.quorum.by_households if result.quorum else None),
        majority=_inequality(result.majority),
        outcome=result.outcome.value,
        answers=tuple(
            Answer(
                key=tally.answer.value if tally.answer else f"project-{tally.position}",
                code=tally.code or "",
                words=tally.words,
                cost_yuan=tally.cost_yuan,
                count=tally.count,
            )
            for tally in result.tallies
        ),
        by_group=_strata(result, result.by_group, result.group_names),
        by_sex=_strata(result, result.by_sex),
        by_age_band=_strata(result, result.by_age_band),
        kind=result.kind.value,
        secrecy=result.secrecy.value,
        votes_by=result.unit.value,
        attendees=result.attendees,
        budget_yuan=ballot.budget_yuan,
        **gathering_vote.more_of(result, meeting_id=ballot.meeting_id),
    )


def _inequality(line: Line | None) -> Inequality | None:
    return Inequality(met=line.met, text=line.text) if line else None


def _strata(
    result: Result, counted: tuple[Counted, ...], names: dict[int, str] | None = None
) -> tuple[Stratum, ...]:
    """Return the table of one property with small cells hidden; nothing where that cannot be done.

    The parts of a stratum are its answers (or, for other kinds than yes or no and where nobody
    knows who chose what, the votes cast) and those who did not vote: they add up to its electors,
    as the rule of suppression asks. What comes of a secret vote asks for more people.
    """
    answers = result.kind is Kind.YES_NO and all(s.counts for s in counted)
    parts = [[*(s.counts if answers else (s.cast,)), s.electors - s.cast] for s in counted]
    merged = merge_few([s.electors for s in counted])
    if len(merged) < 2:
        return ()
    table = [[sum(parts[i][c] for i in rows) for c in range(len(parts[0]))] for rows in merged]
    hidden = suppress_small(table, threshold=threshold_of(result))
    if hidden is None:
        return ()
    return tuple(
        Stratum(
            keys=tuple(_key(counted[i].key, names) for i in rows),
            electors=sum(line),
            cells=tuple(None if (r, c) in hidden else n for c, n in enumerate(line)),
        )
        for r, (rows, line) in enumerate(zip(merged, table, strict=True))
    )


def _key(key: Any, names: dict[int, str] | None) -> str:
    return names[key] if names is not None else str(key)


def head_of(kind: DocKind, place: Place) -> Head:
    """Return what the document says about itself."""
    office = place.office
    start, end = place.issued_on, place.period_end
    return Head(
        kind=kind,
        number=place.number,
        issue=place.issue,
        village_code=place.village.code,
        village=place.village.name,
        township=township_of(place.village.id),
        is_synthetic=place.village.is_synthetic,
        issued_on=start,
        period_start=start,
        period_end=end,
        period_days=(end - start).days,
        office=Office(
            unit=office.unit,
            address=office.address,
            phone=office.phone,
            email=office.email,
            hours=office.hours,
        ),
    )


def township_of(village_id: int) -> str:
    """Return the township's name; nothing where the region tree knows its code only."""
    name = people.township_of(village_id)
    return "" if name.isdigit() else name
