"""The pages of the inbox: mine only, newest first, read one by one or all; wishes; operator."""

import re

import pytest
from sqlalchemy import select

from portal.core import personal
from portal.core.db import db, transaction
from portal.core.personal import Person, Wish
from portal.core.scope import village_scope
from portal.inbox import ports, service, wishes
from portal.inbox.models import Delivery
from portal.inbox.personal import KEEPER
from portal.inbox.rules import DeliveryState, Fault, Topic, Way
from portal.people.models import Account
from tests.inbox.conftest import DAY


def count_of(page: str) -> str | None:
    """Return the number beside the bell, or None."""
    bell = page.split('class="bell"')[1].split("</a>")[0]
    found = re.search(r'class="count">(\d+\+?)', bell)
    return found and found[1]


def test_strangers_and_neighbours_have_no_inbox_here(browse, at, cast, tell, messages):
    tell(cast.vera)
    number = messages()[0].id
    assert browse(None).get(at("/inbox")).location.endswith("/sign-in?next=" + at("/inbox"))
    assert browse(None).get(at("/inbox/wishes")).status_code == 302
    for client, status in ((browse(None), 401), (browse(cast.nora), 403)):
        for path in (f"/inbox/{number}", "/inbox/read", "/inbox/wishes", "/inbox/browser"):
            assert client.post(at(path), data={"until": number}).status_code == status
    assert browse(cast.nora).get(at("/inbox")).status_code == 403
    assert messages()[0].read_at is None


def test_nobody_reads_or_marks_what_another_was_told(browse, at, cast, tell, messages):
    tell(cast.vera)
    number = messages()[0].id
    for person in (cast.otto, cast.max, cast.ada, cast.wang):
        client = browse(person)
        assert "rain" not in client.get(at("/inbox")).text
        assert client.post(at(f"/inbox/{number}")).status_code == 404
        client.post(at("/inbox/read"), data={"until": number})
    assert messages()[0].read_at is None


def test_otto_has_an_inbox_too(browse, at, cast, tell):
    tell(cast.otto)
    assert "rain" in browse(cast.otto).get(at("/inbox")).text


def test_opening_marks_as_read_and_leads_on(browse, at, cast, tell, messages):
    tell(cast.vera, path=at("/ballots/"))
    tell(cast.vera, event_id=2)
    client = browse(cast.vera)
    assert count_of(client.get(at("/inbox")).text) == "2"
    answer = client.post(at(f"/inbox/{messages()[0].id}"))
    assert (answer.status_code, answer.location) == (303, at("/ballots/"))
    read_at = messages()[0].read_at
    assert read_at is not None
    assert messages()[1].read_at is None
    client.post(at(f"/inbox/{messages()[0].id}"))
    assert messages()[0].read_at == read_at
    assert client.post(at(f"/inbox/{messages()[1].id}")).location == at("/inbox")
    page = client.get(at("/inbox")).text
    assert count_of(page) is None
    assert "unread" not in page
    assert client.get(at(f"/inbox/{messages()[0].id}")).status_code == 405  # reading is a deed


def test_all_are_marked_but_not_what_came_meanwhile(browse, at, cast, tell, messages):
    tell(cast.vera)
    tell(cast.vera, event_id=2)
    client = browse(cast.vera)
    page = client.get(at("/inbox")).text
    until = re.search(r'name="until" value="(\d+)"', page)[1]
    tell(cast.vera, event_id=3)
    assert client.post(at("/inbox/read"), data={"until": until}).status_code == 303
    assert [m.read_at is None for m in messages()] == [False, False, True]
    assert client.post(at("/inbox/read"), data={"until": "x"}).status_code == 400
    assert client.post(at("/inbox/read")).status_code == 400


def test_the_newest_stand_first_in_pages_of_twenty(browse, at, cast, tell, messages):
    for event_id in range(45):
        with transaction():
            service.tell(
                [cast.vera.id],
                kind="test.small",
                facts={"reason": f"<{event_id}>"},
                event_id=event_id,
                now=DAY,
            )
    client = browse(cast.vera)
    seen, href = [], at("/inbox")
    while href:
        page = client.get(href).text
        seen += [int(n) for n in re.findall(r"small &lt;(\d+)&gt;", page)]
        older = re.search(r'href="([^"]+before=\d+)"', page)
        href = older and older[1]
    assert seen == list(range(44, -1, -1))
    assert count_of(page) == "45"
    assert client.get(at("/inbox?before=x")).status_code == 200
    assert client.get(at(f"/inbox?before={10**30}")).status_code == 422  # said in words


def test_hostile_facts_are_only_text(browse, at, cast):
    with transaction():
        service.tell(
            [cast.vera.id],
            kind="test.small",
            facts={"reason": "<script>alert(1)</script>%(x)s"},
            event_id=1,
            now=DAY,
        )
    page = browse(cast.vera).get(at("/inbox")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;%(x)s" in page


def test_a_message_of_an_old_kind_keeps_its_line(app, browse, at, cast, tell):
    tell(cast.vera)
    del app.extensions["message_kinds"]["test.matters"]
    page = browse(cast.vera).get(at("/inbox"))
    assert page.status_code == 200
    assert "较早的一条消息" in page.text
    assert browse(cast.vera).get(at("/")).status_code == 200


def test_the_badge_costs_no_statement(browse, at, cast, tell, count_queries):
    quiet, told = browse(cast.wang), browse(cast.vera)
    tell(*[cast.vera], event_id=1)
    for number in range(2, 120):
        tell(cast.vera, kind="test.small", event_id=number)
    costs = []
    for client in (quiet, told):
        client.get(at("/take-part"))
        with count_queries() as counted:
            page = client.get(at("/take-part")).text
        costs.append((counted.n, count_of(page)))
    assert costs == [(costs[0][0], None), (costs[0][0], "99+")]
    with count_queries() as counted:
        assert 'class="bell"' not in browse(None).get(at("/take-part")).text
    assert not any("inbox_message" in statement for statement in counted.statements)


def test_each_village_has_its_own_badge(browse, at, cast, tell, neighbour):
    with village_scope(neighbour.id):
        tell(cast.nora)
    client = browse(cast.nora)
    assert count_of(client.get(at("/take-part", of=neighbour)).text) == "1"
    assert 'class="bell"' not in client.get(at("/take-part")).text


def test_the_list_costs_the_same_for_one_and_many(browse, at, cast, tell, count_queries):
    tell(cast.vera, cast.max)
    for number in range(2, 9):
        tell(cast.max, event_id=number)
    costs = []
    for person in (cast.vera, cast.max):
        client = browse(person)
        client.get(at("/inbox"))
        with count_queries() as counted:
            client.get(at("/inbox"))
        costs.append(counted.n)
    assert costs[0] == costs[1]


def test_the_first_page_shows_what_matters_until_it_is_read(browse, at, cast, tell, messages):
    tell(cast.vera, kind="test.small")
    client = browse(cast.vera)
    assert "small rain" not in client.get(at("/")).text
    tell(cast.vera, event_id=2)
    page = client.get(at("/")).text
    assert "原因：rain" in page
    assert "2 条消息未读" in page
    assert "原因：rain" not in browse(cast.max).get(at("/")).text
    assert "原因：rain" not in browse(None).get(at("/")).text
    client.post(at("/inbox/read"), data={"until": messages()[-1].id})
    assert "原因：rain" not in client.get(at("/")).text


def test_me_leads_to_the_inbox(browse, at, cast, tell):
    tell(cast.vera)
    page = browse(cast.vera).get(at("/me")).text
    assert f'href="{at("/inbox")}"' in page
    assert "1 条消息未读" in page


def test_no_sms_comes_before_somebody_agrees_and_a_tick_agrees(browse, at, cast, village):
    client = browse(cast.vera)
    assert (
        "checked"
        not in client.get(at("/inbox/wishes")).text.replace("zh_Hans", "").split("language")[0]
    )
    assert ports.with_consent([cast.vera.id], Way.SMS) == set()
    data = {"language": "zh_Hans", "votes-sms": "y"}
    assert client.post(at("/inbox/wishes"), data=data).status_code == 303
    db.session.rollback()
    assert ports.with_consent([cast.vera.id, cast.max.id], Way.SMS) == {cast.vera.id}
    page = client.get(at("/inbox/wishes")).text
    assert 'name="votes-sms" checked' in page
    assert 'name="plans-sms" checked' not in page
    client.post(at("/inbox/wishes"), data={"language": "zh_Hans"})
    db.session.rollback()
    assert ports.with_consent([cast.vera.id], Way.SMS) == set()


def test_wishes_are_kept_from_a_plain_form(browse, at, cast, agreed):
    client = browse(cast.vera)
    page = client.get(at("/inbox/wishes")).text
    on = re.findall(r'type="checkbox" name="([a-z]+-[a-z]+)" checked', page)
    assert "votes-sms" in on
    assert "security-sms" not in page
    assert "surveys-sms" not in page  # nothing of it matters by SMS
    wanted = {name: "y" for name in on if name != "votes-sms"}
    answer = client.post(at("/inbox/wishes"), data={"language": "en", **wanted})
    assert answer.status_code == 303
    db.session.rollback()
    kept = wishes.of(cast.vera.id)
    assert kept[(Topic.VOTES, Way.SMS)] is False
    assert kept[(Topic.PLANS, Way.SMS)] is True
    assert (Topic.PLANS, Way.PUSH) not in kept  # this house has no push, so nobody was asked
    assert db.session.get_one(Account, cast.vera.id).language == "en"
    page = client.get(at("/inbox/wishes")).text
    assert 'name="votes-sms" checked' not in page
    assert 'name="votes-sms"' in page
    assert client.post(at("/inbox/wishes"), data={"language": "xx"}).status_code == 422


def test_wishes_of_others_stay(browse, at, cast):
    browse(cast.vera).post(at("/inbox/wishes"), data={"language": "en"})
    assert wishes.of(cast.max.id) == {}
    assert db.session.get_one(Account, cast.max.id).language == "zh_Hans"


@pytest.fixture
def lost(tell, cast):
    tell(cast.vera)
    with transaction():
        delivery = db.session.scalars(select(Delivery)).one()
        delivery.state, delivery.fault = DeliveryState.GIVEN_UP, Fault.TRIED_ENOUGH
        delivery.fault_note, delivery.tries = "TimeoutError", 13
    return delivery.id


def test_only_those_who_run_the_house_see_what_did_not_arrive(browse, at, cast, lost, deliveries):
    for person in (cast.vera, cast.max, cast.paula, cast.sun, cast.otto, cast.nora):
        assert browse(person).get(at("/inbox/undelivered")).status_code == 403
        assert browse(person).post(at(f"/inbox/undelivered/{lost}")).status_code == 403
    assert browse(None).post(at(f"/inbox/undelivered/{lost}")).status_code == 401
    page = browse(cast.ada).get(at("/inbox/undelivered")).text
    assert "138****0001" in page
    assert "13800000001" not in page
    assert "rain" not in page
    assert "TimeoutError" in page
    rows = re.findall(r'<th scope="row">([^<]+)</th>((?:<td class="num">\d+</td>)+)', page)
    assert [(way, re.findall(r"\d+", cells)) for way, cells in rows] == [
        ("短信", ["0", "0", "1"]),
        ("手机弹出提醒", ["0", "0", "0"]),
    ]
    assert "没送到的消息" in browse(cast.ada).get(at("/desk")).text
    answer = browse(cast.ada).post(at(f"/inbox/undelivered/{lost}"))
    assert answer.status_code == 303
    assert [(d.state, d.fault, d.tries) for d in deliveries()] == [(DeliveryState.WAITING, None, 0)]


def test_an_operator_of_one_village_cannot_wake_anothers(browse, at, cast, neighbour, lost):
    address = at(f"/inbox/undelivered/{lost}", of=neighbour)
    assert browse(cast.ada).post(address).status_code == 403
    assert browse(cast.ada).post(at("/inbox/undelivered/999999")).status_code == 303


def test_the_inbox_of_a_region_above_opens_too(browse, cast, village):
    assert browse(None).get("/v/330523/inbox").status_code == 302
    assert browse(cast.vera).get("/v/330523/inbox").status_code == 403


def test_the_worker_and_the_page_of_wishes_need_no_script(app, browse, at, cast):
    with browse(None).get("/static/sw.js") as worker:
        assert worker.mimetype == "text/javascript"
    page = browse(cast.vera).get(at("/inbox/wishes")).text
    assert "data-key" not in page  # no keys: nothing is offered that could not work


def test_what_was_told_is_handed_out_and_forgotten(app, cast, village, tell, messages, deliveries):
    tell(cast.vera, cast.max)
    with transaction():
        wishes.keep(cast.vera.id, dict.fromkeys(wishes.choices(), False))
    person = Person(
        account_id=cast.vera.id,
        village_id=village.id,
        resident_id=cast.vera.resident_id,
        household_id=None,
        group_id=None,
        phone=cast.vera.phone,
    )
    told = {t.pile.table.__tablename__: t.rows for t in personal.tell(KEEPER, person)}
    assert [row["facts"] for row in told["inbox_message"]] == [{"reason": "rain"}]
    assert [row["way"] for row in told["delivery"]] == [Way.SMS]
    assert {row["is_wanted"] for row in told["inbox_wish"]} == {False}
    wish = Wish(takes_words_back=False, clears_roster=False)
    with transaction():
        assert KEEPER.forget(person, wish, now=DAY) == 1 + len(wishes.choices())
        assert KEEPER.forget(person, wish, now=DAY) == 0
    assert [m.account_id for m in messages()] == [cast.max.id]
    assert [d.target for d in deliveries()] == [cast.max.phone]
    assert wishes.of(cast.vera.id) == {}
