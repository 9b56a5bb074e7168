"""Input that broke others (trust.md §3). Each test is shown to be able to fail."""

import ast
import io
import re
import time
import tracemalloc
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    event,
    text,
)

from portal.core.db import Base, db
from tests.house.test_access import addresses, routes
from tests.house.world import HERE
from tests.peer import guards
from tests.peer.test_doors import lists, to

PORTAL = Path(__file__).parents[2] / "portal"

# --- P06: SQL in what is sorted and searched by ---------------------------------------------------

BOUNDARIES = (
    "'", '"', "')", "';--", "\\'", "%' OR '1'='1", "1 OR 1=1", "1) OR (1=1", "0 UNION SELECT 1--",
    "1;SELECT pg_sleep(2)--", "'||(SELECT pg_sleep(2))||'", "1 AND randomblob(200000000)",
    "(SELECT CASE WHEN 1=1 THEN 1 ELSE 1/0 END)", "name;DROP TABLE resident", "%00", "\x00", "%",
    "_", "1e309", "-1", "99999999999999999999",
)  # fmt: skip
ASKED = ("q", "page", "group", "before", "at", "after", "sort", "order", "code", "version", "until")
SLOW = 1.5
"""Seconds; the sleeping payloads would take two, each time they are sent."""
MARK = "zqxj"
"""A word that no statement of ours holds."""


def pages_that_search(world) -> list[str]:
    return sorted(
        {
            address
            for rule, method in routes(world.app)
            if method == "GET" and not rule.arguments - {"village_code"}
            for _state, address in addresses(world, rule)
        }
    )


def asked(client, page, name, payload) -> tuple[int, float]:
    begin = time.perf_counter()
    answer = client.get(page, query_string={name: payload})
    answer.close()
    return answer.status_code, time.perf_counter() - begin


def odd_answers(client, pages) -> list[tuple]:
    """Return what failed, and what slept: a machine that is busy is not so twice in a row."""
    found = []
    for page in pages:
        for name in ASKED:
            for payload in BOUNDARIES:
                status, took = asked(client, page, name, payload)
                if status < 500 and took > SLOW:
                    status, took = asked(client, page, name, payload)
                if status >= 500 or took > SLOW:
                    found.append((page, name, payload, status, took))
    return found


def statements_marked(client, pages) -> list[str]:
    """Return the statements into which something that was asked for was written."""
    found = []

    def look(connection, cursor, statement, *_rest):
        if MARK in statement:
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", look)
    try:
        for page in pages:
            for name in ASKED:
                for payload in BOUNDARIES:
                    asked(client, page, name, f"{MARK}{payload}")
    finally:
        event.remove(Engine, "before_cursor_execute", look)
    return found


@pytest.mark.alone
def test_p06_nothing_that_is_searched_for_is_sql(world):
    pages = [f"/v/{HERE}/desk/roster", *lists(world)[:6]]
    client = world.browser("committee")
    assert odd_answers(client, pages) == []
    assert statements_marked(client, pages) == []
    with world.second_app() as planted:

        def naive():
            key = request.args.get("sort", "id")
            query = text(f"SELECT id FROM resident WHERE village_id = 1 ORDER BY {key} LIMIT 1")
            return str(db.session.execute(query).all())

        planted.add_url_rule("/naive", "naive", naive)
        planted.testing = False
        assert odd_answers(planted.test_client(), ["/naive"]) != []
        assert statements_marked(planted.test_client(), ["/naive"]) != []


def test_p06_a_wildcard_is_a_letter(world):
    """`%` and `_` find those who have them in their name: nobody."""
    client = world.browser("committee")
    for sign in ("%", "_"):
        page = client.get(f"/v/{HERE}/desk/roster", query_string={"q": sign})
        assert "13800" not in page.text
        assert page.status_code == 200


# --- P07: SQL put together by hand -----------------------------------------------------------------


def sql_by_hand(source: str) -> list[int]:
    """Return the lines in which text() or execute() gets a string that was put together."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("text", "execute", "exec_driver_sql", "literal_column") and node.args:
                first = node.args[0]
                is_sum = isinstance(first, ast.BinOp | ast.JoinedStr)
                is_format = isinstance(first, ast.Call) and (
                    getattr(first.func, "attr", "") == "format"
                )
                if is_sum or is_format:
                    lines.append(node.lineno)
    return lines


def test_p07_no_sql_is_put_together():
    found = {
        str(path.relative_to(PORTAL)): lines
        for path in PORTAL.rglob("*.py")
        if (lines := sql_by_hand(path.read_text()))
    }
    allowed = {"core/append_only.py", "core/db.py"}  # triggers and pragmas: no data in them
    assert set(found) <= allowed
    assert sql_by_hand('db.execute(text(f"SELECT {x}"))') == [1]
    assert sql_by_hand('db.execute("SELECT " + x)') == [1]


# --- P17: one kind of number taken for another -------------------------------------------------------


def mismatched(metadata) -> list[str]:
    return [
        f"{key.parent} -> {key.column}"
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if type(key.parent.type) is not type(key.column.type)
    ]


def test_p17_every_reference_has_the_type_of_what_it_refers_to():
    assert mismatched(Base.metadata) == []
    planted = MetaData()
    Table("paper", planted, Column("id", Integer, primary_key=True))
    Table("copy", planted, Column("paper_id", String, ForeignKey("paper.id")))
    assert mismatched(planted) == ["copy.paper_id -> paper.id"]


# --- P30: the error page of an import repeats what it refuses ----------------------------------------

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"


def test_p30_a_hostile_roster_is_shown_as_words(world):
    rows = f"姓名,{HOSTILE},性别,出生日期,联系电话,户号,组别\n{HOSTILE},x,{HOSTILE},{HOSTILE},{HOSTILE},1,1\n"
    upload = {"file": (io.BytesIO(rows.encode()), f"{HOSTILE}.csv")}
    answer = world.browser("committee").post(
        to(world, "roster.import_roster"), data=upload, content_type="multipart/form-data"
    )
    world.restore()
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text
    assert not re.search(r"<(img|svg)[^>]*\bon\w+=", answer.text)
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_p30_no_page_marks_words_as_safe_by_hand():
    """`|safe` and Markup() stand only where text was cleaned or made by us."""
    marked = {
        str(path.relative_to(PORTAL))
        for path in [*PORTAL.rglob("*.html"), *PORTAL.rglob("*.py")]
        if re.search(r"\|\s*safe\b|\bMarkup\(", path.read_text())
    }
    assert marked == set(MARKED)


MARKED = {
    "core/markdown.py": "cleaned by nh3",
    "plans/views.py": "drawings of ours, and pieces of the page that our templates wrote",
    "plans/changes_views.py": "a piece of the page that our templates wrote",
    "plans/map_views.py": "a piece of the page that our templates wrote",
    "plans/difference_views.py": "a drawing of ours",
    "analysis/views.py": "a drawing of ours",
    "analysis/conflict_views.py": "a drawing of ours",
    "notices/templates/notices/sheet.html": "a QR code of ours",
    "sign_in/templates/sign_in/new_app.html": "a QR code of ours",
    "villages/templates/villages/slip.html": "a QR code of ours",
    "assisting/templates/assisting/slip.html": "a QR code of ours",
    "meetings/templates/meetings/door.html": "a QR code of ours",
    "meetings/templates/meetings/poster.html": "a QR code of ours",
}

# --- P34: a file name leads out of its folder ---------------------------------------------------------

CLIMBS = (
    "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd",
    "....//....//etc/passwd", "..\\..\\windows\\win.ini", "\\\\server\\share\\x", "file:///etc/passwd",
    "..%c0%af..%c0%afetc/passwd", "static/../../portal/config.py", "%00/etc/passwd",
)  # fmt: skip


def climbed(client, starts) -> list[str]:
    found = []
    for start in starts:
        for climb in CLIMBS:
            answer = client.get(start + climb)
            if "root:" in answer.text or "class Settings" in answer.text:
                found.append(start + climb)
            answer.close()
    return found


def test_p34_no_address_climbs_out_of_its_folder(world, tmp_path):
    starts = ["/static/", "/", f"/v/{HERE}/", f"/v/{HERE}/disclosure/1/", f"/v/{HERE}/plans/1/"]
    assert climbed(world.browser("committee"), starts) == []
    naive = Flask(__name__)
    naive.add_url_rule("/open/<path:name>", "open", lambda name: Path("/", name).read_text())
    assert climbed(naive.test_client(), ["/open/"]) != []


# --- P35: an uploaded file is run by whoever opens it ---------------------------------------------------


def run_in_place(world) -> list[str]:
    """Return the files that are no attachment, and the answers whose type may be guessed."""
    found, seen = [], 0
    for rule, method in routes(world.app):
        if method != "GET" or getattr(world.app.view_functions[rule.endpoint], "is_stream", False):
            continue
        for _state, address in addresses(world, rule):
            answer = world.browser("committee").get(address)
            kind = answer.headers.get("Content-Type", "").partition(";")[0]
            is_file = answer.status_code == 200 and kind not in PAGES
            seen += is_file
            if is_file and "attachment" not in answer.headers.get("Content-Disposition", ""):
                found.append(address)
            if answer.headers.get("X-Content-Type-Options") != "nosniff":
                found.append(f"sniffed {address}")
            answer.close()
    assert seen > 5
    return found


def test_p35_what_was_uploaded_comes_back_as_an_attachment(world):
    assert run_in_place(world) == []
    with guards.an_export_is_shown():
        assert run_in_place(world) != []
    with guards.no_answer_is_hardened(world):
        assert any("sniffed" in address for address in run_in_place(world))


PAGES = {
    "text/html", "image/svg+xml", "application/json", "text/event-stream", "image/png", "image/jpeg",
    "application/manifest+json", "text/javascript", "application/pdf",
}  # fmt: skip
"""Made by us, or by us anew (photos of boards); pictures and papers are shown in place."""


def kept_files(metadata) -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }


def test_p16_no_column_keeps_a_scan_of_a_document():
    """ID cards are never photographed: files are ours, plans, questionnaires, votes or photos of boards."""
    files = {
        "disclosure_file.content", "disclosure_proof.content", "survey.source",
        "second_factor.public_key", "layer_upload.data", "plan_import.data", "notice_photo.data",
        "urn.ciphertext", "belenios_archive.content", "belenios_archive.fresh", "media_file.data",
        "media_file.thumb",
    }  # fmt: skip
    assert kept_files(Base.metadata) == files
    planted = MetaData()
    Table("resident", planted, Column("id_card", LargeBinary))
    assert kept_files(planted) == {"resident.id_card"}


# --- P54: a body that is too much -------------------------------------------------------------------------


def bodies() -> dict[str, tuple[bytes, str]]:
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n' for _ in range(30_000)
    )
    lines = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"\r\n" * 1_500_000
    large = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"a" * 19_000_000
    multipart = "multipart/form-data; boundary=x"
    return {
        "many parts": (parts + b"--x--\r\n", multipart),
        "many line ends": (lines + b"\r\n--x--\r\n", multipart),
        "one large field": (large + b"\r\n--x--\r\n", multipart),
    }


def cost_of(client, address, body, kind) -> tuple[int, float, int]:
    """Return status, seconds, and the bytes by which memory grew at most."""
    tracemalloc.start()
    begin = time.perf_counter()
    answer = client.post(address, data=body, content_type=kind)
    took = time.perf_counter() - begin
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return answer.status_code, took, peak


LIMITS = ("MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS")


def is_cheap(client, address, body, kind) -> bool:
    status, took, peak = cost_of(client, address, body, kind)
    # about 0.1 s alone; the machine is shared with other tests
    return status in (400, 413) and peak < 50 * 1024 * 1024 and took < 5


@pytest.mark.parametrize("which", ["many parts", "many line ends", "one large field"])
def test_p54_a_body_that_is_too_much_costs_little(world, which):
    body, kind = bodies()[which]
    address = to(world, "sign_in.send_code")
    assert is_cheap(world.browser("resident"), address, body, kind)
    with world.second_app(**dict.fromkeys(LIMITS)) as boundless:
        assert not is_cheap(boundless.test_client(), address, body, kind)


def unset(app) -> list[str]:
    return [limit for limit in LIMITS if not app.config[limit]]


def test_p54_the_limits_are_set(world):
    assert unset(world.app) == []
    with world.second_app(**dict.fromkeys(LIMITS)) as boundless:
        assert unset(boundless) == [*LIMITS]


# --- P55: a cookie that shadows another ---------------------------------------------------------------------


def signed_in_by(world) -> list[str]:
    """Return the cookies, with a name or without, that open a page of the committee."""
    name = world.app.config["SIGN_IN_COOKIE"]
    token = world.players["committee"].token
    return [
        header
        for header in (f"={name}={token}", f"x={name}={token}", f"{name}={token}")
        for client in [world.app.test_client(use_cookies=False)]
        if client.get(to(world, "roster.index"), headers={"Cookie": header}).status_code != 302
    ]


def test_p55_a_cookie_without_a_name_signs_nobody_in(world):
    own = f"{world.app.config['SIGN_IN_COOKIE']}={world.players['committee'].token}"
    assert signed_in_by(world) == [own]
    with guards.a_cookie_is_found_anywhere():
        assert signed_in_by(world) == [f"={own}", own]
