"""What people see of points, and who may do what."""

import pytest
from flask import request_finished
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, transaction
from portal.points import service, views
from portal.points.catalogue import PLANNING_POINTS
from portal.points.models import PointsTransfer
from portal.points.rules import Refusal

from .conftest import NOW

EVERYONE = ("vera", "max", "paula", "sun", "otto", "nora", "ada")


@pytest.fixture
def in_force(cast):
    """The default catalogue, in force today."""
    today = clock.today(clock.now())
    with transaction():
        scheme = service.adopt_scheme(
            items=PLANNING_POINTS, adopted_on=today, in_force_from=today, adopted_by="村民代表会议"
        )
        ids = {item.code: item.id for item in scheme.items}
    db.session.remove()
    return ids


def slip(items, **facts):
    today = clock.today(clock.now())
    data = {
        "item": items["clean-up"],
        "times": 2,
        "done_on": today.isoformat(),
        "reason": "清理村口河道",
        "key": "a-key-of-this-form",
    }
    return data | facts


def count_transfers():
    db.session.rollback()
    return db.session.scalar(select(func.count(PointsTransfer.id)))


def test_every_refusal_has_words():
    assert set(views.REFUSALS) == set(Refusal)


@pytest.mark.parametrize("who", [None, *EVERYONE])
def test_everyone_reads_what_earns_points_and_that_no_vote_is_bought(
    browse, at, cast, in_force, who
):
    page = browse(who and getattr(cast, who)).get(at("/points/"))

    assert page.status_code == 200
    assert "参加环境整治" in page.text
    assert "+10" in page.text
    assert "积分绝不能买票" in page.text


def test_without_a_scheme_the_page_says_so(browse, at, cast):
    assert "还没有积分规则" in browse(None).get(at("/points/")).text


def test_the_household_reads_its_passbook_and_nobody_else_does(browse, at, cast, in_force):
    browse(cast.max).post(at(f"/points/awards/new/{cast.vera.resident_id}"), data=slip(in_force))

    page = browse(cast.vera).get(at("/points/"))
    assert "清理村口河道" in page.text
    assert "<b>20</b>" in page.text
    for who in (None, "max", "paula", "sun", "otto", "nora", "ada"):
        page = browse(who and getattr(cast, who)).get(at("/points/"))
        assert page.status_code == 200
        assert "清理村口河道" not in page.text


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/points/awards", {"max", "sun", "ada"}),
        ("/points/awards/new", {"max"}),
        ("/points/awards/new/{vera}", {"max"}),
        ("/points/awards/{award}", {"max", "sun", "ada"}),
    ],
)
def test_who_may_open_the_pages_of_the_committee(
    browse, at, cast, items, give, wish, path, allowed
):
    with transaction():
        award = give(wish())
    path = at(path.format(vera=cast.vera.resident_id, award=award))

    assert browse(None).get(path).status_code == 302
    for who in EVERYONE:
        assert browse(getattr(cast, who)).get(path).status_code == (200 if who in allowed else 403)


@pytest.mark.parametrize("who", [None, "vera", "paula", "sun", "otto", "nora", "ada"])
def test_only_the_committee_moves_points(browse, at, cast, in_force, give, wish, who, items):
    with transaction():
        award = give(wish())
    client = browse(who and getattr(cast, who))

    for path, data in (
        (f"/points/awards/new/{cast.vera.resident_id}", slip(in_force)),
        (f"/points/awards/{award}", {"reason": "重复登记", "key": "k" * 16}),
    ):
        assert client.post(at(path), data=data).status_code == (401 if who is None else 403)
    assert count_transfers() == 1


def test_the_committee_finds_somebody_and_gives_points(browse, at, cast, in_force):
    client = browse(cast.max)
    found = client.get(at("/points/awards/new?q=Ver"))
    assert f"/points/awards/new/{cast.vera.resident_id}" in found.text
    assert "Nora" not in client.get(at("/points/awards/new?q=Nora")).text.split("</form>")[-1]

    page = client.post(
        at(f"/points/awards/new/{cast.vera.resident_id}"),
        data=slip(in_force),
        follow_redirects=True,
    )

    assert "已记20分" in page.text
    assert "Vera" in page.text
    assert count_transfers() == 1


def test_sending_the_form_twice_awards_once(browse, at, cast, in_force):
    client = browse(cast.max)
    for _ in range(2):
        page = client.post(
            at(f"/points/awards/new/{cast.vera.resident_id}"),
            data=slip(in_force),
            follow_redirects=True,
        )
        assert "已记20分" in page.text
    assert count_transfers() == 1


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"times": 4}, "最多30分"),
        ({"times": ""}, "请填次数"),
        ({"reason": ""}, "请简单说明"),
        ({"item": ""}, "请选择"),
        ({"done_on": "2199-01-01"}, "还没到"),
        ({"done_on": "2001-01-01"}, "60天"),
    ],
)
def test_a_slip_that_is_refused_comes_back_with_words(browse, at, cast, in_force, facts, words):
    page = browse(cast.max).post(
        at(f"/points/awards/new/{cast.vera.resident_id}"), data=slip(in_force, **facts)
    )

    assert page.status_code == 422
    assert words in page.text
    if facts.get("reason", "x"):
        assert "清理村口河道" in page.text  # nothing typed is lost
    assert count_transfers() == 0


def test_the_form_says_that_nobody_awards_themselves(browse, at, cast, in_force):
    path = at(f"/points/awards/new/{cast.max.resident_id}")
    assert "自己家" in browse(cast.max).get(path).text
    page = browse(cast.max).post(path, data=slip(in_force))
    assert page.status_code == 422
    assert count_transfers() == 0


def test_somebody_of_the_neighbouring_village_is_not_found(browse, at, cast, in_force):
    path = at(f"/points/awards/new/{cast.nora.resident_id}")
    assert browse(cast.max).get(path).status_code == 404
    assert browse(cast.max).post(path, data=slip(in_force)).status_code == 404
    assert count_transfers() == 0


def test_an_award_is_taken_back_by_somebody_else(browse, at, cast, lin, in_force):
    browse(cast.max).post(at(f"/points/awards/new/{cast.vera.resident_id}"), data=slip(in_force))
    db.session.rollback()
    award = db.session.scalar(select(PointsTransfer.id))
    path = at(f"/points/awards/{award}")
    data = {"reason": "重复登记", "key": "k" * 16}

    assert "您自己" in browse(cast.max).get(path).text
    assert browse(cast.max).post(path, data=data).status_code == 422
    assert browse(lin).post(path, data={"reason": "", "key": "k" * 16}).status_code == 422
    page = browse(lin).post(path, data=data, follow_redirects=True)

    assert "重复登记" in page.text
    book = browse(cast.vera).get(at("/points/")).text
    assert "−20" in book
    assert "撤回" in book
    assert "已撤回" in browse(cast.sun).get(at("/points/awards")).text


@pytest.mark.parametrize(("who", "path"), [("vera", "/points/"), ("max", "/points/awards")])
def test_three_lines_need_as_many_queries_as_one(
    browse, at, cast, items, give, wish, count_queries, who, path
):
    client = browse(getattr(cast, who))
    with transaction():
        give(wish(), now=NOW)
    with count_queries() as one:
        assert client.get(at(path)).status_code == 200
    with transaction():
        give(wish("survey"), now=NOW)
        give(wish("meeting"), now=NOW)
    with count_queries() as three:
        assert client.get(at(path)).text.count("清理村口河道") == 3
    assert three.n == one.n


@pytest.mark.parametrize(
    ("who", "me", "desk"),
    [
        (None, [], []),
        ("vera", ["/points/"], []),
        ("max", ["/points/"], ["/points/awards/new"]),
        ("sun", ["/points/"], ["/points/awards"]),
        ("paula", [], []),
        ("otto", [], []),
        ("nora", [], []),
        ("ada", [], ["/points/awards"]),
    ],
)
def test_cards_lead_to_the_passbook_and_to_the_awards(app, at, browse, cast, who, me, desk):
    client = browse(who and getattr(cast, who))
    found = {}

    def look(*_, **__):
        found["me"] = [card.href for card in views.me_cards(now=NOW)]
        found["desk"] = [card.href for card in views.desk_cards(now=NOW)]

    with request_finished.connected_to(look, app):
        client.get(at("/points/"))

    assert found == {"me": [at(path) for path in me], "desk": [at(path) for path in desk]}
