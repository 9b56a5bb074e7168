"""A roster that was handed in: compared, answered, put in by one or by two people."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.core import clock, outbox
from portal.core.db import JsonList, db
from portal.core.errors import Refused
from portal.roster import imports, known, ports, rules
from portal.roster.comparing import Comparison, compare
from portal.roster.events import RosterChangeWaits
from portal.roster.models import RosterImport
from portal.roster.person import Person
from portal.roster.rules import Action, ChangeKind, ImportState, Refusal, Standing
from portal.roster.writing import Source, write


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A roster as it was handed in: its residents, and the sheet and row of each.

    `given` names the columns of `known.GIVEN` that the file has; None: it says everything.
    """

    filename: str
    sha256: str
    people: Sequence[Person]
    places: Sequence[tuple[str, int]]
    given: frozenset[str] | None = None
    notes: JsonList = field(default_factory=list)
    is_removing: bool = False


@dataclass(frozen=True)
class Review:
    """What an import would do now. `stamp` stands for all that this says."""

    handed: RosterImport
    comparison: Comparison
    is_fresh: bool
    stamp: str

    @property
    def unanswered(self) -> int:
        """Return about how many rows nobody has said yet whether it is the same person."""
        decided = self.handed.decided
        return sum(1 for likely in self.comparison.likely if str(likely.place) not in decided)

    @property
    def removed(self) -> int:
        """Return how many leave by it."""
        return len(self.comparison.of(ChangeKind.REMOVED))

    @property
    def standing(self) -> Standing:
        """Return what the rules ask about it."""
        return Standing(
            state=self.handed.state,
            is_fresh=self.is_fresh,
            is_empty=self.comparison.is_empty,
            has_clash=bool(self.comparison.clashes),
            unanswered=self.unanswered,
            removed=self.removed,
        )

    def place(self, index: int | None) -> tuple[str, int] | None:
        """Return sheet and row of a place of the comparison."""
        if index is None or index < 0 or self.handed.action is not Action.FILE:
            return None
        sheet, row = self.handed.rows[index][:2]
        return sheet, row


def prepare(handed: Handed, *, account_id: int | None, now: datetime) -> RosterImport:
    """Keep a roster that was handed in until somebody has looked at what it would do."""
    staged = RosterImport(
        action=Action.FILE,
        state=ImportState.PREPARED,
        filename=handed.filename[:200],
        sha256=handed.sha256,
        rows=[
            [sheet, row, *known.pack(person)]
            for (sheet, row), person in zip(handed.places, handed.people, strict=True)
        ],
        notes=handed.notes,
        given=None if handed.given is None else sorted(handed.given),
        seen=known.digest_of(known.read_known()),
        is_removing=handed.is_removing,
        prepared_by_id=account_id,
        prepared_at=now,
    )
    db.session.add(staged)
    db.session.flush()
    return staged


def review(import_id: int, *, now: datetime) -> Review:
    """Compare an import with the roster as it is now."""
    staged = imports.get(import_id)
    roster = known.read_known()
    comparison = compare(
        roster,
        [known.unpack(row[2:]) for row in staged.rows],
        day=clock.today(now),
        decided={int(place): resident_id for place, resident_id in staged.decided.items()},
        given=None if staged.given is None else frozenset(staged.given),
        is_complete=staged.is_removing,
        is_exact=staged.is_exact,
    )
    digest = known.digest_of(roster)
    facts = (digest, sorted(staged.decided.items()), staged.is_removing)
    stamp = hashlib.sha256(repr(facts).encode()).hexdigest()
    return Review(staged, comparison, digest == staged.seen, stamp)


def answer(import_id: int, answers: Mapping[int, bool], *, all_others: bool, now: datetime) -> None:
    """Keep by row who is the same person; `all_others`: take the rest as it was proposed."""
    known.lock()
    looked = review(import_id, now=now)
    if looked.handed.state is not ImportState.PREPARED:
        raise Refused(Refusal.OVER)
    decided = dict(looked.handed.decided)
    for likely in looked.comparison.likely:
        key = str(likely.place)
        is_same = answers.get(likely.place)
        if is_same is None and all_others and key not in decided:
            is_same = likely.is_same
        if is_same is not None:
            decided[key] = likely.resident_id if is_same else None
    looked.handed.decided = decided


def look_again(import_id: int, *, account_id: int, now: datetime) -> None:
    """Take the roster as it is now for what was seen; who does so answers for the import."""
    known.lock()
    staged = imports.get(import_id)
    if staged.state not in imports.OPEN:
        raise Refused(Refusal.OVER)
    staged.seen = known.digest_of(known.read_known())
    staged.state = ImportState.PREPARED
    staged.prepared_by_id = account_id
    staged.prepared_at = now


def put_in(
    import_id: int, *, stamp: str, agreed_removed: int | None, account_id: int, now: datetime
) -> ImportState:
    """Put an import in, or let it wait for a second person while the electorate is in use.

    `stamp` is that of the review that somebody looked at.
    """
    known.lock()
    looked = review(import_id, now=now)
    if reason := rules.why_not_apply(looked.standing, agreed_removed=agreed_removed):
        raise Refused(reason)
    if stamp != looked.stamp:
        raise Refused(Refusal.ROSTER_CHANGED)
    return _finish(looked, account_id=account_id, now=now)


def propose(
    action: Action,
    person: Person,
    *,
    resident_id: int | None,
    reason: str,
    account_id: int,
    now: datetime,
) -> tuple[RosterImport, ImportState]:
    """Change one resident (None: add one), or let the change wait for a second person.

    Whoever calls it holds the village's lock since the person was read.
    """
    staged = RosterImport(
        action=action,
        state=ImportState.PREPARED,
        filename="",
        sha256="",
        rows=[["", 0, *known.pack(person)]],
        notes=[],
        decided={"0": resident_id},
        resident_id=resident_id,
        is_exact=True,
        reason=reason,
        seen=known.digest_of(known.read_known()),
        prepared_by_id=account_id,
        prepared_at=now,
    )
    db.session.add(staged)
    db.session.flush()
    looked = review(staged.id, now=now)
    is_somebody_else = action is Action.ADD and not looked.comparison.added
    if looked.comparison.clashes:
        raise Refused(looked.comparison.clashes[0].refusal)
    if is_somebody_else:
        raise Refused(Refusal.CLASH)
    if looked.comparison.is_empty:
        raise Refused(Refusal.NOTHING_TO_CHANGE)
    return staged, _finish(looked, account_id=account_id, now=now)


def _finish(looked: Review, *, account_id: int, now: datetime) -> ImportState:
    staged = looked.handed
    _count(looked)
    if not ports.is_in_use(now=now):
        _write(looked, account_id=account_id, now=now)
        return staged.state
    if imports.find_waiting() is not None:
        raise Refused(Refusal.ANOTHER_WAITS)
    staged.state = ImportState.WAITING
    db.session.flush()
    outbox.publish(RosterChangeWaits(import_id=staged.id, account_id=account_id), now=now)
    return staged.state


def confirm(import_id: int, *, account_id: int, now: datetime) -> None:
    """Put in what waits; never by the person who prepared it (trust.md P20)."""
    known.lock()
    looked = review(import_id, now=now)
    staged = looked.handed
    reason = rules.why_not_confirm(
        state=staged.state,
        is_fresh=looked.is_fresh,
        prepared_by_id=staged.prepared_by_id,
        account_id=account_id,
    )
    if reason:
        raise Refused(reason)
    staged.confirmed_by_id = account_id
    _write(looked, account_id=staged.prepared_by_id, now=now)


def _write(looked: Review, *, account_id: int | None, now: datetime) -> None:
    staged = looked.handed
    _count(looked)
    source = Source(now=now, account_id=account_id, import_id=staged.id, reason=staged.reason)
    is_death = staged.action is Action.DIE
    _end(staged, ImportState.DONE, now=now)
    db.session.flush()
    write(looked.comparison, source, kind=ChangeKind.DIED if is_death else None)


def _count(looked: Review) -> None:
    looked.handed.added_count = len(looked.comparison.added)
    looked.handed.removed_count = looked.removed
    looked.handed.changed_count = len(looked.comparison.changed) - looked.removed


def drop(import_id: int, *, now: datetime) -> None:
    """Throw an import away; nothing of it goes in."""
    known.lock()
    staged = imports.get(import_id)
    if staged.state not in imports.OPEN:
        raise Refused(Refusal.OVER)
    _end(staged, ImportState.DROPPED, now=now)


def _end(staged: RosterImport, state: ImportState, *, now: datetime) -> None:
    staged.state, staged.ended_at = state, now
    staged.rows, staged.notes, staged.decided = [], [], {}
