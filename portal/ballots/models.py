"""Ballots on disk. These are open ones: a choice stands beside its turnout, and so its voter."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.ballots.rules import Answer, Kind
from portal.core.append_only import append_only
from portal.core.db import JsonDict, VillageRow
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
    """A question on a plan version. Opening freezes question, options, rule, plan and electors."""

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
    max_choices: Mapped[int | None]
    party_review_on: Mapped[date | None]
    party_review_note: Mapped[str] = mapped_column(String(400), default="")
    announced_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    version_sha256: Mapped[str | None] = mapped_column(String(64))
    manifest_sha256: Mapped[str | None] = mapped_column(String(64))
    electors_count: Mapped[int] = mapped_column(default=0)
    households_count: Mapped[int] = mapped_column(default=0)


class BallotOption(VillageRow):
    """Something that can be ticked: an answer, or a project of the plan under its name then."""

    __tablename__ = "ballot_option"
    __table_args__ = (
        UniqueConstraint("ballot_id", "position"),
        UniqueConstraint("ballot_id", "project_id"),
        UniqueConstraint("ballot_id", "id"),
        CheckConstraint("(answer IS NULL) <> (project_id IS NULL)", name="is_one_of_two"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    position: Mapped[int]
    answer: Mapped[Answer | None]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("plan_project.id"))
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

    `key` is made before the first sending, so that a second sending finds the first's receipt.
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
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    key: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(String(16))


class BallotChoice(VillageRow):
    """One tick on an open vote. Turnout and option are of one ballot, or the row is refused."""

    __tablename__ = "ballot_choice"
    __table_args__ = (
        UniqueConstraint("turnout_id", "option_id"),
        ForeignKeyConstraint(["ballot_id", "turnout_id"], ["turnout.ballot_id", "turnout.id"]),
        ForeignKeyConstraint(
            ["ballot_id", "option_id"], ["ballot_option.ballot_id", "ballot_option.id"]
        ),
        Index("ix_ballot_choice_ballot_option", "ballot_id", "option_id"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    turnout_id: Mapped[int]
    option_id: Mapped[int]


APPEND_ONLY = (BallotElector.__table__, Turnout.__table__, BallotChoice.__table__)
for _table in APPEND_ONLY:
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    append_only(_table)
