"""The portal as `make run` serves it, and a phone that opens it."""

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.conftest import PATIENCE

ROOT = Path(__file__).parents[2]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
LOOKS = {
    "zh": "normal.20.light.zh_Hans",
    "elder": "elder.22.light.zh_Hans",
    "dark": "normal.20.dark.zh_Hans",
    "en": "normal.20.light.en",
}


@dataclass
class Portal:
    """A portal that serves: where, the ways in, and what it printed."""

    village: str
    slips: dict[str, str]
    log: Path
    environment: dict[str, str]
    base_map: Path
    plan = "青溪村(示例)村庄规划"  # other journeys publish plans of their own

    @property
    def origin(self) -> str:
        return self.village.split("/v/")[0]


def free_port() -> int:
    """Return a port on which nobody listens, with its successor free too."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _serve(environment: dict[str, str], log: Path) -> subprocess.Popen:
    """Start the portal, and wait until it serves."""
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "deploy/serve.py"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    until = time.monotonic() + 150
    while "Serving on" not in log.read_text():
        if server.poll() is not None or time.monotonic() > until:
            pytest.fail(f"the portal did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.1)
    return server


@pytest.fixture(scope="session")
def portal(tmp_path_factory, built) -> Portal:
    """Serve the demonstration village on SQLite, as `make run` does."""
    home, port = tmp_path_factory.mktemp("portal"), free_port()
    log = home / "log"
    environment = os.environ | {
        "PORT": str(port),
        "PORTAL_DATABASE_URL": f"sqlite:///{home}/portal.db",
        "PORTAL_JOBS_PATH": f"{home}/jobs.db",
        "PORTAL_SECRET_KEY": "a key for journeys",
        "PORTAL_BASE_MAP": f"{home}/county.pmtiles",  # not there yet
        "PYTHONUNBUFFERED": "1",
    }
    with built.with_name("journey.lock").open("w") as turn:  # the village is made once for all
        fcntl.flock(turn, fcntl.LOCK_EX)
        kept = built.with_name("journey.db")
        if kept.exists():
            shutil.copyfile(kept, home / "portal.db")
        server = _serve(environment, log)
        if not kept.exists():
            own = sqlite3.connect(home / "portal.db")
            with closing(own), closing(sqlite3.connect(kept)) as copy:
                own.backup(copy)
    slips = dict(re.findall(r"^\s+([a-z-]+)\s+phone \d+\s+slip (\S+)", log.read_text(), re.M))
    village = re.search(r"(http://\S+?/v/\d{12})/", log.read_text())[1]
    yield Portal(village, slips, log, environment, home / "county.pmtiles")
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=30)


@pytest.fixture(scope="session")
def plan(portal, chromium):
    """The address of the plan on notice."""
    page = chromium.new_page()
    page.goto(portal.village + "/plans/")
    line = page.locator("main a[href*='/plans/']", has_text=portal.plan).first
    address = line.get_attribute("href")
    page.close()
    return portal.origin + address


@pytest.fixture
def phone(chromium, portal):
    """Make phones: each opens the portal as a part of the village, signed in already."""
    contexts: list[BrowserContext] = []

    def make(part=None, look="zh", size=PHONE, javascript=True) -> Page:
        context = chromium.new_context(
            viewport=size,
            device_scale_factor=2 if size is PHONE else 1,
            has_touch=size is PHONE,
            locale="zh-CN",
            reduced_motion="reduce",  # axe must not look at a colour that is still fading in
            java_script_enabled=javascript,
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "look", "value": LOOKS[look], "url": portal.origin}])
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on(
            "console",
            lambda message: page.faults.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        if part:
            page.goto(portal.slips[part])
            page.locator("form[action$='/sign-in/slip'] button[type=submit]").click()
            page.wait_for_url(portal.village + "/")
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def take(request):
    """Return a taker of pictures; they are kept in docs/pictures when PICTURES says so."""
    kept = ROOT / os.environ["PICTURES"] if "PICTURES" in os.environ else None

    def picture(page: Page, name: str, *, full: bool = False) -> None:
        page.wait_for_load_state("load")
        data = page.screenshot(full_page=full)
        assert data.startswith(b"\x89PNG")
        if kept:
            kept.mkdir(parents=True, exist_ok=True)
            (kept / f"{name}.png").write_bytes(data)

    return picture


def dress(page: Page, look: str) -> None:
    """Let an open page look otherwise, as far as its styles go."""
    mode, size, theme, _language = LOOKS[look].split(".")
    page.evaluate(
        """([mode, size, theme]) => {
            const html = document.documentElement;
            Object.assign(html.dataset, {mode, theme});
            html.className = "size-" + size;
        }""",
        [mode, size if mode == "elder" else "17", theme],
    )


def go(page: Page, button) -> None:
    """Press what leads to another page, and wait until that one is there."""
    with page.expect_navigation():
        button.click()


ASKED = {"resultTypes": ["violations"], "selectors": False}
"""All rules of axe; what it says about the parts without fault is not put together."""


CHANGED = {"elder": ["color-contrast", "target-size"], "dark": ["color-contrast"]}
"""What a look changes by its styles alone, as rules of axe; the words stay as they are."""


def faults_of(page: Page, only: Sequence[str] = ()) -> list[str]:
    """Return what axe finds wrong with a page, and any overflow to the side."""
    page.wait_for_load_state("load")
    asked = ASKED | ({"runOnly": {"type": "rule", "values": list(only)}} if only else {})
    found = [
        f"{page.url}: {v['id']} ({v['impact']}): {v['nodes'][0]['html'][:200]} {json.dumps(v['nodes'][0]['any'][:1], ensure_ascii=False)[:300]}"
        for v in Axe().run(page, options=asked).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{page.url}: wider than the screen")
    return found
