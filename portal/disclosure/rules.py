"""What may be published, under which number, for how long, and what must never be in it. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DocKind(StrEnum):
    """What a document is about; the letters are those of domain.md §5."""

    DRAFT_NOTICE = "draft-notice"
    VOTE_RESULT = "vote-result"
    AFFAIRS = "affairs"
    CORRECTION = "correction"
    CONFLICTS = "conflicts"
    APPROVED_PLAN = "approved-plan"
    EVALUATION = "evaluation"


class Edition(StrEnum):
    """How large a document is printed."""

    NORMAL = "normal"
    LARGE = "large"


class Refusal(StrEnum):
    """Why nothing is published; views.py has the words."""

    NOT_CLOSED_YET = "not-closed-yet"
    NOT_HELD = "not-held"
    NOT_ON_NOTICE = "not-on-notice"
    NOTICE_OVER = "notice-over"
    CONTENT_CHANGED = "content-changed"
    NO_OFFICE = "no-office"
    NO_SUMMARY = "no-summary"
    NOT_CHECKED = "not-checked"
    NOT_APPROVED = "not-approved"
    NOT_EVALUATED = "not-evaluated"
    ALREADY_PUBLISHED = "already-published"
    PERSONAL_DATA = "personal-data"
    NOTHING_WRITTEN = "nothing-written"
    NOT_IN_THIS_STATE = "not-in-this-state"
    NO_REASON = "no-reason"
    OWN_DRAFT = "own-draft"
    SAME_HOUSEHOLD = "same-household"
    OF_THE_COMMITTEE = "of-the-committee"
    NOT_REVIEWED = "not-reviewed"
    NOT_AS_REVIEWED = "not-as-reviewed"
    DAY_NOT_COME = "day-not-come"
    DAY_PASSED = "day-passed"
    DAY_BEFORE_TODAY = "day-before-today"
    DAY_TOO_FAR = "day-too-far"
    NUMBER_WOULD_MISS = "number-would-miss"
    SOMEBODY_ELSE_DID = "somebody-else-did"
    ALREADY_UNDER_WAY = "already-under-way"
    NO_OBJECTION_NOW = "no-objection-now"
    CORRECTED_SINCE = "corrected-since"
    NOTICE_VOID = "notice-void"
    OBJECTED_ALREADY = "objected-already"
    ANSWERED_ALREADY = "answered-already"
    NOT_ANSWERED_YET = "not-answered-yet"
    TOO_LATE_TO_EXTEND = "too-late-to-extend"
    NOTHING_CORRECTED = "nothing-corrected"
    WORDING_NOT_FOUND = "wording-not-found"
    NOT_PUBLISHED = "not-published"
    ALLOWED_ALREADY = "allowed-already"
    NOT_FOUND_IN_IT = "not-found-in-it"
    TOO_FEW_ASK = "too-few-ask"
    ITEM_EXISTS = "item-exists"
    NO_CITATION = "no-citation"
    BAD_KEY_FILE = "bad-key-file"
    KEY_NOT_OURS = "key-not-ours"
    CERTIFICATE_OVER = "certificate-over"
    COUNTY_NOT_ASKED = "county-not-asked"
    WORK_UNDER_WAY = "work-under-way"


class Personal(StrEnum):
    """What kind of personal data was found."""

    ID_NUMBER = "id-number"
    MOBILE = "mobile"
    BANK_CARD = "bank-card"
    NAME = "name"


@dataclass(frozen=True)
class Finding:
    """Personal data within a document: where, what, a masked piece of it, and its digest."""

    place: str
    kind: Personal
    masked: str
    sha256: str = ""


def number_words(year: int, number: int) -> str:
    """Return a document's number as it is printed: 〔2026〕村规公示 001号."""
    return f"〔{year}〕村规公示 {number:03}号"


def why_not_publish_result(*, is_closed: bool, was_held: bool) -> Refusal | None:
    """Say why a ballot's result cannot be published, or None."""
    if not was_held:
        return Refusal.NOT_HELD
    return None if is_closed else Refusal.NOT_CLOSED_YET


def why_not_publish_notice(
    *, is_on_notice: bool, is_over: bool, content_unchanged: bool, has_summary: bool
) -> Refusal | None:
    """Say why a draft notice cannot be published, or None (T5, T6; P5 asks for plain words)."""
    if not is_on_notice:
        return Refusal.NOT_ON_NOTICE
    if is_over:
        return Refusal.NOTICE_OVER
    if not content_unchanged:
        return Refusal.CONTENT_CHANGED
    return None if has_summary else Refusal.NO_SUMMARY


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


def find_personal_data(
    content: str, *, skip: frozenset[str], names: frozenset[str] = frozenset()
) -> list[Finding]:
    """Look through a document's canonical JSON for what names a person (S14).

    `skip` are the fields that may hold it, such as the office's own telephone; `names` are names
    that have no place in it. Digests are passed over: their fields' names end in `sha256`.
    """
    index = _by_first(names)
    return [
        finding
        for place, words in _strings(json.loads(content), "", skip)
        for finding in _find(words, place, index)
    ]


def find_in_words(
    texts: Iterable[tuple[str, str]], names: frozenset[str] = frozenset()
) -> list[Finding]:
    """Look through plain words, each with its place, for what names a person."""
    index = _by_first(names)
    return [finding for place, words in texts for finding in _find(words, place, index)]


def _find(words: str, place: str, index: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    for kind, raw, masked in (*_numbers(words), *_names(words, index)):
        digest = hashlib.sha256(f"{kind.value} {raw}".encode()).hexdigest()
        yield Finding(place, kind, masked, digest)


def _by_first(names: frozenset[str]) -> dict[str, list[str]]:
    """Return the names by their first letter, the longest first."""
    index: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        index.setdefault(name[0], []).append(name)
    return index


def _names(words: str, index: Mapping[str, Sequence[str]]) -> Iterator[tuple[Personal, str, str]]:
    """Find names; one in Latin letters only where it is a word of its own."""
    at = 0
    while at < len(words):
        for name in index.get(words[at], ()):
            end = at + len(name)
            if words.startswith(name, at) and not (_runs_on(words, at) or _runs_on(words, end)):
                yield Personal.NAME, name, f"{name[0]}*{name[-1] if len(name) > 2 else ''}"
                at = end - 1
                break
        at += 1


def _runs_on(words: str, at: int) -> bool:
    """Tell whether a Latin word goes on across this place."""
    around = words[max(at - 1, 0) : at + 1]
    return len(around) == 2 and around.isascii() and around.isalnum()


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


def _numbers(words: str) -> Iterator[tuple[Personal, str, str]]:
    plain = words.translate({ord("０") + n: ord("0") + n for n in range(10)})
    for match in _DIGITS.finditer(plain):
        digits = re.sub("[ -]", "", match.group()).upper()
        if is_id_number(digits):
            yield Personal.ID_NUMBER, digits, f"{digits[:3]}***{digits[-2:]}"
        elif _MOBILE.fullmatch(digits):
            yield Personal.MOBILE, digits[-11:], f"{digits[-11:-8]}****{digits[-4:]}"
        elif is_bank_card(digits):
            yield Personal.BANK_CARD, digits, f"{digits[:4]}***{digits[-2:]}"
