"""What became of the notice that a document belongs to: when it is void, so is the document."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, select

from portal.core.db import db
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.rules import DocKind
from portal.notices.models import Notice
from portal.plans.reading import SUBJECT


def voided_at(case: DisclosureCase) -> datetime | None:
    """Return when the notice that this document disclosed was declared void, or None."""
    notice = None if case.doc_id is None else void_notices([case.doc_id]).get(case.doc_id)
    return notice.voided_at if notice else None


def void_notices(doc_ids: Collection[int]) -> dict[int, Notice]:
    """Return the notices of these documents that were declared void, by document."""
    query = (
        select(DisclosureDoc.id, Notice)
        .join(DisclosureCase, DisclosureCase.doc_id == DisclosureDoc.id)
        .join(
            Notice,
            and_(
                Notice.subject_kind == SUBJECT,
                Notice.subject_id == DisclosureDoc.subject_id,
                Notice.opened_at.is_not(None),
                Notice.started_on <= DisclosureDoc.period_start,
                Notice.last_on == DisclosureDoc.period_end,
            ),
        )
        .where(DisclosureDoc.id.in_(doc_ids), DisclosureCase.kind == DocKind.DRAFT_NOTICE)
        .order_by(Notice.round)
    )
    latest = {doc_id: notice for doc_id, notice in db.session.execute(query)}
    return {doc_id: notice for doc_id, notice in latest.items() if notice.voided_at is not None}
