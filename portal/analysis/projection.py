"""Scenarios: a transparent projection, every formula and parameter in the open. Exact decimals.

    people_t   = P0 · (1 + k)^t + M · t / T          whole people, half up
    homes_t    = ⌈ people_t / household size ⌉
    land_t     = people_t · m² a person / 10 000      hectares
    balance_t  = cap − land_t
    farmland_t = F0 − occupied · t / T + reclaimed · t / T
    cost_t     = (occupied · t / T) · cost of building + (reclaimed · t / T) · cost of reclaiming

with t years since the base year and T years to the target year (domain.md §6, scenario model).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext

from portal.analysis.rules import CENT, Preset

FORMULA = 1
"""The number of these formulas: it goes into each digest."""
ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Where every scenario of a plan starts: people, cap and farmland in the base year."""

    people: Decimal
    cap_ha: Decimal | None
    farmland_ha: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What makes scenarios differ. Growth in per cent a year; migration in people over the term."""

    growth_percent: Decimal
    migration: Decimal
    household_size: Decimal
    land_m2: Decimal
    occupied_ha: Decimal
    reclaimed_ha: Decimal
    build_cost: Decimal
    reclaim_cost: Decimal


RANGES: Mapping[str, tuple[Decimal, Decimal]] = {
    "growth_percent": (Decimal(-10), Decimal(10)),
    "migration": (Decimal(-100_000), Decimal(100_000)),
    "household_size": (Decimal("0.5"), Decimal(20)),
    "land_m2": (Decimal(1), Decimal(1000)),
    "occupied_ha": (Decimal(0), Decimal(100_000)),
    "reclaimed_ha": (Decimal(0), Decimal(100_000)),
    "build_cost": (Decimal(0), Decimal(100_000)),
    "reclaim_cost": (Decimal(0), Decimal(100_000)),
}
"""What is believable for each parameter; costs are in ten thousand yuan a hectare."""


@dataclass(frozen=True, slots=True)
class Year:
    """What a scenario comes to in one year. Areas in hectares, cost in ten thousand yuan."""

    year: int
    people: int
    homes: int
    land_ha: Decimal
    balance_ha: Decimal | None
    farmland_ha: Decimal | None
    cost: Decimal


def preset(which: Preset, facts: Facts) -> Parameters:
    """Return the parameters that a preset begins with: assumptions, to be changed by planners.

    Farmland figures are shares of what there is; without it they are nothing.
    """
    growth, migrating, size, land, occupied, reclaimed = _PRESETS[which]
    farmland = facts.farmland_ha or Decimal(0)
    return Parameters(
        growth_percent=Decimal(growth),
        migration=_round(facts.people * Decimal(migrating) / 100, ONE),
        household_size=Decimal(size),
        land_m2=Decimal(land),
        occupied_ha=_round(farmland * Decimal(occupied) / 100),
        reclaimed_ha=_round(farmland * Decimal(reclaimed) / 100),
        build_cost=Decimal(300),
        reclaim_cost=Decimal(60),
    )


_PRESETS: Mapping[Preset, tuple[str, str, str, str, str, str]] = {
    Preset.URBANISATION: ("-1.2", "-8", "2.8", "100", "1.5", "1.0"),
    Preset.ECOLOGY: ("-0.5", "0", "3.0", "90", "0.2", "0.8"),
    Preset.INDUSTRY: ("0.3", "5", "3.0", "115", "1.0", "0.5"),
    Preset.OWN: ("0", "0", "3.0", "100", "0", "0"),
}
"""Growth % a year, migration % of people, household size, m² a person, farmland occupied %,
reclaimed %."""


def project(
    facts: Facts, parameters: Parameters, *, base_year: int, target_year: int
) -> list[Year]:
    """Return every year of a scenario, from the base year to the target year."""
    term = target_year - base_year
    return [_year(facts, parameters, year=base_year + t, t=t, term=term) for t in range(term + 1)]


def _year(facts: Facts, p: Parameters, *, year: int, t: int, term: int) -> Year:
    with localcontext() as exact:
        exact.prec = 60
        grown = facts.people * (ONE + p.growth_percent / 100) ** t
        moved = p.migration * t / term
        people = max(int((grown + moved).to_integral_value(ROUND_HALF_UP)), 0)
        homes = int((Decimal(people) / p.household_size).to_integral_value(ROUND_CEILING))
        land = _round(Decimal(people) * p.land_m2 / 10_000)
        occupied, reclaimed = p.occupied_ha * t / term, p.reclaimed_ha * t / term
        farmland = facts.farmland_ha
        return Year(
            year,
            people,
            homes,
            land,
            None if facts.cap_ha is None else facts.cap_ha - land,
            None if farmland is None else _round(farmland - occupied + reclaimed),
            _round(occupied * p.build_cost + reclaimed * p.reclaim_cost),
        )


def _round(value: Decimal, step: Decimal = CENT) -> Decimal:
    return value.quantize(step, rounding=ROUND_HALF_UP)


def out_of_range(parameters: Parameters) -> list[str]:
    """Return the names of the parameters that nobody would believe."""
    return [
        name
        for name, (least, most) in RANGES.items()
        if not least <= getattr(parameters, name) <= most
    ]


def plain(facts: Facts | Parameters) -> dict[str, str | None]:
    """Return facts or parameters as they are kept: every number as its digits."""
    return {
        name: None if value is None else format(value, "f") for name, value in asdict(facts).items()
    }


def facts_from(kept: Mapping[str, str | None]) -> Facts:
    """Return the facts of a kept scenario."""
    known = {f.name: _number(kept.get(f.name)) for f in fields(Facts)}
    return Facts(
        people=known["people"] or Decimal(0),
        cap_ha=known["cap_ha"],
        farmland_ha=known["farmland_ha"],
    )


def parameters_from(kept: Mapping[str, str | None]) -> Parameters:
    """Return the parameters of a kept scenario."""
    return Parameters(
        **{f.name: _number(kept.get(f.name)) or Decimal(0) for f in fields(Parameters)}
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def digest(
    *,
    title: str,
    preset_: Preset,
    base_year: int,
    target_year: int,
    facts: Mapping[str, str | None],
    parameters: Mapping[str, str | None],
    formula: int,
) -> str:
    """Return the fingerprint of a scenario: SHA-256 of everything its figures come from, in hex."""
    said = {
        "title": title,
        "preset": preset_.value,
        "base_year": base_year,
        "target_year": target_year,
        "facts": dict(facts),
        "parameters": dict(parameters),
        "formula": formula,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
