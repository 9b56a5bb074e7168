"""Votes that were changed before the close: when, and which paper of an elector counts."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.ballots.models import BallotChoice
from portal.core.append_only import append_only
from portal.core.db import VillageRow


class BallotChange(VillageRow):
    """An elector handed in another paper: their second (`turn` 2), their third, and so on.

    `turnout` stays as it was: who voted, when first, with which receipt. The key on `turn` judges
    last where two papers would take the place of the same one.
    """

    __tablename__ = "ballot_change"
    __table_args__ = (
        UniqueConstraint("turnout_id", "turn"),
        UniqueConstraint("key"),
        CheckConstraint("turn > 1", name="changes_a_paper"),
        ForeignKeyConstraint(["ballot_id", "turnout_id"], ["turnout.ballot_id", "turnout.id"]),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), index=True)
    turnout_id: Mapped[int]
    turn: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    done_at: Mapped[datetime]


def counts() -> ColumnElement[bool]:
    """Tell of a mark (`BallotChoice`) whether it counts: no later paper took its paper's place."""
    later = select(BallotChange.id).where(
        BallotChange.turnout_id == BallotChoice.turnout_id, BallotChange.turn > BallotChoice.turn
    )
    return ~later.exists()


_table = BallotChange.__table__
assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
append_only(_table)
