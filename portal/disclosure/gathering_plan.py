"""Facts about a plan for documents: from its version, its notice, its map and the checks of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

import shapely
from shapely.geometry import shape

from portal.analysis import service as analysis
from portal.core import clock
from portal.core.pdf import fonts
from portal.disclosure import gathering_conflicts
from portal.disclosure.contents_plan import (
    Bound,
    ControlRule,
    DraftNotice,
    Facility,
    Goal,
    Indicator,
    PlanFacts,
    Project,
    Road,
    StructureRow,
    Way,
)
from portal.disclosure.figures import number_words, signed_words
from portal.disclosure.gathering import Place, head_of, township_of
from portal.disclosure.pdf_land import DrawnPlate
from portal.disclosure.rules import DocKind
from portal.maps import plate
from portal.maps.projection import around
from portal.maps.rules import LayerKind, Sheet
from portal.maps.words import Words
from portal.notices import service as notices
from portal.people import service as people
from portal.plans import service as plans
from portal.plans.content import Content
from portal.plans.models import PlanVersion
from portal.plans.rules import CONTROL_LINES, IndicatorKind

LAWS = (
    "《中华人民共和国城乡规划法》第二十六条",
    "《中华人民共和国城乡规划法》第二十二条",
    "《中华人民共和国村民委员会组织法》第三十条",
)
GROUND = (LayerKind.VILLAGE_AREA, LayerKind.ROAD, LayerKind.PLACE)
PLATES: dict[str, tuple[LayerKind, ...]] = {
    "land_use": (*GROUND, LayerKind.LAND_USE, LayerKind.PROJECT),
    "land_use_base": (*GROUND, LayerKind.LAND_USE_BASE),
    "controls": (*GROUND, LayerKind.CONTROL_ZONE, *(LayerKind(line) for line in CONTROL_LINES)),
}
"""The plates of a plan and their layers; the last ones of each make it worth a page."""
DRAWN_AS = {LayerKind.LAND_USE_BASE: LayerKind.LAND_USE}
"""On a plate of its own the land as it is looks like the land as it is to be."""
HECTARE = 10_000
CENT = Decimal("0.01")


def gather_notice(version_id: int, *, place: Place, comment_url: str) -> DraftNotice:
    """Return the notice of a version that is on notice (kind A); its period is the notice's own."""
    notice = plans.notice_of(version_id)
    if notice is None:
        raise LookupError(f"version {version_id} was never on notice")
    version = plans.get_version(version_id)
    ways = notices.channels_of(notice.id)[notice.id]
    return DraftNotice(
        head=head_of(
            DocKind.DRAFT_NOTICE,
            replace(place, issued_on=notice.started_on, period_end=notice.last_on),
        ),
        plan=plan_facts(version, place=place),
        ways=tuple(
            Way(
                kind=way.channel.kind.value,
                place=way.channel.place,
                note=way.channel.note,
                up_on=clock.today(way.channel.up_at) if way.channel.up_at else None,
            )
            for way in ways
        ),
        citation=notice.citation,
        checks=gathering_conflicts.check_summary(version_id),
        comment_url=comment_url,
    )


def plan_facts(version: PlanVersion, *, place: Place) -> PlanFacts:
    """Return what a version says, as far as documents show it."""
    content = plans.content_of(version)
    path = people.path_of(place.village.id)
    area = "".join(region.name for region in path[2:] if not region.name.isdigit())
    sheet = content.map
    return PlanFacts(
        name=content.title,
        version=content.number,
        sha256=version.content_sha256 or plans.sha256(content),
        base_year=content.base_year,
        target_year=content.target_year,
        authority=township_of(place.village.id),
        institute=content.compiled_by,
        area=area or place.village.name,
        scope=content.scope,
        area_ha=number_words(content.area_ha) if content.area_ha is not None else "",
        population=content.population,
        legal_basis=content.legal_basis or LAWS,
        summary="\n".join(content.sentences),
        indicators=_indicators(content),
        structure=_structure(content, version.plan_id),
        zones=_zones(sheet, content.area_ha),
        lines=_lines(sheet, content.area_ha),
        controls=tuple(
            ControlRule(subject=rule.subject, title=rule.title, text=rule.text)
            for rule in content.controls
        ),
        facilities=tuple(
            Facility(
                kind=line.kind.value,
                name=line.name,
                status=line.status.value,
                location=line.location,
                radius_m=line.radius_m,
                note=line.note,
            )
            for line in content.facilities
        ),
        roads=_roads(sheet),
        projects=_projects(content),
        goals=tuple(
            Goal(code=str(goal.position), name=goal.title, indicators=goal.indicators)
            for goal in content.goals
        ),
        plates=tuple(name for name, _kinds in _plates(sheet)),
    )


def _indicators(content: Content) -> tuple[Indicator, ...]:
    return tuple(
        Indicator(
            code=line.code,
            name=line.name,
            is_binding=line.kind is IndicatorKind.BINDING,
            unit=line.unit,
            base=number_words(line.base),
            target=number_words(line.target),
            change=signed_words(line.change),
        )
        for line in content.indicators
    )


def _projects(content: Content) -> tuple[Project, ...]:
    return tuple(
        Project(
            code=line.code,
            name=line.name,
            kind=line.kind.value if line.kind else "",
            content=line.content,
            place=line.location,
            area_ha=number_words(line.area_ha) if line.area_ha is not None else "",
            years=line.year,
            cost_yuan=line.cost_yuan,
            funding=line.funding,
            responsible=line.responsible,
            helper=line.helper,
            supervisor=line.supervisor,
            indicators=line.indicators,
        )
        for line in content.projects
    )


def _structure(content: Content, plan_id: int) -> tuple[StructureRow, ...]:
    """Return the structure table with the groups and subtotals that the planners' checks make."""
    if not content.structure:
        return ()
    table = analysis.balance_of(content, analysis.settings_of(plan_id)).table
    return tuple(
        StructureRow(
            group=row.group.value,
            code=row.code,
            is_town=row.is_town,
            level=row.level,
            base_ha=number_words(row.base_ha),
            base_share=number_words(row.base_share) if row.base_share is not None else "",
            target_ha=number_words(row.target_ha),
            target_share=number_words(row.target_share) if row.target_share is not None else "",
            change_ha=signed_words(row.change_ha),
        )
        for row in table.rows
        if row.level == 0 or row.base_ha or row.target_ha
    )


def _zones(sheet: Sheet | None, area_ha: Decimal | None) -> tuple[Bound, ...]:
    found: dict[str, list[int]] = defaultdict(list)
    for feature in sheet.layer(LayerKind.CONTROL_ZONE) if sheet else ():
        found[feature.code].append(feature.area_m2)
    return tuple(_bound(code, found[code], area_ha) for code in sorted(found))


def _lines(sheet: Sheet | None, area_ha: Decimal | None) -> tuple[Bound, ...]:
    if sheet is None:
        return ()
    drawn = [(kind, sheet.layer(LayerKind(kind))) for kind in CONTROL_LINES]
    return tuple(
        _bound(kind, [feature.area_m2 for feature in features], area_ha)
        for kind, features in drawn
        if features
    )


def _bound(key: str, areas: Sequence[int], whole: Decimal | None) -> Bound:
    area = Decimal(sum(areas)) / HECTARE
    share = str((area * 100 / whole).quantize(CENT)) if whole else ""
    return Bound(key=key, count=len(areas), area_ha=str(area.quantize(CENT)), share=share)


def _roads(sheet: Sheet | None) -> tuple[Road, ...]:
    """Return the named roads of the map and their lengths on the ground, in whole metres."""
    features = [road for road in sheet.layer(LayerKind.ROAD) if road.name] if sheet else []
    if not features:
        return ()
    shapes = [shape(road.geometry) for road in features]
    plane = around(tuple(shapely.total_bounds(shapes).tolist()))
    lengths: dict[str, float] = defaultdict(float)
    for road, line in zip(features, shapes, strict=True):
        lengths[road.name] += plane.flatten(line).length
    return tuple(Road(name=name, length_m=round(length)) for name, length in lengths.items())


def draw_plates(version_id: int, words: Words) -> tuple[DrawnPlate, ...]:
    """Return the plates of a version's map, each under its name: how to draw it, and its legend."""
    fonts.register()
    sheet = plans.content_of(plans.get_version(version_id)).map
    return tuple(
        DrawnPlate(
            name=name,
            draw=partial(_draw, part, words),
            legend_title=words.legend,
            legend=tuple(
                (sample, said)
                for said, sample in plate.legend(
                    part, words=words, font=fonts.REGULAR, bold=fonts.BOLD
                )
            ),
        )
        for name, part in _plates(sheet)
    )


def _plates(sheet: Sheet | None) -> list[tuple[str, Sheet]]:
    """Return the plates that have something of their own to show, each with its layers."""
    found = []
    for name, kinds in PLATES.items() if sheet else ():
        assert sheet is not None  # noqa: S101 -- no sheet, no plates
        if any(sheet.layer(kind) for kind in kinds if kind not in GROUND):
            layers = tuple(
                replace(layer, kind=DRAWN_AS.get(layer.kind, layer.kind))
                for layer in sheet.layers
                if layer.kind in kinds
            )
            found.append((name, replace(sheet, layers=layers)))
    return found


def _draw(sheet: Sheet, words: Words, width: float, height: float, size: float) -> object:
    return plate.drawing(
        sheet, width, height, font=fonts.REGULAR, bold=fonts.BOLD, words=words, least=size
    )
