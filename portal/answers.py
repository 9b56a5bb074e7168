"""Who answers what lower features ask: the record for its files, the inbox for consents."""

from collections.abc import Collection
from datetime import datetime

from portal.analysis.checks import PlannersChecks
from portal.assisting import ports as helping
from portal.ballots import helped as ballots_helped
from portal.ballots import records as ballot_records
from portal.ballots.belenios import opening as belenios
from portal.ballots.belenios import setting_up as belenios_keys
from portal.ballots.for_plans import VersionBallots
from portal.ballots.in_use import BallotsUnderWay
from portal.disclosure import helped as disclosure_helped
from portal.disclosure import service as disclosure
from portal.disclosure.corrected import CorrectedDocs
from portal.disclosure.papers import PublishedPapers
from portal.discussion import helped as discussion_helped
from portal.discussion.for_plans import VersionOpinions
from portal.discussion.said import PlanOpinions
from portal.inbox import ports as inbox_ports
from portal.inbox.rules import Way
from portal.meetings import minutes
from portal.moderation import months as moderation_months
from portal.moderation import ports as moderation_ports
from portal.moderation import recording as moderation_recording
from portal.moderation.plan_places import PlanPlaces
from portal.notices import general as general_notices
from portal.notices import opening as notice_opening
from portal.notices import ports as notice_ports
from portal.notices.reading import GENERAL
from portal.notices.voided import VoidNotices
from portal.plans import notices as plan_notices
from portal.plans import ports as plan_ports
from portal.plans import stepping as plan_steps
from portal.plans.profile import VillagePlans
from portal.points import months as points_months
from portal.privacy import ports as privacy_ports
from portal.privacy import service as privacy
from portal.privacy.rules import Purpose
from portal.proposals.policed import ProposalPlaces
from portal.rooms.policed import RoomPlaces
from portal.roster import ports as roster_ports
from portal.surveys import helped as surveys_helped
from portal.transparency import ports as record
from portal.transparency import rosters
from portal.villages import ports as village_ports
from portal.villages import service as villages


def join() -> None:
    """Let everybody answer."""
    roster_ports.answer(BallotsUnderWay())
    village_ports.answer(VillagePlans())
    privacy_ports.answer(_office)
    record.answer(plan_notices.RECORD_KIND, plan_notices.VersionKeeper())
    record.answer(plan_steps.STEP_KIND, plan_steps.StepKeeper())
    plan_ports.answer(ballots=VersionBallots(), checks=PlannersChecks(), papers=PublishedPapers())
    plan_ports.answer(said=PlanOpinions())
    plan_ports.answer(opinions=VersionOpinions())
    record.answer(general_notices.RECORD_KIND, notice_opening.NoticeKeeper())
    notice_ports.answer(GENERAL, general_notices.GeneralSubject())
    notice_ports.answer(plan_notices.SUBJECT, plan_notices.VersionOnNotice())
    record.answer(belenios.ARCHIVE_KIND, belenios.ArchiveKeeper())
    record.answer(belenios_keys.CREDENTIALS_KIND, belenios_keys.CredentialsKeeper())
    record.answer(moderation_recording.KIND, moderation_recording.DecisionKeeper())
    record.answer(minutes.KIND, minutes.MinutesKeeper())
    record.answer(moderation_months.KIND, moderation_months.MonthKeeper())
    record.answer(points_months.KIND, points_months.MonthKeeper())
    record.answer(rosters.KIND, rosters.RosterKeeper())
    record.answer(disclosure.RECORD_KIND, disclosure.FileKeeper())
    for step, kind in ballot_records.KINDS.items():
        record.answer(kind, ballot_records.StepKeeper(step))
    record.answer_corrections(disclosure.RECORD_KIND, CorrectedDocs())
    for kind in (general_notices.RECORD_KIND, plan_notices.RECORD_KIND):
        record.answer_corrections(kind, VoidNotices())
    moderation_ports.answer_places("plan", PlanPlaces())
    moderation_ports.answer_places("room", RoomPlaces())
    moderation_ports.answer_places("proposal", ProposalPlaces())
    helping.answer("ballots", ballots_helped.ENTERED)
    helping.answer("disclosure", disclosure_helped.ENTERED)
    helping.answer("discussion", discussion_helped.ENTERED)
    helping.answer("surveys", surveys_helped.ENTERED)
    inbox_ports.answer(given=_agreed, say=_agree)


def _agreed(account_ids: Collection[int], way: Way) -> set[int]:
    """Tell the inbox who agreed to be told by a way."""
    return privacy.with_consent(account_ids, Purpose(way.value))


def _agree(account_id: int, way: Way, is_given: bool, now: datetime) -> bool:
    """Keep for the inbox what somebody agreed to on its pages."""
    return privacy.say(account_id, Purpose(way.value), is_given=is_given, now=now)


def _office() -> privacy_ports.Office:
    """Tell privacy where the committee is found, as the village itself tells it."""
    profile = villages.find_profile()
    return privacy_ports.Office(
        address=profile.address if profile else "",
        phone=profile.phone if profile else "",
        hours=profile.office_hours if profile else "",
    )
