"""SQLite has one writer: whoever writes waits for their turn, and the turn of the dead is free."""

import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from portal.core import db as databases
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people.models import VillagerGroup

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the other has many

HOLD = """
import fcntl, sys, time
with open(sys.argv[1], "a") as turn:
    fcntl.flock(turn, fcntl.LOCK_EX)
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def path(app):
    return f"{db.engine.url.database}-turn"


@contextmanager
def held(path):
    """Let another process have the turn, until it is killed."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE)
    try:
        assert holder.stdout.readline() == b"held\n"
        yield holder
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


def write(app, village_id, written):
    with app.app_context(), village_scope(village_id), transaction():
        db.session.add(VillagerGroup(number=8, name="?"))
    written.set()


def test_who_writes_waits_until_the_other_is_done_or_dead(app, village, path):
    db.session.rollback()
    written = threading.Event()
    with held(path) as holder:
        writer = threading.Thread(target=write, args=(app, village.id, written))
        writer.start()
        assert not written.wait(0.3)
        holder.kill()
        assert written.wait(10)
        writer.join()
    assert db.session.scalar(select(func.count()).select_from(VillagerGroup)) == 1


def test_who_gets_no_turn_in_time_goes_on_to_the_database_itself(app, village, path, monkeypatch):
    monkeypatch.setattr(databases, "TURN_SECONDS", 0.2)
    db.session.rollback()
    began = time.monotonic()
    with held(path):
        write(app, village.id, threading.Event())
    assert time.monotonic() - began > 0.2
    assert db.session.scalar(select(func.count()).select_from(VillagerGroup)) == 1
