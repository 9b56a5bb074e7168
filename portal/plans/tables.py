"""Writing the tables of a draft: land-use structure, facilities, control rules. Never commits."""

from datetime import datetime
from typing import Any

from portal.plans import rules
from portal.plans.drafting import add_row, next_position, open_draft
from portal.plans.models import ControlRule, PlannedFacility, StructureLine


def add_structure_line(version_id: int, *, now: datetime, **facts: Any) -> StructureLine:
    """Add a line of the land-use structure table; a class stands there once for town and village.

    Raises Refused where it stands there already.
    """
    open_draft(version_id, now=now)
    position = next_position(StructureLine, version_id)
    line = StructureLine(version_id=version_id, position=position, **facts)
    return add_row(line, taken=rules.Refusal.CLASS_TAKEN)


def add_facility(version_id: int, *, now: datetime, **facts: Any) -> PlannedFacility:
    """Add a public facility; ``facts`` are the columns of ``PlannedFacility``."""
    open_draft(version_id, now=now)
    position = next_position(PlannedFacility, version_id)
    return add_row(PlannedFacility(version_id=version_id, position=position, **facts))


def add_control(
    version_id: int, *, subject: str, title: str, text: str, now: datetime
) -> ControlRule:
    """Add a control rule about a zone, a class of land use or a line."""
    open_draft(version_id, now=now)
    position = next_position(ControlRule, version_id)
    rule = ControlRule(
        version_id=version_id, position=position, subject=subject, title=title, text=text
    )
    return add_row(rule)
