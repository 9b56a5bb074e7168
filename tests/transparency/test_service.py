"""The record on both databases: one chain, whoever writes at once."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.core.db import db, transaction
from portal.core.scope import current_village, village_scope
from portal.transparency import cli, ports, rules, service
from portal.transparency.models import RecordEntry
from portal.transparency.rules import Break, Fault, Kept

NOW = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
KIND = "test-files"


def digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def append(name: str) -> RecordEntry:
    return service.append(
        kind=KIND,
        subject=name,
        content_sha256=digest("content of " + name),
        file_sha256=digest(name),
        now=NOW,
    )


@pytest.fixture
def three(village):
    with transaction():
        for name in ("一号", "二号", "三号"):
            append(name)


def test_entries_follow_each_other(three) -> None:
    entries = service.list_entries().items
    assert [(e.number, e.subject) for e in entries] == [(3, "三号"), (2, "二号"), (1, "一号")]
    assert entries[2].previous_sha256 == rules.FIRST_PREVIOUS
    assert entries[1].previous_sha256 == entries[2].leaf_sha256
    assert entries[0].previous_sha256 == entries[1].leaf_sha256
    assert service.why_broken() is None
    assert [service.why_entry_broken(entry) for entry in entries] == [None] * 3


def test_each_village_has_a_record_of_its_own(three, neighbour) -> None:
    with village_scope(neighbour.id):
        assert service.count_entries() == 0
        with transaction():
            assert append("隔壁").number == 1
        assert service.find_by_digest(digest("一号")) == []
    assert service.count_entries() == 3


def test_digests_are_found_whole_or_by_their_beginning(three) -> None:
    file, content = digest("二号"), digest("content of 二号")
    for given in (file, content, file[:12], content[:16]):
        assert [entry.number for entry in service.find_by_digest(given)] == [2], given
    assert service.find_by_digest(file[:11]) == []
    assert service.find_by_digest("%") == []
    assert service.find_by_digest("0" * 64) == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE record_entry SET subject = 'x'", "DELETE FROM record_entry WHERE number = 3"],
)
def test_the_database_refuses_changes(three, statement) -> None:
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.connection().exec_driver_sql(statement)
    assert service.count_entries() == 3


def test_eight_write_at_once(race, village) -> None:
    results = race(8, lambda index: append(f"第{index}").number)
    assert sorted(results) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert service.why_broken() is None


def test_the_keys_are_the_last_judges(race, three) -> None:
    """Without asking the service: the same number, and a second successor, are refused."""
    last = service.get_entry(3).leaf_sha256

    def fork(number, previous):
        db.session.add(
            RecordEntry(
                number=number,
                kind=KIND,
                subject="岔路",
                content_sha256="c" * 64,
                file_sha256="c" * 64,
                previous_sha256=previous,
                leaf_sha256="d" * 64,
                created_at=NOW,
            )
        )
        db.session.flush()
        return number

    same_number = race(4, lambda index: fork(4, f"{index:064}"))
    assert sorted(map(str, map(type, same_number))) == sorted(
        map(str, [int, IntegrityError, IntegrityError, IntegrityError])
    )
    same_parent = race(4, lambda index: fork(10 + index, last))
    assert sum(isinstance(result, IntegrityError) for result in same_parent) == 3, same_parent


def tamper(statement: str, dialect: str) -> None:
    """Do what somebody with the database's password could do."""
    drop = {
        "sqlite": "DROP TRIGGER {name}",
        "postgresql": "DROP TRIGGER {name} ON record_entry",
    }[dialect]
    with transaction():
        connection = db.session.connection()
        for verb in ("update", "delete"):
            connection.exec_driver_sql(drop.format(name=f"record_entry_no_{verb}"))
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE record_entry SET subject = '改了' WHERE number = 2",
            Break(2, Fault.ENTRY_CHANGED),
        ),
        (
            "UPDATE record_entry SET leaf_sha256 = file_sha256 WHERE number = 2",
            Break(2, Fault.ENTRY_CHANGED),
        ),
        ("DELETE FROM record_entry WHERE number = 2", Break(2, Fault.NUMBER_MISSING)),
        ("DELETE FROM record_entry WHERE number = 1", Break(1, Fault.NUMBER_MISSING)),
        ("UPDATE record_entry SET number = 9 WHERE number = 3", Break(3, Fault.NUMBER_MISSING)),
    ],
)
def test_tampering_is_found(three, database, statement, fault) -> None:
    tamper(statement, database)
    assert service.why_broken() == fault


def test_the_newest_lines_can_be_checked_alone(three, database) -> None:
    tamper("UPDATE record_entry SET subject = '改了' WHERE number = 1", database)
    assert service.why_broken(newest=3) == Break(1, Fault.ENTRY_CHANGED)
    assert service.why_broken(newest=2) is None
    with transaction():
        db.session.connection().exec_driver_sql(
            "UPDATE record_entry SET leaf_sha256 = file_sha256 WHERE number = 1"
        )
    assert service.why_broken(newest=2) == Break(2, Fault.PREVIOUS_DIFFERS)
    with transaction():
        db.session.connection().exec_driver_sql("DELETE FROM record_entry WHERE number = 2")
    assert service.why_broken(newest=2) == Break(2, Fault.NUMBER_MISSING)


class Drawer:
    """Keeps the files of one village."""

    def __init__(self, kept, village):
        self.kept, self.village = kept, village

    def hash_files(self):
        yield from self.kept if current_village() == self.village.id else ()


@pytest.fixture
def kept(three, village):
    names = ("一号", "二号", "三号")
    files = [Kept(n, digest("content of " + w), digest(w)) for n, w in enumerate(names, start=1)]
    before = ports.keepers()
    ports.answer(KIND, Drawer(files, village))
    yield files
    ports._answers.clear()
    ports._answers.update(before)


def test_flask_verify(app, kept, village) -> None:
    result = app.test_cli_runner().invoke(cli.verify)
    assert (result.exit_code, f"ok      {village.code} 青溪村: 3 entries" in result.output) == (
        0,
        True,
    )


def test_flask_verify_finds_a_changed_row_and_a_changed_file(app, kept, village, database) -> None:
    tamper("UPDATE record_entry SET subject = '改了' WHERE number = 2", database)
    kept[2] = Kept(3, kept[2].content_sha256, digest("另一个文件"))
    result = app.test_cli_runner().invoke(cli.verify)
    assert result.exit_code == 1
    assert f"BROKEN  {village.code} 青溪村: no. 2 entry-changed" in result.output
    assert f"BROKEN  {village.code} 青溪村: no. 3 file-changed" in result.output


def test_flask_verify_misses_whoever_keeps_the_files(app, three, village) -> None:
    result = app.test_cli_runner().invoke(cli.verify)
    assert result.exit_code == 1
    assert "no. 1 no-keeper" in result.output


def test_time_is_kept_to_the_microsecond(three) -> None:
    db.session.expire_all()
    assert service.get_entry(1).created_at == NOW
    assert service.get_entry(1).created_at + timedelta(0) == NOW
    assert db.session.scalar(text("SELECT count(*) FROM record_entry")) == 3
