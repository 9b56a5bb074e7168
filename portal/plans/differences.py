"""What differs between two versions: words, rows of tables, things on the map. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from portal.plans import wording
from portal.plans.content import Content
from portal.plans.map_differences import FeatureChange, compare_sheets
from portal.plans.wording import Paragraph


class Area(StrEnum):
    """The part of a plan that a change is in."""

    HEAD = "head"
    SUMMARY = "summary"
    TEXT = "text"
    GOALS = "goals"
    INDICATORS = "indicators"
    STRUCTURE = "structure"
    FACILITIES = "facilities"
    PROJECTS = "projects"
    CONTROLS = "controls"
    MAP = "map"


class Kind(StrEnum):
    """What happened to a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Row:
    """One fact before and after; long words also as runs."""

    name: str
    before: Any
    after: Any
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was. `place` names it for good: a reason is kept under it."""

    area: Area
    place: str
    kind: Kind
    title: str
    rows: tuple[Row, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    feature: FeatureChange | None = None


_HEAD = ("title", "base_year", "target_year", "compiled_by")
_HEAD_LATER = ("population", "area_ha", "scope", "legal_basis")
_NEVER = frozenset({"id", "position", "current"})
_LONG = 12
_TOO_LONG = 120

Key = Callable[[Any], str]
_TABLES: Mapping[str, tuple[Area, str, Key, Key, frozenset[str]]] = {
    "goals": (Area.GOALS, "goal", lambda g: g.title, lambda g: g.title, frozenset({"title"})),
    "indicators": (
        Area.INDICATORS, "indicator", lambda i: i.code, lambda i: i.name,
        frozenset({"code", "goals", "projects"}),
    ),
    "structure": (
        Area.STRUCTURE, "structure", lambda s: f"{s.code}{'t' if s.is_town else ''}",
        lambda s: s.code, frozenset({"code", "is_town"}),
    ),
    "facilities": (
        Area.FACILITIES, "facility", lambda f: f"{f.kind}:{f.name}", lambda f: f.name,
        frozenset({"name", "kind"}),
    ),
    "projects": (
        Area.PROJECTS, "project", lambda p: p.code, lambda p: f"{p.code} {p.name}",
        frozenset({"code"}),
    ),
    "controls": (
        Area.CONTROLS, "control", lambda c: f"{c.subject}:{c.title}", lambda c: c.title,
        frozenset({"subject", "title"}),
    ),
}  # fmt: skip


def compare(before: Content, after: Content) -> tuple[Change, ...]:
    """Return every difference of two versions, in the order of a plan."""
    found = [*_head(before, after), *_summary(before, after), *_sections(before, after)]
    for name in _TABLES:
        found += _table(name, before, after)
    found += [
        Change(
            Area.MAP, f"map:{c.place}"[:_TOO_LONG], Kind(c.kind), c.title, feature=c
        )
        for c in compare_sheets(before.map, after.map)
    ]  # fmt: skip
    return tuple(found)


def group_place(area: Area) -> str:
    """Return the place under which one reason stands for all changes of an area."""
    return f"all:{area}"


def is_explained(change: Change, places: Mapping[str, Any]) -> bool:
    """Tell whether somebody said why: of this change, or of all in its area."""
    return change.place in places or group_place(change.area) in places


def _head(before: Content, after: Content) -> Iterator[Change]:
    rows = [
        row
        for name in (*_HEAD, *_HEAD_LATER)
        if (row := _row(name, getattr(before, name, None), getattr(after, name, None)))
    ]
    if rows:
        yield Change(Area.HEAD, "head", Kind.CHANGED, after.title, tuple(rows))


def _summary(before: Content, after: Content) -> Iterator[Change]:
    if before.sentences != after.sentences:
        paragraphs = wording.compare("\n".join(before.sentences), "\n".join(after.sentences))
        yield Change(Area.SUMMARY, "summary", Kind.CHANGED, "", paragraphs=paragraphs)
    if before.figures != after.figures:
        old, new = (
            "\n".join(f"{f.number} {f.unit} {f.caption}" for f in content.figures)
            for content in (before, after)
        )
        yield Change(
            Area.SUMMARY, "figures", Kind.CHANGED, "", paragraphs=wording.compare(old, new)
        )


def _sections(before: Content, after: Content) -> Iterator[Change]:
    old, new = ({s.title: s.text for s in c.sections} for c in (before, after))
    for title, text in new.items():
        place = f"section:{title}"[:_TOO_LONG]
        if title not in old:
            paragraphs = wording.compare("", text)
            yield Change(Area.TEXT, place, Kind.ADDED, title, paragraphs=paragraphs)
        elif old[title] != text:
            paragraphs = wording.compare(old[title], text)
            yield Change(Area.TEXT, place, Kind.CHANGED, title, paragraphs=paragraphs)
    for title, text in old.items():
        if title not in new:
            place, paragraphs = f"section:{title}"[:_TOO_LONG], wording.compare(text, "")
            yield Change(Area.TEXT, place, Kind.REMOVED, title, paragraphs=paragraphs)


def _table(name: str, before: Content, after: Content) -> Iterator[Change]:
    area, word, key, title, silent = _TABLES[name]
    old, new = ({key(row): row for row in _things(c, name)} for c in (before, after))
    for code in dict.fromkeys((*new, *old)):
        place = f"{word}:{code}"[:_TOO_LONG]
        if code not in old:
            rows = _facts(None, new[code], silent)
            yield Change(area, place, Kind.ADDED, title(new[code]), rows)
        elif code not in new:
            rows = _facts(old[code], None, silent)
            yield Change(area, place, Kind.REMOVED, title(old[code]), rows)
        elif rows := _facts(old[code], new[code], silent):
            yield Change(area, place, Kind.CHANGED, title(new[code]), rows)


def _things(content: Content, name: str) -> Sequence[Any]:
    found: Sequence[Any] = getattr(content, name, ())
    return found


def _facts(before: Any, after: Any, silent: frozenset[str]) -> tuple[Row, ...]:
    names = [f.name for f in fields(after if before is None else before)]
    return tuple(
        row
        for name in names
        if name not in _NEVER
        and name not in silent
        and (row := _row(name, getattr(before, name, None), getattr(after, name, None)))
    )


def _row(name: str, before: Any, after: Any) -> Row | None:
    """Return a fact that differs; empty and missing are the same nothing."""
    if before == after or (before in _EMPTY and after in _EMPTY):
        return None
    is_long = isinstance(before, str) and isinstance(after, str) and len(before + after) > _LONG
    paragraphs = wording.compare(before, after) if is_long else ()
    return Row(name, before, after, paragraphs)


_EMPTY: tuple[Any, ...] = (None, "", ())
