"""Who hears of a ballot, and in which words. Only its electors do; never how anybody voted."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, select

from portal.ballots import events, rules
from portal.ballots.life import LAST_DAY
from portal.ballots.models import Ballot, BallotElector, Turnout
from portal.ballots.rules import Secrecy, State
from portal.ballots.service import get_ballot
from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind, moment
from portal.inbox.rules import Topic

OLD = timedelta(days=3)
"""A result that is older is no news any more."""

KINDS = {
    events.BallotOpened.kind: Kind(
        topic=Topic.VOTES,
        words=lambda facts: _(
            "You can vote until %(when)s: %(question)s",
            when=moment(facts["closes_at"]),
            question=facts["question"],
        ),
        matters=True,
    ),
    events.BallotCloses.kind: Kind(
        topic=Topic.VOTES,
        words=lambda facts: _(
            "You have not voted yet, and it closes on %(when)s: %(question)s",
            when=moment(facts["closes_at"]),
            question=facts["question"],
        ),
        matters=True,
    ),
    events.BallotClosed.kind: Kind(
        topic=Topic.VOTES,
        words=lambda facts: _("The result of a vote is here: %(question)s", **facts),
    ),
}


def tell_of_opening(happened: Happened, *, now: datetime) -> None:
    """Tell the electors that they can vote."""
    ballot = get_ballot(happened.facts["ballot_id"])
    if rules.state(ballot, now=now) is State.OPEN:
        _tell(ballot, _electors(ballot), "ballots.show", happened, now=now)


def tell_of_last_day(happened: Happened, *, now: datetime) -> None:
    """Tell those who have not voted that a day is left."""
    ballot = get_ballot(happened.facts["ballot_id"])
    voted = select(Turnout.resident_id).where(Turnout.ballot_id == ballot.id)
    if rules.state(ballot, now=now) is State.OPEN and now >= ballot.due_at - LAST_DAY:
        missing = _electors(ballot).where(BallotElector.resident_id.not_in(voted))
        _tell(ballot, missing, "ballots.show", happened, now=now)


def tell_of_result(happened: Happened, *, now: datetime) -> None:
    """Tell the electors, whether they voted or not, that the result stands."""
    ballot = get_ballot(happened.facts["ballot_id"])
    is_told = ballot.closed_at is not None and ballot.closed_at < ballot.due_at
    if is_told and ballot.secrecy is Secrecy.OPEN and not happened.facts.get("is_early"):
        return  # when it was closed early
    if rules.state(ballot, now=now).is_counted and now < ballot.ends_at + OLD:
        _tell(ballot, _electors(ballot), "ballots.result", happened, now=now)


def _electors(ballot: Ballot) -> Select[int]:
    return select(BallotElector.resident_id).where(BallotElector.ballot_id == ballot.id)


def _tell(
    ballot: Ballot, residents: Select[int], endpoint: str, happened: Happened, *, now: datetime
) -> None:
    is_over = happened.kind == events.BallotClosed.kind
    inbox.tell(
        inbox.accounts_of(residents),
        kind=happened.kind,
        facts={"question": ballot.question, "closes_at": ballot.due_at.isoformat()},
        path=inbox.path_to(endpoint, ballot_id=ballot.id),
        event_id=happened.event_id,
        ends_at=ballot.ends_at + OLD if is_over else ballot.ends_at,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    events.BallotOpened.kind: (tell_of_opening,),
    events.BallotCloses.kind: (tell_of_last_day,),
    events.BallotClosed.kind: (tell_of_result,),
}
