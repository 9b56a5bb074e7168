"""What an outsider checks with one file: honest archives pass, every change is found."""

import hashlib
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.ballots import archive, asking, service, urn
from portal.ballots.rules import Kind, Unit
from portal.core import clock
from portal.core.db import db, transaction
from portal.transparency import signing
from tests.tampering import without_triggers

from . import sealed_village
from .conftest import publish_plan
from .forging import forge, seal
from .polls import BOUNDS, add_people, electors_of, hold

SEED = 20261121
EMPTY = f"0:{hashlib.sha256(b'').hexdigest()}"
KEY_OF_NOBODY = "0" * 64
TAMPERED = int(os.environ.get("TAMPER", "24"))
HONEST = int(os.environ.get("TAMPER", "12"))


@pytest.fixture
def check(tmp_path, app):
    """Run the observer's script on an archive, with the house's key unless told otherwise."""

    def _check(packed: bytes, *more: str, key: str | None = "") -> tuple[int, str]:
        file = tmp_path / "archive.zip"
        file.write_bytes(packed)
        if key is not None:
            more = (*more, "--key", key or signing.public_key())
        done = subprocess.run(
            [sys.executable, "-I", "-S", archive.SCRIPT, file, *more],
            capture_output=True,
            text=True,
            check=False,
            env={},
        )
        assert not done.stderr, done.stderr
        return done.returncode, done.stdout

    return _check


@pytest.fixture
def version(village, cast):
    """A version that stands still, whose projects all have a cost."""
    costs = (320_000, 480_000, 150_000, 90_000)
    with transaction():
        add_people(24, rng=random.Random(SEED))
        projects = [(f"P{n}", f"项目{n}", cost) for n, cost in enumerate(costs)]
        return publish_plan(projects=projects)


@pytest.fixture
def poll(version):
    """A budget vote, counted: it has everything that can be changed."""
    return hold(version.id, Kind.APPROVAL, rng=random.Random(SEED))


def packed(ballot) -> bytes:
    return archive.build(ballot, now=clock.now())


def test_honest_votes_of_every_kind_pass(version, check):
    rng = random.Random(SEED)
    kinds = [*BOUNDS] * (HONEST // len(BOUNDS) + 1)
    for number, kind in enumerate(kinds[:HONEST]):
        unit = Unit.HOUSEHOLD if number % 5 == 4 else Unit.PERSON
        profile = "village-meeting" if kind is Kind.YES_NO and number % 2 == 0 else "consultative"
        ballot = hold(version.id, kind, rng=rng, unit=unit, profile=profile, share=rng.random())
        code, said = check(packed(ballot))
        assert (code, said[:16]) == (0, "Everything holds"), said


def test_the_same_vote_makes_the_same_bytes(poll):
    assert packed(poll) == packed(poll)


def test_nobody_is_named_in_the_archive(poll):
    with zipfile.ZipFile(io.BytesIO(packed(poll))) as files:
        everything = b"".join(files.read(name) for name in files.namelist()).decode()
    assert "村民" not in everything
    assert poll.salt not in everything


def test_an_elector_finds_their_own_line(poll, check):
    resident_id, _home = electors_of(poll.id)[0]
    mine = asking.opening_of(poll, resident_id)
    code, said = check(packed(poll), "--opening", mine)
    assert code == 0
    assert "Your line is on the list of electors" in said
    assert check(packed(poll), "--opening", "0" * 64)[0] == 1


def test_a_printed_slip_holds_and_another_does_not(poll, check):
    made = archive.contents(poll)["checkpoints"][-1]
    slip = f"{made['size']}:{made['root']}"
    assert check(packed(poll), "--checkpoint", slip)[0] == 0
    assert check(packed(poll), "--checkpoint", slip, key=None)[0] == 0
    for odd in (f"{made['size']}:{'0' * 64}", f"{10**7}:{made['root']}", "²:00", "", EMPTY):
        assert check(packed(poll), "--checkpoint", odd)[0] == 1
    assert check(packed(poll), key="0" * 64)[0] == 1


def test_without_key_or_slip_nobody_is_told_that_everything_holds(poll, check):
    """Whoever makes an archive signs it: only what hangs at the notice board tells by whom."""
    files = json.loads(json.dumps(archive.contents(poll)))
    older = f"1:{files['record'][0]['leaf']}"
    own = archive.pack(forge(files))
    for made, more in ((packed(poll), ()), (packed(poll), ("--checkpoint", older)), (own, ())):
        code, said = check(made, *more, key=None)
        assert (code, "Everything holds" in said) == (3, False)
        assert said.splitlines()[3] in made.decode(errors="ignore")
    assert signing.public_key() in check(packed(poll), key=None)[1]
    assert check(own)[0] == 1
    assert "namely " + signing.public_key() in check(packed(poll), key=KEY_OF_NOBODY)[1]


def test_what_is_no_archive_is_said_in_one_sentence(tmp_path, check):
    for odd in (b"", b"PK\x03\x04", b"{}", archive.pack({"manifest": {}})):
        code, said = check(odd)
        assert code == 1
        assert said.startswith("FAULT: ")
        assert said.count("\n") == 1


def places(value, path=()):
    """Name every place in plain values that holds no list and no object."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from places(part, (*path, key))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from places(part, (*path, at))
    else:
        yield path


def other(value, rng):
    """Return another value of the same kind."""
    if isinstance(value, bool) or value is None:
        return value is not True
    if isinstance(value, int):
        return value + rng.choice((-1, 1, 7))
    at = rng.randrange(len(value)) if value else 0
    return value[:at] + rng.choice([c for c in "0a东" if c != value[at : at + 1]]) + value[at + 1 :]


def sealed_again(files: dict) -> bytes:
    """Pack an archive that was edited in the house and signed by it: its digests tell nothing."""
    return archive.pack(seal(files, signing._key()))


def test_every_edit_of_an_archive_is_found(poll, check):
    rng = random.Random(SEED)
    files = archive.contents(poll)
    files = json.loads(json.dumps(files))
    everywhere = list(places(files))
    for _ in range(TAMPERED):
        path = rng.choice(everywhere)
        changed = json.loads(json.dumps(files))
        holder = changed
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = other(holder[path[-1]], rng)
        is_signed = path[0] != "about"
        code, said = check(sealed_again(changed) if is_signed else archive.pack(changed))
        assert code == 1, (path, said)
        assert "FAULT: " in said


# What somebody with the database's password would edit, so that the result or its proof is another.
EDITS = (
    ("ballot", "UPDATE ballot SET question = question || '？' WHERE id = {ballot}"),
    ("ballot", "UPDATE ballot SET budget_yuan = budget_yuan + 1 WHERE id = {ballot}"),
    ("ballot", "UPDATE ballot SET closed_at = opened_at WHERE id = {ballot}"),
    ("ballot", "UPDATE ballot SET electors_count = electors_count - 1 WHERE id = {ballot}"),
    ("ballot_option", "UPDATE ballot_option SET words = words || '！' WHERE id = {option}"),
    ("ballot_option", "UPDATE ballot_option SET cost_yuan = 1 WHERE id = {option}"),
    (
        "ballot_choice",
        "UPDATE ballot_choice SET option_id = {unchosen} WHERE turnout_id = {turnout}",
    ),
    ("ballot_choice", "DELETE FROM ballot_choice WHERE turnout_id = {turnout}"),
    ("turnout", "UPDATE turnout SET channel = 'self' WHERE id = {turnout}"),
    (
        "turnout",
        "INSERT INTO turnout (village_id, ballot_id, resident_id, household_id, group_id, sex,"
        " age_band, is_away, channel, done_at, key, receipt) SELECT village_id, ballot_id,"
        " resident_id, household_id, group_id, sex, age_band, FALSE, 'paper', '2026-01-01', 'k', 'r'"
        " FROM ballot_elector WHERE ballot_id = {ballot} AND resident_id = {silent}",
    ),
    ("ballot_elector", "DELETE FROM ballot_elector WHERE ballot_id = {ballot} AND resident_id = {silent}"),
    ("ballot_elector", "UPDATE ballot_elector SET household_id = {home} WHERE resident_id = {silent}"),
    ("ballot_tally", "UPDATE ballot_tally SET content = {content} WHERE ballot_id = {ballot}"),
    ("ballot_step", "UPDATE ballot_step SET done_at = '2026-01-01 00:00:00' WHERE id = {step}"),
    ("ballot_step", "DELETE FROM ballot_step WHERE id = {step}"),
    ("rule_profile", "UPDATE rule_profile SET citation = 'nothing'"),
    ("record_entry", "UPDATE record_entry SET subject = 'x' WHERE number = {number}"),
    ("record_entry", "UPDATE record_entry SET content_sha256 = file_sha256 || '' , kind = 'x' WHERE number = {number}"),
    ("checkpoint", "UPDATE checkpoint SET root = substr(signature, 1, 64) WHERE log = 'record'"),
    ("checkpoint", "DELETE FROM checkpoint WHERE log = 'record'"),
    ("plan_version", "UPDATE plan_version SET content_sha256 = 'x' WHERE id = {version}"),
)  # fmt: skip


def test_every_edit_of_the_tables_is_found(poll, check):
    rng = random.Random(SEED)
    assert check(packed(poll))[0] == 0
    for number in range(TAMPERED):
        table, sql = EDITS[number % len(EDITS)] if number < len(EDITS) else rng.choice(EDITS)
        facts = _facts(poll, rng)
        db.session.rollback()
        try:
            db.session.connection(execution_options={"writes": True})
            with without_triggers(table):
                done = db.session.connection().execute(text(sql.format(**facts)))
                assert done.rowcount, sql
            db.session.expire_all()
            changed = archive.build(service.get_ballot(poll.id), now=clock.now())
        finally:
            db.session.rollback()
            db.session.expire_all()
        code, said = check(changed)
        assert code == 1, (sql, facts, said)
        assert "FAULT: " in said
    assert check(packed(poll))[0] == 0


@pytest.fixture
def sealed(version, village, cast, app):
    """A secret vote of thirteen, closed and opened by two of three."""
    people = sealed_village.add_people(20)
    now = clock.now()
    opens_at, closes_at = now - timedelta(hours=2), now - timedelta(hours=1)
    box = sealed_village.open_sealed(
        version, village, opens_at=opens_at, closes_at=closes_at, now=opens_at - timedelta(days=1)
    )
    for number, resident_id in enumerate(people[:13]):
        paper = [(1, 0, 0), (0, 1, 0), (1, 1, 0)][number % 3]  # every third is spoiled
        with transaction():
            box.cast(resident_id, box.envelope(*paper), now=opens_at + timedelta(minutes=number))
    receipt = urn.find_own_receipt(box.ballot, people[0])
    box.count()
    return box.ballot, receipt


def test_a_secret_vote_passes_and_its_receipts_are_found(sealed, check):
    ballot, receipt = sealed
    code, said = check(packed(ballot), "--receipt", receipt.code)
    assert code == 0, said
    assert check(packed(ballot), "--receipt", receipt.ballot_sha256)[0] == 0
    assert check(packed(ballot), "--receipt", "0000-0000-0000-0000")[0] == 1
    files = archive.contents(ballot)
    assert (files["counting"]["valid"], files["counting"]["invalid"]) == (9, 4)
    assert "papers" not in files
    assert ballot.public_key == files["manifest"]["public_key"]


def test_every_edit_of_a_secret_archive_is_found(sealed, check):
    ballot, _receipt = sealed
    rng = random.Random(SEED)
    files = json.loads(json.dumps(archive.contents(ballot)))
    everywhere = list(places(files))
    for _ in range(TAMPERED):
        path, changed = rng.choice(everywhere), json.loads(json.dumps(files))
        holder = changed
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = other(holder[path[-1]], rng)
        is_signed = path[0] != "about"
        code, said = check(sealed_again(changed) if is_signed else archive.pack(changed))
        assert code == 1, (path, said)


@pytest.mark.parametrize(
    ("table", "sql"),
    [
        ("urn", "DELETE FROM urn WHERE ballot_sha256 = '{digest}'"),
        ("log_leaf", "DELETE FROM log_leaf WHERE idx = 12"),
        ("log_leaf", "UPDATE log_leaf SET leaf_sha256 = lower('{other}') WHERE idx = 3"),
        ("checkpoint", "UPDATE checkpoint SET size = size - 1 WHERE log LIKE 'urn:%'"),
    ],
)
def test_every_edit_of_an_urn_is_found(sealed, check, table, sql):
    ballot, receipt = sealed
    db.session.rollback()
    try:
        db.session.connection(execution_options={"writes": True})
        with without_triggers(table):
            sql = sql.format(digest=receipt.ballot_sha256, other="A" * 64)
            assert db.session.connection().execute(text(sql)).rowcount
        db.session.expire_all()
        code, said = check(packed(service.get_ballot(ballot.id)))
    finally:
        db.session.rollback()
    assert code == 1, said


def _facts(poll, rng) -> dict:
    def pick(sql: str):
        found = db.session.connection().exec_driver_sql(sql).scalars().all()
        return rng.choice(found)

    silent = pick(
        f"SELECT resident_id FROM ballot_elector WHERE ballot_id = {poll.id} AND resident_id NOT IN"
        f" (SELECT resident_id FROM turnout WHERE ballot_id = {poll.id})"
    )
    content = json.loads(json.dumps(archive.contents(poll)["counting"]))
    content["sums"][0] += 1
    turnout = pick(
        f"SELECT turnout_id FROM ballot_choice WHERE ballot_id = {poll.id} GROUP BY turnout_id"
        " HAVING count(*) = 1"
    )
    return {
        "ballot": poll.id,
        "version": poll.version_id,
        "silent": silent,
        "home": pick(
            "SELECT household_id FROM ballot_elector WHERE household_id NOT IN (SELECT household_id"
            f" FROM ballot_elector WHERE resident_id = {silent})"
        ),
        "option": pick(f"SELECT id FROM ballot_option WHERE ballot_id = {poll.id}"),
        "turnout": turnout,
        "unchosen": pick(
            f"SELECT id FROM ballot_option WHERE ballot_id = {poll.id} AND id NOT IN"
            f" (SELECT option_id FROM ballot_choice WHERE turnout_id = {turnout})"
        ),
        "step": pick(
            f"SELECT id FROM ballot_step WHERE ballot_id = {poll.id}"
            " AND step IN ('drafted', 'announced', 'opened')"
        ),
        "number": pick("SELECT number FROM record_entry"),
        "content": "'" + json.dumps(content) + "'",
    }


def test_the_result_leads_to_archive_script_and_own_line(poll, check, cast, browse, at):
    page = browse(None).get(at(f"/ballots/{poll.id}/result")).text
    assert f"/ballots/{poll.id}/archive" in page
    taken = browse(None).get(at(f"/ballots/{poll.id}/archive"))
    assert check(taken.data)[0] == 0
    script = browse(None).get(at("/ballots/verify_poll.py"))
    assert script.data == archive.SCRIPT.read_bytes()
    mine = asking.opening_of(poll, cast.vera.resident_id)
    assert mine not in page
    assert mine in browse(cast.vera).get(at(f"/ballots/{poll.id}/result")).text
    assert mine not in browse(cast.max).get(at(f"/ballots/{poll.id}/result")).text


def test_before_the_count_there_is_no_archive(ballot, browse, at):
    assert browse(None).get(at(f"/ballots/{ballot.id}/archive")).status_code == 409


def test_the_result_of_a_secret_vote_leads_to_its_envelopes(sealed, browse, at):
    ballot, _receipt = sealed
    page = browse(None).get(at(f"/ballots/{ballot.id}/result"))
    assert page.status_code == 200
    assert "/ballots/envelopes" in page.text
    assert f"/ballots/{ballot.id}/archive" in page.text
