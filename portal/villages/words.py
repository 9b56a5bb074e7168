"""The words of villages: kinds of facilities, states of terms, steps, refusals."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.villages.progress import PlanState, Step
from portal.villages.rules import FacilityKind, Refusal

KINDS: dict[FacilityKind, LazyString] = {
    FacilityKind.COMMITTEE: _l("Committee and service hall"),
    FacilityKind.CLINIC: _l("Health"),
    FacilityKind.SCHOOL: _l("School and kindergarten"),
    FacilityKind.ELDERLY: _l("For the elderly"),
    FacilityKind.CULTURE: _l("Culture"),
    FacilityKind.SPORTS: _l("Sports and play"),
    FacilityKind.SHOP: _l("Shop and farm supplies"),
    FacilityKind.POST: _l("Post and parcels"),
    FacilityKind.TRANSPORT: _l("Bus and parking"),
    FacilityKind.WATER: _l("Water and power"),
    FacilityKind.WASTE: _l("Waste and toilets"),
    FacilityKind.OTHER: _l("Other services"),
}
TERM_STATES: dict[str, tuple[LazyString, str]] = {
    "now": (_l("in office"), "good"),
    "next": (_l("begins later"), "info"),
    "done": (_l("over"), "neutral"),
}
STEPS: dict[Step, LazyString] = {
    Step.NAMED: _l("Name and code"),
    Step.ADMIN: _l("Administrator"),
    Step.ROSTER: _l("Roster"),
    Step.COMMITTEE: _l("Village committee"),
    Step.PROFILE: _l("About the village"),
    Step.PLANNER: _l("Responsible planner"),
    Step.PLAN: _l("First plan"),
}
STEP_LINES: dict[Step, LazyString] = {
    Step.NAMED: _l("The village stands in the list under its division code."),
    Step.ADMIN: _l("Somebody who looks after the portal of the village."),
    Step.ROSTER: _l("Who lives here: from it follow who may vote and every percentage."),
    Step.COMMITTEE: _l("At least the head: the committee answers, opens votes and publishes."),
    Step.PROFILE: _l("Address, phone and office hours, so that people find the committee."),
    Step.PLANNER: _l("Who advises the village on its plan, with a term."),
    Step.PLAN: _l("A first draft, typed or taken over from a file."),
}
PLAN_STATES: dict[PlanState, tuple[LazyString, str]] = {
    PlanState.NONE: (_l("no plan yet"), "neutral"),
    PlanState.DRAFT: (_l("draft"), "info"),
    PlanState.PUBLIC: (_l("published"), "good"),
}
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.STALE: _l("Somebody else changed this meanwhile. Your text is still here: compare it."),
    Refusal.NOT_YOURS_TO_GIVE: _l("Your own post does not allow this. Ask the administrator."),
    Refusal.NOT_FOR_YOURSELF: _l("Nobody does this for themselves. Somebody else has to do it."),
    Refusal.NOT_HERE: _l("This account belongs to another village."),
    Refusal.NOT_THIS_PLACE: _l("This is not done at this place."),
    Refusal.NOT_ACTIVE: _l("This account is closed. Open it again first."),
    Refusal.HOLDS_IT: _l("This person holds the same post in that time already."),
    Refusal.SAME_DAY: _l("A term of this post began on that day already. Choose the next day."),
    Refusal.RECUSED: _l(
        "A supervisor neither sits on the committee nor plans here: nobody supervises themselves."
    ),
    Refusal.ENDS_BEFORE_IT_BEGINS: _l("The last day is before the first day."),
    Refusal.TOO_LONG: _l("A term lasts ten years at most."),
    Refusal.NEEDS_A_TERM: _l("Planners and supervisors serve for a term: give the last day."),
    Refusal.BEGINS_FAR_OFF: _l("The first day is more than ten years away."),
    Refusal.IS_OVER: _l("This term is over already."),
    Refusal.LAST_ADMINISTRATOR: _l(
        "Nobody else would look after this place. Give the post to somebody else first."
    ),
    Refusal.LAST_COMMITTEE: _l(
        "Nobody would be left on the committee. Give a post to somebody else first."
    ),
    Refusal.HAS_HEAD: _l("The committee has a head in that time. End that term first."),
    Refusal.NO_REASON: _l("Say why, in a few words."),
    Refusal.BAD_PHONE: _l("This is not a mobile number. It should have 11 digits."),
    Refusal.NO_NAME: _l("Enter the name."),
    Refusal.NOBODY_CHOSEN: _l("Choose who is to have the post."),
    Refusal.BAD_CODE: _l("A village's code has 12 digits, and none of its five parts is all zero."),
    Refusal.OUTSIDE: _l("This code lies outside of your region."),
    Refusal.TAKEN: _l("There is a village with this code already."),
    Refusal.NAMES_MISSING: _l("Give the village and each region that is missing a name."),
}
