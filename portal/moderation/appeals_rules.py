"""When what was decided may be appealed, and who answers. Pure: no Flask, no database."""

from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_LINE = 500
MAY_APPEAL_FOR = timedelta(days=30)
"""So long after the decision the author can appeal."""
ANSWER_WITHIN = timedelta(days=3)
"""So soon another person decides (domain.md S12)."""


class Outcome(StrEnum):
    """What became of an appeal."""

    RESTORED = "restored"
    CONFIRMED = "confirmed"


class Refusal(StrEnum):
    """Why an appeal, or the answer to it, is not taken; appeals_views.py has the words."""

    NOT_HELD_AGAINST = "appeal-nothing-to-appeal"
    TWICE = "appeal-twice"
    TOO_LATE = "appeal-too-late"
    LINE_MISSING = "appeal-line-missing"
    LINE_TOO_LONG = "appeal-line-too-long"
    OWN_APPEAL = "appeal-own"
    OWN_DECISION = "appeal-own-decision"
    ANSWER_MISSING = "appeal-answer-missing"
    STALE = "appeal-stale"


def answer_by(appealed_at: datetime) -> datetime:
    """Return until when an appeal is to be decided."""
    return appealed_at + ANSWER_WITHIN


def why_not_appeal(
    *, is_in_force: bool, has_appealed: bool, decided_at: datetime, now: datetime
) -> Refusal | None:
    """Return the first reason why the author cannot appeal now, or None (domain.md S12).

    Minors, and those who may not write just now, can appeal like everybody else.
    """
    if has_appealed:
        return Refusal.TWICE
    if not is_in_force:
        return Refusal.NOT_HELD_AGAINST
    return Refusal.TOO_LATE if now >= decided_at + MAY_APPEAL_FOR else None


def why_not_line(line: str) -> Refusal | None:
    """Return why the line of an author, or of who answers, is not taken, or None."""
    if not line:
        return Refusal.LINE_MISSING
    return Refusal.LINE_TOO_LONG if len(line) > LONGEST_LINE else None


def why_not_answer(*, is_open: bool, is_appellant: bool, is_decider: bool) -> Refusal | None:
    """Return the first reason why this person does not decide this appeal, or None.

    Somebody else than who took the decision answers: another of the committee, or the supervisors,
    so that a village with a committee of one has a second pair of eyes too.
    """
    if is_appellant:
        return Refusal.OWN_APPEAL
    if is_decider:
        return Refusal.OWN_DECISION
    return None if is_open else Refusal.STALE
