"""The life of a document: its states, what leads from one to the next, the days. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.disclosure.rules import Refusal
from portal.notices.rules import IsRestDay, last_day

REVIEW_DAYS = 5
"""The supervision committee says within five days what it thinks (Shandong Art. 16; D3)."""
OBJECTION_DAYS = 5
"""Villagers object within five days after publication (Shandong Art. 17; D3)."""
ANSWER_DAYS = 5
COMPLICATED_DAYS = 15
ARCHIVE_DAYS = 30
"""After how many days a document that has ended lies in the archive."""
MOST_DAYS_AHEAD = 365
"""How far ahead a day of publication may lie."""


class State(StrEnum):
    """Where a document stands (domain.md §4.6), and the two ways in which it leaves the road."""

    PLANNED = "planned"
    DRAFT = "draft"
    GENERATED = "generated"
    REVIEW = "supervision-review"
    PUBLISHED = "published"
    OBJECTION = "objection"
    ANSWERED = "answered"
    ENDED = "ended"
    ARCHIVED = "archived"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What somebody, or the clock, does with a document."""

    BEGIN = "begin"
    GENERATE = "generate"
    TAKE_BACK = "take-back"
    HAND_IN = "hand-in"
    APPROVE = "approve"
    SEND_BACK = "send-back"
    PUBLISH = "publish"
    OPEN_OBJECTIONS = "open-objections"
    ANSWER = "answer"
    END = "end"
    ARCHIVE = "archive"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


PUBLIC = frozenset(
    {
        State.PUBLISHED,
        State.OBJECTION,
        State.ANSWERED,
        State.ENDED,
        State.ARCHIVED,
        State.CORRECTED,
    }
)
"""States that everybody sees."""
UNDER_WAY = frozenset({State.DRAFT, State.GENERATED, State.REVIEW})

ROADS: dict[tuple[State, Step], State] = {
    (State.PLANNED, Step.BEGIN): State.DRAFT,
    (State.DRAFT, Step.GENERATE): State.GENERATED,
    (State.GENERATED, Step.GENERATE): State.GENERATED,
    (State.GENERATED, Step.TAKE_BACK): State.DRAFT,
    (State.GENERATED, Step.HAND_IN): State.REVIEW,
    (State.REVIEW, Step.APPROVE): State.REVIEW,
    (State.REVIEW, Step.SEND_BACK): State.DRAFT,
    (State.REVIEW, Step.TAKE_BACK): State.DRAFT,
    (State.REVIEW, Step.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Step.OPEN_OBJECTIONS): State.OBJECTION,
    (State.OBJECTION, Step.ANSWER): State.ANSWERED,
    (State.OBJECTION, Step.END): State.ENDED,
    (State.ANSWERED, Step.END): State.ENDED,
    (State.ENDED, Step.ARCHIVE): State.ARCHIVED,
    **{(state, Step.WITHDRAW): State.WITHDRAWN for state in UNDER_WAY},
    **{(state, Step.CORRECT): State.CORRECTED for state in PUBLIC - {State.CORRECTED}},
}

NEEDS_REASON = frozenset({Step.TAKE_BACK, Step.SEND_BACK, Step.WITHDRAW, Step.CORRECT})


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who does a step: every account and resident that is the same person."""

    account_ids: frozenset[int]
    household_id: int | None = None


def next_state(state: State, step: Step) -> State | Refusal:
    """Return where a step leads, or why it cannot be taken here."""
    return ROADS.get((state, step), Refusal.NOT_IN_THIS_STATE)


def steps_from(state: State) -> frozenset[Step]:
    """Return the steps that lead on from a state."""
    return frozenset(step for before, step in ROADS if before is state)


def why_not_step(state: State, step: Step, *, reason: str) -> Refusal | None:
    """Say why a step cannot be taken in this state, or with this reason."""
    if (state, step) not in ROADS:
        return Refusal.NOT_IN_THIS_STATE
    if step in NEEDS_REASON and not reason.strip():
        return Refusal.NO_REASON
    return None


def why_not_day(publish_on: date, *, today: date) -> Refusal | None:
    """Say why a document cannot be made for this day of publication, or None."""
    if publish_on < today:
        return Refusal.DAY_BEFORE_TODAY
    return Refusal.DAY_TOO_FAR if (publish_on - today).days > MOST_DAYS_AHEAD else None


def why_not_review(
    reviewer: Person, *, drafters: Collection[Person], is_committee: bool
) -> Refusal | None:
    """Refuse a reviewer who drafted it, sits on the committee, or is of a drafter's household.

    The committee and its near relatives stay out of the supervision committee (Organic Law Art. 32;
    D6); of kin the roster knows the household.
    """
    for drafter in drafters:
        if reviewer.account_ids & drafter.account_ids:
            return Refusal.OWN_DRAFT
        if reviewer.household_id is not None and reviewer.household_id == drafter.household_id:
            return Refusal.SAME_HOUSEHOLD
    return Refusal.OF_THE_COMMITTEE if is_committee else None


def why_not_publish(
    *,
    is_approved: bool,
    is_as_reviewed: bool,
    today: date,
    publish_on: date,
    has_own_period: bool,
    period_end: date,
) -> Refusal | None:
    """Say why a reviewed document cannot be published today, or None.

    Its day is printed on it: before that day it waits, after it the period would be shortened.
    A document whose period is somebody else's, such as a notice's, may come out while that runs.
    """
    if not is_approved:
        return Refusal.NOT_REVIEWED
    if not is_as_reviewed:
        return Refusal.NOT_AS_REVIEWED
    if has_own_period:
        return Refusal.NOTICE_OVER if today > period_end else None
    if today < publish_on:
        return Refusal.DAY_NOT_COME
    return Refusal.DAY_PASSED if today > publish_on else None


def due_in(state: State, since: date, *, is_sent_back: bool, is_rest_day: IsRestDay) -> date | None:
    """Return until when something has to happen in this state, or None."""
    if state is State.REVIEW:
        return last_day(since, days=REVIEW_DAYS, is_rest_day=is_rest_day)
    if state is State.DRAFT and is_sent_back:
        return last_day(since, days=ANSWER_DAYS, is_rest_day=is_rest_day)
    return None


def answer_by(made_on: date, *, is_complicated: bool, is_rest_day: IsRestDay) -> date:
    """Return until when an objection is answered."""
    days = COMPLICATED_DAYS if is_complicated else ANSWER_DAYS
    return last_day(made_on, days=days, is_rest_day=is_rest_day)


def tick(
    state: State,
    *,
    today: date,
    since: date,
    period_end: date,
    objections: int,
    unanswered: int,
) -> Step | None:
    """Return what the clock does with a published document today, or None.

    Without objections it ends with its period. With some it is answered once the period is over and
    each has its answer; it ends when whoever objected had five days to go to the second level.
    """
    if state is State.OBJECTION and today > period_end:
        if not objections:
            return Step.END
        return None if unanswered else Step.ANSWER
    if state is State.ANSWERED and today > since + timedelta(days=OBJECTION_DAYS):
        return Step.END
    if state is State.ENDED and today > since + timedelta(days=ARCHIVE_DAYS):
        return Step.ARCHIVE
    return None
