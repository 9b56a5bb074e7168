"""The rosters of all villages of a county in one go: all of them, or none. Never commits.

The file is read once, village by village, so that only one village's people are in memory. The
rows of a village must stand together.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from portal.core import clock
from portal.core.db import db
from portal.core.scope import village_scope
from portal.people import service as people
from portal.roster import known, ports
from portal.roster.comparing import Comparison, compare
from portal.roster.models import RosterImport
from portal.roster.reading import RosterFile
from portal.roster.rows import RosterRow
from portal.roster.rules import Action, ChangeKind, ImportState, Refusal
from portal.roster.writing import Source, write

SHOWN_FAULTS = 1000


class CountyFault(StrEnum):
    """Why a village of a county's file cannot go in, beside what is wrong with single rows."""

    NO_VILLAGE = "no-village"
    UNKNOWN_VILLAGE = "unknown-village"
    SCATTERED = "scattered"


@dataclass(frozen=True)
class Trouble:
    """Something because of which nothing goes in: where it stands, and what it is."""

    sheet: str
    row: int
    village_code: str
    reason: CountyFault | Refusal


@dataclass(frozen=True)
class Village:
    """What was done with one village."""

    code: str
    name: str
    residents: int
    added: int
    changed: int
    removed: int


@dataclass
class County:
    """An import of many villages. Iterate over it inside a transaction, then ask `is_good`.

    `is_removing`: whoever of a village in the file is missing there has left. `is_dry`: compare,
    and write nothing. Once something is wrong nothing more is written, and the file is only read
    to its end, so that all its faults are told at once.
    """

    file: RosterFile
    sha256: str
    now: datetime
    is_removing: bool = False
    is_dry: bool = False
    troubles: list[Trouble] = field(default_factory=list)
    trouble_count: int = 0
    residents: int = 0

    @property
    def is_good(self) -> bool:
        """Tell whether nothing was wrong, so that it may be kept."""
        return not self.trouble_count and not self.file.fault_count

    def __iter__(self) -> Iterator[Village]:
        done: set[str] = set()
        for rows in self._piles():
            code, first = rows[0].village_code, rows[0]
            found = people.find_village(code) if code else None
            if not code:
                self._trouble(first, CountyFault.NO_VILLAGE)
            elif code in done:
                self._trouble(first, CountyFault.SCATTERED)
            elif found is None:
                self._trouble(first, CountyFault.UNKNOWN_VILLAGE)
            else:
                with village_scope(found.id):
                    yield self._take(found.name, rows)
            done.add(code)
            self.residents += len(rows)

    def _piles(self) -> Iterator[list[RosterRow]]:
        pile: list[RosterRow] = []
        for row in self.file:
            if pile and pile[0].village_code != row.village_code:
                yield pile
                pile = []
            pile.append(row)
        if pile:
            yield pile

    def _take(self, name: str, rows: list[RosterRow]) -> Village:
        known.lock()
        roster = known.read_known()
        given = self.file.sheet_given
        has_heads = "is_head" in given
        found = compare(
            roster,
            [known.person_of(row, has_heads=has_heads) for row in rows],
            day=clock.today(self.now),
            given=given & known.GIVEN,
            is_complete=self.is_removing,
        )
        for clash in found.clashes:
            self._trouble(rows[clash.place], clash.refusal)
        if not found.is_empty and ports.is_in_use(now=self.now):
            self._trouble(rows[0], Refusal.ELECTORATE_IN_USE)
        removed = len(found.of(ChangeKind.REMOVED))
        changed = len(found.changed) - removed
        if self.is_good and not self.is_dry and not found.is_empty:
            self._write(found, changed=changed, removed=removed)
        code = rows[0].village_code
        return Village(code, name, len(rows), len(found.added), changed, removed)

    def _write(self, found: Comparison, *, changed: int, removed: int) -> None:
        done = RosterImport(
            action=Action.FILE,
            state=ImportState.DONE,
            filename=self.file.filename[:200],
            sha256=self.sha256,
            rows=[],
            notes=[],
            seen="",
            is_removing=self.is_removing,
            added_count=len(found.added),
            changed_count=changed,
            removed_count=removed,
            prepared_at=self.now,
            ended_at=self.now,
        )
        db.session.add(done)
        db.session.flush()
        write(found, Source(now=self.now, import_id=done.id))
        db.session.expunge(done)

    def _trouble(self, row: RosterRow, reason: CountyFault | Refusal) -> None:
        self.trouble_count += 1
        if len(self.troubles) < SHOWN_FAULTS:
            self.troubles.append(Trouble(row.sheet, row.row, row.village_code, reason))
