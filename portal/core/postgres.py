"""Connections to PostgreSQL that keep their prepared statements from one request to the next.

psycopg prepares what is asked often, and forgets all of it with every ROLLBACK, for it cannot know
what was undone. Most requests only read and end with one; so PostgreSQL planned each of their
statements anew, which took longer than running them. Where nothing was written there is nothing to
undo, and COMMIT does the same without the forgetting.
"""

from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event


class KeepingConnection(psycopg.Connection[Any]):
    """A connection that commits instead of rolling back where it has only read."""

    has_written = False

    def rollback(self) -> None:
        """Undo what was written since the transaction began, if anything was."""
        if self.has_written or self.info.transaction_status is not TransactionStatus.INTRANS:
            super().rollback()
        else:
            super().commit()


@event.listens_for(Engine, "do_connect")
def connect(dialect: Any, _record: Any, given: list[Any], named: dict[str, Any]) -> Any:
    """Open our kind of connection where the database is PostgreSQL."""
    return KeepingConnection.connect(*given, **named) if dialect.driver == "psycopg" else None


@event.listens_for(Engine, "begin")
def begin(connection: Connection) -> None:
    """Begin a transaction in which nothing was written, unless it is there for writing."""
    driver = connection.connection.dbapi_connection
    if isinstance(driver, KeepingConnection):
        driver.has_written = bool(connection.get_execution_options().get("writes"))


@event.listens_for(Engine, "before_cursor_execute")
def watch(
    connection: Connection, _cursor: Any, statement: str, _values: Any, _context: Any, _many: bool
) -> None:
    """Note whatever is not a plain SELECT: it may write, wherever it comes from."""
    driver = connection.connection.dbapi_connection
    if isinstance(driver, KeepingConnection) and not statement.lstrip().startswith("SELECT "):
        driver.has_written = True
