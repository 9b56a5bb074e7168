"""A small plan, complete enough for its notice, and the calendar without holidays."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.maps.rules import LayerKind
from portal.notices.calendar import RestDays
from portal.plans import fragments, grounds, service
from portal.plans.rules import Direction, IndicatorKind, ProjectKind
from tests.pictures import BOARD

NOON = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)  # noon of 31 January in the village
WEEKENDS = RestDays()
SQUARE = [[118.0, 29.0], [118.001, 29.0], [118.001, 29.001], [118.0, 29.001], [118.0, 29.0]]


def geojson_file(ring=SQUARE, **properties):
    feature = {
        "type": "Feature",
        "properties": {"code": "0101", "name": "前畈", **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def fill(version_id, *, parts=1, now=NOON):
    """Write everything that a notice asks for into a draft."""
    service.write_summary(
        version_id,
        sentences=[f"第{n}句话。" for n in range(1, 6)],
        figures=[("1140", "亩", "永久基本农田"), ("8", "个", "项目"), ("1306", "万元", "投资")],
        now=now,
    )
    for n in range(1, parts + 1):
        service.add_section(version_id, title=f"第{n}章", text="正文 **重点**", now=now)
        goal = service.add_goal(version_id, title=f"目标{n}", text="说明", now=now)
        indicator = service.add_indicator(
            version_id, code=f"i{n}", name=f"指标{n}", unit="公顷", kind=IndicatorKind.BINDING,
            direction=Direction.AT_LEAST, base=Decimal("12.30"), target=Decimal("13.0"),
            goal_ids=[goal.id], now=now,
        )  # fmt: skip
        service.add_project(
            version_id, code=str(n), name=f"项目{n}", kind=ProjectKind.ECOLOGY, content="做什么",
            location="溪口", year="2026", cost_yuan=1_860_000, funding="村集体",
            responsible="村民委员会", indicator_ids=[indicator.id], now=now,
        )  # fmt: skip
    service.put_layer(version_id, LayerKind.LAND_USE, geojson_file(), now=now)


def notice(version_id, *, now=NOON, **changes):
    facts = {
        "board_evidence": "村委会公开栏,照片01",
        "board_at": now - timedelta(hours=1),
        "photo": BOARD,
        "party_review_on": clock.today(now),
        "opened_by": None,
        "is_rest_day": WEEKENDS,
        "now": now,
    }
    return service.open_notice(version_id, **{**facts, **changes})


@pytest.fixture(autouse=True)
def no_pieces():
    """Keep finished pieces of one test from the next: their ids are the same."""
    fragments.forget()
    grounds.forget()


@pytest.fixture
def draft(village):
    """A complete draft."""
    with transaction():
        version = service.create_plan(
            name="青溪村规划", base_year=2025, target_year=2035, compiled_by="设计院", now=NOON
        )
        fill(version.id)
    return version.id


@pytest.fixture
def published(draft):
    """The same version, on notice since noon of 31 January 2026."""
    with transaction():
        notice(draft)
    return draft
