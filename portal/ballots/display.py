"""What the pages show: bars, the table by group with small cells hidden, the log of a ballot."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.ballots.counting import Result
from portal.ballots.life import list_steps
from portal.ballots.marks import points
from portal.ballots.models import Ballot
from portal.ballots.papers import ONE_TICK
from portal.ballots.result_words import mean
from portal.ballots.rules import Kind, Secrecy
from portal.ballots.states import Step
from portal.ballots.words import COUNTED, STEPS
from portal.core.access import Part
from portal.core.suppression import THRESHOLD, merge_few, suppress_small

IN_SECRET = 10
"""Counts of fewer people stay hidden where the vote was secret (domain.md §6)."""


@dataclass(frozen=True)
class GroupLine:
    """One line of the table by group; a hidden cell is None."""

    name: str
    electors: int
    cells: tuple[int | None, ...]


@dataclass(frozen=True)
class Bar:
    """One option with what it got: a bar of a whole, and words beside it."""

    words: str
    count: int
    whole: int
    line: str


def threshold_of(vote: Result | Ballot) -> int:
    """Return how many people a number must speak of to be shown."""
    return THRESHOLD if vote.secrecy is Secrecy.OPEN else IN_SECRET


def has_answers(result: Result) -> bool:
    """Tell whether the strata say what was chosen: one answer each, under the voters' names."""
    return result.kind in ONE_TICK and all(stratum.counts for stratum in result.by_group)


def by_group(result: Result) -> list[GroupLine] | None:
    """Return the turnout by group and, where each gave one answer, the answers; None: nothing.

    Columns: the answers (or the votes cast), then those who did not vote. Groups of few people
    are shown together; cells of 1 to 4 people (1 to 9 of a secret vote) and what would give them
    away are hidden.
    """
    strata, answers = result.by_group, has_answers(result)
    rows = [[*(s.counts if answers else (s.cast,)), s.electors - s.cast] for s in strata]
    merged = merge_few([s.electors for s in strata])
    table = [[sum(rows[i][c] for i in part) for c in range(len(rows[0]))] for part in merged]
    hidden = suppress_small(table, threshold=threshold_of(result)) if len(table) > 1 else None
    if hidden is None:
        return None
    names = [result.group_names[int(s.key)] for s in strata]
    return [
        GroupLine(
            name=names[part[0]] if len(part) == 1 else _("%(n)s small groups", n=len(part)),
            electors=sum(line),
            cells=tuple(
                None if (row, column) in hidden else value for column, value in enumerate(line)
            ),
        )
        for row, (part, line) in enumerate(zip(merged, table, strict=True))
    ]


def names_of(result: Result) -> list[str]:
    """Return what each option is called in a result, in the order of the paper."""
    return [str(COUNTED[t.answer]) if t.answer else t.words for t in result.tallies]


def bars_of(result: Result) -> list[Bar]:
    """Return the options with what they got: answers as on the paper, the rest by their number."""
    pairs = list(zip(names_of(result), (t.count for t in result.tallies), strict=True))
    if result.kind is not Kind.YES_NO:
        pairs.sort(key=lambda pair: -pair[1])
    if result.kind is Kind.SCORE:
        most = max((count for _words, count in pairs), default=0)
        return [Bar(words, n, most, _points_line(n, result.valid)) for words, n in pairs]
    whole = result.valid if result.kind is Kind.RANKED else result.cast
    return [Bar(words, n, whole, _share_line(n, whole)) for words, n in pairs]


def _share_line(count: int, whole: int) -> str:
    share = f"{100 * count / whole if whole else 0:.1f}"
    return _("%(count)s of %(cast)s (%(share)s%%)", count=count, cast=whole, share=share)


def _points_line(total: int, voters: int) -> str:
    average = mean(total, voters)
    return _("%(points)s, on average %(mean)s", points=points(total), mean=average)


OFFICES: dict[str, LazyString] = {
    Part.HEAD: _l("by the head of the committee"),
    Part.SUPERVISOR: _l("by the supervision committee"),
}
INSIDE = (Step.DRAFTED,)


@dataclass(frozen=True)
class LifeLine:
    """One line of the public log of a ballot: what was done, when, by which office, why."""

    words: str
    office: str
    reason: str
    done_at: datetime


def life_lines(ballot_id: int) -> list[LifeLine]:
    """Return what was done with a ballot since it was announced; offices are named, not people."""
    return [
        LifeLine(str(STEPS[s.step]), str(OFFICES.get(s.part, "")), s.reason, s.done_at)
        for s in list_steps(ballot_id)
        if s.step not in INSIDE
    ]
