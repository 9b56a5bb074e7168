"""Faults between proxy, server and database that hit others (trust.md §3)."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from portal.core import db as databases
from tests.house.test_access import addresses, routes
from tests.peer import guards
from tests.peer.test_doors import to

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


@pytest.fixture(scope="module")
def served(world):
    """Serve the world with gunicorn; return its port."""
    port = free_port()
    env = os.environ | {
        "PORTAL_DATABASE_URL": f"sqlite:///{world.file}",
        "PORTAL_JOBS_PATH": str(world.file.with_suffix(".jobs")),
        "PORTAL_SECRET_KEY": "for the world",
        "PORTAL_PAGES_WORKERS": "1",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn_pages.py",
         "--bind", f"127.0.0.1:{port}", "wsgi:app"],
        cwd=ROOT, env=env,
    )  # fmt: skip
    wait_for(port)
    yield port
    server.terminate()
    server.wait(20)


@pytest.fixture(scope="module")
def proxied(served, tmp_path_factory):
    """Put a caching nginx before it, which caches whatever the answers allow; return its port."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert nginx, "nginx is not installed: deploy/ensure_system.sh installs it"
    home, port = tmp_path_factory.mktemp("nginx"), free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    (home / "nginx.conf").write_text(f"""
daemon off; {user} pid {home}/pid; error_log {home}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f;
  uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
  proxy_cache_path {home}/cache keys_zone=pages:10m;
  server {{
    listen 127.0.0.1:{port};
    proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
    proxy_cache pages; proxy_cache_methods GET HEAD; add_header X-Cache $upstream_cache_status always;
    location / {{ proxy_pass http://127.0.0.1:{served}; }}
    location /careless/ {{
      proxy_pass http://127.0.0.1:{served}/; proxy_cache_valid any 1m;
      proxy_ignore_headers Cache-Control Vary Set-Cookie Expires;
    }}
  }}
}}""")
    server = subprocess.Popen([nginx, "-c", str(home / "nginx.conf"), "-p", str(home)])
    wait_for(port)
    yield port
    server.terminate()
    server.wait(20)


def say(port: int, data: bytes, *, patience: float = 6) -> bytes:
    """Send bytes as they are and return all that comes until the line is closed or silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as line:
        line.sendall(data)
        told = b""
        with suppress(TimeoutError, ConnectionResetError):
            while piece := line.recv(65536):
                told += piece
    return told


def get(port: int, path: str, cookie: str = "") -> str:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    asked = "\r\n".join([*lines, "", ""]).encode()
    return say(port, asked, patience=60).decode("utf-8", "replace")


# --- P52: one reader gets another's page from a cache -----------------------------------------------------


def crossed(world, port: int, prefix: str = "") -> list[str]:
    """Let one signed-in person read every page through the proxy, then others; look for the first."""
    cookie = f"{world.app.config['SIGN_IN_COOKIE']}={world.players['committee'].token}"
    other = f"{world.app.config['SIGN_IN_COOKIE']}={world.players['neighbour'].token}"
    found = []
    for path in (to(world, "people.me"), to(world, "people.home"), to(world, "roster.index")):
        mine = get(port, prefix + path, cookie)
        assert "HTTP/1.1 200" in mine
        for reader in (other, ""):
            if body_of(get(port, prefix + path, reader)) == body_of(mine):
                found.append(path)
    return found


def body_of(answer: str) -> str:
    return re.sub(r'name="csrf_token"[^>]*>', "", answer.partition("\r\n\r\n")[2])


def test_p52_no_cache_keeps_a_page_for_somebody_else(world, proxied):
    assert crossed(world, proxied) == []
    assert crossed(world, proxied, "/careless") != []


def shared(world) -> list[str]:
    """Return the pages that a cache may keep from somebody signed in, and give to another."""
    found = []
    for rule, method in routes(world.app):
        if method != "GET" or getattr(world.app.view_functions[rule.endpoint], "is_stream", False):
            continue
        address = next(iter(addresses(world, rule)))[1]
        answer = world.browser("representative").get(address)
        how = answer.headers.get("Cache-Control", "")
        if "public" in how:
            is_safe = "Set-Cookie" not in answer.headers and (
                answer.data == world.browser("nobody").get(address).data
            )
        else:
            # a photo may lie in the browser's own cache, which asks the portal each time it is shown
            is_safe = "no-store" in how or {"private", "no-cache"} <= set(how.split(", "))
        if not is_safe or "Cookie" not in answer.headers.get("Vary", ""):
            found.append(address)
        answer.close()
    return found


def test_p52_every_answer_to_somebody_signed_in_is_theirs_alone(world):
    assert shared(world) == []
    with guards.no_answer_is_hardened(world):
        assert shared(world) != []


# --- P60: two readers of one request disagree about its end ------------------------------------------------

SMUGGLED = {
    "length and chunks": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
    "two lengths": b"Content-Length: 1\r\nContent-Length: 6\r\n\r\nabcdef",
    "unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "coding twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "blank before colon": b"Content-Length : 3\r\n\r\nabc",
    "length with a sign": b"Content-Length: +3\r\n\r\nabc",
    "folded header": b"Content-Length: 3\r\n X: y\r\n\r\nabc",
}


def refused(port: int, rest: bytes) -> bool:
    """Tell whether a request is answered by one refusal, and nothing behind it is read."""
    patience = 60 if b"Connection: close" in rest else 6
    request = b"POST /preferences HTTP/1.1\r\nHost: localhost\r\n" + rest
    answer = say(port, request, patience=patience)
    statuses = re.findall(rb"HTTP/1\.[01] (\d{3})", answer)
    return len(statuses) <= 1 and all(status[:1] == b"4" or status == b"501" for status in statuses)


class Careless(BaseHTTPRequestHandler):
    """Takes a request for whole by the first length that it says, and looks at nothing else."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = re.search(r"\d+", self.headers.get("Content-Length", "0"))
        self.rfile.read(int(length[0]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said):
        """Say nothing."""


@pytest.fixture(scope="module")
def careless():
    """Serve without any care for the end of a request; return the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Careless) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize("how", SMUGGLED)
@pytest.mark.parametrize("door", ["served", "proxied"])
def test_p60_a_request_that_ends_twice_is_refused(request, careless, door, how):
    port = request.getfixturevalue(door)
    assert refused(port, SMUGGLED[how])
    assert not refused(port, b"Content-Length: 3\r\nConnection: close\r\n\r\na=b")
    assert not refused(careless, SMUGGLED[how])


# --- P61: a SQLite that can lose what was committed ------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "journal"),
    [((3, 51, 2), "delete"), ((3, 40, 1), "delete"), ((3, 51, 3), "wal"), ((3, 52, 0), "wal")],
)
def test_p61_a_faulty_sqlite_never_writes_ahead(tmp_path, monkeypatch, version, journal):
    monkeypatch.setattr(databases.sqlite, "sqlite_version_info", version)
    assert journal_of(tmp_path / "x.db") == journal
    with guards.any_sqlite_will_do():
        assert journal_of(tmp_path / "y.db") == "wal"


def journal_of(file: Path) -> str:
    connection = databases.sqlite.connect(file)
    databases.prepare_sqlite(connection, None)
    [journal] = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    return journal
