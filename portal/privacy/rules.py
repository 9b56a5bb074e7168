"""Purposes, consents, requests, and when somebody can be erased. Pure."""

from enum import StrEnum


class Purpose(StrEnum):
    """What personal data is used for beyond what the portal cannot do without (domain.md S1)."""

    SMS = "sms"
    PUSH = "push"
    NAMED = "named"
    PHOTOS = "photos"
    CONTACT = "contact"


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
