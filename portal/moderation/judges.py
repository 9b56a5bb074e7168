"""Who decides about something written, and so reads and hears all that belongs to it."""

from sqlalchemy import or_, select

from portal.core.access import Part, may
from portal.core.db import db
from portal.moderation.appeals_models import ModerationAppeal
from portal.moderation.models import ModerationCase, ModerationDecision
from portal.moderation.sanctions_models import KIND as SANCTION
from portal.moderation.sanctions_models import ModerationSanction


def may_judge(kind: str, subject_id: int) -> bool:
    """Tell whether whoever is asking decides about this thing.

    The committee does, and the supervisors once its author has appealed: against its being hidden,
    or against being stopped from writing for it.
    """
    if may(Part.COMMITTEE) or not may(Part.SUPERVISOR):
        return may(Part.COMMITTEE)
    appealed = (
        select(ModerationAppeal.id)
        .join(ModerationDecision, ModerationDecision.id == ModerationAppeal.decision_id)
        .join(ModerationCase, ModerationCase.id == ModerationDecision.case_id)
        .outerjoin(
            ModerationSanction,
            (ModerationCase.subject_kind == SANCTION)
            & (ModerationSanction.id == ModerationCase.subject_id),
        )
        .where(
            or_(
                *(
                    (table.subject_kind == kind) & (table.subject_id == subject_id)
                    for table in (ModerationCase, ModerationSanction)
                )
            )
        )
    )
    return db.session.scalar(appealed.limit(1)) is not None
