"""A whole plan to be handed in, as a workbook, a text and a map."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import xlsxwriter

from portal.intake.assembling import EMPTY
from portal.intake.template import export_xlsx
from portal.plans.content import (
    ControlFacts,
    FacilityFacts,
    Figure,
    GoalFacts,
    IndicatorFacts,
    ProjectFacts,
    SectionFacts,
    StructureFacts,
)
from portal.plans.rules import Direction, FacilityStatus, IndicatorKind, ProjectKind
from portal.villages.rules import FacilityKind

NOON = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)
CONTENT = replace(
    EMPTY,
    plan="青溪村规划",
    title="青溪村规划",
    base_year=2025,
    target_year=2035,
    compiled_by="县规划院",
    sentences=("田不少。", "山不少。", "水更清。", "路更宽。", "房有处建。"),
    figures=(
        Figure("1140", "亩", "永久基本农田"), Figure("1", "个", "项目"), Figure("186", "万元", "投资"),
    ),
    sections=(SectionFacts(0, 1, "总则", "正文\r\n\r\n- 一\r\n- 二"),),
    goals=(
        GoalFacts(0, 1, "守田", "一亩不少", ("arable_land_retained", "x1"), (("x1", Decimal("0.4")),)),
        GoalFacts(0, 2, "富村", "", ()),
    ),
    indicators=(
        IndicatorFacts(
            0, 1, "arable_land_retained", "耕地保有量", "公顷", IndicatorKind.BINDING,
            Direction.AT_LEAST, Decimal("76.20"), Decimal("76.2"), None, (1,), ("1",),
            Decimal("76"), None,
        ),
        IndicatorFacts(
            0, 2, "x1", "闲置农房", "幢", IndicatorKind.EXPECTED, Direction.AT_MOST, Decimal(37),
            Decimal(15), Decimal(30), (1,), (),
        ),
    ),
    projects=(
        ProjectFacts(
            0, 1, "1", "溪头路拓宽", ProjectKind.INFRASTRUCTURE, "拓宽到5米", "溪头",
            Decimal("0.60"), "2026", 1_865_432, "村集体", "村委会", ("arable_land_retained",),
            "乡里", "村监会", date(2027, 6, 30), (1, 3),
        ),
    ),
    population=1512,
    area_ha=Decimal("1.00"),
    scope="全村",
    legal_basis=("城乡规划法", "县总规"),
    structure=(
        StructureFacts(0, 1, "0101", False, Decimal("0.90"), Decimal("0.88")),
        StructureFacts(0, 2, "0703", False, Decimal("0.10"), Decimal("0.12")),
    ),
    facilities=(
        FacilityFacts(
            0, 1, FacilityKind.CLINIC, "卫生室", FacilityStatus.PLANNED, "祠堂前",
            Decimal("118.50"), Decimal("29.25"), 1000, "扩建",
        ),
    ),
    controls=(ControlFacts(0, 1, "zone:0202", "不许占用", "非经批准不得占用。"),),
)  # fmt: skip
SQUARE = [[118.0, 29.0], [118.001, 29.0], [118.001, 29.001], [118.0, 29.001], [118.0, 29.0]]


def geojson(ring=SQUARE, **properties):
    feature = {
        "type": "Feature",
        "properties": {"code": "0101", "name": "前畈", **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def book(**sheets):
    """Return a workbook: each sheet by its name, as lists of rows."""
    memory = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(memory, options) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(number, column, cell)
    return memory.getvalue()


def packed(files):
    """Return a zip of these files."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return memory.getvalue()


def bundle():
    """Return a whole plan with its map."""
    return packed(
        {
            "青溪村/规划.xlsx": export_xlsx(CONTENT, english=False),
            "青溪村/规划用地.geojson": geojson(),
        }
    )


@pytest.fixture
def whole():
    """A whole plan in a zip."""
    return bundle()
