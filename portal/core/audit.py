"""Who looked at personal data, and why. Each person may read what stands here about them."""

import enum
from collections.abc import Sequence
from datetime import datetime

from flask import g
from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.append_only import append_only
from portal.core.db import VillageRow, db
from portal.core.scope import require_village


class Look(enum.StrEnum):
    """How somebody looked."""

    OPENED = "opened"
    EXPORTED = "exported"
    CHANGED = "changed"
    PRINTED = "printed"


class AccessLog(VillageRow):
    """Somebody looked at what is known of one resident (or, without one, of a group or everybody).

    `account_id` is who looked; None: a command of whoever runs the house. No foreign key: the row
    outlives what it speaks of.
    """

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_resident", "village_id", "resident_id", "done_at"),
        Index("ix_access_log_account", "village_id", "account_id", "done_at"),
    )

    look: Mapped[Look]
    what: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[int | None]
    account_name: Mapped[str] = mapped_column(String(60))
    resident_id: Mapped[int | None]
    group_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    done_at: Mapped[datetime]


append_only(AccessLog.__table__)  # type: ignore[arg-type]  # a Table, typed as FromClause


def note(
    look: Look,
    what: str,
    *,
    now: datetime,
    resident_ids: Sequence[int] | None = None,
    group_id: int | None = None,
    reason: str = "",
) -> None:
    """Note that whoever is asking looked at these residents; None: at everybody (of the group).

    `what` names the thing: "roster", "survey-replies". Call it inside the transaction of the deed,
    or in one of its own where nothing else is written.
    """
    viewer, here = g.get("viewer"), require_village()
    for resident_id in [None] if resident_ids is None else resident_ids:
        db.session.add(
            AccessLog(
                village_id=here,
                look=look,
                what=what,
                account_id=viewer and viewer.account_id,
                account_name=viewer.name if viewer else "",
                resident_id=resident_id,
                group_id=group_id,
                reason=reason,
                done_at=now,
            )
        )
