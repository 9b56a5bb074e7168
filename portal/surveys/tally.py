"""What the answers add up to, small numbers hidden. Pure: plain counts in, lines out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.core.suppression import THRESHOLD, is_small
from portal.surveys.rules import Kind, Question, Words


@dataclass(frozen=True, slots=True)
class Line:
    """One choice: how many chose it, None where the number is hidden."""

    name: str
    label: Words
    count: int | None
    tenths: int | None
    """Per mille of those who answered the question, rounded; None where hidden."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The mean of a question whose choices are numbers, and the share of its two highest."""

    mean_hundredths: int
    top_tenths: int
    highest: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """A question answered with whole numbers."""

    total: int
    mean_hundredths: int
    median_tenths: int


@dataclass(frozen=True, slots=True)
class Tally:
    """One question with its numbers. `base` counts those who answered it, None where hidden."""

    question: Question
    base: int | None
    lines: tuple[Line, ...] = ()
    scale: Scale | None = None
    numbers: Numbers | None = None
    texts: tuple[str, ...] = ()

    @property
    def is_hidden(self) -> bool:
        """Tell whether some number of this question is hidden."""
        return self.base is None or any(line.count is None for line in self.lines)

    @property
    def highest(self) -> int:
        """Return the base for bars; 1 where there is none."""
        return self.base or 1


def rounded(fraction: Fraction) -> int:
    """Return the nearest whole number, halves away from zero."""
    sign = -1 if fraction < 0 else 1
    return sign * int(abs(fraction) + Fraction(1, 2))


def per_mille(count: int, base: int) -> int:
    """Return the share in tenths of a percent: 118 of 292 is 404."""
    return rounded(Fraction(1000 * count, base))


def hide_parts(cells: Sequence[int]) -> list[int | None]:
    """Return parts of a known whole with small ones hidden, so that none follows from the rest.

    The whole tells the sum of what is hidden; so at least two parts are hidden, and together they
    are no small number themselves. What is hidden besides is the smallest that is not empty.
    """
    hidden = {at for at, cell in enumerate(cells) if is_small(cell)}
    while hidden and (len(hidden) < 2 or sum(cells[at] for at in hidden) < THRESHOLD):
        others = [at for at in range(len(cells)) if at not in hidden]
        if not others:
            break
        hidden.add(min(others, key=lambda at: (cells[at] == 0, cells[at], at)))
    return [None if at in hidden else cell for at, cell in enumerate(cells)]


def tally_choices(question: Question, *, base: int, counts: Mapping[str, int]) -> Tally:
    """Count a question with choices. `base`: people who answered it (figure 26)."""
    cells = [counts.get(choice.name, 0) for choice in question.choices]
    if base < THRESHOLD:
        lines = tuple(Line(c.name, c.label, None, None) for c in question.choices)
        return Tally(question, None, lines)
    if question.kind is Kind.SELECT_ONE:  # the cells add up to the base: hide so that none follows
        shown = hide_parts(cells)
    else:  # each choice stands by itself beside the base
        shown = [None if is_small(cell) else cell for cell in cells]
    lines = tuple(
        Line(c.name, c.label, n, None if n is None else per_mille(n, base))
        for c, n in zip(question.choices, shown, strict=True)
    )
    is_whole = all(line.count is not None for line in lines)
    scale = _scale(question, cells) if is_whole else None
    return Tally(question, base, lines, scale=scale)


def _scale(question: Question, cells: Sequence[int]) -> Scale | None:
    """Return the mean where every choice is a number, as in a 5-point scale (figure 27)."""
    names = [choice.name for choice in question.choices]
    if question.kind is not Kind.SELECT_ONE or len(names) < 3:
        return None
    if not all(name.isascii() and name.isdigit() for name in names):
        return None
    scores = [int(name) for name in names]
    people = sum(cells)
    mean = Fraction(sum(s * n for s, n in zip(scores, cells, strict=True)), people)
    best = sorted(scores)[-2:]
    top = sum(n for s, n in zip(scores, cells, strict=True) if s in best)
    return Scale(rounded(100 * mean), per_mille(top, people), max(scores))


def tally_numbers(question: Question, values: Sequence[int]) -> Tally:
    """Sum up whole numbers; below the threshold nothing is told, extremes never."""
    if len(values) < THRESHOLD:
        return Tally(question, None)
    ordered = sorted(values)
    middle = len(ordered) // 2
    twice = ordered[middle] + ordered[middle if len(ordered) % 2 else middle - 1]
    return Tally(
        question,
        len(values),
        numbers=Numbers(
            total=sum(values),
            mean_hundredths=rounded(Fraction(100 * sum(values), len(values))),
            median_tenths=rounded(Fraction(10 * twice, 2)),
        ),
    )


def tally_texts(question: Question, texts: Sequence[str]) -> Tally:
    """Keep free answers for staff, in an order that tells nothing about who wrote them."""
    return Tally(question, len(texts), texts=tuple(texts))
