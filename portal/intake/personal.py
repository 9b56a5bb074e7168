"""What is kept of those who put a plan in."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from portal.core.personal import Fact, Keeper, Pile
from portal.intake.models import PlanImport
from portal.intake.words import STATES

KEEPER = Keeper(
    "intake",
    _l("Putting plans in"),
    (
        Pile(
            PlanImport,
            _l("Plan files that I handed in or agreed to"),
            (
                Fact("prepared_at", _l("When"), PlanImport.prepared_at),
                Fact("state", _l("State"), PlanImport.state, STATES),
            ),
            lambda person: or_(
                PlanImport.prepared_by_id == person.account_id,
                PlanImport.ended_by_id == person.account_id,
            ),
        ),
    ),
)
