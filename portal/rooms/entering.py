"""Whoever asks for a page, as the rooms see them, and whether this room lets them in."""

from collections.abc import Collection
from typing import cast

from flask import abort, g

from portal.core import clock
from portal.core.access import Viewer
from portal.rooms import doors, listing, rules
from portal.rooms.listing import Seat
from portal.rooms.models import Author
from portal.rooms.rules import Person, Place


def viewer() -> Viewer:
    """Return whoever is asking; only for views that strangers do not get to."""
    return cast(Viewer, g.viewer)


def author_of(asking: Viewer) -> Author:
    """Return a viewer as the author of what they say."""
    return Author(asking.resident_id, asking.account_id, asking.name)


def person_of(asking: Viewer, *places: Place, council: Collection[int] | None = None) -> Person:
    """Return a viewer as the rules see them before these places."""
    return doors.person(
        resident_id=asking.resident_id,
        parts=asking.parts,
        places=places,
        group_id=asking.group_id,
        council=council,
        now=clock.now(),
    )


def enter(room_id: int) -> tuple[Seat, Person]:
    """Return the room as whoever is asking finds it, and them; refuse whoever may not read it."""
    seat = listing.get_seat(room_id, viewer().account_id)
    person = person_of(viewer(), seat.place)
    if rules.why_not_read(seat.place, person):
        abort(403)
    return seat, person


def may_still_read(asking: Viewer, place: Place, *, council: Collection[int]) -> bool:
    """Tell whether somebody who is listening may still read the room of this place.

    It asks nothing: whoever tells many knows who sits in the `council`.
    """
    return rules.why_not_read(place, person_of(asking, place, council=council)) is None
