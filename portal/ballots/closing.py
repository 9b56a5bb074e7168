"""The end of a ballot: closed and counted once, and both entered into the public record."""

from dataclasses import asdict
from datetime import datetime
from functools import partial

from flask import Flask
from sqlalchemy import select

from portal.ballots import asking, batches, counting, events, late_papers, papers_in, records
from portal.ballots.arithmetic import Outcome
from portal.ballots.detail import told
from portal.ballots.life import locked, log_step
from portal.ballots.models import Ballot, BallotStep, BallotTally
from portal.ballots.papers_in import Counted
from portal.ballots.states import Secrecy, State, Step, state
from portal.core import jobs
from portal.core.db import db
from portal.core.outbox import publish
from portal.core.scope import all_villages
from portal.meetings import service as meetings
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
                    Ballot.suspended_at.is_(None),
                    Ballot.ends_at <= now,
                    ~CLOSED.exists(),
                )
            ).all()
            db.session.rollback()
        return jobs.for_each(app, due, partial(settle_named, now=now))


def settle_named(ballot_id: int, *, now: datetime) -> bool:
    """Close and count a vote with names; False where that was done, is not due, or must wait.

    Whoever casts holds the ballot's row, so a vote on its way is either in before or refused.
    """
    ballot = locked(ballot_id)
    is_over = state(ballot, now=now) in (State.CLOSED, State.COUNTED)
    if ballot.secrecy is not Secrecy.OPEN or not is_over or ballot.counted_at is not None:
        return False
    if late_papers.are_waited_for(ballot, now=now):
        return False
    late_papers.leave_out(ballot, now=now)
    batches.settle(ballot, now=now)
    close(ballot, now=now)
    options = asking.list_options(ballot.id)
    finish(ballot, papers_in.count(ballot, options), now=now)
    if late_papers.came_late(ballot):  # at the close there was no result to be told of
        publish(events.BallotClosed(ballot_id=ballot.id, is_early=True), now=now)
    return True


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
    ballot.counted_at = now
    db.session.flush()
    _settle_meeting(ballot, now=now)
    ballot.outcome = Outcome(keep_tally(ballot, counted, now=now).judged["outcome"])
    db.session.flush()
    number = records.enter(ballot, Step.COUNTED, now=now)
    log_step(ballot, Step.COUNTED, now=now, account_id=account_id, record_number=number)
    checkpoints.make(logs.RECORD, now=now)
    if ballot.secrecy is not Secrecy.OPEN:
        publish(events.BallotClosed(ballot_id=ballot.id), now=now)


def keep_tally(ballot: Ballot, counted: Counted, *, now: datetime) -> BallotTally:
    """Write down what was counted, what the rule says of it and who was there: once for each.

    The table's key is the last judge. Whatever is noted later changes nothing of it.
    """
    tally = BallotTally(
        ballot_id=ballot.id,
        content=papers_in.content_of(ballot, counted),
        judged=told(asdict(counting.judge(ballot, counted))),
        attended=records.attending(ballot),
        counted_at=now,
    )
    db.session.add(tally)
    db.session.flush()
    return tally


def _settle_meeting(ballot: Ballot, *, now: datetime) -> None:
    """Let who was at the meeting stand, unless another of its votes is still to be counted.

    The last two, counted at once, wait here for each other, and for a presence on its way.
    """
    if ballot.meeting_id is None:
        return
    meetings.hold(ballot.meeting_id, alone=True)
    waits = select(Ballot.id).where(
        Ballot.meeting_id == ballot.meeting_id,
        Ballot.announced_at.is_not(None),
        Ballot.cancelled_at.is_(None),
        Ballot.counted_at.is_(None),
        Ballot.opened_at.is_not(None) | (Ballot.closes_at > now),
    )
    if db.session.scalar(waits.limit(1)) is None:
        meetings.settle(ballot.meeting_id, now=now)
