"""The end of a ballot: closed and counted once, and both entered into the public record."""

from datetime import datetime

from flask import Flask
from sqlalchemy import func, select

from portal.ballots import asking, counting, events, papers_in, records
from portal.ballots.life import locked, log_step
from portal.ballots.models import Ballot, BallotStep
from portal.ballots.papers_in import Counted
from portal.ballots.states import Secrecy, Step, state
from portal.core.db import db, transaction
from portal.core.outbox import publish
from portal.core.scope import all_villages, village_scope
from portal.transparency import checkpoints, logs

CLOSED = select(BallotStep.id).where(
    BallotStep.ballot_id == Ballot.id, BallotStep.step == Step.CLOSED
)


def close_due(app: Flask, *, now: datetime) -> int:
    """Close every vote with names whose time is over; return how many. Done all the time."""
    with app.app_context():
        with all_villages("ballots of every village close"):
            due = db.session.execute(
                select(Ballot.id, Ballot.village_id).where(
                    Ballot.secrecy == Secrecy.OPEN,
                    Ballot.opened_at.is_not(None),
                    Ballot.cancelled_at.is_(None),
                    func.coalesce(Ballot.closed_at, Ballot.closes_at) <= now,
                    ~CLOSED.exists(),
                )
            ).all()
            db.session.rollback()
        for ballot_id, village_id in due:
            with village_scope(village_id), transaction():
                settle_named(ballot_id, now=now)
        return len(due)


def settle_named(ballot_id: int, *, now: datetime) -> None:
    """Close and count a vote with names; nothing where that was done or is not due.

    Whoever casts holds the ballot's row, so a vote on its way is either in before or refused.
    """
    ballot = locked(ballot_id)
    is_due = ballot.secrecy is Secrecy.OPEN and state(ballot, now=now).is_counted
    if not is_due or ballot.counted_at is not None:
        return
    close(ballot, now=now)
    options = asking.list_options(ballot.id)
    finish(ballot, papers_in.count(ballot, options), now=now)


def close(ballot: Ballot, *, now: datetime) -> None:
    """Close a ballot for good and enter who voted into the record."""
    ballot.closed_at = ballot.ends_at
    db.session.flush()
    number = records.enter(ballot, Step.CLOSED, now=now)
    log_step(ballot, Step.CLOSED, now=now, account_id=None, record_number=number)


def finish(
    ballot: Ballot, counted: Counted, *, now: datetime, account_id: int | None = None
) -> None:
    """Write down what was counted and what came of it; from now on everybody sees it."""
    papers_in.keep_tally(ballot, counted, now=now)
    ballot.counted_at = now
    db.session.flush()
    ballot.outcome = counting.judged(ballot, counted).outcome
    db.session.flush()
    number = records.enter(ballot, Step.COUNTED, now=now)
    log_step(ballot, Step.COUNTED, now=now, account_id=account_id, record_number=number)
    checkpoints.make(logs.RECORD, now=now)
    if ballot.secrecy is not Secrecy.OPEN:
        publish(events.BallotClosed(ballot_id=ballot.id), now=now)
