"""Answers the roster's question whether a ballot is under way."""

from datetime import datetime

from sqlalchemy import select

from portal.ballots.models import Ballot
from portal.core.db import db


class BallotsUnderWay:
    """The electorate is in use from the announcement of a ballot until it closes.

    Opening copies the electors, so a later change touches no ballot that is open (V22); it may
    touch one that is announced, and who signs in to vote.
    """

    def is_in_use(self, *, now: datetime) -> bool:
        """Tell whether a ballot of this village is announced or open."""
        waits = (Ballot.closed_at.is_(None), Ballot.cancelled_at.is_(None))
        goes_on = Ballot.suspended_at.is_not(None) | (Ballot.ends_at > now)
        under_way = select(Ballot.id).where(goes_on, Ballot.announced_at.is_not(None), *waits)
        return db.session.scalar(under_way.limit(1)) is not None
