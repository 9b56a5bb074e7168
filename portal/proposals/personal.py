"""What somebody proposed and signed, and how a proposal loses its author. No count changes."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core import personal
from portal.core.db import db
from portal.core.personal import Fact, Person, Pile, Wish, of_resident
from portal.core.scope import village_scope
from portal.moderation import writing
from portal.moderation.forms import CODES
from portal.people.words import CHANNELS
from portal.proposals import handing_in, service
from portal.proposals.models import (
    CarriedOut,
    ConveningTask,
    CouncilItem,
    Proposal,
    ProposalDraft,
    ProposalStep,
    ProposalSupport,
    Recommendation,
)
from portal.proposals.rules import NEXT, State
from portal.proposals.words import STEPS

STATES = STEPS
TITLE = Fact("proposal", _l("Proposal"), Proposal.title)


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Throw the draft away, and take the words back where that is wished.

    What the council does not have yet is taken back with them: nobody could know what they sign.

    A signature stays counted: what rests on it was begun for many. Its name is gone in any case
    (`privacy.names`).
    """
    if person.resident_id is None:
        return 0
    handing_in.drop_draft(person.resident_id)
    if not wish.takes_words_back:
        return 0
    proposals = db.session.scalars(
        select(Proposal).where(
            Proposal.resident_id == person.resident_id, Proposal.body != writing.TAKEN_BACK
        )
    ).all()
    for proposal in proposals:
        proposal.title = proposal.body = writing.TAKEN_BACK
        proposal.place = ""
        if State.WITHDRAWN in NEXT[proposal.state]:
            seen, after = proposal.position, State.WITHDRAWN
            with village_scope(person.village_id):
                service.step(proposal, after, seen=seen, account_id=None, now=now)
    db.session.flush()
    return len(proposals)


KEEPER = personal.Keeper(
    "proposals",
    _l("What I proposed and signed"),
    (
        Pile(
            Proposal,
            _l("My proposals"),
            (
                Fact("number", _l("Number"), Proposal.number),
                Fact("title", _l("Proposal"), Proposal.title),
                Fact("place", _l("Where"), Proposal.place),
                Fact("body", _l("Text"), Proposal.body),
                Fact("show_name", _l("With my full name"), Proposal.show_name),
                Fact(
                    "agrees_to_opinion",
                    _l("May be my opinion on the plan"),
                    Proposal.agrees_to_opinion,
                ),
                Fact("state", _l("State"), Proposal.state, STATES),
                Fact("done_at", _l("When"), Proposal.done_at),
                Fact("channel", _l("How"), Proposal.channel, CHANNELS),
                Fact("hidden_code", _l("Hidden because"), Proposal.hidden_code, CODES),
            ),
            of_resident(Proposal.resident_id),
        ),
        Pile(
            ProposalSupport,
            _l("Proposals that I signed"),
            (
                TITLE,
                Fact("show_name", _l("With my full name"), ProposalSupport.show_name),
                Fact("done_at", _l("When"), ProposalSupport.done_at),
                Fact("channel", _l("How"), ProposalSupport.channel, CHANNELS),
            ),
            of_resident(ProposalSupport.resident_id),
            joined=((Proposal, Proposal.id == ProposalSupport.proposal_id),),
        ),
        Pile(
            ProposalDraft,
            _l("The proposal that I am writing"),
            (
                Fact("title", _l("Proposal"), ProposalDraft.title),
                Fact("place", _l("Where"), ProposalDraft.place),
                Fact("body", _l("Text"), ProposalDraft.body),
                Fact("saved_at", _l("When"), ProposalDraft.saved_at),
            ),
            of_resident(ProposalDraft.resident_id),
        ),
        Pile(
            ProposalStep,
            _l("Steps of proposals that I took for the village"),
            (
                TITLE,
                Fact("state", _l("State"), ProposalStep.state, STEPS),
                Fact("reason", _l("Reason"), ProposalStep.reason),
                Fact("done_at", _l("When"), ProposalStep.done_at),
            ),
            lambda person: ProposalStep.account_id == person.account_id,
            joined=((Proposal, Proposal.id == ProposalStep.proposal_id),),
        ),
        Pile(
            ConveningTask,
            _l("Meetings that I named for a proposal"),
            (TITLE, Fact("met_at", _l("When"), ConveningTask.met_at)),
            lambda person: ConveningTask.met_by == person.account_id,
            joined=((Proposal, Proposal.id == ConveningTask.proposal_id),),
        ),
        Pile(
            CouncilItem,
            _l("Proposals that I put on the council's list"),
            (TITLE, Fact("listed_at", _l("When"), CouncilItem.listed_at)),
            lambda person: CouncilItem.listed_by == person.account_id,
            joined=((Proposal, Proposal.id == CouncilItem.proposal_id),),
        ),
        Pile(
            Recommendation,
            _l("Recommendations of the council that I wrote down"),
            (TITLE, Fact("written_at", _l("When"), Recommendation.written_at)),
            lambda person: Recommendation.written_by == person.account_id,
            joined=((Proposal, Proposal.id == Recommendation.proposal_id),),
        ),
        Pile(
            CarriedOut,
            _l("Recommendations of the council that I carried out"),
            (TITLE, Fact("done_at", _l("When"), CarriedOut.done_at)),
            lambda person: CarriedOut.done_by == person.account_id,
            joined=((Proposal, Proposal.id == CarriedOut.proposal_id),),
        ),
    ),
    forget,
    untold={
        f"{table}.household_id": "the household the person was of, told with the roster row"
        for table in ("proposal", "proposal_support")
    },
)
