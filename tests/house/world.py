"""Two whole villages with everybody in them, built once and copied for each test that needs them.

Both are demonstration villages, so every feature has rows of every kind in both. The cast is wider
than that of other tests: every part that somebody can play, and those who may play none.
"""

import fcntl
import hashlib
import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from flask import g
from sqlalchemy import select

from portal import demo
from portal.app import create_app
from portal.ballots import service as ballots
from portal.ballots.rules import Kind
from portal.ballots.states import Secrecy
from portal.config import SecondFactor, Settings
from portal.core import clock
from portal.core.access import Part
from portal.core.db import Base, db, transaction
from portal.core.scope import all_villages, village_scope
from portal.disclosure import county
from portal.discussion import service as discussion
from portal.notices import service as notices
from portal.notices.rules import NoticeType
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, AssistedSitting, Resident
from portal.people.rules import AssistanceReason, Channel, Role
from portal.plans import service as plans
from portal.privacy import service as privacy
from portal.roster import known, reading, staging
from portal.roster.faults import Note
from portal.roster.rules import ImportState
from portal.sign_in import sessions
from portal.sign_in.models import AccountSession
from portal.surveys import service as surveys
from tests.house.furniture import furnish
from tests.plans.conftest import fill
from tests.senders import OutboxSender
from tests.surveys.conftest import FORM

HERE, THERE = demo.CODE, "330523999202"

# Who plays in the matrix and in the crawl, and which parts they play in the village of the page.
PARTS: dict[str, frozenset[Part]] = {
    "nobody": frozenset(),
    "unverified": frozenset(),
    "resident": frozenset({Part.VILLAGER}),
    "representative": frozenset({Part.VILLAGER, Part.HOUSEHOLD_REP}),
    "neighbour": frozenset(),
    "neighbour's committee": frozenset(),
    "helper in a sitting": frozenset({Part.VILLAGER, Part.HOUSEHOLD_REP}),
    "grid worker": frozenset({Part.VILLAGER, Part.GRID_WORKER}),
    "committee": frozenset({Part.VILLAGER, Part.HOUSEHOLD_REP, Part.COMMITTEE}),
    "weak committee": frozenset({Part.VILLAGER, Part.HOUSEHOLD_REP}),
    "head": frozenset({Part.VILLAGER, Part.COMMITTEE, Part.HEAD}),
    "supervisor": frozenset({Part.VILLAGER, Part.HOUSEHOLD_REP, Part.SUPERVISOR}),
    "planner": frozenset({Part.PLANNER}),
    "former planner": frozenset(),
    "auditor": frozenset({Part.AUDITOR}),
    "administrator": frozenset({Part.ADMIN}),
    "operator": frozenset({Part.OPERATOR}),
    "moved out": frozenset(),
    "disabled": frozenset(),
}

# Who plays a part in the county above both villages; everybody else is nobody there.
COUNTY_PARTS = {"operator": frozenset({Part.OPERATOR})}
# Endpoints of pages that only regions have.
OF_REGIONS = ("regions.", "county_documents.")


@dataclass(frozen=True)
class Player:
    """Somebody of the world: their account, resident and session."""

    token: str
    account_id: int
    resident_id: int | None


@dataclass
class World:
    """An app on a copy of the two villages, and who is in them."""

    app: object
    players: dict[str, Player]
    here: int
    there: int
    file: Path
    backup: Path

    def browser(self, who: str):
        """Open a browser in which this player is signed in."""
        client = self.app.test_client()
        if who != "nobody":
            client.set_cookie(self.app.config["SIGN_IN_COOKIE"], self.players[who].token)
        return client

    @contextmanager
    def second_app(self, **config):
        """Open another portal on the same database for a while."""
        app = make_app(self.file)
        app.config.update(config)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    def keep(self) -> None:
        """Let the world as it is now be what `restore` puts back."""
        with self.app.app_context():
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        self.backup = self.file.with_suffix(".kept")
        shutil.copyfile(self.file, self.backup)

    @cached_property
    def households(self) -> dict[str, int]:
        """Return the household of each player that has one."""
        with self.app.app_context(), all_villages("the world looks at both villages"):
            rows = db.session.execute(select(Resident.id, Resident.household_id))
            residents = {resident_id: household_id for resident_id, household_id in rows}
        return {
            who: residents[player.resident_id]
            for who, player in self.players.items()
            if player.resident_id is not None
        }

    def restore(self) -> None:
        """Put everything back as it was built."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.backup, self.file)


def make_app(file: Path):
    app = create_app(
        Settings(
            database_url=f"sqlite:///{file}",
            jobs_path=file.with_suffix(".jobs"),
            secret_key="for the world",
            second_factor=SecondFactor.REQUIRED,
        ),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
    )
    app.extensions["sms"] = OutboxSender()
    return app


@contextmanager
def opened(shared: Path, own: Path):
    """Build the world once for all processes, and open a copy of it."""
    shared.mkdir(parents=True, exist_ok=True)
    file, facts = shared / "world.db", shared / "world.json"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not facts.exists():
            file.unlink(missing_ok=True)
            told = build(make_app(file))
            facts.write_text(json.dumps(told))
    told = json.loads(facts.read_text())
    copy = own / "copy.db"
    shutil.copyfile(file, copy)
    players = {who: Player(**facts) for who, facts in told["players"].items()}
    world = World(make_app(copy), players, told["here"], told["there"], copy, file)
    yield world
    with world.app.app_context():
        db.session.remove()
        db.engine.dispose()


def build(app) -> dict:
    """Load both villages and give every part to somebody; return who they are."""
    now = clock.now()
    with app.app_context(), app.test_request_context():
        Base.metadata.create_all(db.engine)
        loaders = app.extensions["demo_loaders"]
        demo.load(loaders, now=now, code=THERE, name="石桥村(示例)", seed=7)
        demo.load(loaders, now=now)
        here, there = people.find_place(HERE), people.find_place(THERE)
        players: dict[str, dict] = {}
        with transaction():
            with village_scope(there.id):
                _play(players, "neighbour", _by_phone("13800000001"), now=now)
                _play(players, "neighbour's committee", _by_phone("13800000002"), now=now)
            with village_scope(here.id):
                _fill(players, now=now)
            for who, place, role in (
                ("auditor", HERE[:9], Role.AUDITOR),
                ("operator", HERE[:6], Role.OPERATOR),
            ):
                with village_scope(people.find_place(place).id):
                    account = people.add_account(name=f"{who}员", role=role, now=_earlier(now))
                    _play(players, who, account, now=now)
            _add_to_the_county(people.find_place(HERE[:6]), players["operator"], now=now)
        furnish({here.id: players["representative"], there.id: players["neighbour"]}, now=now)
        with transaction():
            for village, who in ((here, "committee"), (there, "neighbour's committee")):
                with village_scope(village.id):
                    _hand_in(village, players[who], now=now)
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return {"players": players, "here": here.id, "there": there.id}


def _earlier(now):
    return now - timedelta(hours=1)


def _fill(players, *, now) -> None:
    vera = _by_phone("13800000001")
    household = db.session.get_one(Resident, vera.resident_id).household_id
    _play(players, "representative", vera, now=now)
    grown = clock.today(now).replace(year=clock.today(now).year - 20)
    others = list(
        db.session.scalars(
            select(Resident)
            .where(Resident.is_representative.is_(False), Resident.born_on < grown)
            .where(Resident.household_id != household)
            .order_by(Resident.id)
        )
    )
    mate = db.session.scalar(
        select(Resident)
        .where(Resident.household_id == household, Resident.id != vera.resident_id)
        .where(Resident.born_on < grown)
        .limit(1)
    )
    _play(players, "resident", people.account_of(mate.id), now=now)
    for who, phone in (
        ("committee", "13800000002"),
        ("supervisor", "13800000003"),
        ("planner", "13800000005"),
        ("administrator", "13800000006"),
    ):
        _play(players, who, _by_phone(phone), now=now)
    committee = players["committee"]
    _play(
        players, "weak committee", db.session.get_one(Account, committee["account_id"]), now=now,
        is_strong=False,
    )  # fmt: skip
    for who, role, resident in (
        ("grid worker", Role.GRID_WORKER, others[0]),
        ("head", Role.HEAD, others[40]),
    ):
        account = people.account_of(resident.id)
        posts.give_post(account.id, role, now=_earlier(now))
        _play(players, who, account, now=now)
    former = people.add_account(name="前规划师", phone="13811112222")
    posts.give_post(
        former.id, Role.PLANNER, now=_earlier(now),
        begins_on=clock.today(now) - timedelta(days=400),
        ends_on=clock.today(now) - timedelta(days=1),
    )  # fmt: skip
    _play(players, "former planner", former, now=now)
    _play(players, "unverified", people.add_account(name="外来人", phone="13811113333"), now=now)
    gone = people.account_of(others[80].id)
    _play(players, "moved out", gone, now=now)
    others[80].left_on = clock.today(now) - timedelta(days=1)
    disabled = people.account_of(others[81].id)
    _play(players, "disabled", disabled, now=now)
    disabled.is_active = False
    _sit(players, now=now)
    _add_what_the_demonstration_has_not(players, now=now)
    db.session.flush()


def _add_what_the_demonstration_has_not(players, *, now) -> None:
    """Add a draft plan, a planned notice, an announced ballot, a draft and a closed survey, and an own opinion."""
    draft = plans.create_plan(name="未公布的草案", base_year=2026, target_year=2035, now=now)
    fill(draft.id, now=now)
    notices.plan_notice(
        NoticeType.POINTS, title="还没有开始的公示", body="正文", planned_for=clock.today(now),
        ways=[notices.VILLAGE_BOARD], made_by=None, is_rest_day=notices.rest_days(), now=now,
    )  # fmt: skip
    shown = plans.find_current_version()
    ballots.announce_ballot(
        ballots.Draft(
            version_id=shown.id,
            question="还没有开始的表决",
            kind=Kind.YES_NO,
            profile_code="consultative",
            opens_at=now + timedelta(days=20),
            closes_at=now + timedelta(days=25),
            party_review_on=clock.today(now) - timedelta(days=40),
            party_review_note="支委会记录第3号",
        ),
        now=now,
    )
    ballots.draft_ballot(
        ballots.Draft(
            version_id=shown.id, question="草拟中的重大事项", kind=Kind.YES_NO,
            profile_code="consultative", secrecy=Secrecy.BELENIOS,
            opens_at=now + timedelta(days=20), closes_at=now + timedelta(days=25),
        ),
        now=now,
    )  # fmt: skip
    surveys.import_survey("草稿问卷.xlsx", FORM, now=now)
    closed = surveys.import_survey("过去的问卷.xlsx", FORM, now=now)
    surveys.open_survey(
        closed, title="过去的问卷", lead="", first_day=clock.today(now),
        last_day=clock.today(now) + timedelta(days=7), now=now,
    )  # fmt: skip
    surveys.close_survey(closed, now=now + timedelta(seconds=1))
    for who in ("representative", "resident"):
        discussion.post_comment(
            shown.id, body=f"{who}的意见，希望修路。", about="", about_title="", show_name=False,
            client_key=f"world-{who}", resident_id=players[who]["resident_id"], now=now,
        )  # fmt: skip


def _add_to_the_county(place, who, *, now) -> None:
    """Begin a long work over both villages, which waits to be done."""
    with village_scope(place.id):
        county.begin(
            county.MAKE, place, month=county.month_of("2026-01").start,
            publish_on=clock.today(now), account_id=who["account_id"], now=now,
        )  # fmt: skip


def _hand_in(village, who, *, now) -> None:
    """Hand in a roster with one more person, which waits for a second one to agree."""
    sheet = (
        f"户号,组别,姓名,性别,出生日期,联系电话\n9001,1,王小明,女,1986-05-04,199{village.id:08}\n"
    )
    found = reading.read_file("一人.csv", sheet.encode(), day=clock.today(now))
    assert not found.faults, found.faults
    staged = staging.prepare(
        staging.Handed(
            filename="一人.csv",
            sha256=hashlib.sha256(sheet.encode()).hexdigest(),
            people=[
                replace(known.person_of(row, has_heads=False), name=f"Q9{village.id:05}Z")
                for row in found.rows
            ],
            places=[(row.sheet, row.row) for row in found.rows],
            given=found.given & known.GIVEN,
            notes=[[f"Q8{village.id:05}Z", 0, "x", Note.SHEET_HIDDEN.value, 1]],
            is_removing=False,
        ),
        account_id=who["account_id"],
        now=now,
    )
    stamp = staging.review(staged.id, now=now).stamp
    state = staging.put_in(
        staged.id, stamp=stamp, agreed_removed=None, account_id=who["account_id"], now=now
    )
    assert state is ImportState.WAITING


def flask_viewer():
    """Return who was asking in the last request of an open `with client:` block."""
    return g.get("viewer")


def _sit(players, *, now) -> None:
    """Let the grid worker enter things for the representative, before the head as witness."""
    sitting = AssistedSitting(
        helper_id=players["grid worker"]["account_id"],
        witness_id=players["head"]["account_id"],
        resident_id=players["representative"]["resident_id"],
        reason=AssistanceReason.CANNOT_READ,
        channel=Channel.ASSISTED,
        asked_at=now,
        witnessed_at=now,
        began_at=now,
        expires_at=now + timedelta(days=365),
    )
    db.session.add(sitting)
    db.session.flush()
    helper = db.session.get_one(Account, sitting.helper_id)
    _play(players, "helper in a sitting", helper, now=now)
    latest = db.session.scalar(select(AccountSession).order_by(AccountSession.id.desc()).limit(1))
    latest.sitting_id = sitting.id


def _by_phone(phone: str) -> Account:
    return db.session.scalars(select(Account).where(Account.phone == phone)).one()


def _play(players, who: str, account: Account, *, now, is_strong: bool = True) -> None:
    token = sessions.start_session(account.id, now=now, days=365, is_strong=is_strong)
    if not privacy.has_seen(account.id):
        privacy.note_seen(account.id, now=now)
    players[who] = {
        "token": token,
        "account_id": account.id,
        "resident_id": account.resident_id,
    }


def ids(world: World, model, *criteria, village: int | None = None) -> list[int]:
    """Return the ids of rows of a village (here, unless told otherwise) that meet the criteria."""
    with world.app.app_context(), all_villages("the world looks at both villages"):
        query = select(model.id).where(model.village_id == (village or world.here), *criteria)
        return list(db.session.scalars(query.order_by(model.id)))
