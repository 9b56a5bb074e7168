"""Answers which recorded notices became void (`transparency.ports.Corrections`)."""

from collections.abc import Collection

from flask import url_for
from sqlalchemy import select

from portal.core.db import db
from portal.notices.models import Notice
from portal.transparency.ports import Successor


def successor_of(notice: Notice) -> Successor:
    """Return where it is said why a notice became void."""
    address = url_for("notices.show", notice_id=notice.id)
    return Successor(notice.title, address, voided_at=notice.voided_at)


class VoidNotices:
    """Knows the notices that were declared void, by what was recorded when they opened."""

    def successors(self, numbers: Collection[int]) -> dict[int, Successor]:
        """Return the void notices among the entries of these numbers."""
        query = select(Notice).where(
            Notice.record_number.in_(numbers), Notice.voided_at.is_not(None)
        )
        return {
            notice.record_number: successor_of(notice)
            for notice in db.session.scalars(query)
            if notice.record_number is not None
        }
