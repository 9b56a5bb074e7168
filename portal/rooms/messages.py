"""Who hears of what is said in rooms, and in which words. What was said itself is never sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.people.models import Resident
from portal.rooms import doors, events, lines, listing, rules, service
from portal.rooms.words import title

KINDS = {
    events.Mentioned.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "Somebody called you by name: %(room)s, message no. %(seq)s",
            room=_title(facts),
            seq=facts["seq"],
        ),
    ),
    events.OpinionSuggested.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "What you said matters for the plan: may it be an opinion with a number? "
            "%(room)s, message no. %(seq)s",
            room=_title(facts),
            seq=facts["seq"],
        ),
        matters=True,
    ),
    events.Announced.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _("The committee announces something: %(room)s", room=_title(facts)),
        matters=True,
    ),
}


def _title(facts: Mapping[str, Any]) -> str:
    place = rules.place_of(facts["key"])
    return title(place, facts["name"]) if place else ""


def tell_called(happened: Happened, *, now: datetime) -> None:
    """Tell those whom a message calls, if it can still be read."""
    _tell(happened, inbox.accounts_of(happened.facts["resident_ids"]), now=now)


def tell_author(happened: Happened, *, now: datetime) -> None:
    """Tell the author of a message that it is asked for as an opinion."""
    message = lines.get_message(happened.facts["message_id"]).message
    accounts = inbox.accounts_of([] if message.resident_id is None else [message.resident_id])
    _tell(happened, accounts, now=now, endpoint="rooms.opinion", seq=message.seq)


def tell_readers(happened: Happened, *, now: datetime) -> None:
    """Tell the residents who read in the room of an announcement."""
    line = lines.get_message(happened.facts["message_id"])
    place = doors.place_of(service.get_room(line.message.room_id))
    residents = select(Resident.id).where(Resident.left_on.is_(None))
    if place.kind is rules.Kind.GROUP:
        residents = residents.where(Resident.group_id == place.number)
    elif place.kind is rules.Kind.COUNCIL:
        residents = residents.where(Resident.id.in_(doors.councillors(now=now)))
    accounts = inbox.accounts_of(residents.where(Resident.id != (line.message.resident_id or 0)))
    _tell(happened, accounts, now=now)


def _tell(
    happened: Happened,
    account_ids: list[int],
    *,
    now: datetime,
    endpoint: str = "rooms.room",
    **where: int,
) -> None:
    try:
        line = lines.get_message(happened.facts["message_id"])
    except NoResultFound:
        return
    if not line.is_readable:
        return
    message = line.message
    seat = listing.get_seat(message.room_id, 0)
    where = where or {"at": message.seq}
    path = inbox.path_to(endpoint, room_id=message.room_id, **where)
    inbox.tell(
        account_ids,
        kind=happened.kind,
        facts={"key": seat.place.key, "name": seat.name, "seq": message.seq},
        path=f"{path}#m-{message.seq}",
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    events.Mentioned.kind: (tell_called,),
    events.Announced.kind: (tell_readers,),
    events.OpinionSuggested.kind: (tell_author,),
}
