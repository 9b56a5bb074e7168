"""How a process learns that something has moved which its readers wait for.

Whoever writes says so (`moved`). In the same process the broadcasters are woken as soon as it is
committed; PostgreSQL carries it to every other process and machine; on SQLite, which is one
machine, a connection asks the file whether it was written to, which costs no query. What is told
is only that it is worth to ask for the counters: a note that is lost loses nothing, for they are
asked now and then in any case.
"""

from collections.abc import Callable
from typing import Any, Protocol

import psycopg
from flask import current_app
from sqlalchemy import event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.core.db import EAR, FILE_FAULT, data_version, db, open_ear

FILE_TICK = 0.02
"""Seconds between two looks at a SQLite file."""
NET_TICK = 5.0
"""Seconds after which the counters are asked although nobody has told of anything."""
FAULTS = (SQLAlchemyError, psycopg.Error, FILE_FAULT)
"""What is raised while the database is away."""

Wake = Callable[[], None]


def moved() -> None:
    """Say, within the transaction that does it, that a counter moves for which readers wait."""
    session = db.session()
    session.info["has_moved"] = True
    if db.engine.dialect.name == "postgresql":
        session.execute(select(func.pg_notify(EAR, "")))  # heard when it is committed, else never


@event.listens_for(Session, "after_commit")
def wake_own(session: Session) -> None:
    """Wake the broadcasters of this process; those of the others hear of it by the database."""
    if session.in_nested_transaction():  # a savepoint: nobody else can see it yet
        return
    if session.info.pop("has_moved", False) and current_app:
        wakers: list[Wake] = current_app.extensions.get("wakers", [])
        for wake in wakers:
            wake()


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    """Wake nobody for what was undone."""
    if not session.in_nested_transaction():
        session.info.pop("has_moved", None)


class Ear(Protocol):
    """Hears what other processes have committed. `tick`: ask it at least as often, in seconds."""

    tick: float

    def fileno(self) -> int:
        """Return what to wait on, or -1 where there is nothing."""

    def has_moved(self) -> bool:
        """Tell whether something was committed since this was last asked."""

    def close(self) -> None:
        """Let go of the database."""


class FileEar:
    """Hears on SQLite, by looking at the file."""

    tick = FILE_TICK

    def __init__(self) -> None:
        self._driver: Any = open_ear()
        self._version = data_version(self._driver)

    def fileno(self) -> int:
        """Return that there is nothing to wait on."""
        return -1

    def has_moved(self) -> bool:
        """Tell whether anybody has written to the file."""
        before, self._version = self._version, data_version(self._driver)
        return before != self._version

    def close(self) -> None:
        """Close the file."""
        self._driver.close()


class NoticeEar:
    """Hears on PostgreSQL, from any process of any machine."""

    tick = NET_TICK

    def __init__(self) -> None:
        self._driver: psycopg.Connection[Any] = open_ear()

    def fileno(self) -> int:
        """Return the connection's own."""
        return self._driver.fileno()

    def has_moved(self) -> bool:
        """Tell whether anybody has told of something, or raise psycopg.Error: the line is dead."""
        return bool(list(self._driver.notifies(timeout=0)))

    def close(self) -> None:
        """Close the connection."""
        self._driver.close()


def open_own_ear() -> Ear:
    """Return the ear for this process's database."""
    return FileEar() if db.engine.dialect.name == "sqlite" else NoticeEar()
