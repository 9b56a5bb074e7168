"""When words may be hidden and shown again. Pure: no Flask, no database."""

from enum import StrEnum

LONGEST_NOTE = 500


class Code(StrEnum):
    """The only reasons for hiding (domain.md S12). Criticism is not among them."""

    ILLEGAL = "illegal"
    RUMOR = "rumor"
    INSULT = "insult"
    PRIVACY = "privacy"
    SPAM = "spam"
    OBSCENE = "obscene"
    MINOR_HARM = "minor_harm"
    OFF_TOPIC = "off_topic"
    DUPLICATE = "duplicate"


class Hold(StrEnum):
    """Why something written waits for the committee before others can read it."""

    FIRST = "first"
    WORDS = "words"
    LINKS = "links"
    REPEATED = "repeated"
    PERSON = "person"


class Action(StrEnum):
    """What can be decided about something written."""

    HIDE = "hide"
    RESTORE = "restore"


class Refusal(StrEnum):
    """Why a decision is not taken; views.py has the words."""

    OWN_WORDS = "own-words"
    STALE = "stale"
    REASON_MISSING = "reason-missing"
    NOTE_TOO_LONG = "note-too-long"


def why_not_decide(
    *,
    action: Action,
    code: Code | None,
    note: str,
    is_hidden: bool,
    revision: int,
    seen_revision: int,
    is_author: bool,
) -> Refusal | None:
    """Return the first reason to refuse a decision, or None if it stands (domain.md S12).

    `seen_revision` counts the decisions that the person deciding had before the eyes. Whoever
    hides what is hidden, or shows what is shown, has seen an older state too.
    """
    if is_author:
        return Refusal.OWN_WORDS
    if seen_revision != revision or is_hidden == (action is Action.HIDE):
        return Refusal.STALE
    if action is Action.HIDE and code is None:
        return Refusal.REASON_MISSING
    if len(note) > LONGEST_NOTE:
        return Refusal.NOTE_TOO_LONG
    return None
