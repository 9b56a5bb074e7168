"""Ballots on disk: what is asked of whom, who voted, and, in a vote with names, what they chose.

The papers of a secret vote are in its urn (`urn_models.py`), beside nothing.
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.ballots.arithmetic import Outcome
from portal.ballots.rules import Answer, Kind, Unit
from portal.ballots.states import Secrecy, Step
from portal.core.append_only import append_only
from portal.core.db import JsonDict, JsonList, VillageRow
from portal.core.frozen import frozen_with
from portal.people.models import Deed
from portal.people.rules import AgeBand, Sex


class RuleProfile(VillageRow):
    """A rule as data: where and since when it is in force, what it prescribes, where it stands.

    A row is never changed; a rule that changes is a new row with a later `valid_from`.
    """

    __tablename__ = "rule_profile"
    __table_args__ = (UniqueConstraint("village_id", "code", "valid_from"),)

    code: Mapped[str] = mapped_column(String(40))
    region_code: Mapped[str] = mapped_column(String(12))
    valid_from: Mapped[date]
    params: Mapped[JsonDict]
    citation: Mapped[str] = mapped_column(String(400))


class Ballot(VillageRow):
    """A question on a plan version.

    The announcement freezes what is asked, of which plan and by which rule, the opening the
    electors: triggers refuse a later change. `salt` makes the electors' commitments. `papers_wait`:
    of the papers of some place it is not known yet whether they count (`late_papers.py`).
    """

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="has_a_span"),
        CheckConstraint("max_choices > 0", name="allows_a_choice"),
        CheckConstraint(
            "(opened_at IS NULL) = (manifest_sha256 IS NULL)", name="frozen_when_opened"
        ),
        Index("ix_ballot_village_closes", "village_id", "closes_at"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"), index=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("rule_profile.id"))
    question: Mapped[str] = mapped_column(String(200))
    explanation: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[Kind]
    secrecy: Mapped[Secrecy] = mapped_column(default=Secrecy.OPEN)
    unit: Mapped[Unit] = mapped_column(default=Unit.PERSON)
    max_choices: Mapped[int | None]
    min_choices: Mapped[int] = mapped_column(default=1)
    max_score: Mapped[int | None]
    points_total: Mapped[int | None]
    budget_yuan: Mapped[int | None]
    min_votes: Mapped[int] = mapped_column(default=0)
    is_skipping: Mapped[bool] = mapped_column(default=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    party_review_on: Mapped[date | None]
    party_review_note: Mapped[str] = mapped_column(String(400), default="")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    public_key: Mapped[str] = mapped_column(String(64), default="")
    script_sha256: Mapped[str] = mapped_column(String(64), default="")
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    announced_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    version_sha256: Mapped[str | None] = mapped_column(String(64))
    manifest_sha256: Mapped[str | None] = mapped_column(String(64))
    salt: Mapped[str] = mapped_column(String(64), default="")
    roster_sha256: Mapped[str] = mapped_column(String(64), default="")
    electors_count: Mapped[int] = mapped_column(default=0)
    households_count: Mapped[int] = mapped_column(default=0)
    suspended_at: Mapped[datetime | None]
    prolonged_to: Mapped[datetime | None]
    papers_wait: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    disclosed_at: Mapped[datetime | None]
    objected_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    @property
    def due_at(self) -> datetime:
        """Return when voting is to end: later than announced by as long as it was held up."""
        return self.prolonged_to or self.closes_at

    @hybrid_property
    def ends_at(self) -> datetime:
        """Return when voting ends, or ended: early, where two offices closed it early."""
        return self.closed_at or self.due_at

    @ends_at.inplace.expression
    @classmethod
    def _ends_at(cls) -> ColumnElement[datetime]:
        return func.coalesce(cls.closed_at, cls.prolonged_to, cls.closes_at)


class BallotOption(VillageRow):
    """Something that can be chosen: an answer, a project, a way for the village, or free words."""

    __tablename__ = "ballot_option"
    __table_args__ = (
        UniqueConstraint("ballot_id", "position"),
        UniqueConstraint("ballot_id", "project_id"),
        UniqueConstraint("ballot_id", "id"),
        CheckConstraint(
            "(CASE WHEN answer IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN project_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN scenario_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="is_one_thing",
        ),
        CheckConstraint("answer IS NOT NULL OR words <> ''", name="has_words"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    position: Mapped[int]
    answer: Mapped[Answer | None]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("plan_project.id"))
    scenario_id: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"))
    code: Mapped[str] = mapped_column(String(40), default="")
    words: Mapped[str] = mapped_column(String(400), default="")
    cost_yuan: Mapped[int | None]


class BallotElector(VillageRow):
    """Who may vote, as they were when the ballot opened (domain.md V22)."""

    __tablename__ = "ballot_elector"
    __table_args__ = (UniqueConstraint("ballot_id", "resident_id"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("villager_group.id"))
    sex: Mapped[Sex]
    age_band: Mapped[AgeBand]
    born_on: Mapped[date | None]


class Turnout(Deed, VillageRow):
    """Somebody voted. One row per ballot and elector, by whatever channel: the key judges last.

    `key` is made before the first sending, so that a second sending finds the first's receipt. In a
    secret vote both are random texts that nobody was told, and `done_at` is but the day; where the
    household votes, `unit_household_id` names it, and its key makes it one.
    """

    __tablename__ = "turnout"
    __table_args__ = (
        UniqueConstraint("ballot_id", "resident_id"),
        UniqueConstraint("key"),
        UniqueConstraint("receipt"),
        UniqueConstraint("ballot_id", "id"),
        ForeignKeyConstraint(
            ["ballot_id", "resident_id"],
            ["ballot_elector.ballot_id", "ballot_elector.resident_id"],
        ),
        Index("uq_turnout_unit", "ballot_id", "unit_household_id", unique=True),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    unit_household_id: Mapped[int | None]
    key: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(String(16))


class BallotChoice(VillageRow):
    """One mark on the paper of a vote with names: a tick (1), a place (1, 2 …) or points.

    Turnout and option are of one ballot, or the row is refused. `turn` tells on which paper of the
    elector it stands: the last one counts (`change_models.py`).
    """

    __tablename__ = "ballot_choice"
    __table_args__ = (
        UniqueConstraint("turnout_id", "turn", "option_id"),
        ForeignKeyConstraint(["ballot_id", "turnout_id"], ["turnout.ballot_id", "turnout.id"]),
        ForeignKeyConstraint(
            ["ballot_id", "option_id"], ["ballot_option.ballot_id", "ballot_option.id"]
        ),
        Index("ix_ballot_choice_ballot_option", "ballot_id", "option_id"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    turnout_id: Mapped[int]
    turn: Mapped[int] = mapped_column(default=1)
    option_id: Mapped[int]
    value: Mapped[int] = mapped_column(default=1)


class BallotStep(VillageRow):
    """One step in the life of a ballot: what was done, when, by whom, why. The key makes it once.

    `turn` counts the steps of a kind that can happen again (suspended, objected). `record_number`
    is that of the entry in the public record.
    """

    __tablename__ = "ballot_step"
    __table_args__ = (UniqueConstraint("ballot_id", "step", "turn"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    step: Mapped[Step]
    turn: Mapped[int] = mapped_column(default=1)
    done_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    part: Mapped[str] = mapped_column(String(32), default="")
    reason: Mapped[str] = mapped_column(String(400), default="")
    record_number: Mapped[int | None]


class BallotTally(VillageRow):
    """What came of a ballot, in integers, as it was counted: one for each, never changed.

    `content` is what `papers_in.content_of` says, `judged` what the rule said of it then, and
    `attended` are the commitments of who was at the meeting. The record has the digest of it all.
    """

    __tablename__ = "ballot_tally"
    __table_args__ = (UniqueConstraint("ballot_id"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    content: Mapped[JsonDict]
    judged: Mapped[JsonDict]
    attended: Mapped[JsonList]
    counted_at: Mapped[datetime]


class PaperBatch(VillageRow):
    """Papers that were counted by hand at one place: sums only, before two witnesses (trust.md T6).

    `counts` are sums by option in the order of the paper. Nobody enters an individual's choice: as
    many electors are marked as having voted on paper as papers were counted.
    """

    __tablename__ = "paper_batch"
    __table_args__ = (
        UniqueConstraint("ballot_id", "station"),
        CheckConstraint("papers > 0 AND invalid >= 0 AND invalid <= papers", name="counts_papers"),
        CheckConstraint("witness_id <> second_witness_id", name="has_two_witnesses"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    station: Mapped[str] = mapped_column(String(80))
    papers: Mapped[int]
    invalid: Mapped[int]
    counts: Mapped[JsonList]
    sheet_sha256: Mapped[str] = mapped_column(String(64))
    witness_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    second_witness_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]


FREE = frozenset(
    (
        *("version_sha256", "manifest_sha256", "roster_sha256", "electors_count"),
        *("households_count", "opened_at", "suspended_at", "prolonged_to", "closed_at"),
        *(
            "papers_wait",
            "counted_at",
            "outcome",
            "disclosed_at",
            "objected_at",
            "set_aside_at",
            "archived_at",
        ),
        "cancelled_at",
    )
)
"""What of an announced ballot still comes to be; the rest stays as it was announced."""

APPEND_ONLY = (
    BallotElector.__table__,
    Turnout.__table__,
    BallotChoice.__table__,
    BallotStep.__table__,
    BallotTally.__table__,
    PaperBatch.__table__,
)
for _table in APPEND_ONLY:
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    append_only(_table)
for _table, _held, _free in (
    (Ballot.__table__, "id IN ({id})", FREE),
    (BallotOption.__table__, "id IN ({ballot_id})", frozenset[str]()),
):
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    frozen_with(_table, "ballot", _held, free=_free, since="announced_at")
