"""The roster's digest names nobody, and whoever changes the roster behind it is found."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.jobs import run_chores
from portal.core.scope import village_scope
from portal.people.rules import Sex
from portal.roster import known
from portal.roster.comparing import Change, Comparison
from portal.roster.models import RosterChange
from portal.roster.reading import RosterRow
from portal.roster.rules import ChangeKind
from portal.roster.service import import_roster
from portal.roster.writing import Source, write
from portal.transparency import cli, rosters, service
from portal.transparency.models import RosterSeal
from portal.transparency.rules import Break, Fault
from tests.tampering import without_triggers

CHORE = (rosters.seal_changed,)
NAME = "portal.transparency.rosters.seal_changed"


def seal(now=None):
    with transaction():
        return rosters.seal(now=now or clock.now())


def change(resident_id, kind=ChangeKind.CHANGED, **facts):
    """Change somebody as the roster's own pages do."""
    with transaction():
        known.lock()
        before = known.read_one(resident_id)
        changed = Change(kind, resident_id, before, replace(before, **facts))
        write(Comparison([], [changed], 0, [], []), Source(now=clock.now()))


def add(name, household="009"):
    row = RosterRow(
        household, 3, name, Sex.FEMALE, date(1991, 1, 1), "13911112222", True, True, False
    )
    with transaction():
        import_roster([row], now=clock.now())


def roster_faults():
    db.session.rollback()
    return service.files_broken()


def test_the_digest_is_a_line_of_the_record(cast):
    made = seal()
    entry = service.get_entry(made.record_number)
    assert (entry.kind, entry.subject) == ("roster", "名册指纹：4人")
    assert entry.content_sha256 == made.root
    assert seal().id == made.id
    rows = rosters._rows()
    assert len(rows) == 4
    assert rosters.root_of(rows, made.key) == made.root
    assert rosters.root_of(rows, "00" * 32) != made.root
    assert not {"phone", "second_contact", "id_digest", "id_last4"} & set(rosters.COVERED)
    assert roster_faults() == []


def test_every_earlier_roster_is_found_again(cast):
    """Changed, gone, back, moved, one more: each digest is made again from today's roster."""
    numbers = [seal().record_number]
    change(cast.vera.resident_id, name="Vera Li", is_away=True, born_on=None)
    numbers.append(seal().record_number)
    change(cast.max.resident_id, ChangeKind.REMOVED, left_on=date(2026, 1, 2))
    add("新来的")
    numbers.append(seal().record_number)
    change(cast.max.resident_id, ChangeKind.RETURNED, left_on=None)
    moved = {"household": "001", "group": 1, "is_representative": False}
    change(cast.wang.resident_id, ChangeKind.MOVED, **moved)
    numbers.append(seal().record_number)
    change(cast.sun.resident_id, phone="13999999999")
    assert numbers == [1, 2, 3, 4]
    assert len({service.get_entry(number).content_sha256 for number in numbers}) == 4
    assert roster_faults() == []
    assert service.get_entry(3).subject == "名册指纹：4人"
    assert service.get_entry(4).subject == "名册指纹：5人"


TAMPERED = [
    "UPDATE resident SET is_away = NOT is_away WHERE id = {vera}",
    "UPDATE resident SET born_on = '2010-01-01' WHERE id = {vera}",
    "UPDATE resident SET left_on = '2026-01-01' WHERE id = {vera}",
    "INSERT INTO resident (village_id, household_id, group_id, name, sex, born_on_is_exact,"
    " is_representative, is_registered, is_away, enters_alone) SELECT village_id, household_id,"
    " group_id, '多出来的', sex, born_on_is_exact, false, is_registered, is_away, enters_alone"
    " FROM resident WHERE id = {vera}",
    "DELETE FROM roster_change WHERE id = (SELECT max(id) FROM roster_change)",
    'UPDATE roster_change SET fields = \'{{"name": ["Someone", "Vera Li"]}}\''
    " WHERE id = (SELECT max(id) FROM roster_change)",
]


@pytest.mark.parametrize("statement", TAMPERED)
def test_a_roster_changed_behind_the_record_is_found(app, cast, statement):
    seal()
    change(cast.vera.resident_id, name="Vera Li")
    assert roster_faults() == []
    with transaction(), without_triggers("roster_change"):
        db.session.connection().exec_driver_sql(statement.format(vera=cast.vera.resident_id))
    assert roster_faults() == [Break(1, Fault.FILE_CHANGED)]
    said = app.test_cli_runner().invoke(cli.verify).output
    assert "no. 1 file-changed: The file was changed" in said


def test_phones_and_numbers_may_be_forgotten(cast):
    seal()
    with transaction():
        db.session.connection().exec_driver_sql("UPDATE resident SET phone = NULL")
    assert roster_faults() == []


def test_the_chore_seals_once_on_a_day(app, cast, neighbour):
    now = clock.now()
    db.session.rollback()
    assert run_chores(app, CHORE, now=now) == {NAME: 2}
    change(cast.vera.resident_id, is_away=True)
    db.session.rollback()
    assert run_chores(app, CHORE, now=now) == {NAME: 0}
    assert run_chores(app, CHORE, now=now + timedelta(days=1)) == {NAME: 1}
    assert run_chores(app, CHORE, now=now + timedelta(days=2)) == {NAME: 0}
    db.session.rollback()
    assert service.count_entries() == 2
    with village_scope(neighbour.id):
        assert service.count_entries() == 1


def test_nobody_else_sees_the_secret(cast, browse, at):
    key = seal().key
    for path in ("/record/", "/record/1", "/record/1.json"):
        page = browse(cast.max).get(at(path)).text
        assert key not in page
        assert "Vera" not in page
    assert json.loads(browse().get(at("/record/1.json")).json["entry"])["kind"] == "roster"


def test_the_keys_are_the_last_judges(race, cast):
    last = rosters._newest_change()

    def keep(index):
        db.session.add(
            RosterSeal(last_change_id=last, key="0" * 64, root="0" * 64, record_number=index)
        )
        db.session.flush()

    db.session.rollback()
    assert sum(isinstance(one, IntegrityError) for one in race(4, keep)) == 3
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.connection().exec_driver_sql("DELETE FROM roster_seal")


def test_four_seal_at_once(race, cast):
    db.session.rollback()
    assert len({one.record_number for one in race(4, lambda _: rosters.seal(now=clock.now()))}) == 1
    db.session.rollback()
    assert service.count_entries() == 1
    assert db.session.query(RosterChange).count() == 4
