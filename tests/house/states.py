"""The states of things that addresses name, and what they change about who may."""

import enum

from sqlalchemy import bindparam

from portal.analysis.models import SpatialConflict
from portal.assisting.models import Recognition
from portal.ballots.batch_models import PaperSheet
from portal.ballots.models import Ballot, Turnout
from portal.ballots.states import Secrecy
from portal.core import clock
from portal.core.access import Part
from portal.core.db import UtcDateTime, db
from portal.core.scope import all_villages, village_scope
from portal.core.work import Work
from portal.disclosure.life_models import DisclosureCase, DisclosureObjection
from portal.disclosure.models import DisclosureDoc
from portal.discussion.models import Comment
from portal.implementation.models import (
    Duty,
    Evaluation,
    EvaluationLine,
    IdleAsset,
    InterestedParty,
)
from portal.inbox.models import Delivery, InboxMessage
from portal.intake.models import PlanImport
from portal.media.models import MediaFile
from portal.meetings import demo as meetings_demo
from portal.meetings.council_models import Councillor
from portal.meetings.models import AttendanceCorrection, Meeting, Representative
from portal.moderation.appeals_models import ModerationAppeal
from portal.moderation.models import ModerationCase
from portal.moderation.months_models import ModerationMonth
from portal.moderation.sanctions_models import ModerationSanction
from portal.moderation.screening_models import AllowedWord, ScreeningPolicy, WordList
from portal.notices.models import Notice, NoticeChannel, NoticePhoto
from portal.people import service as people
from portal.people.models import AssistedSitting, Household, Post, Resident, VillagerGroup
from portal.plans.models import (
    HouseholdPlot,
    Indicator,
    LayerUpload,
    PlanSection,
    PlanVersion,
    Project,
)
from portal.plans.rules import State
from portal.points.models import PointsTransfer
from portal.privacy.models import DataRequest
from portal.proposals.models import Proposal
from portal.rooms.models import Room
from portal.roster.models import RosterImport
from portal.roster.rules import ImportState
from portal.sign_in.models import AccountSession, SecondFactor
from portal.surveys.models import Survey
from portal.surveys.rules import SurveyState
from portal.transparency import checkpoints, logs
from portal.villages.models import Facility
from tests.house.world import HERE, ids


class Outcome(enum.StrEnum):
    """What happens at a door."""

    IN = "let in"
    SIGN_IN = "led to the sign-in"
    SECOND = "led to the second factor"
    UNKNOWN = "refused as unknown"
    REFUSED = "refused"
    MISSING = "as if it were not there"
    FAULT = "a fault of ours"


NOWHERE = 2_000_000_000
KEY_HOLDERS = (Part.COMMITTEE, Part.HEAD, Part.SUPERVISOR, Part.ADMIN)
STAFF_OF_PLANS = {Part.COMMITTEE, Part.PLANNER, Part.ADMIN}


def first(model, *criteria):
    """Pick the first row here that meets the criteria."""
    return lambda world: ids(world, model, *criteria)[0]


def party_of(*, is_own: bool):
    """Pick somebody concerned: the representative, or another resident."""

    def pick(world):
        own = InterestedParty.resident_id == world.players["representative"].resident_id
        return ids(world, InterestedParty, own if is_own else ~own)[0]

    return pick


def theirs(model):
    """Pick a row of the neighbouring village."""
    return lambda world: ids(world, model, village=world.there)[0]


def of(model, who):
    """Pick what belongs to one of the players."""
    return lambda world: ids(world, model, model.resident_id == world.players[who].resident_id)[0]


def value(model, column, of_there=False):
    """Pick a column of the first row, here or in the neighbouring village."""

    def pick(world):
        village = world.there if of_there else world.here
        with world.app.app_context(), all_villages("the world looks at both villages"):
            row = db.session.get_one(model, ids(world, model, village=village)[0])
            return getattr(row, column)

    return pick


def both(**picks):
    """Pick several arguments at once."""
    return lambda world: {
        name: pick(world) if callable(pick) else pick for name, pick in picks.items()
    }


def account_of(who):
    """Pick the account of one of the players."""
    return lambda world: world.players[who].account_id


def held_by(model, who):
    """Pick what the account of one of the players holds."""
    return lambda world: ids(world, model, model.account_id == world.players[who].account_id)[-1]


def nowhere(_world):
    return NOWHERE


def signed_size(world):
    """Pick how many lines of the record were signed last."""
    with world.app.app_context(), village_scope(world.here):
        return checkpoints.latest(logs.RECORD).size


def county_work(world):
    """Pick the work that was begun in the county above both villages."""
    with world.app.app_context():
        place = people.find_place(HERE[:6])
    return ids(world, Work, village=place.id)[0]


def resident_of(who):
    return lambda world: world.players[who].resident_id


PUBLIC_VERSION = PlanVersion.state != State.DRAFT
DRAFT_VERSION = PlanVersion.state == State.DRAFT
PAST = Ballot.closes_at < bindparam("now", callable_=clock.now, type_=UtcDateTime())
OPEN = Ballot.opened_at.is_not(None) & ~PAST
BELENIOS = (
    *("show", "archive", "vote", "seal", "cast", "key", "new_key", "keep_key", "give"),
    *("slips", "print_slips", "set_up"),
)
VERSIONS = {
    "published": first(PlanVersion, PUBLIC_VERSION),
    "draft": first(PlanVersion, DRAFT_VERSION),
    "other village": theirs(PlanVersion),
    "nowhere": nowhere,
}
RESIDENTS = {
    "own": resident_of("representative"),
    "own household": resident_of("resident"),
    "same village": resident_of("head"),
    "moved out": resident_of("moved out"),
    "other village": theirs(Resident),
    "nowhere": nowhere,
}

# For each set of arguments that an address takes: its states, and how a thing in one is found.
STATES = {
    ("ballot_id",): {
        "open": first(Ballot, OPEN),
        "closed": first(Ballot, PAST),
        "announced": first(Ballot, Ballot.opened_at.is_(None)),
        "other village": theirs(Ballot),
        "nowhere": nowhere,
    },
    **{
        (f"belenios.{page}", "ballot_id"): {
            "drafted in secret": first(Ballot, Ballot.secrecy == Secrecy.BELENIOS),
            "with names": first(Ballot, OPEN),
            "other village": theirs(Ballot),
            "nowhere": nowhere,
        }
        for page in BELENIOS
    },
    ("belenios.receipt", "ballot_id", "tracker"): {
        "drafted in secret": both(
            ballot_id=first(Ballot, Ballot.secrecy == Secrecy.BELENIOS), tracker="0" * 64
        ),
        "nowhere": both(ballot_id=nowhere, tracker="0" * 64),
    },
    ("sheet_id",): {
        "entered": first(PaperSheet),
        "other village": theirs(PaperSheet),
        "nowhere": nowhere,
    },
    ("ballots.receipt", "code"): {
        "counted": value(Turnout, "receipt"),
        "other village": value(Turnout, "receipt", of_there=True),
        "nowhere": lambda _world: "ABCD2345WXYZ",
    },
    ("sign_in.slip", "code"): {"any": lambda _world: "ABCD2345WXYZ"},
    ("version_id",): VERSIONS,
    ("language", "mode", "version_id"): {
        state: both(version_id=pick, language="zh_Hans", mode="normal")
        for state, pick in VERSIONS.items()
    },
    ("part", "version_id"): {
        state: both(version_id=pick, part="section") for state, pick in VERSIONS.items()
    },
    ("step", "version_id"): {
        state: both(version_id=pick, step="submit_review") for state, pick in VERSIONS.items()
    },
    ("kind", "version_id"): {
        state: both(version_id=pick, kind="land-use") for state, pick in VERSIONS.items()
    },
    ("upload_id", "version_id"): {
        "own": both(upload_id=first(LayerUpload), version_id=value(LayerUpload, "version_id")),
        "part of another": both(version_id=VERSIONS["published"], upload_id=theirs(LayerUpload)),
        "other village": both(version_id=VERSIONS["other village"], upload_id=theirs(LayerUpload)),
        "nowhere": both(version_id=nowhere, upload_id=nowhere),
    },
    ("part", "part_id", "version_id"): {
        "draft": both(
            version_id=VERSIONS["draft"],
            part="section",
            part_id=lambda world: ids(
                world, PlanSection, PlanSection.version_id == VERSIONS["draft"](world)
            )[0],
        ),
        "part of another": both(
            version_id=VERSIONS["draft"], part="section", part_id=first(PlanSection)
        ),
        "other village": both(
            version_id=VERSIONS["other village"], part="section", part_id=theirs(PlanSection)
        ),
        "nowhere": both(version_id=nowhere, part="section", part_id=nowhere),
    },
    ("number", "version_id"): {
        "published": both(version_id=VERSIONS["published"], number=1),
        "draft": both(version_id=VERSIONS["draft"], number=1),
        "other village": both(version_id=VERSIONS["other village"], number=1),
        "nowhere": both(version_id=nowhere, number=nowhere),
    },
    ("plot_id", "version_id"): {
        "own": both(
            version_id=VERSIONS["published"],
            plot_id=lambda world: ids(
                world,
                HouseholdPlot,
                HouseholdPlot.resident_id == world.players["representative"].resident_id,
            )[0],
        ),
        "other village": both(version_id=theirs(PlanVersion), plot_id=theirs(HouseholdPlot)),
        "nowhere": both(version_id=nowhere, plot_id=nowhere),
    },
    ("project_id",): {
        "published": first(Project),
        "draft": lambda world: ids(world, Project, Project.version_id == VERSIONS["draft"](world))[
            0
        ],
        "other village": theirs(Project),
        "nowhere": nowhere,
    },
    ("notice_id",): {
        "open": first(Notice, Notice.opened_at.is_not(None)),
        "planned": first(Notice, Notice.opened_at.is_(None)),
        "other village": theirs(Notice),
        "nowhere": nowhere,
    },
    ("channel_id", "notice_id"): {
        "planned": both(
            notice_id=first(Notice, Notice.opened_at.is_(None)),
            channel_id=lambda world: ids(world, NoticeChannel)[-1],
        ),
        "other village": both(notice_id=theirs(Notice), channel_id=theirs(NoticeChannel)),
        "nowhere": both(notice_id=nowhere, channel_id=nowhere),
    },
    ("notices.new", "kind"): {
        "any": lambda _world: "points",
        "no such kind": lambda _world: "planted",
    },
    ("notices.create", "kind"): {
        "any": lambda _world: "points",
        "no such kind": lambda _world: "planted",
    },
    ("notice_id", "photo_id"): {
        "open": both(notice_id=first(Notice), photo_id=first(NoticePhoto)),
        "other village": both(notice_id=theirs(Notice), photo_id=theirs(NoticePhoto)),
        "nowhere": both(notice_id=nowhere, photo_id=nowhere),
    },
    ("comment_id",): {
        "own": of(Comment, "representative"),
        "own household": of(Comment, "resident"),
        "same village": first(Comment),
        "hidden": value(ModerationCase, "subject_id"),
        "other village": theirs(Comment),
        "nowhere": nowhere,
    },
    ("file_id",): {
        "waiting": of(MediaFile, "representative"),
        "other village": theirs(MediaFile),
        "nowhere": nowhere,
    },
    ("month",): {
        "closed": lambda world: value(ModerationMonth, "begins_on")(world).strftime("%Y-%m"),
        "nowhere": lambda _world: "1999-01",
    },
    ("sanction_id",): {
        "same village": first(ModerationSanction),
        "other village": theirs(ModerationSanction),
        "nowhere": nowhere,
    },
    ("appeal_id",): {
        "same village": first(ModerationAppeal),
        "other village": theirs(ModerationAppeal),
        "nowhere": nowhere,
    },
    ("meeting_id",): {
        "held": first(Meeting, Meeting.title == meetings_demo.CANTEEN),
        "convened": first(Meeting, Meeting.title == meetings_demo.NEXT),
        "other village": theirs(Meeting),
        "nowhere": nowhere,
    },
    ("correction_id", "deed"): {
        "waiting": both(
            correction_id=first(AttendanceCorrection, AttendanceCorrection.decided_at.is_(None)),
            deed="no",
        ),
        "other village": both(correction_id=theirs(AttendanceCorrection), deed="yes"),
        "nowhere": both(correction_id=nowhere, deed="yes"),
    },
    ("representative_id",): {
        "same village": first(Representative),
        "other village": theirs(Representative),
        "nowhere": nowhere,
    },
    ("proposal_id",): {
        "same village": first(Proposal),
        "other village": theirs(Proposal),
        "nowhere": nowhere,
    },
    ("councillor_id",): {
        "same village": first(Councillor),
        "other village": theirs(Councillor),
        "nowhere": nowhere,
    },
    ("room_id",): {
        "open": first(Room, Room.key == "village"),
        "of a group": first(Room, Room.key.startswith("group:")),
        "of the council": first(Room, Room.key == "council"),
        "other village": theirs(Room),
        "nowhere": nowhere,
    },
    ("room_id", "seq"): {
        "open": both(room_id=first(Room, Room.key == "village"), seq=lambda _world: 1),
        "of a group": both(
            room_id=first(Room, Room.key.startswith("group:")), seq=lambda _world: 1
        ),
        "of the council": both(room_id=first(Room, Room.key == "council"), seq=lambda _world: 1),
        "other village": both(room_id=theirs(Room), seq=lambda _world: 1),
        "nowhere": both(room_id=first(Room, Room.key == "village"), seq=nowhere),
    },
    ("kind", "subject_id"): {
        "hidden": both(kind="opinion", subject_id=value(ModerationCase, "subject_id")),
        "shown": both(kind="opinion", subject_id=first(Comment)),
        "other village": both(kind="opinion", subject_id=theirs(Comment)),
        "no such kind": both(kind="planted", subject_id=first(Comment)),
        "nowhere": both(kind="opinion", subject_id=nowhere),
    },
    ("survey_id",): {
        "open": first(Survey, Survey.state == SurveyState.OPEN),
        "closed": first(Survey, Survey.state == SurveyState.CLOSED),
        "draft": first(Survey, Survey.state == SurveyState.DRAFT),
        "other village": theirs(Survey),
        "nowhere": nowhere,
    },
    ("doc_id",): {
        "published": first(DisclosureDoc),
        "other village": theirs(DisclosureDoc),
        "nowhere": nowhere,
    },
    ("doc_id", "edition"): {
        "published": both(doc_id=first(DisclosureDoc), edition="normal"),
        "other village": both(doc_id=theirs(DisclosureDoc), edition="large"),
        "nowhere": both(doc_id=nowhere, edition="normal"),
    },
    ("case_id",): {
        "published": first(DisclosureCase),
        "other village": theirs(DisclosureCase),
        "nowhere": nowhere,
    },
    ("case_id", "edition"): {
        "published": both(case_id=first(DisclosureCase), edition="normal"),
        "other village": both(case_id=theirs(DisclosureCase), edition="normal"),
        "nowhere": both(case_id=nowhere, edition="normal"),
    },
    ("case_id", "deed"): {
        "published": both(case_id=first(DisclosureCase), deed="publish"),
        "other village": both(case_id=theirs(DisclosureCase), deed="publish"),
        "nowhere": both(case_id=nowhere, deed="publish"),
    },
    ("objection_id",): {
        "open": first(DisclosureObjection),
        "other village": theirs(DisclosureObjection),
        "nowhere": nowhere,
    },
    ("level", "objection_id"): {
        "open": both(objection_id=first(DisclosureObjection), level="answer"),
        "other village": both(objection_id=theirs(DisclosureObjection), level="answer"),
        "nowhere": both(objection_id=nowhere, level="answer"),
    },
    ("code",): {"any": lambda _world: "monthly", "nowhere": lambda _world: "no-such-item"},
    ("disclosure.change_certificate", "deed"): {"any": lambda _world: "end"},
    ("county_documents.begin", "deed"): {"any": lambda _world: "make"},
    ("work_id",): {"waiting": county_work, "nowhere": nowhere},
    ("resident_id",): RESIDENTS,
    ("transfer_id",): {
        "same village": first(PointsTransfer),
        "other village": theirs(PointsTransfer),
        "nowhere": nowhere,
    },
    ("account_id",): {
        "own": account_of("administrator"),
        "same village": account_of("committee"),
        "other village": account_of("neighbour"),
        "nowhere": nowhere,
    },
    ("session_id",): {
        "own": held_by(AccountSession, "representative"),
        "same village": held_by(AccountSession, "head"),
        "other village": theirs(AccountSession),
        "nowhere": nowhere,
    },
    ("factor_id",): {
        "own": held_by(SecondFactor, "representative"),
        "other village": theirs(SecondFactor),
        "nowhere": nowhere,
    },
    ("request_id",): {
        "open": first(DataRequest),
        "other village": theirs(DataRequest),
        "nowhere": nowhere,
    },
    ("recognition_id",): {
        "open": first(Recognition),
        "other village": theirs(Recognition),
        "nowhere": nowhere,
    },
    ("sitting_id",): {
        "going on": of(AssistedSitting, "representative"),
        "over": first(AssistedSitting, AssistedSitting.ended_at.is_not(None)),
        "other village": theirs(AssistedSitting),
        "nowhere": nowhere,
    },
    ("group_id",): {
        "same village": first(VillagerGroup),
        "other village": theirs(VillagerGroup),
        "nowhere": nowhere,
    },
    ("household_id",): {
        "same village": first(Household),
        "other village": theirs(Household),
        "nowhere": nowhere,
    },
    ("message_id",): {
        "own": held_by(InboxMessage, "representative"),
        "other village": theirs(InboxMessage),
        "nowhere": nowhere,
    },
    ("delivery_id",): {
        "waiting": first(Delivery),
        "other village": theirs(Delivery),
        "nowhere": nowhere,
    },
    ("import_id",): {
        "waiting": first(RosterImport, RosterImport.state == ImportState.WAITING),
        "other village": theirs(RosterImport),
        "nowhere": nowhere,
    },
    ("handed_id",): {
        "handed in": first(PlanImport),
        "other village": theirs(PlanImport),
        "nowhere": nowhere,
    },
    ("edition",): {"English": lambda _world: "en"},
    ("edition", "table"): {
        "goals": both(edition="zh", table="goals"),
        "no table": both(edition="zh", table="none"),
    },
    ("edition", "version_id"): {
        state: both(version_id=pick, edition="en") for state, pick in VERSIONS.items()
    },
    ("edition", "table", "version_id"): {
        state: both(version_id=pick, edition="en", table="goals")
        for state, pick in VERSIONS.items()
    },
    ("action", "resident_id"): {
        state: both(resident_id=pick, action="leave") for state, pick in RESIDENTS.items()
    },
    ("duty_id",): {
        "same village": first(Duty),
        "other village": theirs(Duty),
        "nowhere": nowhere,
    },
    ("indicator_id",): {
        "same village": first(Indicator),
        "other village": theirs(Indicator),
        "nowhere": nowhere,
    },
    ("evaluation_id",): {
        "same village": first(Evaluation),
        "other village": theirs(Evaluation),
        "nowhere": nowhere,
    },
    ("line_id",): {
        "same village": first(EvaluationLine),
        "other village": theirs(EvaluationLine),
        "nowhere": nowhere,
    },
    ("asset_id",): {
        "same village": first(IdleAsset),
        "other village": theirs(IdleAsset),
        "nowhere": nowhere,
    },
    ("party_id",): {
        "own": party_of(is_own=True),
        "same village": party_of(is_own=False),
        "other village": theirs(InterestedParty),
        "nowhere": nowhere,
    },
    ("policy_id",): {
        "set": first(ScreeningPolicy),
        "other village": theirs(ScreeningPolicy),
        "nowhere": nowhere,
    },
    ("list_id",): {
        "kept": first(WordList),
        "other village": theirs(WordList),
        "nowhere": nowhere,
    },
    ("word_id",): {
        "passes": first(AllowedWord),
        "other village": theirs(AllowedWord),
        "nowhere": nowhere,
    },
    ("facility_id",): {
        "published": first(Facility),
        "other village": theirs(Facility),
        "nowhere": nowhere,
    },
    ("account_id", "deed"): {
        "own": both(account_id=account_of("administrator"), deed="close"),
        "same village": both(account_id=account_of("committee"), deed="close"),
        "other village": both(account_id=account_of("neighbour"), deed="close"),
        "nowhere": both(account_id=nowhere, deed="close"),
    },
    ("post_id",): {
        "same village": held_by(Post, "committee"),
        "other village": theirs(Post),
        "nowhere": nowhere,
    },
    ("village_id",): {
        "same village": lambda world: world.here,
        "other village": lambda world: world.there,
        "nowhere": nowhere,
    },
    ("deed", "village_id"): {
        "same village": both(village_id=lambda world: world.here, deed="close"),
        "other village": both(village_id=lambda world: world.there, deed="close"),
        "nowhere": both(village_id=nowhere, deed="close"),
    },
    ("purpose",): {"any": lambda _world: "sms"},
    ("number",): {"any": lambda _world: 1, "nowhere": nowhere},
    ("size",): {"signed": signed_size, "nowhere": nowhere},
    ("edition", "size"): {
        "signed": both(edition="large", size=signed_size),
        "nowhere": both(edition="normal", size=nowhere),
    },
    ("what",): {"any": lambda _world: "1"},
    ("conflict_id",): {
        "published": first(SpatialConflict),
        "other village": theirs(SpatialConflict),
        "nowhere": nowhere,
    },
    ("analysis.coverage_map", "kind", "version_id"): {
        state: both(version_id=pick, kind="clinic") for state, pick in VERSIONS.items()
    },
    ("statistics.table", "kind"): {"any": lambda _world: "csv"},
}
for kind, subject in (
    ("vote-result", "ballot_id"),
    ("draft-notice", "version_id"),
):
    for endpoint in ("disclosure.prepare", "disclosure.begin", "disclosure.preview"):
        extra = {"edition": "normal"} if endpoint.endswith("preview") else {}
        names = sorted(["kind", "subject_id", *extra])
        states = STATES.setdefault((endpoint, *names), {})
        for state, pick in STATES[subject,].items():
            states[f"{kind}: {state}"] = both(kind=kind, subject_id=pick, **extra)


def missing(_who, _parts):
    return Outcome.MISSING


def staff_only(*parts):
    """Let these parts in; to everybody else it is not there."""
    return lambda _who, played: Outcome.IN if played & set(parts) else Outcome.MISSING


def led_to_sign_in(_who, _parts):
    return Outcome.SIGN_IN


def not_for_villagers(_who, played):
    """Refuse villagers; whoever watches over it is let in."""
    watching = {Part.COMMITTEE, Part.SUPERVISOR}
    return Outcome.IN if played & watching else Outcome.REFUSED


def of_the_sheet(who, played):
    """Let in whoever sees to it, and who is named on the sheet: it entered, or to witness it."""
    named = ("representative", "weak committee")
    return Outcome.IN if who in named else not_for_villagers(who, played)


# What a state changes about who may: (endpoint or *, state) -> what happens to whom is let in.
EXCEPTIONS = {
    ("*", "other village"): missing,
    ("*", "nowhere"): missing,
    ("*", "no such kind"): missing,
    ("*", "no table"): missing,
    ("*", "part of another"): missing,
    # nobody sees how many voted before it opens
    ("ballots.roll", "announced"): not_for_villagers,
    # a sheet of papers is there for its witnesses, and for those who see to it
    ("ballots.sheet", "entered"): of_the_sheet,
    ("ballots.agree", "entered"): of_the_sheet,
    # papers without names: of priced projects only, and once they are counted
    ("ballots.pb_file", "announced"): not_for_villagers,
    ("ballots.pb_file", "closed"): missing,
    ("statistics.ballot", "announced"): missing,
    # a box is that of a vote of high stakes, and in sight of its keepers until it is announced
    **{(f"belenios.{page}", "with names"): missing for page in BELENIOS},
    **{
        (f"belenios.{page}", "drafted in secret"): staff_only(*KEY_HOLDERS)
        for page in ("show", "seal", "cast")
    },
    ("belenios.vote", "drafted in secret"): missing,
    ("belenios.archive", "drafted in secret"): missing,
    ("belenios.receipt", "drafted in secret"): missing,
    # a notice that is not open is there for those who prepare it
    ("notices.show", "planned"): missing,
    ("notices.sheet", "planned"): staff_only(*STAFF_OF_PLANS, Part.GRID_WORKER, Part.SUPERVISOR),
    # what is hidden already is not reported any more
    ("reports.new", "hidden"): missing,
    # only the author is shown why, and appeals
    ("appeals.new", "hidden"): missing,
    ("appeals.new", "shown"): missing,
    ("appeals.appeal", "hidden"): missing,
    ("appeals.appeal", "shown"): missing,
    ("reports.report", "hidden"): missing,
    # a draft is there for those who write it
    ("discussion.plan", "draft"): missing,
    ("discussion.post", "draft"): missing,
    ("discussion.alike", "draft"): missing,
    ("discussion.put_together", "draft"): missing,
    ("discussion.keep_draft", "draft"): missing,
    ("discussion.swap_draft", "draft"): missing,
    ("discussion.drop_draft", "draft"): missing,
    ("answering.hearings", "draft"): missing,
    ("answering.enter_hearing", "draft"): missing,
    ("surveys.show", "draft"): missing,
    ("surveys.reply", "draft"): missing,
    ("surveys.receipt", "draft"): missing,
    ("surveys.show_results", "draft"): missing,
    ("surveys.desk.export", "draft"): missing,
    ("surveys.desk.read_results", "draft"): missing,
    **{
        (f"plans.{page}", "draft"): staff_only(*STAFF_OF_PLANS)
        for page in (
            "history",
            "differences_page",
            "show",
            "project",
            "map_page",
            "place",
            "map_image",
            "content_file",
            "changes",
            "ground_image",
            "parcel",
            "parcels",
        )
    },
    **{
        (f"analysis.{page}", "draft"): staff_only(*STAFF_OF_PLANS)
        for page in (
            "show",
            "structure",
            "intensity",
            "coverage",
            "coverage_map",
            "conflicts",
            "csv_file",
            "xlsx_file",
            "scenarios",
        )
    },
    # who has not opened a door cannot say who they are
    ("sign_in.who", ""): led_to_sign_in,
    ("sign_in.choose_who", ""): led_to_sign_in,
}

STRANGERS = {"unverified", "former planner", "moved out"}


def strangers_only(who, _parts):
    """Let in whoever is at home here, on no roster, and in no post."""
    return Outcome.IN if who in STRANGERS else Outcome.REFUSED


def concerned(*players):
    """Let in these, and those who watch over the sittings."""
    watching = {Part.COMMITTEE, Part.SUPERVISOR, Part.AUDITOR, Part.ADMIN}
    return lambda who, played: (
        Outcome.IN if who in players or played & watching else Outcome.MISSING
    )


def only(*players):
    """Let these players in; to everybody else it is not there."""
    return lambda who, _played: Outcome.IN if who in players else Outcome.MISSING


def of_the_group(who, parts):
    """A group's room is for the group, for those who look after all rooms, and for the planner."""
    if who in ("representative", "resident") or parts & {Part.COMMITTEE, Part.PLANNER}:
        return Outcome.IN
    return (Outcome.IN, Outcome.REFUSED)  # wherever the demonstration has put them


def of_the_council(_who, parts):
    if Part.COMMITTEE in parts:
        return Outcome.IN
    is_seat_possible = Part.VILLAGER in parts  # whoever the demonstration lets sit in the council
    return (Outcome.IN, Outcome.REFUSED) if is_seat_possible else Outcome.REFUSED


def own_session_alone(who, _parts):
    """Refuse whoever enters for another person: one sitting at a time."""
    return Outcome.REFUSED if who == "helper in a sitting" else Outcome.IN


EXCEPTIONS |= {
    ("assisting.claim", ""): strangers_only,
    ("assisting.recognition", ""): strangers_only,
    ("assisting.show", "going on"): concerned("representative", "grid worker", "head"),
    ("assisting.show", "over"): concerned(),
    ("assisting.begin", "over"): own_session_alone,
    ("assisting.begin", "nowhere"): lambda who, _parts: (
        Outcome.REFUSED if who == "helper in a sitting" else Outcome.MISSING
    ),
    ("inbox.open_message", "own"): only("representative"),
    # a file that belongs to nothing yet is there for whoever sent it
    ("media.show", "waiting"): only("representative"),
    ("media.small", "waiting"): only("representative"),
    # what is not there is not given up either: that is said, and nothing happens
    ("inbox.send_again", "nowhere"): lambda _who, _parts: Outcome.IN,
    ("inbox.send_again", "other village"): lambda _who, _parts: Outcome.IN,
    **{
        (f"rooms.{page}", state): rule
        for page in (
            "room",
            "send",
            "feed",
            "stream",
            "read",
            "message",
            "edit",
            "take_back",
            "pin",
            "search",
            "settings",
            "set_rules",
            "suggest",
            "export_page",
            "export",
        )
        for state, rule in (("of a group", of_the_group), ("of the council", of_the_council))
    },
    **{  # whoever said it, once they were asked
        (f"rooms.{page}", state): lambda _who, _parts: (
            Outcome.IN,
            Outcome.REFUSED,
            Outcome.MISSING,
        )
        for page in ("opinion", "answer_opinion")
        for state in ("open", "of a group", "of the council")
    },
    # only what is carried out is followed up, and only whoever is named answers
    ("implementation.progress", "draft"): missing,
    ("implementation.record_progress", "draft"): missing,
    ("implementation.say", "own"): only("representative"),
    # only its author asks for another look at an answer
    **{
        (f"answering.{page}", state): of_author
        for page in ("again", "doubt")
        for state, of_author in (
            ("own", only("representative")),
            ("own household", only("resident")),
            ("same village", missing),
            ("hidden", missing),
        )
    },
    ("implementation.say", "same village"): missing,
    # a base map is there only where the operator has put one: this house has none
    ("plans.base_map", ""): missing,
    # a parcel of a draft is not there for whoever does not write it
    ("plans.choose_plot", "draft"): staff_only(*STAFF_OF_PLANS),
    # only the household knows of its parcels
    ("plans.take_plot_back", "own"): only("representative", "resident"),
    ("sign_in.own_slip", "moved out"): missing,
    ("sign_in.print_own_slip", "moved out"): missing,
    # a slip in the name of somebody with a post opens that post: the administrator's alone
    ("sign_in.print_own_slip", "same village"): lambda who, _parts: (
        Outcome.IN if who == "administrator" else Outcome.REFUSED
    ),
    # WeChat is a door only where the house has an agreement with it: this one has none
    ("sign_in.from_wechat", ""): missing,
    ("sign_in.wechat_page", ""): missing,
    ("sign_in.to_wechat", ""): lambda _who, _parts: (Outcome.IN, Outcome.MISSING),
    # both villages are of the county whose pages these are
    ("regions.village", "other village"): lambda _who, _parts: Outcome.IN,
    ("regions.rename", "other village"): lambda _who, _parts: Outcome.IN,
    ("regions.set_closed", "other village"): lambda _who, _parts: Outcome.IN,
    # passkeys need https: this portal is served without
    ("sign_in.ask_for_passkey", ""): missing,
    ("sign_in.ask_to_add_passkey", ""): missing,
    ("sign_in.end_session", "own"): only("representative"),
    ("sign_in.end_session", "same village"): only("head"),
    ("sign_in.end_session", "other village"): only("neighbour"),
    **{  # whoever needs a second proof shows it anew before one is removed
        ("sign_in.remove_factor", state): lambda _who, _parts: (Outcome.IN, Outcome.MISSING)
        for state in ("own", "other village", "nowhere")
    },
}
EXCEPTIONS["assisting.begin", "other village"] = EXCEPTIONS["assisting.begin", "nowhere"]

# Forms of the sign-in itself: whoever comes too early is led back to its beginning.
LEADING = {
    ("sign_in.show_app", "POST"),
    ("sign_in.show_recovery", "POST"),
    ("sign_in.take_turn", "POST"),
}
for endpoint in ("disclosure.prepare", "disclosure.begin", "disclosure.preview"):
    for kind in ("vote-result", "draft-notice"):
        for state in ("other village", "nowhere"):
            EXCEPTIONS[endpoint, f"{kind}: {state}"] = missing
