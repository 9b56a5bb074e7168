"""The rosters of a county go in all together, or not at all; whatever happens in between."""

import csv
import io
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import func, select

from bench.county import HEADS, make_people, unique, village_codes
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import all_villages, village_scope
from portal.people import residents
from portal.people import service as people
from portal.people.models import Household, Resident
from portal.roster.models import RosterChange, RosterImport

from .conftest import UnderWay, ports

ROOT = Path(__file__).parents[2]
VILLAGES = village_codes(3)


@pytest.fixture
def county(app):
    """Three empty villages."""
    with transaction():
        for code in VILLAGES:
            people.add_village(code=code, name=f"村{code[-3:]}")
    db.session.remove()


def rows(count=30):
    return list(unique(make_people(count, len(VILLAGES), seed=3)))


def written(path, lines):
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, line in enumerate([HEADS, *lines]):
                sheet.write_row(number, 0, line)
        return path
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADS, *lines])
    path.write_text(text.getvalue(), "utf-8")
    return path


def counts():
    db.session.rollback()
    with all_villages("the test counts everybody"):
        return {
            model.__name__: db.session.scalar(select(func.count(model.id)))
            for model in (Resident, Household, RosterChange, RosterImport)
        }


NOBODY = {"Resident": 0, "Household": 0, "RosterChange": 0, "RosterImport": 0}


def run(app, *args):
    result = app.test_cli_runner().invoke(args=["roster", "import-county", *map(str, args)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_county_goes_in(app, county, tmp_path, kind):
    path = written(tmp_path / f"county.{kind}", rows())
    result = run(app, path)
    assert "added 30, changed 0, left 0 in 3 villages: 30 residents" in result.output
    found = counts()
    assert (found["Resident"], found["RosterChange"], found["RosterImport"]) == (30, 30, 3)
    first = people.find_village(VILLAGES[0])
    with village_scope(first.id):
        _lines, total = residents.list_residents()
        assert total == 10
        (done,) = db.session.scalars(select(RosterImport))
        assert (done.added_count, done.rows, done.filename) == (10, [], path.name)
    again = run(app, path)
    assert "added 0, changed 0, left 0 in 3 villages" in again.output
    assert counts() == found


def test_a_dry_run_writes_nothing(app, county, tmp_path):
    result = run(app, written(tmp_path / "county.csv", rows()), "--dry-run")
    assert "would be added 30, changed 0, left 0 in 3 villages" in result.output
    assert counts() == NOBODY


def test_who_is_missing_has_left_only_where_it_is_said(app, county, tmp_path):
    run(app, written(tmp_path / "county.csv", rows()))
    fewer = written(tmp_path / "fewer.csv", rows()[1:])
    assert "left 0" in run(app, fewer).output
    assert "left 1" in run(app, fewer, "--whole").output


def spoil(line, **changes):
    places = {"code": 0, "household": 1, "name": 3, "id": 5, "born": 6}
    spoiled = list(line)
    for key, value in changes.items():
        spoiled[places[key]] = value
    return spoiled


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: [*r[:15], spoil(r[15], name=""), *r[16:]], "row 17, column D"),
        (lambda r: [*r[:15], spoil(r[15], code=""), *r[16:]], "row 17, column A"),
        (
            lambda r: [*r[:15], spoil(r[15], code="330523999999"), *r[16:]],
            "row 17, village 330523999999: there is no village",
        ),
        (
            lambda r: [*r, spoil(r[0], name="甲乙", household="0099", id="", born="")],
            "stand together",
        ),
        (lambda r: [*r[:-1], spoil(r[-1], born="2999-01-01", id="")], "row 31, column G"),
    ],
    ids=["row", "no-village", "unknown-village", "scattered", "last-row"],
)
def test_one_fault_anywhere_and_nothing_goes_in(app, county, tmp_path, change, words):
    result = run(app, written(tmp_path / "county.csv", change(rows())))
    assert result.exit_code == 1
    assert words in result.output
    assert "Nothing was imported." in result.output
    assert counts() == NOBODY


def test_no_village_with_a_ballot_under_way_is_changed(app, county, tmp_path):
    joined = list(ports._answers)
    ports.answer(UnderWay())
    try:
        result = run(app, written(tmp_path / "county.csv", rows()))
    finally:
        ports._answers[:] = joined
    assert result.exit_code == 1
    assert "a ballot is under way" in result.output
    assert counts() == NOBODY


KILLED = """
import os, signal, sys
from pathlib import Path
from portal.app import create_app
from portal.config import Settings
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.open_sheets import COUNTY
from portal.people.models import Resident
from portal.roster.county import County
from portal.roster.reading import RosterFile

url, jobs, path = sys.argv[1:]
app = create_app(Settings(database_url=url, jobs_path=Path(jobs), secret_key="for tests"))
with app.app_context(), Path(path).open("rb") as source, transaction():
    now = clock.now()
    file = RosterFile("county.csv", source, day=clock.today(now), limits=COUNTY)
    for number, village in enumerate(County(file, "", now), start=1):
        print(village.added, flush=True)
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_half_way_nothing_is_left(app, database, county, tmp_path, request):
    """Two of three villages are written when the process dies; nobody of them is there afterwards."""
    path = written(tmp_path / "county.csv", rows(300))
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, url, tmp_path / "more.db", path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout.split()) == (-signal.SIGKILL, ["100", "100"]), done.stderr
    assert counts() == NOBODY
    result = run(app, path)
    assert "added 300" in result.output
    assert counts()["Resident"] == 300


def test_a_county_takes_a_bounded_number_of_queries_for_each_village(
    app, county, tmp_path, count_queries
):
    counted = []
    for count in (30, 300):
        with count_queries() as queries:
            run(app, written(tmp_path / "county.csv", rows(count)), "--dry-run")
        counted.append(queries.n)
    assert counted[0] == counted[1]


def test_the_time_of_the_import_is_kept(app, county, tmp_path):
    run(app, written(tmp_path / "county.csv", rows()))
    with all_villages("the test reads everybody"):
        latest = db.session.scalar(select(func.max(RosterChange.done_at)))
    assert clock.now() - latest < timedelta(minutes=1)
