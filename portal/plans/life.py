"""The life of a version: which step leads where, who takes it, and what it needs. Pure.

The states and steps are those of domain.md §4.1; where they differ, docs/decisions/0014 says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from portal.plans.rules import State


class Step(StrEnum):
    """A step in the life of a version."""

    SUBMIT_REVIEW = "submit_review"
    SEND_BACK = "send_back"
    SCHEDULE = "schedule"
    OPEN_NOTICE = "open_notice"
    VOID_NOTICE = "void_notice"
    CLOSE_NOTICE = "close_notice"
    START_REPLY = "start_reply"
    FINISH_REPLY = "finish_reply"
    PASS_BALLOT = "pass_ballot"  # noqa: S105 -- the name of a step
    FAIL_BALLOT = "fail_ballot"
    SUBMIT = "submit"
    RETURN = "return"
    REVISE = "revise"
    APPROVE = "approve"
    PUBLISH = "publish"
    TAKE_EFFECT = "take_effect"
    START_REVISION = "start_revision"
    START_AMENDMENT = "start_amendment"
    END_AMENDMENT = "end_amendment"
    SUPERSEDE = "supersede"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    TAKE_OVER = "take_over"


class By(StrEnum):
    """Who takes a step: whoever writes the plan, the committee alone, or the clock and the law."""

    EDITORS = "editors"
    COMMITTEE = "committee"
    ITSELF = "itself"


class Need(StrEnum):
    """What a step asks for before it is taken."""

    CONTENT = "content"
    CHECKS = "checks"
    PARTY_REVIEW = "party_review"
    START_DAY = "start_day"
    CHANNELS = "channels"
    PREDECESSOR = "predecessor"
    NOTICE_OVER = "notice_over"
    OPINIONS = "opinions"
    HEARING = "hearing"
    CHANGES = "changes"
    REVISION = "revision"
    PASSED = "passed"
    FAILED = "failed"
    PAPERS = "papers"
    RESOLUTION = "resolution"
    UNCHANGED = "unchanged"
    APPROVAL = "approval"
    PUBLICATION = "publication"
    EFFECT_DAY = "effect_day"
    WAS_ON_NOTICE = "was_on_notice"
    NO_DRAFT = "no_draft"
    CONSENT = "consent"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Way:
    """Where a step leads, who takes it, and what it needs."""

    to: State
    by: By
    needs: tuple[Need, ...] = ()


_S, _N = State, Need
BEFORE_SUBMITTED = (
    _S.DRAFT, _S.COMMITTEE_REVIEW, _S.SCHEDULED, _S.ON_NOTICE, _S.NOTICE_CLOSED, _S.REPLYING,
    _S.BALLOTING, _S.AGREED,
)  # fmt: skip
IN_FORCE = (_S.IN_FORCE, _S.AMENDING)
"""The states in which a version is the plan that counts; a plan has one such version at most."""

_GIVES_WAY = (_S.DRAFT, _S.COMMITTEE_REVIEW, _S.SCHEDULED, _S.NOTICE_CLOSED, _S.REPLYING, *IN_FORCE)
_GOES_ON = (
    _S.ON_NOTICE, _S.NOTICE_CLOSED, _S.REPLYING, _S.PUBLISHED, _S.SUPERSEDED, _S.EXPIRED,
    _S.WITHDRAWN,
)  # fmt: skip

WAYS: Mapping[tuple[State, Step], Way] = MappingProxyType(
    {
        (_S.DRAFT, Step.SUBMIT_REVIEW): Way(
            _S.COMMITTEE_REVIEW, By.EDITORS, (_N.CONTENT, _N.CHECKS)
        ),
        (_S.COMMITTEE_REVIEW, Step.SCHEDULE): Way(
            _S.SCHEDULED, By.COMMITTEE, (_N.PARTY_REVIEW, _N.START_DAY)
        ),
        (_S.SCHEDULED, Step.OPEN_NOTICE): Way(
            _S.ON_NOTICE, By.COMMITTEE, (_N.CONTENT, _N.CHANNELS, _N.PREDECESSOR)
        ),
        (_S.COMMITTEE_REVIEW, Step.SEND_BACK): Way(_S.DRAFT, By.COMMITTEE, (_N.REASON,)),
        (_S.SCHEDULED, Step.SEND_BACK): Way(_S.DRAFT, By.COMMITTEE, (_N.REASON,)),
        (_S.ON_NOTICE, Step.CLOSE_NOTICE): Way(_S.NOTICE_CLOSED, By.ITSELF, (_N.NOTICE_OVER,)),
        (_S.ON_NOTICE, Step.VOID_NOTICE): Way(_S.DRAFT, By.COMMITTEE, (_N.REASON,)),
        (_S.NOTICE_CLOSED, Step.START_REPLY): Way(_S.REPLYING, By.EDITORS),
        (_S.REPLYING, Step.FINISH_REPLY): Way(
            _S.BALLOTING, By.COMMITTEE, (_N.OPINIONS, _N.UNCHANGED)
        ),
        (_S.DRAFT, Step.FINISH_REPLY): Way(
            _S.BALLOTING,
            By.COMMITTEE,
            (_N.REVISION, _N.CONTENT, _N.CHECKS, _N.OPINIONS, _N.CHANGES, _N.REASON),
        ),
        (_S.BALLOTING, Step.PASS_BALLOT): Way(_S.AGREED, By.COMMITTEE, (_N.PASSED, _N.UNCHANGED)),
        (_S.BALLOTING, Step.FAIL_BALLOT): Way(_S.REPLYING, By.COMMITTEE, (_N.FAILED,)),
        (_S.AGREED, Step.SUBMIT): Way(
            _S.SUBMITTED,
            By.COMMITTEE,
            (
                _N.CHECKS,
                _N.OPINIONS,
                _N.HEARING,
                _N.CHANGES,
                _N.PASSED,
                _N.UNCHANGED,
                _N.PAPERS,
                _N.RESOLUTION,
            ),
        ),
        (_S.SUBMITTED, Step.APPROVE): Way(_S.APPROVED, By.COMMITTEE, (_N.APPROVAL, _N.UNCHANGED)),
        (_S.SUBMITTED, Step.RETURN): Way(_S.RETURNED, By.COMMITTEE, (_N.REASON,)),
        (_S.RETURNED, Step.REVISE): Way(
            _S.SUBMITTED, By.COMMITTEE, (_N.REASON, _N.PASSED, _N.UNCHANGED, _N.PAPERS)
        ),
        (_S.APPROVED, Step.PUBLISH): Way(
            _S.PUBLISHED, By.COMMITTEE, (_N.PUBLICATION, _N.UNCHANGED)
        ),
        (_S.PUBLISHED, Step.TAKE_EFFECT): Way(_S.IN_FORCE, By.COMMITTEE, (_N.EFFECT_DAY,)),
        (_S.IN_FORCE, Step.START_AMENDMENT): Way(
            _S.AMENDING, By.COMMITTEE, (_N.REASON, _N.CONSENT, _N.NO_DRAFT)
        ),
        (_S.AMENDING, Step.END_AMENDMENT): Way(_S.IN_FORCE, By.ITSELF),
        **{(state, Step.SUPERSEDE): Way(_S.SUPERSEDED, By.ITSELF) for state in _GIVES_WAY},
        **{(state, Step.EXPIRE): Way(_S.EXPIRED, By.ITSELF) for state in IN_FORCE},
        (_S.DRAFT, Step.START_REVISION): Way(
            _S.SUPERSEDED, By.EDITORS, (_N.WAS_ON_NOTICE, _N.NO_DRAFT)
        ),
        (_S.RETURNED, Step.START_REVISION): Way(
            _S.SUPERSEDED, By.COMMITTEE, (_N.REASON, _N.NO_DRAFT)
        ),
        **{
            (state, Step.START_REVISION): Way(state, By.EDITORS, (_N.NO_DRAFT,))
            for state in _GOES_ON
        },
        **{
            (state, Step.WITHDRAW): Way(_S.WITHDRAWN, By.COMMITTEE, (_N.REASON,))
            for state in BEFORE_SUBMITTED
        },
        (_S.DRAFT, Step.TAKE_OVER): Way(_S.PUBLISHED, By.ITSELF),
    }
)
"""Every way there is; a step that is not here is refused."""

FREEZES = frozenset(
    {(_S.SCHEDULED, Step.OPEN_NOTICE), (_S.DRAFT, Step.FINISH_REPLY), (_S.DRAFT, Step.TAKE_OVER)}
)
"""From these on the content stays as it is."""

INNER = frozenset({Step.SUBMIT_REVIEW, Step.SEND_BACK, Step.SCHEDULE, Step.START_REVISION})
"""What the office does with a draft; everybody may read of every other step."""

RECORDED = frozenset(Step) - INNER - {
    Step.OPEN_NOTICE, Step.CLOSE_NOTICE, Step.START_REPLY, Step.TAKE_OVER,
}  # fmt: skip
"""Public acts with a line of their own in the public record; a freezing has the content's line."""

DEADLINE_DAYS = 20
"""An approved plan is published within twenty days (Shaoxing rules Art. 11; domain.md §2.1)."""


class Lack(StrEnum):
    """What a step still needs; life_words.py says it."""

    CONTENT = "content"
    CHECKS_NOT_THERE = "checks-not-there"
    INDICATORS_INVALID = "indicators-invalid"
    BINDING_BREACH = "binding-breach"
    STRUCTURE_UNBALANCED = "structure-unbalanced"
    CONFLICTS_NOT_CHECKED = "conflicts-not-checked"
    CONFLICTS_OPEN = "conflicts-open"
    PARTY_REVIEW = "party-review"
    PARTY_REVIEW_LATER = "party-review-later"
    START_DAY = "start-day"
    START_DAY_PAST = "start-day-past"
    CHANNELS = "channels"
    PREDECESSOR_ON_NOTICE = "predecessor-on-notice"
    NOTICE_RUNS = "notice-runs"
    OPINIONS_NOT_THERE = "opinions-not-there"
    OPINIONS_OPEN = "opinions-open"
    NO_OTHER_HEARING = "no-other-hearing"
    UNEXPLAINED_CHANGES = "unexplained-changes"
    NO_REVISION = "no-revision"
    BALLOTS_NOT_THERE = "ballots-not-there"
    NO_BALLOT = "no-ballot"
    BALLOT_RUNS = "ballot-runs"
    BALLOT_OF_OTHER_TEXT = "ballot-of-other-text"
    BALLOT_NOT_PASSED = "ballot-not-passed"
    BALLOT_PASSED = "ballot-passed"
    PAPERS_NOT_THERE = "papers-not-there"
    PAPER_MISSING = "paper-missing"
    RESOLUTION = "resolution"
    CONTENT_CHANGED = "content-changed"
    APPROVAL = "approval"
    APPROVAL_LATER = "approval-later"
    PUBLICATION_DAY = "publication-day"
    EFFECT_DAY = "effect-day"
    NEVER_ON_NOTICE = "never-on-notice"
    DRAFT_EXISTS = "draft-exists"
    CONSENT = "consent"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Lacking:
    """One thing that a step still needs; ``detail`` says which, where there are several."""

    lack: Lack
    detail: str = ""


def way(state: State, step: Step) -> Way | None:
    """Return where a step leads from here, or None where there is no such way."""
    return WAYS.get((state, step))


def steps_from(state: State, *, is_frozen: bool = True) -> tuple[Step, ...]:
    """Return the steps that somebody can take from here, in the order of the life.

    A draft that never was on notice is simply changed: there is nothing to revise.
    """
    return tuple(
        step
        for (here, step), found in WAYS.items()
        if here is state
        and found.by is not By.ITSELF
        and (is_frozen or (here, step) != (State.DRAFT, Step.START_REVISION))
    )


def due(
    state: State,
    *,
    ends_at: datetime | None,
    in_force_on: date | None,
    target_year: int,
    now: datetime,
    today: date,
) -> Step | None:
    """Return the step that the clock takes now: nobody decides about it.

    A notice is over at its end, which is outside of it (T2, Civil Code Art. 203).
    """
    if state is State.ON_NOTICE and ends_at is not None and now >= ends_at:
        return Step.CLOSE_NOTICE
    if state is State.PUBLISHED and in_force_on is not None and today >= in_force_on:
        return Step.TAKE_EFFECT
    if state in IN_FORCE and today.year > target_year:
        return Step.EXPIRE
    return None


def state_at(
    state: State,
    *,
    ends_at: datetime | None,
    in_force_on: date | None,
    target_year: int,
    now: datetime,
    today: date,
) -> State:
    """Return the state as the clock has it, whether or not a job has written it down yet."""
    while step := due(
        state,
        ends_at=ends_at,
        in_force_on=in_force_on,
        target_year=target_year,
        now=now,
        today=today,
    ):
        state = WAYS[state, step].to
    return state
