"""What the result page shows of numbers: bars by group with small cells hidden, money in words."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.ballots.counting import Result
from portal.ballots.life import list_steps
from portal.ballots.rules import Kind
from portal.ballots.states import Step
from portal.ballots.words import STEPS
from portal.core.access import Part
from portal.core.suppression import merge_few, suppress_small


@dataclass(frozen=True)
class GroupLine:
    """One line of the table by group; a hidden cell is None."""

    name: str
    electors: int
    cells: tuple[int | None, ...]


def by_group(result: Result) -> list[GroupLine] | None:
    """Return the turnout by group and, for a yes/no question, the answers; None: nothing to show.

    Columns: the answers (or the votes cast), then those who did not vote. Groups of few people
    are shown together; cells of 1 to 4 people and what would give them away are hidden.
    """
    strata = result.by_group
    rows = [
        [*(s.counts if result.kind is Kind.YES_NO else (s.cast,)), s.electors - s.cast]
        for s in strata
    ]
    merged = merge_few([s.electors for s in strata])
    table = [[sum(rows[i][c] for i in part) for c in range(len(rows[0]))] for part in merged]
    hidden = suppress_small(table) if len(table) > 1 else None
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


def money(yuan: int | None) -> str:
    """Return an amount of money, in 万元 where that reads more easily."""
    if yuan is None:
        return ""
    return _("%(amount)s yuan", amount=format_decimal(yuan))


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
