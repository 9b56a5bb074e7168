"""Who takes a step at the answering desk, and in which words it is refused."""

from typing import Any

from flask import g

from portal.core.errors import Refused
from portal.discussion import answering
from portal.discussion.answer_rules import Refusal
from portal.discussion.answer_words import REFUSALS
from portal.discussion.answering import Actor
from portal.moderation.words import REFUSALS as WRITING_REFUSALS

STAFF = answering.PARTS
STATUS = {Refusal.STALE: 409, Refusal.OWN_OPINION: 403}


def actor() -> Actor:
    """Return whoever is asking, as the first of their parts that answers."""
    viewer: Any = g.viewer
    part = next((part for part in STAFF if part in viewer.parts), STAFF[0])
    return Actor(account_id=viewer.account_id, resident_id=viewer.resident_id, part=part)


def told(refused: Refused) -> tuple[str, int]:
    """Return a refusal in words, with its status."""
    words = REFUSALS.get(refused.reason) or WRITING_REFUSALS[refused.reason]
    return str(words), STATUS.get(refused.reason, 422)  # type: ignore[call-overload]
