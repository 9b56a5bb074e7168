"""What differs between two map sheets: things added, removed, of another class or shape. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shapely import STRtree
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from portal.maps.rules import Feature, LayerKind, Sheet

_SAME_PLACE = 0.5
"""Two areas are the same thing where they share half of what both cover."""


@dataclass(frozen=True, slots=True)
class FeatureChange:
    """One thing on the map before and after; None: it was, or is, not there."""

    layer: LayerKind
    place: str
    kind: str
    title: str
    before: Feature | None
    after: Feature | None

    @property
    def is_other_class(self) -> bool:
        """Tell whether it became another class of land use."""
        return bool(self.before and self.after and self.before.code != self.after.code)

    @property
    def grown_m2(self) -> int:
        """Return by how many square metres it grew, below zero where it shrank."""
        return (self.after.area_m2 if self.after else 0) - (
            self.before.area_m2 if self.before else 0
        )


def compare_sheets(before: Sheet | None, after: Sheet | None) -> list[FeatureChange]:
    """Return what differs, layer by layer in the order of the kinds."""
    found: list[FeatureChange] = []
    for kind in LayerKind:
        old = before.layer(kind) if before else ()
        new = after.layer(kind) if after else ()
        found += _name(kind, _layer(old, new))
    return found


def _layer(
    before: Sequence[Feature], after: Sequence[Feature]
) -> Iterator[tuple[Feature | None, Feature | None]]:
    """Pair what is the same thing: wholly the same, of the same name, or at the same place."""
    old, new = _without_twins(before, after)
    pairs, old, new = _by_name(old, new)
    yield from pairs
    pairs, old, new = _by_place(old, new)
    yield from pairs
    yield from ((feature, None) for feature in old)
    yield from ((None, feature) for feature in new)


def _facts(feature: Feature) -> str:
    facts = (feature.name, feature.code, feature.ref, feature.base_code, feature.geometry)
    return repr(facts)


def _without_twins(
    before: Sequence[Feature], after: Sequence[Feature]
) -> tuple[list[Feature], list[Feature]]:
    waiting: dict[str, list[Feature]] = defaultdict(list)
    for feature in before:
        waiting[_facts(feature)].append(feature)
    rest = []
    for feature in after:
        twins = waiting.get(_facts(feature))
        if twins:
            twins.pop()
        else:
            rest.append(feature)
    left = {id(feature) for twins in waiting.values() for feature in twins}
    return [feature for feature in before if id(feature) in left], rest


Pairs = list[tuple[Feature | None, Feature | None]]


def _by_name(old: list[Feature], new: list[Feature]) -> tuple[Pairs, list[Feature], list[Feature]]:
    """Pair what has a name or number that stands once on either side."""
    ones, others = _once(old), _once(new)
    both = [name for name in others if name in ones]
    pairs: Pairs = [(ones[name], others[name]) for name in both]
    taken = {id(feature) for pair in pairs for feature in pair}
    return (
        pairs,
        [f for f in old if id(f) not in taken],
        [f for f in new if id(f) not in taken],
    )


def _once(features: Sequence[Feature]) -> dict[str, Feature]:
    named: dict[str, list[Feature]] = defaultdict(list)
    for feature in features:
        if label := feature.ref or feature.name:
            named[label].append(feature)
    return {label: found[0] for label, found in named.items() if len(found) == 1}


def _by_place(old: list[Feature], new: list[Feature]) -> tuple[Pairs, list[Feature], list[Feature]]:
    """Pair areas that lie on each other."""
    shapes: list[Any] = [shape(dict(feature.geometry)) for feature in old]
    tree, free, pairs, rest = STRtree(shapes), set(range(len(old))), Pairs(), []
    for feature in new:
        here = shape(dict(feature.geometry))
        found = next(
            (n for n in map(int, tree.query(here)) if n in free and _same(shapes[n], here)), None
        )
        if found is None:
            rest.append(feature)
            continue
        free.discard(found)
        pairs.append((old[found], feature))
    return pairs, [old[n] for n in sorted(free)], rest


def _same(one: BaseGeometry, other: BaseGeometry) -> bool:
    whole = one.union(other).area
    return whole > 0 and one.intersection(other).area / whole >= _SAME_PLACE


def _name(
    kind: LayerKind, pairs: Iterator[tuple[Feature | None, Feature | None]]
) -> list[FeatureChange]:
    """Give each change its title and a place of its own, the same however often it is asked for."""
    found: list[FeatureChange] = []
    seen: dict[str, int] = defaultdict(int)
    for before, after in pairs:
        thing = after or before
        assert thing is not None  # noqa: S101 -- a pair has one of the two
        title = thing.name or thing.ref or thing.code
        label = thing.ref or thing.name or f"{thing.code}#{thing.number}"
        seen[label] += 1
        place = f"{kind}:{label}" + (f"#{seen[label]}" if seen[label] > 1 else "")
        what = "changed" if before and after else "added" if after else "removed"
        found.append(FeatureChange(kind, place, what, title, before, after))
    return found
