"""Layers from any file: nothing is kept before somebody has looked at it, and all of it or nothing."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from portal.core.clock import now as clock_now
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.maps.formats import read_file
from portal.maps.rules import LayerKind
from portal.maps.service import layers_in
from portal.maps.sources import CHOICES
from portal.plans import layering, service
from portal.plans.models import LayerUpload
from tests.maps.mapfiles import grid, written, zipped
from tests.plans.conftest import NOON, geojson_file, notice

TABLE = {"DLBM": ["0101", "0703"] * 10, "名称": [f"地块{n}" for n in range(20)]}
OPEN_RING = [[118.0, 29.0], [118.001, 29.0], [118.001, 29.001], [118.0, 29.001]]


@pytest.fixture
def client(cast, browse, draft):
    return browse(cast.max)


def hand_in(client, at, version_id, data, filename):
    answer = client.post(
        at(f"/plans/desk/{version_id}/layers"), data={"file": (io.BytesIO(data), filename)}
    )
    assert answer.status_code == 303
    return answer.location


def choice(reading, **changes):
    facts = {}
    for place, source in enumerate(reading.sources):
        facts[f"key-{place}"] = source.key
        facts[f"kind-{place}"] = source.kind or ""
        facts[f"crs-{place}"] = "auto"
    return {**facts, **{name.replace("_", "-"): value for name, value in changes.items()}}


def names_of(version_id, kind=LayerKind.LAND_USE):
    db.session.rollback()  # what others committed meanwhile
    return [f.name for f in service.content_of(service.get_version(version_id)).map.layer(kind)]


def test_nothing_is_in_the_plan_before_it_was_confirmed(client, at, draft):
    data = geojson_file(name="新畈")
    place = hand_in(client, at, draft, data, "规划用地.geojson")
    page = client.get(place)
    assert page.status_code == 200 and "新畈" not in page.text
    assert "规划用地.geojson" in client.get(at(f"/plans/desk/{draft}/layers")).text
    assert names_of(draft) == ["前畈"]
    reading = read_file("规划用地.geojson", data)
    answer = client.post(place, data=choice(reading, deed="keep"))
    assert (answer.status_code, answer.location) == (303, at(f"/plans/desk/{draft}/layers"))
    assert names_of(draft) == ["新畈"]
    assert client.get(place).status_code == 404
    assert client.post(place, data=choice(reading, deed="keep")).status_code == 404


def test_a_file_with_faults_is_never_kept_and_says_why(client, at, draft):
    place = hand_in(client, at, draft, geojson_file(ring=OPEN_RING), "x.geojson")
    page = client.get(place)
    assert "<b>x · 第 1 个图形</b> — 边界没有闭合" in page.text
    assert 'value="keep"' not in page.text
    reading = read_file("x.geojson", geojson_file(ring=OPEN_RING))
    taken = choice(reading, deed="keep", kind_0="land_use")
    assert client.post(place, data=taken).status_code == 422
    assert names_of(draft) == ["前畈"]


def test_a_file_that_is_no_map_is_said_to_be_none(client, at, draft):
    place = hand_in(client, at, draft, b"PK\x03\x04", "x.zip")
    page = client.get(place)
    assert page.status_code == 422 and "压缩包已损坏" in page.text
    assert client.post(place, data={"deed": "keep"}).status_code == 422
    assert client.post(place, data={"deed": "look"}).status_code == 200
    assert client.post(place, data={"deed": "planted"}).status_code == 422
    gone = client.post(place, data={"deed": "away"})
    assert gone.status_code == 303 and client.get(place).status_code == 404


def test_an_unknown_system_is_asked_and_the_layers_are_chosen(client, at, draft, tmp_path):
    plan = written(tmp_path, "GHYD.shp", grid(), TABLE, epsg=4549)
    plan.with_suffix(".prj").unlink()
    area = written(tmp_path, "x.gpkg", grid()[:1], {"名称": ["全村"]}, epsg=4490, layer="图层1")
    data = zipped(plan, extra=[("x.gpkg", area.read_bytes())])
    place = hand_in(client, at, draft, data, "两层.zip")
    page = client.get(place).text
    assert "坐标系不清楚" in page or "请选择一种" in page
    before = read_file("两层.zip", data)
    first = next(n for n, source in enumerate(before.sources) if source.name == "GHYD")
    looked = choice(before, deed="look", **{f"crs_{first}": "epsg-4549", f"kind_{1 - first}": "-"})
    page = client.post(place, data=looked)
    assert page.status_code == 200 and 'value="keep"' in page.text
    chosen = {before.sources[first].key: CHOICES["epsg-4549"]}
    after = read_file("两层.zip", data, crs=chosen)
    kept = choice(after, deed="keep", **{f"crs_{first}": "epsg-4549", f"kind_{1 - first}": "-"})
    assert client.post(place, data=kept).status_code == 303
    assert len(names_of(draft)) == 20 and names_of(draft, LayerKind.VILLAGE_AREA) == []


def test_what_was_not_seen_is_not_kept(client, at, draft):
    data = geojson_file()
    place = hand_in(client, at, draft, data, "规划用地.geojson")
    for wrong in ({}, {"key-0": "another|layer|area", "kind-0": "land_use"}):
        assert client.post(place, data={"deed": "keep", **wrong}).status_code == 422
    left_out = choice(read_file("规划用地.geojson", data), deed="keep", kind_0="-")
    assert client.post(place, data=left_out).status_code == 422


def test_a_published_version_takes_no_file(client, at, draft):
    with transaction():
        upload = layering.hand_in(draft, "a.geojson", geojson_file(), now=NOON)
        upload_id = upload.id
        notice(draft)
    answer = client.post(
        at(f"/plans/desk/{draft}/layers"), data={"file": (io.BytesIO(geojson_file()), "a.geojson")}
    )
    assert answer.status_code == 422
    reading = read_file("a.geojson", geojson_file())
    kept = choice(reading, deed="keep", kind_0="land_use")
    assert client.post(at(f"/plans/desk/{draft}/layers/{upload_id}"), data=kept).status_code == 422


@pytest.mark.parametrize("person", ["vera", "otto", "nora", "sun", None])
def test_nobody_else_sees_a_file_that_waits(cast, browse, at, draft, person):
    with transaction():
        upload_id = layering.hand_in(draft, "a.geojson", geojson_file(), now=NOON).id
    client = browse(getattr(cast, person) if person else None)
    place = at(f"/plans/desk/{draft}/layers/{upload_id}")
    asked = client.get(place).status_code, client.post(place, data={"deed": "away"}).status_code
    assert asked == ((403, 403) if person else (302, 401))  # led to sign in, and refused
    assert db.session.scalar(select(func.count(LayerUpload.id))) == 1


def test_files_wait_a_day_and_five_at_most(app, draft):
    with transaction():
        ids = [layering.hand_in(draft, f"{n}.kml", b"x", now=NOON).id for n in range(7)]
    assert [upload.id for upload in layering.list_uploads(draft)] == ids[:1:-1]
    with transaction():
        assert layering.prune(now=NOON + timedelta(hours=24)) == 0
        assert layering.prune(now=NOON + timedelta(hours=24, seconds=1)) == 5
    assert layering.list_uploads(draft) == []


def test_a_file_is_of_its_version_alone(app, draft):
    with transaction():
        upload_id = layering.hand_in(draft, "a.kml", b"x", now=NOON).id
    with pytest.raises(NoResultFound):
        layering.get_upload(draft + 1, upload_id)


def test_of_two_who_take_a_file_in_one_does(race, draft):
    layers = layers_in(read_file("规划用地.geojson", geojson_file(name="新畈")))
    with transaction():
        upload_id = layering.hand_in(draft, "a.geojson", b"x", now=NOON).id
    results = race(4, lambda _n: layering.take_in(draft, upload_id, layers, now=clock_now()))
    lost = [result for result in results if isinstance(result, NoResultFound)]
    assert len(lost) == 3 and not any(isinstance(result, Refused) for result in results)
    assert names_of(draft) == ["新畈"]
