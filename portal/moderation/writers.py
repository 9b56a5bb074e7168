"""Who may write: residents who are grown up and not muted. The one answer for every feature."""

from datetime import datetime
from typing import Any

from flask import g

from portal.core import clock
from portal.moderation import sanctions
from portal.moderation.writing import Refusal, why_not_write
from portal.people import rules


def why_not(
    resident_id: int | None, *, place: str, now: datetime, grounds: Any = None
) -> Refusal | None:
    """Return the first reason why this person may write nothing here now, or None.

    `place` is that of `screening.screen`. Where somebody is stopped, it is kept for `words.py`,
    which says until when: a reason carries no facts. Who has read the `ready.GROUNDS` gives them.
    """
    if resident_id is None:
        return why_not_write(is_resident=False, is_minor=False)
    if grounds is None:
        born_on, muted_until = sanctions.find_writer(resident_id, place=place, now=now)
    else:
        born_on, muted_until = grounds.born_on, grounds.muted_until
    if muted_until is not None:
        g.muted_in = place
    return why_not_write(
        is_resident=True,
        is_minor=rules.is_minor(born_on, clock.today(now)),
        is_muted=muted_until is not None,
    )
