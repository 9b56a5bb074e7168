"""Work done beside the pages: a queue in a file, and a consumer inside the web process.

Every process may offer itself; the file lock lets one at a time work, and the next takes over
when it ends. A chore can run twice without harm.
"""

import fcntl
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from huey import SqliteHuey, crontab
from huey.consumer import Consumer

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import all_villages, village_scope

Chore = Callable[..., int]
Duty = Callable[..., int]
TICK = 2.0


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    """A consumer that leaves the signals to the web server."""

    def _set_signal_handlers(self) -> None:
        pass


def run_chores(app: Flask, chores: tuple[Chore, ...], *, now: datetime) -> dict[str, int]:
    """Run every chore in a transaction of its own; return what each has done, by its name."""
    done = {}
    for chore in chores:
        with app.app_context(), all_villages("chores look after every village"), transaction():
            done[f"{chore.__module__}.{chore.__name__}"] = chore(now=now)
            db.session.flush()
    return done


def do_duties(app: Flask) -> None:
    """Do what is due every few seconds, such as handling events; a fault is logged and waits."""
    for duty in app.extensions["duties"]:
        try:
            duty(app, now=clock.now())
        except Exception:  # the database may be away for a while
            app.logger.exception("%s failed", duty.__name__)


def for_each(
    app: Flask,
    rows: Iterable[Any],
    deed: Callable[[int], object],
    *,
    unless: tuple[type[Exception], ...] = (),
) -> int:
    """Do something to each row, given by its number and village; return for how many it was done.

    Each has a transaction of its own. A deed that returns False had nothing to do yet. `unless` are
    refusals that leave a row as it is; any other fault is logged, and the rows after it still have
    their turn.
    """
    done = 0
    for number, village_id in rows:
        try:
            with village_scope(village_id), transaction():
                is_done = deed(number) is not False
        except unless:
            continue
        except Exception:
            app.logger.exception("%s failed for %s of village %s", deed, number, village_id)
        else:
            done += is_done
    return done


def make_queue(app: Flask, path: Path, chores: tuple[Chore, ...]) -> SqliteHuey:
    """Return the queue of this house, with its chores in it: they run every ten minutes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    queue = SqliteHuey("portal", filename=str(path), results=False)

    @queue.periodic_task(crontab(minute="*/10"), name="chores")  # type: ignore[untyped-decorator]  # huey has no types
    def _chores() -> None:
        app.logger.info("chores: %s", run_chores(app, chores, now=clock.now()))

    return queue


def start(app: Flask) -> threading.Thread:
    """Offer this process as the one that works; called once in each worker."""
    queue: SqliteHuey = app.extensions["jobs"]
    path: Path = app.config["SETTINGS"].jobs_path

    def work() -> None:
        with path.with_suffix(".lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # waits here until it is this process's turn
            consumer = _Consumer(queue, workers=1, periodic=True, check_worker_health=False)
            consumer.start()
            while True:
                do_duties(app)
                time.sleep(TICK)

    thread = threading.Thread(target=work, name="jobs", daemon=True)
    thread.start()
    return thread
