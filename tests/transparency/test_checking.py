"""`flask verify` and the chore: what somebody with the database's password does is found."""

import json

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.jobs import run_chores
from portal.core.scope import village_scope
from portal.transparency import checking, checkpoints, cli, logs, ports, rules, service, signing
from portal.transparency.checking import Broken, Statement
from portal.transparency.rules import Kept, TreeFault
from portal.transparency.words import TREE_FAULTS
from tests.tampering import without_triggers
from tests.transparency.test_checkpoints import NOW, URN, digest, fill, record, sign

ONES = ["一号", "二号", "三号", "四号", "五号"]


class Drawer:
    """Keeps what the record says it keeps: the contents are not what is tried here."""

    def hash_files(self):
        for entry in service.list_entries().items:
            yield Kept(entry.number, entry.content_sha256, entry.file_sha256)


@pytest.fixture(autouse=True)
def drawer(app):
    before = ports.keepers()
    ports.answer("test", Drawer())
    yield
    ports._answers.clear()
    ports._answers.update(before)


@pytest.fixture
def signed(village):
    """Five lines, signed at three and at five; a log of 130 leaves, signed at 100 and 130."""
    record(*ONES[:3])
    sign(logs.RECORD)
    record(*ONES[3:])
    sign(logs.RECORD)
    fill(100)
    sign()
    fill(30)
    sign()
    return village


def run(app, *words):
    result = app.test_cli_runner().invoke(cli.verify, words)
    return result.exit_code, result.output


def tamper(*statements):
    with transaction(), without_triggers("record_entry", "log_leaf", "log_node", "checkpoint"):
        for statement in statements:
            db.session.connection().exec_driver_sql(statement)


def rewrite(first: int, names: list[str]) -> None:
    """Write the tail of the record anew from a number on, every hash of it as it ought to be."""
    with transaction(), without_triggers("record_entry"):
        db.session.connection().exec_driver_sql(f"DELETE FROM record_entry WHERE number >= {first}")
    record(*names)


def test_every_fault_has_words():
    assert set(TREE_FAULTS) == set(TreeFault)


def test_what_is_whole_holds(app, signed):
    assert checking.why_broken() == []
    code, said = run(app)
    assert (code, f"ok      {signed.code} 青溪村: 5 entries" in said) == (0, True)


ZERO = "0" * 64
LEAF = "UPDATE log_leaf SET leaf_sha256 = '{}' WHERE idx = {}"
LOGS = [
    ([LEAF.format(ZERO, 120)], [Broken(URN, 130, TreeFault.ROOT_DIFFERS)]),
    (
        [LEAF.format(ZERO, 5)],
        [
            Broken(URN, 100, TreeFault.ROOT_DIFFERS),
            Broken(URN, 130, TreeFault.ROOT_DIFFERS),
        ],
    ),
    (["DELETE FROM log_leaf WHERE idx >= 110"], [Broken(URN, 130, TreeFault.SHORTER)]),
    (
        ["DELETE FROM log_leaf WHERE idx = 110"],
        [Broken(URN, 110, TreeFault.LEAF_MISSING), Broken(URN, 130, TreeFault.SHORTER)],
    ),
    (
        ["DELETE FROM log_leaf"],
        [Broken(URN, 100, TreeFault.SHORTER), Broken(URN, 130, TreeFault.SHORTER)],
    ),
    (
        [
            "UPDATE log_leaf SET idx = 900 WHERE idx = 7",
            "UPDATE log_leaf SET idx = 7 WHERE idx = 8",
            "UPDATE log_leaf SET idx = 8 WHERE idx = 900",
        ],
        [
            Broken(URN, 100, TreeFault.ROOT_DIFFERS),
            Broken(URN, 130, TreeFault.ROOT_DIFFERS),
        ],
    ),
    (
        [f"UPDATE log_node SET sha256 = '{ZERO}' WHERE idx = 1"],
        [Broken(URN, 128, TreeFault.NODE_CHANGED)],
    ),
    (["DELETE FROM log_node WHERE level = 7"], [Broken(URN, 128, TreeFault.NODE_CHANGED)]),
    (
        [f"UPDATE checkpoint SET root = '{ZERO}' WHERE size = 100"],
        [Broken(URN, 100, TreeFault.NOT_SIGNED), Broken(URN, 100, TreeFault.ROOT_DIFFERS)],
    ),
    (
        ["UPDATE checkpoint SET origin = 'https://another.example/v/1/record' WHERE size = 100"],
        [Broken(URN, 100, TreeFault.NOT_SIGNED)],
    ),
    (
        ["UPDATE checkpoint SET size = 90 WHERE size = 100"],
        [Broken(URN, 90, TreeFault.NOT_SIGNED), Broken(URN, 90, TreeFault.ROOT_DIFFERS)],
    ),
    (
        ["DELETE FROM record_entry WHERE number = 5"],
        [Broken(logs.RECORD, 5, TreeFault.SHORTER)],
    ),
]


@pytest.mark.parametrize(("statements", "found"), LOGS)
def test_tampering_is_found(app, signed, statements, found):
    tamper(*statements)
    assert checking.why_broken() == found
    code, said = run(app)
    assert code == 1
    for one in found:
        line = f"BROKEN  {signed.code} 青溪村: {one.log} at {one.size} {one.fault}: "
        assert any(text.startswith(line) and text.endswith(".") for text in said.splitlines())


@pytest.mark.parametrize(
    "names", [["四号改了", "五号"], ["四号", "多了一个", "五号"], ["五号", "四号"]]
)
def test_a_tail_written_anew_is_found_by_what_was_signed(app, signed, names):
    """Edited, inserted into, in another order: the chain is whole, the signed root is not."""
    rewrite(4, names)
    assert service.why_broken() is None
    assert checking.why_broken() == [Broken(logs.RECORD, 5, TreeFault.ROOT_DIFFERS)]
    assert "shorter-than-signed" not in run(app)[1]
    with transaction():
        record_ends = "DELETE FROM record_entry WHERE number >= 4"
        with without_triggers("record_entry"):
            db.session.connection().exec_driver_sql(record_ends)
    assert checking.why_broken() == [Broken(logs.RECORD, 5, TreeFault.SHORTER)]


def test_an_attacker_without_the_key_cannot_sign_anew(app, signed, make_app):
    rewrite(4, ["四号", "五号改了"])
    tamper("DELETE FROM checkpoint WHERE log = 'record' AND size = 5")
    with make_app(create=False, record_key="ab" * 32).app_context():
        text = rules.checkpoint_text(origin="https://x/v/1/record", log="record", size=5, root=ZERO)
        forged = signing.sign(text.encode())
    tamper(
        "INSERT INTO checkpoint (village_id, log, size, root, origin, signature, made_at)"
        f" VALUES ({signed.id}, 'record', 5, '{ZERO}', 'https://x/v/1/record', '{forged}',"
        " '2026-03-01 08:00:00')"
    )
    assert Broken(logs.RECORD, 5, TreeFault.NOT_SIGNED) in checking.why_broken()


def test_rolling_everything_back_is_shown_by_paper_alone(app, signed, tmp_path):
    """Lines and checkpoints cut off together leave a whole record: what was kept contradicts it."""
    kept = [checkpoints.text(one) for one in checkpoints.list_all(logs.RECORD)]
    file = tmp_path / "kept.json"
    file.write_text(json.dumps({"checkpoints": [{"text": text} for text in kept]}))
    assert run(app, "--kept", str(file))[0] == 0
    tamper(
        "DELETE FROM record_entry WHERE number > 3",
        "DELETE FROM checkpoint WHERE log = 'record' AND size > 3",
    )
    assert run(app)[0] == 0
    code, said = run(app, "--kept", str(file))
    assert (code, "kept checkpoint, record at 5 shorter-than-signed: Lines" in said) == (1, True)
    record("四号", "另一个五号")
    with transaction():
        checkpoints.make(logs.RECORD, now=NOW)
    assert run(app)[0] == 0
    code, said = run(app, "--kept", str(file))
    assert (code, "kept checkpoint, record at 5 root-differs: " in said) == (1, True)


def test_a_kept_checkpoint_of_a_village_that_is_gone(app, signed, tmp_path):
    file = tmp_path / "kept.json"
    text = rules.checkpoint_text(
        origin="https://x/v/110101001001/record", log="record", size=1, root=ZERO
    )
    file.write_text(json.dumps({"checkpoints": [{"text": text}]}))
    code, said = run(app, "--kept", str(file))
    assert (code, "BROKEN  110101001001: this village is not here" in said) == (1, True)


@pytest.mark.parametrize("text", ["", "a\nb\n0\n" + ZERO + "\n", "a\nb\n1\n" + ZERO, "a\n1\n\n"])
def test_what_is_no_checkpoint(text):
    with pytest.raises(rules.NotACheckpoint):
        rules.read_checkpoint(text)


def test_a_paper_is_compared_by_its_root_or_how_that_begins(signed):
    made = checkpoints.latest(URN)
    assert checking.why_not(Statement(URN, 130, made.root)) is None
    assert checking.why_not(Statement(URN, 130, made.root[:16])) is None
    assert checking.why_not(Statement(URN, 129, made.root)) is TreeFault.ROOT_DIFFERS
    assert checking.why_not(Statement(URN, 131, made.root)) is TreeFault.SHORTER


def test_the_chore_signs_what_grew_and_nothing_else(app, signed, neighbour, caplog):
    now = clock.now()
    chores = (checkpoints.make_grown,)
    name = "portal.transparency.checkpoints.make_grown"
    with village_scope(neighbour.id):
        fill(3)
    db.session.rollback()
    assert run_chores(app, chores, now=now) == {name: 1}
    assert run_chores(app, chores, now=now) == {name: 0}
    record("六号")
    tamper(LEAF.format(ZERO, 129))
    with transaction():
        logs.append(URN, [digest("more")])
    db.session.rollback()
    assert run_chores(app, chores, now=now) == {name: 1}
    assert "the log urn:7 does not continue what was signed" in caplog.text
    db.session.rollback()
    assert (checkpoints.latest(URN).size, checkpoints.latest(logs.RECORD).size) == (130, 6)


def test_the_chore_asks_the_same_for_one_log_and_for_many(app, signed, count_queries):
    counts = []
    for more in (0, 20):
        for number in range(more):
            fill(1, f"urn:{100 + number}")
        db.session.rollback()
        run_chores(app, (checkpoints.make_grown,), now=NOW)
        with count_queries() as counted:
            run_chores(app, (checkpoints.make_grown,), now=NOW)
        counts.append(counted.n)
    assert counts[0] == counts[1]
