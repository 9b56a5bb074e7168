"""The pages: who may see what, and that nothing typed is lost."""

import csv
import io
import re
from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.surveys import desk, sample, service, views
from portal.surveys.forms import ANSWER_FAULTS
from portal.surveys.rules import AnswerFault, Refusal
from tests.surveys.conftest import FORM

KEY = "c" * 32
ANSWERS = {
    "key": KEY,
    "q_knows": "yes",
    "q_first": ["road", "care"],
    "q_away": "2",
    "q_words": "桥",
}
EVERYBODY = ("vera", "max", "paula", "sun", "ada", "otto", "nora", None)


def _who(cast, name):
    return getattr(cast, name) if name else None


def _close(survey_id):
    with transaction():
        service.close_survey(service.get_survey(survey_id), now=clock.now())


def test_every_refusal_has_words():
    assert set(views.REFUSALS) == set(Refusal)
    assert set(ANSWER_FAULTS) == set(AnswerFault)
    assert set(desk.REFUSALS) <= set(views.REFUSALS)


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_sees_the_questions(survey, cast, browse, at, name):
    page = browse(_who(cast, name)).get(at(f"/surveys/{survey}"))
    assert page.status_code == 200
    has_form = 'name="q_knows"' in page.text
    assert has_form is (name in {"vera", "max", "sun"})
    assert ("登录后填写" in page.text) is (name is None)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("vera", 302),
        ("max", 302),
        ("sun", 302),
        ("paula", 403),
        ("ada", 403),
        ("otto", 403),
        ("nora", 403),
        (None, 401),
    ],
)
def test_who_may_answer(survey, cast, browse, at, name, status):
    answer = browse(_who(cast, name)).post(at(f"/surveys/{survey}"), data=ANSWERS)
    assert answer.status_code == status
    assert service.count_replies(survey) == (status == 302)


DESK = ("", "/new", "/template.xlsx", "/{id}", "/{id}/results", "/{id}/replies.csv", "/{id}/form")


@pytest.mark.parametrize("path", DESK)
@pytest.mark.parametrize("name", EVERYBODY)
def test_who_may_read_at_the_desk(survey, cast, browse, at, name, path):
    page = browse(_who(cast, name)).get(at("/surveys/desk" + path.format(id=survey)))
    expected = 200 if name in {"max", "paula"} else 302 if name is None else 403
    assert page.status_code == expected


@pytest.mark.parametrize("deed", ["open", "close", "discard"])
@pytest.mark.parametrize("name", ["vera", "sun", "ada", "otto", "nora", None])
def test_who_may_not_act_at_the_desk(survey, cast, browse, at, name, deed):
    today = clock.today(clock.now()).isoformat()
    answer = browse(_who(cast, name)).post(
        at(f"/surveys/desk/{survey}/{deed}"),
        data={"title": "Mine", "first_day": today, "last_day": today},
    )
    assert answer.status_code == (401 if name is None else 403)
    db.session.expire_all()
    kept = service.get_survey(survey)
    assert (kept.title, kept.state.value) == ("村民需求调查", "open")


def test_a_survey_is_not_found_under_the_neighbouring_village(survey, cast, browse, at, neighbour):
    nora = browse(cast.nora)
    for path in ("", "/results", "/receipt"):
        assert nora.get(at(f"/surveys/{survey}{path}", neighbour)).status_code == 404
    assert nora.post(at(f"/surveys/{survey}", neighbour), data=ANSWERS).status_code == 404
    assert "村民需求调查" not in nora.get(at("/surveys/", neighbour)).text


def test_a_draft_is_not_shown_to_villagers(draft, cast, browse, at):
    vera = browse(cast.vera)
    assert vera.get(at(f"/surveys/{draft}")).status_code == 404
    assert vera.get(at(f"/surveys/{draft}/results")).status_code == 404
    assert vera.post(at(f"/surveys/{draft}"), data=ANSWERS).status_code == 404
    assert "还没有问卷" in vera.get(at("/surveys/")).text


def test_an_answer_leads_to_a_receipt_and_again_to_the_same(survey, cast, browse, at):
    vera = browse(cast.vera)
    first = vera.post(at(f"/surveys/{survey}"), data=ANSWERS, follow_redirects=True)
    kept = service.find_reply(survey, cast.vera.resident_id)
    code = kept.receipt
    assert f'data-copy="{code}"' in first.text
    again = vera.post(at(f"/surveys/{survey}"), data=ANSWERS, follow_redirects=True)
    assert f'data-copy="{code}"' in again.text
    assert "以第一次填的为准" not in again.text
    other = vera.post(
        at(f"/surveys/{survey}"), data=ANSWERS | {"key": "d" * 32}, follow_redirects=True
    )
    assert "以第一次填的为准" in other.text
    db.session.rollback()
    assert service.count_replies(survey) == 1


def test_the_receipt_of_somebody_else_is_not_shown(survey, cast, browse, at):
    browse(cast.vera).post(at(f"/surveys/{survey}"), data=ANSWERS)
    page = browse(cast.max).get(at(f"/surveys/{survey}/receipt"))
    assert (page.status_code, page.location) == (302, at(f"/surveys/{survey}"))


def test_what_was_typed_comes_back_with_the_faults(survey, cast, browse, at):
    sent = {"key": KEY, "q_first": ["water"], "q_away": "两个", "q_words": "<b>桥</b>"}
    page = browse(cast.vera).post(at(f"/surveys/{survey}"), data=sent)
    assert page.status_code == 422
    assert 'href="#q_knows-0"' in page.text
    assert "这一题必须回答。" in page.text
    assert "请用数字填写整数" in page.text
    assert 'value="两个"' in page.text
    assert "&lt;b&gt;桥&lt;/b&gt;</textarea>" in page.text
    assert re.search(r'checked[^>]*value="water"|value="water"[^>]*checked', page.text)
    assert f'value="{KEY}"' in page.text
    assert service.count_replies(survey) == 0


def test_a_choice_that_is_not_offered_is_refused(survey, cast, browse, at):
    page = browse(cast.vera).post(at(f"/surveys/{survey}"), data=ANSWERS | {"q_knows": "maybe"})
    assert page.status_code == 422
    assert "请从列出的答案中选择。" in page.text


def test_a_made_up_key_is_refused(survey, cast, browse, at):
    page = browse(cast.vera).post(at(f"/surveys/{survey}"), data=ANSWERS | {"key": "x" * 5000})
    assert page.status_code == 422
    assert service.count_replies(survey) == 0


def test_the_number_field_calls_for_digits(survey, cast, browse, at):
    page = browse(cast.vera).get(at(f"/surveys/{survey}")).text
    field = re.search(r"<input[^>]*q_away[^>]*>", page)[0]
    assert 'inputmode="numeric"' in field


def test_the_questions_come_in_the_language_of_the_page(survey, cast, browse, at):
    vera = browse(cast.vera)
    assert "您知道“村庄规划”吗？" in vera.get(at(f"/surveys/{survey}")).text
    vera.post("/preferences", data={"language": "en"})
    assert "Do you know the plan?" in vera.get(at(f"/surveys/{survey}")).text


def test_after_the_end_no_answer_and_a_public_result(survey, cast, browse, at):
    before = browse().get(at(f"/surveys/{survey}/results")).text
    assert "问卷结束后，这里会公布结果" in before
    browse(cast.vera).post(at(f"/surveys/{survey}"), data=ANSWERS)
    _close(survey)
    late = browse(cast.max).post(
        at(f"/surveys/{survey}"), data=ANSWERS | {"key": "e" * 32}, follow_redirects=True
    )
    assert "这份问卷已经结束" in late.text
    result = browse().get(at(f"/surveys/{survey}/results")).text
    assert "回答这一题的不到 5 人" in result
    assert "桥" not in result


def test_free_answers_are_for_staff_only_and_escaped(survey, cast, browse, at):
    words = "<script>alert(1)</script>"
    browse(cast.vera).post(at(f"/surveys/{survey}"), data=ANSWERS | {"q_words": words})
    staff = browse(cast.paula).get(at(f"/surveys/desk/{survey}/results")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in staff
    assert words not in staff
    _close(survey)
    assert "alert(1)" not in browse(cast.vera).get(at(f"/surveys/{survey}/results")).text


def test_the_csv_is_safe_and_says_no_names(survey, cast, browse, at):
    browse(cast.vera).post(at(f"/surveys/{survey}"), data=ANSWERS | {"q_words": "=HYPERLINK(1)"})
    answer = browse(cast.max).get(at(f"/surveys/desk/{survey}/replies.csv"))
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["words"] == "'=HYPERLINK(1)"
    assert (row["first/road"], row["first/water"], row["first/care"]) == ("1", "0", "1")
    assert "Vera" not in answer.text
    assert "13800000001" not in answer.text


def _upload(client, at, content, name="问卷.xlsx"):
    return client.post(at("/surveys/desk/new"), data={"file": (io.BytesIO(content), name)})


def test_a_bad_form_is_shown_fault_by_fault_and_nothing_is_kept(cast, browse, at):
    bad = "survey,,,\n,type,name,label\n,geopoint,<i>p</i>,<script>x</script>${a}\n"
    page = _upload(browse(cast.max), at, bad.encode(), "<b>.csv")
    assert page.status_code == 422
    assert "有 3 处要改" in page.text
    assert "暂不支持这种题型。此处为：geopoint" in page.text
    assert "&lt;i&gt;p&lt;/i&gt;" in page.text
    assert "<i>p" not in page.text
    assert service.list_surveys(now=clock.now(), drafts=True) == []


def test_the_words_for_faults_are_english_too(cast, browse, at):
    max_ = browse(cast.max)
    max_.post("/preferences", data={"language": "en"})
    bad = "survey,,,\n,type,name,label\n,geopoint,p,Where?\n"
    page = _upload(max_, at, bad.encode(), "f.csv").text
    assert "This type of question is not supported yet. Here: geopoint" in page


def test_from_the_template_to_an_open_survey(cast, browse, at):
    max_ = browse(cast.max)
    template = max_.get(at("/surveys/desk/template.xlsx")).data
    assert template[:2] == b"PK"
    page = _upload(max_, at, template)
    show = max_.get(page.location)
    assert "草稿" in show.text
    assert "您知道村里在做规划吗？" in show.text
    assert "没有采用" not in show.text
    (listed,) = service.list_surveys(now=clock.now(), drafts=True)
    assert "还没有问卷" in browse(cast.vera).get(at("/surveys/")).text
    today = clock.today(clock.now())
    wrong = max_.post(
        at(f"/surveys/desk/{listed.id}/open"),
        data={
            "title": "问路",
            "first_day": today.isoformat(),
            "last_day": (today - timedelta(1)).isoformat(),
        },
    )
    assert wrong.status_code == 422
    assert "截止日早于开始日。" in wrong.text
    assert 'value="问路"' in wrong.text
    max_.post(
        at(f"/surveys/desk/{listed.id}/open"),
        data={"title": "问路", "first_day": today.isoformat(), "last_day": today.isoformat()},
    )
    assert "问路" in browse(cast.vera).get(at("/surveys/")).text
    again = max_.post(
        at(f"/surveys/desk/{listed.id}/open"),
        data={"title": "换", "first_day": today.isoformat(), "last_day": today.isoformat()},
        follow_redirects=True,
    )
    assert "这份问卷已经开放，内容不能再改。" in again.text


def test_remarks_are_shown_while_it_is_a_draft(cast, browse, at):
    form = "survey,,,,\n,type,name,label,my notes\n,text,a,A,ask\n"
    max_ = browse(cast.max)
    page = max_.get(_upload(max_, at, form.encode(), "f.csv").location)
    assert "XLSForm 没有这一列，没有采用。" in page.text


def test_the_file_comes_back_byte_for_byte(survey, cast, browse, at):
    answer = browse(cast.paula).get(at(f"/surveys/desk/{survey}/form"))
    assert answer.data == FORM
    assert answer.mimetype == "application/octet-stream"


def test_a_draft_that_would_not_be_taken_in_today_says_why(draft, cast, browse, at):
    with transaction():
        service.get_survey(draft, drafts=True).source_name = "问卷.doc"
    page = browse(cast.max).get(at(f"/surveys/desk/{draft}"))
    assert page.status_code == 200
    assert "这不是 .xlsx、.xls、.csv 或 .md 文件。" in page.text


def test_a_draft_can_be_thrown_away(draft, cast, browse, at):
    page = browse(cast.max).post(at(f"/surveys/desk/{draft}/discard"), follow_redirects=True)
    assert "草稿已删除。" in page.text
    assert service.list_surveys(now=clock.now(), drafts=True) == []


def test_a_running_survey_can_be_ended_once(survey, cast, browse, at):
    max_ = browse(cast.max)
    path = at(f"/surveys/desk/{survey}/close")
    assert "问卷已结束。" in max_.post(path, follow_redirects=True).text
    assert "这份问卷没有在进行" in max_.post(path, follow_redirects=True).text


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/surveys/", "vera"),
        ("/surveys/desk", "max"),
        ("/", "vera"),
        ("/take-part", "vera"),
        ("/me", "vera"),
    ],
)
def test_lists_ask_as_often_for_three_as_for_one(
    survey, cast, now, browse, at, count_queries, path, name
):
    client = browse(_who(cast, name))
    client.post(at(f"/surveys/{survey}"), data=ANSWERS)

    def ask():
        db.session.rollback()
        client.get(at(path))
        with count_queries() as counted:
            page = client.get(at(path))
        assert page.status_code == 200
        return counted.n

    one = ask()
    for number in range(2):
        with transaction():
            more = service.import_survey("需求.xlsx", FORM, now=now)
            today = clock.today(now)
            service.open_survey(
                more, title="再问", lead="", first_day=today, last_day=today, now=now
            )
            more_id = more.id
        client.post(at(f"/surveys/{more_id}"), data=ANSWERS | {"key": f"{number:032x}"})
    assert ask() == one


def test_the_places_on_other_pages(survey, cast, browse, at):
    vera = browse(cast.vera)
    assert "村民需求调查" in vera.get(at("/")).text
    assert "去填写" in vera.get(at("/take-part")).text
    vera.post(at(f"/surveys/{survey}"), data=ANSWERS)
    assert "村民需求调查" not in vera.get(at("/")).text
    assert "看我的回执" in vera.get(at("/take-part")).text
    assert "已填问卷" in vera.get(at("/me")).text
    assert "1 份进行中，收到 1 份回答" in browse(cast.max).get(at("/desk")).text


def test_results_ask_as_often_for_three_replies_as_for_one(survey, cast, browse, at, count_queries):
    paula = browse(cast.paula)

    def ask():
        with count_queries() as counted:
            paula.get(at(f"/surveys/desk/{survey}/results"))
            paula.get(at(f"/surveys/desk/{survey}/replies.csv"))
        return counted.n

    browse(cast.vera).post(at(f"/surveys/{survey}"), data=ANSWERS)
    one = ask()
    for number, person in enumerate((cast.max, cast.sun)):
        browse(person).post(at(f"/surveys/{survey}"), data=ANSWERS | {"key": f"{number:032x}"})
    assert ask() == one
    assert service.count_replies(survey) == 3


def test_the_sample_is_a_form_that_can_be_used():
    assert sample.template_xlsx()[:2] == b"PK"
