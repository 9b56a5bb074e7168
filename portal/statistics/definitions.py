"""The registry: what each figure means. Pages, CSV and XLSX all read it; nothing else defines."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.statistics.rules import DECISION_ALERT_PERMILLE, PILOT_PERMILLE, FigureId


@dataclass(frozen=True)
class Definition:
    """One figure: its number in domain.md §6, and how it is counted, in words for people.

    `reference` is a line to compare with, in thousandths, `caption` says what it is worth.
    `alert` says when the figure should worry.
    """

    id: FigureId
    number: int
    name: LazyString
    formula: LazyString
    numerator: LazyString
    denominator: LazyString
    population: LazyString
    period: LazyString
    source: LazyString
    reference: int | None = None
    caption: LazyString | None = None
    alert: LazyString | None = None


_ADULTS = _l(
    "Everybody on the village's roster on the last day of the period, or today if it still runs, "
    "who is 18 or whose age is not known."
)
_TWELVE_MONTHS = _l("Twelve whole months")
_AS_THEN = _l(
    "Group, sex and age of a person are those kept with their first act of the period. Whoever "
    "moves or has a birthday afterwards is not counted elsewhere."
)

DEFINITIONS = {
    definition.id: definition
    for definition in (
        Definition(
            id=FigureId.PARTICIPATION,
            number=8,
            name=_l("Participation"),
            formula=_l("adults who did something ÷ adults"),
            numerator=_l(
                "Adults who, at least once in the period, gave an opinion, answered a survey, "
                "voted, or did something that earned points and was not taken back. Each person "
                "counts once."
            ),
            denominator=_ADULTS,
            population=_AS_THEN,
            period=_TWELVE_MONTHS,
            source=_l("Opinions, survey replies, turnout, points ledger; roster"),
            reference=PILOT_PERMILLE,
            caption=_l("78 %: claimed for a pilot in Anji in 2025; not verified"),
        ),
        Definition(
            id=FigureId.DECISION,
            number=9,
            name=_l("Taking part in decisions"),
            formula=_l("adults who voted ÷ adults"),
            numerator=_l(
                "Adults who cast at least one valid vote in the period. Each person counts once."
            ),
            denominator=_ADULTS,
            population=_AS_THEN,
            period=_TWELVE_MONTHS,
            source=_l("Turnout of all ballots; roster"),
            reference=DECISION_ALERT_PERMILLE,
            caption=_l("15 %: claimed as usual before such portals; not verified"),
            alert=_l("Alert below 15 %."),
        ),
        Definition(
            id=FigureId.TURNOUT,
            number=12,
            name=_l("Turnout"),
            formula=_l("votes cast ÷ electors"),
            numerator=_l("Votes cast in this ballot, by whatever channel."),
            denominator=_l(
                "Everybody on this ballot's list of electors, as it was closed when the vote "
                "opened. A consultation without a minimum age has minors on it."
            ),
            population=_l(
                "Group, sex and age are those on the list of electors when the vote opened, and "
                "those kept with the vote when it was cast."
            ),
            period=_l("From the opening of the vote to its close"),
            source=_l("List of electors and turnout of the ballot"),
        ),
    )
}
