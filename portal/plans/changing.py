"""Changing one part of a draft that is there already. Never commits."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.core.errors import Refused
from portal.plans import rules
from portal.plans.drafting import PARTS, open_draft
from portal.plans.models import Goal, GoalIndicator, Indicator, IndicatorProject


def change_part(version_id: int, part: str, part_id: int, *, now: datetime, **facts: Any) -> None:
    """Change a section, a goal or a line of a table; ``facts`` are those of its ``add_…``.

    Raises Refused when the version is frozen or the code is taken, NoResultFound when there is no
    such part in this version.
    """
    open_draft(version_id, now=now)
    model: Any = PARTS[part]
    query = select(model).where(model.id == part_id, model.version_id == version_id)
    row = db.session.scalars(query).one()
    goal_ids, indicator_ids = facts.pop("goal_ids", None), facts.pop("indicator_ids", None)
    try:
        with db.session.begin_nested():
            for name, value in facts.items():
                setattr(row, name, value)
            db.session.flush()
    except IntegrityError as twice:
        taken = rules.Refusal.CLASS_TAKEN if part == "structure" else rules.Refusal.CODE_TAKEN
        raise Refused(taken) from twice
    if goal_ids is not None:
        _relink_goals(version_id, part_id, goal_ids)
    if indicator_ids is not None:
        _relink_indicators(version_id, part_id, indicator_ids)
    db.session.flush()


def _relink_goals(version_id: int, indicator_id: int, goal_ids: Iterable[int]) -> None:
    known = set(db.session.scalars(select(Goal.id).where(Goal.version_id == version_id)))
    db.session.execute(delete(GoalIndicator).where(GoalIndicator.indicator_id == indicator_id))
    db.session.add_all(
        GoalIndicator(goal_id=goal_id, indicator_id=indicator_id)
        for goal_id in sorted(known & set(goal_ids))
    )


def _relink_indicators(version_id: int, project_id: int, indicator_ids: Iterable[int]) -> None:
    known = set(db.session.scalars(select(Indicator.id).where(Indicator.version_id == version_id)))
    db.session.execute(delete(IndicatorProject).where(IndicatorProject.project_id == project_id))
    db.session.add_all(
        IndicatorProject(indicator_id=indicator_id, project_id=project_id)
        for indicator_id in sorted(known & set(indicator_ids))
    )
