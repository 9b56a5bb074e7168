"""What the monthly table of moderation counts. Pure: no Flask, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from statistics import median

from portal.core.suppression import THRESHOLD, is_small
from portal.moderation.rules import Code


class Figure(StrEnum):
    """One line of the table; hidden things stand by reason beside it."""

    WRITTEN = "written"
    HIDDEN = "hidden"
    RATE = "hidden-percent"
    RESTORED = "restored"
    APPROVED = "let-through"
    APPEALS = "appeals"
    APPEALS_RESTORED = "appeals-granted"
    APPEALS_CONFIRMED = "appeals-confirmed"
    APPEALS_HOURS = "appeals-median-hours"
    REPORTS = "reports"
    REPORTS_HIDDEN = "reports-hidden"
    REPORTS_KEPT = "reports-kept"
    REPORTS_WAITING = "reports-waiting"
    MUTED = "stopped-from-writing"
    LIFTED = "lifted-early"


HIDDEN_FOR = "hidden-for-"
"""Begins the key of how many were hidden for one reason."""
FEW = f"<{THRESHOLD}"
"""Stands for a count of so few people that it is not shown."""
NONE = "–"

Line = tuple[str, str]


@dataclass(frozen=True)
class Counted:
    """What happened in a month, before anything is left out."""

    written: int
    hidden: Mapping[Code, int]
    restored: int
    approved: int
    muted: int
    lifted: int
    appeals: int
    granted: int
    confirmed: int
    took: Sequence[timedelta]
    reports: Mapping[str, int]


def table(counted: Counted) -> list[Line]:
    """Return the table's lines, (key, figure): small cells of people are left out.

    What is a line of the public log anyway (hidden, shown again, stopped from writing, appeals
    decided) is told as it is; who appealed or reported is not public, so few of them stay few
    (domain.md S13), and with one part of a sum the others.
    """
    hidden = sum(counted.hidden.values())
    rate = f"{100 * hidden / counted.written:.1f}" if counted.written else NONE
    lines: list[Line] = [
        (Figure.WRITTEN.value, str(counted.written)),
        (Figure.HIDDEN.value, str(hidden)),
    ]
    lines += [(HIDDEN_FOR + code, str(counted.hidden.get(code, 0))) for code in Code]
    lines += [
        (Figure.RATE, rate),
        (Figure.RESTORED, str(counted.restored)),
        (Figure.APPROVED, str(counted.approved)),
        (Figure.APPEALS, few(counted.appeals)),
        (Figure.APPEALS_RESTORED, str(counted.granted)),
        (Figure.APPEALS_CONFIRMED, str(counted.confirmed)),
        (Figure.APPEALS_HOURS, hours(counted.took)),
        *zip(
            (
                Figure.REPORTS,
                Figure.REPORTS_HIDDEN,
                Figure.REPORTS_KEPT,
                Figure.REPORTS_WAITING,
            ),
            parts([counted.reports.get(key, 0) for key in ("hidden", "kept", "")]),
            strict=True,
        ),
        (Figure.MUTED, str(counted.muted)),
        (Figure.LIFTED, str(counted.lifted)),
    ]
    return [(str(key), figure) for key, figure in lines]


def few(count: int) -> str:
    """Return a count of people, or that they are few."""
    return FEW if is_small(count) else str(count)


def parts(counts: Sequence[int]) -> list[str]:
    """Return the sum and its parts; where one part is small, none of them is shown."""
    total = sum(counts)
    if any(is_small(count) for count in counts):
        return [few(total), *(NONE for _ in counts)]
    return [str(total), *(str(count) for count in counts)]


def hours(took: Sequence[timedelta]) -> str:
    """Return the median of how long appeals took, in hours, unless it is that of a few people."""
    if not took or is_small(len(took)):
        return NONE
    return f"{median(span.total_seconds() for span in took) / 3600:.1f}"
