"""What somebody said in rooms, and how it loses its author. No number ever changes by that."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core import personal
from portal.core.db import db
from portal.core.personal import Fact, Person, Pile, Wish, of_resident
from portal.moderation import writing
from portal.moderation.forms import CODES
from portal.rooms import service
from portal.rooms.models import Message


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Take the words back where that is wished; the author is gone in any case."""
    if not wish.takes_words_back or person.resident_id is None:
        return 0
    messages = db.session.scalars(
        select(Message)
        .where(Message.resident_id == person.resident_id, Message.body != writing.TAKEN_BACK)
        .order_by(Message.id)
    ).all()
    for message in messages:
        service.take_back(message)
    db.session.flush()
    return len(messages)


KEEPER = personal.Keeper(
    "rooms",
    _l("What I said in rooms"),
    (
        Pile(
            Message,
            _l("My messages in the village room"),
            (
                Fact("body", _l("Text"), Message.body),
                Fact("show_name", _l("With my full name"), Message.show_name),
                Fact("posted_at", _l("When"), Message.posted_at),
                Fact("hidden_code", _l("Hidden because"), Message.hidden_code, CODES),
            ),
            of_resident(Message.resident_id),
        ),
    ),
    forget,
)
