"""Who hears what becomes of a proposal: its author, who signed it, the committee."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.ballots.events import BallotClosed
from portal.core import clock
from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.people import posts
from portal.people.rules import Role
from portal.proposals import outcomes, service
from portal.proposals.events import MeetingDemanded, OpinionAdvised, ProposalMoved
from portal.proposals.models import Proposal, ProposalSupport
from portal.proposals.rules import State
from portal.proposals.words import STEPS

QUIET = (State.COLLECTING,)
COMMITTEE = (Role.COMMITTEE, Role.HEAD)


def _moved(facts: Mapping[str, Any]) -> str:
    what = STEPS[State(facts["state"])]
    if facts["reason"]:
        return _(
            "Proposal “%(title)s”: %(what)s. Reason: %(reason)s",
            title=facts["title"],
            what=what,
            reason=facts["reason"],
        )
    return _("Proposal “%(title)s”: %(what)s", title=facts["title"], what=what)


KINDS = {
    ProposalMoved.kind: Kind(topic=Topic.TALK, words=_moved),
    OpinionAdvised.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "The council advises to hand your proposal “%(title)s” in as your opinion on the plan."
            " If you agree, press “Hand it in” there.",
            title=facts["title"],
        ),
        matters=True,
    ),
    MeetingDemanded.kind: Kind(
        topic=Topic.VOTES,
        words=lambda facts: _(
            "%(signers)s electors stand behind the proposal “%(title)s”: the committee must"
            " convene the villagers' meeting.",
            signers=facts["signers"],
            title=facts["title"],
        ),
        matters=True,
    ),
}


def tell_of_step(happened: Happened, *, now: datetime) -> None:
    """Tell its author and those who signed."""
    proposal = service.get_proposal(happened.facts["proposal_id"])
    if State(happened.facts["state"]) in QUIET or not proposal.is_shown:
        return
    signed = select(ProposalSupport.resident_id).where(ProposalSupport.proposal_id == proposal.id)
    _tell(inbox.accounts_of(signed), proposal.id, happened, now=now)


def ask_author(happened: Happened, *, now: datetime) -> None:
    """Ask the author whether the proposal may be their opinion on the plan."""
    proposal = service.get_proposal(happened.facts["proposal_id"])
    if proposal.is_shown:
        author = select(Proposal.resident_id).where(Proposal.id == proposal.id)
        _tell(inbox.accounts_of(author), proposal.id, happened, now=now)


def take_result(happened: Happened, *, now: datetime) -> None:
    """Let a proposal that was voted on go on as the result says."""
    outcomes.take_result(happened.facts["ballot_id"], now=now)


def tell_committee(happened: Happened, *, now: datetime) -> None:
    """Tell the committee that it must convene a meeting."""
    holders = posts.holders(COMMITTEE, day=clock.today(now))
    _tell(holders, happened.facts["proposal_id"], happened, now=now)


def _tell(accounts: list[int], proposal_id: int, happened: Happened, *, now: datetime) -> None:
    line = service.get_line(proposal_id)
    inbox.tell(
        accounts,
        kind=happened.kind,
        facts={
            "title": service.title_of(line),
            "signers": line.signers,
            "state": happened.facts.get("state", ""),
            "reason": happened.facts.get("reason", ""),
        },
        path=inbox.path_to("proposals.show", proposal_id=proposal_id),
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    ProposalMoved.kind: (tell_of_step,),
    OpinionAdvised.kind: (ask_author,),
    MeetingDemanded.kind: (tell_committee,),
    BallotClosed.kind: (take_result,),
}
