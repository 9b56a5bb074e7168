"""Who may write: residents who are grown up and not muted. The one answer for every feature."""

from datetime import datetime

from portal.moderation import sanctions
from portal.moderation.writing import Refusal, why_not_write
from portal.privacy import names


def why_not(resident_id: int | None, *, place: str, now: datetime) -> Refusal | None:
    """Return the first reason why this person may write nothing here now, or None.

    `place` is that of `screening.screen`.
    """
    return why_not_write(
        is_resident=resident_id is not None,
        is_minor=names.is_minor(resident_id, now=now),
        is_muted=resident_id is not None
        and sanctions.find_end(resident_id, place=place, now=now) is not None,
    )
