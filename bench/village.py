"""The village that the measurements meet: the demonstration village in a directory of its own.

Every elector is signed in beforehand, each with a session, a form token and an idempotency key of
their own, so that what is measured is casting a vote and nothing else. Ballots beyond those of
the demonstration (`polls.py`) are announced and opened through the portal's own service.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, session, url_for
from flask.testing import FlaskClient
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, select

from bench import polls, saying
from bench.load import Answers, drive, request_bytes
from bench.polls import Elector, OpenBallot
from portal import demo
from portal.app import create_app
from portal.ballots.models import BallotElector, Turnout
from portal.config import Settings
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import service as people
from portal.plans import service as plans
from portal.privacy import service as privacy
from portal.rooms import service as rooms
from portal.sign_in import service as signing_in


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
    opinions: str = ""
    room: str = ""
    said: dict[str, int] = field(default_factory=dict)

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
        return request_bytes("GET", self.plan_address, headers={"Cookie": self.electors[0].cookie})

    def vote(self, port: int, *, is_sealed: bool = False) -> Answers:
        """Let every elector vote once, in a ballot where nobody has voted yet."""
        ballot = next(
            b for b in self.ballots if b.id not in self.acknowledged and b.is_sealed is is_sealed
        )
        papers = (polls.paper(ballot, elector) for elector in self.electors)
        requests = [
            polls.request(ballot, elector, paper)
            for elector, paper in zip(self.electors, papers, strict=True)
        ]
        answers = drive(port, requests, seconds=None)
        self.acknowledged[ballot.id] = len(answers.answered)
        return answers

    def say(self, port: int, address: str) -> Answers:
        """Let every elector say something: an opinion, or a message in the room."""
        requests = [saying.request(address, elector) for elector in self.electors]
        answers = drive(port, requests, seconds=None)
        self.said[address] += len(answers.answered)
        return answers

    def check_said(self) -> None:
        """Compare what was acknowledged with what is kept. Raises ``RuntimeError``."""
        with self.app.app_context(), village_scope(self.id):
            saying.check(self.said[self.opinions], self.said[self.room])

    def check_votes(self) -> None:
        """Compare what was acknowledged with what is kept. Raises ``RuntimeError``."""
        with self.app.app_context(), village_scope(self.id):
            for ballot_id, acknowledged in self.acknowledged.items():
                ballot = next(b for b in self.ballots if b.id == ballot_id)
                kept, electors = db.session.execute(
                    select(func.count(), func.count(Turnout.resident_id.distinct())).where(
                        Turnout.ballot_id == ballot_id
                    )
                ).one()
                papers = polls.count_papers(ballot)
                if not acknowledged == kept == electors == papers:
                    raise RuntimeError(
                        f"ballot {ballot_id}: {acknowledged} votes acknowledged, {kept} kept, "
                        f"of {electors} electors, with {papers} papers"
                    )

    def sender(self, page: str) -> Callable[[], object]:
        """Give a call that sends one request through the test client, for profiles."""
        if page in ("vote", "vote-sealed"):
            wanted = [b for b in self.ballots if b.is_sealed is (page == "vote-sealed")]
            queue = [(b, e) for b in wanted for e in self.electors]
            return lambda: self._vote_by_hand(*queue.pop())
        if page in ("opinion", "message"):
            address = self.opinions if page == "opinion" else self.room
            speakers = [elector for _ in range(4) for elector in self.electors]
            return lambda: self._say_by_hand(address, speakers.pop())
        client = self.app.test_client()
        if page == "plan-signed-in":
            _sign_in(client, self.electors[0])
        return lambda: _expect(client.get(self.plan_address).status_code, 200)

    def _say_by_hand(self, address: str, elector: Elector) -> None:
        client = self.app.test_client()
        _sign_in(client, elector)
        answer = client.post(address, data=saying.paper(elector), headers={"X-Chat": "1"})
        _expect(answer.status_code, 302 if address == self.opinions else 201)

    def _vote_by_hand(self, ballot: OpenBallot, elector: Elector) -> None:
        client = self.app.test_client()
        _sign_in(client, elector)
        answer = client.post(ballot.address, data=polls.paper(ballot, elector))
        _expect(answer.status_code, int(ballot.status))


def prepare(
    folder: Path, *, seed: int, ballots: int, sealed: int = 0, url: str | None = None
) -> Village:
    """Load the demonstration village, open so many ballots, and sign every elector in.

    Without an address the database is a SQLite file in the folder.
    """
    environment = {
        "PORTAL_DATABASE_URL": url or f"sqlite:///{folder / 'portal.db'}",
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
                waiting = [polls.open_named(version.id) for _ in range(ballots)]
                waiting += [polls.open_sealed(version.id) for _ in range(sealed)]
            with transaction():
                tokens = start_sessions(list_electors(waiting[0].id))
            version_id = version.id
            room = rooms.find_room()
            assert room is not None
            room_id = room.id
            opinions, messages = saying.count()
        db.session.remove()
        db.engine.dispose()
    with app.test_request_context():
        plan_address = url_for("plans.show", village_code=demo.CODE, version_id=version_id)
        here = {"village_code": demo.CODE}
        opinions_at = url_for("discussion.post", version_id=version_id, **here)
        room_at = url_for("rooms.send", room_id=room_id, **here)
        opened = [polls.addressed(ballot, demo.CODE) for ballot in waiting]
    electors = [sign_in(app, resident_id, token) for resident_id, token in tokens.items()]
    return Village(
        app,
        environment,
        found.id,
        plan_address,
        electors,
        opened,
        opinions=opinions_at,
        room=room_at,
        said={opinions_at: opinions, room_at: messages},
    )


def list_electors(ballot_id: int) -> list[int]:
    """Return who may vote."""
    query = select(BallotElector.resident_id).where(BallotElector.ballot_id == ballot_id)
    return list(db.session.scalars(query.order_by(BallotElector.resident_id)))


def start_sessions(residents: Iterable[int]) -> dict[int, str]:
    """Start a session for each of these, who have read the privacy notice; return their tokens."""
    now, tokens = clock.now(), {}
    for resident_id in residents:
        account = people.account_of(resident_id)
        tokens[resident_id] = signing_in.start_session(account.id, now=now, days=1)
        privacy.note_seen(account.id, now=now)
    return tokens


def sign_in(app: Flask, resident_id: int, token: str) -> Elector:
    """Give somebody the cookies and the form token that a browser would hold by now."""
    with app.test_request_context():
        form_token = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        kept = serializer.dumps(dict(session))
    cookies = {app.config["SIGN_IN_COOKIE"]: token, app.config["SESSION_COOKIE_NAME"]: kept}
    return Elector(resident_id, cookies, form_token, app.config["SECRET_KEY"])


def _sign_in(client: FlaskClient, elector: Elector) -> None:
    for name, value in elector.cookies.items():
        client.set_cookie(name, value)


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"wanted {wanted}, and got {status}")
