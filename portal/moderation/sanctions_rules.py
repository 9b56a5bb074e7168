"""When somebody may be stopped from writing, where, for how long. Pure: no Flask, no database."""

from datetime import timedelta
from enum import StrEnum

from portal.moderation.rules import Code

LONGEST_NOTE = 500
LOOK_BACK = timedelta(days=180)
"""Earlier stops count for so long when the next span is suggested."""


class Span(StrEnum):
    """For how long somebody may not write."""

    HOUR = "hour"
    DAY = "day"
    THREE_DAYS = "three-days"
    WEEK = "week"
    MONTH = "month"


LENGTHS: dict[Span, timedelta] = {
    Span.HOUR: timedelta(hours=1),
    Span.DAY: timedelta(days=1),
    Span.THREE_DAYS: timedelta(days=3),
    Span.WEEK: timedelta(days=7),
    Span.MONTH: timedelta(days=30),
}
LADDER = (Span.DAY, Span.THREE_DAYS, Span.WEEK, Span.MONTH)
NO_GROUNDS = frozenset({Code.OFF_TOPIC, Code.DUPLICATE})
"""Reasons to hide words that are no reason to stop a person: a critic could be silenced by them."""


class Refusal(StrEnum):
    """Why nobody is stopped from writing, or let write again; sanctions_views.py has the words."""

    NOT_HIDDEN = "sanction-not-hidden"
    NO_GROUNDS = "sanction-no-grounds"
    NO_AUTHOR = "sanction-no-author"
    OWN_WORDS = "sanction-own-words"
    TWICE = "sanction-twice"
    NOTE_TOO_LONG = "sanction-note-too-long"
    OVER = "sanction-over"
    NO_PLACE = "sanction-no-place"


def suggest(earlier: int) -> Span:
    """Return the span that fits after so many earlier ones; a person always decides."""
    return LADDER[min(earlier, len(LADDER) - 1)]


def why_not_mute(
    *,
    code: Code | None,
    has_author: bool,
    is_own: bool,
    is_muted_for_it: bool,
    note: str = "",
    has_place: bool = True,
) -> Refusal | None:
    """Return the first reason why nobody is stopped from writing for this thing, or None.

    `code` is why the thing is hidden: without a broken rule there is no sanction (domain.md S12).
    """
    if is_muted_for_it:
        return Refusal.TWICE
    if code is None:
        return Refusal.NOT_HIDDEN
    if code in NO_GROUNDS:
        return Refusal.NO_GROUNDS
    if not has_author:
        return Refusal.NO_AUTHOR
    if is_own:
        return Refusal.OWN_WORDS
    if not has_place:
        return Refusal.NO_PLACE
    return Refusal.NOTE_TOO_LONG if len(note) > LONGEST_NOTE else None


def why_not_lift(*, is_in_force: bool, is_own: bool, note: str = "") -> Refusal | None:
    """Return why a stop is not lifted early, or None."""
    if is_own:
        return Refusal.OWN_WORDS
    if not is_in_force:
        return Refusal.OVER
    return Refusal.NOTE_TOO_LONG if len(note) > LONGEST_NOTE else None
