"""What is done without anybody asking: an announced ballot is opened when its time has come."""

from datetime import datetime
from functools import partial

from flask import Flask
from sqlalchemy import select

from portal.ballots.life import open_ballot
from portal.ballots.models import Ballot
from portal.core import jobs
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import all_villages


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
        return jobs.for_each(app, due, partial(open_ballot, now=now), unless=(Refused,))
