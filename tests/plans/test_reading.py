"""Reading a plan: what changes for a group, parcel by parcel, and a household's own."""

import gzip
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.core import clock, outbox
from portal.core.db import db, transaction
from portal.core.personal import Wish
from portal.maps import geojson
from portal.maps import service as maps
from portal.maps.rules import LayerKind
from portal.plans import personal, plots, service
from portal.plans.content import ControlFacts
from portal.plans.effects import controls_for, is_group
from portal.plans.models import HouseholdPlot
from portal.privacy import erasing
from portal.privacy import service as privacy
from portal.privacy.rules import Purpose
from tests.maps.large import files
from tests.plans.conftest import fill, notice

STATIC = Path(__file__).parents[2] / "portal" / "static"


def square(x, code, **properties):
    ring = [[x, 29.0], [x + 0.001, 29.0], [x + 0.001, 29.001], [x, 29.001], [x, 29.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code, **properties}, "geometry": geometry}


def layer(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def live(draft):
    """The plan on notice, with two parcels: one becomes homestead, one stays; two groups."""
    with transaction():
        for kind, data in (
            (
                LayerKind.LAND_USE,
                layer(
                    square(118.0, "0703", base_code="0101", name="前畈"),
                    square(118.001, "0301", base_code="0301"),
                ),
            ),
            (LayerKind.GROUP_AREA, layer(square(118.0, "1"), square(118.001, "2"))),
            (LayerKind.ECOLOGICAL_REDLINE, layer(square(118.001, ""))),
        ):
            service.put_layer(draft, kind, data, now=clock.now())
        for subject, title in (
            ("landuse:07", "宅基地控制"),
            ("line:ecological_redline", "红线管控"),
        ):
            service.add_control(draft, subject=subject, title=title, text="规定。", now=clock.now())
        notice(draft, now=clock.now() - timedelta(minutes=1))
    return draft


def test_a_group_reads_what_changes_for_it(cast, browse, at, live):
    client = browse(None)
    assert "您住在哪个组" in client.get(at("/plans/1/changes")).text
    page = client.get(at("/plans/1/changes?group=1")).text
    assert re.search(r"0101 水田.*?0703 农村宅基地", page, re.S)
    assert at("/plans/1/parcels/1") in page and "宅基地控制" not in page.split("<h2")[1]
    area = maps.gather(service.get_version(live).map_sheet_id).layer(LayerKind.LAND_USE)[0].area_m2
    assert f"{area / 10_000:.2f} 公顷({round(area * 15 / 10_000)} 亩)" in page
    page = client.get(at("/plans/1/changes?group=2")).text
    assert "每块地都不变" in page and "生态保护红线" in page and "红线管控" in page
    assert client.get(at("/plans/1/changes?group=99")).status_code == 404


def test_the_own_group_is_chosen_already(cast, browse, at, live):
    page = browse(cast.vera).get(at("/plans/1/changes")).text
    assert "您的组" in page and re.search(r"<option[^>]*selected[^>]*>[^<]*您的组", page)
    assert "有什么变化" in browse(cast.vera).get(at("/plans/1")).text
    assert 'id="changes"' in browse(None).get(at("/plans/1")).text


def test_a_parcel_tells_all_about_itself(browse, at, live):
    client = browse(None)
    page = client.get(at("/plans/1/parcels/1")).text
    for words in ("前畈", "0101 水田", "0703 农村宅基地", "宅基地控制", "about=parcel-1"):
        assert words in page, words
    assert "红线管控" not in page
    facts = client.get(at("/plans/1/parcels/1?part=facts")).text
    assert "0703 农村宅基地" in facts and "<html" not in facts
    assert client.get(at("/plans/1/parcels/3")).status_code == 404


def test_an_opinion_is_given_on_a_parcel(cast, browse, at, live):
    client = browse(cast.vera)
    page = client.get(at("/discussion/plans/1?about=parcel-1")).text
    assert re.search(r'<option selected value="parcel-1">地块1 前畈 0703 农村宅基地', page)
    assert "parcel-1" not in service.list_anchors(live)
    assert service.list_anchors(live, about="parcel-9") == service.list_anchors(live)
    assert service.list_anchors(live, about="parcel-x1") == service.list_anchors(live)


def test_the_list_is_cut_by_class_group_and_change(browse, at, live):
    client = browse(None)
    for query, numbers in (
        ("", ["1", "2"]),
        ("?class=03", ["2"]),
        ("?group=1", ["1"]),
        ("?changes=1", ["1"]),
        ("?class=0101", []),
    ):
        page = client.get(at(f"/plans/1/parcels{query}")).text
        assert re.findall(r'/plans/1/parcels/(\d+)"', page) == numbers, query


CONTROLS = [
    ControlFacts(n, n, subject, "", "")
    for n, subject in enumerate(("zone:0202", "line:ecological_redline", "landuse:07", "odd"))
]


@pytest.mark.parametrize(
    ("codes", "zones", "lines", "found"),
    [
        ([], [], [], []),
        (["0703"], [], [], [2]),
        (["0101"], [], [], []),
        ([], ["0202"], [], [0]),
        ([], [], ["permanent_basic_farmland"], [0]),
        ([], ["0102"], [], [1]),
        ([], ["0101"], ["ecological_redline"], [1]),
        (["070301"], ["0202", "0102"], [], [0, 1, 2]),
    ],
)
def test_which_rules_hold(codes, zones, lines, found):
    held = controls_for(CONTROLS, codes=codes, zones=zones, lines=lines)
    assert [control.id for control in held] == found


def test_a_group_is_known_by_its_number():
    assert is_group("03", 3) and is_group("3", 3)
    assert not is_group("3a", 3) and not is_group("", 0)


# --- the household's own ------------------------------------------------------------------------


def keep(client, at, number=1, **data):
    return client.post(at(f"/plans/1/parcels/{number}/ours"), data={"agree": "yes"} | data)


def plot_count():
    db.session.rollback()  # what others committed since is seen
    return db.session.scalar(select(func.count()).select_from(HouseholdPlot))


def test_only_with_consent_and_only_for_the_household(cast, browse, at, live):
    vera = browse(cast.vera)
    keep(vera, at, agree="")
    assert plot_count() == 0
    assert keep(vera, at).status_code == 303 and keep(vera, at).status_code == 303
    assert plot_count() == 1
    assert privacy.has_consent(cast.vera.account_id, Purpose.PLOT)
    page = vera.get(at("/plans/1/changes")).text
    assert "我家的地块 1" in page and "宅基地控制" in page
    for person in (cast.max, cast.otto, cast.nora, cast.ada, None):
        client = browse(person)
        assert "我家的地块 1" not in client.get(at("/plans/1/changes")).text
        assert "您家的地块<" not in client.get(at("/plans/1/parcels/1")).text
    assert keep(vera, at, 99).status_code == 404
    for person, status in ((cast.otto, 403), (cast.nora, 403), (None, 401)):
        assert keep(browse(person), at).status_code == status


def test_it_is_taken_back_with_the_consent(cast, browse, at, live):
    vera = browse(cast.vera)
    keep(vera, at)
    plot_id = db.session.scalar(select(HouseholdPlot.id))
    back = at(f"/plans/1/plots/{plot_id}/take-back")
    assert browse(cast.max).post(back).status_code == 404
    assert vera.post(back).status_code == 303
    assert plot_count() == 0 and not privacy.has_consent(cast.vera.account_id, Purpose.PLOT)


def test_taking_the_consent_back_forgets_the_parcels(cast, browse, at, live):
    vera = browse(cast.vera)
    keep(vera, at)
    vera.post(at("/privacy/consents/plot"), data={"answer": "no"})
    assert "我家的地块 1" not in vera.get(at("/plans/1/changes")).text  # at once
    outbox.handle_now()
    assert plot_count() == 0


def test_it_is_in_the_export_and_goes_with_the_person(cast, browse, at, live):
    keep(browse(cast.vera), at)
    person = erasing.person_of(cast.vera.account_id)
    with transaction():
        gone = personal.KEEPER.forget(
            replace(person, resident_id=cast.max.resident_id),
            Wish(takes_words_back=False, clears_roster=False),
            now=clock.now(),
        )
        assert gone == 0
        wish = Wish(takes_words_back=False, clears_roster=False)
        assert personal.KEEPER.forget(person, wish, now=clock.now()) == 1
    assert plot_count() == 0


def test_two_of_a_household_at_once_keep_it_once(cast, race, village, live):
    resident = erasing.person_of(cast.vera.account_id)

    def choose(_place):
        plots.choose(
            service.get_version(live),
            1,
            account_id=cast.vera.account_id,
            resident_id=resident.resident_id,
            household_id=resident.household_id,
            now=clock.now(),
        )

    assert race(4, choose) == [None] * 4
    assert plot_count() == 1


# --- bytes and statements -----------------------------------------------------------------------


@pytest.fixture
def large(village):
    """A village of two thousand parcels, on notice."""
    with transaction():
        version = service.create_plan(
            name="大村规划", base_year=2025, target_year=2035, now=clock.now()
        )
        fill(version.id)
        for kind, data in files().items():
            reading = geojson.read(data, kind)
            assert not reading.faults
            maps.write_layer(version.map_sheet_id, kind, reading.features)
        notice(version.id, now=clock.now())
    return version.id


def visit(client, address, *, images=()):
    """Return how many bytes a first visit takes: the page, and all that it asks for."""
    page = client.get(address)
    assert page.status_code == 200
    asked = set(re.findall(r'(?:href|src)="(/static/[^"#]+\.(?:css|js|svg)[^"#]*)', page.text))
    files_ = []
    for one in (*asked, *images):
        with client.get(one.replace("&amp;", "&")) as answer:  # a static file is open until then
            files_.append(answer.data)
    return sum(len(gzip.compress(data)) for data in (page.data, *files_)), len(files_) + 1


PAGES = ("", "changes?group=1", "parcels", "parcels/1", "parcels/1?part=facts", "map", "ground.svg")


def test_two_thousand_parcels_are_light_and_take_few_statements(
    cast, browse, at, live, large, count_queries
):
    client = browse(None)
    total, requests = visit(client, at(f"/plans/{large}"))
    assert total <= 60_000 and requests <= 11, (total, requests)
    page = client.get(at(f"/plans/{large}/map")).text
    ground = re.search(r'data-ground="([^"]+)"', page)[1].replace("&amp;", "&")
    assert len(gzip.compress(client.get(ground).data)) <= 80_000
    total, requests = visit(client, at(f"/plans/{large}/map"), images=[ground])
    assert total <= 130_000 and requests <= 12, (total, requests)
    assert len(gzip.compress(client.get(at(f"/plans/{large}/parcels")).data)) <= 12_000
    for page in PAGES:
        counts = []
        for version_id in (live, large):
            address = at(f"/plans/{version_id}/{page}").rstrip("/")
            client.get(address)
            with count_queries() as warm:
                assert client.get(address).status_code == 200
            counts.append(warm.n)
        assert counts[0] == counts[1] <= 6, (page, counts)


def test_a_base_map_is_handed_out_in_pieces(app, browse, at, live, tmp_path):
    client = browse(None)
    assert client.get(at("/plans/base-map.pmtiles")).status_code == 404
    assert "data-base" not in client.get(at("/plans/1/map")).text
    path = tmp_path / "county.pmtiles"
    path.write_bytes(b"PMTiles\x03" + bytes(range(256)) * 40)
    app.config["SETTINGS"].base_map = path
    try:
        piece = client.get(at("/plans/base-map.pmtiles"), headers={"Range": "bytes=0-6"})
        assert (piece.status_code, piece.data) == (206, b"PMTiles")
        assert piece.headers["Content-Range"] == f"bytes 0-6/{path.stat().st_size}"
        piece.close()
    finally:
        app.config["SETTINGS"].base_map = None
