"""A Belenios election on disk: all that is public of it, and nothing that is not.

No private half of a credential and no trustee's secret ever stands here. What a trustee received in
the last round is kept as the tool made it: sealed to the trustee's secret.
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.ballots.belenios.rules import Round, Seat
from portal.core.append_only import append_only
from portal.core.db import VillageRow


class BeleniosPiece(VillageRow):
    """What one trustee gave in one round. The keys judge last: one for each seat, one seat each."""

    __tablename__ = "belenios_piece"
    __table_args__ = (
        UniqueConstraint("ballot_id", "round", "seat"),
        UniqueConstraint("ballot_id", "round", "account_id"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    round: Mapped[Round]
    seat: Mapped[Seat]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    content: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime]


class BeleniosCredentials(VillageRow):
    """The public halves of the credentials on the slips: printed once, for one ballot.

    They stand sorted, so that nobody can tell whose is whose. `account_id` printed them.
    """

    __tablename__ = "belenios_credentials"
    __table_args__ = (
        UniqueConstraint("ballot_id"),
        CheckConstraint("slips >= electors AND electors > 0", name="has_one_each"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    uuid: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(Text)
    content_sha256: Mapped[str] = mapped_column(String(64))
    electors: Mapped[int]
    slips: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime]
    record_number: Mapped[int]


class BeleniosArchive(VillageRow):
    """The public archive of the election as it is published now. It only ever grows.

    `fresh` is the archive before anybody voted: what the booth needs, and small. `published`
    ballots are in it, and with the sealed sum behind them it `is_closed`. While a trustee's part is
    made beside the pages, `part_seat` and `part_begun_at` say whose and since when. With its result
    the archive is complete, and its digest stands in the village's record.
    """

    __tablename__ = "belenios_archive"
    __table_args__ = (UniqueConstraint("ballot_id"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    fresh: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    content_sha256: Mapped[str] = mapped_column(String(64))
    published: Mapped[int] = mapped_column(default=0)
    is_closed: Mapped[bool] = mapped_column(default=False)
    part_seat: Mapped[Seat | None]
    part_begun_at: Mapped[datetime | None]
    record_number: Mapped[int | None]


class BeleniosBallot(VillageRow):
    """One sealed ballot: no number, no time and nobody's name beside it.

    The keys judge last: a ballot is there once, and a credential opens the slot once.
    """

    __tablename__ = "belenios_ballot"
    __table_args__ = (
        UniqueConstraint("ballot_id", "credential_sha256"),
        {"sqlite_with_rowid": False},
    )

    id = None  # type: ignore[assignment]  # a number would tell the order
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    ballot_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    credential_sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)


APPEND_ONLY = (BeleniosPiece.__table__, BeleniosCredentials.__table__, BeleniosBallot.__table__)
for _table in APPEND_ONLY:
    assert isinstance(_table, Table)  # noqa: S101 -- for the type checker
    append_only(_table)
