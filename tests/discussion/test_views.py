"""Pages of opinions and of the room: who sees what, and nothing typed is lost."""

import re

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, transaction
from portal.discussion import rules, service
from portal.discussion.models import Comment
from portal.discussion.views import REFUSALS
from portal.media import rules as media_rules
from portal.moderation import writing
from portal.moderation.rules import Code
from portal.plans.models import Goal, PlanVersion
from portal.plans.rules import State
from tests.tampering import without_triggers

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}"
KEY = "key-00000001"


def filled(page):
    """Return what the form of a page holds."""
    text = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.S)
    return text and text[1]


def test_every_refusal_has_words():
    assert set(REFUSALS) == {*rules.Refusal, *writing.Refusal, *media_rules.Refusal}


def test_an_opinion_is_given_and_read_by_everybody(version, cast, browse, at):
    with transaction(), without_triggers("plan_goal"):
        db.session.add(Goal(version_id=version, position=1, title="路好走", text=""))
    client = browse(cast.vera)
    page = client.get(at(f"/discussion/plans/{version}?about=goal-1")).text
    assert '<option selected value="goal-1">路好走</option>' in page
    answer = client.post(
        at(f"/discussion/plans/{version}"),
        data={"key": KEY, "about": "goal-1", "body": " 会车道做8处 "},
    )
    comment = db.session.scalar(select(Comment))
    assert (answer.status_code, answer.location) == (302, at(f"/discussion/opinions/{comment.id}"))
    assert (comment.number, comment.body, comment.about, comment.about_title) == (
        1,
        "会车道做8处",
        "goal-1",
        "路好走",
    )
    for person in (None, cast.nora, cast.otto):
        for path in ("", f"/plans/{version}", f"/opinions/{comment.id}"):
            page = browse(person).get(at(f"/discussion{path}"))
            assert page.status_code == 200
            assert "会车道做8处" in page.text
            assert "第1组 V*a" in page.text
            assert "Vera" not in page.text


@pytest.mark.parametrize(
    ("body", "words"),
    [("", "请先写几个字。"), (" \n ", "请先写几个字。"), ("路" * 2001, "最多2000字，请删短一点。")],
)
def test_what_was_written_comes_back_with_the_error(version, cast, browse, at, body, words):
    answer = browse(cast.vera).post(
        at(f"/discussion/plans/{version}"),
        data={"key": KEY, "about": "plan", "body": body, "show_name": "y"},
    )
    assert answer.status_code == 422
    assert filled(answer.text).strip() == body.strip()
    assert words in answer.text
    assert f'value="{KEY}"' in answer.text  # so that the next try is still the same opinion
    assert re.search(r'<input checked[^>]*name="show_name"', answer.text)


@pytest.mark.parametrize("person", ["otto", "nora", "paula", "ada", None])
def test_only_residents_give_opinions_and_others_keep_their_text(version, cast, browse, at, person):
    client = browse(person and getattr(cast, person))
    page = client.get(at(f"/discussion/plans/{version}")).text
    assert "只有本村名册上的村民可以在这里发言" in page
    assert "<textarea" not in page
    answer = client.post(
        at(f"/discussion/plans/{version}"),
        data={"key": KEY, "about": "plan", "body": "写了好久的意见"},
    )
    assert answer.status_code == 403
    assert "写了好久的意见" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0


def test_after_the_notice_the_text_comes_back_too(version, cast, browse, at):
    with transaction():
        db.session.get_one(PlanVersion, version).state = State.NOTICE_CLOSED
    answer = browse(cast.vera).post(
        at(f"/discussion/plans/{version}"),
        data={"key": KEY, "about": "plan", "body": "写了好久的意见"},
    )
    assert answer.status_code == 422
    assert "这份规划现在不收意见" in answer.text
    assert "写了好久的意见" in answer.text


def test_a_draft_of_a_plan_has_no_page(version, cast, browse, at):
    with transaction():
        draft = PlanVersion(
            plan_id=db.session.get_one(PlanVersion, version).plan_id, number=2, title="草案",
            base_year=2024, target_year=2035, created_at=clock.now(), changed_at=clock.now(),
        )  # fmt: skip
        db.session.add(draft)
        db.session.flush()
        draft_id = draft.id
    for person in (None, cast.vera, cast.max, cast.nora):
        assert browse(person).get(at(f"/discussion/plans/{draft_id}")).status_code == 404
    answer = browse(cast.vera).post(
        at(f"/discussion/plans/{draft_id}"), data={"key": KEY, "about": "plan", "body": "意见"}
    )
    assert answer.status_code == 404


def test_a_neighbours_address_leads_nowhere(version, cast, browse, at, neighbour, say):
    comment = say(version, cast.vera)
    for path in (f"/discussion/plans/{version}", f"/discussion/opinions/{comment}"):
        assert browse(cast.nora).get(at(path, neighbour)).status_code == 404


def test_a_double_tap_gives_one_opinion(version, cast, browse, at):
    client = browse(cast.vera)
    data = {"key": KEY, "about": "plan", "body": "路太窄"}
    first, second = (client.post(at(f"/discussion/plans/{version}"), data=data) for _ in range(2))
    assert first.location == second.location
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1


def test_a_hidden_opinion_shows_its_reason_and_its_author_the_words(version, cast, browse, at, say):
    comment = say(version, cast.vera, "骂人的话")
    with transaction():
        service.set_standing(comment, held_for=None, hidden_code=Code.INSULT)
    for path in ("", f"/plans/{version}", f"/opinions/{comment}"):
        for person in (None, cast.wang, cast.nora, cast.paula):
            page = browse(person).get(at(f"/discussion{path}")).text
            assert "村委会隐藏了这条意见，原因：辱骂他人。" in page
            assert "骂人的话" not in page
        page = browse(cast.vera).get(at(f"/discussion{path}")).text
        assert "辱骂他人" in page
        assert "骂人的话" in page
    assert "骂人的话" in browse(cast.vera).get(at("/discussion/mine")).text


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("vera", 200),
        ("max", 200),
        ("sun", 200),
        ("paula", 403),
        ("otto", 403),
        ("ada", 403),
        ("nora", 403),
        (None, 302),
    ],
)
def test_who_has_opinions_of_their_own(version, cast, browse, at, person, status):
    assert (
        browse(person and getattr(cast, person)).get(at("/discussion/mine")).status_code == status
    )


def test_my_opinions_are_mine(version, cast, browse, at, say):
    say(version, cast.vera, "我的话"), say(version, cast.wang, "别人的话")
    page = browse(cast.vera).get(at("/discussion/mine")).text
    assert "我的话" in page
    assert "别人的话" not in page
