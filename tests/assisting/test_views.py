"""The pages of a sitting, and what is open while it lasts."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.assisting import ports, rules
from portal.core import clock
from portal.core.audit import AccessLog
from portal.core.db import db, transaction
from portal.discussion.models import Comment
from portal.people.models import AssistedSitting, Deed
from portal.people.rules import Channel
from portal.points.models import PointsTransfer
from portal.proposals.models import Proposal, ProposalSupport
from portal.surveys.models import Reply

LOOK_FOR_LI = {"name": "李阿婆", "household": "005"}


def text(answer):
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())


def find_li(browser, at):
    found = browser.post(at("/assisting/find"), data=LOOK_FOR_LI)
    assert found.status_code == 200
    return re.search(r'who=([^"]+)"', found.get_data(as_text=True))[1]


ASKED = {"reason": "cannot-read", "channel": "assisted", "witness": "Max"}


def test_the_whole_sitting(cast, li, li_at_home, browse, at, survey, version, sitting_of):
    vera, max_, old = browse(cast.vera), browse(cast.max), browse(li_at_home)
    who = find_li(vera, at)
    page = vera.get(at(f"/assisting/new?who={who}"))
    assert "李*婆" in text(page)
    assert "李阿婆" not in text(page)
    asked = vera.post(at("/assisting/new"), data=ASKED | {"who": who})
    assert asked.status_code == 302
    where = asked.location
    assert "等见证人同意" in text(vera.get(where))
    assert vera.post(f"{where}/begin").status_code == 303
    assert sitting_of(int(where.rsplit("/", 1)[1])).began_at is None

    assert "Vera 想帮 李*婆 代填" in text(max_.get(at("/me")))
    assert "Vera 想帮 李*婆 代填" in text(max_.get(at("/")))
    assert "我来见证" in text(max_.get(where))
    assert max_.post(f"{where}/answer", data={"agrees": "yes"}).status_code == 303
    assert vera.post(f"{where}/begin").location == at("/take-part")

    page = vera.get(at("/take-part"))
    assert "您正在替 李*婆 填" in text(page)
    assert "见证人 M*x · 还剩 30 分钟" in text(page)
    sent = vera.post(at(f"/surveys/{survey}"), data={"q_knows": "yes", "key": "a" * 32})
    assert sent.status_code == 302, text(sent)
    said = vera.post(
        at(f"/discussion/plans/{version}"),
        data={"body": "路灯太暗", "about": "plan", "key": "c" * 20},
    )
    assert said.status_code == 302, text(said)
    db.session.remove()
    for model in (Reply, Comment):
        deed = db.session.scalars(select(model)).one()
        assert (deed.resident_id, deed.channel) == (li.resident_id, Channel.ASSISTED)
        assert deed.sitting_id == int(where.rsplit("/", 1)[1])

    ended = vera.post(at("/assisting/end"))
    assert ended.location == where
    page = text(vera.get(where))
    assert "对规划的意见: 1" in page
    assert "问卷答卷: 1" in page
    assert "您正在替" not in page
    assert text(vera.get(at("/assisting/"))).count("李*婆") == 1

    page = text(old.get(at("/assisting/mine")))
    assert "Vera 代填，Max 见证" in page
    assert "可提异议" in page
    objected = old.post(f"{where}/object", data={"words": "我没说过"})
    assert objected.status_code == 303
    assert "我没说过" in text(browse(cast.sun).get(at("/assisting/helpers")))
    page = text(browse(None).get(at(f"/discussion/plans/{version}")))
    assert "由代填人当着见证人的面填写" in page
    assert "本人有异议" in page


def test_nobody_is_found_by_counting_up(cast, li, browse, at, neighbour):
    vera, max_ = browse(cast.vera), browse(cast.max)
    for who in ("", str(li.resident_id), "x.y.z"):
        assert vera.get(at(f"/assisting/new?who={who}")).location == at("/assisting/")
        answer = vera.post(at("/assisting/new"), data=ASKED | {"who": who})
        assert answer.status_code in (302, 422)
        assert "李" not in text(answer)
    mine = find_li(vera, at)
    assert max_.get(at(f"/assisting/new?who={mine}")).location == at("/assisting/")
    assert db.session.scalar(select(func.count(AssistedSitting.id))) == 0


def test_looking_is_logged_and_limited(cast, li, browse, at):
    vera = browse(cast.vera)
    find_li(vera, at)
    looked = db.session.scalars(select(AccessLog)).one()
    assert (looked.account_name, looked.resident_id, looked.what) == (
        "Vera",
        li.resident_id,
        "assisted-search",
    )
    wrong = {"name": "李", "household": "005"}
    for _ in range(rules.SEARCHES_IN_AN_HOUR - 1):
        assert vera.post(at("/assisting/find"), data=wrong).status_code == 422
    blocked = vera.post(at("/assisting/find"), data=LOOK_FOR_LI)
    assert blocked.status_code == 429
    assert "李*婆" not in text(blocked)
    assert browse(cast.sun).post(at("/assisting/find"), data=LOOK_FOR_LI).status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"witness": "Nobody"}, "没有登录过本平台的这位"),
        ({"witness": "Vera"}, "见证人不能是您自己"),
        ({"witness": ""}, "请填见证人"),
        ({"reason": "fun"}, "Not a valid choice"),
        ({"channel": "self"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_with_a_wish_is_said(cast, li, browse, at, change, words):
    vera = browse(cast.vera)
    answer = vera.post(at("/assisting/new"), data=ASKED | {"who": find_li(vera, at)} | change)
    assert answer.status_code == 422
    if words != "Not a valid choice":
        assert words in text(answer)
    assert db.session.scalar(select(func.count(AssistedSitting.id))) == 0


def test_who_sees_a_sitting(cast, li, li_at_home, ask, browse, at):
    sitting_id = ask(cast.vera, cast.max)
    seen = {
        who: browse(getattr(cast, who, li_at_home)).get(at(f"/assisting/{sitting_id}")).status_code
        for who in ("vera", "max", "li", "sun", "ada", "wang", "paula", "otto", "nora")
    }
    assert seen == {
        "vera": 200,
        "max": 200,
        "li": 200,
        "sun": 200,
        "ada": 200,
        "wang": 404,
        "paula": 404,
        "otto": 403,
        "nora": 403,
    }
    for who in (cast.wang, cast.vera, cast.sun):
        answer = browse(who).post(at(f"/assisting/{sitting_id}/answer"), data={"agrees": "yes"})
        assert answer.status_code == 303
    db.session.remove()
    assert db.session.get_one(AssistedSitting, sitting_id).witnessed_at is None


# --- what is open during a sitting -------------------------------------------------------------

OPEN = {
    "analysis.conflicts",
    "analysis.coverage",
    "analysis.coverage_map",
    "analysis.intensity",
    "analysis.scenarios",
    "analysis.show",
    "analysis.structure",
    "assisting.begin",
    "assisting.end",
    "assisting.totals",
    "ballots.cast",
    "ballots.choose",
    "ballots.confirm",
    "ballots.index",
    "ballots.receipt",
    "ballots.result",
    "ballots.sealed_cast",
    "ballots.sealed_paper",
    "ballots.show",
    "belenios.archive",
    "belenios.receipt",
    "belenios.show",
    "disclosure.object_to",
    "disclosure.show",
    "discussion.comment",
    "discussion.plan",
    "discussion.post",
    "media.show",
    "media.small",
    "meetings.index",
    "meetings.show",
    "notices.index",
    "notices.photo",
    "notices.sheet",
    "notices.show",
    "people.home",
    "people.preferences",
    "people.take_part",
    "people.villages",
    "plans.base_map",
    "plans.changes",
    "plans.differences_page",
    "plans.ground_image",
    "plans.history",
    "plans.index",
    "plans.map_image",
    "plans.map_page",
    "plans.parcel",
    "plans.parcels",
    "plans.place",
    "plans.project",
    "plans.show",
    "privacy.index",
    "sign_in.sign_out",
    "surveys.index",
    "surveys.receipt",
    "surveys.reply",
    "surveys.show",
    "surveys.show_results",
}


def routes(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def filled(rule, village):
    """Return an address of the rule with things in it that exist nowhere."""
    address = rule.rule.replace("<village_code>", village.code)
    for name in rule.arguments - {"village_code"}:
        known = re.search(rf"<any\(([^,)]+)[^>]*:{name}>", address)
        value = known[1].strip("\"' ") if known else "999999"
        address = re.sub(rf"<([^<>]*:)?{name}>", value, address)
    return address


def test_what_is_open_is_written_down(app):
    assert {
        rule.endpoint for rule in routes(app) if app.view_functions[rule.endpoint].on_behalf
    } == OPEN


def test_whatever_is_entered_is_counted_and_told():
    """What nobody can enter for another: points, which staff award, and proposals and signatures.

    The pages on which one proposes and signs are closed during a sitting (below).
    """
    joined = {entered.model for entered in ports.kinds().values()}
    closed = {PointsTransfer, Proposal, ProposalSupport}
    assert joined == set(Deed.__subclasses__()) - closed
    assert not OPEN & {"proposals.hand_in", "proposals.sign"}


def test_every_other_page_is_closed_during_a_sitting(app, sit, cast, village):
    """Every route × method: while somebody enters for Li, all but the pages above refuse."""
    browser, _ = sit(cast.max, cast.vera, is_staff=True)
    closed, checked = [], 0
    for rule in routes(app):
        if rule.endpoint in OPEN:
            continue
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            answer = browser.open(filled(rule, village), method=method)
            checked += 1
            if answer.status_code != 403:
                closed.append((rule.endpoint, method, answer.status_code))
    assert closed == []
    assert checked > 80


def test_the_helpers_own_desk_is_closed_too(sit, cast, at):
    browser, _ = sit(cast.max, cast.vera, is_staff=True)
    refused = browser.get(at("/desk"))
    assert refused.status_code == 403
    assert "代填期间只开放可以代填的页面" in text(refused)
    assert "您正在替 李*婆 填" in text(refused)


def test_in_the_next_village_a_helper_is_nobody(sit, cast, at, neighbour):
    browser, _ = sit(cast.vera, cast.max)
    page = browser.get(at("/", of=neighbour))
    assert page.status_code == 200
    assert "代填时间已到" in text(page)
    assert browser.get(at("/assisting/", of=neighbour)).status_code == 403


def over(sitting_id):
    with transaction():
        db.session.get_one(AssistedSitting, sitting_id).expires_at = clock.now()


def test_after_its_time_nothing_counts_for_anybody(sit, cast, li, at, survey, version):
    browser, sitting_id = sit(cast.vera, cast.max)
    over(sitting_id)
    reply = {"q_knows": "yes", "key": "a" * 32}
    assert browser.post(at(f"/surveys/{survey}"), data=reply).status_code == 403
    said = browser.post(
        at(f"/discussion/plans/{version}"), data={"body": "灯", "about": "plan", "key": "c" * 20}
    )
    assert said.status_code == 403
    assert "代填时间已到" in text(browser.get(at("/")))
    assert db.session.scalar(select(func.count(Reply.id))) == 0
    assert db.session.scalar(select(func.count(Comment.id))) == 0
    assert browser.post(at("/assisting/end")).status_code == 303
    assert browser.post(at(f"/surveys/{survey}"), data=reply).status_code == 302
    db.session.remove()
    assert db.session.scalars(select(Reply)).one().resident_id == cast.vera.resident_id


def token_of(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))[1]


def test_a_form_of_the_sitting_is_void_after_it(app, sit, cast, li, at, survey):
    """Without this the paper opened for Li, and sent after the end, would count for Vera."""
    app.config["WTF_CSRF_ENABLED"] = True
    browser, _ = sit(cast.vera, cast.max)
    token = token_of(browser.get(at(f"/surveys/{survey}")))
    reply = {"q_knows": "yes", "key": "a" * 32, "csrf_token": token}
    assert browser.post(at("/assisting/end"), data={"csrf_token": token}).status_code == 303
    assert browser.post(at(f"/surveys/{survey}"), data=reply).status_code == 400
    assert db.session.scalar(select(func.count(Reply.id))) == 0
    new = token_of(browser.get(at(f"/surveys/{survey}")))
    assert browser.post(at(f"/surveys/{survey}"), data=reply | {"csrf_token": new}).location


def test_a_form_of_ones_own_is_void_in_a_sitting(app, ask, agree, browse, cast, li, at, survey):
    app.config["WTF_CSRF_ENABLED"] = True
    sitting_id = ask(cast.vera, cast.max)
    agree(sitting_id, cast.max)
    vera = browse(cast.vera)
    token = token_of(vera.get(at(f"/surveys/{survey}")))
    begun = vera.post(at(f"/assisting/{sitting_id}/begin"), data={"csrf_token": token})
    assert begun.location == at("/take-part")
    reply = {"q_knows": "yes", "key": "a" * 32, "csrf_token": token}
    assert vera.post(at(f"/surveys/{survey}"), data=reply).status_code == 400
    assert db.session.scalar(select(func.count(Reply.id))) == 0


def test_signing_out_ends_it(sit, cast, li, at, browse, ask, now):
    browser, sitting_id = sit(cast.vera, cast.max)
    assert browser.post(at("/sign-out")).status_code == 303
    db.session.remove()
    sitting = db.session.get_one(AssistedSitting, sitting_id)
    assert sitting.expires_at <= clock.now()
    again = browse(cast.vera)
    assert "您正在替" not in text(again.get(at("/me")))
    assert ask(cast.vera, cast.max, at=clock.now()) > sitting_id  # nobody is busy any more


def test_no_draft_of_anybody_is_kept_on_the_helpers_phone(sit, cast, browse, at, version):
    """A draft of the helper's own must not come up in the paper for Li, nor Li's words stay."""
    where = at(f"/discussion/plans/{version}")
    assert "data-draft" in browse(cast.vera).get(where).get_data(as_text=True)
    browser, _ = sit(cast.vera, cast.max)
    assert "data-draft" not in browser.get(where).get_data(as_text=True)
    said = {"body": "路灯太暗", "about": "plan", "key": "c" * 20}
    sent = browser.get(browser.post(where, data=said).location).get_data(as_text=True)
    assert "路灯太暗" in sent
    assert "data-sent" not in sent


def test_a_second_browser_of_the_helper_is_their_own(sit, cast, browse, at, survey):
    sit(cast.vera, cast.max)
    other = browse(cast.vera)
    assert "您正在替" not in text(other.get(at("/me")))
    assert other.post(at(f"/surveys/{survey}"), data={"q_knows": "no", "key": "b" * 32}).location
    assert db.session.scalars(select(Reply)).one().resident_id == cast.vera.resident_id


def test_the_wish_to_be_left_alone(cast, li, li_at_home, browse, at):
    old = browse(li_at_home)
    assert old.post(at("/assisting/mine"), data={"alone": "y"}).status_code == 303
    assert "checked" in old.get(at("/assisting/mine")).get_data(as_text=True)
    vera = browse(cast.vera)
    page = text(vera.get(at(f"/assisting/new?who={find_li(vera, at)}")))
    assert "本人不要别人代填" in page


def test_the_totals_are_public_and_hide_few(sit, cast, browse, at):
    sit(cast.vera, cast.max)
    page = text(browse(None).get(at("/assisting/totals")))
    assert "不足 5 人" in page
    assert "Vera" not in page


def test_helpers_see_their_own_counts_and_watchers_all(sit, cast, browse, at):
    sit(cast.vera, cast.sun)
    with transaction():
        db.session.scalars(select(AssistedSitting)).one().ended_at = clock.now()
    assert "本月代填 1 次，1 人" in text(browse(cast.vera).get(at("/assisting/")))
    for who, status in (("max", 200), ("sun", 200), ("ada", 200), ("vera", 403), ("paula", 403)):
        assert browse(getattr(cast, who)).get(at("/assisting/helpers")).status_code == status
    assert "Vera" in text(browse(cast.max).get(at("/assisting/helpers")))


def test_a_bad_month_is_flagged(sit, cast, li, li_at_home, browse, at, now):
    for helper in (cast.vera, cast.vera):
        _, sitting_id = sit(helper, cast.max)
        with transaction():
            sitting = db.session.get_one(AssistedSitting, sitting_id)
            sitting.ended_at = sitting.objected_at = now + timedelta(minutes=1)
    assert "多次被提异议" in text(browse(cast.sun).get(at("/assisting/helpers")))
