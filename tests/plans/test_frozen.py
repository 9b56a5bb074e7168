"""What a version says is frozen with it: the database refuses a late edit, whoever makes it."""

import re
import threading
from decimal import Decimal

import pytest
from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import Base, db, transaction
from portal.core.scope import enter_village
from portal.maps import service as maps
from portal.plans import service, stepping
from portal.plans.content import sha256
from portal.plans.gathering import content_of
from portal.plans.life_models import FREE, FROZEN
from portal.plans.models import Goal, PlanVersion
from portal.plans.rules import FacilityStatus
from portal.villages.rules import FacilityKind
from tests.plans.conftest import NOON, notice

TABLES = {model.__tablename__: FREE.get(model, frozenset()) for model in FROZEN}
HEADS = {"plan", "plan_version", "map_sheet"}


@pytest.fixture
def whole(draft):
    """A draft with a row in every table of a plan's content."""
    with transaction():
        service.add_structure_line(
            draft, code="0101", base_ha=Decimal(1), target_ha=Decimal(1), now=NOON
        )
        service.add_facility(
            draft, kind=FacilityKind.CLINIC, name="卫生室", status=FacilityStatus.PLANNED, now=NOON
        )
        service.add_control(draft, subject="zone:0202", title="管控", text="不建房", now=NOON)
    return draft


def late(name, verb):
    """Return a statement that would change what a version says, by a row as it is."""
    table = Base.metadata.tables[name]
    row = dict(db.session.execute(select(table).where(table.c.village_id > 0)).mappings().one())
    if verb == "insert":
        return insert(table).values(row | {"id": 900})
    if verb == "delete":
        return delete(table).where(table.c.id == row["id"], table.c.village_id > 0)
    column = next(c.name for c in table.columns if c.name not in TABLES[name] | {"id"})
    changed = update(table).where(table.c.id == row["id"], table.c.village_id > 0)
    return changed.values({column: row[column]})


def test_nothing_that_a_version_says_changes_after_its_freezing(whole):
    """A draft can be changed, a frozen one cannot; a new plan, version or sheet comes at any time."""
    with transaction():
        for name in TABLES:
            db.session.execute(late(name, "update"))
    with transaction():
        notice(whole)
    for name in TABLES:
        verbs = ("update", "delete") if name in HEADS else ("insert", "update", "delete")
        for verb in verbs:
            with pytest.raises(IntegrityError, match=f"{name} is frozen"), transaction():
                db.session.execute(late(name, verb))
    assert service.recheck(service.get_version(whole))


def test_every_table_that_a_version_speaks_from_is_frozen(whole):
    read = set()

    def note(_conn, _cursor, statement, *_rest):
        read.update(re.findall(r'(?:FROM|JOIN) "?(\w+)', statement))

    db.session.expunge_all()
    event.listen(db.engine, "before_cursor_execute", note)
    content_of(service.get_version(whole))
    event.remove(db.engine, "before_cursor_execute", note)
    assert read == set(TABLES)


def test_what_is_told_of_a_version_goes_on(published):
    """Its state, its days and what its indicators are now are no part of what it says."""
    with transaction():
        for name, free in TABLES.items():
            table = Base.metadata.tables[name]
            row = db.session.execute(select(table).where(table.c.village_id > 0)).mappings().first()
            if free:
                found = update(table).where(table.c.id == row["id"], table.c.village_id > 0)
                db.session.execute(found.values({column: row[column] for column in free}))
    assert service.recheck(service.get_version(published))


@pytest.mark.parametrize("comes_first", ["edit", "freezing"])
def test_a_late_edit_that_asks_nobody_never_leaves_a_wrong_fingerprint(
    app, village, draft, comes_first
):
    """Whatever writes past the service waits for the freezing and is refused, or is frozen too.

    Without the row that the trigger holds, PostgreSQL lets in what began before the other ended.
    """
    begun, outcome = threading.Event(), {}

    def edit():
        db.session.add(Goal(village_id=village.id, version_id=draft, position=77, title="赶上"))
        db.session.flush()

    def freeze():
        version = stepping.lock(draft)
        version.content_sha256, version.frozen_at = sha256(content_of(version)), NOON
        db.session.flush()

    deeds = {"edit": edit, "freezing": freeze}
    second = next(name for name in deeds if name != comes_first)

    def run():
        with app.app_context(), app.test_request_context():
            enter_village(village.id)
            begun.set()
            try:
                with transaction():
                    deeds[second]()
            except IntegrityError as error:
                outcome["error"] = str(error)
            finally:
                db.session.remove()

    other = threading.Thread(target=run)
    with transaction():
        deeds[comes_first]()
        other.start()
        begun.wait()
        other.join(0.5)  # it has begun, and waits for us
        assert other.is_alive()
    other.join()
    db.session.rollback()
    assert service.recheck(db.session.get_one(PlanVersion, draft))
    assert ("plan_goal is frozen" in outcome.get("error", "")) is (comes_first == "freezing")


def test_a_sheet_of_no_version_is_changed_freely(published):
    with transaction():
        sheet = maps.add_sheet(title="别的图", source="")
        sheet.title = "又一张"
    assert maps.gather(sheet.id).title == "又一张"
