"""What everything that people write has in common. Pure: no Flask, no database."""

from enum import StrEnum

LONGEST_KEY = 64
TAKEN_BACK = "*"
"""What is kept in the place of words that their author took back."""


class Refusal(StrEnum):
    """Why words are not taken, wherever they are written; views.py has the words."""

    NOT_A_RESIDENT = "not-a-resident"
    MINOR = "minor"
    EMPTY = "empty"
    TOO_LONG = "too-long"
    TOO_FAST = "too-fast"
    MUTED = "muted"
    REFUSED_WORDS = "refused-words"
    REPEATED = "repeated"


def clean(text: str) -> str:
    """Return the text as it is kept: line ends alike, no blank edges, no control characters.

    Direction overrides go too: they would let a message reorder what stands around it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c in "\n\t" or not _is_control(ord(c)))
    return "".join(kept).strip()


def _is_control(point: int) -> bool:
    return (
        point < 0x20
        or 0x7F <= point < 0xA0
        or point in (0x2028, 0x2029, 0xFEFF)
        or 0x202A <= point <= 0x202E
        or 0x2066 <= point <= 0x2069
        or 0xD800 <= point <= 0xDFFF
    )


def why_not_write(*, is_resident: bool, is_minor: bool, is_muted: bool = False) -> Refusal | None:
    """Return the first reason why this person may write nothing here (domain.md S8, S10, S11)."""
    if not is_resident:
        return Refusal.NOT_A_RESIDENT
    if is_minor:
        return Refusal.MINOR
    return Refusal.MUTED if is_muted else None


def why_not_text(body: str, *, longest: int) -> Refusal | None:
    """Return the reason why this cleaned text is not taken, or None.

    The sign of words that were taken back says nothing of its own.
    """
    if body in ("", TAKEN_BACK):
        return Refusal.EMPTY
    return Refusal.TOO_LONG if len(body) > longest else None
