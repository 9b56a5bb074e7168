"""What may be published, under which number, for how long, and what must never be in it. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

OBJECTION_DAYS = 5
"""Villagers object within five days after publication (Shandong disclosure rules Art. 16; D3)."""


class DocKind(StrEnum):
    """What a document is about; the letters are those of domain.md §5."""

    DRAFT_NOTICE = "draft-notice"
    VOTE_RESULT = "vote-result"


class Edition(StrEnum):
    """How large a document is printed."""

    NORMAL = "normal"
    LARGE = "large"


class DocState(StrEnum):
    """Where a published document stands."""

    OPEN = "open"
    ENDED = "ended"
    REPLACED = "replaced"


class Refusal(StrEnum):
    """Why nothing is published; views.py has the words."""

    NOT_CLOSED_YET = "not-closed-yet"
    NOT_HELD = "not-held"
    NOT_ON_NOTICE = "not-on-notice"
    NOTICE_OVER = "notice-over"
    CONTENT_CHANGED = "content-changed"
    NO_OFFICE = "no-office"
    NO_SUMMARY = "no-summary"
    ALREADY_PUBLISHED = "already-published"
    PERSONAL_DATA = "personal-data"


class Personal(StrEnum):
    """What kind of personal data was found."""

    ID_NUMBER = "id-number"
    MOBILE = "mobile"
    BANK_CARD = "bank-card"


@dataclass(frozen=True)
class Finding:
    """Personal data within a document: where, what, and a masked piece of it."""

    place: str
    kind: Personal
    masked: str


def number_words(year: int, number: int) -> str:
    """Return a document's number as it is printed: 〔2026〕村规公示 001号."""
    return f"〔{year}〕村规公示 {number:03}号"


def last_day(start: date, days: int = OBJECTION_DAYS) -> date:
    """Return the last day of a period: the first day is not counted (T1; Civil Code Art. 201)."""
    return start + timedelta(days=days)


def state_of(*, today: date, period_end: date | None, is_replaced: bool) -> DocState:
    """Tell where a document stands on this day; its last day still belongs to the period (T2)."""
    if is_replaced:
        return DocState.REPLACED
    return DocState.ENDED if period_end is not None and today > period_end else DocState.OPEN


def why_not_publish_result(*, is_closed: bool, was_held: bool, has_office: bool) -> Refusal | None:
    """Say why a ballot's result cannot be published, or None."""
    if not was_held:
        return Refusal.NOT_HELD
    if not is_closed:
        return Refusal.NOT_CLOSED_YET
    return None if has_office else Refusal.NO_OFFICE


def why_not_publish_notice(
    *,
    is_on_notice: bool,
    is_over: bool,
    content_unchanged: bool,
    has_summary: bool,
    has_office: bool,
) -> Refusal | None:
    """Say why a draft notice cannot be published, or None (T5, T6; P5 asks for plain words)."""
    if not is_on_notice:
        return Refusal.NOT_ON_NOTICE
    if is_over:
        return Refusal.NOTICE_OVER
    if not content_unchanged:
        return Refusal.CONTENT_CHANGED
    if not has_summary:
        return Refusal.NO_SUMMARY
    return None if has_office else Refusal.NO_OFFICE


_OF_THE_ISSUE = ("number", "issue", "issued_on", "period_start", "period_end", "period_days")


def why_not_again(*, newest_content: str, content: str) -> Refusal | None:
    """Refuse a document that says what the one already published says.

    Both are canonical JSON; number, issue and dates of publication are left aside.
    """
    facts = [json.loads(text) for text in (newest_content, content)]
    for fact in facts:
        for name in _OF_THE_ISSUE:
            fact["head"].pop(name, None)
    return Refusal.ALREADY_PUBLISHED if facts[0] == facts[1] else None


_DIGITS = re.compile(r"(?<![0-9A-Za-z])(?:\d[ -]?){10,20}[\dXx](?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")


def is_id_number(text: str) -> bool:
    """Tell whether 18 characters are a resident identity number: birth date and check digit fit."""
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECKS[weighed % 11] == text[17]


def is_bank_card(text: str) -> bool:
    """Tell whether 16 to 19 digits are a card number: it begins like one, the check digit fits."""
    if not re.fullmatch(r"[3-6]\d{15,18}", text):
        return False
    total = 0
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def find_personal_data(content: str, *, skip: frozenset[str]) -> list[Finding]:
    """Look through a document's canonical JSON for numbers that name a person (S14).

    `skip` are the fields that may hold them, such as the office's own telephone. Digests are passed
    over by their names, which end in `sha256`.
    """
    return [
        Finding(place, kind, masked)
        for place, words in _strings(json.loads(content), "", skip)
        for kind, masked in _numbers(words)
    ]


def _strings(value: object, place: str, skip: frozenset[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _strings(item, f"{place} {number}".strip(), skip)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in skip and not name.endswith("sha256"):
                yield from _strings(item, f"{place} {name}".strip(), skip)


def _numbers(words: str) -> Iterator[tuple[Personal, str]]:
    plain = words.translate({ord("０") + n: ord("0") + n for n in range(10)})
    for match in _DIGITS.finditer(plain):
        digits = re.sub("[ -]", "", match.group()).upper()
        if is_id_number(digits):
            yield Personal.ID_NUMBER, f"{digits[:3]}***{digits[-2:]}"
        elif _MOBILE.fullmatch(digits):
            yield Personal.MOBILE, f"{digits[-11:-8]}****{digits[-4:]}"
        elif is_bank_card(digits):
            yield Personal.BANK_CARD, f"{digits[:4]}***{digits[-2:]}"
