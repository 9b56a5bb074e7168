"""A plan in force with two indicators and two projects."""

from datetime import date
from decimal import Decimal

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.plans.models import Indicator, PlanVersion, Project
from portal.plans.rules import Direction, IndicatorKind, State
from tests.tampering import without_triggers


def base_year():
    """Return the year in which the plan begins."""
    return clock.today(clock.now()).year - 3


@pytest.fixture
def followed(version):
    """Return the version with its ids: farmland must be kept, a share is to grow."""
    tables = ("plan_version", "plan_indicator", "plan_project")
    with transaction(), without_triggers(*tables):  # as if it had been written before its notice
        found = db.session.get_one(PlanVersion, version)
        found.state, found.base_year, found.target_year = (
            State.PUBLISHED,
            base_year(),
            base_year() + 10,
        )
        db.session.add_all(
            [
                Indicator(
                    version_id=version,
                    position=1,
                    code="arable_land_retained",
                    name="耕地保有量",
                    unit="公顷",
                    kind=IndicatorKind.BINDING,
                    direction=Direction.AT_LEAST,
                    base=Decimal("76.00"),
                    target=Decimal("76.00"),
                ),
                Indicator(
                    version_id=version,
                    position=2,
                    code="sewage",
                    name="污水处理率",
                    unit="%",
                    kind=IndicatorKind.EXPECTED,
                    direction=Direction.AT_LEAST,
                    base=Decimal(20),
                    target=Decimal(80),
                ),
                Project(
                    version_id=version,
                    position=1,
                    code="1",
                    name="溪堤加固",
                    cost_yuan=100_000,
                    responsible="村委会",
                    helper="水利站",
                    supervisor="村务监督委员会",
                    deadline=date(base_year() + 2, 6, 30),
                ),
                Project(version_id=version, position=2, code="2", name="停车场"),
            ]
        )
    return version


@pytest.fixture
def ids(followed):
    """Return the ids of the indicators by code and of the projects by code."""
    indicators = db.session.query(Indicator).filter_by(version_id=followed)
    projects = db.session.query(Project).filter_by(version_id=followed)
    return {i.code: i.id for i in indicators} | {p.code: p.id for p in projects}
