"""The land of a plan, on paper: structure table with its chart, control rules, maps, facilities."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.analysis.balance import Group
from portal.analysis.words import GROUPS
from portal.core.pdf.blocks import Block, Draw, Legend, Pair, Pairs, Plate, Section, Table, Text
from portal.disclosure.contents_plan import Bound, PlanFacts
from portal.disclosure.figures import grouped
from portal.disclosure.pdf_plan import section
from portal.maps.landuse import CLASSES
from portal.maps.remarks import LAYERS
from portal.maps.rules import LayerKind
from portal.plans.rules import FacilityStatus
from portal.plans.words import FACILITY_STATES, ZONES
from portal.villages.rules import FacilityKind
from portal.villages.words import KINDS as FACILITY_KINDS

Gettext = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class DrawnPlate:
    """A plate of the map: its name, how it is drawn, and the samples and names of its legend."""

    name: str
    draw: Draw
    legend_title: str
    legend: tuple[tuple[Any, str], ...]


def _class_name(code: str, language: str) -> str:
    found = CLASSES.get(code)
    return f"{code} {found.name(language)}" if found else code


def structure(plan: PlanFacts, _: Gettext, *, language: str) -> list[Block]:
    """Return the section with the land-use structure table and its chart."""
    title = _("How the land is used, now and by the plan")
    nothing = _("The plan has no land-use structure table.")
    if not plan.structure:
        return section(title, [], nothing)
    town = _("in the town")
    rows = tuple(
        (
            "　" * line.level
            + (_class_name(line.code, language) if line.code else str(GROUPS[Group(line.group)]))
            + (f"（{town}）" if line.is_town else ""),
            _area(line.base_ha, line.base_share),
            _area(line.target_ha, line.target_share),
            line.change_ha,
        )
        for line in plan.structure
    )
    head = (
        _("Class"),
        _("%(year)s (ha)") % {"year": plan.base_year},
        _("%(year)s (ha)") % {"year": plan.target_year},
        _("Change (ha)"),
    )
    strong = frozenset(n for n, line in enumerate(plan.structure) if not line.code)
    blocks: list[Block] = [Table(head, rows, (3.6, 2.7, 2.7, 1.5), frozenset({1, 2, 3}), strong)]
    caption = _("Hectares of each class in %(base)s and %(target)s") % {
        "base": plan.base_year,
        "target": plan.target_year,
    }
    blocks.append(Pairs(caption, _bars(plan, language)))
    return section(title, blocks, nothing)


def _area(hectares: str, share: str) -> str:
    return f"{hectares}（{share}%）" if share else hectares


def _bars(plan: PlanFacts, language: str) -> tuple[Pair, ...]:
    """Return a pair of bars for every first-level class, summed from its lowest rows."""
    codes = [row.code for row in plan.structure if row.code]
    sums: dict[str, list[Decimal]] = {}
    for row in plan.structure:
        if row.code and not any(code != row.code and code.startswith(row.code) for code in codes):
            found = sums.setdefault(row.code[:2], [Decimal(0), Decimal(0)])
            found[0] += Decimal(row.base_ha)
            found[1] += Decimal(row.target_ha)
    most = max((max(pair) for pair in sums.values()), default=Decimal(0)) or Decimal(1)
    years = (plan.base_year, plan.target_year)
    return tuple(
        Pair(
            label=_class_name(first, language),
            first=float(base / most),
            second=float(target / most),
            words=(f"{years[0]}　{base:,f}", f"{years[1]}　{target:,f}"),
            colour=CLASSES[first].colour,
        )
        for first, (base, target) in sorted(sums.items())
        if first in CLASSES
    )


def controls(plan: PlanFacts, _: Gettext, *, language: str) -> list[Block]:
    """Return the section with control zones, control lines and the rules that hold there."""
    blocks: list[Block] = []
    zones = {code: str(words) for code, words in ZONES.items()}
    if plan.zones:
        named = [(f"{zone.key} {zones.get(zone.key, '')}".strip(), zone) for zone in plan.zones]
        blocks.append(_bounds(_("Control zones"), named, _))
    if plan.lines:
        named = [(str(LAYERS[LayerKind(line.key)]), line) for line in plan.lines]
        blocks.append(_bounds(_("Control lines"), named, _))
    if plan.controls:
        rows = tuple(
            (_subject(rule.subject, zones, language), rule.title, rule.text)
            for rule in plan.controls
        )
        head = (_("Where"), _("Rule"), _("What holds"))
        blocks.append(Table(head, rows, (2.6, 2.4, 5.4), caption=_("Control rules")))
    elif blocks:
        blocks.append(Text(_("The plan gives no control rules in words.")))
    return section(
        _("Control lines and rules"), blocks, _("The plan has no control lines and no rules.")
    )


def _bounds(caption: str, named: Sequence[tuple[str, Bound]], _: Gettext) -> Table:
    rows = tuple((name, str(b.count), b.area_ha, b.share or "—") for name, b in named)
    head = (_("Kind"), _("Areas"), _("Area (ha)"), _("Share (%)"))
    return Table(head, rows, (4.6, 1.5, 2, 2), frozenset({1, 2, 3}), caption=caption)


def _subject(subject: str, zones: dict[str, str], language: str) -> str:
    kind, _colon, key = subject.partition(":")
    if kind == "zone":
        return f"{key} {zones.get(key, '')}".strip()
    if kind == "landuse":
        return _class_name(key, language)
    return str(LAYERS[LayerKind(key)]) if key in set(LayerKind) else subject


def plates(plan: PlanFacts, _: Gettext, drawn: Sequence[DrawnPlate]) -> list[Block]:
    """Return the section with the map plates."""
    names = {
        "land_use": _("Land use by the plan"),
        "land_use_base": _("Land use as it is"),
        "controls": _("Control lines"),
    }
    words = _("%(map)s: %(plan)s, version %(version)s, with legend, north arrow and scale")
    blocks: list[Block] = []
    for drawing in drawn:
        facts = {"map": names[drawing.name], "plan": plan.name, "version": plan.version}
        blocks.append(Plate(drawing.draw, words % facts))
        blocks.append(Legend(drawing.legend_title, drawing.legend))
    return section(_("Map"), blocks, _("The plan has no map."))


def facilities(plan: PlanFacts, _: Gettext) -> list[Block]:
    """Return the section with public facilities and roads."""
    blocks: list[Block] = []
    if plan.facilities:
        rows = tuple(
            (
                line.name,
                str(FACILITY_KINDS[FacilityKind(line.kind)]),
                str(FACILITY_STATES[FacilityStatus(line.status)]),
                line.location or "—",
                "\n".join(
                    part
                    for part in (
                        _("serves %(n)s m around") % {"n": grouped(line.radius_m)}
                        if line.radius_m
                        else "",
                        line.note,
                    )
                    if part
                )
                or "—",
            )
            for line in plan.facilities
        )
        head = (_("Facility"), _("Kind"), _("State"), _("Place"), _("Note"))
        table = Table(head, rows, (2.6, 2, 1.5, 2, 2.4), caption=_("Public facilities"))
        blocks.append(table)
    else:
        blocks.append(Text(_("The plan names no public facilities.")))
    if plan.roads:
        roads = tuple((road.name, grouped(road.length_m)) for road in plan.roads)
        head_ = (_("Road"), _("Length (m)"))
        blocks.append(Table(head_, roads, (4, 2), frozenset({1}), caption=_("Roads")))
    else:
        blocks.append(Text(_("The map of the plan shows no roads.")))
    return [Section(_("Facilities and roads")), *blocks]
