"""The stamp that changes with every change of a village's screening. Never commits."""

from uuid import uuid4

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.core.scope import here, prepared
from portal.moderation.screening_models import ScreeningStamp

STAMP = select(ScreeningStamp.stamp).where(ScreeningStamp.village_id == bindparam("village_id"))
"""The stamp of the village; there is none where nothing was ever changed."""
_STAMP = prepared(STAMP)


def read() -> str:
    """Return the stamp, or an empty word where nothing was ever changed."""
    return db.session.scalar(_STAMP, here()) or ""


def renew() -> None:
    """Tell every process that what it remembers of this village's screening is old."""
    stamp = uuid4().hex
    change = (
        update(ScreeningStamp)
        .values(stamp=stamp)
        .returning(ScreeningStamp.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(change) is None:
        try:
            with db.session.begin_nested():
                db.session.add(ScreeningStamp(stamp=stamp))
        except IntegrityError:  # somebody else made the first one in between
            db.session.execute(change)
