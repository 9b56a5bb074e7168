"""Whatever somebody types, sends or uploads, the answer is a page, never a fault of ours."""

import io
import re
import zipfile
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal import demo
from portal.core.db import db
from portal.people import service as people
from portal.people.models import Account
from tests.house.crawl import Page
from tests.house.test_house import routes

ODD = (
    "page=-1", "page=999999999999999999999&v=%00", "page=x&year=99999999999999999999",
    "q=%00&group=abc&before=x&until=9999-99&code=%00&kind=%00&place=%00&state=%00&class=%00&at=%00",
    "q=%25%27%22%3Cscript%3E&group=99999999999999999999&before=-5&after=%00&about=%00&village=%00"
    "&with=99999999999999999999&version=99999999999999999999&account=x&resident=x&who=%00&role=%00",
    "before=99999999999999999999&next=//evil.example&what=%00&year=x&with=x&version=%00&part=%00"
    "&left=x&outside=x&show=%00&under=x&preset=%00&changes=x&v=99999999999999999999",
)  # fmt: skip
WHO = ("committee", "planner", "administrator", "operator", "villager", None)


@pytest.fixture
def lively(app, demonstration, browse):
    """Return what opens a browser as somebody of the demonstration village."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    accounts = {}
    for who in filter(None, WHO):
        place = people.find_place(demo.CODE[:6] if who == "operator" else demo.CODE)
        phone = select(Account).where(Account.phone == demo.PARTS[who][1])
        account = db.session.scalar(phone.where(Account.village_id == place.id))
        accounts[who] = SimpleNamespace(account_id=account.id, village_id=place.id)
    return lambda who: browse(accounts.get(who))


def addresses(app, value, method="GET"):
    """Yield the address of every page, with this value wherever one names a thing."""
    for rule in routes(app):
        if method not in rule.methods:
            continue
        if getattr(app.view_functions[rule.endpoint], "is_stream", False):
            continue
        place = demo.CODE[:6] if rule.endpoint.startswith(("regions.", "county_")) else demo.CODE
        address = rule.rule.replace("<village_code>", place)
        names = rule.arguments - {"village_code"}
        for name in names:
            known = re.search(rf"<any\(([^,)]+)[^>]*:{name}>", address)
            given = known[1].strip("\"' ") if known else value
            address = re.sub(rf"<([^<>]*:)?{name}>", given, address)
        if names or value == "1":
            yield address


def faults(ask, least):
    """Return what `ask` says of each answer that is a fault of ours."""
    answers = list(ask)
    assert len(answers) > least
    return [(what, status) for what, status in answers if status >= 500]


@pytest.mark.parametrize("who", WHO)
def test_no_address_is_a_fault(app, lively, who):
    def ask():
        browser = lively(who)
        is_first = who == WHO[0]
        for value in ("1", "%00", "99999999999999999999") if is_first else ("1",):
            some = ODD if is_first and value == "1" else ODD[3:4]
            for address in addresses(app, value):
                for query in some:
                    answer = browser.get(f"{address}?{query}")
                    answer.close()
                    yield f"{address}?{query}", answer.status_code

    assert faults(ask(), least=100) == []


class Forms(Page):
    """The forms of a page, with what somebody can write into them and which files they take."""

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        if self._form is None or tag not in ("form", "input", "textarea", "select"):
            return
        if tag == "form":
            self._form.free, self._form.files = set(), set()
        facts = dict(attrs)
        kind = facts.get("type", "text")
        if kind == "file":
            self._form.files.add(facts["name"])
        elif tag == "textarea" or (tag == "input" and kind not in ("hidden", "checkbox", "radio")):
            self._form.free.add(facts.get("name"))


def forms(app, browser):
    """Yield each form that somebody is offered, once."""
    met = set()
    for address in addresses(app, "1"):
        answer = browser.get(address)
        if "html" in answer.headers.get("Content-Type", ""):
            page = Forms(address)
            page.feed(answer.text)
            for form in page.forms:
                names = frozenset(name for name, _ in form.fields)
                key = (re.sub(r"\d+", "1", form.action), names)
                if form.method == "POST" and key not in met:
                    met.add(key)
                    yield form
        answer.close()


WRITTEN = ("\x00", "99999999999999999999", "9999-99-99", "NaN", "1e400", "-1", "𠮷" * 4000, "{]")


@pytest.mark.parametrize("who", WHO[:5])
def test_no_odd_form_is_a_fault(app, lively, who):
    def ask():
        for number, form in enumerate(list(forms(app, lively(who)))):
            offered = dict(form.fields)
            odd = WRITTEN[number % len(WRITTEN)]
            for data in (
                {},
                dict.fromkeys(offered, odd),
                offered | dict.fromkeys(form.free & set(offered), odd),
            ):
                answer = lively(who).post(form.action, data=data)
                yield f"{form.action} {data}"[:400], answer.status_code

    assert faults(ask(), least=30) == []


def _zip(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        for name, data in files.items():
            bundle.writestr(name.replace("_", "."), data)
    return packed.getvalue()


FILES = {
    "\x00.xlsx": b"PK\x03\x04" + b"\x00" * 50,
    "../" * 80 + "a.zip": _zip(a_shp=b"\x00" * 100, a_dbf=b"\xff" * 40, doc_kml=b"<kml>&e;"),
    "a.geojson": b'{"type": "FeatureCollection", "features": [null, {"geometry": 1}]}',
    "b.json": b"[" * 200_000,
    "c.jpg": b"\xff\xd8\xff\xe0" + b"\x00" * 64,
    "d.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff",
    "e.pdf": b"%PDF-1.7\n1 0 obj << /Type /Catalog",
    "f.csv": "编号,名称\n\x00,\x00\n".encode() + b"\xff\xfe",
    "g.gpkg": b"SQLite format 3\x00" + b"\x00" * 84,
    "h.p12": b"0\x82" + b"\xff" * 60,
    "i" * 300: b"",
}


def test_no_odd_file_is_a_fault(app, lively):
    taken = []

    def ask():
        for who in ("committee", "administrator"):
            for form in [form for form in forms(app, lively(who)) if form.files]:
                taken.append(form.action)
                for name, data in FILES.items():
                    files = {field: (io.BytesIO(data), name) for field in form.files}
                    answer = lively(who).post(form.action, data=dict(form.fields) | files)
                    yield f"{who} {form.action} {name!r}"[:200], answer.status_code

    assert faults(ask(), least=100) == []
    assert len(set(taken)) > 5
