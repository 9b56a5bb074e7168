"""Opinions are about parts of a plan: each part counts its own, a spot lies on the map."""

import re
from decimal import Decimal
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from portal.core import clock, personal
from portal.core.db import db, transaction
from portal.core.personal import Wish
from portal.discussion import personal as own
from portal.discussion import reading, service
from portal.discussion.models import Comment, CommentSpot
from portal.discussion.rules import Order
from portal.maps.rules import LayerKind
from portal.moderation.rules import Code, Hold
from portal.plans import fragments, grounds, place_views, spots
from portal.plans import service as plans
from tests.plans.conftest import fill, geojson_file, notice

SPOT = "at-118.0004,29.0006"


@pytest.fixture
def mapped(cast, village):
    """A plan on notice with a map of one parcel, a goal, an indicator, a project and a chapter."""
    grounds.forget()
    fragments.forget()
    now = clock.now()
    with transaction():
        version = plans.create_plan(name="青溪村规划", base_year=2025, target_year=2035, now=now)
        fill(version.id, now=now)
        plans.put_layer(version.id, LayerKind.LAND_USE, geojson_file(), now=now)
        notice(version.id, now=now)
    return version.id


def give(client, at, version, about, body="这里太窄", key="key-00000001"):
    return client.post(
        at(f"/discussion/plans/{version}"), data={"key": key, "about": about, "body": body}
    )


@pytest.mark.parametrize(
    "about", ["plan", "goal-1", "indicator-1", "project-1", "section-1", "parcel-1"]
)
def test_every_part_of_a_plan_counts_what_was_said_about_it(mapped, cast, browse, at, about):
    assert give(browse(cast.vera), at, mapped, about).status_code == 302
    key = "" if about == "plan" else about
    assert reading.by_anchor(mapped) == {key: 1}
    page = browse(None).get(at(f"/plans/{mapped}")).text
    if about not in ("plan", "parcel-1", "project-1"):
        counted = re.search(rf'about={about}"[^>]*>(.*?)</(?:p|td)>', page, re.S)[1]
        assert "已有 1 条" in re.sub(r"<[^>]+>", "", counted)
    assert "<!--said" not in page
    address = {"project-1": "projects/1", "parcel-1": f"{mapped}/parcels/1"}.get(about)
    if address:
        assert "1 条意见" in browse(None).get(at(f"/plans/{address}")).text
    filtered = browse(None).get(at(f"/discussion/plans/{mapped}?about={about}")).text
    assert "这里太窄" in filtered
    other = browse(None).get(at(f"/discussion/plans/{mapped}?about=spot")).text
    assert "这里太窄" not in other


def test_the_count_on_a_kept_page_is_never_stale(mapped, cast, browse, at, say):
    stranger = browse(None)
    assert "已有" not in stranger.get(at(f"/plans/{mapped}")).text.partition('id="goals"')[2]
    say(mapped, cast.vera, about="goal-1", about_title="目标1")
    assert "已有 1 条" in stranger.get(at(f"/plans/{mapped}")).text.partition('id="goals"')[2]


def test_a_spot_is_kept_to_ten_metres_and_marked_on_the_map(mapped, cast, browse, at):
    client = browse(cast.vera)
    fine = "at-118.000412345,29.000587654"
    page = client.get(at(f"/discussion/plans/{mapped}?about={fine}")).text
    assert f'<option selected value="{SPOT}">图上一点(地块1 前畈)</option>' in page
    assert give(client, at, mapped, SPOT).status_code == 302
    comment = db.session.scalar(select(Comment))
    spot = db.session.scalar(select(CommentSpot))
    assert (comment.about, comment.about_title) == ("spot", "图上一点(地块1 前畈)")
    assert (spot.comment_id, spot.longitude, spot.latitude) == (
        comment.id,
        Decimal("118.0004"),
        Decimal("29.0006"),
    )
    for path in (f"opinions/{comment.id}", f"plans/{mapped}?about=spot"):
        page = browse(None).get(at(f"/discussion/{path}")).text
        assert re.search(r'<g transform="translate\([\d. ]+\)"><circle.*?>1</text>', page)
    assert "<circle" not in browse(None).get(at(f"/discussion/plans/{mapped}")).text


@pytest.mark.parametrize(
    "about",
    [
        "at-10.0,29.0006",
        "at-118.0004,60",
        "at-nan,1",
        "at-1e9,1",
        "at-,",
        "parcel-99",
        "goal-7",
        "x",
    ],
)
def test_what_is_not_on_the_plan_is_about_the_whole(mapped, cast, browse, at, about):
    assert give(browse(cast.vera), at, mapped, about).status_code == 302
    assert db.session.scalar(select(Comment.about)) == ""
    assert db.session.scalar(select(CommentSpot)) is None


@pytest.mark.parametrize(("held", "hidden"), [(Hold.WORDS, None), (None, Code.INSULT)])
def test_a_spot_nobody_may_read_about_is_not_marked(mapped, cast, browse, at, held, hidden):
    give(browse(cast.vera), at, mapped, SPOT, body="骂人的话")
    with transaction():
        service.set_standing(1, held_for=held, hidden_code=hidden)
    for path in ("", "/opinions/1", f"/plans/{mapped}?about=spot"):
        page = browse(cast.wang).get(at(f"/discussion{path}")).text
        assert "骂人的话" not in page
        assert "<circle" not in page
    assert "骂人的话" in browse(cast.vera).get(at("/discussion/opinions/1")).text


def test_a_place_is_chosen_without_a_script(mapped, browse, at):
    client = browse(None)
    page = client.get(at(f"/plans/{mapped}/place"))
    assert 'type="image"' in page.text
    frame = spots.frame_of(plans.get_version(mapped))
    x, y = (
        round(part * place_views.WIDE / frame.width)
        for part in spots.place_on(frame, spots.read_spot(SPOT))
    )
    answer = client.get(at(f"/plans/{mapped}/place?tap.x={x}&tap.y={y}"))
    assert unquote(answer.location) == at(f"/discussion/plans/{mapped}?about={SPOT}")
    answer = client.get(at(f"/plans/{mapped}/place?parcel=1"))
    assert answer.location == at(f"/discussion/plans/{mapped}?about=parcel-1")
    answer = client.get(at(f"/plans/{mapped}/place?parcel=77"))
    assert answer.status_code == 422
    assert "图上没有这个编号的地块" in answer.text
    landmark = re.search(r'<option value="(at-[^"]+)">', page.text)[1]
    assert client.get(at(f"/plans/{mapped}/place?at={landmark}")).status_code == 302
    assert client.get(at(f"/plans/{mapped}/place?tap.x=0&tap.y=0")).status_code == 200


def test_the_oldest_can_come_first(version, cast, say):
    for _ in range(5):
        say(version, cast.vera)

    def numbers(**facts):
        found = service.list_opinions(version, limit=2, order=Order.OLDEST, **facts)
        return [o.comment.number for o in found]

    assert numbers() == [1, 2]
    assert numbers(after=2) == [3, 4]


def test_whoever_takes_their_words_back_takes_the_spot_too(mapped, cast, browse, at):
    give(browse(cast.vera), at, mapped, SPOT)
    person = personal.Person(
        account_id=cast.vera.id, village_id=1, resident_id=cast.vera.resident_id,
        household_id=None, group_id=None, phone=None,
    )  # fmt: skip
    told = personal.tell(own.KEEPER, person)[0].rows[0]
    assert (told["longitude"], told["latitude"]) == (Decimal("118.0004"), Decimal("29.0006"))
    with transaction():
        own.forget(person, Wish(takes_words_back=True, clears_roster=False), now=clock.now())
    assert db.session.scalar(select(CommentSpot)) is None
    assert service.tally(mapped).total == 1
