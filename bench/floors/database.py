"""The database of the floors: the portal's SQLite driver and its settings, nothing else of it."""

from sqlalchemy import Engine, create_engine, event

try:
    import pysqlite3 as driver
except ImportError:
    import sqlite3 as driver

JOURNAL = "WAL" if driver.sqlite_version_info >= (3, 51, 3) else "DELETE"


def open_engine(path: str) -> Engine:
    """Open a SQLite file whose commits are on the disk when they return."""
    engine = create_engine(f"sqlite:///{path}", module=driver, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def settle(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.execute(f"PRAGMA journal_mode = {JOURNAL}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    return engine
