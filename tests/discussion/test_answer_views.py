"""The answering desk and what everybody reads of answers."""

import re
from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.discussion import answering, grouping, service
from portal.discussion.answer_forms import read_seen, write_seen
from portal.discussion.answer_rules import AnswerState, Decision
from portal.moderation.rules import Code, Hold

SECRET = "只给办公室看的话"


def seen_on(page):
    return re.search(r'name="seen"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="seen"', page)


def test_what_was_read_of_many_fits_into_a_field():
    assert read_seen(write_seen({12: 0, 15: 2})) == {12: 0, 15: 2}


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("max", 200), ("paula", 200), ("ada", 200),
        ("vera", 403), ("sun", 403), ("otto", 403), ("nora", 403), (None, 302),
    ],
)  # fmt: skip
def test_who_answers(version, cast, browse, at, say, person, status):
    one = say(version, cast.vera)
    client = browse(person and getattr(cast, person))
    for path in ("", f"/plans/{version}", f"/{one}", f"/plans/{version}/together?one={one}"):
        assert client.get(at(f"/answers{path}")).status_code == status


def test_an_opinion_is_answered_on_the_pages(version, cast, browse, at, say):
    one = say(version, cast.vera, "会车道太少")
    paula, max_ = browse(cast.paula), browse(cast.max)
    assert "会车道太少" in paula.get(at(f"/answers/plans/{version}")).text
    data = {
        "seen": f"{one}:0", "decision": "adopted", "place": "项目3", "before": "4处",
        "after": "8处", "expert": "路基够宽。", "note": SECRET,
    }  # fmt: skip
    answer = paula.post(at(f"/answers/{one}"), data=data)
    assert (answer.status_code, answer.location) == (303, at(f"/answers/{one}"))
    assert "要由另一个人复核" in paula.get(at(f"/answers/{one}")).text
    for person in (None, cast.vera, cast.sun, cast.nora):
        page = browse(person).get(at(f"/discussion/opinions/{one}")).text
        assert "8处" not in page
        assert SECRET not in page
    page = max_.get(at(f"/answers/{one}")).text
    assert "复核无误，发出" in page
    assert SECRET in page
    answer = max_.post(at(f"/answers/{one}/check"), data={"seen": f"{one}:1", "deed": "send"})
    assert (answer.status_code, answer.location) == (303, at(f"/answers/plans/{version}"))
    for path in (f"/discussion/opinions/{one}", f"/discussion/plans/{version}"):
        for person in (None, cast.vera, cast.nora):
            page = browse(person).get(at(path)).text
            assert "采纳" in page
            assert "规划已改：项目3" in page
            assert "<del>4处</del>" in page
            assert "<ins>8处</ins>" in page
            assert "路基够宽。" in page
            assert SECRET not in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"decision": "rejected", "reason": "不行"}, "不采纳的理由至少要写十个字"),
        ({"decision": "explained"}, "请写明理由"),
        ({"decision": "adopted", "reason": "好"}, "请写明改规划的哪一处"),
        ({"reason": "写了好久的理由"}, "请选一项"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    version, cast, browse, at, say, facts, words
):
    one = say(version, cast.vera)
    answer = browse(cast.max).post(at(f"/answers/{one}"), data={"seen": f"{one}:0"} | facts)
    assert answer.status_code == 422
    assert words in answer.text
    assert facts.get("reason", "") in answer.text
    assert answering.get_work(one).state is AnswerState.WAITING


def test_an_overtaken_draft_comes_back_with_what_was_typed(version, cast, browse, at, say, draft):
    one = say(version, cast.vera)
    client = browse(cast.max)
    draft(one)
    data = {"seen": f"{one}:0", "decision": "explained", "reason": "写了好久的理由"}
    answer = client.post(at(f"/answers/{one}"), data=data)
    assert answer.status_code == 409
    assert "别人已经办了下一步" in answer.text
    assert "写了好久的理由" in answer.text
    assert f'value="{one}:1"' in answer.text
    again = client.post(at(f"/answers/{one}"), data=data | {"seen": f"{one}:1"})
    assert again.status_code == 303


@pytest.mark.parametrize("path", ["/answers/{one}", "/answers/plans/{version}/together"])
def test_what_lacks_something_still_speaks_of_what_was_read(
    version, cast, browse, at, say, draft, path
):
    one = say(version, cast.vera)
    path, client = at(path.format(one=one, version=version)), browse(cast.max)
    draft(one, reason="别人的草稿")
    lacking = {"seen": f"{one}:0", "decision": "rejected", "reason": "不行"}
    for data in (lacking, lacking | {"decision": ""}):
        page = client.post(path, data=data)
        assert page.status_code == 422
        assert f'name="seen" type="hidden" value="{one}:0"' in page.text
    whole = client.post(path, data=lacking | {"reason": "路已经够宽了不用再改了"})
    assert (whole.status_code, "别人的草稿" in whole.text) == (409, True)
    assert f'name="seen" type="hidden" value="{one}:1"' in whole.text
    assert answering.get_work(one).case.reason == "别人的草稿"


@pytest.mark.parametrize(
    "data", [{"deed": "back", "note": ""}, {"deed": "send", "note": "x" * 501}]
)
def test_a_check_that_lacks_something_still_speaks_of_what_was_read(
    version, cast, browse, at, say, draft, data
):
    one = say(version, cast.vera)
    draft(one), draft(one, reason="改过的话")
    page = browse(cast.max).post(at(f"/answers/{one}/check"), data={"seen": f"{one}:1"} | data)
    form = re.search(r'action="[^"]*/check".*?</form>', page.text, re.DOTALL)[0]
    assert (page.status_code, f'value="{one}:1"' in form) == (422, True)


def test_whoever_took_it_too_late_still_speaks_of_what_was_read(
    version, cast, browse, at, say, draft
):
    one = say(version, cast.vera)
    draft(one)
    data = {"seen": "0", "owner": cast.paula.id, "due": clock.today(clock.now()) + timedelta(99)}
    page = browse(cast.max).post(at(f"/answers/{one}/take"), data=data)
    form = re.search(r'action="[^"]*/take".*?</form>', page.text, re.DOTALL)[0]
    assert page.status_code == 422
    assert re.search(r'name="seen"[^>]*value="0"', form)


def test_an_overtaken_check_is_refused(version, cast, browse, at, say, draft):
    one = say(version, cast.vera)
    draft(one), draft(one, reason="改过的话")
    answer = browse(cast.max).post(at(f"/answers/{one}/check"), data={"seen": f"{one}:1"})
    assert answer.status_code == 409
    assert "改过的话" in answer.text
    assert answering.get_work(one).state is AnswerState.DRAFTED


def test_the_desk_prints_no_words_that_are_held_or_hidden(version, cast, browse, at, say):
    held, hidden = say(version, cast.vera, "等看的话"), say(version, cast.wang, "藏起的话")
    say(version, cast.sun, "大家看的话")
    with transaction():
        service.set_standing(held, held_for=Hold.WORDS, hidden_code=None)
        service.set_standing(hidden, held_for=None, hidden_code=Code.INSULT)
    for person in (cast.max, cast.paula, cast.ada):
        page = browse(person).get(at(f"/answers/plans/{version}?show=all")).text
        assert "大家看的话" in page
        assert "等看的话" not in page
        assert "藏起的话" not in page


def test_several_get_one_answer(version, cast, browse, at, say):
    ids = [say(version, cast.vera, "路太窄"), say(version, cast.wang, "路窄")]
    max_ = browse(cast.max)
    path = at(f"/answers/plans/{version}/together")
    page = max_.get(f"{path}?one={ids[0]}&one={ids[1]}").text
    assert "路太窄" in page
    seen = f"{ids[0]}:0 {ids[1]}:0"
    assert f'value="{seen}"' in page
    data = {"seen": seen, "decision": "explained", "reason": "已写进第三章"}
    assert max_.post(path, data=data).status_code == 303
    assert {answering.get_work(one).state for one in ids} == {AnswerState.DRAFTED}
    ada = browse(cast.ada)
    page = ada.get(at(f"/answers/{ids[0]}")).text
    assert "第1, 2号" in page
    ada.post(at(f"/answers/{ids[0]}/check"), data={"seen": f"{ids[0]}:1 {ids[1]}:1"})
    assert {answering.get_work(one).state for one in ids} == {AnswerState.REPLIED}


def test_one_answer_shows_what_it_takes_the_place_of_and_keeps_advice(
    version, cast, browse, at, say, draft, as_
):
    one, two = say(version, cast.vera), say(version, cast.wang)
    with transaction():
        answering.advise(one, words="路基够宽。", seen=0, actor=as_("paula"), now=clock.now())
    draft(two, by="max", decision=Decision.ADOPTED, reason="", place="项目3", after="八处会车道")
    paula, path = browse(cast.paula), at(f"/answers/plans/{version}/together")
    page = paula.get(f"{path}?one={one}&one={two}").text
    assert [w in page for w in ("路基够宽。", "待复核", "八处会车道")] == [True, True, True]
    data = {"seen": f"{one}:1 {two}:1", "decision": "explained", "reason": "见第三章。"}
    assert paula.post(path, data=data).status_code == 303
    cases = [answering.get_work(n).case for n in (one, two)]
    assert [(k.expert, k.reason) for k in cases] == [
        ("路基够宽。", "见第三章。"),
        ("", "见第三章。"),
    ]
    db.session.rollback()
    data |= {"seen": f"{one}:2 {two}:2", "expert": "都可以。"}
    assert paula.post(path, data=data).status_code == 303
    assert {answering.get_work(n).case.expert for n in (one, two)} == {"都可以。"}


def test_the_planner_alone_with_one_finds_the_advice_on_the_paper(
    version, cast, browse, at, say, as_
):
    one = say(version, cast.vera)
    with transaction():
        answering.advise(one, words="路基够宽。", seen=0, actor=as_("paula"), now=clock.now())
    page = browse(cast.paula).get(at(f"/answers/plans/{version}/together?one={one}")).text
    assert re.search(r"<textarea[^>]*name=\"expert\"[^>]*>\s*路基够宽。", page)


def test_the_planner_leaves_an_opinion_and_no_answer(version, cast, browse, at, say):
    one = say(version, cast.vera)
    path, paula = at(f"/answers/{one}"), browse(cast.paula)
    assert f'formaction="{path}/advise"' in paula.get(path).text
    assert f'formaction="{path}/advise"' not in browse(cast.max).get(path).text
    data = {"seen": f"{one}:0", "expert": "路基够宽。"}
    assert browse(cast.max).post(f"{path}/advise", data=data).status_code == 403
    empty = paula.post(f"{path}/advise", data=data | {"expert": "", "reason": "先写到这里"})
    assert (empty.status_code, "先写到这里" in empty.text) == (422, True)
    assert paula.post(f"{path}/advise", data=data).status_code == 303
    late = paula.post(f"{path}/advise", data=data | {"expert": "别的话"})
    assert (late.status_code, "别的话" in late.text) == (409, True)
    assert "路基够宽。" in browse(cast.max).get(path).text
    assert "路基够宽。" not in browse(None).get(at(f"/discussion/opinions/{one}")).text


def test_all_who_say_the_like_are_answered_at_once(version, cast, browse, at, say, reply, told):
    ids = [say(version, who, "路太窄") for who in (cast.vera, cast.wang, cast.sun, cast.max)]
    with transaction():
        group = grouping.put_together(version, ids, account_id=cast.max.account_id, now=clock.now())
    reply(ids[0])
    max_ = browse(cast.max)
    way = f"/answers/plans/{version}/together?group={group}"
    assert at(way).replace("&", "&amp;") in max_.get(at(f"/answers/plans/{version}")).text
    page = max_.get(at(way)).text
    seen = f"{ids[1]}:0 {ids[2]}:0"
    assert f'value="{seen}"' in page  # neither what is answered nor their own
    data = {"seen": seen, "decision": "explained", "reason": "已写进第三章"}
    assert max_.post(at(f"/answers/plans/{version}/together"), data=data).status_code == 303
    told()
    browse(cast.ada).post(at(f"/answers/{ids[1]}/check"), data={"seen": f"{ids[1]}:1 {ids[2]}:1"})
    assert [name for name, _, _ in told()] == ["sun", "wang"]
    for path in (f"?group={group + 1}", ""):
        assert max_.get(at(f"/answers/plans/{version}/together{path}")).status_code == 303


def test_whoever_reads_opinions_finds_the_hearings(version, browse, at):
    way = at(f"/answers/plans/{version}/hearings")
    assert way in browse(None).get(at(f"/discussion/plans/{version}")).text


def test_the_author_asks_for_another_look(version, cast, browse, at, say, reply):
    one = say(version, cast.vera)
    reply(one)
    vera = browse(cast.vera)
    assert "请求再看一次" in vera.get(at(f"/discussion/opinions/{one}")).text
    for person in (None, cast.wang, cast.max):
        assert "请求再看一次" not in browse(person).get(at(f"/discussion/opinions/{one}")).text
    assert browse(cast.wang).get(at(f"/answers/{one}/again")).status_code == 404
    answer = vera.post(at(f"/answers/{one}/again"), data={"words": SECRET})
    assert (answer.status_code, answer.location) == (303, at(f"/discussion/opinions/{one}"))
    for person in (None, cast.wang, cast.nora):
        page = browse(person).get(at(f"/discussion/opinions/{one}")).text
        assert "正在重新研究" in page
        assert SECRET not in page
    assert SECRET in browse(cast.max).get(at(f"/answers/{one}")).text
    assert vera.post(at(f"/answers/{one}/again"), data={"words": "再"}).status_code == 422


def test_somebody_takes_an_opinion_on(version, cast, browse, at, say):
    one = say(version, cast.vera)
    today = clock.today(clock.now())
    path, data = at(f"/answers/{one}/take"), {"seen": 0, "owner": cast.paula.id}
    max_ = browse(cast.max)
    late = max_.post(path, data=data | {"due": today + timedelta(days=16)})
    assert (late.status_code, "第十五天" in late.text) == (422, True)
    assert max_.post(path, data=data | {"owner": cast.vera.id, "due": today}).status_code == 422
    assert max_.post(path, data=data | {"due": today}).status_code == 303
    mine = browse(cast.paula).get(at(f"/answers/plans/{version}?show=mine")).text
    assert "路太窄" in mine


def test_hearings_are_entered_by_the_office_and_read_by_all(version, cast, browse, at):
    path = at(f"/answers/plans/{version}/hearings")
    data = {
        "key": "key-00000001", "form": "hearing", "held_on": clock.today(clock.now()),
        "place": "文化礼堂", "people": 23, "said": "大家谈了路和水。",
    }  # fmt: skip
    assert browse(cast.vera).post(path, data=data).status_code == 403
    assert browse(cast.paula).post(path, data=data | {"people": 0}).status_code == 422
    assert browse(cast.paula).post(path, data=data).status_code == 303
    page = browse(None).get(path).text
    assert "大家谈了路和水。" in page
    assert "听证会" in page
    assert '<form method="post" class="card"' not in page


@pytest.mark.parametrize(
    ("name", "path"),
    [("paula", "/answers/plans/{}"), ("paula", "/answers"), (None, "/discussion/plans/{}")],
)
def test_a_list_asks_as_often_for_thirty_as_for_one(
    version, cast, browse, at, say, reply, count_queries, name, path
):
    client = browse(name and getattr(cast, name))
    path = at(path.format(version)) + "?show=all"

    def ask():
        with count_queries() as counted:
            assert client.get(path).status_code == 200
        return counted.n

    reply(say(version, cast.vera))
    ask()
    one = ask()
    ids = [say(version, cast.wang) for _ in range(29)]
    reply(*ids[:20], decision=Decision.EXPLAINED)
    assert ask() == one <= 10


def test_the_desk_counts_what_waits(version, cast, browse, at, say, reply):
    reply(say(version, cast.vera)), say(version, cast.vera)
    assert "1条意见待答复" in browse(cast.max).get(at("/desk")).text


def test_a_withdrawn_consent_to_words_is_no_answer_owed(version, cast, browse, at, say):
    one = say(version, cast.vera)
    with transaction():
        answering.get_work(one).comment.body = "*"
    page = browse(cast.max).get(at(f"/answers/{one}")).text
    assert "不需要答复" in page


def test_the_plans_page_says_how_many_are_answered(version, cast, browse, at, say, reply):
    reply(say(version, cast.vera), decision=Decision.ADOPTED, place="项目3", after="8处")
    reply(say(version, cast.vera)), say(version, cast.wang)
    page = browse(None).get(at(f"/discussion/plans/{version}")).text
    assert "其中2条已答复，1条采纳或部分采纳" in page


def test_no_two_landmarks_of_a_list_bear_one_name(version, cast, browse, at, say, reply):
    reply(say(version, cast.vera)), reply(say(version, cast.wang))
    page = browse(None).get(at(f"/discussion/plans/{version}")).text
    assert page.count('<div class="answer">') == 2
    names = re.findall(r'<(?:section|nav|aside)[^>]*aria-label="([^"]*)"', page)
    assert len(names) == len(set(names))
