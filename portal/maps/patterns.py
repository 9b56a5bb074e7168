"""Patterns beside the colours: one tile of strokes each, drawn alike on screen and on paper."""

from collections.abc import Mapping
from dataclasses import dataclass

Point = tuple[float, float]
Path = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A tile that repeats. ``paths`` are open strokes in units of the picture."""

    width: float
    height: float
    paths: tuple[Path, ...]
    stroke: float


PATTERNS: Mapping[str, Pattern] = {
    "paddy": Pattern(9, 6, (((1, 1.5), (4, 1.5)), ((5.5, 4.5), (8.5, 4.5))), 0.6),
    "furrow": Pattern(6, 5, (((0, 2.5), (6, 2.5)),), 0.5),
    "rows": Pattern(5, 4, (((1, 2), (2.8, 2)),), 1.3),
    "rings": Pattern(9, 9, (((4, 2), (6, 4), (4, 6), (2, 4), (4, 2)),), 0.6),
    "trees": Pattern(
        13, 12, (((2, 5), (3.6, 2), (5.2, 5)), ((8.5, 11), (10.1, 8), (11.7, 11))), 0.7
    ),
    "bamboo": Pattern(
        10, 9, (((2, 1.5), (2, 5)), ((3.8, 2.5), (3.8, 6)), ((7.5, 5), (7.5, 8.5))), 0.7
    ),
    "dots": Pattern(7, 7, (((1.5, 1.5), (2, 1.5)), ((5, 5), (5.5, 5))), 1),
    "grass": Pattern(9, 8, (((2, 2), (3, 4.5), (4, 2)), ((6.5, 5), (7.5, 7.5), (8.5, 5))), 0.6),
    "waves": Pattern(12, 7, (((1, 3.5), (3, 2.3), (5, 3.5), (7, 4.7), (9, 3.5)),), 0.7),
    "diagonal": Pattern(5, 5, (((0, 5), (5, 0)),), 0.6),
    "backslash": Pattern(5, 5, (((0, 0), (5, 5)),), 0.6),
    "cross": Pattern(6, 6, (((3, 1.2), (3, 4.8)), ((1.2, 3), (4.8, 3))), 0.6),
    "grid": Pattern(5, 5, (((0, 2.5), (5, 2.5)), ((2.5, 0), (2.5, 5))), 0.5),
    "hatch": Pattern(6, 6, (((0, 6), (6, 0)),), 0.45),
}
"""Every pattern by name; ``plain`` has none."""


def mix(colour: str, other: str, share: float) -> str:
    """Return a colour between two ``#RRGGBB``: ``share`` of the other one."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
