"""What can be asked about proposals, and the one way in which they take a step. Never commits.

Handing in is in `handing_in`, signatures are in `signing`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select

from portal.core import clock
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.media import service as media
from portal.moderation.rules import Code, Hold
from portal.people import electorate
from portal.people.models import Resident, VillagerGroup
from portal.privacy import names
from portal.proposals import rules
from portal.proposals.events import ProposalMoved
from portal.proposals.models import Proposal, ProposalStep, ProposalSupport
from portal.proposals.rules import Refusal, State

KIND = "proposal"
"""What moderation calls a proposal."""
PAGE = 20
PLACE = "proposal:all"
"""What moderation calls the place where proposals are written: one for all of them."""


@dataclass(frozen=True)
class Line:
    """A proposal as others see it: its author by group and masked name, unless he shows it."""

    proposal: Proposal
    author: str
    group: str
    is_taken_back: bool
    signers: int
    households: int
    has_signed: bool

    @property
    def is_readable(self) -> bool:
        """Tell whether everybody reads its words: neither held, hidden nor taken back."""
        return self.proposal.is_shown and not self.is_taken_back


def title_of(line: Line) -> str:
    """Return what a proposal is called; one whose words were taken back, by its number."""
    return f"№ {line.proposal.number}" if line.is_taken_back else line.proposal.title


def get_line(proposal_id: int, *, resident_id: int | None = None) -> Line:
    """Return one proposal, or raise NoResultFound; `resident_id`: whether they have signed it."""
    return _line(*db.session.execute(_lines(resident_id).where(Proposal.id == proposal_id)).one())


def files_of(proposal_id: int) -> list[media.Shown]:
    """Return the photos and recordings that go with a proposal."""
    return media.shown(KIND, [proposal_id]).get(proposal_id, [])


def get_proposal(proposal_id: int, *, locked: bool = False) -> Proposal:
    """Return the row, or raise NoResultFound; locked, whoever changes it too waits."""
    query = select(Proposal).where(Proposal.id == proposal_id)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def list_lines(
    states: Collection[State],
    *,
    page: int = 1,
    resident_id: int | None = None,
    per_page: int = PAGE,
) -> tuple[list[Line], int]:
    """Return a page of what everybody may read in these states, newest first, and the total."""
    wanted = Proposal.state.in_(states) & _is_shown()
    total = db.session.scalar(select(func.count()).select_from(Proposal).where(wanted))
    query = _lines(resident_id).where(wanted).order_by(Proposal.number.desc())
    rows = db.session.execute(query.limit(per_page).offset((page - 1) * per_page))
    return [_line(*row) for row in rows], total or 0


def list_of(resident_id: int) -> list[Line]:
    """Return what this resident proposed or signed, newest first; their own also while held."""
    signed = select(ProposalSupport.proposal_id).where(ProposalSupport.resident_id == resident_id)
    query = _lines(resident_id).where(
        or_(Proposal.resident_id == resident_id, Proposal.id.in_(signed) & _is_shown())
    )
    return _read(query.order_by(Proposal.number.desc()))


def list_newest(*, limit: int) -> list[Line]:
    """Return the newest proposals of the village, newest first, whatever their standing."""
    return _read(_lines(None).order_by(Proposal.number.desc()).limit(limit))


def list_these(proposal_ids: Collection[int]) -> list[Line]:
    """Return these proposals of the village, whatever their standing."""
    return _read(_lines(None).where(Proposal.id.in_(proposal_ids)))


def list_by(resident_id: int, *, since: datetime, limit: int) -> list[Proposal]:
    """Return what a resident handed in since then, newest first."""
    query = select(Proposal).where(Proposal.resident_id == resident_id, Proposal.done_at >= since)
    return list(db.session.scalars(query.order_by(Proposal.number.desc()).limit(limit)))


def has_been_read(resident_id: int) -> bool:
    """Tell whether a proposal of this resident stands there for all to read."""
    own = select(Proposal.id).where(Proposal.resident_id == resident_id, _is_shown())
    return bool(db.session.scalar(select(own.exists())))


def count_since(since: datetime) -> int:
    """Return how many proposals were handed in since then."""
    query = select(func.count()).select_from(Proposal).where(Proposal.done_at >= since)
    return db.session.scalar(query) or 0


def count_in(states: Collection[State]) -> int:
    """Return how many proposals that everybody may read are in these states."""
    wanted = Proposal.state.in_(states) & _is_shown()
    return db.session.scalar(select(func.count()).select_from(Proposal).where(wanted)) or 0


def is_elector(resident_id: int, *, now: datetime) -> bool:
    """Tell whether somebody is of the electorate today: only they propose and sign."""
    resident = db.session.get_one(Resident, resident_id)
    return electorate.is_of_electorate(resident, day=clock.today(now))


def set_standing(proposal_id: int, *, held_for: Hold | None, hidden_code: Code | None) -> None:
    """Hide a proposal, hold it, or show it; only moderation decides that."""
    proposal = get_proposal(proposal_id)
    proposal.held_for, proposal.hidden_code = held_for, hidden_code
    db.session.flush()


def step(
    proposal: Proposal,
    after: State,
    *,
    seen: int,
    account_id: int | None,
    now: datetime,
    reason: str = "",
) -> ProposalStep:
    """Let a proposal go on to another state. Raises Refused, also where somebody was quicker."""
    refusal = rules.why_not_step(
        before=proposal.state, after=after, position=proposal.position, seen=seen, reason=reason
    )
    if refusal:
        raise Refused(refusal)
    row = ProposalStep(
        proposal_id=proposal.id,
        position=proposal.position + 1,
        state=after,
        reason=reason.strip(),
        account_id=account_id,
        done_at=now,
    )
    keep_once(row, twice=Refusal.STALE)
    proposal.state, proposal.position = after, row.position
    db.session.flush()
    publish(ProposalMoved(proposal_id=proposal.id, state=after.value, reason=row.reason), now=now)
    return row


def _is_shown() -> ColumnElement[bool]:
    return Proposal.hidden_code.is_(None) & Proposal.held_for.is_(None)


def _lines(resident_id: int | None) -> Select[*tuple[Any, ...]]:
    author = names.author(Proposal.resident_id, Proposal.show_name, Proposal.done_at)
    of_it = ProposalSupport.proposal_id == Proposal.id
    count = select(func.count()).select_from(ProposalSupport).where(of_it)
    homes = select(func.count(ProposalSupport.household_id.distinct())).where(of_it)
    own = select(ProposalSupport.id).where(of_it, ProposalSupport.resident_id == resident_id)
    return (
        select(
            Proposal,
            *author,
            VillagerGroup.name,
            count.scalar_subquery(),
            homes.scalar_subquery(),
            own.exists() if resident_id is not None else literal(False),
        )
        .join(Resident, Resident.id == Proposal.resident_id)
        .join(VillagerGroup, VillagerGroup.id == Proposal.group_id)
    )


def _read(query: Select[*tuple[Any, ...]]) -> list[Line]:
    return [_line(*row) for row in db.session.execute(query)]


def _line(
    proposal: Proposal,
    name: str,
    is_whole: bool,
    is_taken_back: bool,
    group: str,
    signers: int,
    households: int,
    has_signed: bool,
) -> Line:
    author = names.signed(name, is_whole)
    return Line(proposal, author, group, is_taken_back, signers, households, bool(has_signed))
