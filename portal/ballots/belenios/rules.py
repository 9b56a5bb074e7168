"""Which ballots Belenios can carry, and what is refused at one. Standard library only."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

YES_NO, SINGLE, APPROVAL = "yes-no", "single", "approval"
CARRIED = frozenset({YES_NO, SINGLE, APPROVAL})
SPARE_PERCENT, LEAST_SPARE = 5, 3


class Seat(StrEnum):
    """The three who hold a key, in the order of their places in the election."""

    COMMITTEE = "committee"
    SUPERVISION = "supervision"
    TOWNSHIP = "township"


class Round(StrEnum):
    """What a trustee does: three times before the vote opens, once after it has closed."""

    CERTIFY = "certificate"
    SHARE = "share"
    RECEIVE = "received"
    OPEN = "opening"


class Refusal(StrEnum):
    """Why something is refused here."""

    NO_TOOL = "no-tool"
    KIND_NOT_CARRIED = "kind-not-carried"
    TOO_MANY_ANSWERS = "too-many-answers"
    NOT_BELENIOS = "not-belenios"
    NOT_A_TRUSTEE = "not-a-trustee"
    SEAT_TAKEN = "seat-taken"
    ONE_SEAT_EACH = "one-seat-each"
    ALREADY_DONE = "already-done"
    TOO_EARLY = "too-early"
    WRONG_KEY = "wrong-key"
    SLIPS_MADE = "slips-made"
    SET_UP_ALREADY = "set-up-already"
    NOT_SET_UP = "not-set-up"
    WRONG_CREDENTIAL = "wrong-credential"
    CREDENTIAL_USED = "credential-used"
    VOTED = "voted"
    BAD_BALLOT = "bad-ballot"
    NOT_CLOSED = "not-closed"
    PART_BEING_MADE = "part-being-made"
    TOO_MANY_ELECTORS = "too-many-electors"
    TOOL_FAILED = "tool-failed"


MOST_ANSWERS = 94
MOST_ELECTORS = 3000
"""On a busy machine the tool checks so many ballots in a third of `tool.SECONDS` (0021)."""


@dataclass(frozen=True)
class Span:
    """How many answers may be ticked."""

    least: int
    most: int


def why_not_carried(kind: str, *, answers: int, has_tool: bool) -> Refusal | None:
    """Return why a ballot cannot be one of high stakes, or None if it can.

    Belenios adds up sealed ticks without opening any. A rank, points or a purse are no ticks: for
    them every paper would be opened by itself, which says more about people than a sum does.
    """
    if not has_tool:
        return Refusal.NO_TOOL
    if kind not in CARRIED:
        return Refusal.KIND_NOT_CARRIED
    return Refusal.TOO_MANY_ANSWERS if answers > MOST_ANSWERS else None


def why_not_printed(electors: int) -> Refusal | None:
    """Return why slips for so many electors are not printed, without which nothing is announced."""
    return Refusal.TOO_MANY_ELECTORS if electors > MOST_ELECTORS else None


def span_of(kind: str, *, least: int | None, most: int | None, answers: int) -> Span:
    """Return how many answers may be ticked on a ballot of this kind."""
    if kind != APPROVAL:
        return Span(1, 1)
    return Span(max(least or 1, 1), min(most or answers, answers))


def count_slips(electors: int) -> int:
    """Return how many slips to print: one each, and a few nameless ones for who joins later."""
    return electors + max(LEAST_SPARE, -(-electors * SPARE_PERCENT // 100))


def next_round(done: Sequence[tuple[Seat, Round]], seat: Seat, *, is_closed: bool) -> Round | None:
    """Return what this trustee does next, or None while the others are waited for, or all is done.

    Each of the first three rounds begins when all three trustees are through the one before.
    """
    for step in (Round.CERTIFY, Round.SHARE, Round.RECEIVE):
        if (seat, step) not in done:
            return step
        if not all((other, step) in done for other in Seat):
            return None
    return Round.OPEN if is_closed and (seat, Round.OPEN) not in done else None


def grouped(tracker: str) -> str:
    """Return the first 16 digits of a tracker in groups of four, to compare by eye."""
    return " ".join(tracker[at : at + 4] for at in range(0, 16, 4))


def plain_credential(typed: str) -> str:
    """Return a credential as the tool writes it: groups of three with hyphens, spaces ignored."""
    letters = "".join(letter for letter in typed if letter.isascii() and letter.isalnum())
    return "-".join(letters[at : at + 3] for at in range(0, len(letters), 3))
