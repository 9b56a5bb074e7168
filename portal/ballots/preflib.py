"""Reads preferences in PrefLib's formats; the first fault refuses the file.

.soc and .soi are strict orders, complete or not; .toc and .toi allow ties; .cat puts everything
into categories, the best first. A head of lines `# KEY: value`, then `count: order`; or, in older
files, the number of alternatives, one line for each, `voters,sum,orders`, then `count,order`
(preflib.org/format). Pure: bytes in, Preferences or a Fault out.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from portal.ballots.papers import Paper
from portal.ballots.pbfile import Fault, Reason, decoded, unpacked
from portal.ballots.pbvotes import to_number

FORMS = ("soc", "soi", "toc", "toi", "cat")
ORDER = re.compile(r"(?:\{[\d,]*\}|\d*)(?:,(?:\{[\d,]*\}|\d*))*")
COUNTS = re.compile(r"\d+,\d+,\d+")
UNIQUE = ("NUMBER UNIQUE ORDERS", "NUMBER UNIQUE PREFERENCES")

Order = tuple[tuple[int, ...], ...]


@dataclass
class Preferences:
    """What a file holds: alternatives by their numbers, and orders with how many gave them."""

    form: str
    names: dict[int, str] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    orders: Counter[Order] = field(default_factory=Counter)

    @property
    def has_ties(self) -> bool:
        """Tell whether somebody put two on one place."""
        return any(len(group) > 1 for order in self.orders for group in order)

    @property
    def papers(self) -> Counter[Paper]:
        """Return papers: places, shared ones too; of categories, the first as ticks."""
        found: Counter[Paper] = Counter()
        for order, count in self.orders.items():
            groups = order[:1] if self.form == "cat" else order
            places = {n: place for place, group in enumerate(groups, start=1) for n in group}
            found[tuple(places.get(number, 0) for number in self.names)] += count
        return found


@dataclass
class _Head:
    """What the head says of itself, and in which line."""

    told: dict[str, tuple[int, str]] = field(default_factory=dict)
    first_order: int = 0
    mark: str = ":"


def read(name: str, content: bytes) -> Preferences:
    """Read a file, or raise Fault with the line and the reason."""
    form = name.lower().removesuffix(".gz").rpartition(".")[2]
    if form not in FORMS:
        raise Fault(1, Reason.UNKNOWN_FORM, found=form)
    lines = [line.strip() for line in decoded(unpacked(name, content)).splitlines()]
    if not any(lines):
        raise Fault(1, Reason.NO_VOTES)
    found = Preferences(form)
    head = _read_head(lines, found) if lines[0].startswith("#") else _read_old(lines, found)
    if not found.names:
        raise Fault(head.first_order or 1, Reason.NO_ALTERNATIVES)
    seen = 0
    for number, line in enumerate(lines, start=1):
        if number >= head.first_order and line:
            order, count = _read_order(line, number, head.mark, found)
            found.orders[order] += count
            seen += 1
    if not seen:
        raise Fault(len(lines), Reason.NO_VOTES)
    _recount(found, head, seen)
    return found


def _read_head(lines: list[str], found: Preferences) -> _Head:
    head = _Head(first_order=len(lines) + 1)
    for number, line in enumerate(lines, start=1):
        if line and not line.startswith("#"):
            head.first_order = number
            break
        if line:
            _note(line, number, head, found)
    for key in ("NUMBER ALTERNATIVES", "NUMBER VOTERS"):
        if key not in head.told:
            raise Fault(1, Reason.MISSING_META, key=key)
    number, form = head.told.get("DATA TYPE", (1, found.form))
    if form and form.lower() != found.form:
        raise Fault(number, Reason.OTHER_FORM, told=form, found=found.form)
    return head


def _note(line: str, number: int, head: _Head, found: Preferences) -> None:
    key, colon, value = line.removeprefix("#").partition(":")
    key, value = key.strip().upper(), value.strip()
    if not colon:
        raise Fault(number, Reason.HEAD_LINE)
    if key in head.told:
        raise Fault(number, Reason.META_TWICE, key=key)
    head.told[key] = number, value
    if key.startswith("ALTERNATIVE NAME"):
        _add_name(key.removeprefix("ALTERNATIVE NAME"), value, number, found)
    elif key.startswith("CATEGORY NAME"):
        found.categories.append(value)


def _read_old(lines: list[str], found: Preferences) -> _Head:
    head = _Head(mark=",")
    head.told["NUMBER ALTERNATIVES"] = 1, lines[0]
    to_number(lines[0], 1, "NUMBER ALTERNATIVES")
    for number, line in enumerate(lines[1:], start=2):
        if COUNTS.fullmatch(line):
            voters, _, orders = line.split(",")
            head.told["NUMBER VOTERS"] = number, voters
            head.told["NUMBER UNIQUE ORDERS"] = number, orders
            head.first_order = number + 1
            break
        key, comma, value = line.partition(",")
        if not comma:
            raise Fault(number, Reason.HEAD_LINE)
        _add_name(key, value.strip(), number, found)
    else:
        raise Fault(len(lines), Reason.MISSING_META, key="NUMBER VOTERS")
    _agree(head, "NUMBER ALTERNATIVES", len(found.names))
    return head


def _add_name(key: str, value: str, line: int, found: Preferences) -> None:
    alternative = to_number(key.strip(), line, "ALTERNATIVE")
    if alternative in found.names:
        raise Fault(line, Reason.ALTERNATIVE_TWICE, alternative=alternative)
    if not value:
        raise Fault(line, Reason.NAMELESS, column=f"ALTERNATIVE NAME {alternative}")
    found.names[alternative] = value


def _read_order(line: str, number: int, mark: str, found: Preferences) -> tuple[Order, int]:
    told, separator, rest = line.partition(mark)
    if not separator:
        raise Fault(number, Reason.HEAD_LINE)
    count = to_number(told, number, "count")
    text = "".join(rest.split())
    if not count or not ORDER.fullmatch(text):
        raise Fault(number, Reason.NOT_AN_ORDER, found=line[:60])
    loose = re.sub(r"\{[^}]*\}", lambda group: group[0][1:-1].replace(",", " "), text)
    order = tuple(
        tuple(to_number(part, number, "ALTERNATIVE") for part in group.split())
        for group in loose.split(",")
    )
    _check_order(order, number, found)
    return order, count


def _check_order(order: Order, line: int, found: Preferences) -> None:
    ranked = [alternative for group in order for alternative in group]
    for alternative in ranked:
        if alternative not in found.names:
            raise Fault(line, Reason.UNKNOWN_ALTERNATIVE, alternative=alternative)
    for alternative, times in Counter(ranked).items():
        if times > 1:
            raise Fault(line, Reason.RANKED_TWICE, alternative=alternative)
    if found.form == "cat":
        if found.categories and len(order) > len(found.categories):
            raise Fault(
                line, Reason.TOO_MANY_CATEGORIES, most=len(found.categories), found=len(order)
            )
        return
    if not all(order):
        raise Fault(line, Reason.EMPTY_VOTE if not ranked else Reason.EMPTY_PLACE)
    if found.form.startswith("so") and any(len(group) > 1 for group in order):
        raise Fault(line, Reason.TIE_IN_STRICT)
    if found.form.endswith("c") and len(ranked) < len(found.names):
        raise Fault(line, Reason.NOT_COMPLETE, found=len(ranked), expected=len(found.names))


def _recount(found: Preferences, head: _Head, seen: int) -> None:
    """Compare what the file says about itself with what stands in it."""
    _agree(head, "NUMBER ALTERNATIVES", len(found.names))
    _agree(head, "NUMBER VOTERS", found.orders.total())
    for key in UNIQUE:
        _agree(head, key, seen)


def _agree(head: _Head, key: str, found: int) -> None:
    if key in head.told:
        line, value = head.told[key]
        told = to_number(value, line, key)
        if told != found:
            raise Fault(line, Reason.COUNT_DISAGREES, column=key, told=told, found=found)
