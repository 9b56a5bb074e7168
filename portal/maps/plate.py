"""A picture as a ReportLab drawing: the map plate of the PDF papers, all of it vectors."""

from collections.abc import Iterator

import numpy as np
import shapely
from reportlab.graphics.shapes import Drawing, Group, Path, Shape, String
from reportlab.lib.colors import HexColor
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from portal.maps.drawing import compose
from portal.maps.furniture import legend_entries
from portal.maps.patterns import PATTERNS
from portal.maps.picture import Area, Item, Label, Line, Picture
from portal.maps.rules import Sheet
from portal.maps.words import Words

SMALLEST = 9.0
"""The smallest words of a map whose text is 1.0, in units of the picture."""
SAMPLE = (30.0, 15.0)
"""Width and height of a sample of the legend, in points."""


def drawing(
    sheet: Sheet,
    width: float,
    height: float,
    *,
    font: str = "Helvetica",
    bold: str | None = None,
    words: Words | None = None,
    least: float | None = None,
) -> Drawing:
    """Return a sheet as a drawing that fits into a box, in points, with its proportions kept.

    ``font`` must be registered with ReportLab and know Chinese where the map speaks it. With
    ``least`` no word is smaller than so many points and there is no legend: it stands apart.
    """
    if least is None:
        picture = compose(sheet, width=max(360.0, min(width, 720.0)), words_=words)
    else:
        picture = _lettered(sheet, width, height, words, least)
    scale = min(width / picture.width, height / picture.height)
    if least is not None:
        scale = min(scale, 1.0)
    plate = Drawing(picture.width * scale, picture.height * scale)
    plate.add(_group(picture, scale, font, bold or font))
    return plate


def _lettered(
    sheet: Sheet, width: float, height: float, words: Words | None, least: float
) -> Picture:
    """Return a picture as wide as its height allows, so that nothing has to be made smaller."""
    text = least / SMALLEST
    picture = compose(sheet, width=width, text=text, words_=words, has_legend=False)
    if picture.height <= height:
        return picture
    narrower = width * height / picture.height
    return compose(sheet, width=narrower, text=text, words_=words, has_legend=False)


def legend(
    sheet: Sheet, *, words: Words, font: str, bold: str | None = None
) -> list[tuple[str, Drawing]]:
    """Return each line of the legend: what it says, and its sample."""
    wide, high = SAMPLE
    at = box(0.5, 0.5, wide - 0.5, high - 0.5)
    found = []
    for name, sample in legend_entries(sheet, words):
        picture = Picture(wide, high, name, "", tuple(sample(at)))
        swatch = Drawing(wide, high)
        swatch.add(_group(picture, 1.0, font, bold or font))
        found.append((name, swatch))
    return found


def _group(picture: Picture, scale: float, font: str, bold: str) -> Group:
    inner = Group(
        *(shape for item in picture.items for shape in _shapes(item, picture, font, bold))
    )
    inner.transform = (scale, 0, 0, scale, 0, 0)
    return inner


def _shapes(item: Item, picture: Picture, font: str, bold: str) -> Iterator[Shape]:
    top = picture.height
    if isinstance(item, Label):
        yield from _label(item, top, bold if item.bold else font)
    elif isinstance(item, Line):
        yield from _lines(item.shape, top, item.stroke, item.width, item.dash, item.opacity)
    else:
        yield from _area(item, top)


def _area(item: Area, top: float) -> Iterator[Shape]:
    path = Path(
        fillColor=HexColor(item.fill) if item.fill else None,
        fillOpacity=item.opacity if item.fill else None,
        fillMode=0,  # even-odd: rings inside rings are holes
        strokeColor=HexColor(item.stroke) if item.stroke else None,
        strokeWidth=item.width,
        strokeDashArray=list(item.dash) or None,
        strokeLineJoin=1,
    )
    for part in _solid(item.shape):
        for ring in (part.exterior, *part.interiors):
            first, *others = shapely.get_coordinates(ring).tolist()[:-1]
            path.moveTo(first[0], top - first[1])
            for point in others:
                path.lineTo(point[0], top - point[1])
            path.closePath()
    if path.points:
        yield path
    if item.pattern in PATTERNS:
        marks = tile(item.shape, item.pattern)
        yield from _lines(marks, top, item.mark, PATTERNS[item.pattern].stroke, (), item.opacity)


def _solid(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the polygons of a shape; what simplifying made vanish is left out."""
    return [part for part in shapely.get_parts(shape).tolist() if not part.is_empty]


def tile(shape: BaseGeometry, pattern: str) -> BaseGeometry:
    """Return the strokes of a pattern, repeated over a shape and cut at its border."""
    if shape.is_empty:
        return shape
    found = PATTERNS[pattern]
    west, north, east, south = shape.bounds
    columns = np.arange(int(west // found.width), int(east // found.width) + 1) * found.width
    rows = np.arange(int(north // found.height), int(south // found.height) + 1) * found.height
    corners = np.stack(np.meshgrid(columns, rows, indexing="ij"), axis=-1)
    strokes = [
        shapely.linestrings(corners[:, :, np.newaxis, :] + np.array(path)) for path in found.paths
    ]
    return shapely.multilinestrings(np.stack(strokes, axis=-1).ravel()).intersection(shape)


def _lines(
    shape: BaseGeometry,
    top: float,
    stroke: str,
    width: float,
    dash: tuple[float, ...],
    opacity: float,
) -> Iterator[Shape]:
    path = Path(
        fillColor=None,
        strokeColor=HexColor(stroke),
        strokeWidth=width,
        strokeOpacity=opacity if opacity < 1 else None,
        strokeDashArray=list(dash) or None,
        strokeLineCap=0 if dash else 1,
        strokeLineJoin=1,
    )
    for part in shapely.get_parts(shape):
        if part.is_empty or part.geom_type not in ("LineString", "LinearRing"):
            continue
        first, *others = shapely.get_coordinates(part).tolist()
        path.moveTo(first[0], top - first[1])
        for point in others:
            path.lineTo(point[0], top - point[1])
    if path.points:
        yield path


def _label(label: Label, top: float, font: str) -> Iterator[Shape]:
    said = String(
        label.x,
        top - label.y,
        label.text,
        fontName=font,
        fontSize=label.size,
        fillColor=HexColor(label.colour),
        textAnchor=label.anchor,
    )
    if label.halo:
        halo = HexColor(label.halo)
        for right, up in ((-1, 0), (1, 0), (0, -1), (0, 1)):  # ReportLab strokes no halo
            shadow = said.copy()
            shadow.x, shadow.y = label.x + right * 0.8, top - label.y + up * 0.8
            shadow.fillColor = halo
            yield shadow
    yield said
