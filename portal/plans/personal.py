"""What is kept of those who put a plan on notice."""

from flask_babel import lazy_gettext as _l

from portal.core.personal import Fact, Keeper, Pile
from portal.plans.models import Notice
from portal.plans.rules import NoticeType

TYPES = {NoticeType.PLAN_DRAFT: _l("Draft of a plan")}
KEEPER = Keeper(
    "plans",
    _l("Public notices"),
    (
        Pile(
            Notice,
            _l("Notices that I opened"),
            (Fact("type", _l("What"), Notice.type, TYPES), Fact("id", _l("Number"), Notice.id)),
            lambda person: Notice.opened_by == person.account_id,
        ),
    ),
)
