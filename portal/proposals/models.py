"""Proposals on disk: as handed in, who signed, what became of them, step by step."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.moderation.models import Written
from portal.people.models import Deed
from portal.proposals.rules import Needs, Outcome, State


class ProposalDraft(VillageRow):
    """What a resident is writing: one draft each, seen by nobody else."""

    __tablename__ = "proposal_draft"
    __table_args__ = (UniqueConstraint("resident_id"),)

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    title: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime]


class ProposalCounter(VillageRow):
    """The number last given to a proposal; its row lock makes those who hand in queue."""

    __tablename__ = "proposal_counter"
    __table_args__ = (UniqueConstraint("village_id"),)

    last_number: Mapped[int] = mapped_column(default=0)


class Proposal(Written, Deed, VillageRow):
    """A proposal as it was handed in, with the figures of that day. `position` counts its steps.

    `agrees_to_opinion`: its author lets it be handed in as their opinion on the plan.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("village_id", "number"),
        UniqueConstraint("resident_id", "client_key"),
        CheckConstraint("length(body) BETWEEN 1 AND 1900", name="body_length"),
        CheckConstraint("length(title) BETWEEN 1 AND 60", name="title_length"),
        Index("ix_proposal_village_state", "village_id", "state"),
    )

    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(80), default="")
    body: Mapped[str] = mapped_column(Text)
    show_name: Mapped[bool] = mapped_column(default=False)
    agrees_to_opinion: Mapped[bool] = mapped_column(default=False)
    client_key: Mapped[str] = mapped_column(String(64))
    state: Mapped[State]
    position: Mapped[int] = mapped_column(default=1)
    electors: Mapped[int]
    needed_signers: Mapped[int]
    needed_households: Mapped[int]
    needed_convening: Mapped[int | None]
    expires_at: Mapped[datetime]

    @property
    def needs(self) -> Needs:
        """Return how many must sign, as it was on the day of handing in."""
        return Needs(self.needed_signers, self.needed_households, self.needed_convening)


class ProposalSupport(Deed, VillageRow):
    """A resident stands behind a proposal, once: the key is the last judge."""

    __tablename__ = "proposal_support"
    __table_args__ = (UniqueConstraint("proposal_id", "resident_id"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    show_name: Mapped[bool] = mapped_column(default=False)


class ProposalStep(VillageRow):
    """A step of a proposal; the key on the position judges two who take one at once."""

    __tablename__ = "proposal_step"
    __table_args__ = (UniqueConstraint("proposal_id", "position"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    position: Mapped[int]
    state: Mapped[State]
    reason: Mapped[str] = mapped_column(String(400), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    done_at: Mapped[datetime]


class ConveningTask(VillageRow):
    """The committee must convene the villagers' meeting over a proposal (V8), until one is named.

    If that one falls through, another one must be named. The figures are those of the
    signature that made it so.
    """

    __tablename__ = "convening_task"
    __table_args__ = (
        UniqueConstraint("proposal_id"),
        CheckConstraint("(meeting_id IS NULL) = (met_at IS NULL)", name="met_whole"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    electors: Mapped[int]
    needed: Mapped[int]
    signers: Mapped[int]
    citation: Mapped[str] = mapped_column(String(200), default="")
    raised_at: Mapped[datetime]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    met_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    met_at: Mapped[datetime | None]


class CouncilItem(VillageRow):
    """A proposal is on the list of a session of the council."""

    __tablename__ = "council_item"
    __table_args__ = (UniqueConstraint("proposal_id", "meeting_id"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    listed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    listed_at: Mapped[datetime]


class Recommendation(VillageRow):
    """What the council recommends about a proposal, once, by whom was there and how they voted."""

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("proposal_id"),
        CheckConstraint("yes + no + abstain = present", name="votes_add_up"),
        CheckConstraint("2 * yes > present", name="majority"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    outcome: Mapped[Outcome]
    reason: Mapped[str] = mapped_column(String(400))
    members: Mapped[int]
    present: Mapped[int]
    yes: Mapped[int]
    no: Mapped[int]
    abstain: Mapped[int]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]


class CarriedOut(VillageRow):
    """What a recommendation became: a drafted vote, an opinion on the plan, or a duty."""

    __tablename__ = "proposal_carried_out"
    __table_args__ = (UniqueConstraint("proposal_id"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    ballot_id: Mapped[int | None] = mapped_column(ForeignKey("ballot.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duty.id"), index=True)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime]
