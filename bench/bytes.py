"""Count the bytes of a first visit as Chromium receives them: ``python -m bench.bytes URL``.

Each address is opened in a new, empty browser profile of a phone's size. Counted is everything
that came over the wire until the page is quiet, headers included. A request to another host than
the page's own is an error.
"""

import argparse
import os
import shutil
import sys
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

LIMIT_BYTES = 60_000
PHONE = {"width": 360, "height": 740}
OWN_SCHEMES = ("data", "blob")


@dataclass
class Visit:
    """What one first visit brought."""

    url: str
    sizes: dict[str, int] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All bytes over the wire."""
        return sum(self.sizes.values())


def find_chromium() -> str:
    """Find the browser of the system. Raises ``FileNotFoundError``."""
    names = ("chromium", "chromium-browser", "google-chrome")
    for path in (os.environ.get("CHROMIUM"), *map(shutil.which, names)):
        if path:
            return path
    raise FileNotFoundError("no Chromium found; bash deploy/ensure_system.sh installs it")


def visit(browser: Browser, url: str, *, cookies: list[dict[str, str]] | None = None) -> Visit:
    """Open an address as somebody who has never been here."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    try:
        if cookies:
            context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        seen, addresses = Visit(url), dict[str, str]()

        def asked(event: dict[str, Any]) -> None:
            address = event["request"]["url"]
            addresses[event["requestId"]] = address
            parts = urlsplit(address)
            if parts.scheme not in OWN_SCHEMES and parts.hostname != urlsplit(url).hostname:
                seen.others.append(address)

        def finished(event: dict[str, Any]) -> None:
            address = addresses.get(event["requestId"], "?")
            if not address.startswith(tuple(f"{scheme}:" for scheme in OWN_SCHEMES)):
                seen.sizes[address] = seen.sizes.get(address, 0) + int(event["encodedDataLength"])

        wire.on("Network.requestWillBeSent", asked)
        wire.on("Network.loadingFinished", finished)
        page.goto(url, wait_until="load")
        page.wait_for_timeout(1000)
        return seen
    finally:
        context.close()


def main() -> int:
    """Print every visit; end with 1 when one is too heavy or asks a third party."""
    parser = argparse.ArgumentParser(prog="python -m bench.bytes", description=__doc__)
    parser.add_argument("urls", nargs="+", metavar="URL")
    parser.add_argument("--cookie", default="", help="sent with each visit: name=value")
    args = parser.parse_args()
    is_good = True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        for url in args.urls:
            name, _, value = args.cookie.partition("=")
            cookies = [{"name": name, "value": value, "url": url}] if name else None
            seen = visit(browser, url, cookies=cookies)
            print(f"{seen.total / 1000:7.1f} kB in {len(seen.sizes)} requests  {url}")
            for address, size in sorted(seen.sizes.items(), key=lambda item: -item[1]):
                print(f"{size / 1000:11.1f}     {urlsplit(address).path}")
            for address in seen.others:
                print(f"            third party: {address}")
            is_good &= seen.total <= LIMIT_BYTES and not seen.others
        browser.close()
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
