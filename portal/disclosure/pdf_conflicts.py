"""The table of spatial conflicts on paper (kind J)."""

from collections.abc import Callable

from babel.dates import format_date

from portal.analysis.rules import ConflictState
from portal.analysis.words import STATES, boundary_words
from portal.core.pdf.blocks import Block, Facts, Section, Table, Text
from portal.disclosure import pdf_notice, pdf_plan
from portal.disclosure.contents_checks import Conflict, ConflictTable
from portal.disclosure.pdf_plan import section

Gettext = Callable[[str], str]


def title_of(content: ConflictTable, _: Gettext) -> str:
    """Return the title."""
    return _("Spatial conflicts of “%(plan)s”") % {"plan": content.plan_name}


def blocks_of(content: ConflictTable, _: Gettext, *, language: str) -> list[Block]:
    """Return the document's body: what was checked, the sums, every patch, what the words mean."""
    tolerance = _("%(area)s m², and at least %(share)s%% of the smaller patch")
    checked = Facts(
        (
            (_("Plan"), content.plan_name),
            (_("Version"), str(content.plan_version)),
            (_("Checked on"), format_date(content.checked_on, "long", locale=language)),
            (
                _("An overlap counts from"),
                tolerance % {"area": content.tolerance_m2, "share": content.tolerance_share},
            ),
            (_("Digest of the plan (SHA-256)"), pdf_plan.digits(content.plan_sha256)),
        )
    )
    return [
        Section(_("What was checked")),
        checked,
        *pdf_notice.conflicts(content.summary, _, language),
        *_patches(content, _),
        Section(_("How a conflict is settled")),
        Text(
            _(
                "Every conflict has a department that sees to it and a proposal. It is settled when"
                " the map no longer shows it, or when the department says why it stays."
            )
        ),
    ]


def _patches(content: ConflictTable, _: Gettext) -> list[Block]:
    head = (
        _("No."),
        _("Boundaries and patches"),
        _("Area (ha)"),
        _("Share (%)"),
        _("Department"),
        _("Proposed handling"),
        _("State"),
    )
    rows = tuple(
        (
            str(line.number),
            _pair(line),
            line.area_ha,
            line.share,
            line.department or "—",
            line.proposal or "—",
            str(STATES[ConflictState(line.state)])
            + ("" if line.is_present else f"（{_('gone from the map')}）"),
        )
        for line in content.conflicts
    )
    table = Table(head, rows, (0.9, 2.4, 1.6, 1.75, 1.5, 2, 1.25), frozenset({2, 3}))
    return section(
        _("Every patch in conflict"),
        [table] if rows else [],
        _("No patch is in conflict."),
    )


def _pair(line: Conflict) -> str:
    first, second = boundary_words(line.first), boundary_words(line.second)
    return f"{first} {line.first_patch}\n{second} {line.second_patch}"
