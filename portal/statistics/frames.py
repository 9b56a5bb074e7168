"""From counts to the table that page, CSV and XLSX show: pandas in, small cells out.

Every frame has the columns of COLUMNS, one row for each figure and stratum: `figure` (FigureId),
`by` (By), `stratum` (a group's id, or several joined by "+" where small ones are shown together; a
sex; an age band; "" for all), `numerator` and `denominator` (people), `permille` (the rate), and
`hidden` (True where numerator and rate are withheld; they are missing then).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from portal.core.lazily import lazily
from portal.core.suppression import THRESHOLD, Cell, is_small, merge_few, suppress_small
from portal.people.rules import AgeBand, Sex
from portal.statistics.rules import Act, By, FigureId, permille
from portal.statistics.service import Stratum

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazily("pandas")

COLUMNS = ["figure", "by", "stratum", "numerator", "denominator", "permille", "hidden"]

_ORDER: dict[By, list[str]] = {
    By.SEX: [Sex.FEMALE, Sex.MALE, Sex.UNKNOWN],
    By.AGE: [band for band in AgeBand],
}
_SHOWN = dict[FigureId, str]


def participation(
    adults: Iterable[Stratum],
    actors: Iterable[Stratum],
    groups: Sequence[int],
    *,
    threshold: int = THRESHOLD,
) -> pd.DataFrame:
    """Return the frame of participation and of taking part in decisions.

    Both are hidden together: who decides also takes part, so the people of a row fall into three
    parts (decided, took part only, did neither), none of which may follow from the two rates.
    """
    tables = _tables([*adults, *actors], groups)
    for table in tables.values():
        table["only"] = table["acted"] - table["decided"]
        table["rest"] = (table["people"] - table["acted"]).clip(lower=0)
        table["undecided"] = (table["people"] - table["decided"]).clip(lower=0)
    ways: Sequence[tuple[list[str], _SHOWN]] = (
        (
            ["decided", "only", "rest"],
            {FigureId.PARTICIPATION: "rest", FigureId.DECISION: "decided"},
        ),
        (["acted", "rest"], {FigureId.PARTICIPATION: "acted"}),
        (["decided", "undecided"], {FigureId.DECISION: "decided"}),
    )
    numerators = {FigureId.PARTICIPATION: "acted", FigureId.DECISION: "decided"}
    return _frame(tables, numerators, ways, threshold)


def turnout(
    electors: Iterable[Stratum],
    voters: Iterable[Stratum],
    groups: Sequence[int],
    *,
    threshold: int = THRESHOLD,
) -> pd.DataFrame:
    """Return the frame of the turnout of one ballot."""
    cast = [voter._replace(people=0, acted=voter.people) for voter in voters]
    tables = _tables([*electors, *cast], groups)
    for table in tables.values():
        table["rest"] = (table["people"] - table["acted"]).clip(lower=0)
    ways = [(["acted", "rest"], {FigureId.TURNOUT: "acted"})]
    return _frame(tables, {FigureId.TURNOUT: "acted"}, ways, threshold)


def _tables(strata: list[Stratum], groups: Sequence[int]) -> dict[By, pd.DataFrame]:
    """Add the counts up by each division; the index is the stratum, in the order shown."""
    joint = pd.DataFrame(strata, columns=list(Stratum._fields))
    counts = ["people", "acted", "decided"]
    joint[counts] = joint[counts].astype("int64")
    tables = {By.ALL: pd.DataFrame([joint[counts].sum()], index=[""])}
    for by, column in ((By.GROUP, "group_id"), (By.SEX, "sex"), (By.AGE, "age_band")):
        table = joint.groupby(joint[column].astype(str))[counts].sum()
        order = _ORDER.get(by) or [str(group) for group in groups]
        table = table.reindex([str(stratum) for stratum in order if str(stratum) in table.index])
        table = table[(table["people"] > 0) | (table["acted"] > 0)]
        tables[by] = _merged(table) if by is By.GROUP else table
    return tables


def _merged(table: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with those of too few people shown as one (domain.md S13)."""
    sizes = table[["people", "acted"]].max(axis=1).tolist()
    parts = merge_few(sizes)
    rows = [table.iloc[list(part)].sum() for part in parts]
    names = ["+".join(table.index[index] for index in part) for part in parts]
    return pd.DataFrame(rows, index=names, columns=table.columns, dtype="int64")


def _frame(
    tables: dict[By, pd.DataFrame],
    numerators: dict[FigureId, str],
    ways: Iterable[tuple[list[str], _SHOWN]],
    threshold: int,
) -> pd.DataFrame:
    shown, columns, hidden = _hide(tables, ways, threshold)
    rows = []
    for figure, column in numerators.items():
        for by, table in tables.items():
            for number, (stratum, line) in enumerate(table.iterrows()):
                is_hidden = figure not in shown or (
                    (number, columns.index(shown[figure])) in hidden.get(by, frozenset())
                )
                numerator, denominator = int(line[column]), int(line["people"])
                rate = permille(numerator, denominator)
                rows.append(
                    (
                        figure.value,
                        by.value,
                        str(stratum),
                        None if is_hidden else numerator,
                        denominator,
                        None if is_hidden else rate,
                        is_hidden,
                    )
                )
    frame = pd.DataFrame(rows, columns=COLUMNS)
    whole = {column: "Int64" for column in ("numerator", "denominator", "permille")}
    return frame.astype({**whole, "hidden": "bool"})


def _hide(
    tables: dict[By, pd.DataFrame], ways: Iterable[tuple[list[str], _SHOWN]], threshold: int
) -> tuple[_SHOWN, list[str], dict[By, frozenset[Cell]]]:
    """Return which figures can be shown at all, by which parts, and the hidden cells of each table.

    The first way is taken in which the totals speak of enough people and each table can be shown
    without giving a small cell away.
    """
    for columns, shown in ways:
        whole = [int(tables[By.ALL][column].iloc[0]) for column in columns]
        if any(is_small(count, threshold=threshold) for count in whole):
            continue
        hidden: dict[By, frozenset[Cell]] = {}
        for by, table in tables.items():
            cells = suppress_small(table[columns].to_numpy().tolist(), threshold=threshold)
            if cells is None:
                break
            hidden[by] = cells
        else:
            return shown, columns, hidden
    return {}, [], {}


def shown_acts(
    acts: Mapping[Act, int], frame: pd.DataFrame, *, threshold: int = THRESHOLD
) -> dict[Act, int]:
    """Return how many adults did each kind of act, without those that would speak of few.

    Everybody counted here also counts for participation, so the rest of that number must not be
    small either. Who voted is the numerator of taking part in decisions, and hidden with it.
    """
    whole = frame[frame["by"] == By.ALL.value].set_index("figure")
    taking_part, deciding = whole.loc[FigureId.PARTICIPATION], whole.loc[FigureId.DECISION]
    if taking_part["hidden"]:
        return {}
    others = int(str(taking_part["numerator"]))
    return {
        act: count
        for act, count in acts.items()
        if not any(is_small(n, threshold=threshold) for n in (count, others - count))
        and not (act is Act.VOTE and deciding["hidden"])
    }
