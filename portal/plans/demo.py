"""The demonstration plan: an invented village plan 2026–2035, on notice for twelve days."""

import random
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from portal.core import clock
from portal.maps.landscape import village
from portal.maps.landuse import CLASSES
from portal.maps.rules import Layer, LayerKind
from portal.notices import service as notices
from portal.notices.demo_picture import draw_board
from portal.plans import demo_land, service
from portal.plans.demo_land import PEOPLE
from portal.plans.demo_texts import GOALS, NAME, PROJECTS, SECTIONS
from portal.plans.rules import Direction, IndicatorKind
from portal.plans.words import mu_of

BOARDS = ("村委会公开栏", "溪头自然村公开栏", "里村自然村公开栏")


def load(*, rng: random.Random, now: datetime) -> None:
    """Put the demonstration plan in, and open its notice as if twelve days ago."""
    opened = now - timedelta(days=12)
    drafted = opened - timedelta(days=20)
    version = service.create_plan(
        name=NAME,
        base_year=2025,
        target_year=2035,
        compiled_by="县乡村规划设计院(示例)",
        now=drafted,
    )
    files = village(rng)
    layers = {
        kind: Layer(kind, service.put_layer(version.id, kind, data, now=drafted).features)
        for kind, data in files.items()
    }
    for title, text in SECTIONS:
        service.add_section(version.id, title=title, text=text, now=drafted)
    goals = [service.add_goal(version.id, title=t, text=text, now=drafted).id for t, text in GOALS]
    indicators = _add_indicators(version.id, goals, layers, now=drafted)
    for number, (name, kind, content, place, area, year, cost, fund, who, supports) in enumerate(
        PROJECTS, 1
    ):
        service.add_project(
            version.id, code=str(number), name=name, kind=kind, content=content, location=place,
            area_ha=Decimal(area), year=year, cost_yuan=cost, funding=fund, responsible=who,
            helper="相关村民小组", supervisor="村务监督委员会", deadline=date(int(year[-4:]), 12, 31),
            indicator_ids=[indicators[code] for code in supports], now=drafted,
        )  # fmt: skip
    farmland = _hectares(layers[LayerKind.PERMANENT_BASIC_FARMLAND])
    total = sum(project[6] for project in PROJECTS)
    service.write_summary(
        version.id,
        sentences=(
            "今后十年，青溪村的田不少一亩，山不少一片，溪水要比现在清。",
            "溪头到里村的路加宽到5米，十个组都通上硬化路。",
            "全村污水接进管网，溪口的处理站扩大一倍。",
            "祠堂前办幸福院和老人食堂，小学、卫生室留在村里。",
            "新房只在村庄建设边界里建，先用空着的老宅基地。",
        ),
        figures=(
            (f"{mu_of(farmland):,}", "亩", "永久基本农田，一亩不少"),
            (str(len(PROJECTS)), "个", "2026–2028年要做的项目"),
            (f"{total // 10_000:,}", "万元", "这些项目的估算投资"),
        ),
        now=drafted,
    )
    demo_land.load(version.id, layers, now=drafted)
    planned = service.plan_notice(
        version.id,
        planned_for=clock.today(opened),
        boards=BOARDS,
        made_by=None,
        is_rest_day=service.rest_days(),
        now=drafted,
    )
    boards = notices.missing_ways(planned.id)
    for number, board in enumerate(boards[1:], 2):
        notices.confirm_channel(
            planned.id,
            board.id,
            up_at=opened - timedelta(hours=2),
            note=f"网格员张贴并拍照，照片编号GK-{number:02}(示例)。",
            photos=[draw_board(NAME, rng=random.Random(opened.day + number))],
            confirmed_by=None,
            now=opened,
        )
    service.open_notice(
        version.id,
        board_evidence="网格员张贴并拍照，照片编号GK-01(示例)。",
        board_at=opened - timedelta(hours=2),
        party_review_on=clock.today(opened) - timedelta(days=5),
        party_review_note="村党总支会议记录第7号(示例)",
        photo=draw_board(NAME, rng=random.Random(opened.day)),
        opened_by=None,
        is_rest_day=service.rest_days(),
        now=opened,
    )


def _hectares(layer: Layer) -> Decimal:
    return Decimal(sum(f.area_m2 for f in layer.features)) / 10_000


def _add_indicators(
    version_id: int, goals: list[int], layers: Mapping[LayerKind, Layer], *, now: datetime
) -> dict[str, int]:
    """Add the indicator table with the areas that the map really has, now and as planned."""
    now_by, then_by = (
        demo_land.by_code(layers[kind]) for kind in (LayerKind.LAND_USE_BASE, LayerKind.LAND_USE)
    )

    def land(*starts: str) -> tuple[Decimal, Decimal]:
        return _sum(now_by, then_by, lambda code: code.startswith(starts))

    def flagged(flag: str) -> tuple[Decimal, Decimal]:
        return _sum(now_by, then_by, lambda code: bool(getattr(CLASSES[code], flag)))

    homes = flagged("village_construction")
    redline = _hectares(layers[LayerKind.ECOLOGICAL_REDLINE])
    farmland = _hectares(layers[LayerKind.PERMANENT_BASIC_FARMLAND])
    a_head = (homes[0] * 10_000 / PEOPLE, homes[1] * 10_000 / PEOPLE)
    binding, expected = IndicatorKind.BINDING, IndicatorKind.EXPECTED
    most, least = Direction.AT_MOST, Direction.AT_LEAST
    services = "公共管理与公共服务用地规模"
    table = (
        ("total_construction_land", "村域建设用地总面积", "公顷", binding, most, *flagged("construction"), (1,)),
        ("urban_rural_construction_land", "村域城乡建设用地面积", "公顷", binding, most, *homes, (1,)),
        ("village_construction_land", "村庄建设用地规模", "公顷", expected, most, *homes, (1,)),
        ("village_land_per_capita", "人均村庄建设用地面积", "平方米/人", expected, most, *a_head, (4,)),
        ("public_service_land", services, "公顷", expected, least, *land("08", "0704"), (2,)),
        ("utility_land", "公用设施用地规模", "公顷", expected, least, *land("13"), (1,)),
        ("ecological_redline_area", "生态保护红线面积", "公顷", binding, least, redline, redline, (0,)),
        ("permanent_basic_farmland", "永久基本农田保护面积", "公顷", binding, least, farmland, farmland, (0,)),
        ("arable_land_retained", "耕地保有量", "公顷", binding, least, *land("01"), (0, 4)),
        ("forest_land_retained", "林地保有量", "公顷", binding, least, *land("03"), (0,)),
        ("heritage_count", "自然和文化遗产", "处", expected, least, Decimal(12), Decimal(12), (3,)),
        ("idle_house_count", "闲置农房", "幢", expected, most, Decimal(37), Decimal(15), (4,)),
    )  # fmt: skip
    found: dict[str, int] = {}
    for code, name, unit, kind, direction, base, target, measures in table:
        digits = Decimal(1) if unit in ("处", "幢") else Decimal("0.01")
        indicator = service.add_indicator(
            version_id, code=code, name=name, unit=unit, kind=kind, direction=direction,
            base=base.quantize(digits), target=target.quantize(digits),
            upper_limit=base.quantize(digits) if direction is most else None,
            lower_limit=target.quantize(digits) if (kind, direction) == (binding, least) else None,
            goal_ids=[goals[n] for n in measures], now=now,
        )  # fmt: skip
        found[code] = indicator.id
    return found


def _sum(
    now_by: Mapping[str, Decimal], then_by: Mapping[str, Decimal], wanted: Callable[[str], bool]
) -> tuple[Decimal, Decimal]:
    """Return the hectares of the wanted classes now, and as planned."""
    now, then = (
        sum((area for code, area in by.items() if wanted(code)), Decimal(0))
        for by in (now_by, then_by)
    )
    return now, then
