"""Nowhere in the house is a whole ID number kept: not in a table, not in a log, not in a session."""

import logging
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.core.db import Base, db
from portal.people.models import Resident
from portal.people.rules import id_check_character
from portal.roster import known
from portal.roster.models import RosterImport

from .conftest import HEADS, LI, but


def numbered(digits: str) -> str:
    return digits + id_check_character(digits)


PLANTED = [numbered(f"33052319900131{n:03d}") for n in (120, 122, 124)]


def everything(app, database) -> bytes:
    """Return all that the database holds: the file itself, or each column of each table."""
    if database == "sqlite":
        path = Path(db.engine.url.database)
        db.session.remove()
        return b"".join(p.read_bytes() for p in path.parent.glob(path.name + "*"))
    found = []
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execution_options(village_checked=True).execute(select(table))
            found += [repr(tuple(row)) for row in rows]
    return "\n".join(found).encode()


def test_no_whole_id_number_is_kept(app, database, cast, browse, at, hand_in, put_in, caplog):
    caplog.set_level(logging.DEBUG)
    client = browse(cast.max)
    rows = [
        [*but(LI, name=name, head="否"), number]
        for name, number in zip("甲乙丙", PLANTED, strict=True)
    ]
    page = hand_in(client, *rows, heads=[*HEADS, "身份证号"])
    assert page.status_code == 200
    kept = everything(app, database)
    assert known.digest_id(PLANTED[0]).encode() in kept  # it waits, under its digest
    assert [n for n in PLANTED if n.encode() in kept] == []
    assert [n for n in PLANTED if n in page.text] == []
    put_in(client, page)
    resident = db.session.scalars(select(Resident).where(Resident.name == "甲")).one()
    assert (resident.id_digest, resident.id_last4) == (
        known.digest_id(PLANTED[0]),
        PLANTED[0][-4:],
    )
    kept = everything(app, database)
    assert [n for n in PLANTED if n.encode() in kept] == []
    assert [n for n in PLANTED if n in caplog.text] == []
    cookies = [cookie.decoded_value for cookie in client._cookies.values()]
    assert [n for n in PLANTED if any(n in value for value in cookies)] == []
    assert db.session.scalars(select(RosterImport)).one().rows == []


def test_the_search_for_numbers_finds_one_that_is_kept(app, database, cast):
    """The test above can fail."""
    db.session.get_one(Resident, cast.vera.resident_id).name = PLANTED[0]
    db.session.commit()
    assert PLANTED[0].encode() in everything(app, database)


def test_the_digest_of_a_number_is_another_in_each_village(app, village, neighbour, cast):
    from_here = known.digest_id(PLANTED[0])
    assert re.fullmatch(r"[0-9a-f]{64}", from_here)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known.scope, "require_village", lambda: neighbour.id)
        assert known.digest_id(PLANTED[0]) != from_here
