"""One election with its keys, made once: four slips, three ballots, closed."""

from dataclasses import dataclass

import pytest

from portal.ballots.belenios import election, keys, tool

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
    credentials = election.make_credentials(4)
    question = election.Question("修“村东”那条路吗？", ("赞成", "反对", "弃权"), 1, 1)
    fresh = election.set_up(credentials.uuid, question, threshold, credentials.public)
    pairs = zip(credentials.secrets, PAPERS, strict=False)
    ballots = tuple(election.seal(fresh, secret, paper) for secret, paper in pairs)
    full = election.with_ballots(fresh, sorted(ballots))
    closed = election.close(full)
    return Whole(made, certificates, shares, received, credentials, fresh, ballots, full, closed)
