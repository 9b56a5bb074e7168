"""One election with its keys, made once: fourteen slips, three ballots, closed; and a village."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

import pytest

from portal.ballots import life, service
from portal.ballots.belenios import election, keys, setting_up, tool
from portal.ballots.belenios.models import BeleniosArchive
from portal.ballots.rules import Kind
from portal.ballots.states import Secrecy
from portal.core import clock
from portal.core.db import db, transaction
from portal.people.rules import Sex
from portal.roster import service as roster
from portal.roster.reading import RosterRow

PAPERS = ((1, 0, 0), (1, 0, 0), (0, 1, 0))


@dataclass(frozen=True)
class Whole:
    """All that was made on the way, so that each test begins where it wants to."""

    keys: tuple[keys.NewKey, ...]
    certificates: tuple[str, ...]
    shares: tuple[str, ...]
    received: tuple[keys.Received, ...]
    credentials: election.Credentials
    fresh: bytes
    ballots: tuple[str, ...]
    full: bytes
    closed: bytes

    def opened_by(self, *places: int) -> bytes:
        """Return the archive after these trustees, counted from 0, gave their parts."""
        archive = self.closed
        for place in places:
            secret, sealed = self.keys[place].secret, self.received[place].sealed
            part = election.decrypt(archive, secret, sealed, place + 1)
            archive = election.with_part(archive, part)
        return archive


@pytest.fixture(scope="session")
def whole() -> Whole:
    assert tool.find(), tool.ABSENT
    made = tuple(keys.make_key() for _ in range(keys.TRUSTEES))
    certificates = tuple(key.certificate for key in made)
    shares = tuple(keys.share(certificates, key.secret) for key in made)
    received = tuple(keys.receive(certificates, shares, k.secret, k.certificate) for k in made)
    threshold = keys.finish(certificates, shares, [each.output for each in received])
    credentials = election.make_credentials(14)
    question = election.Question("修“村东”那条路吗？", ("赞成", "反对", "弃权"), 1, 1)
    fresh = election.set_up(credentials.uuid, question, threshold, credentials.public)
    pairs = zip(credentials.secrets, PAPERS, strict=False)
    ballots = tuple(election.seal(fresh, secret, paper) for secret, paper in pairs)
    full = election.with_ballots(fresh, sorted(ballots))
    closed = election.close(full)
    return Whole(made, certificates, shares, received, credentials, fresh, ballots, full, closed)


@pytest.fixture
def many(cast):
    """Ten electors at least, as a secret vote wants."""
    rows = [
        RosterRow(f"1{n:02}", 3, f"村民{n}", Sex.FEMALE, date(1980, 1, 1), None, True, True, False)
        for n in range(8)
    ]
    with transaction():
        roster.import_roster(rows, now=clock.now())
    return cast


@pytest.fixture
def draft(many, version):
    """A drafted ballot of high stakes, on a yes/no question."""
    now = clock.now()
    with transaction():
        ballot = service.draft_ballot(
            service.Draft(
                version_id=version.id,
                question="同意征用村东的地吗?",
                kind=Kind.YES_NO,
                profile_code="consultative",
                secrecy=Secrecy.BELENIOS,
                opens_at=now - timedelta(hours=1),
                closes_at=now + timedelta(hours=1),
            ),
            now=now - timedelta(days=20),
        )
    return ballot.id


@pytest.fixture
def box(whole, draft, many):
    """The drafted ballot, announced and open, with the box of the election above."""
    now = clock.now()
    with transaction():
        setting_up.keep_credentials(
            draft, whole.credentials, electors=12, account_id=many.sun.account_id, now=now
        )
        db.session.add(
            BeleniosArchive(
                ballot_id=draft,
                fresh=whole.fresh,
                content=whole.fresh,
                content_sha256=sha256(whole.fresh).hexdigest(),
            )
        )
        life.locked(draft).public_key = "0" * 64
    with transaction():
        service.announce_drafted(draft, now=now - timedelta(hours=3))
        service.open_ballot(draft, now=now - timedelta(minutes=59))
    return draft
