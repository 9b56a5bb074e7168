"""Whatever somebody types into an address, the answer is a page, never a fault of ours."""

import re

from tests.house.test_house import routes

ODD = (
    "page=-1", "page=999999999999999999999", "page=x", "q=%00", "q=%25%27%22%3Cscript%3E", "group=abc",
    "group=99999999999999999999", "before=x", "before=-5", "before=99999999999999999999", "after=%00",
    "until=9999-99", "about=%00", "village=%00", "code=%00", "next=//evil.example", "what=%00",
)  # fmt: skip


def addresses(app, village):
    for rule in routes(app):
        if "GET" not in rule.methods or getattr(
            app.view_functions[rule.endpoint], "is_stream", False
        ):
            continue
        for value in ("1", "%00", "99999999999999999999"):
            address = rule.rule.replace("<village_code>", village.code)
            for name in rule.arguments - {"village_code"}:
                known = re.search(rf"<any\(([^,)]+)[^>]*:{name}>", address)
                given = known[1].strip("\"' ") if known else value
                address = re.sub(rf"<([^<>]*:)?{name}>", given, address)
            yield address
            if not rule.arguments - {"village_code"}:
                break


def test_no_address_is_a_fault(app, cast, browse, village):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browsers = {
        who: browse(person)
        for who, person in {
            "nobody": None,
            "max": cast.max,
            "paula": cast.paula,
            "vera": cast.vera,
        }.items()
    }
    wrong, asked = [], 0
    for address in addresses(app, village):
        for who, browser in browsers.items():
            for query in ODD if who == "max" else ODD[::5]:
                asked += 1
                answer = browser.get(f"{address}?{query}")
                if answer.status_code >= 500:
                    wrong.append((who, f"{address}?{query}", answer.status_code))
    assert wrong == []
    assert asked > 500


def test_no_odd_form_is_a_fault(app, cast, browse, village):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browsers = {"max": browse(cast.max), "vera": browse(cast.vera), "paula": browse(cast.paula)}
    odd = {
        "body": "\x00", "key": "\x00" * 40, "chosen": "99999999999999999999", "phone": "\x00", "slip": "\x00",
        "code": "\x00", "who": "r99999999999999999999", "group_id": "99999999999999999999", "note": "\x00",
        "reason": "\x00", "item": "99999999999999999999", "times": "-1", "done_on": "9999-99-99", "next": "\x00",
        "revision": "99999999999999999999", "client_key": "\x00", "name": "\x00", "title": "\x00", "digest": "\x00",
    }  # fmt: skip
    wrong = []
    for rule in routes(app):
        if "POST" not in rule.methods:
            continue
        address = rule.rule.replace("<village_code>", village.code)
        for name in rule.arguments - {"village_code"}:
            known = re.search(rf"<any\(([^,)]+)[^>]*:{name}>", address)
            address = re.sub(
                rf"<([^<>]*:)?{name}>", known[1].strip("\"' ") if known else "1", address
            )
        for who, browser in browsers.items():
            for data in ({}, odd):
                answer = browser.post(address, data=dict(data))
                if answer.status_code >= 500:
                    wrong.append((who, address, bool(data), answer.status_code))
    assert wrong == []
