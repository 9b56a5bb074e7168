"""Serve the portal on this machine: pages and event streams in process groups of their own.

``make run`` ends here. One command prepares (``flask start``: migrations, the demonstration
village once, who may sign in), then two gunicorns serve; both end together, whichever way the
end comes: Ctrl-C, kill, a closed terminal, or one of them falling over.
"""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
HOST = "127.0.0.1"
PAGES_PORT = int(os.environ.get("PORT", "8000"))
STREAMS_PORT = PAGES_PORT + 1
START_SECONDS = 60.0
END_SECONDS = 10.0


class Stopped(Exception):
    """Somebody asked the servers to end."""


def read_or_make_secret(path: Path) -> str:
    """Give this machine's own signing key, made at random the first time."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()


def answers(port: int) -> bool:
    """Tell whether a worker answers a request on the port, whatever it says."""
    ask = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        ask.request("HEAD", "/")
        ask.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        ask.close()
    return True


def is_taken(port: int) -> bool:
    """Tell whether somebody answers on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def settings(name: str) -> dict[str, str]:
    """Give the environment of a process group: what it serves, and where the other one is."""
    pages, streams = f"http://{HOST}:{PAGES_PORT}", f"http://{HOST}:{STREAMS_PORT}"
    ours = {
        "PORTAL_STREAMS": name,
        "PORTAL_PUBLIC_URL": pages,
        "PORTAL_PAGE_ORIGIN": pages,
        "PORTAL_STREAM_ORIGIN": streams,
    }
    return {**ours, **os.environ}


def start_group(name: str, port: int) -> subprocess.Popen[bytes]:
    """Start one gunicorn with its configuration ``deploy/gunicorn_<name>.py``."""
    return subprocess.Popen(  # noqa: S603 - our own arguments only
        [
            *(sys.executable, "-m", "gunicorn", "--config", f"deploy/gunicorn_{name}.py"),
            *("--bind", f"{HOST}:{port}", "wsgi:app"),
        ],
        cwd=ROOT,
        env=settings(name),
        start_new_session=True,  # Ctrl-C reaches us alone, and we end both in order
    )


def wait_until_serving(groups: dict[int, subprocess.Popen[bytes]]) -> None:
    """Return when every port answers. Raise ``RuntimeError`` when a server ends instead."""
    deadline = time.monotonic() + START_SECONDS
    for port, group in groups.items():
        while not answers(port):
            if group.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server on port {port} did not start")
            time.sleep(0.05)


def end(groups: list[subprocess.Popen[bytes]]) -> None:
    """Ask every server to end, and insist when one does not."""
    for group in groups:
        if group.poll() is None:
            group.terminate()
    deadline = time.monotonic() + END_SECONDS
    for group in groups:
        try:
            group.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(group.pid, signal.SIGKILL)
            group.wait()


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Turn a signal into the end of ``main``."""
    raise Stopped


def main() -> int:
    """Prepare, serve, and answer with the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    for port in (PAGES_PORT, STREAMS_PORT):
        if is_taken(port):
            print(f"Port {port} is in use. Try another one: make run PORT=8100", file=sys.stderr)
            return 1
    VAR.mkdir(exist_ok=True)
    os.environ.setdefault("PORTAL_SECRET_KEY", read_or_make_secret(VAR / "secret_key"))
    groups: list[subprocess.Popen[bytes]] = []
    try:
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "start"],
            cwd=ROOT,
            env=settings("both"),
            check=True,
        )
        groups = [start_group("pages", PAGES_PORT), start_group("streams", STREAMS_PORT)]
        wait_until_serving(dict(zip((PAGES_PORT, STREAMS_PORT), groups, strict=True)))
        print(f"\n  Serving on http://{HOST}:{PAGES_PORT}/   (Ctrl-C ends it)\n", flush=True)
        while all(group.poll() is None for group in groups):
            time.sleep(0.5)
        print("A server ended by itself; ending the other.", file=sys.stderr)
        return 1
    except Stopped:
        return 0
    except subprocess.CalledProcessError as failed:
        return failed.returncode
    except RuntimeError as reason:
        print(reason, file=sys.stderr)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end(groups)


if __name__ == "__main__":
    sys.exit(main())
