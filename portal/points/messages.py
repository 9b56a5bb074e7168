"""Who hears of points, and in which words: everybody of the household."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.db import db
from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.people.models import Resident
from portal.points.events import PointsAwarded, PointsReversed
from portal.points.models import PointsTransfer

KINDS = {
    PointsAwarded.kind: Kind(
        topic=Topic.POINTS,
        words=lambda facts: _("Your household got %(points)s points: %(item)s", **facts),
    ),
    PointsReversed.kind: Kind(
        topic=Topic.POINTS,
        words=lambda facts: _(
            "%(points)s points of your household were taken back: %(item)s. Reason: %(reason)s",
            **facts,
        ),
        matters=True,
    ),
}


def tell_household(happened: Happened, *, now: datetime) -> None:
    """Tell everybody of the household what came or went, and why."""
    transfer = db.session.get_one(PointsTransfer, happened.facts["transfer_id"])
    inbox.tell(
        inbox.accounts_of(
            select(Resident.id).where(
                Resident.household_id == transfer.household_id, Resident.left_on.is_(None)
            )
        ),
        kind=happened.kind,
        facts={
            "points": transfer.points,
            "item": transfer.item.name,
            "reason": transfer.reason,
        },
        path=inbox.path_to("points.index"),
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    PointsAwarded.kind: (tell_household,),
    PointsReversed.kind: (tell_household,),
}
