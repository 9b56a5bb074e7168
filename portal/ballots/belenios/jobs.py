"""What is done without anybody asking: ballots published, boxes closed, sums made of two parts."""

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import Select, and_, func, or_, select

from portal.ballots.belenios import keys, opening, voting
from portal.ballots.belenios.asked import by_tool
from portal.ballots.belenios.models import BeleniosArchive, BeleniosBallot, BeleniosPiece
from portal.ballots.belenios.rules import Round
from portal.ballots.models import Ballot
from portal.ballots.states import Secrecy
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope


def look_after_boxes(app: Flask, *, now: datetime) -> int:
    """Publish what waits in the boxes, close them in time, finish the opened; return how many grew.

    A duty of every few seconds. The tool works before anything is written; what it made is kept
    only if the archive is still the one it began with. Without the tool nothing is done.
    """
    with app.app_context():
        with all_villages("the boxes of every village are looked after"):
            due = db.session.execute(_due(now)).all()
            opened = db.session.execute(_opened()).all()
            db.session.rollback()
        grown = 0
        for ballot_id, village_id, is_over in due:
            with village_scope(village_id):
                grown += _publish(ballot_id, is_over=is_over, now=now)
        for ballot_id, village_id in opened:
            with village_scope(village_id):
                grown += _finish(ballot_id, now=now)
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
    is_over = and_(Ballot.suspended_at.is_(None), Ballot.ends_at <= now)
    return (
        select(Ballot.id, Ballot.village_id, is_over)
        .join(BeleniosArchive, BeleniosArchive.ballot_id == Ballot.id)
        .where(
            Ballot.secrecy == Secrecy.BELENIOS,
            Ballot.opened_at.is_not(None),
            Ballot.cancelled_at.is_(None),
            BeleniosArchive.is_closed.is_(False),
            or_(is_over, put_in - BeleniosArchive.published >= voting.BATCH),
        )
    )


def _opened() -> Select[*tuple[Any, ...]]:
    """Find the boxes for which two trustees have given their parts, and which have no sum yet."""
    given = (
        select(func.count())
        .where(
            BeleniosPiece.ballot_id == BeleniosArchive.ballot_id,
            BeleniosPiece.village_id == BeleniosArchive.village_id,
            BeleniosPiece.round == Round.OPEN,
        )
        .scalar_subquery()
    )
    return select(BeleniosArchive.ballot_id, BeleniosArchive.village_id).where(
        BeleniosArchive.is_closed, BeleniosArchive.record_number.is_(None), given >= keys.NEEDED
    )


def _finish(ballot_id: int, *, now: datetime) -> bool:
    try:
        made = by_tool(lambda: opening.make_result(ballot_id))
    except Refused:
        return False
    finally:
        db.session.rollback()
    with transaction():
        return opening.keep_result(ballot_id, *made, now=now)


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
