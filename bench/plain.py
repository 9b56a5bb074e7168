"""Made-up villages with a plan and electors in them and nothing else, as many as are wanted."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from bench import polls, village
from bench.county import village_codes
from bench.polls import OpenBallot
from bench.village import Village
from portal.app import create_app
from portal.config import Settings
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.rules import Sex
from portal.plans import service as plans
from portal.roster import service as roster
from portal.roster.reading import RosterRow


def prepare(
    folder: Path,
    url: str,
    *,
    villages: int,
    electors: int,
    named: int = 0,
    sealed: int = 0,
    voters: int | None = None,
) -> list[Village]:
    """Make villages, open ballots in each, and sign the voters in: everybody, or so many of each.

    Where many villages are made, every other one votes sealed: `named` or `sealed` are then of one.
    """
    environment = {
        "PORTAL_DATABASE_URL": url,
        "PORTAL_JOBS_PATH": str(folder / "jobs.db"),
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(48),
        "PORTAL_STREAMS": "pages",
    }
    app = create_app(
        Settings(
            database_url=url,
            jobs_path=folder / "jobs.db",
            secret_key=environment["PORTAL_SECRET_KEY"],
        )
    )
    made = []
    with app.app_context():
        upgrade()
        for number, code in enumerate(village_codes(villages)):
            kinds = (named, sealed) if villages == 1 else ((named, 0), (0, sealed))[number % 2]
            made.append(_settle(code, electors, kinds, voters))
        db.session.remove()
        db.engine.dispose()
    return [_ready(app, environment, place) for place in made]


@dataclass
class Place:
    """A village as it was made: its ballots, and the tokens of those who vote."""

    id: int
    code: str
    version_id: int
    ballots: list[OpenBallot]
    tokens: dict[int, str]


def _settle(code: str, electors: int, kinds: tuple[int, int], voters: int | None) -> Place:
    now = clock.now()
    with transaction():
        place = people.add_village(code=code, name=f"{code[-3:]}村(示例)", is_synthetic=True)
    with village_scope(place.id):
        with transaction():
            roster.import_roster(list(_roster(electors, number=int(code[-6:]))), now=now)
        with transaction():
            plan = plans.create_plan(name="村庄规划", base_year=2026, target_year=2035, now=now)
            version_id = plans.publish_decided(plan.id, now=now).id
        with transaction():
            waiting = [polls.open_named(version_id) for _ in range(kinds[0])]
            waiting += [polls.open_sealed(version_id) for _ in range(kinds[1])]
        with transaction():
            tokens = village.start_sessions(village.list_electors(waiting[0].id)[:voters])
    return Place(place.id, code, version_id, waiting, tokens)


def _ready(app: Flask, environment: dict[str, str], place: Place) -> Village:
    """Sign everybody in; outside of any context, since each has a form token of their own."""
    with app.test_request_context():
        opened = [polls.addressed(ballot, place.code) for ballot in place.ballots]
    signed_in = [village.sign_in(app, who, token) for who, token in place.tokens.items()]
    plan_address = f"/v/{place.code}/plans/{place.version_id}"
    return Village(app, environment, place.id, plan_address, signed_in, opened)


def _roster(electors: int, *, number: int) -> Iterator[RosterRow]:
    """Return grown-up people, three to a household; nobody of two villages has one phone."""
    for n in range(electors):
        yield RosterRow(
            f"{n // 3:04d}",
            1 + n // 3 % 8,
            f"村民{n:04d}",
            (Sex.FEMALE, Sex.MALE)[n % 2],
            date(1950, 1, 1) + timedelta(days=n * 17 % 18_000),
            f"13{number % 100_000:05d}{n:04d}",
            n % 3 == 0,
            True,
            False,
        )
