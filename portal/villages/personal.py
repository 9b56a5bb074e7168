"""What is kept of those who keep a village's profile."""

from flask_babel import lazy_gettext as _l

from portal.core.personal import Fact, Keeper, Pile
from portal.villages.models import Facility, Profile

KEEPER = Keeper(
    "villages",
    _l("The village's profile"),
    (
        Pile(
            Profile,
            _l("The profile, where I was the last to change it"),
            (Fact("updated_at", _l("When"), Profile.updated_at),),
            lambda person: Profile.updated_by_id == person.account_id,
        ),
        Pile(
            Facility,
            _l("Facilities that I was the last to change"),
            (
                Fact("name", _l("Name"), Facility.name),
                Fact("updated_at", _l("When"), Facility.updated_at),
            ),
            lambda person: Facility.updated_by_id == person.account_id,
        ),
    ),
)
