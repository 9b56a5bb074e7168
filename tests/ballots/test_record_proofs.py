"""From a result to the record: an outsider proves each line of it; a voter proves the envelope."""

import hashlib
import json
import random
import re
from datetime import timedelta

import pytest

from portal.ballots import archive, asking, urn_closing, verify_poll
from portal.ballots.rules import Kind
from portal.core import clock
from portal.core.db import db, transaction
from tests.tampering import without_triggers

from . import sealed_village
from .polls import hold

FILES = {"ballot-opened": "manifest", "ballot-closed": "closing", "ballot-counted": "counting"}


def climb(leaf, index, size, path):
    """Return the root that a proof of inclusion leads to (RFC 9162, section 2.1.3.2)."""
    found, last = bytes.fromhex(leaf), size - 1
    for one in map(bytes.fromhex, path):
        if index & 1 or index == last:
            found = hashlib.sha256(b"\1" + one + found).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\1" + found + one).digest()
        index, last = index >> 1, last >> 1
    return found.hex()


def test_an_outsider_proves_what_the_record_holds_of_a_vote(cast, version, browse, at):
    ballot = hold(version.id, Kind.YES_NO, rng=random.Random(1))
    page = browse(None).get(at(f"/ballots/{ballot.id}/result")).text
    numbers = re.findall(rf'href="{at("/record/")}(\d+)"', page)
    proved = set()
    for number in numbers:
        assert browse(None).get(at(f"/record/{number}")).status_code == 200
        told = browse(None).get(at(f"/record/{number}.json")).json
        facts, signed = json.loads(told["entry"]), told["checkpoint"]
        digest = asking.digest_of(archive.contents(ballot)[FILES[facts["kind"]]])
        assert facts["content_sha256"] == digest
        assert told["leaf"] == verify_poll.sha(b"\0" + told["entry"].encode())
        root = climb(told["leaf"], told["index"], signed["size"], told["inclusion"])
        assert signed["text"].split("\n")[2:] == [str(signed["size"]), root, ""]
        assert verify_poll.is_signed(told["keys"][0], signed["text"].encode(), signed["signature"])
        proved.add(facts["kind"])
    assert proved == set(FILES)


@pytest.fixture
def sealed(cast, version, village):
    now = clock.now()
    people = sealed_village.add_people(12)
    hour = timedelta(hours=1)
    box = sealed_village.open_sealed(
        version, village, opens_at=now - hour, closes_at=now + hour, now=now - 24 * hour
    )
    with transaction():
        receipts = [box.cast(who, box.envelope(1, 0, 0)) for who in people[:11]]
    return box, receipts


def test_a_voter_proves_that_the_signed_urn_holds_the_envelope(sealed, browse, at):
    box, receipts = sealed

    def look(receipt):
        return browse(None).post(at("/ballots/envelopes"), data={"code": receipt.code}).text

    assert "还未签名" in look(receipts[0])
    with transaction():
        urn_closing.log_waiting(now=clock.now())
    page = look(receipts[0])
    assert "/record/signed/11?log=urn:" in page
    shown = [
        re.sub("<[^>]+>| ", "", one)
        for one in re.findall(r'<code class="digest">(.*?)</code>', page, re.S)
    ]
    leaf, *path = shown
    place = int(re.search(r"第\s*(\d+)\s*条", page)[1]) - 1
    signed = browse(None).get(at(f"/record/signed/11.json?log=urn:{box.ballot_id}")).json
    assert climb(leaf, place, 11, path) == signed["new"]["root"]
    assert leaf == verify_poll.sha(b"\0" + bytes.fromhex(receipts[0].ballot_sha256))
    with transaction(), without_triggers("checkpoint"):
        db.session.connection().exec_driver_sql(
            "UPDATE checkpoint SET root = lower(substr(signature, 1, 64)) WHERE log LIKE 'urn:%%'"
        )
    assert "对不上" in look(receipts[0])
