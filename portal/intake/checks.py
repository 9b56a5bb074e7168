"""What is worth a look in a plan that can go in: sums, limits, links that lead nowhere. Pure."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from portal.intake.columns import plain
from portal.intake.drafts import Parts, StructureRow
from portal.intake.faults import Findings, Note, Place
from portal.maps.landuse import CLASSES
from portal.plans.content import Content
from portal.plans.rules import Direction

TOLERANCE = Decimal("0.01")
"""Hectares by which sums of a structure table may differ (domain.md §2.3)."""
Line = StructureRow
ZERO = Decimal(0)


def _flag(name: str) -> Callable[[Line], bool]:
    return lambda line: bool(getattr(CLASSES[line.code], name))


# Sums that structure tables say themselves: name -> which lines belong to it.
SUMS: Mapping[str, Callable[[Line], bool]] = {
    **dict.fromkeys(("合计", "总计", "总面积", "村域面积", "total", "sum"), lambda line: True),
    "非建设用地": lambda line: not CLASSES[line.code].construction,
    **dict.fromkeys(("建设用地", "建设用地合计"), _flag("construction")),
    "村庄建设用地": lambda line: CLASSES[line.code].village_construction and not line.is_town,
    "城镇建设用地": lambda line: CLASSES[line.code].village_construction and line.is_town,
    "城乡建设用地": _flag("village_construction"),
    "区域基础设施用地": _flag("regional_infrastructure"),
    "其他建设用地": _flag("other_construction"),
}


def check(
    parts: Parts, sums: Sequence[tuple[str, Line]], content: Content, findings: Findings
) -> None:
    """Tell everything about the plan that is worth a look."""
    if parts.structure:
        _check_sums(parts.structure, sums, findings)
        place = parts.places.get("structure", Place())
        base, target = (_total(parts.structure, key) for key in ("base_ha", "target_ha"))
        if abs(base - target) > TOLERANCE:
            findings.tell(
                Note.BASE_NOT_TARGET, place, base=format(base, "f"), target=format(target, "f")
            )
        area = content.area_ha
        if area is not None and abs(base - area) > TOLERANCE:
            findings.tell(Note.AREA_DIFFERS, place, sum=format(base, "f"), area=format(area, "f"))
    _check_limits(parts, findings)
    _check_links(parts, content, findings)


def _total(lines: Sequence[Line], key: str) -> Decimal:
    return sum((getattr(line, key) or ZERO for line in lines), ZERO)


def _check_sums(
    lines: Sequence[Line], sums: Sequence[tuple[str, Line]], findings: Findings
) -> None:
    for name, said in sums:
        belongs = SUMS.get(plain(name))
        if name in CLASSES:
            inside = [line for line in lines if line.code.startswith(name)]
        elif belongs is not None:
            inside = [line for line in lines if belongs(line)]
        else:
            continue
        for key in ("base_ha", "target_ha"):
            value, ours = getattr(said, key), _total(inside, key)
            if value is not None and abs(value - ours) > TOLERANCE:
                findings.tell(
                    Note.SUM_DIFFERS, said.place, name, said=format(value, "f"),
                    ours=format(ours, "f"),
                )  # fmt: skip


def _check_limits(parts: Parts, findings: Findings) -> None:
    for row in parts.indicators or ():
        if row.target is None:
            continue
        if row.upper_limit is not None and row.target > row.upper_limit:
            limit = row.upper_limit
        elif row.lower_limit is not None and row.target < row.lower_limit:
            limit = row.lower_limit
        else:
            continue
        is_over = row.direction is Direction.AT_MOST
        findings.tell(
            Note.LIMIT_BROKEN, row.place, row.name, target=format(row.target, "f"),
            limit=format(limit, "f"), side="upper" if is_over else "lower",
        )  # fmt: skip


def _check_links(parts: Parts, content: Content, findings: Findings) -> None:
    """Tell of projects, indicators and goals that nothing is linked to: no fault, but a look."""
    if parts.projects is not None or parts.indicators is not None:
        places = {row.code: row.place for row in parts.projects or ()}
        for project in content.projects:
            if not project.indicators:
                place, name = places.get(project.code, Place()), f"{project.code} {project.name}"
                findings.tell(Note.ORPHAN_PROJECT, place, name, name=name)
    if parts.indicators is not None or parts.goals is not None:
        rows = {row.code: row.place for row in parts.indicators or ()}
        for indicator in content.indicators:
            if not indicator.goals:
                place = rows.get(indicator.code, Place())
                findings.tell(Note.ORPHAN_INDICATOR, place, indicator.name, name=indicator.name)
        _check_goals(parts, content, findings)


def _check_goals(parts: Parts, content: Content, findings: Findings) -> None:
    for at, goal in enumerate(content.goals):
        place = parts.goals[at].place if parts.goals is not None else Place()
        if not goal.title:
            continue  # said already
        if not goal.indicators:
            findings.tell(Note.GOAL_WITHOUT, place, goal.title, name=goal.title)
        elif len(goal.weights) == len(goal.indicators):
            total = sum((weight for _, weight in goal.weights), ZERO)
            if total != 1:
                findings.tell(Note.WEIGHTS, place, goal.title, sum=format(total, "f"))
