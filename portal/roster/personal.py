"""What the roster's own books say about somebody."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from portal.core.personal import Fact, Keeper, Pile, of_resident
from portal.roster.labels import KINDS, STATES
from portal.roster.models import RosterChange, RosterImport

_STATES = {state: words for state, (words, _kind) in STATES.items()}
KEEPER = Keeper(
    "roster",
    _l("The roster's books"),
    (
        Pile(
            RosterChange,
            _l("Changes of my row"),
            (
                Fact("done_at", _l("When"), RosterChange.done_at),
                Fact("kind", _l("What"), RosterChange.kind, KINDS),
                Fact("fields", _l("Before and after"), RosterChange.fields),
                Fact("reason", _l("Reason"), RosterChange.reason),
            ),
            of_resident(RosterChange.resident_id),
        ),
        Pile(
            RosterImport,
            _l("Rosters that I handed in or confirmed"),
            (
                Fact("prepared_at", _l("When"), RosterImport.prepared_at),
                Fact("state", _l("State"), RosterImport.state, _STATES),
            ),
            lambda person: or_(
                RosterImport.prepared_by_id == person.account_id,
                RosterImport.confirmed_by_id == person.account_id,
            ),
        ),
    ),
    untold={
        "roster_change.account_id": "an act of office about somebody else, told to that person",
        "roster_import.resident_id": "a change that waits; once made, it is told as a change",
    },
)
