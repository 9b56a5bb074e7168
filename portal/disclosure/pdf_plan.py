"""What a plan says, on paper: its facts, summary, indicators, projects, and how they hang together.

Every function returns the blocks under one heading; where there is nothing to show, words say so.
"""

from collections.abc import Callable

from portal.core.pdf.blocks import Block, Facts, Section, Table, Text
from portal.disclosure.contents_plan import PlanFacts, Project
from portal.disclosure.figures import grouped, ten_thousands
from portal.plans.rules import ProjectKind
from portal.plans.words import PROJECT_KINDS

Gettext = Callable[[str], str]


def section(title: str, blocks: list[Block], otherwise: str) -> list[Block]:
    """Return a numbered section; one without blocks says in words that there is nothing."""
    return [Section(title), *(blocks or [Text(otherwise)])]


def digits(sha256: str) -> str:
    """Return a digest in groups of eight, which can be compared by eye."""
    return " ".join(sha256[start : start + 8] for start in range(0, 64, 8))


def facts(plan: PlanFacts, _: Gettext) -> Facts:
    """Return the table of what plan it is."""
    people = _("%(n)s people") % {"n": grouped(plan.population)} if plan.population else ""
    rows = (
        (_("Plan"), plan.name),
        (_("Version"), str(plan.version)),
        (_("Planning area"), plan.area),
        (_("Scope"), plan.scope),
        (_("Area"), _("%(n)s ha") % {"n": plan.area_ha} if plan.area_ha else ""),
        (_("Population"), people),
        (
            _("Term"),
            _("%(base)s to %(target)s (base year %(base)s, target year %(target)s)")
            % {"base": plan.base_year, "target": plan.target_year},
        ),
        (_("Responsible authority"), plan.authority),
        (_("Compiled by"), plan.institute),
        (_("Digest of the plan (SHA-256)"), digits(plan.sha256)),
    )
    return Facts(tuple((label, value) for label, value in rows if value))


def summary(plan: PlanFacts, _: Gettext) -> list[Block]:
    """Return the section in plain words."""
    return section(
        _("The plan in plain words"),
        [Text(plan.summary)] if plan.summary.strip() else [],
        _("The plan has no summary in plain words."),
    )


def indicators(plan: PlanFacts, _: Gettext) -> list[Block]:
    """Return the section with the indicator table."""
    head = (_("No."), _("Indicator"), _("Unit"), _("Base year"), _("Target year"), _("Change"))
    binding, expected = _("binding"), _("expected")
    rows = tuple(
        (
            str(number),
            f"{line.name}（{binding if line.is_binding else expected}）",
            line.unit,
            line.base,
            line.target,
            line.change,
        )
        for number, line in enumerate(plan.indicators, start=1)
    )
    table = Table(head, rows, (0.9, 3.6, 1.3, 1.7, 1.7, 1.7), frozenset({3, 4, 5}))
    return section(
        _("Indicators"), [table] if rows else [], _("The plan has no table of indicators.")
    )


def projects(plan: PlanFacts, _: Gettext) -> list[Block]:
    """Return the section with the list of near-term projects."""
    title, nothing = _("Near-term projects"), _("The plan has no near-term projects.")
    if not plan.projects:
        return section(title, [], nothing)
    head = (_("Project code"), _("Project"), _("When"), _("Cost (10,000 yuan)"), _("Responsible"))
    rows = tuple(
        (
            line.code,
            "\n".join(part for part in (line.name, *_details(line, _)) if part),
            line.years or "—",
            ten_thousands(line.cost_yuan),
            "\n".join(part for part in _people(line, _) if part) or "—",
        )
        for line in plan.projects
    )
    known = [line.cost_yuan for line in plan.projects if line.cost_yuan is not None]
    rows += (("", _("Together"), "", ten_thousands(sum(known)), ""),)
    table = Table(head, rows, (1.1, 4.1, 1.7, 2, 1.9), frozenset({3}), frozenset({len(rows) - 1}))
    blocks: list[Block] = [table]
    if len(known) < len(plan.projects):
        unknown = _("%(n)s projects have no cost yet and are not in the sum.")
        blocks.append(Text(unknown % {"n": len(plan.projects) - len(known)}, soft=True))
    return section(title, blocks, nothing)


def _details(line: Project, _: Gettext) -> tuple[str, ...]:
    """Return what a project is, where, how large and paid from what."""
    kind = str(PROJECT_KINDS[ProjectKind(line.kind)]) if line.kind else ""
    area = _("%(n)s ha") % {"n": line.area_ha} if line.area_ha else ""
    funding = _("Money: %(from)s") % {"from": line.funding} if line.funding else ""
    about = " · ".join(part for part in (kind, line.place, area) if part)
    return about, line.content, funding


def _people(line: Project, _: Gettext) -> tuple[str, ...]:
    helper = _("Helps: %(who)s") % {"who": line.helper} if line.helper else ""
    supervisor = _("Watches: %(who)s") % {"who": line.supervisor} if line.supervisor else ""
    return line.responsible, helper, supervisor


def chain(plan: PlanFacts, _: Gettext) -> list[Block]:
    """Return the section that shows which indicators and projects serve each goal, and orphans."""
    names = {line.code: line.name for line in plan.indicators}
    rows = []
    for goal in plan.goals:
        serving = [p for p in plan.projects if set(p.indicators) & set(goal.indicators)]
        rows.append(
            (
                goal.name,
                "\n".join(names.get(code, code) for code in goal.indicators) or "—",
                "\n".join(f"{project.code} {project.name}" for project in serving) or "—",
            )
        )
    blocks: list[Block] = []
    if rows:
        head = (_("Goal"), _("Measured by"), _("Projects that serve it"))
        blocks = [Table(head, tuple(rows), (3, 3.4, 4.2)), *_orphans(plan, _)]
    return section(_("From goals to projects"), blocks, _("The plan names no goals."))


def _orphans(plan: PlanFacts, _: Gettext) -> list[Block]:
    measured = {code for goal in plan.goals for code in goal.indicators}
    alone = [line.name for line in plan.indicators if line.code not in measured]
    idle = [f"{p.code} {p.name}" for p in plan.projects if not set(p.indicators) & measured]
    blocks: list[Block] = []
    if alone:
        words = _("Indicators that measure no goal: %(names)s.")
        blocks.append(Text(words % {"names": "；".join(alone)}, soft=True))
    if idle:
        words = _("Projects that serve no goal: %(names)s.")
        blocks.append(Text(words % {"names": "；".join(idle)}, soft=True))
    return blocks
