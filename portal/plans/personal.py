"""What is kept of those who move plans on and say why they changed."""

from flask_babel import lazy_gettext as _l

from portal.core.personal import Fact, Keeper, Pile
from portal.plans.life_models import PlanChange, PlanStep
from portal.plans.life_words import STEPS

KEEPER = Keeper(
    "plans",
    _l("Plans"),
    (
        Pile(
            PlanStep,
            _l("Steps of plans that I took"),
            (
                Fact("step", _l("What"), PlanStep.step, STEPS),
                Fact("taken_at", _l("When"), PlanStep.taken_at),
                Fact("reason", _l("Reason"), PlanStep.reason),
            ),
            lambda person: PlanStep.account_id == person.account_id,
        ),
        Pile(
            PlanChange,
            _l("Reasons for changes of plans that I wrote"),
            (
                Fact("made_at", _l("When"), PlanChange.made_at),
                Fact("reason", _l("Reason"), PlanChange.reason),
            ),
            lambda person: PlanChange.made_by == person.account_id,
        ),
    ),
)
