"""Plans that were handed in and wait to be agreed to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import JsonDict, VillageRow
from portal.intake.rules import ImportState, Target


class PlanImport(VillageRow):
    """A file that was handed in: the file itself while it waits, and what was understood of it.

    ``version_id`` is the draft whose content it replaces, or the version it follows; when it is
    done ``made_id`` names the draft that it became. ``seen`` is the fingerprint of what was there
    when it was looked at.
    """

    __tablename__ = "plan_import"
    __table_args__ = (
        CheckConstraint("(target = 'new') = (version_id IS NULL)", name="target_named"),
        CheckConstraint("(data IS NULL) = (ended_at IS NOT NULL)", name="file_while_open"),
    )

    target: Mapped[Target]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"))
    state: Mapped[ImportState]
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    choices: Mapped[JsonDict] = mapped_column(default=dict)
    said: Mapped[JsonDict] = mapped_column(default=dict)
    seen: Mapped[str] = mapped_column(String(64), default="")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    prepared_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    made_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"))
