"""What changed in a text: paragraph by paragraph, and the words inside. Pure.

Chinese is compared character by character; a number or a Latin word is one piece, so that 12.30
turning into 12.50 is shown as a number that changed and not as a digit.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one mark."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it is shown: its runs one behind the other."""

    runs: tuple[Run, ...]

    @property
    def is_changed(self) -> bool:
        """Tell whether anything in it was added or removed."""
        return any(run.mark is not Mark.SAME for run in self.runs)


_PIECES = re.compile(r"[A-Za-z]+|\d[\d.,]*|\s+|.", re.DOTALL)
_SENTENCES = re.compile(r"[^。；;!?！？\n]*[。；;!?！？\n]?", re.DOTALL)
_MANY = 3_000
_ALIKE = 0.4
_SHORT = 2


def compare(before: str, after: str) -> tuple[Paragraph, ...]:
    """Return both texts as one, what was removed before what was added."""
    old, new = _paragraphs(before), _paragraphs(after)
    found: list[Paragraph] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Paragraph((Run(Mark.SAME, text),)) for text in old[i:j]]
        else:
            found += _pair(old[i:j], new[k:m])
    return tuple(found)


def words(before: str, after: str) -> tuple[Run, ...]:
    """Return what changed inside of one paragraph."""
    old, new = _pieces(before), _pieces(after)
    runs: list[Run] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(Run(Mark.SAME, "".join(old[i:j])))
            continue
        runs.append(Run(Mark.REMOVED, "".join(old[i:j])))
        runs.append(Run(Mark.ADDED, "".join(new[k:m])))
    return tuple(_tidy(run for run in runs if run.text))


def around(paragraphs: Sequence[Paragraph], *, near: int = 1) -> list[Paragraph | None]:
    """Return the changed paragraphs and those beside them; None stands for what is left out."""
    keep = {
        n
        for number, paragraph in enumerate(paragraphs)
        if paragraph.is_changed
        for n in range(number - near, number + near + 1)
    }
    found: list[Paragraph | None] = []
    for number, paragraph in enumerate(paragraphs):
        if number in keep:
            found.append(paragraph)
        elif not found or found[-1] is not None:
            found.append(None)
    return found


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pieces(text: str) -> list[str]:
    """Cut a text into what is compared: characters, or whole sentences of a very long one."""
    pieces = _PIECES.findall(text)
    return pieces if len(pieces) <= _MANY else [s for s in _SENTENCES.findall(text) if s]


def _pair(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """Put paragraphs that are alike beside each other, in their order."""
    rest = list(new)
    for text in old:
        place = next((n for n, other in enumerate(rest) if _are_alike(text, other)), None)
        if place is None:
            yield Paragraph((Run(Mark.REMOVED, text),))
            continue
        for other in rest[:place]:
            yield Paragraph((Run(Mark.ADDED, other),))
        yield Paragraph(words(text, rest[place]))
        del rest[: place + 1]
    for other in rest:
        yield Paragraph((Run(Mark.ADDED, other),))


def _are_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, _pieces(one), _pieces(other), autojunk=False)
    return (
        matcher.real_quick_ratio() >= _ALIKE
        and matcher.quick_ratio() >= _ALIKE
        and matcher.ratio() >= _ALIKE
    )


def _tidy(runs: Iterable[Run]) -> list[Run]:
    """Join what belongs together: a character that stayed by chance between two changes goes along.

    Without it 水泥路 → 柏油路面 reads as confetti.
    """
    listed = list(runs)
    found: list[Run] = []
    removed = added = ""
    for number, run in enumerate(listed):
        is_bridge = (
            run.mark is Mark.SAME
            and len(run.text) < _SHORT
            and (removed or added)
            and number + 1 < len(listed)
        )
        if run.mark is Mark.SAME and not is_bridge:
            found += _changed(removed, added)
            removed = added = ""
            found.append(run)
            continue
        removed += run.text if run.mark is not Mark.ADDED else ""
        added += run.text if run.mark is not Mark.REMOVED else ""
    return found + _changed(removed, added)


def _changed(removed: str, added: str) -> list[Run]:
    runs = (Run(Mark.REMOVED, removed), Run(Mark.ADDED, added))
    return [run for run in runs if run.text]
