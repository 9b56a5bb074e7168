"""The figures a planner takes home: right, frozen at the deed, and the same everywhere."""

import csv
import io
from collections import Counter
from datetime import date

import openpyxl
import pytest

from portal.ballots import importing, pb
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.models import Resident, VillagerGroup
from portal.people.rules import AgeBand, Sex
from portal.statistics import frames, rules, service, wording
from portal.statistics.rules import By, FigureId
from tests.ballots.conftest import ballot, make_ballot, version, vote
from tests.ballots.test_importing import REAL, SEXES, expected_of

__all__ = ["ballot", "make_ballot", "version"]


def gathered():
    db.session.rollback()
    today = clock.today(clock.now())
    period = next(iter(rules.recent_periods(today)))
    return service.gather(period, snapshot=rules.snapshot_day(period, today))


def by(strata, field):
    counted = Counter()
    for stratum in strata:
        counted[getattr(stratum, field)] += stratum.people
    return {key: n for key, n in counted.items() if n}


def test_a_village_counted_by_hand(ballot, cast):
    """Four adults, two of whom voted: 2 / 4 take part, 2 / 4 decide."""
    with transaction():
        vote(ballot, cast.vera, 1)
        vote(ballot, cast.wang, 2)
    facts = gathered()
    assert sum(s.people for s in facts.adults) == 4
    assert (sum(s.acted for s in facts.actors), sum(s.decided for s in facts.actors)) == (2, 2)
    lines = wording.lines_of(frames.participation(facts.adults, facts.actors, ()), {})
    whole = {line.figure: line for line in lines if line.by is By.ALL}
    assert whole[FigureId.PARTICIPATION].denominator == 4


def test_what_happens_after_the_deed_changes_nothing(ballot, cast):
    with transaction():
        vote(ballot, cast.vera, 1)
    before = gathered().actors
    with transaction():
        other = VillagerGroup(number=9, name="第9组")
        db.session.add(other)
        db.session.flush()
        vera = db.session.get_one(Resident, cast.vera.resident_id)
        vera.group_id, vera.sex, vera.born_on = other.id, Sex.MALE, date(1940, 1, 1)
    assert gathered().actors == before
    assert [(s.sex, s.age_band) for s in before if s.acted] == [(Sex.FEMALE, AgeBand.FROM_30)]


def test_the_neighbour_counts_at_home_only(ballot, cast, neighbour):
    with transaction():
        vote(ballot, cast.vera, 1)
    with village_scope(neighbour.id):
        facts = gathered()
        assert sum(s.people for s in facts.adults) == 1
        assert sum(s.acted for s in facts.actors) == 0


def imported(name):
    path, expected = expected_of(name)
    with transaction():
        election = pb.read(path.name, path.read_bytes())
        done = importing.import_election(election, code=None, now=clock.now())
    return people.find_village(done.village_code), done.ballot_id, expected


@pytest.mark.parametrize("name", REAL)
def test_turnout_of_a_real_election_by_sex_and_age(app, name):
    village, ballot_id, expected = imported(name)
    with village_scope(village.id):
        electors, voters = service.gather_turnout(ballot_id)
    sexes = Counter()
    for letter, count in expected["voters_by_sex"].items():
        sexes[SEXES[letter]] += count
    for strata in (electors, voters):
        assert by(strata, "sex") == dict(sexes)
        assert by(strata, "age_band") == expected["voters_by_age_band"]


def rows_of(client, address):
    text = client.get(address + "statistics.csv").data.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(client.get(address + "statistics.xlsx").data))
    sheet = [
        [("" if c is None else str(c)) for c in row]
        for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    return list(csv.reader(io.StringIO(text))), sheet


def test_csv_xlsx_and_page_say_the_same(app, ballot, cast, browse, at):
    with transaction():
        for person in (cast.vera, cast.max, cast.sun, cast.wang):
            vote(ballot, person, 1)
    client = browse(cast.paula)
    table, sheet = rows_of(client, at("/statistics/"))
    assert [
        [str(float(c)) if c.replace(".", "", 1).isdigit() else c for c in row] for row in table
    ] == [[str(float(c)) if c.replace(".", "", 1).isdigit() else c for c in row] for row in sheet]
    page = client.get(at("/statistics/")).text
    assert "78 %" in page
    assert "15 %" in page
    assert all(row[5] in page for row in table[1:4])


def test_small_numbers_are_withheld_everywhere(app, ballot, cast, browse, at):
    """One of four voted: neither page nor file tells of whom it could be."""
    with transaction():
        vote(ballot, cast.vera, 1)
    client = browse(cast.paula)
    table, _ = rows_of(client, at("/statistics/"))
    told = [int(row[4]) for row in table[1:] if row[4].isdigit()]
    assert [n for n in told if 0 < n < 5] == []
    assert [row[4] for row in table[1:4]] == [wording.HIDDEN] * 3


@pytest.mark.parametrize("who", ["vera", "nora", "otto"])
@pytest.mark.parametrize(
    "path", ["/statistics/", "/statistics/statistics.csv", "/statistics/statistics.xlsx"]
)
def test_the_numbers_are_for_those_who_plan(cast, browse, at, who, path):
    assert browse(getattr(cast, who)).get(at(path)).status_code == 403
    assert browse(cast.paula).get(at(path)).status_code == 200
    assert browse(None).get(at("/statistics/how-we-count")).status_code == 200
