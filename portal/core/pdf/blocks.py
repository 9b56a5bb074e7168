"""What a document is made of: plain blocks, which `layout` turns into ReportLab's flowables."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Draw = Callable[[float, float, float], Any]
"""Makes a ReportLab Drawing that is so wide and high at most, with words of such a size."""


class Tone(StrEnum):
    """How a statement is coloured; its words and sign say the same."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"


@dataclass(frozen=True)
class Section:
    """A heading, also a bookmark; numbered, but for those of the common frame."""

    title: str
    counted: bool = True


@dataclass(frozen=True)
class Text:
    """One paragraph, or several parted by line breaks."""

    words: str
    soft: bool = False


@dataclass(frozen=True)
class Facts:
    """Pairs of a label and its value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows under a head that is repeated on every page; cells wrap.

    `widths` are parts of the page's width; `numeric` are the columns set to the right; `strong` the
    rows set in bold, such as a total.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: frozenset[int] = frozenset()
    strong: frozenset[int] = frozenset()
    caption: str = ""


@dataclass(frozen=True)
class Figure:
    """One number that matters, its unit and what it counts."""

    number: str
    unit: str
    caption: str


@dataclass(frozen=True)
class Figures:
    """Up to four numbers side by side."""

    items: tuple[Figure, ...]


@dataclass(frozen=True)
class Statement:
    """The sentence a reader should take home, with its reason under it."""

    words: str
    detail: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; `whole` is the length of a full bar."""

    label: str
    value: int
    whole: int
    words: str


@dataclass(frozen=True)
class Bars:
    """A bar chart whose values also stand in words."""

    items: tuple[Bar, ...]


@dataclass(frozen=True)
class Pair:
    """Two values of one thing, as parts of the longest bar (0 to 1), and the same in words."""

    label: str
    first: float
    second: float
    words: tuple[str, str]
    colour: str


@dataclass(frozen=True)
class Pairs:
    """A chart of two bars for each thing, then and later; the first is pale."""

    caption: str
    items: tuple[Pair, ...]


@dataclass(frozen=True)
class Steps:
    """A numbered list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Plate:
    """A drawing with a caption; `draw` makes it for a width, a height and a type size."""

    draw: Draw
    caption: str


@dataclass(frozen=True)
class Legend:
    """What the signs of a drawing mean: a small ReportLab Drawing beside each name."""

    title: str
    items: tuple[tuple[Any, str], ...]


@dataclass(frozen=True)
class Slip:
    """A form to cut off and hand in: labels with empty lines to write on."""

    title: str
    labels: tuple[str, ...]
    lines: int = 4


Block = (
    Section
    | Text
    | Facts
    | Table
    | Figures
    | Statement
    | Bars
    | Pairs
    | Steps
    | Plate
    | Legend
    | Slip
)
