"""A small drawing of what changed on the map: before dashed, after solid, each with its number."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import cos, radians

from shapely import box, unary_union
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from portal.maps.rules import Feature, LayerKind, Sheet
from portal.plans.differences import Change

WIDTH = 360
_MARGIN = 12
_MOST = 300
_SIMPLER = 0.3
_KNOWN: Mapping[str, str] = {"17": "#d3e5f1", "12": "#e3dfd4"}
"""Classes of land that people find their way by: water and roads."""
_COLOURS: Mapping[str, str] = {"added": "#1f7a3d", "removed": "#b3261e", "changed": "#8a5a00"}
_FILLS: Mapping[str, str] = {"added": "#cfe9d6", "removed": "#f6d3d0", "changed": "#f3e3c3"}


def draw(changes: Sequence[Change], sheet: Sheet | None, *, words: str) -> str:
    """Return an SVG of the changed things within the village, numbered as the list is.

    Colour never stands alone: what was is dashed, what is new is solid, and each has its number.
    """
    shown = [(n, c) for n, c in enumerate(changes, 1) if c.feature is not None][:_MOST]
    shapes = [
        _shape(thing)
        for _, change in shown
        for thing in (change.feature.before, change.feature.after)  # type: ignore[union-attr]  # there is one
        if thing is not None
    ]
    if not shapes:
        return ""
    ground = _ground(shapes, sheet)
    plan = _Plan(ground)
    parts = [*_land(plan, ground, sheet)]
    for number, change in shown:
        parts += _drawn(plan, number, change)
    parts += _names(plan, ground, sheet)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {plan.height}"'
        f' role="img" aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )


def _shape(feature: Feature) -> BaseGeometry:
    return shape(dict(feature.geometry))


def _ground(shapes: Sequence[BaseGeometry], sheet: Sheet | None) -> BaseGeometry:
    """Return the ground to be shown: the changes, with at least a third of the village's width."""
    from_x, from_y, to_x, to_y = unary_union(shapes).bounds
    areas = [_shape(f) for f in (sheet.layer(LayerKind.VILLAGE_AREA) if sheet else ())]
    west, _south, east, _north = unary_union(areas).bounds if areas else (0, 0, 0, 0)
    more = max(((east - west) / 3 - max(to_x - from_x, to_y - from_y)) / 2, (to_x - from_x) / 20)
    return box(from_x - more, from_y - more, to_x + more, to_y + more)


def _land(plan: "_Plan", ground: BaseGeometry, sheet: Sheet | None) -> Iterator[str]:
    """Draw quietly what people know the place by: water, roads, the border of the village."""
    if sheet is None:
        return
    for feature in sheet.layer(LayerKind.LAND_USE):
        colour = next((c for code, c in _KNOWN.items() if feature.code.startswith(code)), None)
        if colour and (seen := _shape(feature).intersection(ground)):
            yield f'<path d="{plan.path(seen)}" fill="{colour}"/>'
    for feature in sheet.layer(LayerKind.VILLAGE_AREA):
        border = _shape(feature).boundary.intersection(ground)
        yield f'<path d="{plan.path(border)}" fill="none" stroke="#777" stroke-width="1"/>'


def _names(plan: "_Plan", ground: BaseGeometry, sheet: Sheet | None) -> Iterator[str]:
    for feature in sheet.layer(LayerKind.PLACE) if sheet else ():
        place = _shape(feature).representative_point()
        if ground.contains(place):
            x, y = plan.point(place.x, place.y)
            yield _text(x, y, feature.name, 'font-size="11" fill="#555"')


def _drawn(plan: "_Plan", number: int, change: Change) -> Iterator[str]:
    feature = change.feature
    assert feature is not None  # noqa: S101 -- chosen so
    colour, fill = _COLOURS[feature.kind], _FILLS[feature.kind]
    if feature.after is not None:
        yield (
            f'<path d="{plan.path(_shape(feature.after))}" fill="{fill}" fill-opacity="0.8"'
            f' stroke="{colour}" stroke-width="1.2"/>'
        )
    if feature.before is not None:
        yield (
            f'<path d="{plan.path(_shape(feature.before))}" fill="none" stroke="{colour}"'
            ' stroke-width="1.2" stroke-dasharray="4 2"/>'
        )
    thing = feature.after or feature.before
    assert thing is not None  # noqa: S101 -- a change has one of the two
    x, y = plan.point(*_shape(thing).representative_point().coords[0][:2])
    yield _text(x, y, str(number), 'font-size="12" font-weight="700" fill="#111"')


def _text(x: float, y: float, words: str, look: str) -> str:
    return (
        f'<text x="{x}" y="{y}" {look} text-anchor="middle" stroke="#fff" stroke-width="2.5"'
        f' paint-order="stroke">{escape(words)}</text>'
    )


class _Plan:
    """Turns degrees into the drawing: as wide as the page, north up, both axes in metres."""

    def __init__(self, extent: BaseGeometry) -> None:
        from_x, from_y, to_x, to_y = extent.bounds
        self.left, self.top = from_x, to_y
        self.squeeze = _cosine((from_y + to_y) / 2)
        wide = max((to_x - from_x) * self.squeeze, (to_y - from_y) * 0.4, 1e-6)
        self.scale = (WIDTH - 2 * _MARGIN) / wide
        self.height = round((to_y - from_y) * self.scale + 2 * _MARGIN)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a place in degrees stands."""
        return (
            round(_MARGIN + (x - self.left) * self.squeeze * self.scale, 1),
            round(_MARGIN + (self.top - y) * self.scale, 1),
        )

    def path(self, thing: BaseGeometry) -> str:
        """Return the outline of a thing; a point is a small cross."""
        parts = []
        for part in getattr(thing, "geoms", [thing]):
            if part.is_empty:
                continue
            if part.geom_type == "Point":
                x, y = self.point(part.x, part.y)
                parts.append(f"M{x - 4} {y}h8M{x} {y - 4}v8")
                continue
            plain = part.simplify(_SIMPLER / self.scale)
            rings = [plain.exterior, *plain.interiors] if hasattr(plain, "exterior") else [plain]
            for ring in rings:
                spots = " ".join(f"{x} {y}" for x, y in (self.point(*c[:2]) for c in ring.coords))
                parts.append(f"M{spots}" + ("Z" if ring.is_ring else ""))
        return "".join(parts)


def _cosine(latitude: float) -> float:
    return cos(radians(latitude))
