"""What becomes of words when they are handed in: shown, held, flagged, masked or refused.

Whoever keeps something that people write asks `screen` before writing the row, keeps `body` and
`held_for` of the answer, and tells `enter` afterwards, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.core.errors import Refused
from portal.moderation import items, matching, policies, ports, remembered, screening_rules
from portal.moderation import word_lists as lists
from portal.moderation.matching import Hit
from portal.moderation.remembered import Kept
from portal.moderation.rules import Hold, Listed, Why
from portal.moderation.screening_rules import Policy
from portal.moderation.writing import Refusal


@dataclass(frozen=True)
class Screened:
    """The first status of something written.

    `body` has words masked where a list says so. `held_for`: others read it once the committee
    let it through. `flags`: why the committee should look at it although it is shown. `found`: the
    words of lists in it, by the list's key. `is_settled`: it rests on nothing but the words, the
    stamp of the village's screening, and what the same person said lately.
    """

    body: str
    held_for: Hold | None = None
    flags: tuple[str, ...] = ()
    found: dict[str, Sequence[str]] = field(default_factory=dict)
    is_settled: bool = False


def screen(
    body: str,
    *,
    kind: str,
    place: str,
    resident_id: int | None,
    is_staff: bool,
    now: datetime,
    grounds: Any = None,
) -> Screened:
    """Return what becomes of cleaned words, or raise Refused with a `writing.Refusal`.

    `kind` is that of `ports.Subject`, `place` where they stand: "plan:<version>", "room:<id>".
    Lists count for everybody alike; policies do not make the village's own staff wait, some of
    whom are no residents. Who has read the `ready.GROUNDS` gives them.
    """
    kept = remembered.read(None if grounds is None else grounds.stamp or "")
    hits = _find(body, kept)
    actions = {kept.actions[hit.list_key] for hit in hits}
    if Listed.REFUSE in actions:
        raise Refused(Refusal.REFUSED_WORDS)
    policy = policies.find_policy(kept.policies, place=place, now=now)
    held_for = screening_rules.why_held(
        policy,
        is_staff=is_staff,
        is_first=policy.holds_first and _is_first(resident_id),
        has_links=screening_rules.has_links(body),
        times_said=0
        if grounds is not None and grounds.said is None
        else _times_said(body, policy, kind=kind, resident_id=resident_id, now=now),
    )
    if Listed.HOLD in actions:
        held_for = Hold.WORDS
    found: dict[str, list[str]] = {}
    for hit in hits:
        words = found.setdefault(hit.list_key, [])
        words += [hit.word] if hit.word not in words else []
    return Screened(
        matching.mask(body, (hit for hit in hits if kept.actions[hit.list_key] is Listed.MASK)),
        held_for=held_for,
        flags=tuple(found),
        found=dict(found),
        is_settled=not (hits or policy.holds_first or policies.ask_for_phases(kept.policies)),
    )


def enter(kind: str, subject_id: int, number: int, screened: Screened, *, now: datetime) -> None:
    """Put what was held or flagged into the committee's queue."""
    if not screened.held_for and not screened.flags:
        return
    item = items.put(
        kind,
        subject_id,
        number,
        why=Why.HELD if screened.held_for else Why.FLAGGED,
        detail=screened.held_for.value if screened.held_for else "",
        now=now,
    )
    lists.note_hits(item, screened.found)


def _find(body: str, kept: Kept) -> list[Hit]:
    """Return what the lists find; names of places pass, and are asked for only where one trips."""
    letters = matching.letters_of(body)
    hits = kept.matcher.find(letters)
    if hits:
        names = [*kept.allowed, *remembered.names_here()]
        hits = matching.without_allowed(letters, hits, names)
    return hits + matching.find_id_numbers(body)


def _is_first(resident_id: int | None) -> bool:
    """Tell whether nothing that this person wrote, of any kind, was ever let through."""
    if resident_id is None:
        return False
    keepers = (ports.ask(kind) for kind in ports.kinds())
    shelves = [keeper for keeper in keepers if isinstance(keeper, ports.Shelf)]
    return bool(shelves) and not any(shelf.has_been_read(resident_id) for shelf in shelves)


def _times_said(
    body: str, policy: Policy, *, kind: str, resident_id: int | None, now: datetime
) -> int:
    shelf = ports.ask(kind)
    if (
        not policy.holds_repeated
        or resident_id is None
        or not isinstance(shelf, ports.Shelf)
        or screening_rules.count_same(body, [body]) == 0  # too short to count
    ):
        return 0
    said = shelf.list_said(
        resident_id,
        since=now - screening_rules.REPEATED_WITHIN,
        limit=screening_rules.LATEST_SAID,
    )
    return screening_rules.count_same(body, said)
