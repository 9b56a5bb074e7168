"""What people see of their data: the page and the file, consents, looks, requests."""

import json
import time
from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import select, update

from portal.core import audit, clock, outbox
from portal.core.access import Part, Viewer
from portal.core.audit import AccessLog, Look
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.personal import keepers, tell
from portal.core.scope import village_scope
from portal.people import behalf
from portal.people.models import Account, AssistedSitting, Resident
from portal.people.rules import AssistanceReason, Channel
from portal.privacy import erasing, looks, rules, service
from portal.privacy.models import Consent, DataRequest
from portal.privacy.rules import Purpose, Refusal, RequestState
from portal.rooms import service as rooms
from portal.rooms.models import Author
from portal.sign_in.models import AccountSession, SecondFactor
from portal.sign_in.rules import FactorKind

HALF_AN_HOUR = timedelta(minutes=30)


def looked(by, *, resident_ids=None, group_id=None, what="own-data", look=Look.OPENED, reason=""):
    """Note a look as somebody of the staff made it."""
    g.viewer = Viewer(
        by.account_id, by.village_id, by.resident_id, None, by.name, frozenset({Part.COMMITTEE})
    )
    with transaction():
        audit.note(
            look, what, now=clock.now(), resident_ids=resident_ids, group_id=group_id, reason=reason
        )
    g.viewer = None


# --- the page and the file ---------------------------------------------------------------------


def test_the_file_has_what_every_feature_keeps_and_no_name_of_others(cast, browse, at):
    now = clock.now()
    with transaction():
        room = rooms.open_room()
        rooms.send(
            room.id,
            body="路灯坏了",
            show_name=False,
            client_key="k" * 9,
            author=Author(cast.vera.resident_id),
            badge=None,
            now=now,
        )
        db.session.add(
            AssistedSitting(
                helper_id=cast.max.id,
                witness_id=cast.sun.id,
                resident_id=cast.vera.resident_id,
                reason=AssistanceReason.ILL,
                channel=Channel.ASSISTED,
                note="手受伤了",
                asked_at=now,
                witnessed_at=now,
                began_at=now,
                expires_at=now,
                ended_at=now,
            )
        )
    answer = browse(cast.vera).post(at("/privacy/data.json"))
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "attachment" in answer.headers["Content-Disposition"]
    whole = json.loads(answer.data)
    assert set(whole["data"]) == {keeper.key for keeper in keepers()}
    data = whole["data"]
    assert data["people"]["account"] == [
        {"name": "Vera", "phone": "13800000001", "language": "zh_Hans", "has_pin": False}
    ]
    assert data["people"]["resident"][0]["household"] == "001"
    assert [row["body"] for row in data["rooms"]["message"]] == ["路灯坏了"]
    sitting = data["people"]["assisted_sitting"][0]
    assert (sitting["helper"], sitting["witness"], sitting["for_whom"]) == ("M*x", "S*n", "Vera")
    text = answer.get_data(as_text=True)
    for other in ("Max", "Sun", "Wang", "13800000002", "13800000003", "13800000004"):
        assert other not in text
    # the helper is told of it too, with the person masked, and the witness without the note
    with village_scope(cast.max.village_id):
        told = {
            who.name: tell(keepers()[0], erasing.person_of(who.id))[3].rows[0]
            for who in (cast.max, cast.sun)
        }
    assert (told["Max"]["for_whom"], told["Max"]["note"]) == ("V*a", "手受伤了")
    assert (told["Sun"]["for_whom"], told["Sun"]["note"]) == ("V*a", "")


def test_the_export_is_noted_and_told(cast, browse, at):
    assert browse(cast.vera).post(at("/privacy/data.json")).status_code == 200
    row = db.session.query(AccessLog).one()
    assert (row.look, row.what, row.resident_id, row.account_id) == (
        Look.EXPORTED,
        "own-data",
        cast.vera.resident_id,
        cast.vera.id,
    )
    kinds = db.session.scalars(select(outbox.OutboxEvent.kind)).all()
    assert kinds.count("privacy.data-exported") == 1


def test_the_file_holds_nothing_secret(cast, browse, at):
    client = browse(cast.vera)
    with transaction():
        db.session.get_one(Account, cast.vera.id).pin_digest = "PIN-DIGEST-CANARY"
        resident = db.session.get_one(Resident, cast.vera.resident_id)
        resident.id_digest, resident.id_last4 = "f" * 64, "123X"
    token = db.session.query(AccountSession).filter_by(account_id=cast.vera.id).one().token_digest
    text = client.post(at("/privacy/data.json")).get_data(as_text=True)
    assert "CANARY" not in text and "f" * 64 not in text and token not in text
    assert '"has_pin": true' in text and '"id_last4": "123X"' in text


def test_the_page_shows_the_same_in_words(cast, browse, at):
    page = browse(cast.vera).get(at("/privacy/data")).get_data(as_text=True)
    for words in ("13800000001", "1985-05-01", "女", "登录过的浏览器"):
        assert words in page
    assert "Max" not in page


def test_whoever_has_no_row_on_the_roster_gets_theirs_too(cast, browse, at):
    data = json.loads(browse(cast.otto).post(at("/privacy/data.json")).data)["data"]
    assert data["people"]["resident"] == [] and data["people"]["account"][0]["name"] == "Otto"
    assert data["privacy"]["access_log"] == []
    assert db.session.query(AccessLog).count() == 0  # without a row nobody else reads about it


@pytest.mark.parametrize(
    "path",
    [
        "/privacy/mine",
        "/privacy/data",
        "/privacy/consents",
        "/privacy/looks",
        "/privacy/requests",
        "/privacy/erase",
    ],
)
def test_each_sees_their_own_pages_only(cast, browse, at, path):
    assert browse(cast.vera).get(at(path)).status_code == 200
    assert browse(cast.paula).get(at(path)).status_code == 200
    assert browse(cast.otto).get(at(path)).status_code == 200
    assert browse(cast.nora).get(at(path)).status_code == 403
    answer = browse().get(at(path))
    assert answer.status_code == 302 and "/sign-in" in answer.location


@pytest.mark.parametrize(
    ("began", "strong", "has_factor", "expected"),
    [
        (0, None, False, True),
        (30, None, False, True),
        (31, None, False, False),
        (90, 5, False, True),
        (0, None, True, False),
        (90, 5, True, True),
        (5, 90, True, False),
    ],
)
def test_who_has_just_shown_who_they_are(began, strong, has_factor, expected):
    now = clock.now()
    assert (
        rules.is_fresh(
            began_at=now - timedelta(minutes=began),
            strong_at=None if strong is None else now - timedelta(minutes=strong),
            has_factor=has_factor,
            now=now,
        )
        is expected
    )


def test_an_old_sign_in_gets_nothing_out(cast, browse, at):
    client = browse(cast.vera)
    with transaction():
        session = db.session.query(AccountSession).filter_by(account_id=cast.vera.id).one()
        session.began_at = clock.now() - HALF_AN_HOUR - timedelta(minutes=1)
    for path in ("/privacy/data", "/privacy/data.json", "/privacy/erase"):
        answer = client.post(at(path)) if path != "/privacy/data" else client.get(at(path))
        assert answer.status_code == 403 and "重新登录" in answer.get_data(as_text=True)
    assert client.get(at("/privacy/consents")).status_code == 200
    assert erasing.why_not_erase(cast.vera.id, now=clock.now()) is None


def test_whoever_has_a_second_proof_must_show_it(cast, browse, at):
    client = browse(cast.vera)
    with transaction():
        db.session.add(
            SecondFactor(
                account_id=cast.vera.id,
                kind=FactorKind.APP,
                secret="x",
                made_at=clock.now(),
                confirmed_at=clock.now(),
            )
        )
    assert client.post(at("/privacy/data.json")).status_code == 403
    with transaction():
        session = db.session.query(AccountSession).filter_by(account_id=cast.vera.id).one()
        session.strong_at = clock.now()
    assert client.post(at("/privacy/data.json")).status_code == 200


# --- consents ----------------------------------------------------------------------------------


def test_every_purpose_is_off_until_it_is_turned_on(cast, browse, at):
    assert service.consents_of(cast.vera.id) == {}
    assert not any(service.has_consent(cast.vera.id, purpose) for purpose in Purpose)
    client = browse(cast.vera)
    page = client.get(at("/privacy/consents")).get_data(as_text=True)
    assert page.count('value="yes"') == len(Purpose) and 'value="no"' not in page
    client.post(at("/privacy/consents/sms"), data={"answer": "yes"})
    db.session.rollback()
    assert [p for p in Purpose if service.has_consent(cast.vera.id, p)] == [Purpose.SMS]
    client.post(at("/privacy/consents/sms"), data={"answer": "no"})  # the same one tap
    db.session.rollback()
    assert not service.has_consent(cast.vera.id, Purpose.SMS)
    history = [(row.purpose, row.is_given) for row in service.history_of(cast.vera.id)]
    assert history == [(Purpose.SMS, False), (Purpose.SMS, True)]
    assert service.with_consent([cast.vera.id, cast.max.id], Purpose.SMS) == set()


def test_the_history_of_consents_cannot_be_changed(cast):
    with transaction():
        service.say(cast.vera.id, Purpose.SMS, is_given=True, now=clock.now())
    with pytest.raises(Exception, match="append-only"), transaction():
        db.session.execute(update(Consent).values(is_given=False))
    db.session.rollback()
    assert service.has_consent(cast.vera.id, Purpose.SMS)


def test_the_same_answer_twice_is_kept_once(cast):
    with transaction():
        assert service.say(cast.vera.id, Purpose.PUSH, is_given=True, now=clock.now())
        assert not service.say(cast.vera.id, Purpose.PUSH, is_given=True, now=clock.now())
        assert not service.say(cast.vera.id, Purpose.SMS, is_given=False, now=clock.now())
    assert db.session.query(Consent).count() == 1


def test_a_name_is_shown_by_consent_and_masked_when_it_is_taken_back(cast, browse, at):
    now = clock.now()
    with transaction():
        room_id = rooms.open_room().id

    def send(key, shows):
        with transaction():
            return rooms.send(
                room_id,
                body="话",
                show_name=shows,
                client_key=key * 9,
                author=Author(cast.vera.resident_id),
                badge=None,
                now=clock.now(),
            ).id

    quiet, named = send("a", False), send("b", True)
    assert service.has_consent(cast.vera.id, Purpose.NAMED)
    names = {n: rooms.get_message(n).author for n in (quiet, named)}
    assert names == {quiet: "V*a", named: "Vera"}
    assert rooms.shows_name(room_id, cast.vera.resident_id)
    with transaction():
        service.say(cast.vera.id, Purpose.NAMED, is_given=False, now=clock.now())
    assert rooms.get_message(named).author == "V*a"
    assert not rooms.shows_name(room_id, cast.vera.resident_id)  # the form starts unticked again
    later = send("c", True)  # a new yes is for what comes after it
    assert (rooms.get_message(named).author, rooms.get_message(later).author) == ("V*a", "Vera")
    assert service.has_consent(cast.vera.id, Purpose.NAMED) and now < clock.now()


def test_a_helper_does_not_agree_for_somebody(cast):
    now = clock.now()
    with transaction():
        room_id = rooms.open_room().id
        row = AssistedSitting(
            helper_id=cast.max.id,
            witness_id=cast.sun.id,
            resident_id=cast.vera.resident_id,
            reason=AssistanceReason.ILL,
            channel=Channel.ASSISTED,
            asked_at=now,
            witnessed_at=now,
            began_at=now,
            expires_at=now + HALF_AN_HOUR,
        )
        db.session.add(row)
        db.session.flush()
        sitting = behalf.Sitting(
            row.id, cast.vera.resident_id, cast.max.id, cast.sun.id, Channel.ASSISTED
        )
        with behalf.on_behalf(sitting):
            message = rooms.send(
                room_id,
                body="她说的话",
                show_name=True,
                client_key="h" * 9,
                author=Author(cast.vera.resident_id),
                badge=None,
                now=now,
            )
        message_id = message.id
    assert rooms.get_message(message_id).author == "V*a"
    assert db.session.query(Consent).count() == 0


# --- minors (domain.md S11) --------------------------------------------------------------------


@pytest.fixture
def minor(cast):
    """Make Vera 16."""
    with transaction():
        born = clock.today(clock.now()).replace(day=1) - timedelta(days=16 * 366)
        db.session.get_one(Resident, cast.vera.resident_id).born_on = born
    return cast.vera


def test_a_minor_reads_but_does_not_write_and_is_never_named(minor, browse, at):
    with transaction():
        room_id = rooms.open_room().id
    client = browse(minor)
    page = client.get(at(f"/rooms/{room_id}"))
    assert page.status_code == 200 and "还不能发言" in page.get_data(as_text=True)
    sent = client.post(
        at(f"/rooms/{room_id}"),
        data={"body": "我也说", "key": "k" * 9, "show_name": "y"},
    )
    assert sent.status_code == 422
    assert rooms.list_newest(limit=1) == []
    with pytest.raises(Refused) as refused, transaction():
        service.say(minor.id, Purpose.NAMED, is_given=True, now=clock.now())
    assert refused.value.reason is Refusal.UNDER_AGE
    page = client.get(at("/privacy/consents")).get_data(as_text=True)
    assert page.count('value="yes"') == len(Purpose) - 1
    assert client.post(at("/privacy/consents/named"), data={"answer": "yes"}).status_code == 303
    assert db.session.query(Consent).count() == 0
    assert client.post(at("/privacy/consents/sms"), data={"answer": "yes"}).status_code == 303
    db.session.rollback()
    assert db.session.query(Consent).count() == 1


def test_an_unknown_birth_date_is_no_bar(cast):
    with transaction():
        db.session.get_one(Resident, cast.vera.resident_id).born_on = None
    assert not service.is_minor(cast.vera.resident_id, now=clock.now())


# --- who looked --------------------------------------------------------------------------------


def test_looks_at_me_at_my_group_and_at_everybody_stand_on_my_page(cast, browse, at):
    vera = erasing.person_of(cast.vera.id)
    sun = erasing.person_of(cast.sun.id)  # of the other group
    looked(cast.max, resident_ids=[cast.vera.resident_id], reason="核对生日")
    looked(cast.max, resident_ids=[cast.sun.resident_id])
    looked(cast.ada, group_id=vera.group_id, look=Look.PRINTED)
    looked(cast.ada, group_id=sun.group_id, look=Look.PRINTED)
    looked(cast.ada, look=Look.EXPORTED)
    lines, total = looks.list_looks(vera, page=1)
    assert total == 3
    assert [(line.name, line.look, line.about_me, line.reason) for line in lines] == [
        ("Ada", Look.EXPORTED, False, ""),
        ("Ada", Look.PRINTED, False, ""),
        ("Max", Look.OPENED, True, "核对生日"),
    ]
    assert [role.value for role in lines[2].roles] == ["committee"]
    page = browse(cast.vera).get(at("/privacy/looks")).get_data(as_text=True)
    assert "核对生日" in page and "Max" in page and "村委会" in page and "全村或全组" in page
    assert "还没有" not in page
    assert looks.list_looks(erasing.person_of(cast.otto.id), page=1) == ([], 0)
    with village_scope(cast.nora.village_id):
        assert looks.list_looks(erasing.person_of(cast.nora.id), page=1) == ([], 0)


def test_the_log_is_for_those_who_oversee_and_masks(cast, browse, at, count_queries):
    looked(cast.max, resident_ids=[cast.vera.resident_id], reason="核对生日")
    for who, status in (
        ("max", 200),
        ("sun", 200),
        ("ada", 200),
        ("paula", 403),
        ("vera", 403),
        ("nora", 403),
    ):
        assert browse(getattr(cast, who)).get(at("/privacy/log")).status_code == status
    sun = browse(cast.sun)
    page = sun.get(at("/privacy/log")).get_data(as_text=True)
    assert "V*a" in page and "Vera" not in page and "核对生日" in page
    with count_queries() as one:
        sun.get(at("/privacy/log"))
    looked(cast.ada)
    looked(cast.ada, resident_ids=[cast.sun.resident_id])
    with count_queries() as three:
        sun.get(at("/privacy/log"))
    assert one.n == three.n
    assert sun.get(at("/privacy/log?page=0")).status_code == 404


def test_long_lists_have_pages(cast, browse, at):
    for _ in range(35):
        looked(cast.max, resident_ids=[cast.vera.resident_id])
    vera = browse(cast.vera)
    assert "1 / 2" in vera.get(at("/privacy/looks")).get_data(as_text=True)
    assert vera.get(at("/privacy/looks?page=2")).get_data(as_text=True).count("我") > 0
    assert len(looks.list_looks(erasing.person_of(cast.vera.id), page=2)[0]) == 5


def test_looks_cannot_be_taken_away(cast):
    looked(cast.max, resident_ids=[cast.vera.resident_id])
    with pytest.raises(Exception, match="append-only"), transaction():
        db.session.execute(AccessLog.__table__.delete().where(AccessLog.village_id > 0))
    db.session.rollback()


# --- "this is wrong" ---------------------------------------------------------------------------


def test_a_request_is_answered_with_a_reason(cast, browse, at):
    vera, max_ = browse(cast.vera), browse(cast.max)
    assert vera.post(at("/privacy/requests"), data={"body": "  "}).status_code == 422
    vera.post(at("/privacy/requests"), data={"body": "我的生日是5月2日"})
    db.session.rollback()
    request = db.session.query(DataRequest).one()
    assert vera.post(at("/privacy/requests"), data={"body": "还有电话"}).status_code == 422
    assert "信息更正申请" in max_.get(at("/desk")).get_data(as_text=True)
    address = at(f"/privacy/desk/{request.id}")
    assert "我的生日是5月2日" in max_.get(address).get_data(as_text=True)
    assert max_.post(address, data={"decision": "no", "answer": ""}).status_code == 422
    assert max_.post(address, data={"decision": "no", "answer": "以户口簿为准"}).status_code == 303
    assert max_.post(address, data={"decision": "yes", "answer": ""}).status_code == 422
    db.session.rollback()
    request = db.session.query(DataRequest).one()
    assert (request.state, request.answer, request.ended_by_id) == (
        RequestState.REFUSED,
        "以户口簿为准",
        cast.max.id,
    )
    assert "以户口簿为准" in vera.get(at("/privacy/requests")).get_data(as_text=True)
    looked_at = looks.list_looks(erasing.person_of(cast.vera.id), page=1)[0]
    assert {line.what for line in looked_at} == {"data-request"}
    kinds = db.session.scalars(
        select(outbox.OutboxEvent.kind).order_by(outbox.OutboxEvent.id)
    ).all()
    assert [k for k in kinds if k.startswith("privacy.data")] == [
        "privacy.data-requested", "privacy.data-request-answered",
    ]  # fmt: skip


def test_nobody_answers_their_own_request_and_others_stay_out(cast, browse, at, neighbour):
    max_ = browse(cast.max)
    max_.post(at("/privacy/requests"), data={"body": "电话不对"})
    request_id = db.session.query(DataRequest).one().id
    own = max_.post(at(f"/privacy/desk/{request_id}"), data={"decision": "yes"})
    assert own.status_code == 422
    for who, status in (("vera", 403), ("paula", 403), ("sun", 403), ("nora", 403), ("otto", 403)):
        client = browse(getattr(cast, who))
        assert client.get(at("/privacy/desk")).status_code == status
        assert (
            client.post(at(f"/privacy/desk/{request_id}"), data={"decision": "yes"}).status_code
            == status
        )
    assert (
        browse(cast.ada)
        .post(at(f"/privacy/desk/{request_id}"), data={"decision": "yes"})
        .status_code
        == 303
    )
    assert max_.get(at("/privacy/desk/999999")).status_code == 404


def test_two_browsers_agree_at_once(cast, race, monkeypatch):
    """What was said before is read while nobody else speaks: one line, and one is told of it."""
    said = service.consents_of

    def said_slowly(account_id):
        found = said(account_id)
        time.sleep(0.1)  # the others have read it too by now, if nothing holds them
        return found

    monkeypatch.setattr(service, "consents_of", said_slowly)
    results = race(
        4, lambda _i: service.say(cast.vera.id, Purpose.SMS, is_given=True, now=clock.now())
    )
    assert sorted(results) == [False, False, False, True]
    assert [row.purpose for row in service.history_of(cast.vera.id)] == [Purpose.SMS]


def test_one_request_waits_at_a_time(cast, race):
    results = race(
        5, lambda i: service.ask(cast.vera.id, f"第{i}次", resident_id=None, now=clock.now()).id
    )
    refused = [r.reason for r in results if isinstance(r, Refused)]
    assert refused == [Refusal.WAITS_ALREADY] * 4
    assert db.session.query(DataRequest).count() == 1


def test_two_of_the_committee_answer_once(cast, race):
    with transaction():
        request_id = service.ask(cast.vera.id, "生日", resident_id=None, now=clock.now()).id
    results = race(
        3,
        lambda _i: (
            service.answer_request(
                request_id, is_granted=True, answer="", account_id=cast.max.id, now=clock.now()
            ).id
        ),
    )
    assert sorted(map(str, results)).count(str(request_id)) == 1
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.ANSWERED_ALREADY] * 2
