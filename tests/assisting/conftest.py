"""Li, who has no phone; sittings asked for, agreed to and begun; things to enter."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal.assisting import helpers, service
from portal.core import clock
from portal.core.db import db, transaction
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, AssistedSitting, Resident
from portal.people.rules import AssistanceReason, Channel, Role, Sex
from portal.roster import service as roster
from portal.roster.reading import RosterRow
from portal.sign_in import sessions
from portal.surveys import sample
from portal.surveys import service as surveys

EXTRA = [
    RosterRow("005", 1, "李阿婆", Sex.FEMALE, date(1944, 3, 1), None, True, True, False),
    RosterRow("005", 1, "李小宝", Sex.MALE, date(2020, 3, 1), None, False, True, False),
    RosterRow("006", 3, "Zhu", Sex.MALE, date(1979, 3, 1), "13800000016", True, True, False),
]


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def li(cast, now):
    """An old woman without a phone or an account, of a household of her own."""
    with transaction():
        roster.import_roster(EXTRA, now=now)
    resident = db.session.scalars(select(Resident).where(Resident.name == "李阿婆")).one()
    li = SimpleNamespace(resident_id=resident.id, household_id=resident.household_id)
    db.session.remove()
    return li


@pytest.fixture
def li_at_home(li):
    """Li with an account, as if she had come in by her household's slip."""
    with transaction():
        account = people.account_of(li.resident_id)
        facts = (account.id, account.village_id, account.name)
    account_id, village_id, name = facts
    return SimpleNamespace(
        account_id=account_id, village_id=village_id, name=name, resident_id=li.resident_id
    )


@pytest.fixture
def zhu(li, now):
    """A second member of the committee, of another group than Max."""
    resident = db.session.scalars(select(Resident).where(Resident.name == "Zhu")).one()
    with transaction():
        account = people.account_of(resident.id)
        posts.give_post(account.id, Role.COMMITTEE, now=now - timedelta(minutes=1))
        facts = (account.id, account.village_id, account.name, resident.id)
    db.session.remove()
    return SimpleNamespace(
        **dict(zip(("account_id", "village_id", "name", "resident_id"), facts, strict=True))
    )


@pytest.fixture
def ask(li, now):
    """Ask for a sitting: Vera for Li before Max, if nothing else is said. Returns its id."""

    def _ask(helper, witness, *, person=None, is_staff=False, at=None, **facts):
        facts = {"reason": AssistanceReason.CANNOT_READ, "channel": Channel.ASSISTED} | facts
        with transaction():
            return service.ask(
                resident_id=(person or li).resident_id,
                helper=helpers.Helper(helper.account_id, is_staff),
                witness_id=witness.account_id,
                now=at or now,
                **facts,
            ).id

    return _ask


@pytest.fixture
def agree(now):
    """Let the witness agree."""

    def _agree(sitting_id, witness, *, at=None):
        with transaction():
            service.answer(sitting_id, witness_id=witness.account_id, agrees=True, now=at or now)

    return _agree


@pytest.fixture
def sit(ask, agree, browse, app, village, now):
    """Return a browser in which somebody enters for Li, and the sitting's id."""

    def _sit(helper, witness, *, is_staff=False, person=None, **facts):
        sitting_id = ask(helper, witness, is_staff=is_staff, person=person, **facts)
        agree(sitting_id, witness)
        browser = browse(helper)
        token = browser.get_cookie(app.config["SIGN_IN_COOKIE"]).value
        place = people.find_village(village.code)
        found = sessions.find_viewer(token, place=place, now=now, is_factor_required=False)
        with transaction():
            service.begin(
                sitting_id,
                helper=helpers.Helper(helper.account_id, is_staff),
                session_id=found.session_id,
                now=now,
            )
        db.session.remove()
        return browser, sitting_id

    return _sit


@pytest.fixture
def sitting_of():
    """Read a sitting as the database has it now."""

    def _of(sitting_id):
        db.session.remove()
        return db.session.get_one(AssistedSitting, sitting_id)

    return _of


@pytest.fixture
def survey(cast, now):
    """An open survey of one question."""
    form = sample.workbook(
        (("select_one yes_no", "knows", "yes", "您知道“村庄规划”吗？", "", "Do you know it?"),),
        (("yes_no", "yes", "知道", "Yes"), ("yes_no", "no", "不知道", "No")),
        (("村民需求调查", "need", "1", sample.ZH),),
    )
    with transaction():
        draft = surveys.import_survey("需求.xlsx", form, now=now)
        today = clock.today(now)
        surveys.open_survey(
            draft,
            title="村民需求调查",
            lead="",
            first_day=today,
            last_day=today + timedelta(days=7),
            now=now,
        )
        return draft.id


def account(name):
    """Return the account of this name."""
    return db.session.scalars(select(Account).where(Account.name == name)).one()
