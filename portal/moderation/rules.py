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

    PLACE = "place"
    FIRST = "first"
    WORDS = "words"
    LINKS = "links"
    REPEATED = "repeated"


class Mode(StrEnum):
    """Whether the committee looks at words before others do, or afterwards."""

    POST = "post"
    PRE = "pre"


class Listed(StrEnum):
    """What a list does where one of its words is found, the mildest first."""

    FLAG = "flag"
    MASK = "mask"
    HOLD = "hold"
    REFUSE = "refuse"


class Action(StrEnum):
    """What can be decided about something written, or about how one writes."""

    HIDE = "hide"
    RESTORE = "restore"
    APPROVE = "approve"
    CONFIRM = "confirm"
    MUTE = "mute"
    LIFT = "lift"
    CHANGE = "change"


OF_WRITINGS = frozenset({Action.HIDE, Action.RESTORE, Action.APPROVE})
"""What is decided on the page of something written; the others have pages of their own."""


class Why(StrEnum):
    """Why something stands in the committee's queue, the most pressing last."""

    FLAGGED = "flagged"
    REPORTED = "reported"
    HELD = "held"


class Refusal(StrEnum):
    """Why a decision is not taken; views.py has the words."""

    OWN_WORDS = "own-words"
    STALE = "stale"
    REWORDED = "reworded"
    REPORTED = "reported-since"
    REASON_MISSING = "reason-missing"
    NOTE_TOO_LONG = "note-too-long"


def why_not_decide(
    *,
    action: Action,
    code: Code | None,
    note: str,
    is_hidden: bool,
    is_waiting: bool = True,
    revision: int,
    seen_revision: int,
    is_author: bool,
    is_reworded: bool = False,
    is_reported: bool = False,
) -> Refusal | None:
    """Return the first reason to refuse a decision, or None if it stands (domain.md S12).

    `seen_revision` counts the decisions that the person deciding had before the eyes. Whoever
    hides what is hidden, shows what is shown, or lets through what no longer waits, has seen an
    older state too. What was reported since (`is_reported`) is not let through unread; hiding it
    is what such a report asks for.
    """
    is_overtaken = {
        Action.HIDE: is_hidden,
        Action.RESTORE: not is_hidden,
        Action.APPROVE: is_hidden or not is_waiting,
    }.get(action, not is_hidden)
    if is_author:
        return Refusal.OWN_WORDS
    if seen_revision != revision or is_overtaken:
        return Refusal.STALE
    if is_reworded:
        return Refusal.REWORDED
    if is_reported and action is Action.APPROVE:
        return Refusal.REPORTED
    if action is Action.HIDE and code is None:
        return Refusal.REASON_MISSING
    if len(note) > LONGEST_NOTE:
        return Refusal.NOTE_TOO_LONG
    return None
