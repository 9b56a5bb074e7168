"""What the clock does with proposals: those that found too few signatures in time expire."""

from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.scope import village_scope
from portal.proposals import service
from portal.proposals.models import Proposal
from portal.proposals.rules import State


def expire(*, now: datetime) -> int:
    """Let proposals expire whose days are over; return how many."""
    rows = db.session.execute(
        select(Proposal.village_id, Proposal.id)
        .where(Proposal.state == State.COLLECTING, Proposal.expires_at <= now)
        .order_by(Proposal.id)
    ).all()
    count = 0
    for village_id, proposal_id in rows:
        with village_scope(village_id):
            proposal = service.get_proposal(proposal_id, locked=True)
            if proposal.state is State.COLLECTING:
                service.step(
                    proposal, State.EXPIRED, seen=proposal.position, account_id=None, now=now
                )
                count += 1
    return count
