"""What the view modules of the documents share."""

from datetime import date
from urllib.parse import quote

from flask import Response, abort, g

from portal.core import clock
from portal.core.access import Part
from portal.core.pages import village_blueprint
from portal.disclosure import rules
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.rules import DocKind
from portal.disclosure.stepping import Actor
from portal.disclosure.words import CASE_STATES, KINDS, PLACES

bp = village_blueprint("disclosure", __name__, "/disclosure")

STAFF = (Part.COMMITTEE, Part.PLANNER, Part.SUPERVISOR, Part.ADMIN)


def kind_of(text: str) -> DocKind:
    """Return the kind that an address names, or answer 404."""
    try:
        return DocKind(text)
    except ValueError:
        abort(404)


def actor(part: Part) -> Actor:
    """Return whoever is asking, in the part in which they act."""
    return Actor(account_id=g.viewer.account_id, part=part.value)


def today() -> date:
    """Return the day it is in the village."""
    return clock.today(clock.now())


def number_of(thing: DisclosureDoc | DisclosureCase) -> str:
    """Return a document's number as it is printed; nothing before it has one."""
    if thing.number is None or thing.year is None:
        return ""
    return rules.number_words(thing.year, thing.number)


def shared() -> dict[str, object]:
    """Return the words that every page of the documents needs."""
    return {"kinds": KINDS, "number_of": number_of, "case_states": CASE_STATES}


def place_words(place: str) -> str:
    """Say where in the document something stands: its part, and its number in a list."""
    name, _space, rest = place.removeprefix("plan ").partition(" ")
    number = rest.split(" ")[0]
    words = str(PLACES.get(name, name))
    return f"{words} ({number})" if number.isdigit() else words


def pdf_response(content: bytes, filename: str, *, inline: bool = False) -> Response:
    """Return a PDF under its Chinese name."""
    response = Response(content, mimetype="application/pdf")
    how = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(filename, safe='')}"
    return response
