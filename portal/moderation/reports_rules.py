"""When a resident may report what somebody wrote. Pure: no Flask, no database."""

from enum import StrEnum

LONGEST_LINE = 300
MOST_A_DAY = 20
"""So many reports of one person are taken in 24 hours: a flood would hide the others."""


class Outcome(StrEnum):
    """What became of a report."""

    HIDDEN = "hidden"
    KEPT = "kept"


class Refusal(StrEnum):
    """Why a report, or the answer to it, is not taken; words.py has the words."""

    NOT_A_RESIDENT = "report-not-a-resident"
    OWN_WORDS = "report-own-words"
    TWICE = "report-twice"
    TOO_MANY = "report-too-many"
    LINE_TOO_LONG = "report-line-too-long"
    STALE = "report-stale"


def why_not_report(
    *, is_resident: bool, is_author: bool, has_reported: bool, in_a_day: int, line: str = ""
) -> Refusal | None:
    """Return the first reason why a report is not taken, or None (domain.md S9, S10).

    Minors and those who may not write just now can report too: it protects them.
    """
    if not is_resident:
        return Refusal.NOT_A_RESIDENT
    if is_author:
        return Refusal.OWN_WORDS
    if has_reported:
        return Refusal.TWICE
    if in_a_day >= MOST_A_DAY:
        return Refusal.TOO_MANY
    return Refusal.LINE_TOO_LONG if len(line) > LONGEST_LINE else None


def why_not_keep(*, waiting: int, seen: int) -> Refusal | None:
    """Return why the reports on a thing are not answered with “no rule is broken”, or None.

    `waiting` is the newest report that waits now, `seen` the one when the page was opened; 0: none.
    """
    return Refusal.STALE if waiting == 0 or waiting != seen else None
