"""What can be wrong with an XLSForm, each with its place. Pure; words are in wording.py."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a form, or a place in it, is refused."""

    # the file
    FILE_EMPTY = "file-empty"
    FILE_TOO_LARGE = "file-too-large"
    FILE_UNPACKS_TOO_LARGE = "file-unpacks-too-large"
    FILE_KIND = "file-kind"
    FILE_UNREADABLE = "file-unreadable"
    TOO_MANY_SHEETS = "too-many-sheets"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_COLUMNS = "too-many-columns"
    CELL_TOO_LONG = "cell-too-long"
    FORMULA = "formula"
    # sheets and columns
    SHEET_MISSING = "sheet-missing"
    SHEET_UNSUPPORTED = "sheet-unsupported"
    SHEET_TWICE = "sheet-twice"
    COLUMN_MISSING = "column-missing"
    COLUMN_TWICE = "column-twice"
    COLUMN_UNSUPPORTED = "column-unsupported"
    SETTING_UNSUPPORTED = "setting-unsupported"
    SETTINGS_ROWS = "settings-rows"
    # questions
    NO_QUESTIONS = "no-questions"
    TOO_MANY_QUESTIONS = "too-many-questions"
    KIND_MISSING = "kind-missing"
    KIND_UNSUPPORTED = "kind-unsupported"
    OR_OTHER = "or-other"
    NAME_MISSING = "name-missing"
    NAME_INVALID = "name-invalid"
    NAME_TWICE = "name-twice"
    LABEL_MISSING = "label-missing"
    REFERENCE = "reference"
    REQUIRED_EXPRESSION = "required-expression"
    REQUIRED_NOTHING = "required-nothing"
    DEFAULT_UNFIT = "default-unfit"
    END_WITHOUT_BEGIN = "end-without-begin"
    GROUP_NOT_ENDED = "group-not-ended"
    # choices
    LIST_UNKNOWN = "list-unknown"
    LIST_NAME_MISSING = "list-name-missing"
    TOO_MANY_CHOICES = "too-many-choices"
    CHOICE_NAME_MISSING = "choice-name-missing"
    CHOICE_NAME_TWICE = "choice-name-twice"
    CHOICE_NAME_SPACE = "choice-name-space"
    CHOICE_NAME_LONG = "choice-name-long"
    CHOICE_LABEL_MISSING = "choice-label-missing"
    # what the reference converter says beyond that
    CONVERTER = "converter"
    CONVERTER_DIFFERS = "converter-differs"


class Remark(StrEnum):
    """What is left out of an accepted form, and said, because it changes no answer."""

    SHEET_IGNORED = "sheet-ignored"
    COLUMN_IGNORED = "column-ignored"
    ROW_IGNORED = "row-ignored"
    SETTING_IGNORED = "setting-ignored"
    NO_HEADING = "no-heading"
    LIST_UNUSED = "list-unused"
    LANGUAGE_INCOMPLETE = "language-incomplete"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, or worth saying, and where. `said` names the culprit, as the file has it."""

    reason: Reason | Remark
    sheet: str = ""
    row: int | None = None
    column: str = ""
    said: str = ""


class FormRefused(Exception):
    """A form cannot be taken; it carries every fault found, in the order of the file."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{f.sheet}:{f.row}:{f.column}: {f.reason}" for f in faults))
        self.faults = faults
