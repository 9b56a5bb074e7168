"""A plan put together from what was read and what is there already; links are followed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from portal.intake.columns import plain
from portal.intake.drafts import IndicatorRow, Parts, ProjectRow
from portal.intake.faults import Fault, Findings, Place
from portal.plans.content import (
    Content,
    ControlFacts,
    FacilityFacts,
    Figure,
    GoalFacts,
    IndicatorFacts,
    ProjectFacts,
    SectionFacts,
    StructureFacts,
)
from portal.plans.rules import PlanKind

EMPTY = Content(
    plan="", kind=PlanKind.PRACTICAL, number=1, title="", base_year=0, target_year=0,
    compiled_by="", sentences=(), figures=(), sections=(), goals=(), indicators=(), projects=(),
    map=None,
)  # fmt: skip
"""What a new plan begins with."""
Links = Mapping[str, tuple[tuple[int, Decimal | None], ...]]


def assemble(parts: Parts, base: Content, findings: Findings) -> Content:
    """Return the whole content: what was handed in takes the place of what is there, by table."""
    content = _with_head(parts, base)
    content = _with_chain(parts, content, findings)
    content = _with_tables(parts, content)
    return _with_text(parts, content)


def _with_head(parts: Parts, base: Content) -> Content:
    said = dict(parts.overview or {})
    if "figures" in said:
        said["figures"] = tuple(Figure(*figure) for figure in said["figures"])
    return replace(base, **said)


def _with_chain(parts: Parts, content: Content, findings: Findings) -> Content:
    """Put goals, indicators and projects in, and follow what each says about the others."""
    goals, numbers = _goals(parts, content)
    links: dict[str, Sequence[tuple[int, Decimal | None]]] = {}
    if parts.indicators is None:
        indicators = list(content.indicators)
        weights = {
            (goal.position, code): weight for goal in content.goals for code, weight in goal.weights
        }
        there = {goal.position for goal in goals}
        for indicator in indicators:
            links[indicator.code] = [
                (goal, weights.get((goal, indicator.code)))
                for goal in indicator.goals
                if goal in there
            ]
    else:
        indicators = [_indicator(at, row) for at, row in enumerate(parts.indicators, start=1)]
        for row in parts.indicators:
            links.setdefault(row.code, _follow_goals(row, numbers, findings))
    goals = [_linked(goal, indicators, links) for goal in goals]
    projects = _projects(parts, content, indicators, findings)
    indicators = [
        replace(
            indicator,
            goals=tuple(goal for goal, _ in links.get(indicator.code, ())),
            projects=tuple(p.code for p in projects if indicator.code in p.indicators),
        )
        for indicator in indicators
    ]
    return replace(
        content, goals=tuple(goals), indicators=tuple(indicators), projects=tuple(projects)
    )


def _goals(parts: Parts, content: Content) -> tuple[list[GoalFacts], dict[str, int]]:
    """Return the goals, and their positions by everything that they may be called."""
    if parts.goals is None:
        goals = list(content.goals)
        names = {str(goal.position): goal.position for goal in goals}
    else:
        goals = [
            GoalFacts(0, at, row.title, row.text, ()) for at, row in enumerate(parts.goals, start=1)
        ]
        names = {str(row.number): at for at, row in enumerate(parts.goals, start=1)}
    return goals, {plain(goal.title): goal.position for goal in goals} | names


def _linked(
    goal: GoalFacts,
    indicators: Sequence[IndicatorFacts],
    links: Mapping[str, Sequence[tuple[int, Decimal | None]]],
) -> GoalFacts:
    of_it = [
        (indicator.code, weight)
        for indicator in indicators
        for position, weight in links.get(indicator.code, ())
        if position == goal.position
    ]
    weights = tuple((code, weight) for code, weight in of_it if weight is not None)
    return replace(goal, indicators=tuple(code for code, _ in of_it), weights=weights)


def _indicator(position: int, row: IndicatorRow) -> IndicatorFacts:
    return IndicatorFacts(
        0, position, row.code, row.name, row.unit, row.kind, row.direction, row.base, row.target,
        row.current, (), (), row.lower_limit, row.upper_limit,
    )  # fmt: skip


def _follow_goals(
    row: IndicatorRow, numbers: Mapping[str, int], findings: Findings
) -> list[tuple[int, Decimal | None]]:
    found: dict[int, Decimal | None] = {}
    for said, weight in row.goals:
        position = numbers.get(said) or numbers.get(plain(said))
        if position is None:
            findings.refuse(Fault.UNKNOWN_GOAL, row.links, said)
        elif position in found:
            findings.refuse(Fault.LINK_TWICE, row.links, said)
        else:
            found[position] = weight
    return sorted(found.items())


def _projects(
    parts: Parts, content: Content, indicators: Sequence[IndicatorFacts], findings: Findings
) -> list[ProjectFacts]:
    codes = {indicator.code for indicator in indicators}
    if parts.projects is None:
        return [
            replace(p, indicators=tuple(code for code in p.indicators if code in codes))
            for p in content.projects
        ]
    names: dict[str, str] = {str(i.position): i.code for i in indicators}
    names |= {plain(i.name): i.code for i in indicators} | {code: code for code in codes}
    order = {indicator.code: at for at, indicator in enumerate(indicators)}
    projects = []
    for at, row in enumerate(parts.projects, start=1):
        supported = _supported(row, names, findings)
        projects.append(
            ProjectFacts(
                0,
                at,
                row.code,
                row.name,
                row.kind,
                row.content,
                row.location,
                row.area_ha,
                row.year,
                row.cost_yuan,
                row.funding,
                row.responsible,
                tuple(sorted(supported, key=order.__getitem__)),
                row.helper,
                row.supervisor,
                row.deadline,
                row.group_numbers,
            )
        )
    return projects


def _supported(row: ProjectRow, names: Mapping[str, str], findings: Findings) -> set[str]:
    found = set()
    for said in row.indicators:
        code = names.get(said) or names.get(plain(said))
        if code is None:
            findings.refuse(Fault.UNKNOWN_INDICATOR, row.links, said)
        else:
            found.add(code)
    return found


def _with_tables(parts: Parts, content: Content) -> Content:
    changes: dict[str, Any] = {}
    if parts.structure is not None:
        changes["structure"] = tuple(
            StructureFacts(0, at, row.code, row.is_town, row.base_ha, row.target_ha)
            for at, row in enumerate(parts.structure, start=1)
        )
    if parts.facilities is not None:
        changes["facilities"] = tuple(
            FacilityFacts(
                0, at, f.kind, f.name, f.status, f.location, f.longitude, f.latitude, f.radius_m,
                f.note,
            )
            for at, f in enumerate(parts.facilities, start=1)
        )  # fmt: skip
    if parts.controls is not None:
        changes["controls"] = tuple(
            ControlFacts(0, at, rule.subject, rule.title, rule.text)
            for at, rule in enumerate(parts.controls, start=1)
        )
    return replace(content, **changes)


def _with_text(parts: Parts, content: Content) -> Content:
    chapters = [(section.title, section.text) for section in content.sections]
    if parts.sections is not None:
        chapters = [(part.title, part.text) for part in parts.sections]
    for part in parts.timetable or ():
        chapters = [chapter for chapter in chapters if chapter[0] != part.title]
        chapters.append((part.title, part.text))
    sections = tuple(
        SectionFacts(0, at, title, text) for at, (title, text) in enumerate(chapters, start=1)
    )
    return replace(content, sections=sections)


def check_head(content: Content, place: Place, findings: Findings) -> None:
    """Refuse a new plan without a name or years."""
    if not content.title:
        findings.refuse(Fault.NO_NAME, place)
    if not content.base_year or not content.target_year:
        findings.refuse(Fault.NO_YEARS, place)
    elif content.target_year < content.base_year:
        findings.refuse(
            Fault.YEARS_IN_ORDER, place, str(content.target_year), base=str(content.base_year)
        )
