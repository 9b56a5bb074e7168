"""Whoever still owes their second proof is nobody, on every page but those where they show it."""

import pytest
from flask import g, request_finished
from werkzeug.routing import IntegerConverter

from portal.assisting.models import Recognition
from portal.core import retention
from portal.core.db import db

KNOWN_ON = {
    "people.me",
    "sign_in.add_passkey",
    "sign_in.ask_for_passkey",
    "sign_in.ask_to_add_passkey",
    "sign_in.begin_app",
    "sign_in.confirm_app",
    "sign_in.index",
    "sign_in.make_recovery",
    "sign_in.new_app",
    "sign_in.remove_factor",
    "sign_in.second",
    "sign_in.security",
    "sign_in.show_app",
    "sign_in.show_passkey",
    "sign_in.show_recovery",
    "sign_in.sign_out",
    "sign_in.switch",
    "sign_in.take_turn",
}
ARGUMENTS = {"kind": "plan", "purpose": "sms", "format": "pdf"}


def addresses(app, village):
    """Yield the endpoint, an address and a method of each route of the whole URL map."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "static":
                continue
            values = {
                name: 1
                if isinstance(converter, IntegerConverter)
                else village.code
                if name == "village_code"
                else sorted(getattr(converter, "items", None) or {ARGUMENTS.get(name, "x")})[0]
                for name, converter in rule._converters.items()
            }
            address = adapter.build(rule.endpoint, values, method=next(iter(rule.methods)))
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, address, method


@pytest.fixture
def owing(strict, cast, totp, village):
    """Return who owes a proof: with an app and no part, with one and a part, with a post only."""
    totp(cast.otto)
    totp(cast.vera)
    return cast.otto, cast.vera, cast.ada


def test_no_page_but_these_knows_them(app, owing, browse, village):
    asked = known = 0
    seen = []

    def note(_app, **_facts):
        seen.append(g.get("viewer") is not None)

    for person in owing:
        client = browse(person)
        cookie = client.get_cookie(app.config["SIGN_IN_COOKIE"]).value
        for endpoint, address, method in addresses(app, village):
            if endpoint == "sign_in.sign_out":
                continue  # it would end the session
            if person is owing[2] and not address.startswith("/v/"):
                continue  # a post is owed for where it counts, and for nowhere else
            client.set_cookie(app.config["SIGN_IN_COOKIE"], cookie)
            seen.clear()
            with request_finished.connected_to(note, app):
                client.open(address, method=method).close()
            is_known = any(seen)
            assert not is_known or endpoint in KNOWN_ON, (person.name, endpoint, method)
            asked += 1
            known += is_known
    assert asked > 600
    assert known >= 3 * (len(KNOWN_ON) - 1)


def test_the_pages_that_know_them_are_these(app):
    views = app.view_functions
    assert {name for name, view in views.items() if getattr(view, "unproven", False)} == KNOWN_ON


def test_nobody_asks_to_be_recognised_before_their_proof(owing, browse, at):
    client = browse(owing[0])
    page = client.get(at("/assisting/recognition"))
    assert page.location.startswith(at("/sign-in"))
    assert client.get(page.location).location.startswith(at("/sign-in/second"))
    sent = client.post(at("/assisting/recognition"), data={"name": "Vera", "place": "1"})
    assert sent.status_code == 403
    assert db.session.query(Recognition).count() == 0
    assert at("/assisting/recognition") not in client.get(at("/me")).text


def test_sessions_are_neither_listed_nor_ended_before_it(owing, browse, at):
    client = browse(owing[1])
    assert client.get(at("/sign-in/security")).location.startswith(at("/sign-in/second"))
    assert client.post(at("/sign-in/security/sessions/end-others")).status_code == 403


def test_the_notice_is_not_read_in_their_name(owing, browse, at):
    client = browse(owing[1], new=True)
    read = {"privacy_read": retention.version()}
    assert client.post(at("/privacy/read"), data=read).status_code == 403
