"""A picture as SVG: presentation attributes only, short numbers, one path for all of a kind."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

import shapely
from shapely.geometry.base import BaseGeometry

from portal.maps.drawing import compose
from portal.maps.patterns import PATTERNS
from portal.maps.picture import Area, Item, Label, Line, Picture
from portal.maps.rules import Sheet
from portal.maps.words import Words

FONT = "PingFang SC,HarmonyOS Sans SC,MiSans,Noto Sans SC,Microsoft YaHei,sans-serif"


def draw(sheet: Sheet, *, width: float = 360, text: float = 1.0, words: Words | None = None) -> str:
    """Return a sheet as one SVG document that needs nothing else (no style, no script)."""
    return write(compose(sheet, width=width, text=text, words_=words))


def write(picture: Picture) -> str:
    """Return a picture as SVG. It says its title and what it shows to who cannot see it."""
    wide, high = _number(picture.width), _number(picture.height)
    used = {(i.pattern, i.mark) for i in picture.items if isinstance(i, Area)}
    patterns = {key: f"p{n}" for n, key in enumerate(sorted(used)) if key[0] in PATTERNS}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}"'
        f' height="{high}" role="img" aria-labelledby="map-title map-desc" stroke-linejoin="round"'
        f" font-family={quoteattr(FONT)}>",
        f'<title id="map-title">{escape(picture.title)}</title>',
        f'<desc id="map-desc">{escape(picture.description)}</desc>',
        "<defs>",
        *(_pattern(name, key[0], key[1]) for key, name in patterns.items()),
        "</defs>",
        *(_item(item, patterns) for item in picture.items),
        "</svg>",
    ]
    return "".join(parts)


def _pattern(identity: str, name: str, colour: str) -> str:
    tile = PATTERNS[name]
    path = "".join(_open_path(points) for points in tile.paths)
    return (
        f'<pattern id="{identity}" width="{_number(tile.width)}" height="{_number(tile.height)}"'
        f' patternUnits="userSpaceOnUse"><path d="{path}" fill="none" stroke="{colour}"'
        f' stroke-width="{_number(tile.stroke)}" stroke-linecap="round"/></pattern>'
    )


def _item(item: Item, patterns: dict[tuple[str, str], str]) -> str:
    if isinstance(item, Label):
        return _label(item)
    if isinstance(item, Line):
        path = _path(item.shape)
        return f'<path d="{path}" fill="none"{_stroke(item)}/>' if path else ""
    path = _path(item.shape)
    if not path:
        return ""
    opacity = f' opacity="{_number(item.opacity)}"' if item.opacity < 1 else ""
    rule = ' fill-rule="evenodd"'
    found = patterns.get((item.pattern, item.mark))
    paint = f"url(#{found})" if found else "none"
    plain = f'<path d="{path}" fill="{item.fill or paint}"{rule}{_stroke(item)}{opacity}/>'
    if found is None or item.fill is None:
        return plain
    return f'{plain}<path d="{path}" fill="{paint}"{rule}/>'  # twice: costs next to nothing zipped


def _label(label: Label) -> str:
    anchor = f' text-anchor="{label.anchor}"' if label.anchor != "start" else ""
    bold = ' font-weight="700"' if label.bold else ""
    halo = f' stroke="{label.halo}" stroke-width="2.4" paint-order="stroke"' if label.halo else ""
    return (
        f'<text x="{_number(label.x)}" y="{_number(label.y)}" font-size="{_number(label.size)}"'
        f' fill="{label.colour}"{anchor}{bold}{halo}>{escape(label.text)}</text>'
    )


def _stroke(item: Area | Line) -> str:
    if not item.stroke:
        return ""
    said = f' stroke="{item.stroke}" stroke-width="{_number(item.width)}"'
    if item.dash:
        said += f' stroke-dasharray="{" ".join(_number(d) for d in item.dash)}"'
    if isinstance(item, Line) and item.opacity < 1:
        said += f' stroke-opacity="{_number(item.opacity)}"'
    return said


def _path(shape: BaseGeometry) -> str:
    parts: list[str] = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            rings = [part.exterior, *part.interiors]
            parts += [_steps(list(ring.coords)[:-1], closed=True) for ring in rings]
        elif part.geom_type in ("LineString", "LinearRing"):
            parts.append(_steps(list(part.coords), closed=False))
    return "".join(parts)


def _open_path(points: Iterable[tuple[float, float]]) -> str:
    return _steps(list(points), closed=False)


def _steps(points: list[tuple[float, ...]], *, closed: bool) -> str:
    """Write a line as short relative steps in tenths, without any drift."""
    tenths = [(round(x * 10), round(y * 10)) for x, y, *_ in points]
    kept = [p for i, p in enumerate(tenths) if i == 0 or p != tenths[i - 1]]
    if len(kept) < (3 if closed else 2):
        return ""
    (x, y), text = kept[0], ""
    text = f"M{_pair(x, y)}l"
    for index, (nx, ny) in enumerate(kept[1:]):
        step = _pair(nx - x, ny - y)
        text += step if index == 0 or step[0] == "-" else f" {step}"
        x, y = nx, ny
    return text + ("z" if closed else "")


def _pair(x: int, y: int) -> str:
    """Write two numbers given in tenths; the sign is separator enough."""
    second = _tenths(y)
    return _tenths(x) + (second if second[0] == "-" else f" {second}")


def _tenths(value: int) -> str:
    whole, rest = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    if rest == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
