"""The monthly notices of a county in one work: progress, a kill in the middle, and no doubles."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import IntegrityError

from portal.core import clock, work
from portal.core.db import db, transaction
from portal.core.scope import all_villages, village_scope
from portal.core.work import UnitState
from portal.disclosure import county, service
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.rules import Refusal
from portal.disclosure.states import State
from portal.disclosure.stepping import Actor
from portal.people import service as people
from portal.people.models import Account
from portal.people.rules import Role

COUNT = 10
ABOVE = ("浙江省", "湖州市", "安吉县", "孝丰镇")
ROOT = Path(__file__).parents[2]
ONE_AT_A_TIME = """
import sys
from portal.app import create_app
from portal.config import Settings
from portal.core import clock, work
app = create_app(Settings(database_url=sys.argv[1], secret_key="for tests", jobs_path=sys.argv[2]))
print("ready", flush=True)
while work.do_some(app, now=clock.now(), seconds=0.01):
    print("did", flush=True)
"""


@pytest.fixture
def villages(app):
    """Ten villages of one county; the last has not asked the county, the one before no office."""
    made = []
    with transaction():
        for number in range(COUNT):
            village = people.add_village(
                code=f"3305231032{number:02}", name=f"第{number}村", above=ABOVE
            )
            made.append(village.id)
            with village_scope(village.id):
                people.add_account(name="监督", role=Role.SUPERVISOR, phone=f"135000000{number:02}")
                if number != COUNT - 2:
                    service.set_office(
                        unit=f"第{number}村村民委员会", address="甲", phone="1", email="", hours="全天",
                        county_publishes=number != COUNT - 1,
                    )  # fmt: skip
    return made


@pytest.fixture
def operator(villages):
    place = people.find_place("330523")
    with transaction(), village_scope(place.id):
        account = people.add_account(name="县运行员", role=Role.OPERATOR, phone="13411110000")
    return place, account.id


def begin(kind, operator):
    place, account_id = operator
    with transaction(), village_scope(place.id):
        return county.begin(
            kind, place, month=county.month_of("2026-01").start,
            publish_on=clock.today(clock.now()), account_id=account_id, now=clock.now(),
        ).id  # fmt: skip


def progress(operator, work_id):
    with village_scope(operator[0].id):
        return work.progress_of(work_id)[work_id]


def agree_everywhere(villages) -> None:
    """Let the supervisors of every village agree to what was handed in."""
    for village_id in villages:
        with transaction(), village_scope(village_id):
            for case in service.list_under_way():
                account = db.session.execute(
                    select(Account.id).where(Account.name == "监督")
                ).scalar_one()
                service.approve(
                    case.id, actor=Actor(account_id=account, part="supervisor"),
                    is_committee=False, now=clock.now(),
                )  # fmt: skip


def all_cases():
    with all_villages("a test counts everywhere"):
        return db.session.execute(
            select(DisclosureCase.village_id, DisclosureCase.state, DisclosureCase.number)
        ).all()


def test_they_are_made_reviewed_and_published(app, villages, operator) -> None:
    making = begin(county.MAKE, operator)
    assert work.do_some(app, now=clock.now(), seconds=60) == COUNT
    db.session.rollback()
    found = progress(operator, making)
    assert (found.total, found.done, found.skipped, found.failed) == (COUNT, 8, 2, 0)
    with village_scope(operator[0].id):
        notes = [unit.note for unit in work.list_units(making, UnitState.SKIPPED)]
    assert sorted(notes) == sorted([Refusal.COUNTY_NOT_ASKED.value, Refusal.NO_OFFICE.value])
    assert {tuple(row) for row in all_cases()} == {(v, State.REVIEW, 1) for v in villages[:8]}

    early = begin(county.PUBLISH, operator)
    work.do_some(app, now=clock.now(), seconds=60)
    db.session.rollback()
    assert progress(operator, early).done == 0  # nobody has agreed yet
    agree_everywhere(villages)
    with transaction(), village_scope(operator[0].id):
        assert work.try_again(early) == COUNT
    work.do_some(app, now=clock.now(), seconds=60)
    db.session.rollback()
    assert progress(operator, early).done == 8
    assert {tuple(row) for row in all_cases()} == {(v, State.OBJECTION, 1) for v in villages[:8]}

    again = begin(county.MAKE, operator)  # once more: everything is there already
    work.do_some(app, now=clock.now(), seconds=60)
    db.session.rollback()
    with village_scope(operator[0].id):
        notes = {unit.note for unit in work.list_units(again, UnitState.DONE)}
    assert notes == {county.NOTHING_TO_DO}
    assert len(all_cases()) == 8


def test_the_same_is_not_begun_twice_at_once(villages, operator, race) -> None:
    place, account_id = operator

    def run(_index):
        with village_scope(place.id):
            return county.begin(
                county.MAKE, place, month=county.month_of("2026-01").start,
                publish_on=clock.today(clock.now()), account_id=account_id, now=clock.now(),
            ).id  # fmt: skip

    results = race(3, run)
    assert sum(isinstance(one, int) for one in results) == 1
    assert all(isinstance(one, int | IntegrityError) for one in results)


def start(url, tmp_path):
    return subprocess.Popen(
        [sys.executable, "-c", ONE_AT_A_TIME, url, str(tmp_path / "jobs.db")],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_a_kill_in_the_middle_leaves_nothing_half_and_nothing_double(
    app, villages, operator, tmp_path
) -> None:
    """Two processes work at once; one is killed, then the other; a third does the rest."""
    making = begin(county.MAKE, operator)
    db.session.remove()
    url = app.config["SETTINGS"].database_url
    for after in (2, 5):
        with start(url, tmp_path) as process:
            for line in process.stdout:
                if line == "did\n":
                    after -= 1
                if not after:
                    break
            time.sleep(0.05)  # it is in the middle of the next one
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        found = progress(operator, making)
        assert 0 < found.waiting < COUNT
        db.session.rollback()
    pair = [start(url, tmp_path), start(url, tmp_path)]
    for process in pair:
        process.communicate()
    assert [process.returncode for process in pair] == [0, 0]
    found = progress(operator, making)
    assert (found.done, found.skipped, found.failed, found.waiting) == (8, 2, 0, 0)
    rows = [tuple(row) for row in all_cases()]
    assert sorted(rows) == sorted((village_id, State.REVIEW, 1) for village_id in villages[:8])
    engine = create_engine(url)
    with engine.connect() as connection:
        per_village = connection.execute(
            text("SELECT count(*) FROM disclosure_proof GROUP BY village_id")
        ).scalars()
        assert list(per_village) == [2] * 8
        assert connection.scalar(text("SELECT count(*) FROM disclosure_step")) == 8 * 3
    engine.dispose()
    with village_scope(operator[0].id):
        assert work.get(making).ended_at is not None


def test_the_operators_page(app, villages, operator, browse, count_queries) -> None:
    place, account_id = operator
    with village_scope(place.id):
        client = browse(SimpleNamespace(account_id=account_id, village_id=place.id))
    home = f"/v/{place.code}/desk/documents"
    day = clock.today(clock.now()).isoformat()
    data = {"month": "2026-01", "publish_on": day}
    assert client.post(f"{home}/make", data=data | {"month": "nothing"}).status_code == 422
    begun = client.post(f"{home}/make", data=data)
    assert begun.status_code == 303
    assert client.post(f"{home}/make", data=data).status_code == 409
    assert "0 / 10" in client.get(begun.location).text
    work.do_some(app, now=clock.now(), seconds=60)
    page = client.get(begun.location).text
    assert "10 / 10" in page
    assert "本村没有委托县里办理" in page
    assert "第9村" in page
    with count_queries() as one:
        client.get(f"{home}/")
    client.post(f"{home}/publish", data=data)
    client.post(f"{home}/make", data=data | {"month": "2026-02"})
    with count_queries() as three:
        client.get(f"{home}/")
    assert one.n == three.n
    assert client.post(f"{begun.location}/again").status_code == 303
    assert client.get(f"/v/{'330523103200'}/desk/documents/").status_code in (403, 404)


def test_no_unit_is_done_twice(app, villages, operator, race) -> None:
    """The claim of a unit is the last judge when two processes took the same one."""
    making = begin(county.MAKE, operator)
    with village_scope(operator[0].id):
        unit_id = work.list_units(making, UnitState.WAITING)[0].id
    results = race(3, lambda _i: work._claim(unit_id, UnitState.DONE, now=clock.now()) is not None)
    assert sorted(results) == [False, False, True]
    assert db.session.scalar(select(func.count()).select_from(DisclosureDoc)) == 0
