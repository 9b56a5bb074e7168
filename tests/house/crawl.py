"""Read every page, download and error that somebody can reach, as text."""

import html
import io
import json
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from tests.house.world import HERE, World


@dataclass
class Form:
    """A form as a page offers it."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """What a page leads to: addresses and forms."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base, self.links, self.forms = base, [], []
        self._form: Form | None = None
        self._select: str | None = None

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        for name in ("href", "src"):
            if facts.get(name):
                self.links.append(urljoin(self.base, facts[name]))
        if tag == "form":
            action = urljoin(self.base, facts.get("action") or "")
            self._form = Form(action, (facts.get("method") or "get").upper())
            self.forms.append(self._form)
        elif tag == "select":
            self._select = facts.get("name")
        elif self._form is not None:
            self._take_field(tag, facts)

    def _take_field(self, tag, facts):
        name, kind, value = facts.get("name"), facts.get("type", "text"), facts.get("value")
        if tag == "option" and self._select and value:
            self._choose(self._select, value, is_chosen="selected" in facts)
        elif tag == "input" and kind in ("checkbox", "radio"):
            self._choose(name, value or "on", is_chosen="checked" in facts)
        elif tag == "input" and name and kind not in ("file", "submit", "image", "button"):
            self._form.fields.append((name, value or _typed(kind)))
        elif tag == "textarea" and name:
            self._form.fields.append((name, "因为需要核对"))
        elif tag == "button" and name:
            self._form.fields.append((name, value or ""))

    def _choose(self, name, value, *, is_chosen):
        """Take what is chosen beforehand, or else the first that can be."""
        if name and name.startswith("show_"):
            return  # nobody's name is shown without their wish
        if is_chosen or not any(known == name for known, _ in self._form.fields):
            self._form.fields.append((name, value))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


def _typed(kind: str) -> str:
    return {"number": "1", "date": "2026-12-01", "tel": "", "email": "", "hidden": ""}.get(
        kind, "因为需要核对"
    )


def words_of(data: bytes, kind: str) -> str:
    """Return everything readable in an answer, whatever it is: metadata too."""
    if data[:5] == b"%PDF-":
        text = _told("pdftotext", data, "-layout", "-", "-")
        return text + _told("pdfinfo", data, "-")
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            return "\n".join(words_of(bundle.read(name), name) for name in bundle.namelist())
    if (kind.startswith("image/") and "svg" not in kind) or kind.startswith("font/"):
        return data.decode("latin-1")
    text = data.decode("utf-8", "replace")
    if "json" in kind:
        with suppress(ValueError):
            text = json.dumps(json.loads(text), ensure_ascii=False)
    return html.unescape(text)


def _told(tool: str, data: bytes, *args: str) -> str:
    done = subprocess.run([tool, *args], input=data, check=True, capture_output=True)
    return done.stdout.decode("utf-8", "replace")


def shape(address: str) -> str:
    """Return the address with numbers and codes left open: pages of one shape are one kind."""
    parts = urlsplit(address)
    path = re.sub(r"/[0-9A-Z]{8,}(?=/|$)|/\d+(?=/|$)", "/*", parts.path.replace(f"/{HERE}", "/+"))
    names = sorted(name.partition("=")[0] for name in parts.query.split("&"))
    return f"{path}?{'&'.join(names)}"


@dataclass
class Heard:
    """One answer: where it came from and what it says."""

    what: str
    status: int
    text: str


class Crawl:
    """A walk of one player through everything within reach."""

    def __init__(self, world: World, who: str, *, per_shape: int) -> None:
        self.world, self.who, self.per_shape = world, who, per_shape
        self.seen: set[str] = set()
        self.shapes: Counter[str] = Counter()
        self.sent: set[tuple] = set()
        self.waiting: list[str] = []

    def walk(self, starts: list[str]) -> Iterator[Heard]:
        """Read the starts and all that they lead to, each kind of page a few times."""
        for start in starts:
            yield from self._read(start, is_start=True)
        while self.waiting:
            yield from self._read(self.waiting.pop(0))

    def _read(self, address: str, *, is_start: bool = False) -> Iterator[Heard]:
        parts = urlsplit(address)
        plain = parts.path + (f"?{parts.query}" if parts.query else "")
        if parts.netloc not in ("", "localhost") or plain in self.seen:
            return
        if parts.path.startswith("/static/") or not self._is_here(parts.path):
            return
        self.seen.add(plain)
        kind = shape(plain)
        if not is_start and self.shapes[kind] >= self.per_shape:
            return
        self.shapes[kind] += 1
        yield from self._ask("GET", plain)

    @staticmethod
    def _is_here(path: str) -> bool:
        return not path.startswith("/v/") or path.startswith(f"/v/{HERE}/")

    def _ask(self, method: str, address: str, fields=None) -> Iterator[Heard]:
        client = self.world.browser(self.who)
        answer = client.open(
            address, method=method, data=_many(fields), buffered=False,
            headers={"Referer": f"http://localhost/v/{HERE}/"},
        )  # fmt: skip
        told = b"".join(self._pieces(answer))
        kind = answer.headers.get("Content-Type", "")
        headers = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.headers.items())
        answer.close()
        text = words_of(told, kind)
        yield Heard(f"{method} {address}", answer.status_code, f"{headers}\n{text}")
        if 300 <= answer.status_code < 400:
            self._later(urljoin(address, answer.headers["Location"]))
        if method != "GET":
            if 300 <= answer.status_code < 400:
                after = client.get(answer.headers["Location"], buffered=True)
                shown = words_of(after.data, after.headers.get("Content-Type", ""))
                yield Heard(f"after {method} {address}", after.status_code, shown)
            self.world.restore()
        elif "html" in kind:
            page = Page(address)
            page.feed(told.decode())
            for link in page.links:
                self._later(link)
            for form in page.forms:
                yield from self._send(form)

    @staticmethod
    def _pieces(answer) -> Iterator[bytes]:
        if "event-stream" not in answer.headers.get("Content-Type", ""):
            yield answer.get_data()
            return
        for number, piece in enumerate(answer.response):
            yield piece if isinstance(piece, bytes) else piece.encode()
            if number:
                return

    def _later(self, address: str) -> None:
        self.waiting.append(address)

    def _send(self, form: Form) -> Iterator[Heard]:
        """Send a form as it is offered, and once more with nothing in it."""
        if form.method == "GET":
            self._later(form.action)
            return
        parts = urlsplit(form.action)
        key = (shape(parts.path), tuple(sorted(name for name, _ in form.fields)))
        if key in self.sent or not self._is_here(parts.path):
            return
        self.sent.add(key)
        yield from self._ask("POST", parts.path, form.fields)
        yield from self._ask("POST", parts.path, [])


def _many(fields) -> dict[str, list[str]] | None:
    if fields is None:
        return None
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found
