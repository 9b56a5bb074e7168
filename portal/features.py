"""What the house is made of: every feature, and what each offers to the others.

A new feature is joined here, and nowhere else.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from portal import demo
from portal.analysis import demo as analysis_demo
from portal.analysis import messages as analysis_messages
from portal.analysis import service as analysis
from portal.analysis import views as analysis_views
from portal.analysis.checks import PlannersChecks
from portal.assisting import demo as assisting_demo
from portal.assisting import jobs as assisting
from portal.assisting import personal as assisting_personal
from portal.assisting import ports as helping
from portal.assisting import views as assisting_views
from portal.ballots import chores as ballots_chores
from portal.ballots import closing as closing_ballots
from portal.ballots import demo as ballots_demo
from portal.ballots import helped as ballots_helped
from portal.ballots import messages as ballots_messages
from portal.ballots import personal as ballots_personal
from portal.ballots import records as ballot_records
from portal.ballots import urn_closing
from portal.ballots import views as ballots_views
from portal.ballots.belenios import jobs as belenios_jobs
from portal.ballots.belenios import opening as belenios
from portal.ballots.belenios import setting_up as belenios_keys
from portal.ballots.belenios import views as belenios_views
from portal.ballots.counting_files import count_votes
from portal.ballots.exporting_ballots import export_pb
from portal.ballots.for_plans import VersionBallots
from portal.ballots.importing import import_pb
from portal.ballots.in_use import BallotsUnderWay
from portal.core import jobs, limits, outbox, personal, work
from portal.core.slots import Link, Slot, Source
from portal.disclosure import chores as disclosure_chores
from portal.disclosure import county as disclosure_county
from portal.disclosure import demo as disclosure_demo
from portal.disclosure import helped as disclosure_helped
from portal.disclosure import messages as disclosure_messages
from portal.disclosure import personal as disclosure_personal
from portal.disclosure import region_views as county_documents
from portal.disclosure import service as disclosure
from portal.disclosure import views as disclosure_views
from portal.disclosure.corrected import CorrectedDocs
from portal.disclosure.papers import PublishedPapers
from portal.discussion import demo as discussion_demo
from portal.discussion import helped as discussion_helped
from portal.discussion import personal as discussion_personal
from portal.discussion import views as discussion_views
from portal.implementation import demo as implementation_demo
from portal.implementation import messages as implementation_messages
from portal.implementation import personal as implementation_personal
from portal.implementation import views as implementation_views
from portal.inbox import beside as inbox_beside
from portal.inbox import delivering, kinds
from portal.inbox import demo as inbox_demo
from portal.inbox import messages as inbox_messages
from portal.inbox import personal as inbox_personal
from portal.inbox import ports as inbox_ports
from portal.inbox import safety as inbox_safety
from portal.inbox import service as inbox
from portal.inbox import views as inbox_views
from portal.inbox.cli import make_push_key
from portal.inbox.rules import Way
from portal.intake import personal as intake_personal
from portal.intake import service as intake
from portal.intake import views as intake_views
from portal.meetings import demo as meetings_demo
from portal.meetings import messages as meetings_messages
from portal.meetings import personal as meetings_personal
from portal.meetings import views as meetings_views
from portal.moderation import messages as moderation_messages
from portal.moderation import personal as moderation_personal
from portal.moderation import recording as moderation_recording
from portal.moderation import views as moderation_views
from portal.notices import demo as notices_demo
from portal.notices import general as general_notices
from portal.notices import messages as notices_messages
from portal.notices import opening as notice_opening
from portal.notices import personal as notices_personal
from portal.notices import ports as notice_ports
from portal.notices import reminding
from portal.notices import views as notices_views
from portal.notices.reading import GENERAL
from portal.notices.voided import VoidNotices
from portal.people import personal as people_personal
from portal.people import views as people_views
from portal.plans import demo as plans_demo
from portal.plans import layering
from portal.plans import living as plan_life
from portal.plans import messages as plans_messages
from portal.plans import notices as plan_notices
from portal.plans import personal as plans_personal
from portal.plans import ports as plan_ports
from portal.plans import stepping as plan_steps
from portal.plans import views as plans_views
from portal.plans.profile import VillagePlans
from portal.points import demo as points_demo
from portal.points import messages as points_messages
from portal.points import months as points_months
from portal.points import personal as points_personal
from portal.points import views as points_views
from portal.privacy import demo as privacy_demo
from portal.privacy import erasing
from portal.privacy import personal as privacy_personal
from portal.privacy import ports as privacy_ports
from portal.privacy import service as privacy
from portal.privacy import views as privacy_views
from portal.privacy.rules import Purpose
from portal.roster import cli as roster_cli
from portal.roster import imports as roster_imports
from portal.roster import personal as roster_personal
from portal.roster import ports as roster_ports
from portal.roster import views as roster_views
from portal.sign_in import personal as sign_in_personal
from portal.sign_in import service as signing_in
from portal.sign_in import views as sign_in_views
from portal.statistics import views as statistics_views
from portal.surveys import demo as surveys_demo
from portal.surveys import helped as surveys_helped
from portal.surveys import messages as surveys_messages
from portal.surveys import personal as surveys_personal
from portal.surveys import views as surveys_views
from portal.transparency import checkpoints, rosters
from portal.transparency import demo as transparency_demo
from portal.transparency import ports as record
from portal.transparency import views as transparency_views
from portal.transparency.cli import verify
from portal.villages import demo as villages_demo
from portal.villages import personal as villages_personal
from portal.villages import ports as village_ports
from portal.villages import region_views, staff_views
from portal.villages import service as villages
from portal.villages import views as villages_views
from portal.villages.cli import operator

# From the lowest rung of the ladder up.
FEATURES = (
    people_views,
    sign_in_views,
    roster_views,
    inbox_views,
    villages_views,
    staff_views,
    region_views,
    privacy_views,
    assisting_views,
    transparency_views,
    notices_views,
    plans_views,
    analysis_views,
    intake_views,
    implementation_views,
    moderation_views,
    meetings_views,
    ballots_views,
    belenios_views,
    discussion_views,
    surveys_views,
    points_views,
    statistics_views,
    disclosure_views,
    county_documents,
)
SLOTS: dict[Slot, tuple[Source, ...]] = {
    Slot.HOME: (
        inbox_views.home_cards,
        assisting_views.home_cards,
        notices_views.home_cards,
        plans_views.home_cards,
        meetings_views.home_cards,
        ballots_views.home_cards,
        surveys_views.home_cards,
        discussion_views.home_cards,
        disclosure_views.home_cards,
    ),
    Slot.TAKE_PART: (
        meetings_views.take_part_cards,
        ballots_views.take_part_cards,
        surveys_views.take_part_cards,
        notices_views.take_part_cards,
        plans_views.take_part_cards,
    ),
    Slot.PLAN: (
        analysis_views.plan_cards,
        ballots_views.plan_cards,
        discussion_views.plan_cards,
    ),
    Slot.ME: (
        inbox_views.me_cards,
        assisting_views.me_cards,
        implementation_views.me_cards,
        ballots_views.me_cards,
        discussion_views.me_cards,
        surveys_views.me_cards,
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
        moderation_views.desk_cards,
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
    *moderation_views.DESK_LINKS,
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
    *assisting_views.VILLAGE_LINKS,
    *privacy_views.VILLAGE_LINKS,
)
CHORES: tuple[jobs.Chore, ...] = (
    signing_in.prune,
    limits.prune,
    assisting.close_over,
    inbox.prune,
    roster_imports.prune,
    layering.prune,
    intake.prune,
    outbox.prune,
    assisting_personal.prune,
    erasing.forget_departed,
    erasing.forget_echoes,
    analysis.watch,
    reminding.remind,
    reminding.void_changed,
    disclosure_chores.look_after,
    plan_life.tick,
    points_months.close_over,
    rosters.seal_changed,
    checkpoints.make_grown,
    urn_closing.log_waiting,
)
HANDLERS = outbox.joined(
    inbox_messages.HANDLERS,
    inbox_safety.HANDLERS,
    inbox_beside.HANDLERS,
    notices_messages.HANDLERS,
    plans_messages.HANDLERS,
    analysis_messages.HANDLERS,
    implementation_messages.HANDLERS,
    moderation_messages.HANDLERS,
    meetings_messages.HANDLERS,
    ballots_messages.HANDLERS,
    surveys_messages.HANDLERS,
    points_messages.HANDLERS,
    disclosure_messages.HANDLERS,
)
# What is kept about people, the lowest first: shown to them, handed out, forgotten.
KEEPERS: tuple[personal.Keeper, ...] = (
    people_personal.KEEPER,
    sign_in_personal.KEEPER,
    roster_personal.KEEPER,
    inbox_personal.KEEPER,
    villages_personal.KEEPER,
    privacy_personal.KEEPER,
    assisting_personal.KEEPER,
    notices_personal.KEEPER,
    plans_personal.KEEPER,
    intake_personal.KEEPER,
    implementation_personal.KEEPER,
    moderation_personal.KEEPER,
    meetings_personal.KEEPER,
    ballots_personal.KEEPER,
    discussion_personal.KEEPER,
    surveys_personal.KEEPER,
    points_personal.KEEPER,
    disclosure_personal.KEEPER,
)
# What every process does every few seconds, one process at a time.
DUTIES: tuple[jobs.Duty, ...] = (
    ballots_chores.open_due,
    closing_ballots.close_due,
    outbox.handle_waiting,
    delivering.deliver_waiting,
    work.do_some,
    belenios_jobs.look_after_boxes,
    urn_closing.close_due,
)
# What does the units of long work, by the work's kind.
WORKERS: dict[str, work.Worker] = {
    **disclosure_county.WORKERS,
    intake.WORK: intake.read_in_job,
}
# Every feature's words for what it tells people.
MESSAGES: tuple[Mapping[str, kinds.Kind], ...] = (
    inbox_messages.KINDS,
    inbox_safety.KINDS,
    inbox_beside.KINDS,
    notices_messages.KINDS,
    plans_messages.KINDS,
    analysis_messages.KINDS,
    implementation_messages.KINDS,
    moderation_messages.KINDS,
    meetings_messages.KINDS,
    ballots_messages.KINDS,
    surveys_messages.KINDS,
    points_messages.KINDS,
    disclosure_messages.KINDS,
)
DEMO_LOADERS: tuple[demo.Loader, ...] = (
    villages_demo.load,
    assisting_demo.load,
    notices_demo.load,
    plans_demo.load,
    analysis_demo.load,
    implementation_demo.load,
    meetings_demo.load,
    ballots_demo.load,
    discussion_demo.load,
    surveys_demo.load,
    points_demo.load,
    disclosure_demo.load,
    privacy_demo.load,
    inbox_demo.load,
    transparency_demo.load,
)
COMMANDS = (import_pb, export_pb, count_votes, verify, roster_cli.roster, make_push_key, operator)


def join(app: Flask, csrf: CSRFProtect) -> None:
    """Let every feature in, and fill the places that they leave to each other."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    roster_ports.answer(BallotsUnderWay())
    village_ports.answer(VillagePlans())
    privacy_ports.answer(_office)
    record.answer(plan_notices.RECORD_KIND, plan_notices.VersionKeeper())
    record.answer(plan_steps.STEP_KIND, plan_steps.StepKeeper())
    plan_ports.answer(ballots=VersionBallots(), checks=PlannersChecks(), papers=PublishedPapers())
    record.answer(general_notices.RECORD_KIND, notice_opening.NoticeKeeper())
    notice_ports.answer(GENERAL, general_notices.GeneralSubject())
    notice_ports.answer(plan_notices.SUBJECT, plan_notices.VersionOnNotice())
    record.answer(belenios.ARCHIVE_KIND, belenios.ArchiveKeeper())
    record.answer(belenios_keys.CREDENTIALS_KIND, belenios_keys.CredentialsKeeper())
    record.answer(moderation_recording.KIND, moderation_recording.DecisionKeeper())
    record.answer(points_months.KIND, points_months.MonthKeeper())
    record.answer(rosters.KIND, rosters.RosterKeeper())
    record.answer(disclosure.RECORD_KIND, disclosure.FileKeeper())
    for step, kind in ballot_records.KINDS.items():
        record.answer(kind, ballot_records.StepKeeper(step))
    record.answer_corrections(disclosure.RECORD_KIND, CorrectedDocs())
    for kind in (general_notices.RECORD_KIND, plan_notices.RECORD_KIND):
        record.answer_corrections(kind, VoidNotices())
    helping.answer("ballots", ballots_helped.ENTERED)
    helping.answer("disclosure", disclosure_helped.ENTERED)
    helping.answer("discussion", discussion_helped.ENTERED)
    helping.answer("surveys", surveys_helped.ENTERED)
    csrf.exempt(f"{people_views.__name__}.{people_views.preferences.__name__}")
    app.extensions["slots"] = SLOTS
    outbox.subscribe(app, HANDLERS)
    kinds.join(app, *MESSAGES)
    inbox_ports.answer(given=_agreed, say=_agree)
    app.extensions["duties"] = DUTIES
    app.extensions["workers"] = WORKERS
    app.extensions["keepers"] = KEEPERS
    app.extensions["desk_links"] = DESK_LINKS
    app.extensions["village_links"] = VILLAGE_LINKS


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
