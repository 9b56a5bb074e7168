"""Find everything wrong with an XLSForm at once, each fault with its sheet, row and column.

The reference converter stops at the first fault and lets pass what this portal cannot do yet; so
each cell is looked at here first, and whatever would change a form's behaviour is named.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from pyxform import aliases
from pyxform.constants import CHOICES, SETTINGS, SURVEY
from pyxform.parsing.expression import is_xml_tag
from pyxform.utils import default_is_dynamic

from portal.surveys.columns import (
    DEFAULT,
    HINT,
    KIND,
    LABEL,
    NAME,
    REQUIRED,
    column_faults,
    column_remarks,
    understand,
)
from portal.surveys.faults import Fault, Reason, Remark
from portal.surveys.lines import NAME_LIMIT, Row, Screening, rows_of
from portal.surveys.lists import screen_choices
from portal.surveys.reading import Book, Sheet
from portal.surveys.rules import AnswerFault, Choice, Kind, Question, read_answer

QUESTIONS_LIMIT = 200

_PLAIN_KINDS = {
    "text": Kind.TEXT,
    "string": Kind.TEXT,
    "integer": Kind.INTEGER,
    "int": Kind.INTEGER,
    "note": Kind.NOTE,
}
_SELECT_KINDS = {"select one": Kind.SELECT_ONE, "select all that apply": Kind.SELECT_MULTIPLE}
_SELECT = re.compile(
    "^(?P<command>"
    + "|".join(sorted(map(re.escape, aliases.select), key=len, reverse=True))
    + r")(?:\s+(?P<list>.*?))?(?:\s+(?P<other>or specify other|or_other|or other))?$"
)
_CONTROL = re.compile(r"^(?P<edge>begin|end)[\s_](?P<what>group|lgroup|repeat|loop|looped group)\b")
_SETTINGS_TAKEN = frozenset(
    {"form_title", "title", "form_id", "id_string", "version", "default_language"}
)
_SETTINGS_SWITCHES = frozenset({"allow_choice_duplicates", "add_none_option", "omit_instanceid"})
_SETTINGS_HARMLESS = frozenset({"instance_name", "sms_keyword", "name"})


def screen(book: Book) -> Screening:
    """Look at every cell of a form."""
    found = Screening(remarks=list(book.remarks))
    for name, sheet in book.sheets.items():
        if name not in {SURVEY, CHOICES, SETTINGS} and sheet.rows:
            found.faults.append(Fault(Reason.SHEET_UNSUPPORTED, sheet.title, said=name))
    survey = book.sheets.get(SURVEY)
    if survey is None:
        found.faults.insert(0, Fault(Reason.SHEET_MISSING, said=SURVEY))
        return found
    lists = screen_choices(book.sheets.get(CHOICES), found)
    _Questions(survey, lists, found).screen()
    if SETTINGS in book.sheets:
        _screen_settings(book.sheets[SETTINGS], found)
    order = {SURVEY: 0, CHOICES: 1, SETTINGS: 2}
    found.faults.sort(key=lambda f: (order.get(f.sheet.strip().lower(), 3), f.row or 0))
    return found


@dataclass(slots=True)
class _Questions:
    """One walk through the sheet of questions."""

    sheet: Sheet
    lists: dict[str, list[Row]]
    found: Screening
    groups: list[Row] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    used: set[str] = field(default_factory=set)
    asked: int = 0

    def add(self, reason: Reason, row: Row, means: str, said: str = "") -> None:
        self.found.add(reason, self.sheet, row, means, said)

    def screen(self) -> None:
        columns = understand(self.sheet)
        self.found.faults += column_faults(self.sheet, columns, (KIND, NAME, LABEL))
        self.found.remarks += column_remarks(self.sheet, columns)
        for row in rows_of(self.sheet, columns):
            self._screen_row(row)
        for row in self.groups:
            self.add(Reason.GROUP_NOT_ENDED, row, KIND, row.cells.get(NAME, ""))
        if not self.asked and not self.found.faults:
            self.found.faults.append(Fault(Reason.NO_QUESTIONS, self.sheet.title))
        if self.asked > QUESTIONS_LIMIT:
            self.found.faults.append(Fault(Reason.TOO_MANY_QUESTIONS, self.sheet.title))
        self.found.remarks += [
            Fault(Remark.LIST_UNUSED, CHOICES, rows[0].number, said=name)
            for name, rows in self.lists.items()
            if name not in self.used
        ]

    def _screen_row(self, row: Row) -> None:
        kind = " ".join(row.cells.get(KIND, "").split())
        if row.is_blank:
            self.found.remarks.append(Fault(Remark.ROW_IGNORED, self.sheet.title, row.number))
        elif not kind:
            self.add(Reason.KIND_MISSING, row, KIND)
        elif control := _CONTROL.match(kind):
            if control["edge"] == "end":
                self._end(row, kind, control["what"])
            else:
                self._begin(row, kind, control["what"])
        else:
            self._question(row, kind)

    def _begin(self, row: Row, kind: str, what: str) -> None:
        self._name(row)
        self._words(row)
        if what == "group":
            self.groups.append(row)
        else:
            self.refused[what] += 1
            self.add(Reason.KIND_UNSUPPORTED, row, KIND, kind)

    def _end(self, row: Row, kind: str, what: str) -> None:
        if self.refused[what]:
            self.refused[what] -= 1  # its beginning was named already
        elif what != "group":
            self.add(Reason.KIND_UNSUPPORTED, row, KIND, kind)
        elif self.groups:
            self.groups.pop()
        else:
            self.add(Reason.END_WITHOUT_BEGIN, row, KIND)

    def _question(self, row: Row, written: str) -> None:
        match = _SELECT.match(written)
        kind = self._select(row, written, match) if match else _PLAIN_KINDS.get(written)
        if kind is None and not match:
            self.add(Reason.KIND_UNSUPPORTED, row, KIND, written)
        self.asked += kind is not Kind.NOTE
        if kind is not Kind.NOTE or NAME in row.cells:
            self._name(row)
        self._words(row)
        if kind and not row.words[LABEL]:
            self.add(Reason.LABEL_MISSING, row, LABEL)
        self._required(row, kind)
        if kind and row.cells.get(DEFAULT):
            self._default(row, kind, self.lists.get((match and match["list"]) or "", []))

    def _select(self, row: Row, written: str, match: re.Match[str]) -> Kind | None:
        """Return which select the line is, or None with the fault noted."""
        kind = _SELECT_KINDS.get(aliases.select[match["command"]])
        if kind is None or match["command"] in aliases.select_from_file:
            self.add(Reason.KIND_UNSUPPORTED, row, KIND, written)
            return None
        if match["other"]:
            self.add(Reason.OR_OTHER, row, KIND, written)
        name = match["list"] or ""
        self.used.add(name)
        if name.startswith("${"):
            self.add(Reason.REFERENCE, row, KIND, written)
        elif name not in self.lists:
            self.add(Reason.LIST_UNKNOWN, row, KIND, name)
        elif kind is Kind.SELECT_MULTIPLE:
            self._spaces(name)
        return kind

    def _spaces(self, name: str) -> None:
        """Refuse spaces in names of choices of which several can be chosen: they part them."""
        for choice in self.lists[name]:
            value = choice.cells.get(NAME, "")
            fault = Fault(
                Reason.CHOICE_NAME_SPACE, CHOICES, choice.number, choice.head(NAME), value
            )
            if " " in value and fault not in self.found.faults:
                self.found.faults.append(fault)

    def _name(self, row: Row) -> None:
        name = row.cells.get(NAME, "")
        if not name:
            self.add(Reason.NAME_MISSING, row, NAME)
        elif not is_xml_tag(name) or len(name) > NAME_LIMIT or name.lower() == "meta":
            self.add(Reason.NAME_INVALID, row, NAME, name)
        elif name.lower() in self.found.names:
            self.add(Reason.NAME_TWICE, row, NAME, name)
        else:
            self.found.names.append(name.lower())

    def _words(self, row: Row) -> None:
        for means in (LABEL, HINT):
            if row.has_reference(means):
                self.add(Reason.REFERENCE, row, means)

    def _required(self, row: Row, kind: Kind | None) -> None:
        required = row.cells.get(REQUIRED, "")
        if required and required not in aliases.yes_no:
            self.add(Reason.REQUIRED_EXPRESSION, row, REQUIRED, required)
        elif kind is Kind.NOTE and aliases.yes_no.get(required):
            self.add(Reason.REQUIRED_NOTHING, row, REQUIRED)

    def _default(self, row: Row, kind: Kind, choices: list[Row]) -> None:
        default = row.cells[DEFAULT]
        offered = tuple(Choice(choice.cells.get(NAME, ""), {}) for choice in choices)
        question = Question(kind=kind, name="", label={}, choices=offered)
        given = default.split() if kind is Kind.SELECT_MULTIPLE else [default]
        unfit = isinstance(read_answer(question, given), AnswerFault)
        is_number = default.lstrip("-").isdigit()
        if unfit or kind is Kind.NOTE or (default_is_dynamic(default) and not is_number):
            self.add(Reason.DEFAULT_UNFIT, row, DEFAULT, default)


def _screen_settings(sheet: Sheet, found: Screening) -> None:
    """Take title, identifier, version and default language; name everything else."""
    for extra in sheet.rows[1:]:
        found.faults.append(Fault(Reason.SETTINGS_ROWS, sheet.title, extra[0]))
    for number, cells in sheet.rows[:1]:
        for head, value in zip(sheet.head, cells, strict=False):
            name = "_".join(head.split()).lower()
            is_off = name in _SETTINGS_SWITCHES and aliases.yes_no.get(value) is False
            if not value or is_off or name in _SETTINGS_TAKEN:
                continue
            if name in _SETTINGS_HARMLESS or not name:
                found.remarks.append(Fault(Remark.SETTING_IGNORED, sheet.title, number, head))
            else:
                found.faults.append(
                    Fault(Reason.SETTING_UNSUPPORTED, sheet.title, number, head, value)
                )
