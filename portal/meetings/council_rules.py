"""The villagers' council (村民议事会): its seats, its quorum, its recommendations. Pure.

No law sets these figures. They are the village's own (domain.md §4.5), and as those of the
representatives' meeting (Organic Law Art. 26): two thirds of the members must be there, and more
than half of those present decide.
"""

from collections.abc import Collection
from datetime import date

from portal.meetings.rules import Refusal

MOST_SEATS = 9
QUORUM = (2, 3)


def why_not_seats(seats: int, *, taken: Collection[int]) -> Refusal | None:
    """Say why a group cannot have so many seats, or None. `taken`: the seats that are sat on."""
    if not 0 <= seats <= MOST_SEATS:
        return Refusal.SEATS_OUT_OF_RANGE
    return Refusal.SEATS_TAKEN if any(seat > seats for seat in taken) else None


def free_seat(seats: int, *, taken: Collection[int]) -> int | None:
    """Return the lowest seat of a group that nobody sits on, or None."""
    return next((seat for seat in range(1, seats + 1) if seat not in taken), None)


def why_not_seat(
    *, begins_on: date, ends_on: date, is_elector: bool, seat: int | None
) -> Refusal | None:
    """Say why somebody cannot sit in the council for a term, or None."""
    if ends_on < begins_on:
        return Refusal.TERM_BACKWARDS
    if not is_elector:
        return Refusal.NOT_A_COUNCIL_ELECTOR
    return None if seat is not None else Refusal.NO_SEAT_FREE


def quorum(members: int) -> int:
    """Return how many of so many must be there: two thirds of them, or more."""
    share, whole = QUORUM
    return -(-share * members // whole)


def has_quorum(*, members: int, present: int) -> bool:
    """Tell whether enough of those called were there; of nobody it is never enough."""
    return members > 0 and present >= quorum(members)
