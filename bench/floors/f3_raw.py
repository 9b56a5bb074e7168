"""Floor F3: raw WSGI and the bare driver, one INSERT committed to the disk, and a redirect.

``FLOOR_DATABASE=sqlite:////tmp/f3.sqlite gunicorn bench.floors.f3_raw:app`` serves it. Each thread
has a connection of its own that commits each statement by itself.
"""

import os
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import psycopg

from bench.floors.database import JOURNAL, driver

URL = os.environ["FLOOR_DATABASE"]
IS_SQLITE = URL.startswith("sqlite:///")
TABLE = (
    "CREATE TABLE raw_vote"
    " (id {key} PRIMARY KEY, elector INT NOT NULL, choice TEXT NOT NULL, cast_at {time} NOT NULL)"
)
_own = threading.local()


def _connect() -> Any:
    if not IS_SQLITE:
        return psycopg.connect(URL.replace("+psycopg", "", 1), autocommit=True)
    connection = driver.connect(URL.removeprefix("sqlite:///"), timeout=30)
    connection.isolation_level = None
    for pragma in (f"journal_mode = {JOURNAL}", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def load() -> None:
    """Make the table."""
    kinds = ("INTEGER", "TEXT") if IS_SQLITE else ("SERIAL", "TIMESTAMP")
    _connect().execute(TABLE.format(key=kinds[0], time=kinds[1]))


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Keep one vote."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    form = parse_qs(body.decode("ascii"))
    if not hasattr(_own, "connection"):
        _own.connection = _connect()
    mark = "?" if IS_SQLITE else "%s"
    now = datetime.now(UTC).replace(tzinfo=None)
    _own.connection.execute(
        f"INSERT INTO raw_vote (elector, choice, cast_at) VALUES ({mark}, {mark}, {mark})",  # noqa: S608
        (int(form["elector"][0]), form["choice"][0], now.isoformat(" ")),
    )
    start_response("302 Found", [("Location", "/"), ("Content-Length", "0")])
    return [b""]
