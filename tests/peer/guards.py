"""Take one guard away, to see that the test behind it goes red without it."""

import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy
from flask import Response, request
from sqlalchemy.orm import with_loader_criteria
from werkzeug.sansio import request as requests

from portal.core import access, scope
from portal.core import db as databases
from portal.core.pages import download
from portal.inbox import rules as inbox_rules
from portal.people import service as people
from portal.people.rules import Channel
from portal.plans import kept as kept_plans
from portal.roster import rules as roster_rules
from portal.sign_in import sessions
from portal.statistics import views as statistics_views
from tests.house.world import HERE, THERE


@contextmanager
def without(place: object, guard: str, instead: object):
    """Let something else stand where a guard stood."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, guard, instead)
        yield


def everywhere(rows, _village_id):
    return with_loader_criteria(rows, lambda _cls: sqlalchemy.true(), include_aliases=True)


def left_behind(content: bytes, filename: str, mimetype: str) -> Response:
    Path(tempfile.mkstemp()[1]).write_bytes(content)
    return download(content, filename, mimetype)


def shown_in_place(content: bytes, _filename: str, mimetype: str) -> Response:
    return Response(content, mimetype=mimetype)


def as_the_form_says(row, resident_id: int, **how) -> dict:
    return DEED_OF(row, resident_id, **how) | {"channel": Channel(request.form["channel"])}


def loosely(header: str, cls=dict):
    return cls([pair.strip(" =").split("=", 1) for pair in header.split(";") if "=" in pair])


def taken_for(player):
    """Take whoever is asking for this player."""
    return without(sessions, "find_viewer", lambda _token, **how: FIND_VIEWER(player.token, **how))


def no_answer_is_hardened(world):
    """Let answers go out as the views made them."""
    return without(world.app, "after_request_funcs", {})


DEED_OF, FIND_VIEWER = people.deed_of, sessions.find_viewer
no_part_is_asked = partial(without, access, "may", lambda *_parts: True)
no_village_is_asked = partial(without, scope, "_inside", everywhere)
no_draft_is_kept_back = partial(without, kept_plans, "may", lambda *_parts: True)
posts_count_everywhere = partial(without, sessions, "lineage", lambda _code: (HERE, THERE))
one_agrees_alone = partial(without, roster_rules, "why_not_confirm", lambda **_facts: None)
any_host_takes_push = partial(without, inbox_rules, "_is_push_host", lambda _host: True)
an_export_is_left = partial(without, statistics_views, "download", left_behind)
an_export_is_shown = partial(without, statistics_views, "download", shown_in_place)
a_form_says_how = partial(without, people, "deed_of", as_the_form_says)
a_cookie_is_found_anywhere = partial(without, requests, "parse_cookie", loosely)
any_sqlite_will_do = partial(without, databases, "has_wal_fault", lambda _version: False)
