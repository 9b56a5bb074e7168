"""What plans keep of people: who moves them on, why they changed, and whose parcel is whose."""

from flask_babel import lazy_gettext as _l

from portal.core.personal import Fact, Keeper, Pile
from portal.maps.models import MapFeature
from portal.plans.life_models import PlanChange, PlanStep
from portal.plans.life_words import STEPS
from portal.plans.models import HouseholdPlot
from portal.plans.plots import forget

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
        Pile(
            HouseholdPlot,
            _l("Parcels that my household says are its own"),
            (
                Fact("parcel", _l("Parcel"), MapFeature.number),
                Fact("now", _l("Class code now"), MapFeature.base_code),
                Fact("becomes", _l("Class code by the plan"), MapFeature.code),
                Fact("agreed_at", _l("Agreed"), HouseholdPlot.agreed_at),
            ),
            lambda person: (
                None
                if person.household_id is None
                else HouseholdPlot.household_id == person.household_id
            ),
            joined=((MapFeature, MapFeature.id == HouseholdPlot.feature_id),),
        ),
    ),
    forget,
    untold={
        "household_plot.resident_id": "one of the household that is told it; all of them see it",
    },
)
