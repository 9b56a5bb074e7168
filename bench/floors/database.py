"""The database of the floors: the portal's drivers and their settings, nothing else of it."""

from sqlalchemy import Engine, create_engine, event

try:
    import pysqlite3 as driver
except ImportError:
    import sqlite3 as driver

JOURNAL = "WAL" if driver.sqlite_version_info >= (3, 51, 3) else "DELETE"


def open_engine(url: str) -> Engine:
    """Open a database whose commits are on the disk when they return."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=4, max_overflow=8)
    engine = create_engine(url, module=driver, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def settle(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.execute(f"PRAGMA journal_mode = {JOURNAL}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    return engine
