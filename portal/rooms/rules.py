"""What may be read and said in a room, by whom and when. Pure: no Flask, no database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_MESSAGE = 1000
MESSAGES_A_MINUTE = 30
LONGEST_NUMBER = 9
EDITABLE = timedelta(minutes=15)
MOST_PINS = 3
MOST_MENTIONS = 5
PAUSES = (0, 10, 30, 60, 300)
"""So many seconds can lie between two messages of one person."""


class Kind(StrEnum):
    """What a room belongs to."""

    VILLAGE = "village"
    GROUP = "group"
    PLAN = "plan"
    COUNCIL = "council"


NUMBERED = frozenset({Kind.GROUP, Kind.PLAN})


@dataclass(frozen=True)
class Place:
    """Whose room it is: the village's, that of a villager group or a plan, or the council's."""

    kind: Kind
    number: int | None = None

    @property
    def key(self) -> str:
        """Return how the room is kept: "village", "group:5", "plan:7", "council"."""
        return self.kind.value if self.number is None else f"{self.kind.value}:{self.number}"


VILLAGE, COUNCIL = Place(Kind.VILLAGE), Place(Kind.COUNCIL)


def place_of(key: str) -> Place | None:
    """Return the place of a key, or None where it is no key of a room."""
    word, colon, digits = key.partition(":")
    if word not in set(Kind):
        return None
    kind = Kind(word)
    if kind not in NUMBERED:
        return None if colon else Place(kind)
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER
    if not is_number or digits != str(int(digits)):
        return None
    return Place(kind, int(digits))


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who asks, as far as rooms are concerned. Somebody of another village is nobody here."""

    is_resident: bool = False
    group_id: int | None = None
    is_committee: bool = False
    is_planner: bool = False
    is_councillor: bool = False

    @property
    def is_in_office(self) -> bool:
        """Tell whether they speak here without being a resident, under their name."""
        return not self.is_resident and (self.is_committee or self.is_planner)


class Refusal(StrEnum):
    """Why somebody does not get in, or may say nothing now; words.py has the words."""

    NOT_A_READER = "not-a-reader"
    OTHER_GROUP = "other-group"
    COUNCIL_ONLY = "council-only"
    NOTICE_OVER = "notice-over"
    NO_SUCH_MESSAGE = "no-such-message"
    OTHERS_WORDS = "others-words"
    TOO_LATE = "too-late"
    TAKEN_BACK = "taken-back"
    IN_CASE = "in-case"
    SAME_WORDS = "same-words"
    NOT_SHOWN = "not-shown"
    TOO_MANY_PINS = "too-many-pins"
    NO_PLAN = "no-plan"
    ASKED_ALREADY = "asked-already"
    NOT_ASKED = "not-asked"
    SAID_IN_OFFICE = "said-in-office"
    READ_ONLY = "read-only"
    SLOW = "slow"


def why_not_read(place: Place, person: Person) -> Refusal | None:
    """Return why this person does not get into the room, or None.

    The committee answers for every room. The planner listens where the village and its groups
    talk, but not to the council, which is to deliberate without whoever drew the plan.
    """
    if person.is_committee:
        return None
    if place.kind is Kind.COUNCIL:
        return None if person.is_councillor else Refusal.COUNCIL_ONLY
    if not (person.is_resident or person.is_planner):
        return Refusal.NOT_A_READER
    if place.kind is Kind.GROUP and not person.is_planner and person.group_id != place.number:
        return Refusal.OTHER_GROUP
    return None


def why_not_send(
    place: Place, person: Person, *, is_on_notice: bool, is_read_only: bool = False
) -> Refusal | None:
    """Return why this person may say nothing in the room now, or None.

    Whoever may read may write; the room of a plan is open while the plan is on notice.
    `is_on_notice` is asked for rooms of plans only. In a room that is read only the committee
    still writes.
    """
    if refusal := why_not_read(place, person):
        return refusal
    if is_read_only and not person.is_committee:
        return Refusal.READ_ONLY
    return Refusal.NOTICE_OVER if place.kind is Kind.PLAN and not is_on_notice else None


def why_not_yet(
    person: Person, *, slow_seconds: int, last_at: datetime | None, now: datetime
) -> Refusal | None:
    """Return why this person must wait with the next message, or None; the committee need not."""
    if not slow_seconds or last_at is None or person.is_committee:
        return None
    return Refusal.SLOW if now - last_at < timedelta(seconds=slow_seconds) else None


def why_not_take_back(*, is_author: bool, is_taken_back: bool, is_in_case: bool) -> Refusal | None:
    """Return why these words cannot be taken back by this person, or None.

    What the committee has hidden or is about to look at stays until that is decided.
    """
    if not is_author:
        return Refusal.OTHERS_WORDS
    if is_taken_back:
        return Refusal.TAKEN_BACK
    return Refusal.IN_CASE if is_in_case else None


def why_not_edit(
    *, is_author: bool, is_taken_back: bool, is_in_case: bool, posted_at: datetime, now: datetime
) -> Refusal | None:
    """Return why these words cannot be put differently any more, or None.

    A quarter of an hour is for slips; later, others have answered to what they read.
    """
    if refusal := why_not_take_back(
        is_author=is_author, is_taken_back=is_taken_back, is_in_case=is_in_case
    ):
        return refusal
    return None if now - posted_at <= EDITABLE else Refusal.TOO_LATE


def why_not_pin(*, is_readable: bool, pins: int) -> Refusal | None:
    """Return why a message cannot stand at the top of its room, or None."""
    if not is_readable:
        return Refusal.NOT_SHOWN
    return None if pins < MOST_PINS else Refusal.TOO_MANY_PINS


def why_not_suggest(
    *, is_readable: bool, is_on_notice: bool, is_residents: bool = True
) -> Refusal | None:
    """Return why a message cannot be suggested as an opinion, or None: those are of residents."""
    if not is_residents:
        return Refusal.SAID_IN_OFFICE
    if not is_readable:
        return Refusal.NOT_SHOWN
    return None if is_on_notice else Refusal.NO_PLAN


def why_not_promote(*, is_author: bool, is_asked: bool, is_readable: bool) -> Refusal | None:
    """Return why this person cannot say what becomes of a message, or None."""
    if not is_author:
        return Refusal.OTHERS_WORDS
    if not is_asked:
        return Refusal.NOT_ASKED
    return None if is_readable else Refusal.NOT_SHOWN


@dataclass(frozen=True)
class Speaker:
    """Somebody who spoke in a room, under the name that the others see there."""

    resident_id: int
    group: str
    author: str


def mentioned(body: str, speakers: Iterable[Speaker], *, by: int) -> list[int]:
    """Return whom a message calls by an @ and the name that is seen in the room.

    The name alone will do, or the group and the name; a name that two of them share calls nobody.
    """
    text = "".join(body.replace("＠", "@").split())
    called: dict[str, set[int]] = defaultdict(set)
    for one in speakers:
        for words in (one.author, one.group + one.author):
            called["@" + "".join(words.split())].add(one.resident_id)
    found: list[int] = []
    for words in sorted(called, key=len, reverse=True):  # the longer name was meant
        if words in text:
            text = text.replace(words, " ")
            found += [] if len(called[words]) > 1 else sorted(called[words] - {by, *found})
    return found[:MOST_MENTIONS]
