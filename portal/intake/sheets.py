"""One sheet as a table we know: where its head stands, what each column is, its rows. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.intake.cells import Cell, Reader, Unit, words_of
from portal.intake.columns import HEADS, LAYOUTS, Table, plain, table_named, unit_in
from portal.intake.faults import Fault, Findings, Note, Place
from portal.intake.vocabulary import Word, meaning

LOOK = 15
"""How many rows at the top may stand above the head."""
EXAMPLES = ("示例", "例：", "例:", "example")
Merged = Sequence[tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet as it stands: its file, its name, its rows, and which cells are merged."""

    file: str
    sheet: str
    rows: Sequence[Sequence[Cell]]
    merged: Merged = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number in the sheet, and its cells by column."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Found:
    """A table that was found in a sheet."""

    table: Table
    grid: Grid
    first: int
    columns: Mapping[str, int]
    heads: Mapping[str, str]
    units: Mapping[str, Unit]
    findings: Findings

    def place(self, row: int, key: str = "") -> Place:
        """Return where a cell stands: the row from 1, the column as its letter and its head."""
        at = self.columns.get(key)
        layout = LAYOUTS[self.table].columns
        return Place(
            file=self.grid.file,
            sheet=self.grid.sheet,
            row=row,
            column="" if at is None else letter(at),
            head=self.heads.get(key) or (layout[key].zh if key in layout else ""),
        )

    def reader(self, row: int, key: str) -> Reader:
        """Return what reads the cell of this row and column."""
        return Reader(self.findings, self.place(row, key))

    def word(self, row: Row, key: str, words: Mapping[Word, tuple[str, ...]]) -> Word | None:
        """Return what a word means; one that we do not know is a fault."""
        text = words_of(row.cells.get(key))
        if not text:
            return None
        said = meaning(text, words)
        if said is None:
            known = "、".join(names[0] for names in words.values())
            place = self.place(row.number, key)
            self.findings.refuse(Fault.UNKNOWN_WORD, place, text, known=known)
        return said

    def rows(self) -> Iterator[Row]:
        """Return the rows with something in them; examples of the template are passed over."""
        filled = _fill_down(self)
        for number, cells in enumerate(filled, start=self.first + 1):
            row = {key: cells[at] if at < len(cells) else None for key, at in self.columns.items()}
            if not any(words_of(cell) for cell in row.values()):
                continue
            start = next((words_of(cell) for cell in cells if words_of(cell)), "").lower()
            if start.startswith(EXAMPLES):
                self.findings.tell(Note.EXAMPLE, self.place(number))
                continue
            yield Row(number, row)


def letter(column: int) -> str:
    """Return the letter of a column as spreadsheets name it, from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def find_table(grid: Grid, findings: Findings, *, is_alone: bool = False) -> Found | None:
    """Return the table that this sheet holds; None when it is none of a plan.

    ``is_alone``: the file has only this sheet, so what it is may show in its head alone.
    """
    named = table_named(grid.sheet) or (table_named(grid.file) if is_alone else None)
    tables = [named] if named else list(Table)
    best = max(
        (_match(grid, table) for table in tables), key=lambda match: match.score, default=None
    )
    place = Place(file=grid.file, sheet=grid.sheet)
    if best is None or not best.is_enough(is_named=named is not None):
        if named:
            findings.refuse(Fault.NO_HEADER, place, columns=_needed(named))
        elif is_alone:
            findings.refuse(Fault.UNKNOWN_TABLE, place)
        else:
            findings.tell(Note.OTHER_SHEET, place, grid.sheet)
        return None
    return best.found(findings)


@dataclass(frozen=True, slots=True)
class _Match:
    table: Table
    grid: Grid
    last: int
    height: int
    heads: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def score(self) -> tuple[int, int, int]:
        known = set(self.keys) - {""}
        needed = sum(1 for key in known if LAYOUTS[self.table].columns[key].needed)
        return (needed + len(known), -self.height, -self.last)

    def is_enough(self, *, is_named: bool) -> bool:
        known = set(self.keys) - {""}
        needed = {key for key, column in LAYOUTS[self.table].columns.items() if column.needed}
        return len(known) >= (1 if is_named else 3) and (is_named or needed <= known)

    def found(self, findings: Findings) -> Found | None:
        """Return the table, or None when its columns are not clear."""
        layout = LAYOUTS[self.table]
        columns: dict[str, int] = {}
        units: dict[str, Unit] = {}
        faults = len(findings.faults)
        above = " ".join(words_of(c) for row in self.grid.rows[: self.last] for c in row)
        for at, (key, head) in enumerate(zip(self.keys, self.heads, strict=True)):
            place = self._place(letter(at), head)
            if key in columns:
                first = self.heads[columns[key]]
                findings.refuse(Fault.COLUMN_TWICE, place, head, first=first)
            elif key:
                columns[key] = at
                self._tell(findings, place, key)
                known = layout.columns[key].units
                if known and (unit := unit_in(head, known) or _said(above, known)):
                    units[key] = unit
            elif head:
                findings.tell(Note.UNKNOWN_COLUMN, place, head)
        for key, column in layout.columns.items():
            if column.needed and key not in columns:
                place = self._place("", column.zh)
                findings.refuse(Fault.MISSING_COLUMN, place, "", column=column.zh)
        if self.height > 1:
            findings.tell(Note.MERGED_HEAD, self._place("", ""))
        if len(findings.faults) > faults:
            return None
        heads = {key: self.heads[at] for key, at in columns.items()}
        return Found(self.table, self.grid, self.last + 1, columns, heads, units, findings)

    def _tell(self, findings: Findings, place: Place, key: str) -> None:
        column = LAYOUTS[self.table].columns[key]
        if plain(place.head) not in (plain(column.zh), plain(column.en)):
            findings.tell(Note.SYNONYM, place, place.head, column=column.zh)

    def _place(self, column: str, head: str) -> Place:
        file, sheet = self.grid.file, self.grid.sheet
        return Place(file=file, sheet=sheet, row=self.last + 1, column=column, head=head)


def _said(above: str, units: Mapping[str, Unit]) -> Unit | None:
    """Return the unit that a line above the head says: 单位：公顷."""
    if "单位" not in above and "unit" not in above.lower():
        return None
    after = above.replace("：", ":").partition("单位")[2] or above.lower().partition("unit")[2]
    for part in after.lstrip(": ").replace("、", " ").replace("，", " ").split():
        if found := units.get(part.strip("()（）").lower()):
            return found
    return None


def _match(grid: Grid, table: Table) -> _Match:
    """Return the best row to be the head of this table, alone or together with the one above."""
    found = []
    for last in range(min(LOOK, len(grid.rows))):
        for height in (1, 2):
            if height > last + 1:
                continue
            heads = _heads(grid, last, height)
            keys = tuple(_key(head, table) for head in heads)
            found.append(_Match(table, grid, last, height, heads, keys))
    return max(found, key=lambda match: match.score, default=_Match(table, grid, 0, 1, (), ()))


def _key(head: str, table: Table) -> str:
    names = HEADS[table]
    return names.get(plain(head), "") if head else ""


def _heads(grid: Grid, last: int, height: int) -> tuple[str, ...]:
    """Return the heads of the columns; merged cells above count for each column below them."""
    width = max((len(row) for row in grid.rows[: last + 1]), default=0)
    lines = [
        [words_of(row[at]) if at < len(row) else "" for at in range(width)]
        for row in grid.rows[last + 1 - height : last + 1]
    ]
    for top, left, low, right in grid.merged:
        for line in range(max(top, last + 1 - height), min(low, last) + 1):
            for at in range(left, min(right + 1, width)):
                said = grid.rows[top][left] if left < len(grid.rows[top]) else None
                lines[line - (last + 1 - height)][at] = words_of(said)
    heads = []
    for parts in zip(*lines, strict=True):
        heads.append("".join(dict.fromkeys(part for part in parts if part)))
    return tuple(heads)


def _fill_down(found: Found) -> list[list[Cell]]:
    """Return the rows below the head, with cells that are merged downwards filled."""
    rows = [list(row) for row in found.grid.rows[found.first :]]
    for top, left, low, right in found.grid.merged:
        if left != right or low == top or low < found.first:
            continue
        start = max(top, found.first)
        if start - found.first >= len(rows) or left >= len(found.grid.rows[top]):
            continue
        said = found.grid.rows[top][left]
        for line in range(start - found.first, min(low - found.first + 1, len(rows))):
            if left < len(rows[line]):
                rows[line][left] = said
        place = Place(
            file=found.grid.file, sheet=found.grid.sheet, row=top + 1, column=letter(left)
        )
        found.findings.tell(Note.MERGED_CELLS, place, words_of(said))
    return rows


def _needed(table: Table) -> str:
    return "、".join(c.zh for c in LAYOUTS[table].columns.values() if c.needed)
