"""Secret votes that were no secret, or were lost, at others (trust.md §3); each test is seen to fail.

Who tries to find out who chose what, by every trace there is, stands in
`tests/ballots/test_secrecy.py`.
"""

from itertools import combinations

import pytest
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    func,
    inspect,
    select,
)

from portal.ballots import casting, ceremony, sealing, urn, urn_closing
from portal.ballots.models import BallotChoice
from portal.ballots.urn_models import Urn
from portal.ballots.urn_rules import UrnRefusal
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from tests.ballots.conftest import ballot, make_ballot, version, vote
from tests.ballots.sealed_village import add_people, open_sealed
from tests.ballots.test_urn import HOUR, counts, drop_the_urns_key
from tests.peer.guards import without

pytestmark = pytest.mark.new_files

__all__ = ["ballot", "make_ballot", "version"]


@pytest.fixture
def electors(cast):
    return add_people(12)


@pytest.fixture
def sealed(electors, version, village):
    """An open secret vote of a dozen electors and more."""
    now = clock.now()
    return open_sealed(
        version, village, opens_at=now - HOUR, closes_at=now + HOUR, now=now - 20 * 24 * HOUR
    )


def put_in(sealed, electors):
    """Let everybody vote, each in a transaction; return the digests in the order of the casts."""
    digests = []
    for resident_id in electors:
        with transaction():
            digests.append(sealed.cast(resident_id, sealed.envelope(1, 0, 0)).ballot_sha256)
    return digests


# --- P43, P45: order, time and name beside the paper -----------------------------------------------


def as_they_lie():
    """Return the envelopes in the order in which the database has them."""
    place = "ctid" if db.engine.dialect.name == "postgresql" else "rowid"
    rows = db.session.connection().exec_driver_sql(
        "SELECT ballot_sha256 FROM urn ORDER BY " + place
    )
    return list(rows.scalars())


def in_order_of_digests(digests):
    if db.engine.dialect.name == "sqlite" and has_no_place():
        return True
    return as_they_lie() == sorted(digests)


def has_no_place():
    """Tell whether the rows have no number of their own, so that they lie in the key's order."""
    made = "SELECT sql FROM sqlite_master WHERE name = 'urn'"
    return "WITHOUT ROWID" in db.session.connection().exec_driver_sql(made).scalar_one()


def test_p43_the_urn_does_not_keep_the_order_of_the_votes(sealed, electors):
    digests = put_in(sealed, electors)
    with village_scope(sealed.village_id), transaction():
        assert urn_closing.settle(sealed.ballot_id, now=clock.now() + 2 * HOUR)
    assert in_order_of_digests(digests)


def test_p43_without_the_closing_the_order_is_there(sealed, electors):
    """The positive control: a plain table that nobody puts in order names the last voter."""
    drop_the_urns_key()
    with without(urn, "_put", plainly):
        digests = put_in(sealed, electors)
    with without(urn_closing, "rewrite", lambda _ballot: None), transaction():
        assert urn_closing.settle(sealed.ballot_id, now=clock.now() + 2 * HOUR)
    assert as_they_lie() == digests
    assert not in_order_of_digests(digests)


def plainly(**values):
    """Put an envelope in where no key judges."""
    db.session.execute(Urn.__table__.insert(), values)
    return True


def traces(table):
    """Return by what a row of this table could be told: people, time, number, or free words."""
    found = set()
    for column in table.columns:
        found |= {f"{column.name} names {key.column.table}" for key in column.foreign_keys}
        if isinstance(column.type, DateTime):
            found.add(f"{column.name} tells when")
        if isinstance(column.type, Integer) and not column.foreign_keys:
            found.add(f"{column.name} tells the order")
    return found


PLAIN = {"village_id names region", "ballot_id names ballot"}


def test_p45_nothing_stands_beside_the_envelope(app):
    assert traces(Urn.__table__) == PLAIN
    there = {column["name"] for column in inspect(db.engine).get_columns("urn")}
    assert there == {"village_id", "ballot_id", "ballot_sha256", "ciphertext"}
    people = Table("resident", MetaData(), Column("id", Integer, primary_key=True))
    naive = Table(
        "vote",
        people.metadata,
        Column("id", Integer, primary_key=True),
        Column("voter", ForeignKey("resident.id")),
        Column("made_at", DateTime),
        Column("ballot_sha256", String),
    )
    assert traces(naive) == {"id tells the order", "voter names resident", "made_at tells when"}
    assert traces(BallotChoice.__table__) - PLAIN  # a vote with names says whose it is


# --- P46: a ballot copied from another -------------------------------------------------------------


def test_p46_a_copied_envelope_is_refused_and_its_voter_still_votes(sealed, electors):
    envelope = sealed.envelope(1, 0, 0)
    with transaction():
        sealed.cast(electors[0], envelope)
    with pytest.raises(Refused) as refused, transaction():
        sealed.cast(electors[1], envelope)
    assert refused.value.reason is UrnRefusal.COPIED
    assert counts() == [1, 1, 1]
    with transaction():
        sealed.cast(electors[1], sealed.envelope(0, 1, 0))
    assert counts() == [2, 2, 2]
    drop_the_urns_key()
    with without(urn, "_put", plainly), transaction():
        for resident_id in electors[2:4]:
            sealed.cast(resident_id, envelope)
    copies = select(func.count()).where(Urn.ballot_sha256 == sealing.digest(envelope))
    assert db.session.scalar(copies) > 1


def given_out(browse, readers, at, sealed, shown):
    """Return which pages of a ballot give one of these texts out."""
    pages = ("", "/sealed", "/result", "/roll", "/archive", "/life", "/opening")
    found = set()
    for reader in readers:
        for page in pages:
            answer = browse(reader).get(at(f"/ballots/{sealed.ballot_id}{page}"))
            if any(text in answer.data for text in shown):
                found.add(page)
    return found


def test_p46_no_envelope_is_public_before_the_close(sealed, electors, browse, at, cast):
    envelope = sealed.envelope(1, 0, 0)
    with transaction():
        digest = sealed.cast(electors[0], envelope).ballot_sha256.encode()
    shown = (envelope, envelope.hex().encode(), digest)
    readers = (None, cast.vera, cast.max, cast.sun, cast.ada)
    assert given_out(browse, readers, at, sealed, shown) == set()
    mine = {"receipt": lambda _ballot, _who: urn.receipt_of(sealed.ballot, digest.decode())}
    with transaction():
        sealed.cast(cast.vera.resident_id, sealed.envelope(0, 1, 0))
    with without(urn, "find_own_receipt", mine["receipt"]):
        assert given_out(browse, (cast.vera,), at, sealed, shown) == {"/sealed"}


# --- P47: the right to vote used up before the vote was checked ------------------------------------


class CutOffError(Exception):
    """The power fails."""


def cut(*_args, **_facts):
    raise CutOffError


def cut_off(sealed, resident_id, envelope):
    """Cut a cast off at each step, and before its end; return what was left each time."""
    left = []
    for place, step in ((casting, "enter_turnout"), (urn, "_put"), (urn, "_key_digest")):
        with without(place, step, cut), pytest.raises(CutOffError), transaction():
            sealed.cast(resident_id, envelope)
        left.append(counts())
    with pytest.raises(CutOffError), transaction():
        sealed.cast(resident_id, envelope)
        raise CutOffError
    return [*left, counts()]


def test_p47_a_cast_that_is_cut_off_is_counted_or_can_be_sent_again(sealed, electors):
    envelope = sealed.envelope(1, 0, 0)
    assert cut_off(sealed, electors[0], envelope) == [[0, 0, 0]] * 4
    receipts = []
    for _ in range(2):  # the answer of the first was lost
        with transaction():
            receipts.append(sealed.cast(electors[0], envelope))
    assert receipts[0] == receipts[1]
    assert counts() == [1, 1, 1]
    enter = casting.enter_turnout

    def at_once(*facts, **more):
        made = enter(*facts, **more)
        db.session.commit()
        return made

    burnt = without(casting, "enter_turnout", at_once)  # before the vote is in
    with burnt, without(urn, "_put", cut), pytest.raises(CutOffError), transaction():
        sealed.cast(electors[1], sealed.envelope(1, 0, 0))
    with pytest.raises(Refused), transaction():
        sealed.cast(electors[1], sealed.envelope(1, 0, 0))
    assert counts() == [2, 1, 1]


def test_p47_a_vote_with_names_that_is_cut_off_is_sent_again(ballot, cast):
    number = ballot.id
    with without(casting, "mark", cut), pytest.raises(CutOffError), transaction():
        vote(ballot, cast.vera, 1)
    assert counts()[0] == 0
    with transaction():
        first = vote(db.session.get(type(ballot), number), cast.vera, 1).code
    with transaction():
        assert vote(db.session.get(type(ballot), number), cast.vera, 1).code == first
    assert counts()[0] == 1


# --- P51: a lost key -------------------------------------------------------------------------------


def opens(sealed, shares):
    """Tell whether these shares open the urn; what they open is put back."""
    try:
        with village_scope(sealed.village_id):
            found = ceremony.open_urn(sealed.ballot_id, shares, now=clock.now() + 2 * HOUR)
        return found.papers == {(1, 0, 0): 12}
    except sealing.WrongShare:
        return False
    finally:
        db.session.rollback()


def test_p51_with_one_share_destroyed_the_urn_still_opens(
    electors, version, village, sealed, monkeypatch
):
    put_in(sealed, electors)
    with village_scope(sealed.village_id), transaction():
        urn_closing.settle(sealed.ballot_id, now=clock.now() + 2 * HOUR)
    assert all(opens(sealed, list(kept)) for kept in combinations(sealed.words, 2))
    assert not any(opens(sealed, [one]) for one in sealed.words)
    monkeypatch.setattr(sealing, "NEEDED", 3)  # all three needed: one lost, and all is lost
    now = clock.now()
    with village_scope(village.id):
        strict = open_sealed(
            version, village, opens_at=now - HOUR, closes_at=now + HOUR, now=now - 20 * 24 * HOUR
        )
    put_in(strict, electors)
    with village_scope(village.id), transaction():
        urn_closing.settle(strict.ballot_id, now=clock.now() + 2 * HOUR)
    assert not any(opens(strict, list(kept)) for kept in combinations(strict.words, 2))
