"""What the house is made of: every feature, and what each offers to the others.

A new feature is joined here, with its places on the pages of others in `places.py`, and with its
answers to what lower features ask in `answers.py`; and nowhere else.
"""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from portal import answers, demo, places
from portal.analysis import demo as analysis_demo
from portal.analysis import messages as analysis_messages
from portal.analysis import service as analysis
from portal.analysis import views as analysis_views
from portal.assisting import demo as assisting_demo
from portal.assisting import jobs as assisting
from portal.assisting import personal as assisting_personal
from portal.assisting import views as assisting_views
from portal.ballots import chores as ballots_chores
from portal.ballots import closing as closing_ballots
from portal.ballots import demo as ballots_demo
from portal.ballots import messages as ballots_messages
from portal.ballots import personal as ballots_personal
from portal.ballots import urn_closing
from portal.ballots import views as ballots_views
from portal.ballots.belenios import jobs as belenios_jobs
from portal.ballots.belenios import views as belenios_views
from portal.ballots.counting_files import count_votes
from portal.ballots.exporting_ballots import export_pb
from portal.ballots.importing import import_pb
from portal.core import jobs, limits, outbox, personal, work
from portal.disclosure import chores as disclosure_chores
from portal.disclosure import county as disclosure_county
from portal.disclosure import demo as disclosure_demo
from portal.disclosure import messages as disclosure_messages
from portal.disclosure import personal as disclosure_personal
from portal.disclosure import region_views as county_documents
from portal.disclosure import views as disclosure_views
from portal.discussion import answer_demo, answer_messages, answer_views
from portal.discussion import chores as answer_chores
from portal.discussion import demo as discussion_demo
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
from portal.inbox import safety as inbox_safety
from portal.inbox import service as inbox
from portal.inbox import views as inbox_views
from portal.inbox.cli import make_push_key
from portal.intake import personal as intake_personal
from portal.intake import service as intake
from portal.intake import views as intake_views
from portal.media import personal as media_personal
from portal.media import service as media
from portal.media import views as media_views
from portal.meetings import demo as meetings_demo
from portal.meetings import messages as meetings_messages
from portal.meetings import personal as meetings_personal
from portal.meetings import views as meetings_views
from portal.moderation import (
    appeals_messages,
    appeals_views,
    months_views,
    reports,
    reports_messages,
    reports_views,
    sanctions_messages,
    sanctions_views,
)
from portal.moderation import messages as moderation_messages
from portal.moderation import months as moderation_months
from portal.moderation import personal as moderation_personal
from portal.moderation import views as moderation_views
from portal.notices import demo as notices_demo
from portal.notices import messages as notices_messages
from portal.notices import personal as notices_personal
from portal.notices import reminding
from portal.notices import views as notices_views
from portal.people import personal as people_personal
from portal.people import views as people_views
from portal.plans import demo as plans_demo
from portal.plans import layering
from portal.plans import living as plan_life
from portal.plans import messages as plans_messages
from portal.plans import personal as plans_personal
from portal.plans import views as plans_views
from portal.points import demo as points_demo
from portal.points import messages as points_messages
from portal.points import months as points_months
from portal.points import personal as points_personal
from portal.points import views as points_views
from portal.privacy import demo as privacy_demo
from portal.privacy import erasing
from portal.privacy import personal as privacy_personal
from portal.privacy import views as privacy_views
from portal.proposals import chores as proposals_chores
from portal.proposals import demo as proposals_demo
from portal.proposals import messages as proposals_messages
from portal.proposals import personal as proposals_personal
from portal.proposals import views as proposals_views
from portal.rooms import demo as rooms_demo
from portal.rooms import messages as rooms_messages
from portal.rooms import personal as rooms_personal
from portal.rooms import views as rooms_views
from portal.roster import cli as roster_cli
from portal.roster import imports as roster_imports
from portal.roster import personal as roster_personal
from portal.roster import views as roster_views
from portal.sign_in import personal as sign_in_personal
from portal.sign_in import service as signing_in
from portal.sign_in import views as sign_in_views
from portal.statistics import views as statistics_views
from portal.surveys import demo as surveys_demo
from portal.surveys import messages as surveys_messages
from portal.surveys import personal as surveys_personal
from portal.surveys import views as surveys_views
from portal.transparency import checkpoints, rosters
from portal.transparency import demo as transparency_demo
from portal.transparency import views as transparency_views
from portal.transparency.cli import verify
from portal.villages import demo as villages_demo
from portal.villages import personal as villages_personal
from portal.villages import region_views, staff_views
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
    media_views,
    notices_views,
    plans_views,
    analysis_views,
    intake_views,
    implementation_views,
    moderation_views,
    reports_views,
    appeals_views,
    sanctions_views,
    months_views,
    meetings_views,
    ballots_views,
    belenios_views,
    discussion_views,
    answer_views,
    rooms_views,
    proposals_views,
    surveys_views,
    points_views,
    statistics_views,
    disclosure_views,
    county_documents,
)
CHORES: tuple[jobs.Chore, ...] = (
    signing_in.prune,
    limits.prune,
    assisting.close_over,
    inbox.prune,
    roster_imports.prune,
    layering.prune,
    intake.prune,
    media.sweep,
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
    moderation_months.close_over,
    reports.prune,
    rosters.seal_changed,
    checkpoints.make_grown,
    urn_closing.log_waiting,
    proposals_chores.expire,
    answer_chores.alarm,
)
# Every feature's words for what it tells people, and what it does when something happened.
TELLING = (
    inbox_messages,
    inbox_safety,
    inbox_beside,
    notices_messages,
    plans_messages,
    analysis_messages,
    implementation_messages,
    moderation_messages,
    reports_messages,
    appeals_messages,
    sanctions_messages,
    meetings_messages,
    ballots_messages,
    rooms_messages,
    answer_messages,
    surveys_messages,
    proposals_messages,
    points_messages,
    disclosure_messages,
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
    media_personal.KEEPER,
    notices_personal.KEEPER,
    plans_personal.KEEPER,
    intake_personal.KEEPER,
    implementation_personal.KEEPER,
    moderation_personal.KEEPER,
    meetings_personal.KEEPER,
    ballots_personal.KEEPER,
    discussion_personal.KEEPER,
    rooms_personal.KEEPER,
    proposals_personal.KEEPER,
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
    answer_demo.load,
    rooms_demo.load,
    proposals_demo.load,
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
    answers.join()
    csrf.exempt(f"{people_views.__name__}.{people_views.preferences.__name__}")
    app.extensions["slots"] = places.SLOTS
    outbox.subscribe(app, outbox.joined(*(told.HANDLERS for told in TELLING)))
    kinds.join(app, *(told.KINDS for told in TELLING))
    app.extensions["duties"] = DUTIES
    app.extensions["workers"] = WORKERS
    app.extensions["keepers"] = KEEPERS
    app.extensions["desk_links"] = places.DESK_LINKS
    app.extensions["village_links"] = places.VILLAGE_LINKS
