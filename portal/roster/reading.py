"""Reading a roster as committees keep it: residents out, or every fault at its place. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any, BinaryIO

from portal.core.open_sheets import VILLAGE, Cell, Limits, OpenSheet, Unreadable
from portal.core.tables import open_table
from portal.roster.body import Body
from portal.roster.cells import (
    NAME_LENGTH,
    clean,
    group_of_heading,
    group_of_title,
    read_date,
)
from portal.roster.columns import (
    COLUMNS,
    FIELDS,
    LOWEST_ROWS,
    REQUIRED_COLUMNS,
    SEARCHED_ROWS,
    Header,
    column_letter,
    find_header,
)
from portal.roster.faults import FILE_FAULTS, Fault, Note, RowFault, RowNote
from portal.roster.findings import Findings
from portal.roster.people_rows import SheetReader
from portal.roster.rows import Context, RosterRow
from portal.roster.seen import unpack
from portal.roster.vocabulary import YES_NO

__all__ = [
    "COLUMNS",
    "NAME_LENGTH",
    "REQUIRED_COLUMNS",
    "Fault",
    "Note",
    "Reading",
    "RosterFile",
    "RosterRow",
    "RowFault",
    "RowNote",
    "column_letter",
    "read_date",
    "read_file",
    "read_roster",
    "read_sheets",
]


@dataclass(frozen=True)
class Reading:
    """A roster that was read. It may go in only where there are no faults.

    `given`: the fields of `RosterRow` that every sheet has a column for. `fault_count` counts also
    the faults beyond the first thousand.
    """

    rows: list[RosterRow]
    faults: list[RowFault]
    notes: list[RowNote]
    given: frozenset[str]
    fault_count: int


class RosterFile:
    """A roster that is read row after row. Faults, notes and `given` are complete at its end.

    `village_code`: rows of another village are faults; without it, a column must name the village
    of each row if there is one. `rows_read` and `rows_expected` (None: not known yet) tell how far
    the reading is; `sheet_given` is `given` of the sheet that is being read.
    """

    def __init__(
        self,
        filename: str,
        source: bytes | BinaryIO,
        *,
        day: date,
        village_code: str = "",
        limits: Limits = VILLAGE,
    ) -> None:
        self.filename, self.source, self.limits = filename, source, limits
        self.findings = Findings(filename)
        self.context = Context(
            day=day,
            findings=self.findings,
            village_code=village_code,
            is_village=limits.rows <= VILLAGE.rows,
        )
        self.rows_read = self.people_count = 0
        self.rows_expected: int | None = None
        self._given: frozenset[str] | None = None
        self.sheet_given: frozenset[str] = frozenset()
        self._without_people: list[tuple[Fault, str, int, str]] = []
        self._sheets_with_people = 0

    @property
    def faults(self) -> list[RowFault]:
        """Return the faults found so far, the first thousand of them."""
        return self.findings.faults

    @property
    def notes(self) -> list[RowNote]:
        """Return what was noted so far."""
        return self.findings.notes

    @property
    def fault_count(self) -> int:
        """Return how many faults were found so far."""
        return self.findings.fault_count

    @property
    def given(self) -> frozenset[str]:
        """Return the fields of `RosterRow` that every sheet has a column for."""
        return self._given or frozenset()

    def __iter__(self) -> Iterator[RosterRow]:
        try:
            for sheet in open_table(self.filename, self.source, limits=self.limits):
                yield from self.read_sheet(sheet)
        except Unreadable as unreadable:
            self.findings.fault("", unreadable.row, "–", FILE_FAULTS[unreadable.reason])
            return
        self.finish()

    def read_sheet(self, sheet: OpenSheet) -> Iterator[RosterRow]:
        """Return the residents of one sheet."""
        name = " ".join(sheet.name.split())[:60]
        self.findings.sheet_names.append(name)
        if sheet.is_hidden:
            self.findings.note(name, 0, "–", Note.SHEET_HIDDEN)
            return
        rows = iter(sheet.rows)
        start = [list(row) for row in islice(rows, LOWEST_ROWS)]
        if not any(clean(cell) for row in start for cell in row):
            if all(not clean(cell) for row in rows for cell in row):
                self.findings.note(name, 0, "–", Note.SHEET_EMPTY)
            else:
                self._without_people.append((Fault.NO_HEADER, name, 1, ""))
            return
        header = find_header(start[:SEARCHED_ROWS], sheet.merged)
        if header is None or "name" not in header.places:
            self._pass_over(name, header, find_header(start))
            return
        yield from self._read_body(name, start, header, sheet, rows)

    def _pass_over(self, name: str, header: Header | None, low: Header | None) -> None:
        if header is not None:
            row, fault, text = header.last_row + 1, Fault.MISSING_COLUMN, COLUMNS["name"][0]
        elif low is not None and "name" in low.places:
            row, fault, text = low.first_row + 1, Fault.HEADER_TOO_LOW, ""
        else:
            row, fault, text = 1, Fault.NO_HEADER, ""
        self._without_people.append((fault, name, row, text))

    def _read_body(
        self,
        name: str,
        start: list[list[Cell]],
        header: Header,
        sheet: OpenSheet,
        rows: Iterator[list[Cell]],
    ) -> Iterator[RosterRow]:
        self._check_columns(name, header)
        if not {"household", "head_name"} & header.places.keys():
            self.findings.fault(
                name, header.last_row + 1, "–", Fault.MISSING_COLUMN, text=COLUMNS["household"][0]
            )
            return
        body_start = start[header.last_row + 1 :]
        _settle_head_column(header, body_start)
        group = None
        if "group" not in header.places:
            group = self._find_group(name, start[: header.first_row])
        number = len(self.findings.sheet_names) - 1
        self.sheet_given = frozenset(FIELDS[key] for key in header.places if key in FIELDS)
        reader = SheetReader(self.context, name, number, header, group=group)
        body = Body(reader, header, sheet)
        read_before, faults_before = self.rows_read, self.fault_count
        if sheet.height is not None:
            self.rows_expected = read_before + sheet.height
        people_before = self.people_count
        for person in body.people(chain(body_start, rows), first=header.last_row + 2):
            self.people_count += 1
            self.rows_read = read_before + body.rows_read
            yield person
        self.rows_read = read_before + body.rows_read
        if self.people_count > people_before:
            given = self.sheet_given
            self._given = given if self._given is None else self._given & given
        if (self.people_count, self.fault_count) == (people_before, faults_before):
            self._without_people.append((Fault.NO_ROWS, name, header.last_row + 1, ""))
        else:
            self._sheets_with_people += 1

    def _check_columns(self, name: str, header: Header) -> None:
        row = header.last_row + 1
        for column in header.twice:
            text = header.texts[column]
            self.findings.fault(
                name, row, column_letter(column), Fault.DUPLICATE_COLUMN, text=text, head=text
            )
        for column in header.unknown:
            self.findings.note(
                name, row, column_letter(column), Note.UNKNOWN_COLUMN, text=header.texts[column]
            )

    def _find_group(self, name: str, titles: list[list[Cell]]) -> int | None:
        """Return the group that the sheet's name or a title above the heads speaks of."""
        group = group_of_heading(name)
        if group is not None:
            self.findings.note(name, 0, "–", Note.GROUP_FROM_SHEET, text=name)
            return group
        for row, cells in enumerate(titles, start=1):
            for cell in cells:
                if (group := group_of_title(clean(cell))) is not None:
                    self.findings.note(name, row, "A", Note.GROUP_FROM_HEADING, text=clean(cell))
                    return group
        return None

    def finish(self) -> None:
        """Say what shows only at the end: sheets without people, households without a head."""
        rank = {Fault.NO_HEADER: 0, Fault.MISSING_COLUMN: 1, Fault.NO_ROWS: 2}
        best = max((rank.get(one[0], 3) for one in self._without_people), default=None)
        for fault, sheet, row, text in self._without_people:
            is_fault = rank.get(fault, 3) == best and not self._sheets_with_people
            if is_fault or fault is Fault.HEADER_TOO_LOW:
                column = "–" if fault is Fault.MISSING_COLUMN else "A"
                self.findings.fault(sheet, row, column, fault, text=text)
            else:
                self.findings.note(sheet, row, "–", Note.SHEET_WITHOUT_PEOPLE)
        if not self._sheets_with_people and best is None and not self.faults:
            self.findings.fault("", 0, "–", Fault.FILE_EMPTY)
        seen = self.context.seen
        if seen.heads or seen.representatives:
            for household, place in seen.households.items():
                if household not in seen.heads and household not in seen.representatives:
                    sheet_number, row = unpack(place)
                    sheet = self.findings.sheet_names[sheet_number]
                    self.findings.note(sheet, row, "–", Note.NO_HEAD)


def _settle_head_column(header: Header, rows: list[list[Cell]]) -> None:
    """Where the column 户主 holds names instead of yes and no, take it for the head's name."""
    column = header.places.get("head", -1)
    if header.texts.get(column) != "户主" or "head_name" in header.places:
        return
    texts = [clean(row[column]).lower() for row in rows if column < len(row)]
    first = next(filter(None, texts), "")
    if first and first not in YES_NO:
        header.places["head_name"] = header.places.pop("head")


def read_file(
    filename: str, content: bytes, *, day: date, village_code: str = "", limits: Limits = VILLAGE
) -> Reading:
    """Read a whole roster. Never raises: what is wrong stands in `faults`."""
    file = RosterFile(filename, content, day=day, village_code=village_code, limits=limits)
    rows = list(file)
    return Reading(rows, file.faults, file.notes, file.given, file.fault_count)


def read_sheets(
    sheets: Sequence[tuple[str, Sequence[Sequence[object]]]], *, day: date
) -> tuple[list[RosterRow], list[RowFault]]:
    """Read sheets that are open already (name, rows) as one roster."""
    file = RosterFile("", b"", day=day)
    found: list[RosterRow] = []
    for name, rows in sheets:
        cells: list[list[Any]] = [list(row) for row in rows]
        found += file.read_sheet(OpenSheet(name=name, rows=iter(cells), height=len(cells)))
    file.finish()
    return found, file.faults


def read_roster(
    sheet: str, rows: Sequence[Sequence[object]], *, day: date
) -> tuple[list[RosterRow], list[RowFault]]:
    """Read one sheet that is open already."""
    return read_sheets([(sheet, rows)], day=day)
