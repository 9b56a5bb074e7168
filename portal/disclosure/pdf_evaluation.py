"""The yearly evaluation of a plan on paper (年度评估)."""

from collections.abc import Callable

from babel.dates import format_date

from portal.core.pdf.blocks import Bar, Bars, Block, Facts, Section, Table, Text
from portal.disclosure import pdf_plan
from portal.disclosure.contents_checks import Reading, YearlyEvaluation
from portal.disclosure.figures import ten_thousands
from portal.disclosure.pdf_plan import section

Gettext = Callable[[str], str]


def title_of(content: YearlyEvaluation, _: Gettext) -> str:
    """Return the title."""
    return _("Evaluation of the year %(year)s: “%(plan)s”") % {
        "year": content.year,
        "plan": content.plan_name,
    }


def blocks_of(content: YearlyEvaluation, _: Gettext, *, language: str) -> list[Block]:
    """Return the document's body, section by section."""
    about = Facts(
        (
            (_("Plan"), content.plan_name),
            (_("Version"), str(content.plan_version)),
            (_("Year"), str(content.year)),
            (_("Evaluated on"), format_date(content.evaluated_on, "long", locale=language)),
            (_("Digest of the plan (SHA-256)"), pdf_plan.digits(content.plan_sha256)),
        )
    )
    return [
        Section(_("What was evaluated")),
        about,
        *_readings(content, _),
        *_deviations(content, _),
        *_projects(content, _),
        *_corrections(content, _, language),
        *section(
            _("What was found"),
            [Text(content.findings)] if content.findings.strip() else [],
            _("Nothing was written here."),
        ),
        *section(
            _("Outlook on the next year"),
            [Text(content.outlook)] if content.outlook.strip() else [],
            _("Nothing was written here."),
        ),
    ]


def _lights(_: Gettext) -> dict[str, str]:
    return {
        "on_track": _("● on track"),
        "behind": _("▲ behind"),
        "breach": _("■ breach"),
        "unknown": _("○ not known"),
    }


def _readings(content: YearlyEvaluation, _: Gettext) -> list[Block]:
    lights = _lights(_)
    head = (
        _("Indicator"),
        _("Base"),
        _("Should be"),
        _("Is"),
        _("Target"),
        _("State"),
    )
    rows = tuple(
        (
            f"{line.name}（{line.unit}）",
            line.base,
            line.expected,
            line.current,
            line.target,
            lights.get(line.light, line.light),
        )
        for line in content.readings
    )
    table = Table(head, rows, (4.4, 1.3, 1.3, 1.3, 1.3, 1.6), frozenset({1, 2, 3, 4}))
    return section(
        _("Indicators: base, target and now"),
        [table] if rows else [],
        _("No indicator was read in this year."),
    )


def _deviations(content: YearlyEvaluation, _: Gettext) -> list[Block]:
    off = [line for line in content.readings if line.light in {"behind", "breach"}]
    head = (_("Indicator"), _("Deviation"), _("Cause"))
    rows = tuple((line.name, _deviation(line), line.cause or _("not given")) for line in off)
    return section(
        _("Deviations and their causes"),
        [Table(head, rows, (3, 2, 5.4))] if rows else [],
        _("No indicator is off its way."),
    )


def _deviation(line: Reading) -> str:
    return f"{line.deviation} {line.unit}" if line.deviation else "—"


def _projects(content: YearlyEvaluation, _: Gettext) -> list[Block]:
    head = (
        _("Project"),
        _("Done"),
        _("Cost (10,000 yuan)"),
        _("Paid (10,000 yuan)"),
        _("Responsible"),
    )
    rows = tuple(
        (
            f"{line.code} {line.name}".strip(),
            "—" if line.percent is None else f"{line.percent}%",
            ten_thousands(line.cost_yuan),
            ten_thousands(line.paid_yuan),
            line.responsible or "—",
        )
        for line in content.projects
    )
    bars = Bars(
        tuple(
            Bar(line.name, line.percent, 100, f"{line.percent}%")
            for line in content.projects
            if line.percent is not None
        )
    )
    blocks: list[Block] = []
    if rows:
        blocks.append(Table(head, rows, (3.8, 1.2, 2, 2, 2), frozenset({1, 2, 3})))
    if bars.items:
        blocks.append(bars)
    return section(_("Projects"), blocks, _("No project was followed in this year."))


def _corrections(content: YearlyEvaluation, _: Gettext, language: str) -> list[Block]:
    head = (_("What is to be done"), _("Responsible"), _("Until"), _("Done on"))
    rows = tuple(
        (
            line.what,
            line.responsible or "—",
            format_date(line.due_on, "long", locale=language) if line.due_on else "—",
            format_date(line.done_on, "long", locale=language) if line.done_on else "—",
        )
        for line in content.corrections
    )
    return section(
        _("What is done about it"),
        [Table(head, rows, (3.4, 2.2, 2.4, 2.4))] if rows else [],
        _("Nothing has to be corrected."),
    )
