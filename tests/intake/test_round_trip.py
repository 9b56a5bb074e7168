"""What is handed out as the workbook, and handed in again, is the same plan."""

import string
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.intake.assembling import EMPTY
from portal.intake.columns import LAYOUTS, Table
from portal.intake.faults import Note
from portal.intake.reading import read_bundle
from portal.intake.tabling import rows_of
from portal.intake.template import csv_name, export_xlsx, table_csv, template_xlsx
from portal.maps.landuse import CLASSES
from portal.maps.rules import CONTROL_ZONES
from portal.plans.content import (
    ControlFacts,
    FacilityFacts,
    Figure,
    GoalFacts,
    IndicatorFacts,
    ProjectFacts,
    SectionFacts,
    StructureFacts,
    canonical,
)
from portal.plans.rules import (
    CONTROL_LINES,
    Direction,
    FacilityStatus,
    IndicatorKind,
    PlanKind,
    ProjectKind,
)
from portal.villages.rules import FacilityKind
from tests.intake.conftest import CONTENT, packed

LETTERS = (
    string.ascii_letters
    + string.digits
    + "青溪村规划目标守田富民路桥㙟𠮷　·,，。;；:=+-@'\"<>&|/()（）%"
)
WORDS = (
    st.text(LETTERS, min_size=1, max_size=30)
    .map(lambda text: "甲" + text.strip(" \u3000'\u2018") + "乙")
    .filter(lambda text: text.strip() == text)
)
MAYBE = st.one_of(st.just(""), WORDS)
LONG = st.text(LETTERS + "\n\r\t_x# *", max_size=200).map(lambda text: "文" + text)


def numbers(least, most):
    """Return decimals with the four digits after the point that are kept."""
    return st.decimals(least, most, places=None, allow_nan=False, allow_infinity=False).map(
        lambda value: round(value, 4)
    )


RANGES = {"公顷": (0, 10**7), "%": (-(10**9), 10**9), "‰": (-(10**9), 10**9)}
"""What is counted in other units is not negative, and at most the thousand million."""
AREAS = st.one_of(st.none(), st.integers(0, 10**7).map(lambda n: Decimal(n) / 10_000))
WEIGHTS = st.one_of(st.none(), st.sampled_from([Decimal("0.5"), Decimal("0.30"), Decimal(1)]))
VALUES = {
    unit: st.one_of(st.none(), numbers(*RANGES.get(unit, (0, 10**9))))
    for unit in ("公顷", "处", "%", "‰", "平方米/人", "个")
}


@st.composite
def contents(draw):
    """Draw a whole plan that could have been put in on our pages."""
    goal_count = draw(st.integers(1, 4))
    codes = draw(
        st.lists(st.from_regex(r"[a-z][a-z0-9_]{2,12}", fullmatch=True), max_size=5, unique=True)
    )
    links = {
        code: {
            goal: draw(WEIGHTS)
            for goal in draw(st.lists(st.integers(1, goal_count), max_size=3, unique=True))
        }
        for code in codes
    }
    goals = tuple(
        GoalFacts(
            0,
            n,
            draw(WORDS),
            draw(MAYBE),
            tuple(c for c in codes if n in links[c]),
            tuple((c, links[c][n]) for c in codes if links[c].get(n) is not None),
        )
        for n in range(1, goal_count + 1)
    )
    project_codes = draw(
        st.lists(st.from_regex(r"[A-Z]{1,3}-[0-9]{1,3}", fullmatch=True), max_size=4, unique=True)
    )
    supports = {
        code: draw(st.sets(st.sampled_from(codes))) if codes else set() for code in project_codes
    }
    indicators = tuple(
        IndicatorFacts(
            0,
            n,
            code,
            draw(WORDS),
            unit,
            draw(st.sampled_from(IndicatorKind)),
            draw(st.sampled_from(Direction)),
            draw(VALUES[unit]),
            draw(VALUES[unit]),
            draw(VALUES[unit]),
            tuple(sorted(links[code])),
            tuple(p for p in project_codes if code in supports[p]),
            None,
            draw(VALUES[unit]),
        )
        for n, code in enumerate(codes, start=1)
        for unit in [draw(st.sampled_from([*VALUES]))]
    )
    projects = tuple(
        ProjectFacts(
            0,
            n,
            code,
            draw(WORDS),
            draw(st.one_of(st.none(), st.sampled_from(ProjectKind))),
            draw(MAYBE),
            draw(MAYBE),
            draw(AREAS),
            draw(st.sampled_from(["", "2026", "2026–2028"])),
            draw(st.one_of(st.none(), st.integers(0, 10**11))),
            draw(MAYBE),
            draw(MAYBE),
            tuple(c for c in codes if c in supports[code]),
            draw(MAYBE),
            draw(MAYBE),
            draw(st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2099, 12, 31)))),
            tuple(sorted(draw(st.sets(st.integers(1, 99), max_size=4)))),
        )
        for n, code in enumerate(project_codes, start=1)
    )
    leaves = [c for c in CLASSES if not any(o != c and o.startswith(c) for o in CLASSES)]
    lines = draw(
        st.lists(st.tuples(st.sampled_from(leaves), st.booleans()), max_size=5, unique=True)
    )
    places = st.one_of(
        st.just((None, None)),
        st.tuples(
            st.integers(73 * 10**6, 135 * 10**6).map(lambda n: Decimal(n) / 10**6),
            st.integers(4 * 10**6, 53 * 10**6).map(lambda n: Decimal(n) / 10**6),
        ),
    )
    subjects = st.sampled_from(
        [
            *(f"zone:{z}" for z in CONTROL_ZONES),
            *(f"line:{n}" for n in CONTROL_LINES),
            *(f"landuse:{c}" for c in CLASSES),
        ]
    )
    return replace(
        EMPTY,
        title=draw(WORDS),
        kind=draw(st.sampled_from(PlanKind)),
        base_year=2025,
        target_year=draw(st.integers(2025, 2050)),
        compiled_by=draw(MAYBE),
        sentences=tuple(draw(st.lists(WORDS, max_size=5))),
        figures=tuple(
            Figure(*(draw(WORDS).replace("|", "") for _ in range(3)))
            for _ in range(draw(st.integers(0, 3)))
        ),
        sections=tuple(
            SectionFacts(0, n, draw(WORDS), draw(LONG)) for n in range(1, draw(st.integers(1, 4)))
        ),
        goals=goals,
        indicators=indicators,
        projects=projects,
        population=draw(st.one_of(st.none(), st.integers(0, 10**6))),
        area_ha=draw(AREAS),
        scope=draw(MAYBE),
        legal_basis=tuple(draw(st.lists(WORDS, max_size=3))),
        structure=tuple(
            StructureFacts(0, n, code, is_town, draw(AREAS), draw(AREAS))
            for n, (code, is_town) in enumerate(lines, start=1)
        ),
        facilities=tuple(
            FacilityFacts(
                0, n, draw(st.sampled_from(FacilityKind)), draw(WORDS),
                draw(st.sampled_from(FacilityStatus)), draw(MAYBE), *draw(places),
                draw(st.one_of(st.none(), st.integers(1, 50_000))), draw(MAYBE),
            )
            for n in range(1, draw(st.integers(1, 4)))
        ),
        controls=tuple(
            ControlFacts(0, n, draw(subjects), draw(WORDS), draw(LONG))
            for n in range(1, draw(st.integers(1, 4)))
        ),
    )  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=contents(), english=st.booleans())
def test_a_workbook_comes_back_as_the_same_plan(content, english):
    reading = read_bundle(
        "规划.xlsx", export_xlsx(content, english=english), base=EMPTY, is_new=True
    )
    assert reading.findings.faults == []
    assert canonical(reading.content) == canonical(content)
    assert [i.current for i in reading.content.indicators] == [
        i.current for i in content.indicators
    ]


@pytest.mark.parametrize("english", [False, True])
def test_tables_as_csv_come_back_as_the_same_plan(english):
    files = {
        csv_name(table, english=english): table_csv(
            table, rows_of(table, CONTENT, english=english), english=english
        )
        for table in Table
        if table is not Table.TIMETABLE
    }
    reading = read_bundle("规划.zip", packed(files), base=EMPTY, is_new=True)
    assert reading.findings.faults == []
    texts = [section.text.replace("\r\n", "\n") for section in CONTENT.sections]
    assert [section.text.replace("\r\n", "\n") for section in reading.content.sections] == texts
    same = {"sections": ()}
    assert canonical(replace(reading.content, **same)) == canonical(
        replace(CONTENT, plan="", **same)
    )


@pytest.mark.parametrize("english", [False, True])
def test_the_empty_workbook_says_nothing(english):
    reading = read_bundle("模板.xlsx", template_xlsx(english=english), base=CONTENT, is_new=False)
    assert [fault.reason.value for fault in reading.findings.faults] == ["nothing"]
    assert canonical(reading.content) == canonical(CONTENT)
    examples = [note for note in reading.findings.notes.values() if note.reason is Note.EXAMPLE]
    assert len(examples) == len(LAYOUTS) - 1  # the overview has no examples


def test_a_chapter_longer_than_a_cell_comes_back_whole():
    long = replace(CONTENT, sections=(SectionFacts(0, 1, "长章", "字" * 45_000),))
    reading = read_bundle("规划.xlsx", export_xlsx(long, english=False), base=EMPTY, is_new=True)
    assert reading.content.sections == long.sections
