"""How an opinion is answered: by whom, in which steps, with which reasons (domain.md O2–O4). Pure.

The stages of domain.md §4.5 in as few steps as they need: taking it on names who sees to it, a
draft classes it, and the second person's check sends it out.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

DAYS = 15
"""So many days after it came an opinion is answered (Shanghai Art. 24; domain.md O4)."""

WARN_DAYS = 2
"""So many days before an answer is due, whoever sees to it is reminded."""

DOUBT_DAYS = 15
"""So many days after the answer its author can ask once for another look."""

SHORTEST_REFUSAL = 10
LONGEST_REASON = 1000
LONGEST_CHANGE = 600
LONGEST_PLACE = 120
LONGEST_NOTE = 500


class Decision(StrEnum):
    """What became of an opinion (domain.md O3)."""

    ADOPTED = "adopted"
    PARTIAL = "partial"
    REJECTED = "rejected"
    EXPLAINED = "explained"
    FORWARDED = "forwarded"


CHANGES_PLAN = (Decision.ADOPTED, Decision.PARTIAL)
"""The classes that say what is changed."""


class AnswerState(StrEnum):
    """Where the answer to an opinion stands."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    DRAFTED = "drafted"
    REPLIED = "replied"
    REOPENED = "reopened"
    FINAL = "final"


ANSWERED = (AnswerState.REPLIED, AnswerState.FINAL)


class AnswerStep(StrEnum):
    """What was done about an answer."""

    ASSIGN = "assign"
    DRAFT = "draft"
    ADVISE = "advise"
    SEND_BACK = "send_back"
    REPLY = "reply"
    REOPEN = "reopen"


class Alarm(StrEnum):
    """Why the clock speaks up about an answer."""

    SOON = "soon"
    OVERDUE = "overdue"


class Form(StrEnum):
    """Another way than the notice in which opinions were sought (domain.md O1)."""

    TALK = "talk"
    HEARING = "hearing"
    EXPERTS = "experts"
    VISIT = "visit"
    SURVEY = "survey"
    POLL = "poll"


class Refusal(StrEnum):
    """Why a step about an answer is not taken; answer_words.py says it."""

    STALE = "stale"
    NOT_OWED = "not-owed"
    ANSWERED = "answered"
    OWN_OPINION = "own-opinion"
    NO_REASON = "no-reason"
    REASON_TOO_SHORT = "reason-too-short"
    NO_CHANGE = "no-change"
    TOO_LONG = "too-long"
    DUE_TOO_LATE = "due-too-late"
    NOT_DRAFTED = "not-drafted"
    OWN_DRAFT = "own-draft"
    COMMITTEE_FIRST = "committee-first"
    NO_NOTE = "no-note"
    NOT_YOURS = "not-yours"
    NOT_ANSWERED = "not-answered"
    DOUBTED_ALREADY = "doubted-already"
    TOO_LATE = "too-late"
    NOBODY = "nobody"
    DAY_AHEAD = "day-ahead"


def due_on(received: date) -> date:
    """Return the last day on which an opinion that came that day is answered in time."""
    return received + timedelta(days=DAYS)


def why_not_touch(*, state: AnswerState, is_owed: bool, is_author: bool) -> Refusal | None:
    """Return why nothing is done about an answer now, or None. Nobody answers themselves."""
    if not is_owed:
        return Refusal.NOT_OWED
    if state in ANSWERED:
        return Refusal.ANSWERED
    return Refusal.OWN_OPINION if is_author else None


def why_not_assign(*, due: date, today: date, received: date) -> Refusal | None:
    """Return why somebody cannot see to an opinion until that day: the law's day is the last."""
    return None if today <= due <= due_on(received) else Refusal.DUE_TOO_LATE


def why_not_say(
    *, decision: Decision, reason: str, place: str, before: str, after: str, expert: str
) -> Refusal | None:
    """Return what an answer still lacks, or None (domain.md O3, O8).

    What is adopted says what is changed; everything else says why, a refusal in ten characters
    at least.
    """
    texts = ((reason, LONGEST_REASON), (expert, LONGEST_REASON), (place, LONGEST_PLACE))
    if any(len(text) > longest for text, longest in (*texts, (before + after, LONGEST_CHANGE))):
        return Refusal.TOO_LONG
    if decision in CHANGES_PLAN and not (place and after):
        return Refusal.NO_CHANGE
    if decision is not Decision.ADOPTED and not reason:
        return Refusal.NO_REASON
    if decision is Decision.REJECTED and len("".join(reason.split())) < SHORTEST_REFUSAL:
        return Refusal.REASON_TOO_SHORT
    return None


def why_not_check(
    *, state: AnswerState, is_drafter: bool, is_of_committee: bool, committee_drafted: bool
) -> Refusal | None:
    """Return why this person cannot check a draft, or None.

    Two people answer, and one of them at least is of the committee: the answer is its own.
    """
    if state is not AnswerState.DRAFTED:
        return Refusal.NOT_DRAFTED
    if is_drafter:
        return Refusal.OWN_DRAFT
    return None if is_of_committee or committee_drafted else Refusal.COMMITTEE_FIRST


def why_not_doubt(
    *, is_author: bool, replied_at: datetime | None, has_doubted: bool, now: datetime
) -> Refusal | None:
    """Return why an answer is not looked at again, or None: its author can ask for that once."""
    if not is_author:
        return Refusal.NOT_YOURS
    if has_doubted:
        return Refusal.DOUBTED_ALREADY
    if replied_at is None:
        return Refusal.NOT_ANSWERED
    return Refusal.TOO_LATE if now > replied_at + timedelta(days=DOUBT_DAYS) else None
