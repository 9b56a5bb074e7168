"""What each feature shows on pages of lower ones: its cards, its links at desk and village."""

from portal.analysis import views as analysis_views
from portal.assisting import views as assisting_views
from portal.ballots import views as ballots_views
from portal.core.slots import Link, Slot, Source
from portal.disclosure import region_views as county_documents
from portal.disclosure import views as disclosure_views
from portal.discussion import answer_views
from portal.discussion import views as discussion_views
from portal.implementation import views as implementation_views
from portal.inbox import views as inbox_views
from portal.meetings import views as meetings_views
from portal.moderation import appeals_views, months_views, reports_views, sanctions_views
from portal.moderation import views as moderation_views
from portal.notices import views as notices_views
from portal.plans import views as plans_views
from portal.points import views as points_views
from portal.privacy import views as privacy_views
from portal.proposals import views as proposals_views
from portal.rooms import views as rooms_views
from portal.roster import views as roster_views
from portal.sign_in import views as sign_in_views
from portal.statistics import views as statistics_views
from portal.surveys import views as surveys_views
from portal.villages import views as villages_views

SLOTS: dict[Slot, tuple[Source, ...]] = {
    Slot.HOME: (
        inbox_views.home_cards,
        assisting_views.home_cards,
        notices_views.home_cards,
        plans_views.home_cards,
        meetings_views.home_cards,
        ballots_views.home_cards,
        surveys_views.home_cards,
        rooms_views.home_cards,
        disclosure_views.home_cards,
    ),
    Slot.TAKE_PART: (
        meetings_views.take_part_cards,
        ballots_views.take_part_cards,
        surveys_views.take_part_cards,
        notices_views.take_part_cards,
        plans_views.take_part_cards,
        proposals_views.take_part_cards,
    ),
    Slot.PLAN: (
        analysis_views.plan_cards,
        ballots_views.plan_cards,
        discussion_views.plan_cards,
    ),
    Slot.TALK: (rooms_views.talk_cards, proposals_views.talk_cards),
    Slot.OPINION: (rooms_views.opinion_cards,),
    Slot.MEETING: (ballots_views.meeting_cards, proposals_views.meeting_cards),
    Slot.ME: (
        inbox_views.me_cards,
        assisting_views.me_cards,
        implementation_views.me_cards,
        ballots_views.me_cards,
        discussion_views.me_cards,
        appeals_views.me_cards,
        surveys_views.me_cards,
        proposals_views.me_cards,
        points_views.me_cards,
        roster_views.me_cards,
        privacy_views.me_cards,
        sign_in_views.me_cards,
    ),
    Slot.DESK: (
        inbox_views.desk_cards,
        assisting_views.desk_cards,
        roster_views.desk_cards,
        villages_views.desk_cards,
        privacy_views.desk_cards,
        notices_views.desk_cards,
        plans_views.desk_cards,
        analysis_views.desk_cards,
        implementation_views.desk_cards,
        meetings_views.desk_cards,
        ballots_views.desk_cards,
        answer_views.desk_cards,
        moderation_views.desk_cards,
        proposals_views.desk_cards,
        reports_views.desk_cards,
        appeals_views.desk_cards,
        surveys_views.desk_cards,
        points_views.desk_cards,
        statistics_views.desk_cards,
        disclosure_views.desk_cards,
    ),
}
DESK_LINKS: tuple[Link, ...] = (
    *roster_views.DESK_LINKS,
    *inbox_views.DESK_LINKS,
    *sign_in_views.DESK_LINKS,
    *assisting_views.DESK_LINKS,
    *villages_views.DESK_LINKS,
    *privacy_views.DESK_LINKS,
    *notices_views.DESK_LINKS,
    *plans_views.DESK_LINKS,
    *analysis_views.DESK_LINKS,
    *implementation_views.DESK_LINKS,
    *meetings_views.DESK_LINKS,
    *ballots_views.DESK_LINKS,
    *answer_views.DESK_LINKS,
    *moderation_views.DESK_LINKS,
    *proposals_views.DESK_LINKS,
    *reports_views.DESK_LINKS,
    *appeals_views.DESK_LINKS,
    *sanctions_views.DESK_LINKS,
    *surveys_views.DESK_LINKS,
    *points_views.DESK_LINKS,
    *statistics_views.DESK_LINKS,
    *disclosure_views.DESK_LINKS,
    *county_documents.DESK_LINKS,
)
VILLAGE_LINKS: tuple[Link, ...] = (
    *villages_views.VILLAGE_LINKS,
    *plans_views.VILLAGE_LINKS,
    *implementation_views.VILLAGE_LINKS,
    *notices_views.VILLAGE_LINKS,
    *meetings_views.VILLAGE_LINKS,
    *ballots_views.VILLAGE_LINKS,
    *disclosure_views.VILLAGE_LINKS,
    *statistics_views.VILLAGE_LINKS,
    *moderation_views.VILLAGE_LINKS,
    *months_views.VILLAGE_LINKS,
    *proposals_views.VILLAGE_LINKS,
    *assisting_views.VILLAGE_LINKS,
    *privacy_views.VILLAGE_LINKS,
)
