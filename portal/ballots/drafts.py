"""A ballot as the committee writes it down, and the rows it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.analysis import scenarios
from portal.ballots import rules
from portal.ballots.models import Ballot, BallotOption, RuleProfile
from portal.ballots.profiles import PRESETS, Params
from portal.ballots.rules import Kind, Unit
from portal.ballots.states import Secrecy
from portal.core import clock
from portal.core.db import db
from portal.plans import service as plans


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A ballot as the committee writes it down.

    `words` are the options of a vote on free words; `on_scenarios` puts the ways for the village
    (情景) to the electors; else yes/no has its answers, and the other kinds the plan's projects.
    """

    version_id: int
    question: str
    explanation: str = ""
    kind: Kind
    profile_code: str
    opens_at: datetime
    closes_at: datetime
    secrecy: Secrecy = Secrecy.OPEN
    unit: Unit = Unit.PERSON
    max_choices: int | None = None
    min_choices: int = 1
    max_score: int | None = None
    points_total: int | None = None
    budget_yuan: int | None = None
    min_votes: int = 0
    is_skipping: bool = True
    words: Sequence[str] = ()
    on_scenarios: bool = False
    meeting_id: int | None = None
    party_review_on: date | None = None
    party_review_note: str = ""


def find_profile(code: str, *, on: date) -> RuleProfile:
    """Return the latest rule of this code in force on that day; presets are taken in at need.

    Raises KeyError for a code that neither the village nor the portal knows.
    """
    found = db.session.scalar(
        select(RuleProfile)
        .where(RuleProfile.code == code, RuleProfile.valid_from <= on)
        .order_by(RuleProfile.valid_from.desc())
        .limit(1)
    )
    if found is not None:
        return found
    preset = PRESETS[code]
    profile = RuleProfile(
        code=preset.code,
        region_code=preset.region_code,
        valid_from=preset.valid_from,
        params=preset.params.as_json(),
        citation=preset.citation,
    )
    db.session.add(profile)
    db.session.flush()
    return profile


def write(ballot: Ballot, draft: Draft) -> None:
    """Fill in a ballot's row; where the rule itself is one of households, so is the vote."""
    profile = find_profile(draft.profile_code, on=clock.today(draft.opens_at))
    ballot.profile_id = profile.id
    one_tick = draft.kind in (Kind.YES_NO, Kind.SINGLE)
    for name in (
        *("version_id", "question", "explanation", "kind", "secrecy", "unit", "min_choices"),
        *("max_score", "points_total", "budget_yuan", "min_votes", "is_skipping", "opens_at"),
        *("closes_at", "meeting_id", "party_review_on", "party_review_note"),
    ):
        setattr(ballot, name, getattr(draft, name))
    ballot.max_choices = 1 if one_tick else draft.max_choices
    if Params.from_json(profile.params).unit is Unit.HOUSEHOLD:
        ballot.unit = Unit.HOUSEHOLD


def write_options(ballot: Ballot, draft: Draft) -> None:
    """Write down what can be chosen, in the order of the paper."""
    db.session.add_all(_options_for(ballot.id, draft))
    db.session.flush()


def _options_for(ballot_id: int, draft: Draft) -> list[BallotOption]:
    if draft.kind is Kind.YES_NO:
        made = [BallotOption(answer=answer) for answer in rules.Answer]
    elif draft.words:
        made = [BallotOption(words=words) for words in draft.words]
    elif draft.on_scenarios:
        plan_id = plans.get_version(draft.version_id).plan_id
        made = [
            BallotOption(scenario_id=scenario.id, words=scenario.title)
            for scenario in scenarios.list_scenarios(plan_id)
        ]
    else:
        made = [
            BallotOption(
                project_id=project.id,
                code=project.code,
                words=project.name,
                cost_yuan=project.cost_yuan,
            )
            for project in plans.list_projects(draft.version_id)
        ]
    for position, option in enumerate(made, start=1):
        option.ballot_id, option.position = ballot_id, position
    return made
