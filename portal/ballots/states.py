"""The life of a ballot: its states, read off facts and the clock, and the steps between them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Secrecy(StrEnum):
    """Who can know how somebody voted: the electors (记名), or nobody (domain.md V20)."""

    OPEN = "open"
    SEALED = "sealed"
    BELENIOS = "belenios"


class State(StrEnum):
    """Where a ballot stands (domain.md §4.2). What came of it is its outcome, not a state."""

    DRAFT = "draft"
    PARTY_REVIEWED = "party-reviewed"
    ANNOUNCED = "announced"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    COUNTED = "counted"
    DISCLOSED = "disclosed"
    OBJECTED = "objected"
    SET_ASIDE = "set-aside"
    ARCHIVED = "archived"
    NOT_HELD = "not-held"
    CANCELLED = "cancelled"

    @property
    def is_counted(self) -> bool:
        """Tell whether the result is there for everybody."""
        return self in COUNTED

    @property
    def is_over(self) -> bool:
        """Tell whether nobody can vote in it any more."""
        return self.is_counted or self in (State.CLOSED, State.NOT_HELD, State.CANCELLED)

    @property
    def is_public(self) -> bool:
        """Tell whether the village has been told of it."""
        return self not in (State.DRAFT, State.PARTY_REVIEWED)


COUNTED = (State.COUNTED, State.DISCLOSED, State.OBJECTED, State.SET_ASIDE, State.ARCHIVED)


class Step(StrEnum):
    """What was done in the life of a ballot; each is a line of its log."""

    DRAFTED = "drafted"
    ANNOUNCED = "announced"
    OPENED = "opened"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    EARLY_CLOSE_ASKED = "early-close-asked"
    CLOSED_EARLY = "closed-early"
    CLOSED = "closed"
    WITNESS_NAMED = "witness-named"
    PAPERS_LEFT_OUT = "papers-left-out"
    COUNTED = "counted"
    DISCLOSED = "disclosed"
    OBJECTED = "objected"
    OBJECTION_DECIDED = "objection-decided"
    SET_ASIDE = "set-aside"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class Life(Protocol):
    """The facts from which the state of a ballot is read."""

    @property
    def secrecy(self) -> Secrecy: ...
    @property
    def party_review_on(self) -> date | None: ...
    @property
    def announced_at(self) -> datetime | None: ...
    @property
    def opened_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def counted_at(self) -> datetime | None: ...
    @property
    def disclosed_at(self) -> datetime | None: ...
    @property
    def objected_at(self) -> datetime | None: ...
    @property
    def set_aside_at(self) -> datetime | None: ...
    @property
    def archived_at(self) -> datetime | None: ...
    @property
    def suspended_at(self) -> datetime | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...
    @property
    def papers_wait(self) -> bool: ...


def state(life: Life, *, now: datetime) -> State:
    """Read the state off the facts and the clock. The closing moment itself is closed (T2).

    A vote with names is counted as soon as it is closed, unless papers wait for their witnesses; a
    secret one when its urn was opened. The clock ends no vote that is held up: that would end it
    early, on one person's word (trust.md T7).
    """
    for reached, is_so in (
        (State.CANCELLED, life.cancelled_at is not None),
        (State.SET_ASIDE, life.set_aside_at is not None),
        (State.ARCHIVED, life.archived_at is not None),
        (State.OBJECTED, life.objected_at is not None),
        (State.DISCLOSED, life.disclosed_at is not None),
    ):
        if is_so:
            return reached
    if life.announced_at is None:
        return State.DRAFT if life.party_review_on is None else State.PARTY_REVIEWED
    if life.opened_at is None or now < life.opened_at:
        return State.ANNOUNCED if now < life.closes_at else State.NOT_HELD
    if life.suspended_at is not None:
        return State.SUSPENDED
    if now < life.ends_at:
        return State.OPEN
    is_at_once = life.secrecy is Secrecy.OPEN and not life.papers_wait
    is_counted = is_at_once or life.counted_at is not None
    return State.COUNTED if is_counted else State.CLOSED
