"""The notice of a draft plan on paper (kind A), its fourteen sections in order (domain.md §5 A)."""

from collections.abc import Callable, Sequence

from babel.dates import format_date

from portal.analysis.words import boundary_words
from portal.core.pdf.blocks import (
    Block,
    Figure,
    Figures,
    Section,
    Slip,
    Statement,
    Steps,
    Table,
    Text,
    Tone,
)
from portal.disclosure import pdf_land, pdf_plan
from portal.disclosure.contents_plan import CheckSummary, DraftNotice
from portal.disclosure.pdf_land import DrawnPlate
from portal.disclosure.pdf_plan import section
from portal.notices.rules import ChannelKind
from portal.notices.words import CHANNELS

Gettext = Callable[[str], str]


def title_of(content: DraftNotice, _: Gettext) -> str:
    """Return the title."""
    return _("Notice of the draft “%(plan)s”") % {"plan": content.plan.name}


def blocks_of(
    content: DraftNotice, _: Gettext, *, language: str, plates: Sequence[DrawnPlate] = ()
) -> list[Block]:
    """Return the document's body, section by section."""
    plan = content.plan
    return [
        Statement(
            _("This is a draft. It is decided only after everybody could speak and vote."),
            _("Say what you think until the end of the notice; how, you find below."),
            Tone.GOOD,
        ),
        *_basis(content, _),
        Section(_("Which plan it is")),
        pdf_plan.facts(plan, _),
        *_period(content, _, language),
        *pdf_plan.summary(plan, _),
        *pdf_plan.indicators(plan, _),
        *pdf_land.structure(plan, _, language=language),
        *pdf_land.controls(plan, _, language=language),
        *pdf_land.plates(plan, _, plates),
        *pdf_land.facilities(plan, _),
        *pdf_plan.projects(plan, _),
        *conflicts(content.checks, _, language),
        *pdf_plan.chain(plan, _),
        *_comment(content, _),
        *_privacy(_),
    ]


def _basis(content: DraftNotice, _: Gettext) -> list[Block]:
    laws = tuple(dict.fromkeys((*content.plan.legal_basis, content.citation)))
    named = Steps(tuple(law for law in laws if law))
    asks = Text(_("The law asks that a draft is shown to everybody. This plan rests on:"))
    return section(
        _("Why this notice"),
        [asks, named] if named.items else [],
        _("No rule was named for this notice."),
    )


def _period(content: DraftNotice, _: Gettext, language: str) -> list[Block]:
    head = content.head
    words = _("From %(start)s to %(end)s 24:00, %(days)s days (the first day is not counted).")
    blocks: list[Block] = [
        Text(
            words
            % {
                "start": format_date(head.period_start, "full", locale=language),
                "end": format_date(head.period_end, "full", locale=language),
                "days": head.period_days,
            }
        )
    ]
    rows = tuple(
        (
            str(CHANNELS[ChannelKind(way.kind)]),
            "\n".join(part for part in (way.place, way.note) if part) or "—",
            format_date(way.up_on, "long", locale=language) if way.up_on else _("not yet"),
        )
        for way in content.ways
    )
    if rows:
        blocks.append(Table((_("Way"), _("Place"), _("Up since")), rows, (2.4, 5, 2.6)))
    else:
        blocks.append(Text(_("No way of making it known was written down.")))
    return [Section(_("How long and where it can be read")), *blocks]


def conflicts(checks: CheckSummary | None, _: Gettext, language: str) -> list[Block]:
    """Return the section on spatial conflicts: what was held against what, and how much is open."""
    title = _("Spatial conflicts")
    nothing = _("The boundaries of this plan were not yet held against each other.")
    if checks is None:
        return section(title, [], nothing)
    figures = Figures(
        (
            Figure(str(checks.patches), "", _("patches checked")),
            Figure(str(checks.conflicting), "", _("of them in conflict")),
            Figure(f"{checks.ratio}%", "", _("share of patches")),
        )
    )
    rows = tuple(
        (
            f"{boundary_words(pair.first)} — {boundary_words(pair.second)}",
            str(pair.patches),
            str(pair.conflicting),
            pair.area_ha,
        )
        for pair in checks.pairs
    )
    head = (_("Boundaries"), _("Patches"), _("In conflict"), _("Area (ha)"))
    words = _(
        "Checked on %(day)s: %(conflicting)s of %(patches)s patches overlap, %(area)s ha in all."
        " Still open: %(open)s; agreed: %(agreed)s; settled: %(settled)s."
        " For comparison: a check elsewhere found %(benchmark)s%% of patches in conflict."
    )
    blocks: list[Block] = [
        figures,
        Text(
            words
            % {
                "day": format_date(checks.checked_on, "long", locale=language),
                "conflicting": checks.conflicting,
                "patches": checks.patches,
                "area": checks.area_ha,
                "open": checks.open,
                "agreed": checks.agreed,
                "settled": checks.settled,
                "benchmark": checks.benchmark,
            }
        ),
    ]
    if rows:
        blocks.append(Table(head, rows, (5, 1.6, 1.8, 1.8), frozenset({1, 2, 3})))
    return section(title, blocks, nothing)


def _comment(content: DraftNotice, _: Gettext) -> list[Block]:
    ways = (
        _("On the portal: %(url)s, or scan the code at the foot of this page.")
        % {"url": content.comment_url},
        _("On paper: fill in the slip at the end and put it into the box at the village office."),
        _("In person: at the village office, address and hours below."),
        _("If you cannot come, call: somebody comes to you and writes it down for you."),
        _("Whoever wants a hearing can ask for one in writing until the end of the notice."),
    )
    return [Section(_("How to say what you think")), Steps(ways)]


def _privacy(_: Gettext) -> list[Block]:
    words = _(
        "Opinions are given under your real name, which the committee sees; in public only your"
        " villager group and a masked name appear. Please write no identity numbers."
    )
    return [Section(_("Your data")), Text(words)]


def slip_of(_: Gettext) -> Slip:
    """Return the reply form that stands at the very end, to be cut off."""
    return Slip(
        _("My opinion on the draft (cut off here)"),
        (
            _("Name (may stay empty)"),
            _("Villager group"),
            _("Telephone (may stay empty)"),
            _("Which part of the plan"),
        ),
        lines=4,
    )
