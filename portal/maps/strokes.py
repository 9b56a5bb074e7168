"""Shapes as the short path text of SVG: relative steps on a grid, without any drift."""

from collections.abc import Iterable

import shapely
from shapely.geometry.base import BaseGeometry

from portal.maps.patterns import Pattern


def path_of(shape: BaseGeometry, *, step: int = 1) -> str:
    """Return polygons and lines as one path, on a grid of so many tenths of a unit."""
    parts: list[str] = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            rings = [part.exterior, *part.interiors]
            parts += [_steps(list(ring.coords)[:-1], closed=True, step=step) for ring in rings]
        elif part.geom_type in ("LineString", "LinearRing"):
            parts.append(_steps(list(part.coords), closed=False, step=step))
    return "".join(parts)


def open_path(points: Iterable[tuple[float, float]]) -> str:
    """Return one open stroke."""
    return _steps(list(points), closed=False, step=1)


def pattern(identity: str, tile: Pattern, colour: str, *, scale: int = 1) -> str:
    """Return a pattern to fill areas with, under a name of this document."""
    larger = f' patternTransform="scale({scale})"' if scale != 1 else ""
    path = "".join(open_path(points) for points in tile.paths)
    return (
        f'<pattern id="{identity}" width="{number(tile.width)}" height="{number(tile.height)}"'
        f' patternUnits="userSpaceOnUse"{larger}><path d="{path}" fill="none" stroke="{colour}"'
        f' stroke-width="{number(tile.stroke)}" stroke-linecap="round"/></pattern>'
    )


def number(value: float) -> str:
    """Return a number with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _steps(points: list[tuple[float, ...]], *, closed: bool, step: int) -> str:
    places = [(round(x * 10 / step) * step, round(y * 10 / step) * step) for x, y, *_ in points]
    kept = [p for i, p in enumerate(places) if i == 0 or p != places[i - 1]]
    if closed and len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    if len(kept) < (3 if closed else 2):
        return ""
    x, y = kept[0]
    text = f"M{_pair(x, y)}l"
    for index, (nx, ny) in enumerate(kept[1:]):
        move = _pair(nx - x, ny - y)
        text += move if index == 0 or move[0] == "-" else f" {move}"
        x, y = nx, ny
    return text + ("z" if closed else "")


def _pair(x: int, y: int) -> str:
    """Write two numbers given in tenths; the sign is separator enough."""
    second = _part(y)
    return _part(x) + (second if second[0] == "-" else f" {second}")


def _part(value: int) -> str:
    whole, rest = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    if rest == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest}"
