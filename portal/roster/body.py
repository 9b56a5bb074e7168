"""The rows below the heads of a roster: who is a person, and what only stands around them. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from portal.core.open_sheets import OpenSheet
from portal.roster.cells import clean, group_of_heading
from portal.roster.columns import COLUMNS, Header, column_key, column_letter
from portal.roster.faults import Fault, Note
from portal.roster.findings import Findings
from portal.roster.people_rows import SheetReader
from portal.roster.rows import RosterRow
from portal.roster.vocabulary import NOBODY

_PERSON_KEYS = ("name", "id_number", "born_on", "sex", "relation", "head")
_FOOTER = re.compile(
    r"合计|总计|小计|共计|总人数|[填制]表|审核|负责人|经办人|填报|联系人|单位|盖章|签[字名章]|"
    r"[注说备]|日期|\(?以下|第.{1,4}页|共.{1,4}页|total"
)
Row = Sequence[object]


class Body:
    """Walks over the rows of one sheet: fills merged cells down, passes over what is no person."""

    def __init__(self, reader: SheetReader, header: Header, sheet: OpenSheet) -> None:
        self.reader, self.header, self.sheet = reader, header, sheet
        self.findings: Findings = reader.findings
        self.rows_read = 0
        self.width = max(header.texts) + 1
        self.filling: dict[int, tuple[int, object]] = {}
        self.starts = self._find_starts(sheet.merged)
        self.is_tail_told = False
        self.merged_until = 0  # the last row of people that nobody can tell apart

    def _find_starts(
        self, merged: Iterable[tuple[int, int, int, int]]
    ) -> dict[int, list[tuple[int, int]]]:
        """Return by row which columns begin a cell merged downwards, and its last row."""
        wanted = set(self.reader.places.values())
        starts: dict[int, list[tuple[int, int]]] = {}
        for first, left, last, right in merged:
            if left == right and left in wanted and first < last and first > self.header.last_row:
                starts.setdefault(first + 1, []).append((left, last + 1))
        return starts

    def people(self, rows: Iterable[Row], *, first: int) -> Iterator[RosterRow]:
        """Return the residents in these rows; the first of them is row `first` of the sheet."""
        place_of_name = self.reader.places["name"]
        heads = set(self.header.texts.values())
        wanted = self.width + 1
        has_group = "group" in self.reader.places
        number = first - 1
        for number, raw in enumerate(rows, start=first):
            self.rows_read = number
            row = raw if len(raw) <= self.width else self._cut(number, raw)
            row = [*row, *[None] * (wanted - len(row))]
            filled = self._fill(number, row) if self.starts or self.filling else row
            if number <= self.merged_until:
                continue
            name = row[place_of_name]
            if not isinstance(name, str) or not name.isalpha() or name in heads or name in NOBODY:
                if not self._is_person(number, row):
                    continue
            elif number == first and self._is_numbering(row):
                continue
            if not has_group and self.reader.group is None:
                self._miss_group()
                return
            person = self.reader.read(number, filled)
            if person is not None:
                yield person

    def _miss_group(self) -> None:
        self.findings.fault(
            self.reader.name,
            self.header.last_row + 1,
            "–",
            Fault.MISSING_COLUMN,
            text=COLUMNS["group"][0],
        )

    def _cut(self, number: int, row: Row) -> Row:
        """Return the row without what stands beyond the heads, and tell of it."""
        for column in range(self.width, len(row)):
            text = clean(row[column])
            if not text:
                continue
            if self.sheet.height is None:
                self.findings.fault(
                    self.reader.name, number, column_letter(column), Fault.TOO_MANY_CELLS, text=text
                )
            elif not self.is_tail_told:
                self.is_tail_told = True
                self.findings.note(
                    self.reader.name, number, column_letter(column), Note.UNKNOWN_COLUMN, text=text
                )
            break
        return row[: self.width]

    def _fill(self, number: int, row: list[object]) -> list[object]:
        """Return the row with the cells that are merged with one above."""
        filled = list(row)
        for column, (last, value) in list(self.filling.items()):
            if number > last:
                del self.filling[column]
            else:
                filled[column] = value
        for column, last in self.starts.pop(number, ()):
            self.filling[column] = (last, row[column])
            for key in _PERSON_KEYS:
                if self.reader.places.get(key) == column and clean(row[column]):
                    self.merged_until = max(self.merged_until, last)
                    self.findings.fault(
                        self.reader.name,
                        number,
                        column_letter(column),
                        Fault.MERGED_PERSON,
                        key=key,
                        text=clean(row[column]),
                        head=self.header.texts[column],
                    )
        return filled

    def _is_person(self, number: int, row: Row) -> bool:
        """Tell a person from blank rows, footers, repeated heads and headings of groups."""
        texts = [clean(cell) for cell in row]
        filled = [text for text in texts if text]
        if not filled:
            return False
        name = texts[self.reader.places["name"]]
        if len(filled) == 1 and (group := group_of_heading(filled[0])) is not None:
            if "group" not in self.reader.places:
                self.reader.group = group
                self.findings.note(
                    self.reader.name, number, "A", Note.GROUP_FROM_HEADING, text=filled[0]
                )
            return False
        if self._is_repeated_head(texts):
            return False
        if number == self.header.last_row + 2 and self._is_numbering(row):
            return False
        is_footer = name in NOBODY or (
            (not name or len(filled) <= 2) and _FOOTER.match(filled[0].lower().replace(" ", ""))
        )
        if is_footer:
            self.findings.note(self.reader.name, number, "A", Note.FOOTER, text=filled[0])
            return False
        return True

    def _is_repeated_head(self, texts: Sequence[str]) -> bool:
        same = [
            column
            for column, head in self.header.texts.items()
            if texts[column]
            and column_key(texts[column])
            and " ".join(texts[column].split()) == head
        ]
        return self.reader.places["name"] in same and len(same) >= 2

    def _is_numbering(self, row: Row) -> bool:
        """Tell whether this is the row of 1, 2, 3 … or 甲, 乙, 丙 … below the heads."""
        texts = [text.strip("()") for text in map(clean, row) if clean(text)]
        is_count = texts == [str(n) for n in range(1, len(texts) + 1)]
        return len(texts) > 2 and (is_count or "".join(texts).startswith("甲乙丙"))
