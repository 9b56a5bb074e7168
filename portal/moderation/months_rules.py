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
"""Stands for what came from so few people that it is not counted out, however often it came."""
NONE = "–"

Line = tuple[str, str]


@dataclass(frozen=True)
class Counted:
    """What happened in a month, before anything is left out.

    `written_and_hidden` counts what was written in the month and hidden in it, each thing once.
    Appeals and reports name for each one who it was.
    """

    written: int
    written_and_hidden: int
    hidden: Mapping[Code, int]
    restored: int
    approved: int
    muted: int
    lifted: int
    appeals: Sequence[int]
    granted: int
    confirmed: int
    took: Sequence[tuple[int, timedelta]]
    reports: Mapping[str, Sequence[int]]


def table(counted: Counted) -> list[Line]:
    """Return the table's lines, (key, figure): small cells of people are left out.

    What is a line of the public log anyway (hidden, shown again, stopped from writing, appeals
    decided) is told as it is; who appealed or reported is not public, so few of them stay few
    (domain.md S13), and with one part of a sum the others.
    """
    hidden = sum(counted.hidden.values())
    share = 100 * counted.written_and_hidden
    rate = f"{share / counted.written:.1f}" if counted.written else NONE
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
            parts([counted.reports.get(key, ()) for key in ("hidden", "kept", "")]),
            strict=True,
        ),
        (Figure.MUTED, str(counted.muted)),
        (Figure.LIFTED, str(counted.lifted)),
    ]
    return [(str(key), figure) for key, figure in lines]


def few(who: Sequence[int]) -> str:
    """Return how many these are, or that they come from few people: `who` sent each of them."""
    return FEW if _are_few(who) else str(len(who))


def parts(who: Sequence[Sequence[int]]) -> list[str]:
    """Return the sum and its parts; where one part is of few people, none of them is shown."""
    total = few([person for part in who for person in part])
    if any(map(_are_few, who)):
        return [total, *(NONE for _ in who)]
    return [total, *map(few, who)]


def hours(took: Sequence[tuple[int, timedelta]]) -> str:
    """Return the median of how long appeals took, in hours, unless they are of few people."""
    if not took or _are_few([person for person, _span in took]):
        return NONE
    return f"{median(span.total_seconds() for _person, span in took) / 3600:.1f}"


def _are_few(who: Sequence[int]) -> bool:
    return is_small(len(set(who)))
