"""The publication of an approved plan on paper (kind D; domain.md §5 D, §2.5 D8)."""

from collections.abc import Callable, Sequence

from babel.dates import format_date

from portal.core.pdf.blocks import Block, Facts, Section, Statement, Steps, Table, Text, Tone
from portal.disclosure import pdf_land, pdf_plan
from portal.disclosure.contents_plan import ApprovedPlan, Change
from portal.disclosure.pdf_land import DrawnPlate
from portal.disclosure.pdf_plan import section

Gettext = Callable[[str], str]

KEY_FIGURES = (
    "arable_land_retained",
    "permanent_basic_farmland",
    "supplementary_arable_land",
    "urban_rural_construction_land",
    "village_construction_land",
)
"""The indicators that the law wants to see in it (D8)."""


def title_of(content: ApprovedPlan, _: Gettext) -> str:
    """Return the title."""
    return _("Publication of the approved “%(plan)s”") % {"plan": content.plan.name}


def blocks_of(
    content: ApprovedPlan, _: Gettext, *, language: str, plates: Sequence[DrawnPlate] = ()
) -> list[Block]:
    """Return the document's body, section by section."""
    plan = content.plan
    return [
        Statement(
            _("This plan is approved. From now on everything is built by it."),
            _("What differs from the draft that was on notice, and why, you find below."),
            Tone.GOOD,
        ),
        *_approval(content, _, language),
        *_goals(content, _),
        *_uses(content, _, language),
        *_key_figures(content, _),
        *pdf_plan.projects(plan, _),
        *pdf_land.plates(plan, _, plates),
        *_changes(content, _),
        *_reading(content, _),
    ]


def _approval(content: ApprovedPlan, _: Gettext, language: str) -> list[Block]:
    rows = (
        (_("Approved by"), content.approved_by),
        (_("Document number of the approval"), content.approval_number),
        (_("Approved on"), format_date(content.approved_on, "long", locale=language)),
        (_("Digest of the plan (SHA-256)"), pdf_plan.digits(content.plan.sha256)),
    )
    return [Section(_("The approval")), Facts(rows)]


def _goals(content: ApprovedPlan, _: Gettext) -> list[Block]:
    goals = Steps(tuple(goal.name for goal in content.plan.goals))
    blocks: list[Block] = [pdf_plan.facts(content.plan, _)]
    blocks += [goals] if goals.items else [Text(_("The plan names no goals."))]
    return [Section(_("Goals, term and scope")), *blocks]


def _uses(content: ApprovedPlan, _: Gettext, language: str) -> list[Block]:
    """Put the uses of the land and the rules for them into one section."""
    uses = pdf_land.structure(content.plan, _, language=language)[1:]
    rules = pdf_land.controls(content.plan, _, language=language)[1:]
    return [Section(_("What the land is used for, and which rules hold")), *uses, *rules]


def _key_figures(content: ApprovedPlan, _: Gettext) -> list[Block]:
    known = {line.code: line for line in content.plan.indicators}
    missing = {
        "arable_land_retained": _("Arable land retained"),
        "permanent_basic_farmland": _("Permanent basic farmland"),
        "supplementary_arable_land": _("Supplementary arable land"),
        "urban_rural_construction_land": _("Urban and rural construction land"),
        "village_construction_land": _("Village construction land"),
    }
    rows = tuple(
        (known[code].name, known[code].unit, known[code].base, known[code].target)
        if code in known
        else (missing[code], "—", "—", _("not in the plan"))
        for code in KEY_FIGURES
    )
    head = (_("Indicator"), _("Unit"), _("Base year"), _("Target year"))
    return [
        Section(_("Arable land and the size of construction land")),
        Table(head, rows, (4.5, 1.6, 2, 2.4), frozenset({2, 3})),
    ]


def _changes(content: ApprovedPlan, _: Gettext) -> list[Block]:
    if content.noticed_version is None:
        nothing = _("There was no earlier version on notice to compare with.")
    else:
        nothing = _("The approved plan is the one that was on notice; nothing was changed.")
    title = _("What differs from the draft on notice")
    return changes(content.changes, _, title=title, now=_("Approved"), otherwise=nothing)


def changes(
    lines: Sequence[Change], _: Gettext, *, title: str, now: str, otherwise: str
) -> list[Block]:
    """Return the section of what was changed since the notice, and why."""
    areas = {
        "head": _("name, term and scope"),
        "summary": _("summary"),
        "text": _("text"),
        "goals": _("goals"),
        "indicators": _("indicators"),
        "structure": _("land use"),
        "facilities": _("facilities"),
        "projects": _("projects"),
        "controls": _("control rules"),
        "map": _("map"),
    }
    kinds = {"added": _("added"), "removed": _("taken out"), "changed": _("changed")}
    head = (_("What"), _("On notice"), now, _("Reason"))
    rows = tuple(
        (
            f"{areas.get(line.area, line.area)}：{line.where}".rstrip("：")
            + f"（{kinds.get(line.kind, line.kind)}）",
            line.before or "—",
            line.after or "—",
            "\n".join(part for part in (_opinion(line, _), line.reason) if part) or _("not given"),
        )
        for line in lines
    )
    table: list[Block] = [Table(head, rows, (2.2, 2.8, 2.8, 2.6))] if rows else []
    return section(title, table, otherwise)


def _opinion(line: Change, _: Gettext) -> str:
    return "" if line.opinion is None else _("opinion no. %(n)s") % {"n": line.opinion}


def _reading(content: ApprovedPlan, _: Gettext) -> list[Block]:
    ways = (
        _("On the portal: %(url)s, or scan the code at the foot of this page.")
        % {"url": content.full_text_url},
        _("On paper: at the village office, address and hours below."),
        _("Whoever sees something built against the plan can report it there, or to the township."),
    )
    return [Section(_("Where the whole plan can be read, and where to report")), Steps(ways)]
