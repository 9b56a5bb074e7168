"""What somebody said in rooms, and how it loses its author. No number ever changes by that."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, or_, select, update

from portal.core import personal
from portal.core.db import db
from portal.core.personal import Fact, Person, Pile, Wish
from portal.core.scope import all_villages, village_scope
from portal.moderation import writing
from portal.moderation.forms import CODES
from portal.rooms import mending, service
from portal.rooms.models import Message, MessagePromotion, MessageWording, RoomPin, RoomPointer


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Take the words back where that is wished; the author is gone in any case.

    How far they had read was only ever theirs: it goes.
    """
    with all_villages("whoever works in several villages is forgotten in all of them"):
        db.session.execute(
            delete(RoomPointer)
            .where(RoomPointer.account_id == person.account_id)
            .execution_options(synchronize_session=False)
        )
    with all_villages("whoever works in several villages spoke in all of them"):
        db.session.execute(
            update(Message)
            .where(Message.account_id == person.account_id)
            .values(signed_as="")
            .execution_options(synchronize_session=False)
        )
    if not wish.takes_words_back:
        return 0
    messages = db.session.scalars(
        select(Message)
        .where(_said_by(person), Message.body != writing.TAKEN_BACK)
        .order_by(Message.id)
    ).all()
    for message in messages:
        with village_scope(message.village_id):
            message.revision = service.step(message.room_id, messages=0)[1]
        mending.clear(message, now=now)
    return len(messages)


def _said_by(person: Person) -> ColumnElement[bool]:
    """Return the criterion of what somebody said, as a resident or in office."""
    in_office = Message.account_id == person.account_id
    if person.resident_id is None:
        return in_office
    return or_(in_office, Message.resident_id == person.resident_id)


KEEPER = personal.Keeper(
    "rooms",
    _l("What I said in rooms"),
    (
        Pile(
            Message,
            _l("My messages in rooms"),
            (
                Fact("body", _l("Text"), Message.body),
                Fact("show_name", _l("With my full name"), Message.show_name),
                Fact("posted_at", _l("When"), Message.posted_at),
                Fact("hidden_code", _l("Hidden because"), Message.hidden_code, CODES),
                Fact("edited_at", _l("Changed on"), Message.edited_at),
            ),
            _said_by,
        ),
        Pile(
            MessageWording,
            _l("How my messages were worded before I changed them"),
            (
                Fact("body", _l("Text"), MessageWording.body),
                Fact("replaced_at", _l("Changed on"), MessageWording.replaced_at),
            ),
            _said_by,
            joined=((Message, Message.id == MessageWording.message_id),),
        ),
        Pile(
            RoomPin,
            _l("What I put at the top of a room"),
            (
                Fact("message_id", _l("Message"), RoomPin.message_id),
                Fact("pinned_at", _l("When"), RoomPin.pinned_at),
            ),
            lambda person: RoomPin.account_id == person.account_id,
        ),
        Pile(
            MessagePromotion,
            _l("Messages that I asked for as opinions"),
            (
                Fact("message_id", _l("Message"), MessagePromotion.message_id),
                Fact("asked_at", _l("When"), MessagePromotion.asked_at),
            ),
            lambda person: MessagePromotion.account_id == person.account_id,
        ),
        Pile(
            RoomPointer,
            _l("How far I have read in each room"),
            (
                Fact("room_id", _l("Room"), RoomPointer.room_id),
                Fact("seq", _l("Up to message no."), RoomPointer.seq),
            ),
            lambda person: RoomPointer.account_id == person.account_id,
        ),
    ),
    forget,
)
