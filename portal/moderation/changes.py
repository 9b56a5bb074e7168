"""What the committee changes about how one writes: each change is a line of the log. Never commits.

As with sanctions, the log calls whatever is changed by a kind of its own.
"""

from datetime import datetime

from portal.core.access import Part
from portal.core.db import db
from portal.core.errors import Refused
from portal.moderation import service
from portal.moderation.models import ModerationDecision
from portal.moderation.rules import Action

POLICIES, LISTS, ROOM = "screening", "word-lists", "room-rules"
"""What the log calls when words wait, the word lists, and the rules of one room."""
TRIES = 5


def write_down(
    kind: str, number: int = 0, *, words: str, account_id: int, now: datetime, tries: int = TRIES
) -> ModerationDecision:
    """Write a change into the log and the public record; `words` say there what counts now.

    Of two at once one comes after the other. Raises Refused where too many come in between.
    """
    seen = service.find_revisions(kind, [number]).get(number, 0)
    try:
        with db.session.begin_nested():
            return service.write_down(
                kind,
                number,
                number=number,
                author_resident_id=None,
                action=Action.CHANGE,
                code=None,
                note="",
                seen_revision=seen,
                account_id=account_id,
                part=Part.COMMITTEE,
                now=now,
                words=words,
            )
    except Refused:
        if tries == 1:
            raise
    return write_down(kind, number, words=words, account_id=account_id, now=now, tries=tries - 1)
