"""The database: parent classes of every table, transactions, and what SQLite must be told."""

import enum
import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Engine,
    Enum,
    ForeignKey,
    MetaData,
    Table,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from portal.core import postgres as postgres
from portal.core import scope
from portal.core.errors import Refused

try:  # a SQLite without the WAL-reset fault, where there is a wheel of it (libraries.md)
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # another system: Python's own, in rollback-journal mode if it has the fault
    import sqlite3 as sqlite

EAR = "portal_live"
FILE_FAULT: type[Exception] = sqlite.Error
TURN_SECONDS = 20.0
TURN_PAUSE = 0.001

Row = TypeVar("Row")
JsonDict = dict[str, Any]
JsonList = list[Any]


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python, plain UTC on disk, alike in SQLite and PostgreSQL."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored time must know its zone")
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Parent of every table. Constraints get names, so migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        enum.Enum: Enum(
            enum.Enum, native_enum=False, length=32, values_callable=lambda e: [m.value for m in e]
        ),
    }


class VillageRow(Base):
    """Parent of every table but the region tree: a row that belongs to one village."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)

    @declared_attr
    def village_id(cls) -> Mapped[int]:  # noqa: N805 -- SQLAlchemy hands it the class
        """Name the village; new rows take the one we are in."""
        return mapped_column(
            ForeignKey("region.id"), index=True, nullable=False, default=scope.require_village
        )


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
scope.guard(VillageRow)


def engine_options(url: str) -> dict[str, Any]:
    """Return what SQLAlchemy must know to open this database.

    A fault in the log never shows what was to be written: it would tell who voted when, and more.
    """
    if url.startswith("sqlite"):
        connect_args = {"timeout": 20, "check_same_thread": False}
        return {"module": sqlite, "connect_args": connect_args, "hide_parameters": True}
    return {"pool_size": 4, "max_overflow": 8, "pool_pre_ping": True, "hide_parameters": True}


def has_wal_fault(version: tuple[int, ...]) -> bool:
    """Tell whether this SQLite can lose data in WAL mode (3.7.0 to 3.51.2)."""
    return (3, 7, 0) <= version <= (3, 51, 2)


@event.listens_for(Engine, "connect")
def prepare_sqlite(connection: Any, _record: Any) -> None:
    """Check foreign keys, keep every commit through a power cut, let readers and a writer meet."""
    if not type(connection).__module__.startswith(("sqlite3", "pysqlite3")):
        return
    connection.isolation_level = None  # transactions begin where `begin` below says
    journal = "DELETE" if has_wal_fault(sqlite.sqlite_version_info) else "WAL"
    for pragma in ("foreign_keys = ON", f"journal_mode = {journal}", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def begin(connection: Connection) -> None:
    """Take SQLite's write lock first where something will be written: later can be too late."""
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction() -> Iterator[None]:
    """Keep all the block wrote, or none of it. Only views and commands open one.

    What was read before is forgotten: the block starts from the database's present state.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was written outside of a transaction")
    if session.in_transaction() and is_writing():
        raise RuntimeError("a transaction within another would undo what that one wrote")
    session.rollback()
    with _turn():
        session.connection(execution_options={"writes": True})
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for the turn to write where there is but one writer, and that is SQLite.

    Its own waiting sleeps longer and longer, so that the latest comer is served first and the lock
    lies idle between. Here everybody asks alike often. The turn of whoever dies is free at once;
    whoever gets none in time goes on to SQLite's own door.
    """
    path = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    until = time.monotonic() + TURN_SECONDS
    with Path(f"{path}-turn").open("a") as turn:
        while time.monotonic() < until:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(TURN_PAUSE)
            else:
                break
        yield


def keep_once(row: Row, *, twice: enum.StrEnum) -> Row:
    """Write one row; where a key says that it is there already, raise Refused with this reason.

    The key is the last judge of two who come at once; the transaction goes on.
    """
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as refused:
        raise Refused(twice) from refused
    return row


def table_of(row: type[Base]) -> Table:
    """Return the table of these rows, for statements that are built once and need no objects."""
    table = row.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{row.__name__} lies in no table")
    return table


def insert_or(into: type[Base] | Table) -> Any:
    """Return an INSERT of this database that can say what to do when the row is there.

    An exception would end the whole transaction on PostgreSQL, with all that was before.
    """
    made = sqlite_dialect if db.engine.dialect.name == "sqlite" else postgresql
    return made.insert(into)


def overwrite_deleted() -> None:
    """Have SQLite write zeros over what this connection deletes from now on."""
    if db.engine.dialect.name == "sqlite":
        db.session.connection().exec_driver_sql("PRAGMA secure_delete = ON")


def forget_deleted(*tables: str) -> None:
    """Have the database forget rows that are gone from these tables, outside of a transaction.

    PostgreSQL writes them anew into another file; where somebody reads for long, it only clears
    their place. SQLite ends its write-ahead log.
    """
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        connection.exec_driver_sql("SET lock_timeout = '2s'")
        for table in tables:
            try:
                connection.exec_driver_sql(f"VACUUM (FULL) {table}")
            except OperationalError:
                connection.exec_driver_sql(f"VACUUM {table}")
        connection.exec_driver_sql("RESET lock_timeout")


def open_ear() -> Any:
    """Return a connection of its own, outside of the pool, that learns when others have committed.

    PostgreSQL's hears of everything that is told to `EAR`; SQLite's is asked for `data_version`.
    """
    fairy = db.engine.raw_connection()
    driver: Any = fairy.driver_connection
    fairy.detach()
    if db.engine.dialect.name == "postgresql":
        driver.autocommit = True
        driver.execute(f"LISTEN {EAR}")
    return driver


def data_version(ear: Any) -> int:
    """Return a number that is another one as soon as another connection of SQLite has committed."""
    [version] = ear.execute("PRAGMA data_version").fetchone()
    return int(version)


def is_writing() -> bool:
    """Tell whether a `transaction()` is open, so that something may be written."""
    return bool(db.session.connection().get_execution_options().get("writes"))


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our own types into migrations as plain SQLAlchemy, so old ones import no portal."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False
