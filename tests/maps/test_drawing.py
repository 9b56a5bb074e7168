"""From sheet to SVG and plate: geometry, furniture, size, nothing that a strict CSP would block."""

import gzip
import random
import re
import xml.etree.ElementTree as ElementTree

import pytest
import shapely
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import String
from shapely.geometry import shape

from portal.maps import geojson, landscape, plate, svg
from portal.maps.canvas import INK, round_length
from portal.maps.drawing import compose
from portal.maps.landuse import CLASSES
from portal.maps.patterns import PATTERNS
from portal.maps.picture import Area, Label
from portal.maps.projection import around
from portal.maps.rules import Feature, Layer, LayerKind, Sheet
from portal.maps.words import Words

WORDS = Words("zh_Hans", "图例", "北", "米", "公里", "公顷", {k: k.value for k in LayerKind})
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def files():
    return landscape.village(random.Random(11))


@pytest.fixture(scope="module")
def sheet(files):
    layers = [Layer(kind, geojson.read(data, kind).features) for kind, data in files.items()]
    return Sheet("青溪村 <示例> & 规划图", "2026–2035", tuple(layers))


def test_the_invented_village_is_the_same_for_the_same_numbers(files):
    assert landscape.village(random.Random(11)) == files
    assert landscape.village(random.Random(12)) != files


def test_its_parcels_fit_together_without_gap_or_overlap(sheet):
    parcels = [shape(f.geometry) for f in sheet.layer(LayerKind.LAND_USE)]
    assert 120 <= len(parcels) <= 280
    assert shapely.coverage_is_valid(parcels)
    village = sum(f.area_m2 for f in sheet.layer(LayerKind.VILLAGE_AREA))
    assert sum(f.area_m2 for f in sheet.layer(LayerKind.LAND_USE)) == pytest.approx(
        village, rel=1e-4
    )
    assert len(sheet.layer(LayerKind.PLACE)) == 10


def test_the_svg_is_small_well_formed_and_fit_for_a_strict_policy(sheet):
    drawn = svg.draw(sheet, words=WORDS)
    assert len(gzip.compress(drawn.encode(), 9)) <= 20_000
    root = ElementTree.fromstring(drawn)  # noqa: S314 -- our own
    assert root.find(f"{SVG}title").text == "青溪村 <示例> & 规划图"
    assert "水田" in root.find(f"{SVG}desc").text
    assert not any("style" in e.attrib for e in root.iter())
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg", "title", "desc", "defs", "pattern", "path", "text", "g", "use"
    }  # fmt: skip
    assert all(e.get("href", "").startswith("#map-") for e in root.iter(f"{SVG}use"))
    numbers = re.findall(r'd="([^"]*)"', drawn)
    assert not re.search(r"\.\d\d", "".join(numbers)), "a path has more than one decimal"


def test_the_map_has_its_furniture(sheet):
    words = [i.text for i in compose(sheet, words_=WORDS).items if isinstance(i, Label)]
    assert {"图例", "北", "0", "500 米", "0101 水田", "青溪村 <示例> & 规划图", "2026–2035"} <= set(
        words
    )
    assert set(landscape.HAMLETS) <= set(words)


def test_colour_is_never_alone():
    seen = {}
    for code, found in CLASSES.items():
        assert found.pattern in (*PATTERNS, "plain")
        seen.setdefault(found.pattern, set()).add(code[:2])
    areas = [found for found in CLASSES.values() if found.pattern == "plain"]
    assert all(found.code.startswith(("03", "07", "12")) for found in areas)


def test_elder_words_are_larger_and_the_map_stays(sheet):
    sizes = {}
    for text in (1.0, 1.3):
        picture = compose(sheet, text=text, words_=WORDS)
        label = next(i for i in picture.items if isinstance(i, Label) and i.text == "图例")
        sizes[text] = (label.size, picture.width)
    assert sizes[1.3][0] == pytest.approx(sizes[1.0][0] * 1.3)
    assert sizes[1.3][1] == sizes[1.0][1] == 360


def test_plate_and_svg_draw_the_same_words(sheet):
    drawing = plate.drawing(sheet, 360, 10_000, words=WORDS)
    drawn = {s.text for s in drawing.contents[0].contents if isinstance(s, String)}
    labels = {i.text for i in compose(sheet, words_=WORDS).items if isinstance(i, Label)}
    assert drawn == labels


def test_the_plate_fits_its_box_and_becomes_a_pdf(sheet):
    drawing = plate.drawing(sheet, 200, 150, words=WORDS)
    assert drawing.width <= 200.001 and drawing.height <= 150.001
    assert renderPDF.drawToString(drawing).startswith(b"%PDF")


def test_an_empty_sheet_still_draws():
    drawn = svg.draw(Sheet("空", "", ()), words=WORDS)
    assert ElementTree.fromstring(drawn).find(f"{SVG}title").text == "空"  # noqa: S314


def test_a_single_point_draws():
    point = Feature(1, "村口", "", "", {"type": "Point", "coordinates": [118.6, 29.0]}, 0)
    picture = compose(Sheet("点", "", (Layer(LayerKind.PLACE, (point,)),)), words_=WORDS)
    assert "村口" in [i.text for i in picture.items if isinstance(i, Label)]


@pytest.mark.parametrize(
    ("metres", "bar"), [(0.5, 1), (1, 1), (9.9, 5), (10, 10), (499, 200), (500, 500), (1999, 1000)]
)
def test_scale_bars_have_round_lengths(metres, bar):
    assert round_length(metres) == bar


def test_the_scale_bar_is_true(sheet):
    """The black half of the bar is 250 m on the plane of the map."""
    picture = compose(sheet, words_=WORDS)
    halves = [
        i for i in picture.items if isinstance(i, Area) and i.stroke == INK and i.width == 0.7
    ]
    west, _, east, _ = halves[0].shape.bounds
    points = [shape(f.geometry) for layer in sheet.layers for f in layer.features]
    plane = around(tuple(shapely.total_bounds(points).tolist()))
    left, _, right, _ = shapely.total_bounds([plane.flatten(p) for p in points])
    scale = (360 - 20) / (right - left)
    assert (east - west) / scale == pytest.approx(250, rel=0.02)
