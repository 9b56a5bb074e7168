"""Two at once: each key and lock of a plan is the last judge, and whoever comes second is told."""

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import Refused
from portal.plans import changes, service, writing
from portal.plans.life_models import PlanChange
from portal.plans.models import Indicator, Plan, PlanSection, PlanVersion
from portal.plans.rules import Direction, IndicatorKind, Refusal
from tests.plans.conftest import NOON


def why_not(results) -> list[Refusal]:
    """Return why those who came too late were refused; anything else that was raised is a fault."""
    assert all(isinstance(one, Refused) for one in results if isinstance(one, Exception)), results
    return [one.reason for one in results if isinstance(one, Refused)]


def test_a_name_is_given_once_however_many_ask(village, race):
    facts = {"name": "青溪村规划", "base_year": 2025, "target_year": 2035, "now": NOON}
    assert why_not(race(3, lambda _: service.create_plan(**facts).id)) == [Refusal.NAME_TAKEN] * 2
    assert db.session.scalar(select(func.count()).select_from(Plan)) == 1


def test_a_plan_has_one_next_version(published, race):
    results = race(3, lambda _: writing.clone_version(published, now=NOON).number)
    assert why_not(results) == [Refusal.DRAFT_EXISTS] * 2
    assert list(db.session.scalars(select(PlanVersion.number).order_by("number"))) == [1, 2]


def test_parts_that_are_added_at_once_stand_one_after_the_other(draft, race):
    race(3, lambda n: service.add_section(draft, title=f"新{n}", text="文", now=NOON).id)
    query = select(PlanSection.position).where(PlanSection.version_id == draft)
    assert list(db.session.scalars(query.order_by("position"))) == [1, 2, 3, 4]


def test_a_code_is_given_once(draft, race):
    results = race(
        3,
        lambda n: service.add_indicator(
            draft, code="twice", name=f"指标{n}", unit="公顷", kind=IndicatorKind.EXPECTED,
            direction=Direction.AT_LEAST, base=None, target=None, goal_ids=[], now=NOON,
        ).id,
    )  # fmt: skip
    assert why_not(results) == [Refusal.CODE_TAKEN] * 2
    assert db.session.scalar(select(func.count()).where(Indicator.code == "twice")) == 1


def test_a_change_is_explained_in_one_place(draft, race):
    facts = {"opinion_number": None, "reason": "", "made_by": None, "now": NOON}
    results = race(3, lambda n: changes.explain(draft, "head", cause=f"第{n}人", **facts).cause)
    assert why_not(results) == []
    assert db.session.scalars(select(PlanChange.cause)).one() in results
