"""What is done without anybody asking: ballots published in batches, the box closed at its time."""

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import Select, func, or_, select

from portal.ballots.belenios import voting
from portal.ballots.belenios.asked import by_tool
from portal.ballots.belenios.models import BeleniosArchive, BeleniosBallot
from portal.ballots.models import Ballot
from portal.ballots.states import Secrecy
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope


def publish_ballots(app: Flask, *, now: datetime) -> int:
    """Publish what waits in the boxes, and close those whose vote is over; return how many grew.

    A duty of every few seconds. The tool works before anything is written; what it made is kept
    only if the archive is still the one it began with. Without the tool nothing is done.
    """
    with app.app_context():
        with all_villages("the boxes of every village are looked after"):
            due = db.session.execute(_due(now)).all()
            db.session.rollback()
        grown = 0
        for ballot_id, village_id, ends_at in due:
            with village_scope(village_id):
                grown += _publish(ballot_id, is_over=ends_at <= now, now=now)
        return grown


def _due(now: datetime) -> Select[*tuple[Any, ...]]:
    """Find the boxes in which ten ballots wait, or whose vote is over and which are not closed."""
    put_in = (
        select(func.count())
        .where(
            BeleniosBallot.ballot_id == Ballot.id, BeleniosBallot.village_id == Ballot.village_id
        )
        .scalar_subquery()
    )
    ends_at = func.coalesce(Ballot.closed_at, Ballot.closes_at)
    return (
        select(Ballot.id, Ballot.village_id, ends_at)
        .join(BeleniosArchive, BeleniosArchive.ballot_id == Ballot.id)
        .where(
            Ballot.secrecy == Secrecy.BELENIOS,
            Ballot.opened_at.is_not(None),
            Ballot.cancelled_at.is_(None),
            BeleniosArchive.is_closed.is_(False),
            or_(ends_at <= now, put_in - BeleniosArchive.published >= voting.BATCH),
        )
    )


def _publish(ballot_id: int, *, is_over: bool, now: datetime) -> bool:
    try:
        made = by_tool(lambda: voting.publish(ballot_id, is_over=is_over))
    except Refused:  # said in the log; the next turn tries again
        return False
    finally:
        db.session.rollback()
    if made is None:
        return False
    with transaction():
        older, content = made
        if is_over:
            return voting.close_box(ballot_id, older, content, now=now)
        return voting.keep_archive(ballot_id, older, content)
