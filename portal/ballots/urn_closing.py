"""The close of a sealed ballot: links destroyed, the urn put in order, its log ended.

Each step is one transaction that holds the ballot's row, so it is done wholly or not at all; a cast
that was on its way is either in before or refused after. First the links go, whatever else is
waited for or fails; then the ballot is closed for good. The database is asked to forget what it
still remembers of the rows that were there.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from flask import Flask
from sqlalchemy import ColumnElement, delete, insert, select

from portal.ballots import closing, late_papers, records, urn
from portal.ballots.life import locked
from portal.ballots.models import Ballot
from portal.ballots.states import Secrecy, State, Step, state
from portal.ballots.steps import find_step
from portal.ballots.urn_models import CastKey, Urn
from portal.ballots.urn_rules import FEWEST_LOGGED
from portal.core import jobs
from portal.core.db import db, forget_deleted, overwrite_deleted
from portal.core.scope import all_villages, village_scope
from portal.transparency import checkpoints, logs

logger = logging.getLogger(__name__)
LINKS = select(CastKey.ballot_id).where(CastKey.ballot_id == Ballot.id).exists()
KEPT = select(Urn.ballot_id).where(Urn.ballot_id == Ballot.id).exists()


def close_due(app: Flask, *, now: datetime) -> int:
    """Settle every sealed ballot whose time is over; return how many. A duty, done all the time.

    Whatever else fails, nothing leads from an elector to an envelope any more. Of a ballot that was
    called off, the envelopes go too.
    """
    is_over = (Ballot.cancelled_at.is_(None), Ballot.suspended_at.is_(None), Ballot.ends_at <= now)
    with app.app_context():
        parted = jobs.for_each(app, _find(*is_over, LINKS), part)
        emptied = jobs.for_each(app, _find(Ballot.cancelled_at.is_not(None), LINKS | KEPT), empty)
        due = _find(*is_over, Ballot.counted_at.is_(None), ~closing.CLOSED.exists())
        settled = jobs.for_each(app, due, partial(settle, now=now))
        if parted + emptied + settled:
            sweep()
        return settled


def _find(*those: ColumnElement[bool]) -> list[tuple[int, int]]:
    with all_villages("ballots of every village close"):
        found = db.session.execute(
            select(Ballot.id, Ballot.village_id).where(
                Ballot.secrecy == Secrecy.SEALED, Ballot.opened_at.is_not(None), *those
            )
        ).all()
        db.session.rollback()
    return [(ballot_id, village_id) for ballot_id, village_id in found]


def settle(ballot_id: int, *, now: datetime) -> bool:
    """Close a sealed ballot for good; False where that was done, is not due, or must wait.

    Afterwards the urn's rows are all of one transaction and lie in the order of their digests, and
    nothing leads from an elector to an envelope. While witnesses of papers are waited for, `part`
    sees to the links.
    """
    ballot = locked(ballot_id)
    is_due = ballot.secrecy is Secrecy.SEALED and state(ballot, now=now) is State.CLOSED
    if not is_due or is_settled(ballot_id):
        return False
    if late_papers.are_waited_for(ballot, now=now):
        return False
    if urn.has_links(ballot_id):
        part(ballot_id)
    late_papers.leave_out(ballot, now=now)
    _log(ballot_id, _waiting(ballot_id), now=now)
    closing.close(ballot, now=now)
    return True


def part(ballot_id: int) -> None:
    """Destroy what leads to envelopes, and put these in order."""
    locked(ballot_id)
    urn.destroy_links(ballot_id)
    rewrite(ballot_id)


def empty(ballot_id: int) -> None:
    """Destroy links and envelopes of a ballot that was called off: nobody may ever open them."""
    locked(ballot_id)
    overwrite_deleted()
    urn.destroy_links(ballot_id)
    db.session.execute(delete(Urn).where(Urn.ballot_id == ballot_id))


def is_settled(ballot_id: int) -> bool:
    """Tell whether the urn was put in order after the close."""
    return find_step(ballot_id, Step.CLOSED) is not None


def rewrite(ballot_id: int) -> None:
    """Take all envelopes out and put them in again, in the order of their digests."""
    overwrite_deleted()
    rows = db.session.execute(
        select(Urn.village_id, Urn.ballot_id, Urn.ballot_sha256, Urn.ciphertext)
        .where(Urn.ballot_id == ballot_id)
        .order_by(Urn.ballot_sha256)
    ).mappings()
    envelopes = [dict(row) for row in rows]
    db.session.execute(delete(Urn).where(Urn.ballot_id == ballot_id))
    if envelopes:
        db.session.execute(insert(Urn), envelopes)


def sweep() -> None:
    """Have the database forget envelopes and links that are gone; can be done twice."""
    db.session.rollback()
    forget_deleted(Urn.__tablename__, CastKey.__tablename__)


def log_waiting(*, now: datetime) -> int:
    """Log what came into the urns of open ballots, ten or more at a time; return how many ballots.

    Within a batch leaves stand in the order of digests, so the log does not tell who came when.
    """
    ballots = db.session.execute(
        select(Ballot.id, Ballot.village_id).where(
            Ballot.secrecy == Secrecy.SEALED,
            Ballot.opened_at.is_not(None),
            Ballot.closed_at.is_(None),
            Ballot.ends_at > now,
        )
    ).all()
    for ballot_id, village_id in ballots:
        try:
            with village_scope(village_id), db.session.begin_nested():
                waiting = _waiting(ballot_id)
                if len(waiting) >= FEWEST_LOGGED:
                    _log(ballot_id, waiting, now=now)
        except Exception:  # the others still have their turn
            logger.exception("the urn of ballot %s was not logged", ballot_id)
    return len(ballots)


def _log(ballot_id: int, waiting: Collection[str], *, now: datetime) -> None:
    name = records.log_name(ballot_id)
    logs.append(name, sorted(waiting))
    checkpoints.make(name, now=now)


def _waiting(ballot_id: int) -> Sequence[str]:
    """Return the leaves of envelopes that are not in the log yet."""
    logged = set(logs.leaves(records.log_name(ballot_id)))
    every = (urn.leaf_of(digest) for digest in urn.list_digests(ballot_id))
    return [leaf for leaf in every if leaf not in logged]
