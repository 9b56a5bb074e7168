"""The life of a proposal, and how many must stand behind it. Pure; domain.md §4.5, V8."""

from dataclasses import dataclass
from enum import StrEnum

LONGEST_TITLE, LONGEST_PLACE, LONGEST_BODY, LONGEST_REASON = 60, 80, 1900, 400
"""With its number and its title a proposal still fits into an opinion."""
DAYS = 90
"""So many days a proposal collects signatures; then it expires."""
SHARE = (5, 100)
HOUSEHOLDS = 10
"""Before the council comes what so large a share of the electors signed, or so many households."""
MOST_OPEN = 3
"""So many proposals of one resident may collect signatures at the same time."""


class State(StrEnum):
    """Where a proposal stands. While it is written it is a draft, which only its author sees."""

    COLLECTING = "collecting"
    THRESHOLD_MET = "threshold-met"
    COUNCIL_LISTED = "council-listed"
    DELIBERATED = "deliberated"
    TO_BALLOT = "to-ballot"
    TO_PLAN = "to-plan"
    TO_PROJECT = "to-project"
    DECLINED = "declined"
    DECIDED = "decided"
    IMPLEMENTING = "implementing"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Outcome(StrEnum):
    """What the council recommends."""

    BALLOT = "ballot"
    PLAN = "plan"
    PROJECT = "project"
    DECLINE = "decline"


LEADS_TO = {
    Outcome.BALLOT: State.TO_BALLOT,
    Outcome.PLAN: State.TO_PLAN,
    Outcome.PROJECT: State.TO_PROJECT,
    Outcome.DECLINE: State.DECLINED,
}


class Refusal(StrEnum):
    """Why something cannot be done with a proposal; words.py has the words."""

    NOT_AN_ELECTOR = "not-an-elector"
    NO_TITLE = "no-title"
    TITLE_TOO_LONG = "title-too-long"
    PLACE_TOO_LONG = "place-too-long"
    TOO_MANY_OPEN = "too-many-open"
    NOT_COLLECTING = "not-collecting"
    NOT_SHOWN = "not-shown"
    ALREADY_SIGNED = "already-signed"
    NOT_SIGNED = "not-signed"
    OWN_PROPOSAL = "own-proposal"
    NOT_YOURS = "not-yours"
    NOT_NOW = "not-now"
    STALE = "stale"
    NO_REASON = "no-reason"
    NOT_A_SESSION = "not-a-session"
    SESSION_NOT_OVER = "session-not-over"
    NO_QUORUM = "no-quorum"
    NO_MINUTES = "no-minutes"
    VOTES_DO_NOT_ADD_UP = "votes-do-not-add-up"
    NO_MAJORITY = "no-majority"
    NO_PLAN = "no-plan"
    PLAN_NOT_OPEN = "plan-not-open"
    NO_CONSENT = "no-consent"
    AUTHOR_CANNOT = "author-cannot"
    TAKEN_BACK = "taken-back"
    NOT_READABLE = "not-readable"
    NO_OWNER = "no-owner"
    NOT_THAT_MEETING = "not-that-meeting"
    MET_ALREADY = "met-already"
    KEPT_ELSEWHERE = "kept-elsewhere"


_CHOSEN = frozenset({State.TO_BALLOT, State.TO_PLAN, State.TO_PROJECT})
NEXT: dict[State, frozenset[State]] = {
    State.COLLECTING: frozenset({State.THRESHOLD_MET, State.WITHDRAWN, State.EXPIRED}),
    State.THRESHOLD_MET: frozenset({State.COUNCIL_LISTED, State.WITHDRAWN}),
    State.COUNCIL_LISTED: frozenset({State.DELIBERATED, State.THRESHOLD_MET}),
    State.DELIBERATED: _CHOSEN | {State.DECLINED},
    **dict.fromkeys(_CHOSEN, frozenset({State.DECIDED, State.DECLINED})),
    State.DECIDED: frozenset({State.IMPLEMENTING, State.DECLINED}),
    State.IMPLEMENTING: frozenset({State.DONE}),
    State.DECLINED: frozenset(),
    State.DONE: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.EXPIRED: frozenset(),
}
SIGNABLE = frozenset({State.COLLECTING, State.THRESHOLD_MET, State.COUNCIL_LISTED})
"""Who signs after the council's threshold still counts towards the meeting that must follow."""
ENDED = frozenset(state for state, after in NEXT.items() if not after)
BY_HAND = (State.DECIDED, State.IMPLEMENTING, State.DONE, State.DECLINED)
"""The steps that the committee takes by its word alone."""


@dataclass(frozen=True)
class Needs:
    """How many must sign, by the figures of the day on which the proposal was handed in.

    `signers` or `households` bring it before the council; `convening` oblige the committee to
    convene the villagers' meeting (V8), None where no rule says so.
    """

    signers: int
    households: int
    convening: int | None


def needs(*, electors: int, convening: int | None) -> Needs:
    """Return how many must sign in a village of so many electors."""
    share, whole = SHARE
    return Needs(max(1, -(-share * electors // whole)), HOUSEHOLDS, convening)


def is_met(needed: Needs, *, signers: int, households: int) -> bool:
    """Tell whether enough have signed for the council: persons, or households."""
    return signers >= needed.signers or households >= needed.households


def must_convene(needed: Needs, *, signers: int) -> bool:
    """Tell whether so many have signed that the committee must convene a meeting (V8)."""
    return needed.convening is not None and signers >= needed.convening


def why_not_hand_in(*, title: str, place: str, is_elector: bool, open_count: int) -> Refusal | None:
    """Say why a proposal is not taken, or None. The texts are clean already."""
    if not is_elector:
        return Refusal.NOT_AN_ELECTOR
    if not title:
        return Refusal.NO_TITLE
    if len(title) > LONGEST_TITLE:
        return Refusal.TITLE_TOO_LONG
    if len(place) > LONGEST_PLACE:
        return Refusal.PLACE_TOO_LONG
    return Refusal.TOO_MANY_OPEN if open_count >= MOST_OPEN else None


def why_not_sign(
    *, state: State, is_over: bool, is_shown: bool, is_elector: bool, has_signed: bool
) -> Refusal | None:
    """Say why somebody cannot sign now, or None."""
    if state not in SIGNABLE or is_over:
        return Refusal.NOT_COLLECTING
    if not is_shown:
        return Refusal.NOT_SHOWN
    if not is_elector:
        return Refusal.NOT_AN_ELECTOR
    return Refusal.ALREADY_SIGNED if has_signed else None


def why_not_unsign(*, state: State, is_author: bool, has_signed: bool) -> Refusal | None:
    """Say why somebody cannot take the signature back now, or None."""
    if is_author:
        return Refusal.OWN_PROPOSAL
    if not has_signed:
        return Refusal.NOT_SIGNED
    return None if state is State.COLLECTING else Refusal.NOT_COLLECTING


def why_not_step(
    *, before: State, after: State, position: int, seen: int, reason: str
) -> Refusal | None:
    """Say why a proposal does not go on to that state, or None.

    `seen` counts the steps that whoever asks had before the eyes. Declined is only with a reason.
    """
    if seen != position:
        return Refusal.STALE
    if after not in NEXT[before]:
        return Refusal.NOT_NOW
    return Refusal.NO_REASON if after is State.DECLINED and not reason.strip() else None


def by_hand(state: State, *, awaits_vote: bool) -> tuple[State, ...]:
    """Return the steps that the committee takes by hand from here.

    What goes to a vote is decided by its result; declined before only while there is no vote.
    """
    if state is State.TO_BALLOT:
        return () if awaits_vote else (State.DECLINED,)
    return tuple(after for after in BY_HAND if after in NEXT[state])


@dataclass(frozen=True)
class Votes:
    """How the councillors who were there voted on a recommendation."""

    yes: int
    no: int
    abstain: int


def why_not_put_off(*, is_over: bool, could_recommend: bool, reason: str) -> Refusal | None:
    """Say why a proposal does not wait for another session, or None.

    A session that could have recommended something is asked why it did not.
    """
    if not is_over:
        return Refusal.SESSION_NOT_OVER
    return Refusal.NO_REASON if could_recommend and not reason.strip() else None


def why_not_recommend(
    *,
    is_over: bool,
    has_quorum: bool,
    has_minutes: bool,
    present: int,
    votes: Votes,
    reason: str,
) -> Refusal | None:
    """Say why a session's recommendation does not stand, or None.

    It rests on minutes that two have signed, so that nobody writes them anew afterwards. More than
    half of those who were there must be for it: who abstains counts among them.
    """
    if not is_over:
        return Refusal.SESSION_NOT_OVER
    if not has_quorum:
        return Refusal.NO_QUORUM
    if not has_minutes:
        return Refusal.NO_MINUTES
    if min(votes.yes, votes.no, votes.abstain) < 0 or (
        votes.yes + votes.no + votes.abstain != present
    ):
        return Refusal.VOTES_DO_NOT_ADD_UP
    if 2 * votes.yes <= present:
        return Refusal.NO_MAJORITY
    return None if reason.strip() else Refusal.NO_REASON
