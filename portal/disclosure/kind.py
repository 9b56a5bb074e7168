"""What a kind of document is: all that the life of a document asks of it, and the kinds there are.

A new kind is a module of its own, `kind_….py`: its content (frozen plain values), `gather` (facts
into content), `blocks` (content onto paper) and a `KIND` that joins them; then a `DocKind`, its
name in `words.py` and its module's name in `kinds.py`. Frame, numbering, review and print are the
same for all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.pdf.blocks import Block
from portal.disclosure.press import Press
from portal.disclosure.rules import DocKind, Refusal

Gettext = Callable[[str], str]


def _no_plate(_subject_id: int, _press: Press) -> Any:
    return None


def _no_tail(_gettext: Gettext) -> list[Block]:
    return []


def _shown_whole(_content: Any) -> bool:
    return False


def _nothing_more(_subject_id: int, *, now: datetime, account_id: int | None) -> None:
    pass


def _nothing_waits(*, now: datetime) -> list[tuple[int, str]]:
    return []


@dataclass(frozen=True, kw_only=True)
class Kind:
    """All that the life of a document asks of its kind.

    `content`: the class that its JSON is read back into. `list_waiting`: subjects (id, name) that
    could be published by themselves. `has_own_period`: the period is not the five days of
    objections but one that runs elsewhere, such as a notice's. `is_masked`: something about persons
    is hidden in a content, such as the number of very few. `published`: what is done with the
    subject once the document is out; `objected`: once somebody objects to it.
    """

    code: DocKind
    content: type[Any]
    why_not: Callable[..., Refusal | None]
    gather: Callable[..., Any]
    title: Callable[[Any, Gettext], str]
    blocks: Callable[..., list[Block]]
    list_waiting: Callable[..., list[tuple[int, str]]] = _nothing_waits
    draw: Callable[[int, Press], Any] = _no_plate
    tail: Callable[[Gettext], list[Block]] = _no_tail
    is_masked: Callable[[Any], bool] = _shown_whole
    published: Callable[..., None] = _nothing_more
    objected: Callable[..., None] = _nothing_more
    has_own_period: bool = False
    is_written: bool = False


KINDS: dict[DocKind, Kind] = {}
"""Every kind by its code; `kinds.py` fills it."""
