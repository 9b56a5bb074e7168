"""The rows of a form's sheets by meaning, and the notebook of what was found in them."""

from dataclasses import dataclass, field

from portal.surveys.columns import HINT, LABEL, Column
from portal.surveys.faults import Fault, Reason
from portal.surveys.reading import Sheet

NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet by meaning: texts in languages and single cells."""

    number: int
    cells: dict[str, str]
    words: dict[str, dict[str, str]]
    heads: dict[str, str]

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing that we understand stands in it."""
        return not self.cells and not any(self.words.values())

    def head(self, means: str) -> str:
        """Name the column of a meaning as the file does."""
        return self.heads.get(means, means)

    def has_reference(self, means: str) -> bool:
        """Tell whether a text takes over another answer, as in `${name}`."""
        return any("${" in text for text in self.words[means].values())


@dataclass(slots=True)
class Screening:
    """What was found: faults, remarks, and the names in use (in lower case)."""

    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def add(self, reason: Reason, sheet: Sheet, row: Row, means: str, said: str = "") -> None:
        """Note a fault of one cell, once."""
        fault = Fault(reason, sheet.title, row.number, row.head(means), said)
        if fault not in self.faults:
            self.faults.append(fault)


def rows_of(sheet: Sheet, columns: list[Column]) -> list[Row]:
    """Return the rows of a sheet by meaning."""
    heads: dict[str, str] = {}
    for column in columns:
        heads.setdefault(column.means, column.head)
    rows = []
    for number, cells in sheet.rows:
        single: dict[str, str] = {}
        words: dict[str, dict[str, str]] = {LABEL: {}, HINT: {}}
        for column in columns:
            text = cells[column.index] if column.index < len(cells) else ""
            if not text or not column.means:
                continue
            if column.means in words:
                words[column.means].setdefault(column.language, text)
            else:
                single.setdefault(column.means, text)
        rows.append(Row(number, single, words, heads))
    return rows
