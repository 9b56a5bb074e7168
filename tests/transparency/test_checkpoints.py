"""Logs, their checkpoints and proofs on both databases, checked as an outsider would check them."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import require_village, village_scope
from portal.transparency import checkpoints, logs, proofs, service, signing
from portal.transparency.models import Checkpoint, LogLeaf, LogNode
from tests.tampering import without_triggers

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
URN = "urn:7"


def digest(words) -> str:
    return hashlib.sha256(str(words).encode()).hexdigest()


def leaf_hashes(count, start=0):
    return [digest(number) for number in range(start, start + count)]


def fill(count, log=URN):
    with transaction():
        logs.append(log, leaf_hashes(count, logs.size(log)))


def record(*names):
    with transaction():
        for name in names:
            service.append(
                kind="test",
                subject=name,
                content_sha256=digest(name),
                file_sha256=digest(name),
                now=NOW,
            )


def sign(log=URN, now=NOW):
    with transaction():
        return checkpoints.make(log, now=now)


def node(left: str, right: str) -> str:
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def plain_root(leaves: list[str]) -> str:
    """The definition of RFC 6962, word by word."""
    if len(leaves) < 2:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node(plain_root(leaves[:k]), plain_root(leaves[k:]))


def plain_inclusion(leaf, index, size, path) -> str:
    """The root that a proof leads to, by the definition of RFC 6962 section 2.1.1."""
    if size == 1:
        assert path == []
        return leaf
    k = 1
    while k * 2 < size:
        k *= 2
    *rest, last = path
    if index < k:
        return node(plain_inclusion(leaf, index, k, rest), last)
    return node(last, plain_inclusion(leaf, index - k, size - k, rest))


def test_a_log_is_one_row_of_leaves(village):
    fill(3)
    fill(2)
    assert logs.leaves(URN) == leaf_hashes(5)
    assert logs.leaves(URN, 1, 3) == leaf_hashes(2, 1)
    assert (logs.size(URN), logs.size("urn:8"), logs.size(logs.RECORD)) == (5, 0, 0)
    with transaction():
        assert logs.append(URN, []) == 5
    with pytest.raises(ValueError, match="service"), transaction():
        logs.append(logs.RECORD, leaf_hashes(1))


def test_the_record_is_the_log_of_its_entries(village):
    record("一号", "二号", "三号")
    leaves = [service.get_entry(number).leaf_sha256 for number in (1, 2, 3)]
    assert logs.leaves(logs.RECORD) == leaves
    made = sign(logs.RECORD)
    assert (made.size, made.root) == (3, plain_root(leaves))
    assert logs.names() == [logs.RECORD]


def test_each_village_has_logs_of_its_own(village, neighbour):
    fill(3)
    sign()
    with village_scope(neighbour.id):
        assert logs.leaves(URN) == []
        assert checkpoints.latest(URN) is None
        fill(1)
        assert sign().size == 1


@pytest.mark.parametrize("sizes", [[1], [63, 64, 65], [200], [130, 131, 256, 300]])
def test_proofs_hold_for_an_outsider_however_the_log_grew(village, sizes):
    for size in sizes:
        fill(size - logs.size(URN))
        made = sign()
        leaves = leaf_hashes(size)
        assert (made.size, made.root) == (size, plain_root(leaves))
        for index in {0, 1, size // 3, 62, 63, 64, size - 2, size - 1} & set(range(size)):
            path = proofs.inclusion(URN, index, size)
            assert plain_inclusion(leaves[index], index, size, path) == made.root
            assert proofs.is_included(leaves[index], index, size, path, made.root)
    fill(5)
    for old in checkpoints.list_all(URN):
        new = sizes[-1] + 5
        path = proofs.consistency(URN, old.size, new)
        assert proofs.is_consistent(old.size, new, path, old.root, plain_root(leaf_hashes(new)))


def test_kept_subtrees_are_those_of_the_leaves(village):
    for count in (70, 1, 60, 129):
        fill(count)
        sign()
    kept = {(row.level, row.idx): row.sha256 for row in db.session.scalars(select(LogNode))}
    assert set(kept) == {(6, 0), (6, 1), (6, 2), (6, 3), (7, 0), (7, 1), (8, 0)}
    leaves = leaf_hashes(260)
    for (level, idx), sha256 in kept.items():
        assert sha256 == plain_root(leaves[idx << level : (idx + 1) << level])


def test_a_proof_of_a_long_log_takes_two_queries(village, count_queries):
    fill(1000)
    sign()
    proofs.inclusion(URN, 500, 1000)
    with count_queries() as counted:
        proofs.inclusion(URN, 500, 1000)
    assert counted.n == 2
    with count_queries() as counted:
        proofs.consistency(URN, 333, 1000)
    assert counted.n == 2


def test_the_text_is_signed_by_the_house(app, village):
    fill(2)
    made = sign()
    origin = f"{app.config['SETTINGS'].public_url}/v/{village.code}/record"
    text = f"{origin}\n{URN}\n2\n{plain_root(leaf_hashes(2))}\n"
    assert checkpoints.text(made) == text
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signing.public_key()))
    key.verify(bytes.fromhex(made.signature), text.encode())
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(made.signature), text.replace("\n2\n", "\n3\n").encode())
    assert checkpoints.is_signed(made)
    for bent in ("", "00" * 64, made.signature[:-2], "x" * 128):
        assert not signing.is_signed(text.encode(), bent)
    assert not signing.is_signed(text.encode() + b" ", made.signature)


def test_known_signature():
    """RFC 8032 section 7.1, test 1."""
    key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )
    assert signing.is_signed_by(key, b"", signature)
    assert not signing.is_signed_by(key, b"x", signature)


def test_a_house_that_changed_its_key_still_knows_the_earlier_one(app, make_app, village):
    fill(1)
    made, earlier = sign(), signing.public_key()
    for known, holds in (("", False), (earlier, True)):
        other = make_app(create=False, record_key="c5" * 32, record_earlier_keys=known)
        with other.app_context():
            assert signing.public_key() != earlier
            assert checkpoints.is_signed(made) == holds


def test_a_log_that_did_not_grow_keeps_its_checkpoint(village):
    assert sign() is None
    fill(2)
    first = sign()
    assert sign(now=NOW + timedelta(days=1)).id == first.id
    fill(1)
    assert sign(now=NOW + timedelta(days=2)).size == 3
    assert [made.size for made in checkpoints.list_all(URN)] == [2, 3]


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("log_leaf", f"UPDATE log_leaf SET leaf_sha256 = '{'0' * 64}' WHERE idx = 1"),
        ("log_leaf", "DELETE FROM log_leaf WHERE idx = 4"),
        ("log_leaf", "DELETE FROM log_leaf WHERE idx = 1"),
        ("checkpoint", f"UPDATE checkpoint SET root = '{'0' * 64}'"),
        ("checkpoint", f"UPDATE checkpoint SET signature = '{'0' * 128}'"),
    ],
)
@pytest.mark.parametrize("more", [0, 3])
def test_nothing_is_signed_on_top_of_what_was_changed(village, table, statement, more):
    fill(5)
    sign()
    fill(more)
    if "idx = 4" in statement and more:
        statement = "DELETE FROM log_leaf WHERE idx > 3"
    with transaction(), without_triggers(table):
        db.session.connection().exec_driver_sql(statement)
    with pytest.raises(Refused, match="not-continued"):
        sign()


@pytest.mark.parametrize("table", ["log_leaf", "log_node", "checkpoint"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET log = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_changes(village, table, statement):
    fill(64)
    sign()
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.connection().exec_driver_sql(statement.format(table))


def test_eight_write_and_sign_at_once(race, village):
    def write(index):
        logs.append(URN, [digest(index)])
        return checkpoints.make(URN, now=NOW).size

    assert sorted(race(8, write)) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert sorted(logs.leaves(URN)) == sorted(digest(index) for index in range(8))


def test_the_keys_are_the_last_judges(race, village):
    """Without asking the service: a place, a node and a checkpoint are each given once."""
    fill(1)
    sign()

    def keep(row):
        db.session.add(row)
        db.session.flush()
        return type(row)

    def leaf(index):
        return keep(LogLeaf(log=URN, idx=1, leaf_sha256=digest(index)))

    def subtree(index):
        return keep(LogNode(log=URN, level=6, idx=0, sha256=digest(index)))

    def checkpoint(index):
        facts = {"root": digest(index), "origin": "x", "signature": "0" * 128, "made_at": NOW}
        return keep(Checkpoint(log=URN, size=2, **facts))

    for write in (leaf, subtree, checkpoint):
        results = race(4, write)
        assert sum(isinstance(result, IntegrityError) for result in results) == 3, results
    assert require_village() == village.id
