"""What plans can check by themselves before a review: the tables, each for itself."""

from collections.abc import Sequence
from decimal import Decimal

from portal.core.db import db
from portal.plans.content import Content, IndicatorFacts
from portal.plans.gathering import content_of
from portal.plans.life import Lack, Lacking
from portal.plans.models import PlanVersion
from portal.plans.rules import IndicatorKind

TOLERANCE_HA = Decimal("0.01")


class TableChecks:
    """Answers the port `Checks` from the tables alone; the planners' checks look further."""

    def lacks(self, version_id: int) -> Sequence[Lacking]:
        """Return what the tables of a version get wrong."""
        version = db.session.get_one(PlanVersion, version_id)
        return judge(content_of(version, with_map=False))


def judge(content: Content) -> list[Lacking]:
    """Return the indicators without a target, those that break a limit, tables that do not add up.

    A binding limit that is broken blocks; an expected one is for the planners' checks to warn of.
    """
    found = [
        Lacking(Lack.INDICATORS_INVALID, indicator.name)
        for indicator in content.indicators
        if indicator.target is None
    ]
    found += [
        Lacking(Lack.BINDING_BREACH, indicator.name)
        for indicator in content.indicators
        if indicator.kind is IndicatorKind.BINDING and breaks_limit(indicator)
    ]
    if content.structure:
        base = sum((line.base_ha or Decimal(0) for line in content.structure), Decimal(0))
        target = sum((line.target_ha or Decimal(0) for line in content.structure), Decimal(0))
        sums = [base, target] + ([] if content.area_ha is None else [content.area_ha])
        if max(sums) - min(sums) > TOLERANCE_HA:
            words = " / ".join(format(value, "f") for value in sums)
            found.append(Lacking(Lack.STRUCTURE_UNBALANCED, words))
    return found


def breaks_limit(indicator: IndicatorFacts) -> bool:
    """Tell whether the target of an indicator is beyond a limit from the level above."""
    target = indicator.target
    if target is None:
        return False
    over = indicator.upper_limit is not None and target > indicator.upper_limit
    under = indicator.lower_limit is not None and target < indicator.lower_limit
    return over or under
