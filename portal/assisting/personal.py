"""What is kept about being recognised: shown to the person, and forgotten with them."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, update

from portal.assisting.models import Recognition, Vouch
from portal.assisting.words import REQUEST_STATES
from portal.core import personal
from portal.core.db import db
from portal.core.personal import Fact, Person, Pile, Wish
from portal.core.scope import all_villages


def forget(person: Person, _wish: Wish, *, now: datetime) -> int:
    """Forget what somebody claimed about themselves; that it was asked and done stays."""
    with all_villages("somebody is forgotten wherever they asked"):
        cleared = db.session.execute(
            update(Recognition)
            .where(Recognition.account_id == person.account_id)
            .values(claimed_name="", claimed_place="", note="")
            .returning(Recognition.id)
            .execution_options(synchronize_session=False)
        )
        return len(cleared.all())


KEEPER = personal.Keeper(
    "assisting",
    _l("How I was recognised"),
    (
        Pile(
            Recognition,
            _l("Requests to be recognised as a resident"),
            (
                Fact("asked_at", _l("When"), Recognition.asked_at),
                Fact("claimed_name", _l("Name"), Recognition.claimed_name),
                Fact("claimed_place", _l("Where"), Recognition.claimed_place),
                Fact("state", _l("State"), Recognition.state, REQUEST_STATES),
                Fact("note", _l("Why not"), Recognition.note),
            ),
            lambda person: or_(
                Recognition.account_id == person.account_id,
                Recognition.asked_by_id == person.account_id,
                *(
                    [Recognition.resident_id == person.resident_id]
                    if person.resident_id is not None
                    else []
                ),
            ),
        ),
        Pile(
            Vouch,
            _l("For whom I vouched"),
            (Fact("done_at", _l("When"), Vouch.done_at),),
            lambda person: Vouch.account_id == person.account_id,
        ),
    ),
    forget,
)
