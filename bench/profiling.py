"""Show where the time of a request goes: ``python -m bench.profiling plan``.

The request is sent through the test client, against the demonstration village in a temporary
directory: first bare, for its time and its SQL statements, then under cProfile.
"""

import argparse
import cProfile
import pstats
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bench import village

REPEATS = 200


def watch_statements(send: Callable[[], object]) -> list[tuple[str, float]]:
    """Return the SQL statements of one call, and the time each took in the database."""
    statements: list[tuple[str, float]] = []

    def before(connection: Any, *_rest: object) -> None:
        connection.info["began"] = time.perf_counter()

    def after(connection: Any, _cursor: object, statement: str, *_rest: object) -> None:
        took = time.perf_counter() - connection.info["began"]
        statements.append((" ".join(statement.split()), took))

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        send()
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)
    return statements


def main() -> None:
    """Print time, statements and the functions that take longest."""
    parser = argparse.ArgumentParser(prog="python -m bench.profiling", description=__doc__)
    parser.add_argument(
        "page", choices=("plan", "plan-signed-in", "vote", "vote-sealed", "opinion", "message")
    )
    parser.add_argument("--sort", default="tottime", choices=("tottime", "cumtime"))
    parser.add_argument("--lines", type=int, default=45)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        ours = village.prepare(Path(folder), seed=1, ballots=2, sealed=2)
        send = ours.sender(args.page)
        for _ in range(20):
            send()
        for statement, took in watch_statements(send):
            print(f"{1e6 * took:7.0f} µs  {statement[:150]}")
        began = time.perf_counter()
        for _ in range(REPEATS):
            send()
        print(f"\n{1000 * (time.perf_counter() - began) / REPEATS:.2f} ms a request\n")
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(REPEATS):
            send()
        profile.disable()
        pstats.Stats(profile).sort_stats(args.sort).print_stats(args.lines)


if __name__ == "__main__":
    main()
