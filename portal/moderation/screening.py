"""What becomes of words when they are handed in: shown, held, flagged, masked or refused.

Whoever keeps something that people write asks `screen` before writing the row, keeps `body` and
`held_for` of the answer, and tells `enter` afterwards, in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.moderation.rules import Hold


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
    return Screened(body)


def enter(kind: str, subject_id: int, number: int, screened: Screened, *, now: datetime) -> None:
    """Put what was held or flagged into the committee's queue."""
