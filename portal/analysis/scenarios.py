"""Scenarios of a plan: made, listed, retired; never changed. Never commits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, update

from portal.analysis.models import Scenario
from portal.analysis.projection import (
    FORMULA,
    Facts,
    Parameters,
    Year,
    digest,
    facts_from,
    out_of_range,
    parameters_from,
    plain,
    project,
)
from portal.analysis.rules import MOST_SCENARIOS, Preset, Refusal
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.plans.content import Content
from portal.plans.models import Plan

FARMLAND = "arable_land_retained"
VILLAGE_LAND = "village_construction_land"
PEOPLE = "population"


@dataclass(frozen=True, slots=True)
class Projected:
    """A scenario with everything its figures come from, and every year of it."""

    id: int
    plan_id: int
    slot: int
    preset: Preset
    title: str
    base_year: int
    target_year: int
    facts: Facts
    parameters: Parameters
    formula: int
    digest: str
    made_at: datetime
    is_retired: bool
    years: tuple[Year, ...]

    @property
    def start(self) -> Year:
        """Return the base year."""
        return self.years[0]

    @property
    def end(self) -> Year:
        """Return the target year."""
        return self.years[-1]


def facts_of(content: Content) -> Facts:
    """Return where the scenarios of a plan start. Raises Refused where nobody is counted in it.

    People: the indicator of that name, else the plan's own number. Cap: the upper limit of the
    village's construction land, else its target. Farmland: the lines 01 of the structure table in
    the base year, else the indicator of arable land.
    """
    by_code = {i.code: i for i in content.indicators}
    people = by_code[PEOPLE].base if PEOPLE in by_code else None
    if people is None and content.population is not None:
        people = Decimal(content.population)
    if not people or people < 0 or content.target_year <= content.base_year:
        raise Refused(Refusal.SCENARIO_FACTS_MISSING)
    cap = None
    if VILLAGE_LAND in by_code:
        village = by_code[VILLAGE_LAND]
        cap = village.upper_limit if village.upper_limit is not None else village.target
    fields = [line.base_ha for line in content.structure if line.code.startswith("01")]
    known = [value for value in fields if value is not None]
    farmland = sum(known, Decimal(0)) if known else None
    if farmland is None and FARMLAND in by_code:
        farmland = by_code[FARMLAND].base
    return Facts(people=people, cap_ha=cap, farmland_ha=farmland)


def add_scenario(
    plan_id: int,
    *,
    title: str,
    preset: Preset,
    facts: Facts,
    parameters: Parameters,
    base_year: int,
    target_year: int,
    now: datetime,
    instead_of: int | None = None,
) -> Scenario:
    """Keep a scenario; at most four of a plan are in use. `instead_of` retires another one.

    Raises Refused for parameters nobody would believe, for a title that is in use, and where four
    are in use already.
    """
    wrong = out_of_range(parameters)
    if wrong:
        raise Refused(Refusal.SCENARIO_OUT_OF_RANGE, names=wrong)
    db.session.get_one(Plan, plan_id)
    if instead_of is not None:
        retire(instead_of, now=now)
    used = db.session.execute(
        select(Scenario.slot, Scenario.title).where(
            Scenario.plan_id == plan_id, Scenario.retired_at.is_(None)
        )
    ).all()
    if title in {taken for _, taken in used}:
        raise Refused(Refusal.TITLE_TAKEN)
    free = [n for n in range(1, MOST_SCENARIOS + 1) if n not in {slot for slot, _ in used}]
    if not free:
        raise Refused(Refusal.SCENARIO_SLOTS_FULL)
    said, chosen = plain(facts), plain(parameters)
    row = Scenario(
        plan_id=plan_id,
        slot=free[0],
        preset=preset,
        title=title,
        base_year=base_year,
        target_year=target_year,
        facts=said,
        parameters=chosen,
        formula=FORMULA,
        digest=digest(
            title=title, preset_=preset, base_year=base_year, target_year=target_year,
            facts=said, parameters=chosen, formula=FORMULA,
        ),
        made_at=now,
    )  # fmt: skip
    return keep_once(row, twice=Refusal.STALE)


def retire(scenario_id: int, *, now: datetime) -> None:
    """Take a scenario out of use; it stays readable. Raises Refused where it is so already."""
    db.session.get_one(Scenario, scenario_id)
    done = db.session.execute(
        update(Scenario)
        .where(Scenario.id == scenario_id, Scenario.retired_at.is_(None))
        .values(retired_at=now)
        .returning(Scenario.id)
    ).all()
    if not done:
        raise Refused(Refusal.ALREADY_RETIRED)


def get_scenario(scenario_id: int) -> Projected:
    """Return a scenario with its years, or raise NoResultFound, which the app shows as 404."""
    return _projected(db.session.get_one(Scenario, scenario_id))


def list_scenarios(plan_id: int) -> list[Projected]:
    """Return the scenarios of a plan that are in use, in their order."""
    rows = db.session.scalars(
        select(Scenario)
        .where(Scenario.plan_id == plan_id, Scenario.retired_at.is_(None))
        .order_by(Scenario.slot)
    )
    return [_projected(row) for row in rows]


def read_scenarios(ids: Collection[int]) -> list[Projected]:
    """Return these scenarios in their order, retired ones too: what was put to a vote stays."""
    if not ids:
        return []
    rows = db.session.scalars(select(Scenario).where(Scenario.id.in_(ids)).order_by(Scenario.slot))
    return [_projected(row) for row in rows]


def recheck(scenario_id: int) -> bool:
    """Tell whether a scenario still says exactly what its digest stands for."""
    row = db.session.get_one(Scenario, scenario_id)
    return row.digest == digest(
        title=row.title, preset_=row.preset, base_year=row.base_year, target_year=row.target_year,
        facts=row.facts, parameters=row.parameters, formula=row.formula,
    )  # fmt: skip


def _projected(row: Scenario) -> Projected:
    facts, parameters = facts_from(row.facts), parameters_from(row.parameters)
    years = project(facts, parameters, base_year=row.base_year, target_year=row.target_year)
    return Projected(
        row.id, row.plan_id, row.slot, row.preset, row.title, row.base_year, row.target_year,
        facts, parameters, row.formula, row.digest, row.made_at, row.retired_at is not None,
        tuple(years),
    )  # fmt: skip
