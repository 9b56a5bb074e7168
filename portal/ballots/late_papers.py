"""Papers that were entered before the close, and whose witnesses agree only after it.

For two days the count waits for them: otherwise whoever is slow, or is called away, would take the
votes of a whole place back. Then what nobody agreed to is left out, and everybody reads so.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.ballots.batch_lists import list_sheets
from portal.ballots.batch_models import PaperSheet
from portal.ballots.life import log_step
from portal.ballots.models import Ballot
from portal.ballots.states import Secrecy, Step
from portal.core.db import db

WITNESSES_HAVE = timedelta(days=2)


def note_waiting(ballot: Ballot) -> None:
    """Write down whether it is still open of some place's papers who voted, or what they say.

    The sums of a secret vote are waited for elsewhere: before its urn is opened.
    """
    query = select(PaperSheet.id).where(
        PaperSheet.ballot_id == ballot.id, PaperSheet.withdrawn_at.is_(None)
    )
    is_open = ballot.secrecy is Secrecy.OPEN
    done_at = PaperSheet.counted_at if is_open else PaperSheet.listed_at
    db.session.flush()
    ballot.papers_wait = db.session.scalar(query.where(done_at.is_(None)).limit(1)) is not None
    db.session.flush()


def are_waited_for(ballot: Ballot, *, now: datetime) -> bool:
    """Tell whether a vote that is over is not counted yet, since witnesses still have time."""
    return ballot.papers_wait and now < waits_until(ballot)


def waits_until(ballot: Ballot) -> datetime:
    """Return until when witnesses can agree to papers that were entered before the close."""
    return ballot.ends_at + WITNESSES_HAVE


def leave_out(ballot: Ballot, *, now: datetime) -> None:
    """Leave the papers out to which nobody agreed in time, each place with a line of the log."""
    if not ballot.papers_wait:
        return
    for sheet in list_sheets(ballot.id):
        if sheet.listed_at is None:
            sheet.withdrawn_at = now
            reason = f"{sheet.station} ({sheet.papers})"
            log_step(ballot, Step.PAPERS_LEFT_OUT, now=now, account_id=None, reason=reason)
    ballot.papers_wait = False
    db.session.flush()


def came_late(ballot: Ballot) -> bool:
    """Tell whether the count had to wait for papers."""
    ends_at = ballot.ends_at
    query = select(PaperSheet.id).where(
        PaperSheet.ballot_id == ballot.id,
        (PaperSheet.counted_at >= ends_at) | (PaperSheet.withdrawn_at >= ends_at),
    )
    return db.session.scalar(query.limit(1)) is not None
