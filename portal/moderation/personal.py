"""What is kept of those who decide about what others wrote."""

from flask_babel import lazy_gettext as _l

from portal.core.personal import Fact, Keeper, Pile
from portal.moderation.forms import CODES
from portal.moderation.models import ModerationDecision
from portal.moderation.rules import Action

ACTIONS = {Action.HIDE: _l("Hidden"), Action.RESTORE: _l("Shown again")}
KEEPER = Keeper(
    "moderation",
    _l("Moderation"),
    (
        Pile(
            ModerationDecision,
            _l("Decisions that I made"),
            (
                Fact("number", _l("Number"), ModerationDecision.number),
                Fact("action", _l("What"), ModerationDecision.action, ACTIONS),
                Fact("code", _l("Reason"), ModerationDecision.code, CODES),
                Fact("decided_at", _l("When"), ModerationDecision.decided_at),
            ),
            lambda person: ModerationDecision.account_id == person.account_id,
        ),
    ),
)
