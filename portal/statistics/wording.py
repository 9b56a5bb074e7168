"""Frames in words: labels of strata, cells as people and spreadsheets read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.lazily import lazily
from portal.core.sheets import Cell
from portal.core.suppression import THRESHOLD, is_small
from portal.people.rules import AgeBand, Sex
from portal.statistics.definitions import DEFINITIONS
from portal.statistics.rules import Act, By, FigureId, is_alert, permille

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazily("pandas")

HIDDEN, NOBODY = "*", "—"
"""Signs for a number that is withheld, and for a rate of nobody."""

BY = {
    By.ALL: _l("All"),
    By.GROUP: _l("Villager group"),
    By.SEX: _l("Sex"),
    By.AGE: _l("Age"),
}
SEXES = {Sex.FEMALE: _l("Women"), Sex.MALE: _l("Men"), Sex.UNKNOWN: _l("Sex not known")}
AGES = {
    AgeBand.UNDER_18: _l("Under 18"),
    AgeBand.FROM_18: _l("18 to 29"),
    AgeBand.FROM_30: _l("30 to 44"),
    AgeBand.FROM_45: _l("45 to 59"),
    AgeBand.FROM_60: _l("60 to 74"),
    AgeBand.FROM_75: _l("75 and older"),
    AgeBand.UNKNOWN: _l("Age not known"),
}
ACTS = {
    Act.COMMENT: _l("Gave an opinion"),
    Act.SURVEY: _l("Answered a survey"),
    Act.VOTE: _l("Voted"),
    Act.POINTS: _l("Did something for the village (points)"),
}


@dataclass(frozen=True)
class Line:
    """One row of a figure, ready to be shown: the same values in page, CSV and XLSX."""

    figure: FigureId
    by: By
    label: str
    numerator: int | str
    denominator: int
    rate: float | str
    permille: int
    is_hidden: bool
    is_alert: bool

    @property
    def words(self) -> str:
        """Return the rate as it is read: 40.4 %, "—" for nobody, "not shown" for few people."""
        if self.is_hidden:
            return _("not shown")
        return f"{self.rate}%" if isinstance(self.rate, float) else self.rate

    @property
    def people(self) -> str:
        """Return numerator and denominator: 118 / 292."""
        return f"{self.numerator} / {self.denominator}"


def whole_village(
    figure: FigureId, numerator: int, denominator: int, *, threshold: int = THRESHOLD
) -> Line:
    """Return the one row of a figure for all, by the same rule as its frame's row for all."""
    parts = (numerator, denominator - numerator)
    is_hidden = any(is_small(part, threshold=threshold) for part in parts)
    known = permille(numerator, denominator)
    return _line((figure, By.ALL, "", numerator, denominator, known, is_hidden), {})


def lines_of(frame: pd.DataFrame, groups: Mapping[int, str]) -> list[Line]:
    """Return the rows of a frame in words."""
    return [_line(row, groups) for row in frame.itertuples(index=False)]


def _line(row: Any, groups: Mapping[int, str]) -> Line:
    figure, by, stratum, numerator, denominator, rate, is_hidden = row
    known = None if pd.isna(rate) else int(rate)
    return Line(
        figure=FigureId(figure),
        by=By(by),
        label=_label(By(by), stratum, groups),
        numerator=HIDDEN if is_hidden else int(numerator),
        denominator=int(denominator),
        rate=HIDDEN if is_hidden else NOBODY if known is None else known / 10,
        permille=known or 0,
        is_hidden=bool(is_hidden),
        is_alert=is_alert(FigureId(figure), known),
    )


def _label(by: By, stratum: str, groups: Mapping[int, str]) -> str:
    if by is By.ALL:
        return _("Whole village")
    if by is By.SEX:
        return str(SEXES[Sex(stratum)])
    if by is By.AGE:
        return str(AGES[AgeBand(stratum)])
    names = [groups.get(int(part), part) for part in stratum.split("+")]
    return names[0] if len(names) == 1 else _("Together: %(names)s", names="、".join(names))


def headers() -> list[str]:
    """Return the heads of the columns of CSV and XLSX."""
    return [
        _("Figure"),
        _("About"),
        _("By"),
        _("Who"),
        _("Numerator"),
        _("Denominator"),
        _("Rate in percent"),
        _("Note"),
    ]


def cells_of(line: Line, about: str) -> list[Cell]:
    """Return one row of CSV and XLSX."""
    note = _("Not shown, so that no single person can be found out") if line.is_hidden else ""
    return [
        str(DEFINITIONS[line.figure].name),
        about,
        str(BY[line.by]),
        line.label,
        line.numerator,
        line.denominator,
        line.rate,
        note,
    ]


def definition_headers() -> list[str]:
    """Return the heads of the sheet that says how the figures are counted."""
    return [
        _("Figure"),
        _("Number"),
        _("Formula"),
        _("Numerator"),
        _("Denominator"),
        _("Who counts where"),
        _("Period"),
        _("Source"),
        _("To compare"),
        _("Alert"),
    ]


def definition_rows() -> Iterator[list[Cell]]:
    """Yield the registry as rows, for the sheet that goes with the numbers."""
    for one in DEFINITIONS.values():
        words = (one.formula, one.numerator, one.denominator, one.population, one.period)
        yield [
            str(one.name),
            one.number,
            *(str(text) for text in words),
            str(one.source),
            str(one.caption or ""),
            str(one.alert or ""),
        ]
