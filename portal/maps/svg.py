"""A picture as SVG: presentation attributes only, short numbers, one path for all of a kind."""

from functools import cache
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from portal.maps.canvas import INK
from portal.maps.drawing import compose
from portal.maps.landuse import CLASSES
from portal.maps.patterns import PATTERNS, mix
from portal.maps.picture import Area, Item, Label, Line, Picture
from portal.maps.rules import Sheet
from portal.maps.strokes import number, open_path, path_of, pattern
from portal.maps.words import Words

FONT = "PingFang SC,HarmonyOS Sans SC,MiSans,Noto Sans SC,Microsoft YaHei,sans-serif"


def draw(sheet: Sheet, *, width: float = 360, text: float = 1.0, words: Words | None = None) -> str:
    """Return a sheet as one SVG document that needs nothing else (no style, no script)."""
    return write(compose(sheet, width=width, text=text, words_=words))


def write(picture: Picture, *, step: int = 1) -> str:
    """Return a picture as SVG. It says its title and what it shows to who cannot see it.

    Its shapes stand on a grid of so many tenths of a unit.
    """
    wide, high = number(picture.width), number(picture.height)
    used = {(i.pattern, i.mark) for i in picture.items if isinstance(i, Area)}
    patterns = {key: f"map-p{n}" for n, key in enumerate(sorted(used)) if key[0] in PATTERNS}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}"'
        f' height="{high}" role="img" aria-labelledby="map-title map-desc" stroke-linejoin="round"'
        f" font-family={quoteattr(FONT)}>",
        f'<title id="map-title">{escape(picture.title)}</title>',
        f'<desc id="map-desc">{escape(picture.description)}</desc>',
        "<defs>",
        *(pattern(name, PATTERNS[key[0]], key[1]) for key, name in patterns.items()),
        "</defs>",
        *(item_of(item, patterns, place, step) for place, item in enumerate(picture.items)),
        "</svg>",
    ]
    return "".join(parts)


def item_of(item: Item, patterns: dict[tuple[str, str], str], place: int, step: int = 1) -> str:
    """Return one item. ``patterns`` are the names of those defined; ``place`` makes its own."""
    if isinstance(item, Label):
        return _label(item)
    if isinstance(item, Line):
        path = path_of(item.shape, step=step)
        return f'<path d="{path}" fill="none"{stroke_of(item)}/>' if path else ""
    path = path_of(item.shape, step=step)
    if not path:
        return ""
    opacity = f' opacity="{number(item.opacity)}"' if item.opacity < 1 else ""
    rule = ' fill-rule="evenodd"'
    found = patterns.get((item.pattern, item.mark))
    paint = f"url(#{found})" if found else "none"
    if found is None or item.fill is None:
        return f'<path d="{path}" fill="{item.fill or paint}"{rule}{stroke_of(item)}{opacity}/>'
    return (  # drawn twice, written once
        f'<g fill="{item.fill}"{stroke_of(item)}><path id="map-{place}" d="{path}"{rule}/></g>'
        f'<use href="#map-{place}" fill="{paint}"/>'
    )


def _label(label: Label) -> str:
    anchor = f' text-anchor="{label.anchor}"' if label.anchor != "start" else ""
    bold = ' font-weight="700"' if label.bold else ""
    halo = f' stroke="{label.halo}" stroke-width="2.4" paint-order="stroke"' if label.halo else ""
    return (
        f'<text x="{number(label.x)}" y="{number(label.y)}" font-size="{number(label.size)}"'
        f' fill="{label.colour}"{anchor}{bold}{halo}>{escape(label.text)}</text>'
    )


def stroke_of(item: Area | Line) -> str:
    """Return the attributes of an item's stroke."""
    if not item.stroke:
        return ""
    said = f' stroke="{item.stroke}" stroke-width="{number(item.width)}"'
    if item.dash:
        said += f' stroke-dasharray="{" ".join(number(d) for d in item.dash)}"'
    if isinstance(item, Line) and item.opacity < 1:
        said += f' stroke-opacity="{number(item.opacity)}"'
    return said


SWATCH = (24, 16)
"""Width and height of a sample of a class."""


@cache
def swatch(code: str) -> str:
    """Return a sample of a class of land use, colour and pattern, for lists and tables."""
    found = CLASSES.get(code)
    if found is None:
        return ""
    wide, high = SWATCH
    strokes = ""
    if tile := PATTERNS.get(found.pattern):
        path = "".join(
            open_path([(x + tile.width * i, y + tile.height * j) for x, y in points])
            for i in range(ceil(wide / tile.width))
            for j in range(ceil(high / tile.height))
            for points in tile.paths
        )
        mark = mix(found.colour, INK, 0.5)
        strokes = (
            f'<path d="{path}" fill="none" stroke="{mark}" stroke-width="{number(tile.stroke)}"/>'
        )
    return (
        f'<svg class="swatch" viewBox="0 0 {wide} {high}" aria-hidden="true">'
        f'<rect width="{wide}" height="{high}" rx="3" fill="{found.colour}"/>{strokes}'
        f'<rect x=".5" y=".5" width="{wide - 1}" height="{high - 1}" rx="2.5" fill="none"'
        f' stroke="#55605B"/></svg>'
    )
