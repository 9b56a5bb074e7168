"""The notice of a draft plan on paper (kind A)."""

from collections.abc import Callable
from typing import Any

from portal.core.pdf.blocks import (
    Block,
    Facts,
    Plate,
    Section,
    Slip,
    Statement,
    Steps,
    Table,
    Text,
    Tone,
)
from portal.disclosure.contents import DraftNotice
from portal.disclosure.figures import ten_thousands

Gettext = Callable[[str], str]


def title_of(content: DraftNotice, _: Gettext) -> str:
    """Return the title."""
    return _("Notice of the draft “%(plan)s”") % {"plan": content.plan_name}


def blocks_of(content: DraftNotice, _: Gettext, *, plate: Any) -> list[Block]:
    """Return the document's body, section by section (domain.md §5 A)."""
    blocks: list[Block] = [
        Statement(
            _("This is a draft. It is decided only after everybody could speak and vote."),
            _("Say what you think until the end of the notice; how, you find below."),
            Tone.GOOD,
        ),
        *_basis(content, _),
        *_plan(content, _),
        Section(_("The plan in plain words")),
        Text(content.summary),
    ]
    if plate is not None:
        blocks += [Section(_("Map")), Plate(plate, _map_caption(content, _))]
    blocks += _indicators(content, _)
    blocks += _projects(content, _)
    blocks += _chain(content, _)
    blocks += _comment(content, _)
    return blocks


def _basis(content: DraftNotice, _: Gettext) -> list[Block]:
    blocks: list[Block] = [Section(_("Why this notice"))]
    blocks.append(
        Text(
            _("The law asks for this notice: %(laws)s.") % {"laws": "；".join(content.legal_basis)}
        )
    )
    blocks.append(
        Text(_("It stands on this portal, and on the board: %(board)s") % {"board": content.board})
    )
    return blocks


def _plan(content: DraftNotice, _: Gettext) -> list[Block]:
    rows = (
        (_("Plan"), content.plan_name),
        (_("Version"), str(content.plan_version)),
        (_("Planning area"), content.area),
        (
            _("Term"),
            _("%(base)s to %(target)s (base year %(base)s, target year %(target)s)")
            % {"base": content.base_year, "target": content.target_year},
        ),
        (_("Responsible authority"), content.authority),
        (_("Compiled by"), content.institute),
        (_("Digest of the plan (SHA-256)"), _digits(content.plan_sha256)),
    )
    return [
        Section(_("Which plan it is")),
        Facts(tuple((label, value) for label, value in rows if value)),
    ]


def _indicators(content: DraftNotice, _: Gettext) -> list[Block]:
    if not content.indicators:
        return []
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
        for number, line in enumerate(content.indicators, start=1)
    )
    table = Table(head, rows, (0.9, 4, 1.3, 1.7, 1.7, 1.5), frozenset({3, 4, 5}))
    return [Section(_("Indicators")), table]


def _projects(content: DraftNotice, _: Gettext) -> list[Block]:
    if not content.projects:
        return []
    head = (_("Project code"), _("Project"), _("When"), _("Cost (10,000 yuan)"), _("Responsible"))
    rows = tuple(
        (
            line.code,
            line.name + (f"（{line.place}）" if line.place else ""),
            line.years or "—",
            ten_thousands(line.cost_yuan),
            line.responsible or "—",
        )
        for line in content.projects
    )
    known = [line.cost_yuan for line in content.projects if line.cost_yuan is not None]
    rows += (("", _("Together"), "", ten_thousands(sum(known)), ""),)
    table = Table(head, rows, (0.9, 3.8, 1.9, 1.8, 2.3), frozenset({3}), frozenset({len(rows) - 1}))
    blocks: list[Block] = [Section(_("Near-term projects")), table]
    if len(known) < len(content.projects):
        unknown = _("%(n)s projects have no cost yet and are not in the sum.")
        blocks.append(Text(unknown % {"n": len(content.projects) - len(known)}, soft=True))
    return blocks


def _chain(content: DraftNotice, _: Gettext) -> list[Block]:
    """Show which indicators measure each goal, and which projects serve them."""
    if not content.goals:
        return []
    names = {line.code: line.name for line in content.indicators}
    rows = []
    for goal in content.goals:
        serving = [p for p in content.projects if set(p.indicators) & set(goal.indicators)]
        rows.append(
            (
                goal.name,
                "\n".join(names.get(code, code) for code in goal.indicators) or "—",
                "\n".join(project.name for project in serving) or "—",
            )
        )
    head = (_("Goal"), _("Measured by"), _("Projects that serve it"))
    return [
        Section(_("From goals to projects")),
        Table(head, tuple(rows), (3, 3.4, 4.2)),
    ]


def _comment(content: DraftNotice, _: Gettext) -> list[Block]:
    ways = (
        _("On the portal: %(url)s, or scan the code at the foot of this page.")
        % {"url": content.comment_url},
        _("On paper: fill in the slip at the end and put it into the box at the village office."),
        _("In person: at the village office, address and hours below."),
        _("If you cannot come, call: somebody comes to you and writes it down for you."),
    )
    privacy = _(
        "Opinions are given under your real name, which the committee sees; in public only your"
        " villager group and a masked name appear. Please write no identity numbers."
    )
    return [
        Section(_("How to say what you think")),
        Steps(ways),
        Section(_("Your data")),
        Text(privacy),
    ]


def slip_of(_: Gettext) -> Slip:
    """Return the reply form that stands at the very end, to be cut off."""
    return Slip(
        _("My opinion on the draft (cut off here)"),
        (_("Name (may stay empty)"), _("Villager group"), _("Telephone (may stay empty)")),
        lines=4,
    )


def _map_caption(content: DraftNotice, _: Gettext) -> str:
    return _("%(plan)s, version %(version)s, with legend, north arrow and scale") % {
        "plan": content.plan_name,
        "version": content.plan_version,
    }


def _digits(sha256: str) -> str:
    return " ".join(sha256[start : start + 8] for start in range(0, 64, 8))
