"""Pages of notices: who reads what, what they say, and a notice done from the phone."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from portal.core import clock
from portal.core.db import db, transaction
from portal.notices import pictures, service, views
from portal.notices.models import Notice, NoticePhoto
from portal.notices.rules import ChannelKind, NoticeState, NoticeType, Refusal
from portal.notices.words import CHANNELS, REFUSALS, STATES, TYPES
from tests.notices.conftest import plan, prove, start
from tests.pictures import picture

PUBLIC = ("/notices/", "/notices/1", "/notices/1/sheet", "/notices/1/photos/1.jpg")
DESK = ("/notices/desk", "/notices/desk/1")
EDIT = (
    "/notices/desk/new", "/notices/desk/new/points", "/notices/desk/lengths",
    "/notices/desk/calendar", "/notices/desk/1/again",
)  # fmt: skip
LOCAL = "%Y-%m-%dT%H:%M"


@pytest.fixture
def ready(village) -> int:
    """A notice planned for today by the real clock, with its two boards up."""
    now = clock.now()
    with transaction():
        notice_id = plan(planned_for=clock.today(now), now=now).id
        prove(notice_id, now=now)
    return notice_id


@pytest.fixture
def live(ready) -> int:
    """The same, open since now."""
    with transaction():
        start(ready, now=clock.now())
    return ready


def hour_ago():
    return (clock.now() - timedelta(hours=1)).astimezone(clock.SHANGHAI).strftime(LOCAL)


def test_every_type_way_state_and_reason_has_words():
    assert set(TYPES) == set(NoticeType) and set(CHANNELS) == set(ChannelKind)
    assert set(STATES) == set(NoticeState) and set(REFUSALS) == set(Refusal)


@pytest.mark.parametrize("page", PUBLIC)
def test_what_is_open_is_for_everybody(cast, browse, at, live, page):
    for person in (*vars(cast).values(), None):
        assert browse(person).get(at(page)).status_code == 200


@pytest.mark.parametrize("page", PUBLIC[1:])
def test_what_is_only_planned_is_for_those_who_prepare_it(cast, browse, at, ready, page):
    staff = {"max": 200, "paula": 200, "ada": 200, "sun": 200}
    for name, person in vars(cast).items():
        wanted = 404 if page == "/notices/1" else staff.get(name, 404)
        assert browse(person).get(at(page)).status_code == wanted, name
    assert browse(None).get(at(page)).status_code == 404


@pytest.mark.parametrize(
    ("pages", "open_to"),
    [(DESK, ("max", "paula", "ada", "sun")), (EDIT, ("max", "paula", "ada"))],
)
def test_pages_of_the_desk(cast, browse, at, live, pages, open_to):
    for page in pages:
        for name, person in vars(cast).items():
            wanted = 200 if name in open_to else 403
            assert browse(person).get(at(page)).status_code == wanted, (page, name)
        assert browse(None).get(at(page)).status_code == 302


@pytest.mark.parametrize("page", (*PUBLIC[1:], *DESK[1:]))
def test_a_notice_is_not_found_in_another_village(cast, browse, at, neighbour, live, page):
    for person in (cast.nora, cast.max, None):
        answer = browse(person).get(at(page, neighbour))
        assert answer.status_code in ((302, 403) if "desk" in page else (404,))


DEEDS = {
    "/notices/desk/new/points": {"title": "x", "body": "x"},
    "/notices/desk/1/ways/2": {"up_at": "2026-01-01T08:00"},
    "/notices/desk/1/ways/2/photos": {},
    "/notices/desk/1/day": {"planned_for": "2030-01-01"},
    "/notices/desk/1/withdraw": {},
    "/notices/desk/1/again": {"title": "x", "body": "x"},
    "/notices/desk/1/open": {},
    "/notices/desk/1/void": {"reason": "坏"},
    "/notices/desk/lengths": {"type": "points", "length": 3, "citation": "x"},
}


@pytest.mark.parametrize("path", DEEDS)
def test_nora_and_villagers_change_nothing(cast, browse, at, neighbour, ready, path):
    data = DEEDS[path]
    for person in (cast.nora, cast.vera, cast.otto, cast.sun):
        assert browse(person).post(at(path), data=data).status_code == 403
    assert browse(None).post(at(path), data=data).status_code == 401
    assert browse(cast.max).post(at(path, neighbour), data=data).status_code == 403
    if path.endswith(("open", "void", "lengths")):  # the planner prepares, the committee opens
        assert browse(cast.paula).post(at(path), data=data).status_code == 403
    db.session.expire_all()
    [notice] = db.session.query(Notice).all()
    assert (notice.opened_at, notice.voided_at, notice.withdrawn_at) == (None, None, None)


def test_a_notice_from_the_plan_to_its_page(cast, browse, at):
    """As the committee does it on a phone: choose, write, photograph, open."""
    client = browse(cast.max)
    assert "会前3天 · 浙江省实施" in client.get(at("/notices/desk/new")).text
    page = client.get(at("/notices/desk/new/housing_need")).text
    assert "村委会公开栏" in page and "截止日期由网站计算，不用人填。" in page
    today = clock.today(clock.now())
    data = {
        "title": "建房需求", "body": "名单 **公示**", "what_to_do": "到村委会",
        "planned_for": today.isoformat(), "boards": "村委会\n溪头", "extra": "broadcast", "must": "no",
    }  # fmt: skip
    answer = client.post(at("/notices/desk/new/housing_need"), data=data)
    assert (answer.status_code, answer.location) == (303, at("/notices/desk/1"))
    page = client.get(at("/notices/desk/1")).text
    assert page.count("还没到位") == 3 and "还有必须的渠道没有到位" in page
    refused = client.post(at("/notices/desk/1/open"), data={})
    assert refused.status_code == 422 and "还有必须的渠道没有到位" in refused.text
    for channel in service.missing_ways(1):
        path = at(f"/notices/desk/1/ways/{channel.id}")
        answer = client.post(path, data={"up_at": hour_ago(), "note": "东墙"})
        assert answer.status_code == 422 and "公开栏要有照片" in answer.text
        photo = (io.BytesIO(picture((300, 200))), "IMG_0001.jpg")
        answer = client.post(path, data={"up_at": hour_ago(), "note": "东墙", "photos": photo})
        assert answer.status_code == 303
    answer = client.post(at("/notices/desk/1/open"), data={})
    assert (answer.status_code, answer.location) == (303, at("/notices/1"))
    page = browse(None).get(at("/notices/1")).text
    db.session.rollback()
    run = service.find_opened("general", 1, type_=NoticeType.HOUSING_NEED)
    assert "<strong>公示</strong>" in page and "到村委会" in page and "东墙" in page
    assert f"{run.last_on.month}月{run.last_on.day}日" in page
    assert f"共{run.days}天，起始日不计。" in page and "还剩" in page
    assert page.count('<img src="' + at("/notices/1/photos/")) == 2


def test_a_typed_earlier_end_is_refused_in_words(cast, browse, at, ready):
    tomorrow = (clock.today(clock.now()) + timedelta(days=1)).isoformat()
    answer = browse(cast.max).post(at("/notices/desk/1/open"), data={"last_on": tomorrow})
    assert answer.status_code == 422 and "公示不能早于上面算出的那天结束" in answer.text
    db.session.expire_all()
    assert service.get_notice(ready).opened_at is None


def test_void_in_public_and_anew(cast, browse, at, live):
    client = browse(cast.max)
    assert client.post(at("/notices/desk/1/void"), data={"reason": ""}).status_code == 422
    assert client.post(at("/notices/desk/1/void"), data={"reason": "日期写错"}).status_code == 303
    page = browse(None).get(at("/notices/1")).text
    assert "这次公示已作废" in page and "日期写错" in page and "还剩" not in page
    page = client.get(at("/notices/desk/1/again")).text
    assert "正文 **重点**" in page
    data = {
        "title": "改好的公示",
        "body": "新正文",
        "planned_for": clock.today(clock.now()).isoformat(),
    }
    assert client.post(at("/notices/desk/1/again"), data=data).location == at("/notices/desk/2")
    with transaction():
        prove(2, now=clock.now())
        start(2, now=clock.now())
    page = browse(None).get(at("/notices/1")).text
    assert f'href="{at("/notices/2")}"' in page and "看新的公示" in page
    assert "第1次公示" in browse(None).get(at("/notices/2")).text


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (b"<script>", "这不是能识别的照片"),
        (b"", "公开栏要有照片"),
        (b"\xff" * 2000, "照片超过12 MB"),
    ],
)
def test_what_is_no_photo_is_said_where_it_was_sent(
    cast, browse, at, village, photo, words, monkeypatch
):
    monkeypatch.setattr(pictures, "MAX_BYTES", 1999)
    with transaction():
        notice_id = plan(now=clock.now()).id
        channel_id = service.missing_ways(notice_id)[0].id
    data = {"up_at": hour_ago(), "photos": (io.BytesIO(photo), "x.jpg")}
    answer = browse(cast.paula).post(at(f"/notices/desk/1/ways/{channel_id}"), data=data)
    assert answer.status_code == 422 and words in answer.text


def test_no_stored_photo_says_where_it_was_taken(cast, browse, at, live):
    """P58: whatever way a photo came in, what is handed out has no EXIF and no GPS."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "GEHEIM"
    raw = picture((300, 200), colour="navy", exif=exif)
    assert b"GEHEIM" in raw
    board = service.boards_of(live)[0].id
    data = {"photos": (io.BytesIO(raw), "x.jpg")}
    path = at(f"/notices/desk/1/ways/{board}/photos")
    assert browse(cast.max).post(path, data=data).status_code == 303
    assert (
        "这张照片已经有了"
        in browse(cast.max).post(path, data={"photos": (io.BytesIO(raw), "x.jpg")}).text
    )
    kept = db.session.query(NoticePhoto).all()
    assert len(kept) == 3
    for photo in kept:
        answer = browse(None).get(at(f"/notices/1/photos/{photo.id}.jpg"))
        assert answer.mimetype == "image/jpeg" and b"GEHEIM" not in answer.data
        with Image.open(io.BytesIO(answer.data)) as image:
            assert dict(image.getexif()) == {} and "exif" not in image.info


def test_the_sheet_leads_to_the_page(cast, browse, at, live):
    page = browse(None).get(at("/notices/1/sheet")).text
    assert "<svg" in page and f"http://localhost{at('/notices/1')}" in page
    assert "占地公示" in page and "共" in page and "起始日不计" in page


def test_script_in_a_text_stays_text(browse, at, village):
    now = clock.now()
    with transaction():
        notice_id = plan(
            title="<script>alert(1)</script>",
            body="<script>alert(2)</script> [x](javascript:alert(3))",
            now=now,
        ).id
        prove(notice_id, now=now)
        start(notice_id, now=now)
    for path in ("/notices/1", "/notices/1/sheet", "/notices/"):
        page = browse(None).get(at(path)).text
        assert "<script>alert" not in page and 'href="javascript' not in page


def test_lists_take_as_many_statements_however_long(cast, browse, at, live, count_queries):
    client = browse(cast.max)
    counts = []
    for _ in range(2):
        for page in ("/notices/", "/notices/desk"):
            client.get(at(page))
            with count_queries() as counted:
                client.get(at(page))
            counts.append(counted.n)
        with transaction():
            for _ in range(2):
                prove(other := plan(NoticeType.POINTS, now=clock.now()).id, now=clock.now())
                start(other, now=clock.now())
    assert counts[:2] == counts[2:]


def test_cards(cast, app, browse, at, live):
    now = clock.now()
    ends = service.get_notice(live).ends_at
    with transaction():
        planned = plan(NoticeType.POINTS, now=now).id
    with app.test_request_context(at("/")):
        app.preprocess_request()
        [card] = views.take_part_cards(now=now)
        assert (card.title, card.href, card.closes_at) == ("占地公示", at("/notices/1"), ends)
        [home] = views.home_cards(now=now)
        assert (home.href, home.closes_at) == (at("/notices/1"), None)
        assert home.line.startswith("还剩") and home.line.endswith("24:00 截止")
        assert views.home_cards(now=ends) == views.take_part_cards(now=ends) == []
        assert views.desk_cards(now=now) == []
    page = browse(cast.max).get(at("/desk")).text
    assert at(f"/notices/desk/{planned}") in page and "日子到了" in page


def test_the_lengths_page(cast, browse, at):
    client = browse(cast.max)
    page = client.get(at("/notices/desk/lengths")).text
    assert "批准后20天内公布" in page and "10个工作日" in page
    bad = {"type": "plan_draft", "length": 29, "citation": "快"}
    answer = client.post(at("/notices/desk/lengths"), data=bad)
    assert answer.status_code == 422 and "这类公示不能这么短" in answer.text
    good = {"type": "points", "length": 7, "citation": "村民会议决定"}
    assert client.post(at("/notices/desk/lengths"), data=good).status_code == 303
    assert re.search(r"7 ?天</td><td>村民会议决定", client.get(at("/notices/desk/lengths")).text)


def test_the_calendar_page(cast, browse, at):
    client = browse(cast.max)
    assert "国庆节" in client.get(at("/notices/desk/calendar")).text
    data = {"day": "2026-03-02", "is_rest": "rest", "name": "庙会"}
    assert client.post(at("/notices/desk/calendar"), data=data).status_code == 303
    assert "庙会" in client.get(at("/notices/desk/calendar")).text
    for person in (cast.vera, cast.sun, cast.otto, cast.nora):
        assert browse(person).get(at("/notices/desk/calendar")).status_code == 403
        assert browse(person).post(at("/notices/desk/calendar"), data=data).status_code == 403
    assert browse(cast.paula).post(at("/notices/desk/calendar"), data=data).status_code == 403
