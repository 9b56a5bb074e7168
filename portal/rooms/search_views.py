"""Searching a room: every find leads to its place in the talk."""

from flask import render_template, request

from portal.core.access import requires
from portal.core.forms import LARGEST
from portal.rooms import folding, searching
from portal.rooms.blueprint import READERS, bp
from portal.rooms.entering import enter
from portal.rooms.words import BADGES, title

LONGEST_QUERY = 60


@bp.get("/<int:room_id>/search")
@requires(*READERS)
def search(room_id: int) -> str:
    """Show what was said in a room with these words, the newest first."""
    seat, _person = enter(room_id)
    query = request.args.get("q", "").replace("\x00", "")[:LONGEST_QUERY].strip()
    before = request.args.get("before", type=int)
    wanted = folding.terms(query)
    found = searching.search(
        room_id, query, before=before if before and 0 < before < LARGEST else None
    )
    return render_template(
        "rooms/search.html",
        seat=seat,
        title=title(seat.place, seat.name),
        query=query,
        is_too_short=bool(query) and not wanted,
        finds=[(line, folding.cut(line.message.body, wanted)) for line in found.lines],
        older=found.older,
        badges=BADGES,
    )
