"""A map as plain strokes, areas and words on paper: what SVG and PDF plate both draw."""

from dataclasses import dataclass
from typing import Literal

from shapely.geometry.base import BaseGeometry

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Area:
    """Filled polygons of one kind. A pattern comes on top of the fill."""

    shape: BaseGeometry
    fill: str | None = None
    pattern: str = "plain"
    mark: str = "#000000"
    stroke: str | None = None
    width: float = 0.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """Strokes of one kind."""

    shape: BaseGeometry
    stroke: str
    width: float
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Label:
    """One line of words; ``y`` is the base line. A halo keeps it legible on any ground."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: Anchor = "start"
    bold: bool = False
    halo: str | None = None


Item = Area | Line | Label


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished drawing: x to the right, y downwards, in units of one pixel on a phone."""

    width: float
    height: float
    title: str
    description: str
    items: tuple[Item, ...]


def text_width(text: str, size: float) -> float:
    """Estimate how wide a line of words is: Chinese characters are square."""
    return sum(size if ord(c) > 0x2E7F else size * 0.53 for c in text)
