"""What photos and recordings somebody sent, and how they go with the words they belong to."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core import personal
from portal.core.db import db
from portal.core.personal import Fact, Person, Pile, Wish, of_resident
from portal.media import service
from portal.media.models import MediaFile
from portal.media.words import KINDS


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Delete what was never attached; where words are taken back, all that was sent with them."""
    if person.resident_id is None:
        return 0
    query = select(MediaFile.id).where(MediaFile.resident_id == person.resident_id)
    if not wish.takes_words_back:
        query = query.where(MediaFile.owner_id.is_(None))
    return service.drop(list(db.session.scalars(query)))


KEEPER = personal.Keeper(
    "media",
    _l("Photos and recordings that I sent"),
    (
        Pile(
            MediaFile,
            _l("My photos and recordings"),
            (
                Fact("kind", _l("What"), MediaFile.kind, KINDS),
                Fact("uploaded_at", _l("When"), MediaFile.uploaded_at),
                Fact("seconds", _l("Seconds"), MediaFile.seconds),
                Fact("transcript", _l("What the recording says"), MediaFile.transcript),
                Fact("has_place", _l("With the place where it was taken"), MediaFile.has_place),
                Fact("size", _l("Bytes"), MediaFile.size),
            ),
            of_resident(MediaFile.resident_id),
        ),
    ),
    forget,
)
