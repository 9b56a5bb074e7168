"""Purposes, consents, requests, and when somebody can be erased. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

FRESH = timedelta(minutes=30)
"""For so long after signing in one's data are handed out, or one's account is erased."""


class Purpose(StrEnum):
    """What personal data is used for beyond what the portal cannot do without (domain.md S1).

    Only what is really done is asked for. A feature that needs more, such as photos or voice, adds
    its purpose here and asks `service.has_consent` where it uses it.
    """

    SMS = "sms"
    PUSH = "push"
    NAMED = "named"
    PLOT = "plot"


class RequestState(StrEnum):
    """Where a request to put something right stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why something cannot be done."""

    HOLDS_A_POST = "holds-a-post"
    ERASED_ALREADY = "erased-already"
    WAITS_ALREADY = "waits-already"
    ANSWERED_ALREADY = "answered-already"
    NO_REASON = "no-reason"
    OWN_REQUEST = "own-request"
    SIGN_IN_AGAIN = "sign-in-again"
    EMPTY = "empty"
    UNDER_AGE = "under-age"


def why_not_erase(*, holds_a_post: bool, is_erased: bool) -> Refusal | None:
    """Return why an account cannot be erased now (PIPL Art. 47; reasons on refusal: Art. 50).

    Whoever works for the village answers for what they do in office: the post ends first.
    """
    if is_erased:
        return Refusal.ERASED_ALREADY
    return Refusal.HOLDS_A_POST if holds_a_post else None


def why_not_answer(
    *, state: RequestState, is_granted: bool, answer: str, is_own: bool
) -> Refusal | None:
    """Return why a request cannot be answered like this: a refusal needs its reason (Art. 50)."""
    if state is not RequestState.OPEN:
        return Refusal.ANSWERED_ALREADY
    if is_own:
        return Refusal.OWN_REQUEST
    return None if is_granted or answer.strip() else Refusal.NO_REASON


def is_fresh(
    *, began_at: datetime, strong_at: datetime | None, has_factor: bool, now: datetime
) -> bool:
    """Tell whether whoever holds a session has just shown who they are.

    Phones are shared and left lying about. Whoever has a second factor must have shown that.
    """
    proved_at = strong_at if has_factor else max(began_at, strong_at or began_at)
    return proved_at is not None and now - proved_at <= FRESH


def why_not_say(purpose: Purpose, *, is_given: bool, is_minor: bool) -> Refusal | None:
    """Return why a consent is not taken: no name of a minor is published (domain.md S11)."""
    is_barred = purpose is Purpose.NAMED and is_given and is_minor
    return Refusal.UNDER_AGE if is_barred else None
