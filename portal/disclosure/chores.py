"""What the clock does for documents in every village."""

from datetime import datetime

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.scope import village_scope
from portal.disclosure import catalogue_keeping, certificates, objecting
from portal.disclosure.models import DisclosureOffice


def look_after(*, now: datetime) -> int:
    """Plan what is due, tell what is overdue, end periods, warn of certificates."""
    today, count = clock.today(now), 0
    offices = db.session.scalars(select(DisclosureOffice.village_id)).all()
    for village_id in offices:  # a village without an office has not begun to disclose here
        with village_scope(village_id):
            count += catalogue_keeping.plan(today=today)
    return (
        count
        + catalogue_keeping.raise_alarm(now=now)
        + objecting.move_all(now=now)
        + certificates.warn_of_ends(now=now)
    )
