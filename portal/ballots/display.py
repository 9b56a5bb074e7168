"""What the result page shows of numbers: bars by group with small cells hidden, money in words."""

from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from portal.ballots.counting import Result
from portal.ballots.rules import Kind
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
