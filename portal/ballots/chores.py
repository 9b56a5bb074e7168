"""What is done without anybody asking: an announced ballot is opened when its time has come."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from portal.ballots.life import open_ballot
from portal.ballots.models import Ballot
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope


def open_due(app: Flask, *, now: datetime) -> int:
    """Open every announced ballot whose time has come; return how many. Done all the time.

    One that cannot be opened stays as it is: the desk says why when somebody opens it by hand.
    """
    with app.app_context():
        with all_villages("ballots of every village open"):
            due = db.session.execute(
                select(Ballot.id, Ballot.village_id).where(
                    Ballot.announced_at.is_not(None),
                    Ballot.opened_at.is_(None),
                    Ballot.cancelled_at.is_(None),
                    Ballot.opens_at <= now,
                    Ballot.closes_at > now,
                )
            ).all()
            db.session.rollback()
        opened = 0
        for ballot_id, village_id in due:
            with village_scope(village_id):
                opened += _opened(ballot_id, now=now)
        return opened


def _opened(ballot_id: int, *, now: datetime) -> bool:
    try:
        with transaction():
            open_ballot(ballot_id, now=now)
    except Refused:  # opened meanwhile, or nobody may vote, or the plan is still being changed
        return False
    return True
