"""Promises that hold for the whole house."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from portal.core.access import Part
from portal.core.db import Base, VillageRow

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"
RULES = sorted(PORTAL.glob("*/rules.py"))
SOURCES = sorted(PORTAL.rglob("*.py"))
TEMPLATES = sorted(PORTAL.rglob("*.html"))


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.parent.name)
def test_rules_import_neither_flask_nor_a_database(path):
    code = (
        f"import portal.{path.parent.name}.rules, sys;"
        "sys.exit(bool({'flask', 'sqlalchemy', 'wtforms', 'pandas', 'reportlab'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_rules_never_ask_the_clock():
    guilty = [p for p in RULES if re.search(r"\.(now|today|utcnow)\(\)", p.read_text())]
    assert guilty == []


def test_only_core_commits():
    guilty = [p for p in SOURCES if re.search(r"session(\(\))?\.commit", p.read_text())]
    assert guilty == [PORTAL / "core" / "db.py"]


def test_nobody_writes_sql_by_hand():
    """Raw SQL would pass by the village's guard; append_only.py makes triggers, with no data in them."""
    guilty = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("exec_driver_sql", "execute")
        and node.args
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert sorted(set(guilty)) == ["portal/core/db.py"]


def test_every_row_belongs_to_a_village():
    homeless = [
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if not issubclass(mapper.class_, VillageRow)
    ]
    assert homeless == ["Region"]
    assert all(
        not table.c.village_id.nullable
        for name, table in Base.metadata.tables.items()
        if name != "region"
    )


def routes(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


@pytest.mark.parametrize("database", ["sqlite"])
def test_every_route_says_whom_it_is_open_to(app):
    silent = [
        r.endpoint for r in routes(app) if not hasattr(app.view_functions[r.endpoint], "open_to")
    ]
    assert silent == []


def test_a_planted_route_without_a_policy_is_found(make_app):
    app = make_app(create=False)
    app.add_url_rule("/planted", "planted", lambda: "")
    with pytest.raises(AssertionError):
        test_every_route_says_whom_it_is_open_to(app)


PEOPLE = ("none", "vera", "nora", "otto", "max", "paula", "sun", "ada")


def filled(rule) -> str:
    """Return an address of the rule with things in it that exist nowhere."""
    address = rule.rule
    for name in rule.arguments - {"village_code"}:
        known = re.search(rf"<any\(([^,)]+)[^>]*:{name}>", address)
        value = known[1].strip("\"' ") if known else "999999"
        address = re.sub(rf"<([^<>]*:)?{name}>", value, address)
    return address


def test_guarded_pages_refuse_everybody_else(app, cast, browse, village):
    """Every route × the cast: whoever plays none of the parts is refused before anything is read."""
    browsers = {who: browse(getattr(cast, who, None)) for who in PEOPLE}
    parts = {
        "none": set(),
        "nora": set(),
        "otto": set(),
        "vera": {Part.VILLAGER, Part.HOUSEHOLD_REP},
        "max": {Part.VILLAGER, Part.HOUSEHOLD_REP, Part.COMMITTEE},
        "sun": {Part.VILLAGER, Part.HOUSEHOLD_REP, Part.SUPERVISOR},
        "paula": {Part.PLANNER},
        "ada": {Part.ADMIN},
    }
    checked, wrong = 0, []
    for rule in routes(app):
        open_to = app.view_functions[rule.endpoint].open_to
        if Part.ANYONE in open_to:
            continue
        address = filled(rule).replace("<village_code>", village.code)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            for who, browser in browsers.items():
                if parts[who] & open_to:
                    continue
                answer = browser.open(address, method=method)
                expected = (
                    (302,)
                    if who == "none" and method == "GET"
                    else (401,)
                    if who == "none"
                    else (403,)
                )
                checked += 1
                if answer.status_code not in expected:
                    wrong.append((rule.endpoint, method, who, answer.status_code))
    assert wrong == []
    assert checked > 100


def test_no_template_has_script_or_style_inside():
    guilty = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in TEMPLATES
        for match in re.finditer(
            r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=\"", path.read_text()
        )
    ]
    assert guilty == []


def test_every_word_is_said_in_chinese():
    with (ROOT / "translations/zh_Hans/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    silent = [
        m.id
        for m in catalogue
        if m.id and (m.fuzzy or not all([m.string] if isinstance(m.string, str) else m.string))
    ]
    assert silent == []


def test_the_catalogue_knows_every_word(tmp_path):
    """Words in the source that were never gathered would stay English on a Chinese page."""
    template = tmp_path / "messages.pot"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "babel.messages.frontend",
            "-q",
            "extract",
            "-F",
            "translations/babel.cfg",
            "-k",
            "_l",
            "-o",
            str(template),
            "portal",
        ],
        cwd=ROOT,
        check=True,
    )
    with (
        template.open("rb") as wanted,
        (ROOT / "translations/zh_Hans/LC_MESSAGES/messages.po").open("rb") as file,
    ):
        missing = {m.id for m in read_po(wanted)} - {m.id for m in read_po(file, locale="zh_Hans")}
    assert missing == set()


def test_no_setting_of_a_try_out_starts_in_production():
    code = "from portal.config import Settings; Settings(production=True)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    names = ("SECRET_KEY", "RECORD_KEY", "SMS", "SECOND_FACTOR", "PUBLIC_URL")
    assert [name for name in names if f"PORTAL_{name}" not in run.stderr] == []


def test_production_starts_when_it_is_told_everything():
    code = "from portal.config import Settings; Settings(production=True)"
    safe = {
        "PORTAL_SECRET_KEY": "Zk3nW9qLr7Tx2VbY6mHc8JdPfGsA4uEo",
        "PORTAL_RECORD_KEY": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "PORTAL_SMS": "none",
        "PORTAL_SECOND_FACTOR": "required",
        "PORTAL_PUBLIC_URL": "https://village.example",
        "PATH": "",
    }
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=safe).returncode == 0


def test_the_catalogue_compiles(tmp_path):
    """Babel refuses a translation that lost or invented a %(placeholder)s."""
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "babel.messages.frontend",
            "-q",
            "compile",
            "-i",
            "translations/zh_Hans/LC_MESSAGES/messages.po",
            "-o",
            str(tmp_path / "messages.mo"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_no_form_is_taken_without_its_token(app, cast, browse, village):
    """Every deed needs the token against forged requests; the look alone does not (decision 4)."""
    app.config.update(WTF_CSRF_ENABLED=True, WTF_CSRF_CHECK_DEFAULT=True)
    browser, taken = browse(cast.max), []
    for rule in routes(app):
        if "POST" in rule.methods:
            address = filled(rule).replace("<village_code>", village.code)
            if browser.post(address).status_code != 400:
                taken.append(rule.endpoint)
    assert taken == ["people.preferences"]


def test_the_look_is_not_changed_from_another_house(app, browse):
    other = browse(None).post("/preferences", headers={"Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 400
    own = browse(None).post("/preferences", data={"mode": "elder", "next": "//evil.example"})
    assert own.location == "/"
    assert "look=elder." in own.headers["Set-Cookie"]
