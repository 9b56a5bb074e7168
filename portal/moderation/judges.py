"""Who decides about something written, and so reads and hears all that belongs to it."""

from sqlalchemy import select

from portal.core.access import Part, may
from portal.core.db import db
from portal.moderation.appeals_models import ModerationAppeal
from portal.moderation.models import ModerationCase, ModerationDecision


def may_judge(kind: str, subject_id: int) -> bool:
    """Tell whether whoever is asking decides about this thing.

    The committee does, and the supervisors once its author has appealed.
    """
    if may(Part.COMMITTEE) or not may(Part.SUPERVISOR):
        return may(Part.COMMITTEE)
    appealed = (
        select(ModerationAppeal.id)
        .join(ModerationDecision, ModerationDecision.id == ModerationAppeal.decision_id)
        .join(ModerationCase, ModerationCase.id == ModerationDecision.case_id)
        .where(ModerationCase.subject_kind == kind, ModerationCase.subject_id == subject_id)
    )
    return db.session.scalar(appealed.limit(1)) is not None
