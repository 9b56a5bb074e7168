"""The village's own page: who changes it, who reads it, and two who change it at once."""

import random
import re
from datetime import date

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope
from portal.people.rules import Role, Sex
from portal.plans import demo as plans_demo
from portal.roster import service as roster
from portal.roster.reading import RosterRow
from portal.villages import demo, service
from portal.villages.models import Facility, Profile
from portal.villages.rules import FacilityKind, Refusal

TEXTS = {
    "about": "溪边的村子\n十个小组",
    "address": "溪口 1 号",
    "phone": "0572-100 200",
    "office_hours": "周一至周五",
}
FACTS = {
    "kind": FacilityKind.CLINIC,
    "name": "村卫生室",
    "place": "溪口 3 号",
    "hours": "8–17",
    "phone": "",
}


def save(texts=TEXTS, seen=0):
    service.save_profile(texts, seen_revision=seen, account_id=None, now=clock.now())


def add(**changes):
    with transaction():
        return service.add_facility(**FACTS | changes, account_id=None, now=clock.now()).id


def words(page):
    return re.sub(r"<[^>]+>", " ", page.text)


# --- service -----------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_told(cast):
    with transaction():
        save()
    with transaction():
        save(TEXTS | {"about": "one"}, seen=1)
    with pytest.raises(Refused) as refused, transaction():
        save(TEXTS | {"about": "two"}, seen=1)
    assert refused.value.reason is Refusal.STALE
    db.session.rollback()
    assert (service.find_profile().about, service.find_profile().revision) == ("one", 2)


@pytest.mark.parametrize("seen", [0, 1])
def test_two_editors_at_once(cast, race, seen):
    """The first who writes, or the first over a revision: exactly one, the others are told."""
    if seen:
        with transaction():
            save()
    results = race(4, lambda i: save(TEXTS | {"about": str(i)}, seen=seen))
    told = [r for r in results if isinstance(r, Refused) and r.reason is Refusal.STALE]
    assert (results.count(None), len(told)) == (1, 3)
    profile = db.session.scalars(select(Profile)).one()
    assert profile.revision == seen + 1
    assert profile.about == str(results.index(None))


def test_two_who_change_or_remove_a_facility_at_once(cast, race):
    facility_id = add()

    def deed(i):
        if i % 2:
            return service.remove_facility(facility_id, seen_revision=1)
        facts = FACTS | {"name": f"name {i}"}
        return service.change_facility(
            facility_id, **facts, seen_revision=1, account_id=None, now=clock.now()
        )

    results = race(4, deed)
    assert results.count(None) == 1
    assert all(r is None or r.reason is Refusal.STALE for r in results)
    left = db.session.scalars(select(Facility)).all()
    won = results.index(None)
    assert [(f.name, f.revision) for f in left] == ([] if won % 2 else [(f"name {won}", 2)])


def test_the_neighbour_has_a_page_of_its_own(cast, neighbour):
    with transaction():
        save()
    facility_id = add()
    with village_scope(neighbour.id):
        assert service.find_profile() is None
        assert service.list_facilities() == []
        with pytest.raises(Refused), transaction():
            service.remove_facility(facility_id, seen_revision=1)
        with pytest.raises(Refused), transaction():
            save(seen=1)
    with all_villages("a test counts"):
        db.session.rollback()
        assert db.session.scalar(select(func.count(Facility.id))) == 1


# --- pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [None, "vera", "max", "paula", "sun", "ada", "otto", "nora"])
def test_everybody_reads_the_page(cast, browse, at, who):
    with transaction():
        save()
    add()
    page = browse(who and getattr(cast, who)).get(at("/about"))
    assert page.status_code == 200
    for text in (*TEXTS["about"].split("\n"), "溪口 1 号", "周一至周五", "村卫生室", "溪口 3 号"):
        assert text in page.text
    assert 'href="tel:0572-100200"' in page.text
    assert ("/desk/about" in page.text) is (who in ("max", "ada"))


def test_responsible_people_stand_there_with_their_term_but_no_phone(
    cast, browse, at, hire, village
):
    hire("林规划", Role.PLANNER, phone="13911112222", ends_on=date(2099, 12, 31), duties="看图")
    hire("县监督", Role.SUPERVISOR, of=village.code[:9], organisation="镇政府")
    hire("以后", Role.GRID_WORKER, begins_on=date(2099, 1, 1))
    page = words(browse().get(at("/about")))
    for text in ("林规划", "看图", "2099-12-31", "县监督", "镇政府", "孝丰镇", "Max", "Sun"):
        assert text in page
    assert "以后" not in page
    assert "1391111" not in page and "1380000" not in page


def test_few_people_are_not_counted_out(cast, browse, at, village):
    page = words(browse().get(at("/about")))
    assert page.count("少于 5") == 2 and "有表决权的成年人" not in page
    with transaction():
        roster.import_roster(
            [
                RosterRow(
                    f"1{i}", 3, f"人{i}", Sex.MALE, date(1980 + i, 1, 1), None, True, True, False
                )
                for i in range(9)
            ]
            + [RosterRow("99", 3, "娃", Sex.MALE, date(2020, 1, 1), None, True, True, False)],
            now=clock.now(),
        )
    counted = service.count_people(day=clock.today(clock.now()))
    assert counted.residents - counted.adults == 1
    page = words(browse().get(at("/about")))
    assert f" {counted.residents} " in page
    assert "有表决权的成年人" not in page  # the difference would be the one child


def test_the_projects_of_the_plan_stand_there(cast, browse, at):
    assert "规划项目" not in words(browse().get(at("/about")))
    with transaction():
        plans_demo.load(rng=random.Random(1), now=clock.now())
    page = browse().get(at("/about")).text
    assert page.count("/plans/projects/") == 8


def test_the_committee_changes_the_page(cast, browse, at):
    max_ = browse(cast.max)
    assert max_.get(at("/desk/about")).status_code == 200
    answer = max_.post(at("/desk/about"), data=TEXTS | {"revision": 0})
    assert (answer.status_code, answer.location) == (303, at("/about"))
    assert "溪边的村子" in browse().get(at("/about")).text


def test_who_comes_second_keeps_their_text_and_sees_the_other(cast, browse, at):
    browse(cast.ada).post(at("/desk/about"), data=TEXTS | {"revision": 0, "about": "ADA WROTE"})
    page = browse(cast.max).post(
        at("/desk/about"), data=TEXTS | {"revision": 0, "about": "MAX WROTE"}
    )
    assert page.status_code == 409
    assert "ADA WROTE" in page.text and "MAX WROTE" in page.text
    assert 'name="revision" type="hidden" value="1"' in page.text
    again = browse(cast.max).post(
        at("/desk/about"), data=TEXTS | {"revision": 1, "about": "MAX WROTE"}
    )
    assert again.status_code == 303
    assert "MAX WROTE" in browse().get(at("/about")).text


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"phone": "call me"}, "电话里只能有数字"),
        ({"about": "字" * 1001}, "最多 1000 个字"),
        ({"address": "字" * 201}, "最多 200 个字"),
    ],
)
def test_bad_input_is_named_and_kept(cast, browse, at, changes, word):
    page = browse(cast.max).post(at("/desk/about"), data=TEXTS | {"revision": 0} | changes)
    assert page.status_code == 422
    assert word in page.text
    assert ("溪口 1 号" in page.text) is ("address" not in changes)
    assert service.find_profile() is None


def test_facilities_are_added_changed_and_removed(cast, browse, at):
    max_ = browse(cast.max)
    facts = {"kind": "clinic", "name": "卫生室", "revision": 0}
    assert max_.post(at("/desk/facilities/new"), data=facts).status_code == 303
    (found,) = service.list_facilities()
    where = at(f"/desk/facilities/{found.id}")
    assert "卫生室" in max_.get(where).text
    assert max_.post(where, data=facts | {"revision": 1, "name": "新卫生室"}).status_code == 303
    stale = max_.post(where, data=facts | {"revision": 1, "name": "旧页"})
    assert stale.status_code == 409
    assert "旧页" in stale.text and "新卫生室" in stale.text
    page = max_.get(at("/desk/facilities")).text
    assert "新卫生室" in page and "旧页" not in page
    assert max_.post(f"{where}/remove", data={"revision": 1}).status_code == 303
    assert max_.post(f"{where}/remove", data={"revision": 2}).status_code == 303
    db.session.rollback()
    assert service.list_facilities() == []
    assert max_.get(where).status_code == 404
    assert max_.post(where, data=facts).status_code == 404


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"name": " "}, "请填写"),
        ({"kind": "palace"}, "alert"),
        ({"name": "字" * 81}, "最多 80 个字"),
        ({"phone": "<b>"}, "电话里只能有数字"),
    ],
)
def test_bad_facilities_are_refused_in_words(cast, browse, at, changes, word):
    facts = {"kind": "clinic", "name": "卫生室", "revision": 0} | changes
    page = browse(cast.max).post(at("/desk/facilities/new"), data=facts)
    assert page.status_code == 422
    assert word in page.text
    assert service.list_facilities() == []


@pytest.mark.parametrize("who", ["vera", "paula", "sun", "otto", "nora"])
def test_nobody_else_changes_it(cast, browse, at, who):
    facility_id = add()
    client = browse(getattr(cast, who))
    for path in ("/desk/about", "/desk/facilities", "/desk/facilities/new"):
        assert client.get(at(path)).status_code == 403
    assert client.post(at("/desk/about"), data=TEXTS | {"revision": 0}).status_code == 403
    assert client.post(at(f"/desk/facilities/{facility_id}/remove")).status_code == 403
    assert len(service.list_facilities()) == 1


def test_max_has_nothing_to_say_next_door(cast, browse, at, neighbour):
    max_ = browse(cast.max)
    assert max_.get(at("/desk/about", neighbour)).status_code == 403
    assert max_.get(at("/about", neighbour)).status_code == 200


def test_as_many_statements_for_one_facility_as_for_many(cast, browse, at, count_queries):
    with transaction():
        save()
    add()
    client = browse(cast.max)
    client.get(at("/about"))
    counts = []
    for more in (0, 12):
        for i in range(more):
            add(name=f"n{i}", kind=list(FacilityKind)[i % 12])
        for path in ("/about", "/desk/facilities"):
            with count_queries() as counted:
                assert client.get(at(path)).status_code == 200
            counts.append(counted.n)
    assert counts[:2] == counts[2:]


def test_the_demonstration_is_always_the_same(cast):
    now = clock.now()
    with transaction():
        demo.load(rng=random.Random(7), now=now)
    found = [(f.kind, f.name, f.updated_at) for f in service.list_facilities()]
    assert len(found) == len(demo.FACILITIES) == 14
    assert all(f.updated_at < now for f in service.list_facilities())
    assert service.find_profile().about.startswith("青溪村")


def test_the_privacy_notice_names_the_office(cast, browse, at, neighbour):
    with transaction():
        save()
    page = browse().get(at("/privacy")).text
    assert "溪口 1 号" in page and "周一至周五" in page and "0572-100 200" in page
    assert "溪口 1 号" not in browse().get(at("/privacy", neighbour)).text
