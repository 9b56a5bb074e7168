"""What the pages of others show of the rooms: the newest talk, and each room with what is new."""

from datetime import datetime

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.access import may
from portal.core.slots import Card
from portal.rooms import entering, listing, service
from portal.rooms.blueprint import READERS
from portal.rooms.listing import Seat
from portal.rooms.rules import COUNCIL, VILLAGE, Kind, Place
from portal.rooms.words import title

MANY = 99


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer readers the newest talk of the whole village (slot HOME)."""
    room = service.find_room() if may(*READERS) else None
    newest = service.list_page(room.id, limit=1) if room else []
    if not room or not newest or not newest[0].is_readable:
        return []
    return [
        Card(
            title=_("The village is talking"),
            line=_said(newest[0]),
            href=url_for("rooms.room", room_id=room.id, _anchor="newest"),
            action=_("Join in"),
            rank=-10,
        )
    ]


def talk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer each room that whoever is asking may read (slot TALK); strangers that of the village.

    One query for all of them.
    """
    if may(*READERS):
        return [seat_card(seat, rank=-number) for number, seat in enumerate(seats())]
    room = service.find_room()
    if room is None:
        return []
    return [
        Card(
            title=_("The whole village"),
            line=_("For residents, the committee and the planner."),
            href=url_for("rooms.room", room_id=room.id, _anchor="newest"),
            action=_("Join in"),
        )
    ]


def seats() -> list[Seat]:
    """Return the rooms that whoever is asking may read."""
    places = (VILLAGE, COUNCIL, Place(Kind.GROUP, 0))
    person = entering.person_of(entering.viewer(), *places)
    return listing.list_seats(person, g.viewer.account_id)


def seat_card(seat: Seat, *, rank: int) -> Card:
    """Return a room as a line of a list: what was said last, and how much is new."""
    is_village = seat.place == VILLAGE
    return Card(
        title=_("The whole village") if is_village else title(seat.place, seat.name),
        line=_said(seat.last, 36) if seat.last else _("Read along and join in."),
        href=way_into(seat),
        action=_("Join in"),
        chip=_news(seat.unread) if seat.unread else "",
        chip_kind="info",
        rank=rank,
    )


def way_into(seat: Seat) -> str:
    """Return the address of a room, at what is new to whoever is asking."""
    anchor = "unread" if seat.unread and seat.read_seq else "newest"
    return url_for("rooms.room", room_id=seat.room.id, _anchor=anchor)


def _news(count: int) -> str:
    if count > MANY:
        return _("%(num)d+ new", num=MANY)
    return ngettext("%(num)d new message", "%(num)d new messages", count)


def _said(line: service.Line, longest: int = 40) -> str:
    if line.is_taken_back:
        return _("The author took these words back.")
    return f"{line.group} {line.author}: {_cut(line.message.body, longest)}"


def _cut(text: str, longest: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"
