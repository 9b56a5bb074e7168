"""Start the floors and the portal under the same gunicorn settings, on this machine only."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.databases import Database
from bench.load import HOST

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Served:
    """A server at work: its port, and its first process, whose children are the workers."""

    port: int
    pid: int


@contextmanager
def serving(
    app: str,
    *,
    environment: dict[str, str],
    options: list[str],
    settings: str = "deploy/gunicorn_pages.py",
) -> Iterator[int]:
    """Serve a WSGI application with the settings of ``make run``; give its port."""
    with running(app, environment=environment, options=options, settings=settings) as served:
        yield served.port


@contextmanager
def running(
    app: str,
    *,
    environment: dict[str, str],
    options: list[str],
    settings: str = "deploy/gunicorn_pages.py",
    cores: str = "",
    is_quiet: bool = False,
) -> Iterator[Served]:
    """Serve a WSGI application with the settings of ``make run``.

    ``options`` are gunicorn's, and win over the settings; ``cores`` are those it may use ("0,1").
    A quiet one says nothing of its faults, where they are meant to happen.
    """
    port = free_port()
    command = [
        *(("taskset", "--cpu-list", cores) if cores else ()),
        *(sys.executable, "-m", "gunicorn", "--config", settings),
        *("--bind", f"{HOST}:{port}", "--log-level", "warning", "--access-logfile", os.devnull),
        *options,
        app,
    ]
    errors = subprocess.DEVNULL if is_quiet else None
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stderr=errors)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{app} did not start")
            time.sleep(0.05)
        yield Served(port, server.pid)
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def floors(database: Database, *, options: list[str]) -> Iterator[dict[str, int]]:
    """Serve all floors from databases of their own; give their ports by name."""
    with ExitStack() as stack:
        ports = {"hello": stack.enter_context(_floor("hello", {}, options=options))}
        for name in ("f1_page", "f2_write", "f3_raw"):
            environment = {"FLOOR_DATABASE": database.url(name)}
            _load(name, environment)
            ports[name] = stack.enter_context(_floor(name, environment, options=options))
        yield ports


def _floor(name: str, environment: dict[str, str], *, options: list[str]):  # type: ignore[no-untyped-def]
    return serving(
        f"bench.floors.{name}:app",
        environment=environment,
        options=options,
        settings="bench/floors/settings.py",
    )


def _load(name: str, environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-c", f"from bench.floors.{name} import load; load()"],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
    )


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
