"""The village that the measurements meet: the demonstration village in a directory of its own.

Every elector is signed in beforehand, each with a session, a form token and an idempotency key of
their own, so that what is measured is casting a vote and nothing else. Ballots beyond those of
the demonstration are announced and opened through the portal's own service, one per round.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, session, url_for
from flask.testing import FlaskClient
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, select

from bench.load import Answers, drive, request_bytes
from portal import demo
from portal.app import create_app
from portal.ballots import service as ballots
from portal.ballots.models import BallotChoice, BallotElector, BallotOption, Turnout
from portal.ballots.rules import Kind
from portal.config import Settings
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import service as people
from portal.plans import service as plans
from portal.sign_in import service as signing_in


@dataclass(frozen=True)
class Elector:
    """Somebody who is signed in and about to vote."""

    cookies: dict[str, str]
    form_token: str


@dataclass(frozen=True)
class OpenBallot:
    """A ballot that waits for votes: where they are sent, and what they say."""

    id: int
    address: str
    option_id: int


@dataclass
class Village:
    """What is ready to be measured."""

    app: Flask
    environment: dict[str, str]
    id: int
    plan_address: str
    electors: list[Elector]
    ballots: list[OpenBallot]
    acknowledged: dict[int, int] = field(default_factory=dict)
    vote_status: str = "303"

    @property
    def elector_count(self) -> int:
        """How many votes one round has."""
        return len(self.electors)

    @property
    def anonymous(self) -> bytes:
        """Ask for the plan page as a stranger."""
        return request_bytes("GET", self.plan_address)

    @property
    def signed_in(self) -> bytes:
        """Ask for the plan page as a villager."""
        return request_bytes(
            "GET", self.plan_address, headers={"Cookie": _joined(self.electors[0].cookies)}
        )

    def vote(self, port: int) -> Answers:
        """Let every elector vote once, in a ballot where nobody has voted yet."""
        ballot = next(b for b in self.ballots if b.id not in self.acknowledged)
        requests = [
            request_bytes(
                "POST",
                ballot.address,
                headers={"Cookie": _joined(elector.cookies)},
                body=urlencode(paper(ballot, elector)).encode("ascii"),
            )
            for elector in self.electors
        ]
        answers = drive(port, requests, seconds=None)
        self.acknowledged[ballot.id] = len(answers.answered)
        return answers

    def check_votes(self) -> None:
        """Compare what was acknowledged with what is kept. Raises ``RuntimeError``."""
        with self.app.app_context(), village_scope(self.id):
            for ballot_id, acknowledged in self.acknowledged.items():
                kept = db.session.scalar(select(func.count()).where(Turnout.ballot_id == ballot_id))
                electors = db.session.scalar(
                    select(func.count(Turnout.resident_id.distinct())).where(
                        Turnout.ballot_id == ballot_id
                    )
                )
                ticks = db.session.scalar(
                    select(func.count()).where(BallotChoice.ballot_id == ballot_id)
                )
                if not acknowledged == kept == electors == ticks:
                    raise RuntimeError(
                        f"ballot {ballot_id}: {acknowledged} votes acknowledged, {kept} kept, "
                        f"of {electors} electors, with {ticks} ticks"
                    )

    def sender(self, page: str) -> Callable[[], object]:
        """Give a call that sends one request through the test client, for profiles."""
        if page == "vote":
            queue = [(b, e) for b in self.ballots for e in self.electors]
            return lambda: self._vote_by_hand(*queue.pop())
        client = self.app.test_client()
        if page == "plan-signed-in":
            _sign_in(client, self.electors[0])
        return lambda: _expect(client.get(self.plan_address).status_code, 200)

    def _vote_by_hand(self, ballot: OpenBallot, elector: Elector) -> None:
        client = self.app.test_client()
        _sign_in(client, elector)
        answer = client.post(ballot.address, data=paper(ballot, elector))
        _expect(answer.status_code, int(self.vote_status))


def paper(ballot: OpenBallot, elector: Elector) -> dict[str, str]:
    """Fill in a ballot paper, under a key of its own."""
    return {
        "csrf_token": elector.form_token,
        "key": secrets.token_urlsafe(24),
        "chosen": str(ballot.option_id),
    }


def prepare(folder: Path, *, seed: int, ballots: int) -> Village:
    """Load the demonstration village, open the ballots, and sign every elector in."""
    environment = {
        "PORTAL_DATABASE_URL": f"sqlite:///{folder / 'portal.db'}",
        "PORTAL_JOBS_PATH": str(folder / "jobs.db"),
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(48),
        "PORTAL_STREAMS": "pages",
    }
    app = create_app(
        Settings(
            database_url=environment["PORTAL_DATABASE_URL"],
            jobs_path=folder / "jobs.db",
            secret_key=environment["PORTAL_SECRET_KEY"],
        )
    )
    now = clock.now()
    with app.app_context():
        upgrade()
        demo.load(app.extensions["demo_loaders"], now=now, seed=seed)
        found = people.find_village(demo.CODE)
        assert found is not None
        with village_scope(found.id):
            version = plans.find_current_version()
            assert version is not None
            with transaction():
                waiting = [_open_ballot(version.id, number) for number in range(1, ballots + 1)]
                residents = list(
                    db.session.scalars(
                        select(BallotElector.resident_id)
                        .where(BallotElector.ballot_id == waiting[0][0])
                        .order_by(BallotElector.resident_id)
                    )
                )
                tokens = [
                    signing_in.start_session(people.account_of(resident_id).id, now=now, days=1)
                    for resident_id in residents
                ]
            version_id = version.id
        db.session.remove()
    with app.test_request_context():
        plan_address = url_for("plans.show", village_code=demo.CODE, version_id=version_id)
        opened = [
            OpenBallot(
                ballot_id,
                url_for("ballots.cast", village_code=demo.CODE, ballot_id=ballot_id),
                option_id,
            )
            for ballot_id, option_id in waiting
        ]
    electors = [_elector(app, token) for token in tokens]
    return Village(app, environment, found.id, plan_address, electors, opened)


def _open_ballot(version_id: int, number: int) -> tuple[int, int]:
    """Announce and open a yes/no ballot; give its id and the id of its first option."""
    announced_at = clock.now() - timedelta(days=2)
    ballot = ballots.announce_ballot(
        ballots.Draft(
            version_id=version_id,
            question=f"测量用投票第{number}次：同意先修村口的桥吗？",
            kind=Kind.YES_NO,
            profile_code="consultative",
            opens_at=announced_at + timedelta(hours=1),
            closes_at=announced_at + timedelta(days=30),
        ),
        now=announced_at,
    )
    ballots.open_ballot(ballot.id, now=clock.now())
    option_id = db.session.scalar(
        select(BallotOption.id)
        .where(BallotOption.ballot_id == ballot.id)
        .order_by(BallotOption.position)
        .limit(1)
    )
    assert option_id is not None
    return ballot.id, option_id


def _elector(app: Flask, token: str) -> Elector:
    """Give somebody the cookies and the form token that a browser would hold by now."""
    with app.test_request_context():
        form_token = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        kept = serializer.dumps(dict(session))
    cookies = {app.config["SIGN_IN_COOKIE"]: token, app.config["SESSION_COOKIE_NAME"]: kept}
    return Elector(cookies, form_token)


def _sign_in(client: FlaskClient, elector: Elector) -> None:
    for name, value in elector.cookies.items():
        client.set_cookie(name, value)


def _joined(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"wanted {wanted}, and got {status}")
