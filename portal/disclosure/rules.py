"""What may be published, under which number, for how long, and what must never be in it. Pure."""

import json
from collections.abc import Iterator
from enum import StrEnum

from portal.core.traces import Finding, find_in_words


class DocKind(StrEnum):
    """What a document is about; the letters are those of domain.md §5."""

    DRAFT_NOTICE = "draft-notice"
    VOTE_RESULT = "vote-result"
    AFFAIRS = "affairs"
    CORRECTION = "correction"
    CONFLICTS = "conflicts"
    APPROVED_PLAN = "approved-plan"
    EVALUATION = "evaluation"
    ADOPTION = "adoption"


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
    NOTICE_RUNS = "notice-runs"
    OPINIONS_OPEN = "opinions-open"
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


def why_not_publish_adoption(
    *, was_on_notice: bool, is_over: bool, open_opinions: int
) -> Refusal | None:
    """Say why what became of the opinions cannot be published, or None (O2)."""
    if not was_on_notice:
        return Refusal.NOT_ON_NOTICE
    if not is_over:
        return Refusal.NOTICE_RUNS
    return Refusal.OPINIONS_OPEN if open_opinions else None


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


def find_personal_data(
    content: str, *, skip: frozenset[str], names: frozenset[str] = frozenset()
) -> list[Finding]:
    """Look through a document's canonical JSON for what names a person (S14).

    `skip` are the fields that may hold it, such as the office's own telephone; `names` are names
    that have no place in it. Digests are passed over: their fields' names end in `sha256`.
    """
    return find_in_words(_strings(json.loads(content), "", skip), names)


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
