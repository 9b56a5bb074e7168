"""What became of the notice that a document belongs to: when it is void, so is the document."""

from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.rules import DocKind
from portal.notices.models import Notice
from portal.plans.reading import SUBJECT


def voided_at(case: DisclosureCase) -> datetime | None:
    """Return when the notice that this document disclosed was declared void, or None."""
    if case.kind is not DocKind.DRAFT_NOTICE or case.doc_id is None:
        return None
    doc = db.session.get_one(DisclosureDoc, case.doc_id)
    query = select(Notice.voided_at).where(
        Notice.subject_kind == SUBJECT,
        Notice.subject_id == doc.subject_id,
        Notice.opened_at.is_not(None),
        Notice.started_on <= doc.period_start,
        Notice.last_on == doc.period_end,
    )
    return db.session.scalar(query.order_by(Notice.round.desc()).limit(1))
