"""What becomes of words when they are handed in: shown, held, flagged, masked or refused.

Whoever keeps something that people write asks `screen` before writing the row, keeps `body` and
`held_for` of the answer, and tells `enter` afterwards, in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.moderation import items, policies, ports, screening_rules
from portal.moderation.rules import Hold, Why
from portal.moderation.screening_rules import Policy


@dataclass(frozen=True)
class Screened:
    """The first status of something written.

    `body` has words masked where a list says so. `held_for`: others read it once the committee
    let it through. `flags`: why the committee should look at it although it is shown.
    """

    body: str
    held_for: Hold | None = None
    flags: tuple[str, ...] = ()


def screen(
    body: str, *, kind: str, place: str, resident_id: int, is_staff: bool, now: datetime
) -> Screened:
    """Return what becomes of cleaned words, or raise Refused with a `writing.Refusal`.

    `kind` is that of `ports.Subject`, `place` where they stand: "plan:<version>", "room:<id>".
    """
    policy = policies.find_policy(place, now=now)
    held_for = screening_rules.why_held(
        policy,
        is_staff=is_staff,
        is_first=policy.holds_first and _is_first(resident_id),
        has_links=screening_rules.has_links(body),
        times_said=_times_said(body, policy, kind=kind, resident_id=resident_id, now=now),
    )
    return Screened(body, held_for=held_for)


def enter(kind: str, subject_id: int, number: int, screened: Screened, *, now: datetime) -> None:
    """Put what was held or flagged into the committee's queue."""
    if screened.held_for:
        items.put(kind, subject_id, number, why=Why.HELD, detail=screened.held_for.value, now=now)
    elif screened.flags:
        detail = " ".join(screened.flags)
        items.put(kind, subject_id, number, why=Why.FLAGGED, detail=detail, now=now)


def _is_first(resident_id: int) -> bool:
    """Tell whether nothing that this person wrote, of any kind, was ever let through."""
    keepers = (ports.ask(kind) for kind in ports.kinds())
    shelves = [keeper for keeper in keepers if isinstance(keeper, ports.Shelf)]
    return bool(shelves) and not any(shelf.has_been_read(resident_id) for shelf in shelves)


def _times_said(body: str, policy: Policy, *, kind: str, resident_id: int, now: datetime) -> int:
    shelf = ports.ask(kind)
    if (
        not policy.holds_repeated
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
