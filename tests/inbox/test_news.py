"""What happens to people and beside the inbox becomes a message, for those it concerns."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import app as house
from portal.assisting import events as assisting
from portal.core import clock, outbox
from portal.core.db import db, transaction
from portal.core.outbox import OutboxEvent, publish
from portal.inbox import beside, kinds
from portal.inbox.service import list_messages
from portal.people import posts
from portal.people.models import Resident
from portal.people.rules import Role
from portal.privacy import events as privacy
from portal.roster.events import RosterChanged, RosterChangeWaits
from portal.sign_in import events as sign_in
from portal.sign_in.sessions import start_session


@pytest.fixture(autouse=True)
def everybody_agreed(agreed):
    """Have everybody agree, or no phone would ring."""


def happen(event, now=None):
    with transaction():
        publish(event, now=now or clock.now())


def test_a_post_is_told_to_its_holder(cast, told, app, village):
    told()
    with transaction():
        post = posts.give_post(cast.vera.id, Role.GRID_WORKER, now=clock.now())
    outbox.handle_now()
    with transaction():
        posts.end_post(post.id, now=clock.now())
    outbox.handle_now()
    said = [kinds.words_of(m.kind, m.facts) for m in list_messages(cast.vera.id, limit=9)]
    assert said == ["您的职务已结束：网格员", "您有了新职务：网格员"]


@pytest.mark.parametrize(
    ("event", "who"),
    [
        (RosterChanged(resident_id=1, account_id=0, change="changed", fields=["phone"]), "vera"),
        (sign_in.FactorAdded(account_id=0, factor="passkey", name="Phone"), "vera"),
        (sign_in.FactorRemoved(account_id=0, factor="passkey", name="Phone"), "vera"),
        (sign_in.RecoveryUsed(account_id=0, left=3), "vera"),
        (
            sign_in.FactorsReset(account_id=0, by_account_id=1, by_name="Ada", reason="lost"),
            "vera",
        ),
        (sign_in.PinChanged(account_id=0, is_set=True), "vera"),
        (sign_in.PinChanged(account_id=0, is_set=False), "vera"),
        (sign_in.WechatChanged(account_id=0, is_tied=True), "vera"),
        (sign_in.WechatChanged(account_id=0, is_tied=False), "vera"),
        (sign_in.NewBrowser(account_id=0, label="Firefox"), "vera"),
        (privacy.DataRequestAnswered(request_id=1, account_id=0, is_done=True), "vera"),
        (privacy.DataRequestAnswered(request_id=1, account_id=0, is_done=False), "vera"),
        (privacy.DataExported(account_id=0), "vera"),
    ],
)
def test_one_person_is_told_of_what_is_theirs(cast, told, browse, event, who):
    happen(type(event)(**{**vars(event), "account_id": cast.vera.id}))
    heard = told()
    assert [name for name, _, _ in heard] == [who]
    _, words, path = heard[0]
    assert words
    if path:
        assert browse(cast.vera).get(path).status_code == 200


def test_a_change_of_the_roster_that_waits_is_told_to_the_others(cast, told, at):
    happen(RosterChangeWaits(import_id=1, account_id=cast.max.id))
    assert [(name, path) for name, _, path in told()] == [("ada", at("/desk/roster/imports/1"))]


def test_the_household_hears_that_codes_were_printed_for_it(cast, told):
    whose = (cast.vera.resident_id, cast.wang.resident_id)
    happen(sign_in.SlipsPrinted(resident_ids=whose, by_name="Max"))
    assert [(name, "Max" in words) for name, words, _ in told()] == [("vera", True), ("wang", True)]


def test_the_person_and_a_second_contact_hear_of_help(cast, told, deliveries):
    happen(
        assisting.EnteredForYou(
            sitting_id=1,
            resident_id=cast.wang.resident_id,
            helper_name="Max",
            witness_name="Sun",
            second_contact="13911112222",
        )
    )
    heard = told()
    assert [(name, "Max" in words, "Wang" in words) for name, words, _ in heard] == [
        ("wang", True, True)
    ]
    assert {d.target for d in deliveries()} == {cast.wang.phone, "13911112222"}


@pytest.mark.parametrize(("entered", "word"), [({}, "没有"), ({"vote": 1, "reply": 2}, "3")])
def test_how_much_was_entered_is_told(cast, told, entered, word):
    happen(
        assisting.SittingEnded(
            sitting_id=1,
            resident_id=cast.wang.resident_id,
            helper_name="Max",
            witness_name="Sun",
            second_contact="",
            entered=entered,
        )
    )
    heard = told()
    assert [name for name, _, _ in heard] == ["wang"]
    assert word in heard[0][1]


def test_somebody_without_an_account_is_told_by_sms(cast, village, app, deliveries):
    with transaction():
        vera = db.session.get_one(Resident, cast.vera.resident_id)
        old = Resident(
            name="Gu", household_id=vera.household_id, group_id=vera.group_id, phone="13700000001"
        )
        db.session.add(old)
        db.session.flush()
        happened = assisting.EnteredForYou(
            sitting_id=1,
            resident_id=old.id,
            helper_name="Max",
            witness_name="Sun",
            second_contact="",
        )
    happen(happened)
    outbox.handle_now()
    assert "13700000001" in {d.target for d in deliveries()}


@pytest.mark.parametrize(
    ("event", "who"),
    [
        (
            assisting.SittingObjected(sitting_id=1, helper_name="Max", witness_name="Sun"),
            ["max", "sun"],
        ),
        (assisting.RecognitionAsked(recognition_id=1), ["max"]),
        (privacy.DataRequested(request_id=1), ["ada", "max"]),
    ],
)
def test_staff_are_told_of_what_waits_for_them(cast, told, event, who):
    happen(event)
    assert [name for name, _, _ in told()] == who


def test_the_witness_is_asked(cast, told):
    happen(assisting.WitnessAsked(sitting_id=1, witness_id=cast.sun.id, helper_name="Max"))
    assert [name for name, _, _ in told()] == ["sun"]


def test_whoever_was_recognised_is_told_and_so_is_the_old_phone(cast, told, deliveries):
    happen(
        assisting.ResidentRecognised(
            recognition_id=1,
            account_id=cast.vera.id,
            resident_id=cast.vera.resident_id,
            voucher_names=["Max", "Li"],
            old_phone="13622223333",
        )
    )
    assert [name for name, _, _ in told()] == ["sun", "vera"]
    assert "13622223333" in {d.target for d in deliveries()}


def test_a_browser_that_is_new_to_the_account_is_told(cast, told, village):
    def sign_in_with(label, days=0):
        with transaction():
            start_session(
                cast.vera.id, now=clock.now() + timedelta(days=days), days=30, label=label
            )
        return [words for _, words, _ in told()]

    assert sign_in_with("Firefox") == []  # the first ever: nobody to warn
    assert sign_in_with("Firefox") == []
    heard = sign_in_with("Chrome")
    assert len(heard) == 1
    assert "Chrome" in heard[0]
    assert sign_in_with("Chrome") == []
    assert sign_in_with("") == []  # a session that no browser began


def test_the_names_of_events_beside_us_are_right():
    known = {
        node.value.value
        for path in Path(house.__file__).parent.glob("*/events.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant)
    }
    assert set(beside.HANDLERS) <= known


def test_every_kind_has_words_and_somebody_who_tells_it(app):
    told_of = set(app.extensions["handlers"])
    assert {kind for kind in kinds.known() if not kind.startswith("test.")} <= told_of


def test_an_event_whose_time_has_not_come_waits(cast, app):
    outbox.handle_now()
    later = clock.now() + timedelta(days=3)
    with transaction():
        publish(privacy.DataRequested(request_id=1), now=clock.now(), at=later)
    assert outbox.handle_waiting(app, now=later - timedelta(seconds=1)) == 0
    assert outbox.handle_waiting(app, now=later) == 1
    db.session.rollback()
    assert db.session.scalar(select(OutboxEvent.id).where(OutboxEvent.handled_at.is_(None))) is None
