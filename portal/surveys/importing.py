"""Turn an XLSForm into the definition of a survey, or refuse it with every fault found.

The reference converter pyxform validates the form and builds its structure; it never runs Java.
Two things are ours: what is unsupported is named before (screening.py), and Chinese quotation
marks, which pyxform would make straight, are carried past it.
"""

import re
from dataclasses import dataclass
from typing import Any

from pyxform.aliases import yes_no
from pyxform.builder import create_survey_element_from_dict
from pyxform.constants import SETTINGS, SURVEY
from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import DefinitionData

from portal.surveys.faults import Fault, FormRefused, Reason, Remark
from portal.surveys.reading import Book, Sheet, read_book
from portal.surveys.rules import Choice, Definition, Kind, Question, Words
from portal.surveys.screening import screen

TITLE_LIMIT = 200
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "\ufdd0\ufdd1\ufdd2\ufdd3")
_UNQUOTES = {value: key for key, value in _QUOTES.items()}
_ROW = re.compile(r"^\[row : (\d+)\]\s*")
_KINDS = {
    "text": Kind.TEXT,
    "string": Kind.TEXT,
    "integer": Kind.INTEGER,
    "int": Kind.INTEGER,
    "note": Kind.NOTE,
    "select one": Kind.SELECT_ONE,
    "select all that apply": Kind.SELECT_MULTIPLE,
    "group": Kind.SECTION,
}


@dataclass(frozen=True, slots=True)
class Imported:
    """A form that can be used, and what was left out of it."""

    definition: Definition
    remarks: list[Fault]


def import_form(filename: str, content: bytes) -> Imported:
    """Return the form in these bytes, or raise FormRefused with every fault found."""
    book = read_book(filename, content)
    found = screen(book)
    tree: dict[str, Any] = {}
    warnings: list[str] = []
    try:
        tree = convert(book, warnings)
    except _ConverterRefused as refused:
        sheet = book.sheets.get(SURVEY)
        row = _row_in_file(sheet, refused.row)
        said_already = any(fault.row == row for fault in found.faults) if row else found.faults
        if not said_already:
            found.faults.append(
                Fault(Reason.CONVERTER, SURVEY if row else "", row, said=str(refused))
            )
    if found.faults:
        raise FormRefused(found.faults)
    definition = define(tree, book)
    names = [question.name.lower() for question in definition.questions]
    if missing := set(found.names) - set(names):
        raise FormRefused([Fault(Reason.CONVERTER_DIFFERS, said=", ".join(sorted(missing)))])
    return Imported(definition, found.remarks + _incomplete(definition))


class _ConverterRefused(Exception):
    """The reference converter's own refusal, with its row where it says one."""

    def __init__(self, words: str) -> None:
        place = _ROW.match(words)
        self.row = int(place[1]) if place else None
        super().__init__(_ROW.sub("", words).strip().translate(_UNQUOTES)[:300])


def convert(book: Book, warnings: list[str]) -> dict[str, Any]:
    """Return pyxform's JSON of the form; raise _ConverterRefused in its own words."""
    facts: dict[str, Any] = {"sheet_names": [sheet.title for sheet in book.sheets.values()]}
    for name, sheet in book.sheets.items():
        facts[name] = _as_dicts(sheet)
        facts[f"{name}_header"] = [dict.fromkeys(_heads(sheet))]
    try:
        tree: dict[str, Any] = workbook_to_json(DefinitionData(**facts), warnings=warnings)
        create_survey_element_from_dict(tree).to_xml(validate=False, warnings=warnings)
    except PyXFormError as refused:
        raise _ConverterRefused(str(refused)) from refused
    except RecursionError as deep:
        raise _ConverterRefused("The form is nested too deeply.") from deep
    except Exception as error:  # pyxform stumbles over some broken forms instead of refusing them
        raise _ConverterRefused(f"{type(error).__name__}: {error}") from error
    return tree


def _heads(sheet: Sheet) -> list[str]:
    """Return the heads in the spelling pyxform expects; capital letters are only a habit."""
    return [head.lower() if head.isupper() else head for head in sheet.head if head]


def _is_spread(sheet: Sheet) -> bool:
    """Tell whether rows have numbers of their own (a spreadsheet), not lines of a text file."""
    return sheet.first_column == 1


def _as_dicts(sheet: Sheet) -> list[dict[str, str]]:
    """Return the rows as pyxform reads them, with empty ones so that its row numbers are right."""
    heads = [head.lower() if head.isupper() else head for head in sheet.head]
    rows: list[dict[str, str]] = []
    for number, cells in sheet.rows:
        if _is_spread(sheet):
            rows += [{} for _ in range(number - 2 - len(rows))]
        row = {
            head: cell.translate(_QUOTES)
            for head, cell in zip(heads, cells, strict=False)
            if head and cell
        }
        rows.append(row)
    return rows


def _row_in_file(sheet: Sheet | None, row: int | None) -> int | None:
    """Return the line of the file for a row number of pyxform."""
    if row is None or sheet is None or _is_spread(sheet):
        return row
    return sheet.rows[row - 2][0] if 2 <= row < len(sheet.rows) + 2 else None


def define(tree: dict[str, Any], book: Book) -> Definition:
    """Build the definition from pyxform's JSON."""
    default_language = _text(tree.get("default_language") or "default")
    questions = tuple(_walk(tree["children"], "", default_language))
    languages = dict.fromkeys(
        language for question in questions for language in (*question.label, *question.hint)
    )
    form_id = _text(tree["id_string"]) if _has_setting(book, {"form_id", "id_string"}) else ""
    has_title = _has_setting(book, {"form_title", "title"})
    return Definition(
        title=(_text(tree["title"]) if has_title else form_id)[:TITLE_LIMIT],
        form_id=form_id[:TITLE_LIMIT],
        version=_text(tree.get("version") or "")[:TITLE_LIMIT],
        default_language=default_language,
        languages=tuple(languages),
        questions=questions,
    )


def _has_setting(book: Book, names: set[str]) -> bool:
    """Tell whether the form itself says one of these settings (pyxform invents a title)."""
    sheet = book.sheets.get(SETTINGS)
    if sheet is None or not sheet.rows:
        return False
    cells = sheet.rows[0][1]
    return any(
        "_".join(head.split()).lower() in names and at < len(cells) and bool(cells[at])
        for at, head in enumerate(sheet.head)
    )


def _walk(children: list[dict[str, Any]], within: str, default_language: str) -> list[Question]:
    questions = []
    for child in children:
        name = _text(child["name"])
        if child["type"] == "group" and name == "meta":
            continue  # added by pyxform itself
        kind = _KINDS[child["type"]]
        path = f"{within}/{name}" if within else name
        required = yes_no.get(str(child.get("bind", {}).get("required", "")), False)
        questions.append(
            Question(
                kind=kind,
                name=name,
                label=_words(child.get("label"), default_language),
                hint=_words(child.get("hint"), default_language),
                required=required,
                default=_text(child.get("default") or ""),
                choices=tuple(
                    Choice(_text(choice["name"]), _words(choice.get("label"), default_language))
                    for choice in child.get("choices", ())
                ),
                within=path if kind is Kind.SECTION else within,
            )
        )
        if kind is Kind.SECTION:
            questions += _walk(child["children"], path, default_language)
    return questions


def _text(value: object) -> str:
    return str(value).translate(_UNQUOTES)


def _words(value: object, default_language: str) -> Words:
    if value is None:
        return {}
    if isinstance(value, dict):
        return {_text(language): _text(text) for language, text in value.items() if text}
    return {default_language: _text(value)}


def _incomplete(definition: Definition) -> list[Fault]:
    """Name what is missing in one of the form's languages: it will appear in another."""
    return [
        Fault(Remark.LANGUAGE_INCOMPLETE, SURVEY, said=f"{question.name} ({language})")
        for question in definition.questions
        for language in definition.languages
        for words in (question.label, *(choice.label for choice in question.choices))
        if words and language not in words
    ][:50]
