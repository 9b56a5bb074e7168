"""The ways for the village (情景) that a ballot puts to the electors, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from portal.analysis import scenarios
from portal.analysis.scenarios import Projected
from portal.analysis.words import PRESETS, number_words
from portal.ballots.models import BallotOption


@dataclass(frozen=True)
class Way:
    """One way as a card: its name, its figures in the target year, and in one line."""

    option_id: int
    title: str
    preset: str
    line: str
    facts: tuple[tuple[str, str, str], ...]
    """Name, figure in the base year, figure in the target year."""


def of_options(options: Sequence[BallotOption]) -> list[Way]:
    """Return the ways among the options, in the order of the paper; one query, or none."""
    ids = {option.scenario_id: option for option in options if option.scenario_id is not None}
    found = scenarios.read_scenarios([key for key in ids if key is not None])
    return [_way(ids[scenario.id], scenario) for scenario in found]


def _way(option: BallotOption, scenario: Projected) -> Way:
    start, end = scenario.start, scenario.end
    figures: list[tuple[str, Decimal | int | None, Decimal | int | None, int]] = [
        (_("People"), start.people, end.people, 0),
        (_("Village construction land (ha)"), start.land_ha, end.land_ha, 2),
        (_("Left below the cap (ha)"), start.balance_ha, end.balance_ha, 2),
        (_("Farmland (ha)"), start.farmland_ha, end.farmland_ha, 2),
        (_("Cost (10 000 yuan)"), start.cost, end.cost, 0),
    ]
    return Way(
        option.id,
        scenario.title,
        str(PRESETS[scenario.preset]),
        _(
            "%(year)s: %(people)s people, %(land)s ha built, %(cost)s × 10 000 yuan",
            year=scenario.target_year,
            people=number_words(end.people, 0),
            land=number_words(end.land_ha),
            cost=number_words(end.cost, 0),
        ),
        tuple(
            (name, number_words(first, places), number_words(last, places))
            for name, first, last, places in figures
            if last is not None
        ),
    )
