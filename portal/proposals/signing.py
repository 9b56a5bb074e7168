"""Standing behind a proposal: signing it, taking that back, and what follows. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from portal.core import clock
from portal.core.db import db, insert_or, keep_once
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import require_village
from portal.core.suppression import suppress_small
from portal.meetings import bodies
from portal.meetings.rules import Kind as MeetingKind
from portal.moderation import writers, writing
from portal.people import behalf, electorate
from portal.people import service as people
from portal.people.models import Resident, VillagerGroup
from portal.privacy import names
from portal.proposals import rules, service
from portal.proposals.events import MeetingDemanded
from portal.proposals.models import ConveningTask, Proposal, ProposalSupport
from portal.proposals.rules import Refusal, State
from portal.proposals.service import Line

MOST_NAMES = 60


def why_not(
    line: Line, resident_id: int | None, *, now: datetime
) -> writing.Refusal | Refusal | None:
    """Return why this person cannot sign this proposal now, or None.

    Who is stopped from writing signs still: that says no words, and is a right (V8).
    """
    proposal = line.proposal
    reason = writers.why_not(resident_id, place=service.PLACE, now=now)
    if reason and reason is not writing.Refusal.MUTED:
        return reason
    return rules.why_not_sign(
        state=proposal.state,
        is_over=proposal.expires_at <= now,
        is_shown=line.is_readable,
        is_elector=resident_id is not None and service.is_elector(resident_id, now=now),
        has_signed=line.has_signed,
    )


def sign(proposal_id: int, *, resident_id: int | None, show_name: bool, now: datetime) -> None:
    """Stand behind a proposal. Raises Refused."""
    proposal = service.get_proposal(proposal_id, locked=True)
    line = service.get_line(proposal_id, resident_id=resident_id)
    reason = why_not(line, resident_id, now=now)
    if resident_id is None or reason:
        raise Refused(reason or writing.Refusal.NOT_A_RESIDENT)
    if show_name:
        is_own = behalf.current_sitting() is None
        show_name = is_own and names.agree_to_be_named(resident_id, now=now)
    write(proposal, resident_id, show_name=show_name, now=now)


def write(proposal: Proposal, resident_id: int, *, show_name: bool, now: datetime) -> None:
    """Write a signature down, and let the proposal go on if it was the one still missing."""
    facts = people.deed_facts(resident_id, now=now)
    keep_once(
        ProposalSupport(proposal_id=proposal.id, show_name=show_name, **facts),
        twice=Refusal.ALREADY_SIGNED,
    )
    signers, households = _count(proposal.id)
    if proposal.state is State.COLLECTING and rules.is_met(
        proposal.needs, signers=signers, households=households
    ):
        service.step(
            proposal, State.THRESHOLD_MET, seen=proposal.position, account_id=None, now=now
        )
    if rules.must_convene(proposal.needs, signers=signers):
        _demand(proposal, signers=signers, now=now)


def take_back(proposal_id: int, *, resident_id: int, now: datetime) -> None:
    """Take a signature back while the proposal collects. Raises Refused."""
    proposal = service.get_proposal(proposal_id, locked=True)
    line = service.get_line(proposal_id, resident_id=resident_id)
    refusal = rules.why_not_unsign(
        state=proposal.state,
        is_author=proposal.resident_id == resident_id,
        has_signed=line.has_signed,
    )
    if refusal:
        raise Refused(refusal)
    db.session.execute(
        delete(ProposalSupport).where(
            ProposalSupport.proposal_id == proposal_id,
            ProposalSupport.resident_id == resident_id,
        )
    )


def _count(proposal_id: int) -> tuple[int, int]:
    signers, households = db.session.execute(
        select(func.count(), func.count(ProposalSupport.household_id.distinct())).where(
            ProposalSupport.proposal_id == proposal_id
        )
    ).one()
    return signers, households


def _demand(proposal: Proposal, *, signers: int, now: datetime) -> None:
    """Put it before the committee, once, that it must convene the villagers' meeting (V8)."""
    village = people.path_of(require_village())[-1]
    rule = bodies.find_convening(MeetingKind.VM, village.code, on=clock.today(proposal.done_at))
    insert = insert_or(ConveningTask).values(
        village_id=require_village(),
        proposal_id=proposal.id,
        electors=proposal.electors,
        needed=proposal.needed_convening,
        signers=signers,
        citation=rule.citation if rule else "",
        raised_at=now,
    )
    made = db.session.scalar(insert.on_conflict_do_nothing().returning(ConveningTask.id))
    if made is not None:
        publish(MeetingDemanded(proposal_id=proposal.id), now=now)


# --- who signed, as far as everybody may know ----------------------------------------------------


def names_of(proposal_id: int) -> list[str]:
    """Return the names of those who signed and show theirs, in the order of their signatures."""
    author = names.author(
        ProposalSupport.resident_id, ProposalSupport.show_name, ProposalSupport.done_at
    )
    rows = db.session.execute(
        select(*author)
        .select_from(ProposalSupport)
        .join(Resident, Resident.id == ProposalSupport.resident_id)
        .where(ProposalSupport.proposal_id == proposal_id, ProposalSupport.show_name)
        .order_by(ProposalSupport.id)
        .limit(MOST_NAMES)
    )
    return [name for name, is_whole, _taken in rows if name and is_whole]


@dataclass(frozen=True)
class OfGroup:
    """How many of a group signed; None where so few stand behind the number that it is hidden."""

    name: str
    signers: int | None


def by_group(proposal_id: int, *, now: datetime) -> list[OfGroup]:
    """Return how many of each group signed, small numbers hidden; nothing if that is not enough."""
    signed = (
        select(ProposalSupport.group_id, func.count().label("signers"))
        .where(ProposalSupport.proposal_id == proposal_id)
        .group_by(ProposalSupport.group_id)
        .subquery()
    )
    day = clock.today(now)
    rows = db.session.execute(
        select(
            VillagerGroup.name,
            func.coalesce(signed.c.signers, 0),
            func.count(Resident.id).filter(electorate.is_elector(day)),
        )
        .outerjoin(signed, signed.c.group_id == VillagerGroup.id)
        .outerjoin(Resident, Resident.group_id == VillagerGroup.id)
        .group_by(VillagerGroup.id, VillagerGroup.name, VillagerGroup.number, signed.c.signers)
        .order_by(VillagerGroup.number)
    ).all()
    return _suppressed([(name, count, max(0, size - count)) for name, count, size in rows])


def _suppressed(rows: Sequence[tuple[str, int, int]]) -> list[OfGroup]:
    hidden = suppress_small([(signers, others) for _name, signers, others in rows])
    if hidden is None:
        return []
    return [
        OfGroup(name, None if (index, 0) in hidden else signers)
        for index, (name, signers, _others) in enumerate(rows)
        if signers
    ]
