"""Posts given and ended: by whom, to whom, for how long, and two at once."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AccessLog
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.outbox import OutboxEvent
from portal.core.scope import all_villages, village_scope
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, Post
from portal.people.rules import Role
from portal.sign_in import slips
from portal.villages import accounts, choosing, rules, staffing
from portal.villages.rules import Refusal
from portal.villages.staffing import Terms


def today():
    """Return the village's day: a run may go past midnight."""
    return clock.today(clock.now())


def later():
    return today() + timedelta(days=1000)


def terms(role=Role.COMMITTEE, begins=None, ends=None, **facts):
    return Terms(role=role, begins_on=begins or today(), ends_on=ends, **facts)


def give(village, account_id, given, giver):
    return staffing.give(village, account_id, given, giver=giver, now=clock.now())


def post_of(person, role):
    query = select(Post.id).where(Post.account_id == person.account_id, Post.role == role)
    with all_villages("a test looks"):
        return db.session.scalars(query).one()


def form(**facts):
    return {"role": "committee", "begins_on": str(today()), "ends_on": ""} | facts


# --- service -----------------------------------------------------------------------------------


def test_giving_is_kept_told_and_seen(cast, village, giver, staff_of):
    with transaction():
        give(village, cast.vera.id, terms(organisation="村", duties="答复"), giver(cast.ada.id))
    assert ("Vera", Role.COMMITTEE) in staff_of()
    post = db.session.get_one(Post, post_of(cast.vera, Role.COMMITTEE))
    assert (post.given_by_id, post.organisation, post.duties) == (cast.ada.id, "村", "答复")
    event = db.session.scalars(select(OutboxEvent).order_by(OutboxEvent.id.desc())).first()
    assert event.facts == {"account_id": cast.vera.id, "role": "committee", "is_given": True}
    (look,) = db.session.scalars(select(AccessLog).where(AccessLog.what == "post"))
    assert (look.resident_id, look.reason) == (cast.vera.resident_id, "committee")


def test_a_post_given_or_ended_signs_its_holder_out(cast, village, giver, browse, at):
    vera = browse(cast.vera)
    assert vera.get(at("/me")).status_code == 200
    with transaction():
        give(village, cast.vera.id, terms(), giver(cast.ada.id))
    assert "退出登录" not in vera.get(at("/me")).text
    vera = browse(cast.vera)
    assert vera.get(at("/desk/about")).status_code == 200
    with transaction():
        line = post_of(cast.vera, Role.COMMITTEE)
        staffing.end(village, line, reason="moved", giver=giver(cast.ada.id), now=clock.now())
    assert vera.get(at("/desk/about")).status_code == 302
    assert browse(cast.vera).get(at("/desk/about")).status_code == 403


def test_the_same_post_twice_at_once(cast, village, giver, race):
    """Different first days, so that no key stands in the way: the locks decide."""
    results = race(
        4,
        lambda i: (
            give(village, cast.vera.id, terms(begins=today() - timedelta(days=i)), ada)
            if (ada := giver(cast.ada.id))
            else None
        ),
    )
    refused = [r for r in results if isinstance(r, Refused)]
    assert [r.reason for r in refused] == [Refusal.HOLDS_IT] * 3


def test_two_posts_that_exclude_each_other_at_once(cast, village, giver, race):
    both = (terms(), terms(Role.SUPERVISOR, ends=later()))
    results = race(4, lambda i: give(village, cast.vera.id, both[i % 2], giver(cast.ada.id)))
    assert len([r for r in results if not isinstance(r, Refused)]) == 1


def test_two_heads_at_once(cast, village, giver, race):
    people_ = (cast.vera, cast.wang)
    results = race(2, lambda i: give(village, people_[i].id, terms(Role.HEAD), giver(cast.ada.id)))
    refused = [r for r in results if isinstance(r, Refused)]
    assert [r.reason for r in refused] == [Refusal.HAS_HEAD]


def test_the_last_two_of_the_committee_do_not_leave_at_once(cast, village, giver, race, staff_of):
    with transaction():
        give(village, cast.vera.id, terms(), giver(cast.ada.id))
    lines = [post_of(p, Role.COMMITTEE) for p in (cast.vera, cast.max)]
    results = race(
        2,
        lambda i: staffing.end(
            village, lines[i], reason="x", giver=giver(cast.ada.id), now=clock.now()
        ),
    )
    refused = [r for r in results if isinstance(r, Refused)]
    assert [r.reason for r in refused] == [Refusal.LAST_COMMITTEE]
    assert len([1 for _, role in staff_of() if role is Role.COMMITTEE]) == 1


def test_the_key_is_the_last_judge_of_one_day(cast, village):
    """Even without the service: one post of a kind begins once a day for one account."""
    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        for _ in range(2):
            posts.give_post(cast.vera.id, Role.COMMITTEE, now=clock.now())


def test_the_last_administrator_stays(cast, village, giver, hire):
    line = post_of(cast.ada, Role.ADMIN)
    with pytest.raises(Refused) as refused, transaction():
        staffing.end(village, line, reason="x", giver=giver(cast.ada.id), now=clock.now())
    assert refused.value.reason is Refusal.LAST_ADMINISTRATOR
    hire("county", Role.OPERATOR, of=village.code[:6])  # somebody looks after it from above
    with transaction():
        staffing.end(village, line, reason="x", giver=giver(cast.ada.id), now=clock.now())


def test_somebody_of_the_same_name_and_phone_is_oneself(cast, village, giver, hire):
    """An account in the village and one in the county are one person: nobody gives himself."""
    twin = hire("Ada", of=village.code[:6], phone="13800000006")
    with pytest.raises(Refused) as refused, transaction():
        give(village, twin.id, terms(), giver(cast.ada.id, region_code=village.code[:6]))
    assert refused.value.reason is Refusal.NOT_FOR_YOURSELF


def test_a_supervisor_of_the_township_does_not_join_a_committee_in_it(cast, village, giver, hire):
    watcher = hire("W", Role.SUPERVISOR, of=village.code[:9], phone="13911110001", ends_on=later())
    with pytest.raises(Refused) as refused, transaction():
        give(village, watcher.id, terms(), giver(cast.ada.id, region_code=village.code[:6]))
    assert refused.value.reason is Refusal.RECUSED


def test_and_who_plans_in_a_village_does_not_supervise_its_township(cast, village, giver, hire):
    planner = hire("P", of=village.code[:6], phone="13911110001")
    county = people.find_place(village.code[:6])
    op = giver(cast.ada.id, Role.OPERATOR, region_code=county.code)
    with transaction():
        give(village, planner.id, terms(Role.PLANNER, ends=later()), op)
    with pytest.raises(Refused) as refused, transaction(), village_scope(county.id):
        give(county, planner.id, terms(Role.SUPERVISOR, ends=later()), op)
    assert refused.value.reason is Refusal.RECUSED


def test_a_planner_of_several_villages(cast, village, neighbour, giver, hire, browse, at):
    """One account at home in the county, a post in each village; nowhere else."""
    planner = hire("林规划", of=village.code[:6], phone="13911110001")
    op = giver(cast.ada.id, Role.OPERATOR, region_code=village.code[:6])
    with transaction():
        give(village, planner.id, terms(Role.PLANNER, ends=later()), op)
    client = browse(planner)
    assert client.get(at("/statistics/")).status_code == 200
    assert client.get(at("/statistics/", neighbour)).status_code == 403
    with transaction(), village_scope(neighbour.id):
        give(neighbour, planner.id, terms(Role.PLANNER, ends=later()), op)
    client = browse(planner)
    assert client.get(at("/statistics/")).status_code == 200
    assert client.get(at("/statistics/", neighbour)).status_code == 200


def test_nobody_borrows_an_account_from_next_door(cast, village, giver):
    with pytest.raises(Refused) as refused, transaction():
        give(village, cast.nora.id, terms(), giver(cast.ada.id, region_code=village.code[:6]))
    assert refused.value.reason is Refusal.NOT_HERE


def test_who_is_on_the_roster_gets_no_second_self(cast, village):
    with transaction():
        assert choosing.find_person(name="Vera", phone_text="138 0000 0001").id == cast.vera.id
        new = choosing.find_person(name="Vera", phone_text="13911112222")
    assert new.id != cast.vera.id and new.resident_id is None
    with transaction():
        assert choosing.find_person(name="Vera", phone_text="13911112222").id == new.id
    for name, phone, reason in (
        ("", "13911112222", Refusal.NO_NAME),
        ("V", "0572-1", Refusal.BAD_PHONE),
    ):
        with pytest.raises(Refused) as refused, transaction():
            choosing.find_person(name=name, phone_text=phone)
        assert refused.value.reason is reason


def test_a_closed_account_signs_in_nowhere(cast, village, giver, browse, at):
    max_ = browse(cast.max)
    with transaction():
        give(village, cast.vera.id, terms(), giver(cast.ada.id))
    for is_active, reason, status in ((False, "left", 302), (True, "back", 200)):
        with transaction():
            accounts.set_active(
                village,
                cast.max.id,
                is_active=is_active,
                reason=reason,
                giver=giver(cast.ada.id),
                now=clock.now(),
            )
        assert max_.get(at("/desk/about")).status_code == 302
        assert browse(cast.max).get(at("/desk/about")).status_code == status


def test_the_last_of_the_committee_is_not_closed(cast, village, giver):
    with pytest.raises(Refused) as refused, transaction():
        accounts.set_active(
            village,
            cast.max.id,
            is_active=False,
            reason="x",
            giver=giver(cast.ada.id),
            now=clock.now(),
        )
    assert refused.value.reason is Refusal.LAST_ADMINISTRATOR


def test_nobody_climbs_by_somebody_elses_slip(cast, village, giver, hire):
    """An administrator of the village prints no code for an operator, nor for a county account."""
    op = hire("op", Role.OPERATOR, of=village.code[:6])
    for target in (op.id, cast.nora.id):
        with pytest.raises(Refused) as refused, transaction():
            accounts.print_slip(village, target, giver=giver(cast.ada.id), now=clock.now())
        assert refused.value.reason is Refusal.NOT_HERE
    for who, reason in ((cast.max.id, None), (cast.ada.id, Refusal.NOT_FOR_YOURSELF)):
        assert (
            accounts.why_not_manage(
                village, who, giver=giver(cast.ada.id), closes=False, now=clock.now()
            )
            is reason
        )


def test_a_printed_code_opens_the_account(cast, village, giver):
    with transaction():
        code = accounts.print_slip(
            village, cast.paula.id, giver=giver(cast.ada.id), now=clock.now()
        )
    with transaction():
        assert slips.open_with_slip(code, now=clock.now())


# --- pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 302),
        ("vera", 403),
        ("max", 403),
        ("paula", 403),
        ("sun", 403),
        ("ada", 200),
        ("otto", 403),
        ("nora", 403),
    ],
)
def test_who_reads_the_staff_page(cast, browse, at, who, status):
    client = browse(who and getattr(cast, who))
    for path in ("/desk/staff/", "/desk/staff/give", f"/desk/staff/people/{cast.paula.id}"):
        assert client.get(at(path)).status_code == status
    assert client.post(at("/desk/staff/give"), data=form(resident=1)).status_code != 303


def test_an_auditor_reads_and_changes_nothing(cast, browse, at, hire, village):
    auditor = browse(hire("au", Role.AUDITOR, of=village.code[:6]))
    page = auditor.get(at("/desk/staff/"))
    assert page.status_code == 200 and "Max" in page.text
    assert "/end" not in page.text and "/give" not in page.text
    assert auditor.get(at("/desk/staff/give")).status_code == 403
    line = post_of(cast.max, Role.COMMITTEE)
    assert (
        auditor.post(at(f"/desk/staff/posts/{line}/end"), data={"reason": "x"}).status_code == 403
    )
    assert auditor.get(at("/statistics/")).status_code == 200
    assert auditor.get(at("/desk/about")).status_code == 403


def test_a_resident_is_found_and_gets_a_post(cast, browse, at, staff_of):
    ada = browse(cast.ada)
    page = ada.get(at("/desk/staff/give?q=Vera&role=committee"))
    assert f"resident={cast.vera.resident_id}" in page.text
    (look,) = db.session.scalars(select(AccessLog).where(AccessLog.what == "roster"))
    assert (look.account_id, look.resident_id) == (cast.ada.id, cast.vera.resident_id)
    page = ada.get(at(f"/desk/staff/give?resident={cast.vera.resident_id}&role=committee"))
    assert "Vera" in page.text
    answer = ada.post(at("/desk/staff/give"), data=form(resident=cast.vera.resident_id))
    assert answer.status_code == 303
    assert ("Vera", Role.COMMITTEE) in staff_of()


def test_a_planner_from_outside_gets_an_account_and_a_slip(cast, browse, at, staff_of):
    ada = browse(cast.ada)
    facts = form(role="planner", name="林规划", phone="139 1111 2222", ends_on=str(later()))
    answer = ada.post(at("/desk/staff/give"), data=facts)
    assert answer.status_code == 303
    assert ("林规划", Role.PLANNER) in staff_of()
    made = db.session.scalars(select(Account).where(Account.name == "林规划")).one()
    assert answer.location == at(f"/desk/staff/people/{made.id}")
    page = ada.post(at(f"/desk/staff/people/{made.id}/slip"))
    code = re.search(r'class="code">([^<]+)<', page.text)[1]
    assert page.headers["Cache-Control"] == "private, no-store"
    stranger = browse()
    answer = stranger.post(at("/sign-in/slip"), data={"slip": code})
    assert answer.status_code in (302, 303)
    assert stranger.get(at("/statistics/")).status_code == 200


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"name": "", "phone": "13911112222"}, "请填写名称或姓名"),
        ({"name": "林", "phone": "12"}, "11"),
        ({"name": "林", "phone": "13911112222", "role": "operator"}, "alert"),
        ({"name": "林", "phone": "13911112222", "begins_on": "soon"}, "alert"),
        ({"name": "林", "phone": "13911112222", "ends_on": "2001-01-01"}, "早于第一天"),
        ({"name": "林", "phone": "13911112222", "role": "planner"}, "请填写最后一天"),
        ({"name": "林", "phone": "13911112222", "ends_on": "2099-01-01"}, "最长十年"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(cast, browse, at, facts, word):
    page = browse(cast.ada).post(at("/desk/staff/give"), data=form(**facts))
    assert page.status_code == 422
    assert word in page.text
    assert db.session.scalar(select(Account).where(Account.name == "林")) is None


def test_the_head_gives_seats_on_the_committee_only(cast, browse, at, hire, staff_of):
    head = hire("主任", Role.HEAD)
    client = browse(head)
    page = client.get(at(f"/desk/staff/give?resident={cast.vera.resident_id}")).text
    assert re.findall(r'<option [^>]*value="([^"]+)"', page) == ["committee", "grid-worker"]
    for role, status in (("planner", 422), ("committee-head", 422), ("grid-worker", 303)):
        facts = form(role=role, resident=cast.vera.resident_id, ends_on=str(later()))
        assert client.post(at("/desk/staff/give"), data=facts).status_code == status
    assert ("Vera", Role.GRID_WORKER) in staff_of()
    assert client.get(at(f"/desk/staff/people/{cast.paula.id}")).status_code == 403
    planner = post_of(cast.paula, Role.PLANNER)
    page = client.post(at(f"/desk/staff/posts/{planner}/end"), data={"reason": "x"})
    assert page.status_code == 422 and "您的职务不能办这件事" in page.text


def test_a_post_is_ended_with_a_reason_and_stays_on_record(cast, browse, at, staff_of):
    ada = browse(cast.ada)
    line = post_of(cast.paula, Role.PLANNER)
    where = at(f"/desk/staff/posts/{line}/end")
    assert "Paula" in ada.get(where).text
    assert ada.post(where, data={"reason": " "}).status_code == 422
    assert ("Paula", Role.PLANNER) in staff_of()
    assert ada.post(where, data={"reason": "合同到期"}).status_code == 303
    assert ("Paula", Role.PLANNER) not in staff_of()
    page = ada.get(at("/desk/staff/")).text
    assert "合同到期" in page and "当天撤回" in page
    assert ada.post(where, data={"reason": "again"}).status_code == 422


def test_posts_of_next_door_are_not_there(cast, browse, at, neighbour, hire):
    other = hire("邻村", Role.GRID_WORKER, of=neighbour.code)
    line = post_of(other, Role.GRID_WORKER)
    ada = browse(cast.ada)
    assert "邻村" not in ada.get(at("/desk/staff/")).text
    assert ada.get(at(f"/desk/staff/posts/{line}/end")).status_code == 404
    assert ada.post(at(f"/desk/staff/posts/{line}/end"), data={"reason": "x"}).status_code == 404
    for deed in ("slip", "reset", "close", "open"):
        where = at(f"/desk/staff/people/{other.id}/{deed}")
        assert ada.post(where, data={"reason": "x"}).status_code == 404
    assert ada.get(at(f"/desk/staff/people/{other.id}")).status_code == 404
    answer = ada.post(at("/desk/staff/give"), data=form(account=other.id))
    assert answer.status_code == 422 and "别的村" in answer.text
    assert ada.get(at("/desk/staff/", neighbour)).status_code == 403


def test_a_reset_ends_sessions_and_shows_a_new_code(cast, browse, at):
    paula = browse(cast.paula)
    page = browse(cast.ada).post(
        at(f"/desk/staff/people/{cast.paula.id}/reset"), data={"reason": "phone lost"}
    )
    assert page.status_code == 200 and 'class="code"' in page.text
    assert paula.get(at("/statistics/")).status_code == 302
    query = select(OutboxEvent).where(OutboxEvent.kind == "sign-in.factors-reset")
    (event,) = db.session.scalars(query)
    assert event.facts == {
        "account_id": cast.paula.id,
        "by_account_id": cast.ada.id,
        "by_name": "Ada",
        "reason": "phone lost",
    }


def test_accounts_are_closed_and_opened_on_their_page(cast, browse, at):
    ada = browse(cast.ada)
    where = at(f"/desk/staff/people/{cast.paula.id}")
    assert ada.post(f"{where}/close", data={"reason": ""}).status_code == 422
    assert ada.post(f"{where}/close", data={"reason": "left"}).status_code == 303
    assert "已停用" in ada.get(where).text
    assert ada.post(f"{where}/open", data={"reason": "back"}).status_code == 303
    assert browse(cast.paula).get(at("/statistics/")).status_code == 200


def test_as_many_statements_for_one_post_as_for_many(cast, browse, at, hire, count_queries):
    ada = browse(cast.ada)
    ada.get(at("/desk/staff/"))
    counts = []
    for more in (0, 8):
        for i in range(more):
            hire(f"g{i}", Role.GRID_WORKER)
        with count_queries() as counted:
            assert ada.get(at("/desk/staff/")).status_code == 200
        counts.append(counted.n)
    assert counts[0] == counts[1]


def test_a_term_that_has_not_begun_opens_nothing(cast, browse, at, hire):
    tomorrow = hire("t", Role.COMMITTEE, begins_on=today() + timedelta(days=1))
    yesterday = hire(
        "y", Role.COMMITTEE, begins_on=date(2020, 1, 1), ends_on=today() - timedelta(days=1)
    )
    now_only = hire("d", Role.COMMITTEE, begins_on=today(), ends_on=today())
    statuses = [
        browse(p).get(at("/desk/about")).status_code for p in (tomorrow, yesterday, now_only)
    ]
    assert statuses == [403, 403, 200]
    assert rules.LONGEST_YEARS == 10


def test_who_only_signed_in_is_not_offered_a_post(cast, browse, at, hire):
    """Otto has an account but nobody has recognised him; his number in a form opens nothing."""
    ada = browse(cast.ada)
    page = ada.get(at("/desk/staff/give")).text
    assert f"account={cast.paula.id}" in page and f"account={cast.otto.id}&" not in page
    answer = ada.post(at("/desk/staff/give"), data=form(account=cast.otto.id))
    assert answer.status_code == 422
    assert posts.posts_of(cast.otto.id) == []


def test_an_operator_does_not_look_through_the_roster(cast, browse, at, hire, staff_of):
    """Residents are found by name and number together, as somebody from outside is."""
    client = browse(hire("op", Role.OPERATOR, of="330523"))
    page = client.get(at("/desk/staff/give?q=V&role=planner")).text
    assert "Vera" not in page and 'name="q"' not in page
    vera = cast.vera.resident_id
    assert client.get(at(f"/desk/staff/give?resident={vera}")).status_code == 403
    facts = form(role="administrator")
    page = client.post(at("/desk/staff/give"), data=facts | {"resident": vera})
    assert page.status_code == 422 and "Vera" not in page.text
    named = facts | {"name": "Vera", "phone": "13800000001"}
    assert client.post(at("/desk/staff/give"), data=named).status_code == 303
    assert ("Vera", Role.ADMIN) in staff_of()
    for who in (cast.wang, cast.otto):
        assert client.get(at(f"/desk/staff/people/{who.id}")).status_code == 404
