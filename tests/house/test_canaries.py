"""Nobody hears a canary that the table of columns does not let them hear."""

import os
from collections import Counter, defaultdict
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from portal.core.db import db, transaction
from tests.house import world as worlds
from tests.house.canaries import NOBODY, PUBLIC, columns, heard, plant, stated
from tests.house.crawl import Crawl
from tests.house.test_access import addresses, routes

PER_SHAPE = int(os.environ.get("CRAWL", "2"))
"""How many pages of one kind are read; CRAWL=50 reads the whole world, as everybody."""

ALIKE = {
    "resident",
    "neighbour",
    "weak committee",
    "head",
    "former planner",
    "moved out",
    "disabled",
}
"""Whoever sees what another player sees, or less: they crawl only in the whole form."""
CRAWLERS = [who for who in worlds.PARTS if "CRAWL" in os.environ or who not in ALIKE]


@pytest.fixture(scope="module")
def planted(built, tmp_path_factory):
    with worlds.opened(built, tmp_path_factory.mktemp("canaries")) as world:
        with world.app.app_context(), world.app.test_request_context():
            with transaction():
                keep = {player.resident_id for player in world.players.values()}
                found = plant(frozenset(keep - {None}))
            db.session.remove()
        world.keep()
        yield world, found


def test_every_column_is_stated():
    assert set(stated()) == set(columns())


def may_hear(world, who, canary, audience, endpoint) -> bool:
    """Tell whether the table lets this player see that column of that row on that page."""
    player = world.players.get(who)
    if canary.is_told_by_choice:
        return True
    if player is not None and "own" in audience:
        if canary.account_id is not None and canary.account_id == player.account_id:
            return True
        if canary.resident_id is not None and canary.resident_id == player.resident_id:
            return True
    if player is not None and "party" in audience and player.account_id in canary.parties:
        return True
    if player is not None and "household" in audience:
        mine = world.households.get(who)
        if mine is not None and mine == canary.household_id:
            return True
    parts = worlds.PARTS[who]
    heard_there = parts | {f"{part}@{endpoint}" for part in parts}
    return canary.village_id == world.here and bool(heard_there & audience)


def endpoint_of(app, what) -> str:
    """Return the view that gave this answer."""
    method, address = what.removeprefix("after ").split(" ", 1)
    adapter = app.url_map.bind("localhost")
    with suppress(HTTPException):
        return adapter.match(urlsplit(address).path, method=method)[0]
    return ""


@pytest.mark.parametrize("who", CRAWLERS)
def test_no_canary_is_heard_where_it_should_not_be(planted, who, record_property):
    world, canaries = planted
    audience = stated()
    starts = [
        address
        for rule, method in routes(world.app)
        if method == "GET"
        for _state, address in addresses(world, rule)
    ]
    told, finds, answers = defaultdict(set), Counter(), 0
    for page in Crawl(world, who, per_shape=PER_SHAPE).walk(starts):
        answers += 1
        assert page.status < 500, page.what
        endpoint = endpoint_of(world.app, page.what)
        for word in heard(page.text):
            for canary in canaries.get(word, ()):
                finds[canary.column] += 1
                if not may_hear(world, who, canary, audience[canary.column], endpoint):
                    told[canary.column].add(page.what)
    assert {column: sorted(where)[:8] for column, where in told.items()} == {}
    assert answers > 100
    record_property("answers", answers)
    record_property("finds", finds.total())


def test_the_crawl_hears_what_is_there(planted):
    """Were the table stricter than the portal, the crawl would notice: it is not deaf."""
    world, canaries = planted
    starts = [f"/v/{worlds.HERE}/desk/roster"]
    found = {
        canary.column
        for page in Crawl(world, "committee", per_shape=1).walk(starts)
        for word in heard(page.text)
        for canary in canaries.get(word, ())
    }
    assert "resident.name" in found


def test_every_private_column_has_a_canary(planted):
    _world, canaries = planted
    with_bird = {canary.column for birds in canaries.values() for canary in birds}
    private = {name for name, who in stated().items() if PUBLIC not in who and NOBODY not in who}
    assert private - with_bird == set()
