"""Start the floors and the portal under the same gunicorn settings, on this machine only."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.load import HOST

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    app: str,
    *,
    environment: dict[str, str],
    options: list[str],
    settings: str = "deploy/gunicorn_pages.py",
) -> Iterator[int]:
    """Serve a WSGI application with the settings of ``make run``; give its port.

    ``options`` are gunicorn's, and win over the settings.
    """
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "--config", settings),
        *("--bind", f"{HOST}:{port}", "--log-level", "warning", "--access-logfile", os.devnull),
        *options,
        app,
    ]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{app} did not start")
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def floors(folder: Path, *, options: list[str]) -> Iterator[dict[str, int]]:
    """Serve all floors from databases of their own in the folder; give their ports by name."""
    with ExitStack() as stack:
        ports = {"hello": stack.enter_context(_floor("hello", folder, options=options))}
        for name in ("f1_page", "f2_write"):
            _load(name, folder)
            ports[name] = stack.enter_context(_floor(name, folder, options=options))
        yield ports


def _floor(name: str, folder: Path, *, options: list[str]):  # type: ignore[no-untyped-def]
    return serving(
        f"bench.floors.{name}:app",
        environment=_environment(name, folder),
        options=options,
        settings="bench/floors/settings.py",
    )


def _environment(name: str, folder: Path) -> dict[str, str]:
    return {"FLOOR_DATABASE": str(folder / f"{name}.sqlite")}


def _load(name: str, folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", f"from bench.floors.{name} import load; load()"],
        cwd=ROOT,
        env={**os.environ, **_environment(name, folder)},
        check=True,
    )


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
