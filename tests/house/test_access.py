"""Who may do what: every route × method × everybody × every state of the thing it is about.

`tests/house/access.txt` states it, one line for each route and method, apart from the code; a route
that is not stated, a stated route that is gone, and an answer that was not expected are all faults.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.core.access import Part
from tests.house import world as worlds
from tests.house.states import EXCEPTIONS, LEADING, STATES, Outcome

STATED = Path(__file__).with_name("access.txt")
BEHALF, ACCOUNT, HOME = "+behalf", "+account", "+home"
MOVED = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Statement:
    """What the table states of a route and method."""

    open_to: frozenset[Part]
    on_behalf: bool
    asks: str = ""


def stated() -> dict[tuple[str, str], Statement]:
    """Return whom the table lets in, by endpoint and method."""
    found = {}
    for line in STATED.read_text().splitlines():
        if line and not line.startswith("#"):
            endpoint, method, *words = line.split()
            parts = frozenset(Part(word) for word in words if word[0] != "+")
            asks = next((word for word in words if word in (ACCOUNT, HOME)), "")
            found[endpoint, method] = Statement(parts, BEHALF in words, asks)
    return found


def routes(app):
    """Yield each rule that is a page or a deed, with each of its methods."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield rule, method


def unstated(app) -> set[tuple[str, str]]:
    return {(rule.endpoint, method) for rule, method in routes(app)} ^ set(stated())


def test_every_route_is_stated_and_every_statement_has_its_route(world):
    assert unstated(world.app) == set()


def test_the_code_says_what_is_stated(world):
    views = world.app.view_functions
    differing = {
        key: (sorted(views[key[0]].open_to), views[key[0]].on_behalf, "stated", stated)
        for key, stated in stated().items()
        if (views[key[0]].open_to, views[key[0]].on_behalf) != (stated.open_to, stated.on_behalf)
    }
    assert differing == {}


def test_a_planted_route_is_noticed(world):
    app = worlds.make_app(world.file)
    app.add_url_rule("/v/<village_code>/planted", "planted", lambda: "")
    assert unstated(app) == {("planted", "GET")}


def test_every_player_plays_the_stated_parts(world):
    """The cast itself is right: what a player may do follows from these."""
    app = world.app
    for who, parts in worlds.PARTS.items():
        client = world.browser(who)
        with client:
            client.get(f"/v/{worlds.HERE}/me")
            viewer = worlds.flask_viewer()
        assert (viewer.parts if viewer else frozenset()) == parts, who
    assert app.config["SECOND_FACTOR_REQUIRED"]


def place_of(endpoint) -> str:
    """Return the code of the place whose page is asked for: pages of regions are the county's."""
    return worlds.HERE[:6] if endpoint.startswith(worlds.OF_REGIONS) else worlds.HERE


def addresses(world, rule):
    """Yield each address of a rule, with the state of the thing that it names."""
    address = rule.rule.replace("<village_code>", place_of(rule.endpoint))
    names = rule.arguments - {"village_code"}
    if not names:
        yield "", address
        return
    states = STATES.get((rule.endpoint, *sorted(names))) or STATES.get(tuple(sorted(names)))
    assert states, f"{rule.endpoint}: no states are stated for {sorted(names)}"
    for state, pick in states.items():
        values = pick(world)
        if not isinstance(values, dict):
            values = {next(iter(names)): values}
        filled = address
        for name in names:
            filled = re.sub(rf"<([^<>]*:)?{name}>", str(values[name]), filled)
        yield state, filled


def expected(key, who, state, statement) -> Outcome:
    """Return what is to happen, from the table and the states."""
    endpoint, method = key
    parts, open_to = worlds.PARTS[who], statement.open_to
    is_of_county = endpoint.startswith(worlds.OF_REGIONS)
    if is_of_county:
        parts = worlds.COUNTY_PARTS.get(who, frozenset())
    if who == "helper in a sitting" and not (statement.on_behalf or is_of_county):
        return Outcome.REFUSED
    is_unknown = who in ("nobody", "disabled")
    if is_unknown and (statement.asks or Part.ANYONE not in open_to):
        if (endpoint, method) in LEADING:
            return Outcome.SIGN_IN
        return Outcome.SIGN_IN if method == "GET" else Outcome.UNKNOWN
    if statement.asks == HOME and who.startswith("neighbour"):
        return Outcome.REFUSED
    if Part.ANYONE not in open_to and not parts & open_to:
        if who == "weak committee" and method == "GET" and Part.COMMITTEE in open_to:
            return Outcome.SECOND
        return Outcome.REFUSED
    rule = EXCEPTIONS.get((endpoint, state)) or EXCEPTIONS.get(("*", state))
    return rule(who, parts) if rule else Outcome.IN


def outcome(answer) -> Outcome:
    """Return what did happen."""
    if answer.status_code in MOVED and "/sign-in/second" in answer.location:
        return Outcome.SECOND
    if answer.status_code in MOVED and re.search(r"/sign-in(\?|$)", answer.location):
        return Outcome.SIGN_IN
    known = {401: Outcome.UNKNOWN, 403: Outcome.REFUSED, 404: Outcome.MISSING}
    if answer.status_code in known:
        return known[answer.status_code]
    return Outcome.FAULT if answer.status_code >= 500 else Outcome.IN


@pytest.mark.parametrize("who", worlds.PARTS)
def test_every_cell(world, who, record_property):
    table = stated()
    wrong, counted = [], Counter()
    for rule, method in routes(world.app):
        key = (rule.endpoint, method)
        if getattr(world.app.view_functions[rule.endpoint], "is_stream", False):
            continue  # an endless answer; its door is that of the feed beside it, tried in its own test
        for state, address in addresses(world, rule):
            answer = world.browser(who).open(address, method=method)
            status, happened = answer.status_code, outcome(answer)
            answer.close()
            wanted = expected(key, who, state, table[key])
            wanted = wanted if isinstance(wanted, tuple) else (wanted,)
            counted[wanted] += 1
            if happened not in wanted:
                wrong.append((*key, state, status, happened.value, "wanted", *wanted))
            if method != "GET" and happened is Outcome.IN and status < 400:
                world.restore()
    world.restore()
    assert wrong == []
    assert counted.total() > 100
    record_property("cells", counted.total())
