"""What is kept of requests to be recognised, and of those who vouched."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, or_, select, update

from portal.assisting.models import Recognition, Vouch
from portal.assisting.words import REQUEST_STATES
from portal.core import personal, retention
from portal.core.db import db
from portal.core.personal import Fact, Person, Pile, Wish
from portal.core.retention import Kept, limit_of


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Take off a request what somebody said of themselves; that it was decided stays."""
    cleared = db.session.execute(
        update(Recognition)
        .where(Recognition.account_id == person.account_id)
        .values(claimed_name="", claimed_place="", note="")
        .returning(Recognition.id)
        .execution_options(synchronize_session=False)
    )
    return len(cleared.all())


def prune(*, now: datetime) -> int:
    """Forget requests that were decided long ago, and who vouched for them."""
    is_old = Recognition.ended_at < limit_of(Kept.RECOGNITIONS, now=now)
    batch = select(Recognition.id).where(is_old).order_by(Recognition.id).limit(retention.BATCH)
    old = list(db.session.scalars(batch))
    vouches = select(Vouch.id).where(Vouch.recognition_id.in_(old))
    retention.delete_rows(Vouch, list(db.session.scalars(vouches)))
    return retention.delete_rows(Recognition, old)


def _own(column: Any) -> Callable[[Person], Any]:
    """Tell what stands in a request to whoever made it; of another's, nothing of the asker."""

    def told(person: Person) -> Any:
        is_anothers = Recognition.account_id != person.account_id
        return case((is_anothers, ""), else_=column)  # NULL: the committee asked for this person

    return told


KEEPER = personal.Keeper(
    "assisting",
    _l("Recognising residents"),
    (
        Pile(
            Recognition,
            _l("Requests that I be recognised as a resident"),
            (
                Fact("asked_at", _l("When"), Recognition.asked_at),
                Fact("claimed_name", _l("Name"), Recognition.claimed_name, is_of_others=True),
                Fact("claimed_place", _l("Where"), _own(Recognition.claimed_place)),
                Fact("state", _l("State"), Recognition.state, REQUEST_STATES),
                Fact("note", _l("Note"), _own(Recognition.note)),
                Fact("ended_at", _l("Until"), Recognition.ended_at),
            ),
            lambda person: or_(
                Recognition.account_id == person.account_id,
                Recognition.resident_id == person.resident_id
                if person.resident_id is not None
                else Recognition.account_id == person.account_id,
            ),
        ),
        Pile(
            Vouch,
            _l("When I vouched for somebody"),
            (Fact("done_at", _l("When"), Vouch.done_at),),
            lambda person: Vouch.account_id == person.account_id,
        ),
    ),
    forget,
    untold={
        "recognition.asked_by_id": "an act of office about somebody else, told to that person",
        "recognition.ended_by_id": "an act of office about somebody else, told to that person",
        "vouch.household_id": "the voucher's own household, told with the roster row",
    },
)
