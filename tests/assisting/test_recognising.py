"""Being recognised: who asks, who vouches, and what an unverified account cannot do."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.assisting import claims, jobs, recognising, vouching
from portal.assisting.models import Recognition, Vouch
from portal.assisting.vouching import RequestState, VouchRefusal
from portal.core import clock
from portal.core.audit import AccessLog
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.jobs import run_chores
from portal.core.outbox import OutboxEvent
from portal.core.scope import village_scope
from portal.discussion.models import Comment
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, Resident
from portal.people.rules import Role
from portal.privacy import service as privacy
from portal.sign_in import service as signing_in
from portal.sign_in import slips

from .test_views import filled, routes, text


def refusal_of(call, *args, **facts):
    with pytest.raises(Refused) as caught:
        call(*args, **facts)
    return caught.value.reason


def events(kind):
    return [e.facts for e in db.session.scalars(select(OutboxEvent)) if e.kind == kind]


@pytest.fixture
def claim(now):
    """Let somebody ask for themselves; return the request's id."""

    def _claim(person, name="李阿婆", place="一组", *, at=None):
        with transaction():
            return recognising.ask_for_myself(
                person.account_id, name=name, place=place, now=at or now
            ).id

    return _claim


@pytest.fixture
def name(now):
    """Say whom a request means."""

    def _name(recognition_id, person, *, at=None):
        with transaction():
            recognising.name_resident(recognition_id, resident_id=person.resident_id, now=at or now)

    return _name


@pytest.fixture
def vouch(now):
    """Let somebody of the committee vouch."""

    def _vouch(recognition_id, person, *, at=None, **facts):
        with transaction():
            return recognising.vouch(
                recognition_id, account_id=person.account_id, now=at or now, **facts
            )

    return _vouch


def request_of(recognition_id):
    db.session.remove()
    return db.session.get_one(Recognition, recognition_id)


# --- asking ------------------------------------------------------------------------------------


def test_one_open_request_each(claim, cast, li, now):
    first = claim(cast.otto)
    assert refusal_of(claim, cast.otto) is VouchRefusal.ASKED_ALREADY
    assert refusal_of(claim, cast.vera) is VouchRefusal.KNOWN_ALREADY
    assert events("assisting.recognition-asked") == [{"recognition_id": first}]
    assert request_of(first).expires_at == now + timedelta(days=14)


def test_three_requests_in_thirty_days(claim, cast, li, now):
    for number in range(3):
        made = claim(cast.otto, at=now + timedelta(days=number))
        with transaction():
            recognising.refuse(made, account_id=cast.max.account_id, reason="不认识", now=now)
    assert refusal_of(claim, cast.otto, at=now + timedelta(days=3)) is VouchRefusal.TOO_OFTEN
    assert claim(cast.otto, at=now + timedelta(days=31)) > 0


def test_two_ask_at_once(race, cast, li):
    def one(_):
        return recognising.ask_for_myself(
            cast.otto.account_id, name="李阿婆", place="一组", now=clock.now()
        ).id

    results = race(3, one)
    refused = [r.reason for r in results if isinstance(r, Refused)]
    assert refused == [VouchRefusal.ASKED_ALREADY] * 2
    assert db.session.scalar(select(func.count(Recognition.id))) == 1


def test_two_of_the_committee_ask_for_one_resident_at_once(race, cast, zhu, li):
    both = (cast.max, zhu)
    results = race(
        4,
        lambda i: (
            recognising.ask_for_resident(
                li.resident_id, asked_by_id=both[i % 2].account_id, now=clock.now()
            ).id
        ),
    )
    refused = [r.reason for r in results if isinstance(r, Refused)]
    assert refused == [VouchRefusal.ASKED_ALREADY] * 3
    assert db.session.scalar(select(func.count(Recognition.id))) == 1


def test_two_requests_are_given_the_same_resident_at_once(race, claim, cast, li, now):
    """The key of the resident is the last judge: one request means Li, the other nobody yet."""
    with transaction():
        other = people.add_account(name="X", phone="13800000088").id
    asked = [claim(cast.otto), claim(SimpleNamespace(account_id=other))]

    def one(index):
        recognising.name_resident(asked[index], resident_id=li.resident_id, now=clock.now())

    results = race(2, one)
    assert [r.reason for r in results if r] == [VouchRefusal.ASKED_ALREADY]
    assert sorted(request_of(i).resident_id is None for i in asked) == [False, True]


def test_the_committee_asks_only_for_those_without_a_phone(cast, li, now):
    def ask(person):
        with transaction():
            return recognising.ask_for_resident(
                person.resident_id, asked_by_id=cast.max.account_id, now=now
            ).id

    assert refusal_of(ask, cast.wang) is VouchRefusal.HAS_PHONE
    child = db.session.scalars(select(Resident).where(Resident.name == "李小宝")).one()
    assert refusal_of(ask, SimpleNamespace(resident_id=child.id)) is VouchRefusal.TOO_YOUNG
    assert ask(li) > 0
    assert refusal_of(ask, li) is VouchRefusal.ASKED_ALREADY


# --- vouching ----------------------------------------------------------------------------------


def test_two_of_different_groups_recognise(claim, name, vouch, cast, zhu, li, now):
    asked = claim(cast.otto)
    assert refusal_of(vouch, asked, cast.max) is VouchRefusal.NOBODY_NAMED
    name(asked, li)
    assert vouch(asked, cast.max) == recognising.Vouched(is_done=False)
    assert refusal_of(vouch, asked, cast.max) is VouchRefusal.VOUCHED_ALREADY
    assert refusal_of(name, asked, cast.wang) is VouchRefusal.NAMED_ALREADY
    assert people.find_account(li.resident_id) is None
    assert vouch(asked, zhu) == recognising.Vouched(is_done=True)
    done = request_of(asked)
    assert (done.state, done.ended_by_id) == (RequestState.DONE, zhu.account_id)
    account = people.find_account(li.resident_id)
    assert (account.id, account.name) == (cast.otto.account_id, "李阿婆")
    assert people.get_resident(li.resident_id).phone == cast.otto.phone
    assert events("assisting.recognised") == [
        {
            "recognition_id": asked,
            "account_id": cast.otto.account_id,
            "resident_id": li.resident_id,
            "voucher_names": ["Max", "Zhu"],
            "old_phone": "",
        }
    ]
    changed = [r for r in db.session.scalars(select(AccessLog)) if r.look == "changed"]
    assert [r.resident_id for r in changed] == [li.resident_id] * 2
    assert refusal_of(vouch, asked, zhu) is VouchRefusal.CLOSED


def make_committee(person, now):
    with transaction():
        posts.give_post(person.account_id, Role.COMMITTEE, now=now - timedelta(minutes=1))


def test_not_of_the_same_group(claim, name, vouch, cast, li, now):
    make_committee(cast.vera, now)
    asked = claim(cast.otto)
    name(asked, li)
    vouch(asked, cast.max)
    assert refusal_of(vouch, asked, cast.vera) is VouchRefusal.SAME_GROUP


def test_not_of_the_same_household(claim, name, vouch, cast, zhu, li):
    asked = claim(cast.otto)
    name(asked, li)
    vouch(asked, cast.max)
    with transaction():
        resident = people.get_resident(zhu.resident_id)
        resident.household_id = people.get_resident(cast.max.resident_id).household_id
        resident.is_representative = False
    assert refusal_of(vouch, asked, zhu) is VouchRefusal.SAME_HOUSEHOLD


def test_nobody_vouches_at_home(claim, name, vouch, cast, zhu, li, now):
    asked = claim(cast.otto)
    name(asked, zhu)
    assert refusal_of(vouch, asked, zhu) is VouchRefusal.HIMSELF
    with transaction():
        resident = people.get_resident(cast.max.resident_id)
        resident.household_id = people.get_resident(zhu.resident_id).household_id
        resident.is_representative = False
    assert refusal_of(vouch, asked, cast.max) is VouchRefusal.OWN_HOUSEHOLD


def test_somebody_of_the_committee_who_is_no_resident(claim, name, vouch, cast, li, now):
    make_committee(cast.paula, now)
    asked = claim(cast.otto)
    name(asked, li)
    assert refusal_of(vouch, asked, cast.paula) is VouchRefusal.NOT_A_RESIDENT


def test_a_request_is_good_for_fourteen_days_on_every_path(
    app, claim, name, vouch, cast, zhu, li, now
):
    asked = claim(cast.otto)
    name(asked, li)
    vouch(asked, cast.max)
    late = now + vouching.REQUEST_TIME
    assert refusal_of(vouch, asked, zhu, at=late) is VouchRefusal.EXPIRED
    assert refusal_of(name, asked, li, at=late) is VouchRefusal.CLOSED
    assert claims.list_open(now=late) == []
    assert claims.count_open(now=late) == 0
    db.session.remove()
    assert run_chores(app, (jobs.close_over,), now=late) == {"portal.assisting.jobs.close_over": 1}
    assert request_of(asked).state is RequestState.EXPIRED
    assert refusal_of(vouch, asked, zhu, at=now) is VouchRefusal.CLOSED


def test_an_old_phone_gives_way_only_when_that_is_said(claim, name, vouch, cast, zhu, li, now):
    asked = claim(cast.otto, name="Wang")
    name(asked, cast.wang)
    assert claims.replaces(claims.get_request(asked))
    assert refusal_of(vouch, asked, cast.max) is VouchRefusal.REPLACES
    vouch(asked, cast.max, is_replacing=True)
    vouch(asked, zhu, is_replacing=True)
    old = db.session.get_one(Account, cast.wang.account_id)
    assert (old.resident_id, old.is_active) == (None, False)
    assert people.find_account(cast.wang.resident_id).id == cast.otto.account_id
    assert events("assisting.recognised")[0]["old_phone"] == cast.wang.phone


def test_whoever_holds_a_post_is_not_replaced(claim, name, vouch, cast, zhu, li):
    asked = claim(cast.otto, name="Sun")
    name(asked, cast.sun)
    vouch(asked, cast.max, is_replacing=True)
    assert refusal_of(vouch, asked, zhu, is_replacing=True) is VouchRefusal.HOLDS_POST
    assert people.find_account(cast.sun.resident_id).id == cast.sun.account_id
    assert request_of(asked).state is RequestState.OPEN


def test_no_phone_at_all_a_printed_code_is_made(vouch, cast, zhu, li, now):
    with transaction():
        asked = recognising.ask_for_resident(
            li.resident_id, asked_by_id=cast.max.account_id, now=now
        ).id
    assert vouch(asked, cast.max).code is None
    code = vouch(asked, zhu).code
    with transaction():
        token = slips.open_with_slip(code, now=now)
    assert [c.name for c in signing_in.candidates(token, now=now)] == ["李阿婆"]


def test_two_of_one_group_vouch_at_once(race, claim, name, cast, li, now):
    make_committee(cast.vera, now)
    asked = claim(cast.otto)
    name(asked, li)
    both = (cast.max, cast.vera)
    results = race(
        2,
        lambda i: recognising.vouch(asked, account_id=both[i].account_id, now=clock.now()),
    )
    assert [r.reason for r in results if isinstance(r, Refused)] == [VouchRefusal.SAME_GROUP]
    assert db.session.scalar(select(func.count(Vouch.id))) == 1
    assert request_of(asked).state is RequestState.OPEN


def test_two_of_different_groups_vouch_at_once(race, claim, name, cast, zhu, li):
    """Neither overlooks the other: together they recognise, once."""
    asked = claim(cast.otto)
    name(asked, li)
    both = (cast.max, zhu)
    results = race(
        2,
        lambda i: recognising.vouch(asked, account_id=both[i].account_id, now=clock.now()),
    )
    assert sorted(r.is_done for r in results) == [False, True]
    assert request_of(asked).state is RequestState.DONE


def test_one_vouches_and_one_refuses_at_once(race, claim, name, vouch, cast, zhu, li):
    """Whoever is second finds the request closed: nobody is recognised and refused."""
    asked = claim(cast.otto)
    name(asked, li)
    vouch(asked, cast.max)

    def one(index):
        if index:
            recognising.refuse(asked, account_id=cast.max.account_id, reason="?", now=clock.now())
        else:
            recognising.vouch(asked, account_id=zhu.account_id, now=clock.now())

    results = race(2, one)
    assert [r.reason for r in results if r] == [VouchRefusal.CLOSED]
    done = request_of(asked).state is RequestState.DONE
    assert (people.find_account(li.resident_id) is not None) == done
    told = events("assisting.recognised") + events("assisting.recognition-refused")
    assert len(told) == 1


def test_a_vouchers_month_holds_for_two_requests_at_once(
    race, claim, name, cast, li, now, monkeypatch
):
    monkeypatch.setattr(vouching, "VOUCHES_IN_SPAN", 1)
    with transaction():
        other = people.add_account(name="X", phone="13800000088").id
    asked = [claim(cast.otto), claim(SimpleNamespace(account_id=other))]
    for recognition_id, person in zip(asked, (li, cast.wang), strict=True):
        name(recognition_id, person)

    def one(index):
        recognising.vouch(
            asked[index], account_id=cast.max.account_id, is_replacing=True, now=clock.now()
        )

    results = race(2, one)
    assert [r.reason for r in results if isinstance(r, Refused)] == [VouchRefusal.TOO_MANY]
    assert db.session.scalar(select(func.count(Vouch.id))) == 1


@pytest.mark.parametrize("same", ["account_id", "household_id", "group_id"])
def test_the_keys_of_the_vouches_judge_last(claim, cast, zhu, li, now, same):
    asked = claim(cast.otto)
    facts = []
    for person in (cast.max, zhu):
        resident = people.get_resident(person.resident_id)
        facts.append(
            {
                "account_id": person.account_id,
                "household_id": resident.household_id,
                "group_id": resident.group_id,
            }
        )
    with transaction():
        db.session.add(Vouch(recognition_id=asked, done_at=now, **facts[0]))
    with pytest.raises(IntegrityError), transaction():
        twice = facts[1] | {same: facts[0][same]}
        db.session.add(Vouch(recognition_id=asked, done_at=now, **twice))
    with transaction():
        db.session.add(Vouch(recognition_id=asked, done_at=now, **facts[1]))


@pytest.mark.parametrize(
    "facts",
    [
        {"account_id": None, "resident_id": None},
        {"state": RequestState.DONE, "ended_at": "now"},
        {"ended_at": "now"},
        {"state": RequestState.REFUSED},
    ],
)
def test_the_table_of_requests_judges_last(cast, li, now, facts):
    known = {
        "account_id": cast.otto.account_id,
        "state": RequestState.OPEN,
        "asked_at": now,
        "expires_at": now,
    }
    known |= {key: now if value == "now" else value for key, value in facts.items()}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Recognition(**known))


def test_one_open_request_for_each_resident(claim, name, cast, li, now):
    first = claim(cast.otto)
    name(first, li)
    with transaction():
        other = people.add_account(name="X", phone="13800000099").id
    second = claim(SimpleNamespace(account_id=other))
    assert refusal_of(name, second, li) is VouchRefusal.ASKED_ALREADY


def test_another_villages_request_is_not_there(claim, cast, li, neighbour, now):
    asked = claim(cast.otto)
    db.session.remove()
    with village_scope(neighbour.id):
        assert claims.list_open(now=now) == []
        with pytest.raises(Exception, match="No row"):
            claims.get_request(asked)
        with pytest.raises(Exception, match="No row"), transaction():
            recognising.vouch(asked, account_id=cast.nora.account_id, now=now)


def test_the_list_asks_as_often_for_three_as_for_one(claim, cast, li, now, count_queries):
    claim(cast.otto)
    db.session.remove()
    with count_queries() as one:
        assert len(claims.list_open(now=now)) == 1
    with transaction():
        ids = [people.add_account(name=f"X{n}", phone=f"1380000008{n}").id for n in range(2)]
    for account_id in ids:
        claim(SimpleNamespace(account_id=account_id))
    db.session.remove()
    with count_queries() as three:
        assert len(claims.list_open(now=now)) == 3
    assert three.n == one.n


# --- the pages ---------------------------------------------------------------------------------


def test_the_whole_recognition(cast, li, zhu, browse, at):
    otto, max_, second = browse(cast.otto), browse(cast.max), browse(zhu)
    assert "申请认定为本村村民" in text(otto.get(at("/me")))
    asked = otto.post(at("/assisting/recognition"), data={"name": "李阿婆", "place": "一组"})
    assert asked.status_code == 303
    assert "等两位村委会成员作证" in text(otto.get(at("/assisting/recognition")))
    assert "1 人申请认定" in text(max_.get(at("/desk")))
    page = max_.get(at("/assisting/requests")).get_data(as_text=True)
    where = re.search(r'href="([^"]*/requests/\d+)"', page)[1]
    page = text(max_.get(where))
    assert "138****0007" in page
    assert cast.otto.phone not in page
    person = {"name": "李阿婆", "household": "005"}
    assert max_.post(f"{where}/person", data=person).status_code == 303
    assert max_.post(f"{where}/vouch").status_code == 303
    assert "Max" in text(second.get(where))
    assert second.post(f"{where}/vouch").status_code == 303
    db.session.remove()
    assert people.find_account(li.resident_id).id == cast.otto.account_id
    page = text(otto.get(at("/me")))
    assert "申请认定" not in page
    assert "李阿婆" in page


def test_a_refusal_is_read_by_whoever_asked(cast, li, claim, browse, at):
    asked = claim(cast.otto)
    max_ = browse(cast.max)
    where = at(f"/assisting/requests/{asked}/refuse")
    assert max_.post(where, data={"reason": ""}).status_code == 303
    assert request_of(asked).state is RequestState.OPEN
    assert max_.post(where, data={"reason": "没见过此人"}).status_code == 303
    assert request_of(asked).state is RequestState.REFUSED
    assert "没见过此人" in text(browse(cast.otto).get(at("/assisting/recognition")))


def test_the_code_is_shown_once(cast, li, zhu, browse, at):
    max_, second = browse(cast.max), browse(zhu)
    asked = max_.post(at("/assisting/requests"), data={"name": "李阿婆", "household": "005"})
    where = asked.location
    assert max_.post(f"{where}/vouch").status_code == 303
    page = second.post(f"{where}/vouch")
    assert page.status_code == 200
    code = re.search(r'class="code">([^<]+)<', page.get_data(as_text=True))[1]
    assert len(code.replace("-", "").replace(" ", "")) == 12
    assert code not in text(second.get(where))


def test_who_may_ask_and_who_may_vouch(cast, li, claim, browse, at):
    asked = claim(cast.otto)
    everybody = ("otto", "vera", "nora", "max", "paula", "sun", "ada")
    own = {
        w: browse(getattr(cast, w)).get(at("/assisting/recognition")).status_code for w in everybody
    }
    assert own == {"otto": 200} | dict.fromkeys(everybody[1:], 403)
    assert browse(None).get(at("/assisting/recognition")).status_code == 302
    for path in ("person", "vouch", "refuse"):
        seen = {
            w: browse(getattr(cast, w)).post(at(f"/assisting/requests/{asked}/{path}")).status_code
            for w in everybody
            if w != "max"
        }
        assert set(seen.values()) == {403}


# --- arriving with a number that nobody has ----------------------------------------------------

ARRIVAL = {"phone": "139 1111 2222", "name": "李阿婆", "place": "一组"}


def sent_code(app):
    return re.search(r"\d{6}", app.extensions["sms"].messages[-1][1])[0]


def test_a_stranger_arrives_by_phone_and_may_only_read(app, cast, li, browse, at, survey):
    stranger = browse(None)
    assert "我的手机号不在名册上" in text(stranger.get(at("/sign-in")))
    assert stranger.post(at("/assisting/arrive"), data=ARRIVAL).status_code == 303
    db.session.remove()
    assert db.session.scalar(select(func.count(Recognition.id))) == 0  # the number is not proven
    wrong = "000000" if sent_code(app) != "000000" else "111111"
    assert stranger.post(at("/assisting/arrive/code"), data={"code": wrong}).status_code == 422
    proven = stranger.post(at("/assisting/arrive/code"), data={"code": sent_code(app)})
    assert proven.location.endswith(at("/assisting/recognition"))  # after the privacy notice
    db.session.remove()
    asked = db.session.scalars(select(Recognition)).one()
    with transaction():
        privacy.note_seen(asked.account_id, now=clock.now())
    assert "等两位村委会成员作证" in text(stranger.get(at("/assisting/recognition")))
    account = db.session.get_one(Account, asked.account_id)
    assert (account.phone, account.resident_id, account.name) == ("13911112222", None, "李阿婆")
    reply = {"q_knows": "yes", "key": "a" * 32}
    assert stranger.post(at(f"/surveys/{survey}"), data=reply).status_code == 403


def test_whose_number_is_known_signs_in_like_everybody(app, cast, browse, at):
    vera = browse(None)
    vera.post(at("/assisting/arrive"), data=ARRIVAL | {"phone": cast.vera.phone})
    proven = vera.post(at("/assisting/arrive/code"), data={"code": sent_code(app)})
    assert proven.location == at("/sign-in/who")
    assert "Vera" in text(vera.get(proven.location))
    db.session.remove()
    assert db.session.scalar(select(func.count(Recognition.id))) == 0


def test_no_code_no_account(cast, browse, at):
    before = db.session.scalar(select(func.count(Account.id)))
    stranger = browse(None)
    assert stranger.post(at("/assisting/arrive/code"), data={"code": "123456"}).status_code == 422
    bad = stranger.post(at("/assisting/arrive"), data=ARRIVAL | {"phone": "12345"})
    assert bad.status_code == 422
    db.session.remove()
    assert db.session.scalar(select(func.count(Account.id))) == before


def test_strangers_use_up_thirty_messages_a_day_at_most(app, cast, browse, at):
    for number in range(31):
        last = browse(None).post(
            at("/assisting/arrive"),
            data=ARRIVAL | {"phone": f"139{number:08}"},
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"},
        )
        assert last.status_code == (303 if number < 30 else 422)
    assert len(app.extensions["sms"].messages) == 30


# --- unverified --------------------------------------------------------------------------------

OWN = ("sign_in.", "privacy.", "inbox.")
"""Pages of one's own account: its safety, its data, its messages."""

MAY = {
    "people.preferences",
    "assisting.claim",
    "assisting.end",
    "assisting.prove_number",
    "assisting.send_number",
    "transparency.compare",
    "ballots.find_envelope",
}
"""What else somebody who is on no roster may send: none of it says or counts anything."""


def test_unverified_accounts_read_and_write_nothing(app, cast, browse, village):
    """Every route that takes something: Otto is refused, whatever it is."""
    otto = browse(cast.otto)
    taken, refused = [], 0
    for rule in routes(app):
        if rule.endpoint in MAY or rule.endpoint.startswith(OWN):
            continue
        for method in sorted(rule.methods & {"POST", "PUT", "PATCH", "DELETE"}):
            answer = otto.open(filled(rule, village), method=method)
            refused += answer.status_code in (401, 403)
            if answer.status_code not in (401, 403):
                taken.append((rule.endpoint, answer.status_code))
    assert taken == [("discussion.post", 404)]  # there is no such plan; the next test has one
    assert refused > 30


def test_an_opinion_of_an_unverified_account_is_shown_back_and_not_kept(cast, browse, at, version):
    said = {"body": "路灯太暗", "about": "plan", "key": "c" * 20}
    answer = browse(cast.otto).post(at(f"/discussion/plans/{version}"), data=said)
    assert answer.status_code == 403
    assert "路灯太暗" in text(answer)
    assert db.session.scalar(select(func.count(Comment.id))) == 0


def test_unverified_accounts_read_what_everybody_reads(cast, browse, at, version, survey):
    otto = browse(cast.otto)
    for path in (
        "/",
        "/take-part",
        f"/surveys/{survey}",
        f"/discussion/plans/{version}",
    ):
        assert otto.get(at(path)).status_code == 200
