"""Which columns of an XLSForm we understand, under which of their names."""

from dataclasses import dataclass

from pyxform import aliases
from pyxform.parsing.sheet_headers import process_header
from pyxform.question import MultipleChoiceQuestion

from portal.surveys.faults import Fault, Reason, Remark
from portal.surveys.reading import Sheet

KIND, NAME, LABEL, HINT = "type", "name", "label", "hint"
REQUIRED, DEFAULT, LIST = "required", "default", "list_name"

_SURVEY = {
    "type": KIND,
    "command": KIND,
    "name": NAME,
    "tag": NAME,
    "value": NAME,
    "label": LABEL,
    "caption": LABEL,
    "hint": HINT,
    "required": REQUIRED,
    "default": DEFAULT,
}
_CHOICES = {
    "list_name": LIST,
    "name": NAME,
    "value": NAME,
    "label": LABEL,
    "caption": LABEL,
}
_IN_LANGUAGES = frozenset({LABEL, HINT})
_PREFIXES = frozenset({"bind", "body", "control", "instance", "media", "attribute"})
_SLOTS = {name for name in MultipleChoiceQuestion.get_slot_names() if not name.startswith("_")}
_SURVEY_BEHAVIOUR = (
    set(aliases.survey_header)
    | _SLOTS
    | {"disabled", "flat", "intent", "buttontext", "rows", "save_to", "guidance_hint"}
) - {"parent", "children", "extra_data", "actions"}
_CHOICES_BEHAVIOUR = frozenset({"image", "big-image", "audio", "video", "sms_option", "media"})


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a sheet means: `means` is "" for what we do not know or take."""

    index: int
    head: str
    means: str = ""
    language: str = ""
    is_behaviour: bool = False
    path: tuple[str, ...] = ()
    """Where the reference converter puts it: two heads of one path are the same column."""


def _split(head: str, *, double: bool) -> list[str]:
    """Split "label::中文 (zh)" (or, in old forms, "label:English") at its colons."""
    parts = [part.strip() for part in head.split("::" if double or "::" in head else ":")]
    return ["_".join(parts[0].split()).lower(), *parts[1:]]


def understand(sheet: Sheet, *, is_choices: bool = False) -> list[Column]:
    """Return what each named column of the sheet means."""
    known = _CHOICES if is_choices else _SURVEY
    behaviour = _CHOICES_BEHAVIOUR if is_choices else _SURVEY_BEHAVIOUR
    double = any("::" in head for head in sheet.head)
    columns = []
    for index, head in enumerate(sheet.head):
        if not head:
            continue
        first, *rest = _split(head, double=double)
        if first == "bind" and [part.lower() for part in rest] == ["required"]:
            first, rest = REQUIRED, []
        means = known.get(first, "")
        if means and (not rest or (means in _IN_LANGUAGES and len(rest) == 1)):
            columns.append(Column(index, head, means, rest[0] if rest else ""))
        else:
            acts = bool(means) or first in behaviour or first in _PREFIXES
            columns.append(Column(index, head, is_behaviour=acts, path=_path(head, double, known)))
    return columns


def _path(head: str, double: bool, known: dict[str, str]) -> tuple[str, ...]:
    named = aliases.list_header if known is _CHOICES else aliases.survey_header
    _, path = process_header(
        head, use_double_colon=double, header_aliases=named, header_columns=_SLOTS
    )
    return tuple(path)


def column_faults(sheet: Sheet, columns: list[Column], needed: tuple[str, ...]) -> list[Fault]:
    """Return what is wrong with the head line: missing, double or unsupported columns."""
    faults = []
    seen: dict[tuple[str, ...], str] = {}
    for column in columns:
        key = (column.means, column.language) if column.means else column.path
        if key in seen:
            first, again = seen[key], column.head
            said = first if first == again else f"{first}, {again}"
            faults.append(
                Fault(Reason.COLUMN_TWICE, sheet.title, sheet.head_row, column.head, said)
            )
        seen.setdefault(key, column.head)
    meanings = {column.means for column in columns}
    faults += [
        Fault(Reason.COLUMN_MISSING, sheet.title, None, name, name)
        for name in needed
        if name not in meanings
    ]
    for column in columns:
        if column.means or not column.is_behaviour:
            continue
        faults += [
            Fault(Reason.COLUMN_UNSUPPORTED, sheet.title, number, column.head, cells[column.index])
            for number, cells in sheet.rows
            if column.index < len(cells) and cells[column.index]
        ]
    return faults


def column_remarks(sheet: Sheet, columns: list[Column]) -> list[Fault]:
    """Return what is left out of the sheet: columns no one knows, cells under no head."""
    remarks = [
        Fault(Remark.COLUMN_IGNORED, sheet.title, sheet.head_row, column.head)
        for column in columns
        if not column.means and not column.is_behaviour
    ]
    named = {column.index for column in columns}
    for number, cells in sheet.rows:
        remarks += [
            Fault(Remark.NO_HEADING, sheet.title, number, sheet.column(index), cell)
            for index, cell in enumerate(cells)
            if cell and index not in named
        ]
    return remarks
