"""Pages of the statistics: the overview for planners, each ballot's turnout, and the files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.ballots.display import threshold_of
from portal.ballots.models import Ballot
from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.pages import download, village_blueprint
from portal.core.sheets import csv_bytes, xlsx_bytes
from portal.core.slots import Card, Link
from portal.statistics import frames, rules, service, wording
from portal.statistics.definitions import DEFINITIONS
from portal.statistics.rules import Act, By, FigureId, Period
from portal.statistics.wording import Line

if TYPE_CHECKING:
    import pandas as pd

bp = village_blueprint("statistics", __name__, "/statistics")

READERS = (Part.PLANNER, Part.COMMITTEE, Part.SUPERVISOR, Part.AUDITOR, Part.ADMIN)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


DESK_LINKS = (Link(_l("Statistics"), "statistics.index", READERS),)
VILLAGE_LINKS = (Link(_l("How many take part"), "statistics.definitions", (Part.ANYONE,)),)


@dataclass(frozen=True)
class Overview:
    """What the page and the files of one period are made from."""

    period: Period
    day: date
    frame: pd.DataFrame
    lines: list[Line]
    acts: dict[Act, int]


@bp.get("/")
@requires(*READERS)
def index() -> str:
    """Show who takes part and who is missing."""
    now = clock.now()
    overview = _overview(now)
    return render_template(
        "statistics/index.html",
        overview=overview,
        periods=list(rules.recent_periods(clock.today(now))),
        rows=_side_by_side(overview.lines),
        all=_by_figure(overview.lines),
        missing=_missing(overview.lines),
        acts=_acts(overview),
        ballots=_turnouts(now),
        definitions=DEFINITIONS,
        by_words=wording.BY,
        FigureId=FigureId,
        By=By,
    )


@bp.get("/ballots/<int:ballot_id>")
@requires(*READERS)
def ballot(ballot_id: int) -> str:
    """Show who took part in one ballot."""
    now = clock.now()
    found = service.get_ballot(ballot_id)
    lines = _turnout_lines(found)
    return render_template(
        "statistics/ballot.html",
        ballot=found,
        is_open=service.is_open(found, now=now),
        rows=_side_by_side(lines),
        all=_by_figure(lines),
        definition=DEFINITIONS[FigureId.TURNOUT],
        by_words=wording.BY,
        FigureId=FigureId,
        By=By,
    )


@bp.get("/how-we-count")
@requires(Part.ANYONE)
def definitions() -> str:
    """Say what each figure means, to everyone, with the village's own two numbers.

    The numbers are those of the last whole month: they do not move from day to day, so nobody
    can watch them to see who acted yesterday.
    """
    now = clock.now()
    today = clock.today(now)
    periods = list(rules.recent_periods(today))
    facts = service.gather(periods[1], snapshot=periods[1].last)
    frame = frames.participation(facts.adults, facts.actors, (), threshold=facts.threshold)
    lines = wording.lines_of(frame[frame["by"] == By.ALL.value], {})
    return render_template(
        "statistics/definitions.html",
        lines=lines,
        period=periods[1],
        definitions=DEFINITIONS,
        is_reader=may(*READERS),
    )


@bp.get("/statistics.<any(csv, xlsx):kind>")
@requires(*READERS)
def table(kind: str) -> Response:
    """Hand out a period's figures and every ballot's turnout, as they are on the pages."""
    now = clock.now()
    overview = _overview(now)
    about = _span(overview.period)
    rows = [wording.cells_of(line, about) for line in overview.lines]
    for found, _cast in service.list_turnouts():
        rows += [wording.cells_of(line, found.question) for line in _turnout_lines(found)]
    name = f"{g.village.name}-{_('participation')}-{overview.period.last:%Y-%m}.{kind}"
    if kind == "csv":
        return download(csv_bytes(wording.headers(), rows), name, "text/csv; charset=utf-8")
    sheets = [
        (_("Participation"), wording.headers(), rows),
        (_("How we count"), wording.definition_headers(), wording.definition_rows()),
    ]
    return download(xlsx_bytes(sheets), name, XLSX)


def _overview(now: datetime) -> Overview:
    """Return the figures of the period that was asked for, else of the present one."""
    today = clock.today(now)
    periods = {f"{period.last:%Y-%m}": period for period in rules.recent_periods(today)}
    period = periods.get(request.args.get("until", "")) or next(iter(periods.values()))
    day = rules.snapshot_day(period, today)
    facts = service.gather(period, snapshot=day)
    groups = service.group_names()
    frame = frames.participation(
        facts.adults, facts.actors, list(groups), threshold=facts.threshold
    )
    acts = frames.shown_acts(facts.acts, frame, threshold=facts.threshold)
    return Overview(period, day, frame, wording.lines_of(frame, groups), acts)


def _turnout_lines(ballot: Ballot) -> list[Line]:
    electors, voters = service.gather_turnout(ballot.id)
    groups = service.group_names()
    threshold = threshold_of(ballot)
    frame = frames.turnout(electors, voters, list(groups), threshold=threshold)
    return wording.lines_of(frame, groups)


def _by_figure(lines: list[Line]) -> dict[FigureId, Line]:
    return {line.figure: line for line in lines if line.by is By.ALL}


def _side_by_side(lines: list[Line]) -> dict[By, dict[str, dict[FigureId, Line]]]:
    """Return for each division and stratum the lines of all figures, to stand in one row."""
    rows: dict[By, dict[str, dict[FigureId, Line]]] = {by: {} for by in By if by is not By.ALL}
    for line in lines:
        if line.by is not By.ALL:
            rows[line.by].setdefault(line.label, {})[line.figure] = line
    return rows


def _missing(lines: list[Line]) -> list[Line]:
    """Return up to three strata that take part least, and less than the whole village."""
    shown = [line for line in lines if line.figure is FigureId.PARTICIPATION and not line.is_hidden]
    whole = next((line.permille for line in shown if line.by is By.ALL), 0)
    below = [
        line
        for line in shown
        if line.by is not By.ALL and line.denominator and line.permille < whole
    ]
    return sorted(below, key=lambda line: line.permille)[:3]


def _acts(overview: Overview) -> list[tuple[str, int, int]]:
    """Return how many adults did each kind of act, in words, people and thousandths of all."""
    adults = _by_figure(overview.lines)[FigureId.PARTICIPATION].denominator
    return [
        (str(wording.ACTS[act]), count, rules.permille(count, adults) or 0)
        for act, count in overview.acts.items()
    ]


def _turnouts(now: datetime) -> list[dict[str, object]]:
    """Return each ballot's turnout, in the words of its own frame, and the way to its page."""
    found = []
    for ballot, cast in service.list_turnouts():
        threshold = threshold_of(ballot)
        electors = ballot.electors_count
        line = wording.whole_village(FigureId.TURNOUT, cast, electors, threshold=threshold)
        found.append(
            {
                "question": ballot.question,
                "is_open": service.is_open(ballot, now=now),
                "words": line.words,
                "people": line.people,
                "permille": line.permille,
                "is_hidden": line.is_hidden,
                "href": url_for("statistics.ballot", ballot_id=ballot.id),
            }
        )
    return found


def _span(period: Period) -> str:
    return _("%(first)s to %(last)s", first=period.first, last=period.last)


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Return the way to the figures, for those who read them."""
    if not may(*READERS):
        return []
    return [
        Card(
            title=_("Statistics"),
            line=_("Who takes part, and who is missing."),
            href=url_for("statistics.index"),
            action=_("See the figures"),
        )
    ]
