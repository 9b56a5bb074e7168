"""Pages of opinions and of the room: who sees what, and nothing typed is lost."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, transaction
from portal.discussion import rooms, rules, service
from portal.discussion.models import Comment, Message
from portal.discussion.views import REFUSALS
from portal.moderation.rules import Code
from portal.people.models import Resident
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
    assert set(REFUSALS) == set(rules.Refusal)


# ---- opinions ----


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
        service.set_hidden(comment, Code.INSULT)
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


# ---- the room ----


@pytest.mark.parametrize(
    ("person", "read", "write"),
    [
        ("vera", 200, 302),
        ("wang", 200, 302),
        ("max", 200, 302),
        ("sun", 200, 302),
        ("paula", 200, 403),
        ("otto", 403, 403),
        ("ada", 403, 403),
        ("nora", 403, 403),
        (None, 302, 401),
    ],
)
def test_who_reads_and_who_writes(room, cast, browse, at, person, read, write):
    client = browse(person and getattr(cast, person))
    assert client.get(at(f"/discussion/rooms/{room}")).status_code == read
    assert client.get(at(f"/discussion/rooms/{room}/messages")).status_code == read
    answer = client.post(at(f"/discussion/rooms/{room}"), data={"key": KEY, "body": "大家好"})
    assert answer.status_code == write
    assert db.session.scalar(select(func.count()).select_from(Message)) == (write == 302)


def test_a_neighbours_address_of_the_room_leads_nowhere(room, cast, browse, at, neighbour):
    client = browse(cast.nora)
    for path in (
        f"/discussion/rooms/{room}",
        f"/discussion/rooms/{room}/messages",
        f"/discussion/rooms/{room}/stream",
    ):
        assert client.get(at(path, neighbour)).status_code == 404
    assert (
        client.post(
            at(f"/discussion/rooms/{room}", neighbour), data={"key": KEY, "body": "x"}
        ).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("person", "status"), [("max", 302), ("vera", 403), ("paula", 403), ("nora", 403), (None, 401)]
)
def test_who_opens_the_room(cast, browse, at, person, status):
    client = browse(person and getattr(cast, person))
    assert client.post(at("/discussion/rooms")).status_code == status
    assert (rooms.find_room() is not None) == (status == 302)


def test_a_script_gets_the_line_and_the_same_key_the_same_line(room, cast, browse, at):
    client = browse(cast.vera)
    send = lambda body: client.post(  # noqa: E731
        at(f"/discussion/rooms/{room}"), data={"key": KEY, "body": body}, headers={"X-Chat": "1"}
    )
    first, second = send("大家好"), send("大家好")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.text == second.text
    assert 'data-seq="1" data-revision="1"' in first.text
    assert "已送达" in first.text
    assert "已送达" not in browse(cast.wang).get(at(f"/discussion/rooms/{room}/messages")).text


@pytest.mark.parametrize(
    ("body", "words"), [("  ", "请先写几个字。"), ("路" * 1001, "最多1000字，请删短一点。")]
)
def test_a_message_not_taken_comes_back(room, cast, browse, at, body, words):
    client = browse(cast.vera)
    page = client.post(at(f"/discussion/rooms/{room}"), data={"key": KEY, "body": body})
    assert page.status_code == 422
    assert words in page.text
    assert filled(page.text).strip() == body.strip()
    short = client.post(
        at(f"/discussion/rooms/{room}"), data={"key": KEY, "body": body}, headers={"X-Chat": "1"}
    )
    assert (short.status_code, short.text) == (422, words)


def test_too_many_messages_wait(room, cast, browse, at, monkeypatch):
    monkeypatch.setattr("portal.discussion.rules.MESSAGES_A_MINUTE", 1)
    client = browse(cast.vera)
    client.post(at(f"/discussion/rooms/{room}"), data={"key": KEY, "body": "一"})
    answer = client.post(
        at(f"/discussion/rooms/{room}"), data={"key": "key-00000002", "body": "二"}
    )
    assert answer.status_code == 429
    assert "请歇一会儿再发" in answer.text
    assert filled(answer.text) == "二"


def test_the_page_ends_with_the_newest_and_leads_to_the_earlier(
    room, cast, browse, at, chat, monkeypatch
):
    monkeypatch.setattr("portal.discussion.rules.MESSAGES_A_MINUTE", 1000)
    for i in range(53):
        chat(cast.wang, f"第{i + 1}句")
    client = browse(cast.vera)
    seqs = lambda page: [int(n) for n in re.findall(r'data-seq="(\d+)"', page)]  # noqa: E731
    page = client.get(at(f"/discussion/rooms/{room}")).text
    assert seqs(page) == list(range(4, 54))
    assert 'data-revision="53" data-feed' in page
    assert f"/discussion/rooms/{room}?before=4#newest" in page
    earlier = client.get(at(f"/discussion/rooms/{room}?before=4")).text
    assert seqs(earlier) == [1, 2, 3]
    assert "chat.js" not in earlier
    assert seqs(client.get(at(f"/discussion/rooms/{room}?at=2")).text) == list(range(1, 27))


def test_the_feed_goes_on_where_the_reader_was(room, cast, browse, at, chat):
    for body in ("一", "二", "三"):
        chat(cast.wang, body)
    feed = lambda query: re.findall(  # noqa: E731
        r'class="said">(.)</p>',
        browse(cast.vera).get(at(f"/discussion/rooms/{room}/messages{query}")).text,
    )
    assert [feed(q) for q in ("", "?after=1", "?after=3", "?after=x")] == [
        ["一", "二", "三"],
        ["二", "三"],
        [],
        ["一", "二", "三"],
    ]


def test_a_hidden_message_is_a_placeholder_but_for_its_author(room, cast, browse, at, chat):
    message = chat(cast.vera, "骂人的话")
    with transaction():
        rooms.set_hidden(message.id, Code.INSULT)
    for path in (f"/rooms/{room}", f"/rooms/{room}/messages", ""):
        for person in (cast.wang, cast.max, cast.paula):
            assert "骂人的话" not in browse(person).get(at(f"/discussion{path}")).text
    assert "骂人的话" in browse(cast.vera).get(at(f"/discussion/rooms/{room}")).text
    assert "原因：辱骂他人" in browse(cast.wang).get(at(f"/discussion/rooms/{room}/messages")).text


# ---- everywhere ----


def test_hostile_words_stay_words(version, room, cast, browse, at, say, chat):
    with transaction():
        db.session.get_one(Resident, cast.wang.resident_id).name = HOSTILE[:60]
    comment = say(version, cast.wang, HOSTILE, show_name=True, about="goal-1", about_title=HOSTILE)
    chat(cast.wang, HOSTILE, show_name=True)
    pages = [
        "",
        f"/plans/{version}",
        f"/plans/{version}?about={HOSTILE}",
        f"/opinions/{comment}",
        f"/rooms/{room}",
        f"/rooms/{room}/messages",
        "/mine",
    ]
    for person in (cast.vera, cast.wang, cast.max):
        for path in pages:
            page = browse(person).get(at(f"/discussion{path}")).text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
        for path in ("", f"/opinion/{comment}", "/message/1", "/log"):
            page = browse(person).get(at(f"/moderation{path}")).text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
        for path in ("/", "/me"):
            assert "<script>alert" not in browse(person).get(at(path)).text


def test_no_page_and_no_fragment_carries_a_phone(version, room, cast, browse, at, say, chat):
    say(version, cast.vera, show_name=True), chat(cast.vera, show_name=True)
    for path in (
        "",
        f"/plans/{version}",
        "/opinions/1",
        f"/rooms/{room}",
        f"/rooms/{room}/messages",
    ):
        assert not re.search(
            r"1[3-9]\d{9}|\d{3}\*{4}\d{4}|@\w+\.",
            browse(cast.wang).get(at(f"/discussion{path}")).text,
        )


def test_lists_ask_the_same_whatever_their_length(
    version, room, cast, browse, at, say, chat, count_queries
):
    counts = {}
    for rows in (1, 3):
        while service.tally(version).total < rows:
            say(version, cast.vera), chat(cast.wang)
        db.session.rollback()
        for path in ("", f"/plans/{version}", "/mine", f"/rooms/{room}", f"/rooms/{room}/messages"):
            client = browse(cast.vera)
            with count_queries() as counted:
                assert client.get(at(f"/discussion{path}")).status_code == 200
            counts.setdefault(path, []).append(counted.n)
    assert {path: len(set(n)) for path, n in counts.items()} == dict.fromkeys(counts, 1)
    assert max(n[0] for n in counts.values()) <= 11


def test_what_only_some_may_read_is_stored_by_nobody(room, cast, browse, at, chat):
    chat(cast.wang)
    for path in (f"/rooms/{room}", f"/rooms/{room}/messages"):
        answer = browse(cast.vera).get(at(f"/discussion{path}"))
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Cookie" in answer.headers["Vary"]


def test_pages_and_streams_keep_to_their_own_processes(
    make_app, version, room, cast, browse, at, database
):
    token = browse(cast.vera)
    cookie = token.get_cookie("sid").value
    got = {}
    for group in ("pages", "streams"):
        app = make_app(database, create=False, streams=group)
        client = FlaskClient(app, app.response_class)  # a stream is closed where it was opened
        client.set_cookie("sid", cookie)
        page = client.get(at(f"/discussion/rooms/{room}"))
        stream = client.get(at(f"/discussion/rooms/{room}/stream"), buffered=False)
        got[group] = (page.status_code, stream.status_code)
        stream.close()
    assert got == {"pages": (200, 404), "streams": (404, 200)}


def test_cards_lead_to_the_talk(version, room, cast, browse, at, say, chat):
    say(version, cast.vera), chat(cast.wang, "今天天气真好,大家出来走走")
    home = browse(cast.vera).get(at("/")).text
    assert "今天天气真好" in home
    assert f"/discussion/rooms/{room}#newest" in home
    assert "今天天气真好" not in browse(None).get(at("/")).text
    assert "1 条意见" in browse(cast.vera).get(at("/me")).text
