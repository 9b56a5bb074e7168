"""What can be wrong with a roster, and what is told of it without being wrong. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from portal.core.masking import mask_name, mask_phone
from portal.core.open_sheets import Unread


class Fault(StrEnum):
    """Why a roster does not go in; words.py has the words."""

    # the file
    FILE_EMPTY = "file-empty"
    FILE_NOT_A_TABLE = "file-not-a-table"
    FILE_NOT_A_WORKBOOK = "file-not-a-workbook"
    FILE_PDF = "file-pdf"
    FILE_WORD = "file-word"
    FILE_PICTURE = "file-picture"
    FILE_ARCHIVE = "file-archive"
    FILE_OPEN_DOCUMENT = "file-open-document"
    FILE_XML = "file-xml"
    FILE_ENCRYPTED = "file-encrypted"
    FILE_BROKEN = "file-broken"
    FILE_BAD_ENCODING = "file-bad-encoding"
    FILE_BAD_QUOTES = "file-bad-quotes"
    FILE_TOO_LARGE = "file-too-large"
    FILE_TOO_MANY_ROWS = "file-too-many-rows"
    FILE_TOO_FAR = "file-too-far"
    # the sheet and its columns
    NO_HEADER = "no-header"
    HEADER_TOO_LOW = "header-too-low"
    MISSING_COLUMN = "missing-column"
    DUPLICATE_COLUMN = "duplicate-column"
    NO_ROWS = "no-rows"
    # any cell
    FORMULA = "formula"
    CELL_ERROR = "cell-error"
    TOO_MANY_CELLS = "too-many-cells"
    MERGED_PERSON = "merged-person"
    # village, group, household
    BAD_VILLAGE_CODE = "bad-village-code"
    OTHER_VILLAGE = "other-village"
    NO_VILLAGE_CODE = "no-village-code"
    NO_GROUP = "no-group"
    BAD_GROUP = "bad-group"
    TWO_GROUPS = "two-groups"
    NO_HOUSEHOLD = "no-household"
    HOUSEHOLD_TOO_LONG = "household-too-long"
    HOUSEHOLD_IS_DATE = "household-is-date"
    TWO_HEADS = "two-heads"
    TWO_REPRESENTATIVES = "two-representatives"
    HEAD_DIFFERS = "head-differs"
    # name
    NO_NAME = "no-name"
    NAME_TOO_LONG = "name-too-long"
    NAME_MASKED = "name-masked"
    NAME_LOST_CHARACTER = "name-lost-character"
    NAME_PRIVATE_CHARACTER = "name-private-character"
    NAME_WITH_NUMBER = "name-with-number"
    TWO_NAMES = "two-names"
    NAME_SAYS_LEFT = "name-says-left"
    # sex and relation
    BAD_SEX = "bad-sex"
    BAD_RELATION = "bad-relation"
    RELATION_DIFFERS = "relation-differs"
    # dates
    BAD_DATE = "bad-date"
    IMPOSSIBLE_DATE = "impossible-date"
    SHORT_YEAR = "short-year"
    YEAR_LAST = "year-last"
    LUNAR_DATE = "lunar-date"
    UNCLEAR_MONTH = "unclear-month"
    FUTURE_DATE = "future-date"
    TOO_OLD = "too-old"
    INEXACT_DATE = "inexact-date"
    BEFORE_BIRTH = "before-birth"
    # ID number
    OLD_ID = "old-id"
    ID_TOO_SHORT = "id-too-short"
    ID_TOO_LONG = "id-too-long"
    ID_CHARACTERS = "id-characters"
    ID_REGION = "id-region"
    ID_DATE = "id-date"
    ID_CHECK = "id-check"
    ID_AS_NUMBER = "id-as-number"
    ID_ROUNDED = "id-rounded"
    ID_MASKED = "id-masked"
    ID_BIRTH_DIFFERS = "id-birth-differs"
    ID_SEX_DIFFERS = "id-sex-differs"
    # phones
    BAD_PHONE = "bad-phone"
    PHONE_TOO_SHORT = "phone-too-short"
    PHONE_TOO_LONG = "phone-too-long"
    PHONE_START = "phone-start"
    PHONE_LANDLINE = "phone-landline"
    PHONE_AS_NUMBER = "phone-as-number"
    PHONE_MASKED = "phone-masked"
    TWO_PHONES = "two-phones"
    # yes and no
    BAD_YES_NO = "bad-yes-no"
    BAD_REGISTERED = "bad-registered"
    BAD_AWAY = "bad-away"
    AWAY_DIFFERS = "away-differs"
    # somebody twice
    SAME_ID = "same-id"
    SAME_ID_TWO_HOUSEHOLDS = "same-id-two-households"
    TWICE = "twice"
    SAME_NAME_UNCLEAR = "same-name-unclear"


FILE_FAULTS = {
    Unread.EMPTY: Fault.FILE_EMPTY,
    Unread.NOT_A_TABLE: Fault.FILE_NOT_A_TABLE,
    Unread.NOT_A_WORKBOOK: Fault.FILE_NOT_A_WORKBOOK,
    Unread.PDF: Fault.FILE_PDF,
    Unread.WORD: Fault.FILE_WORD,
    Unread.PICTURE: Fault.FILE_PICTURE,
    Unread.ARCHIVE: Fault.FILE_ARCHIVE,
    Unread.OPEN_DOCUMENT: Fault.FILE_OPEN_DOCUMENT,
    Unread.XML: Fault.FILE_XML,
    Unread.ENCRYPTED: Fault.FILE_ENCRYPTED,
    Unread.BROKEN: Fault.FILE_BROKEN,
    Unread.BAD_ENCODING: Fault.FILE_BAD_ENCODING,
    Unread.BAD_QUOTES: Fault.FILE_BAD_QUOTES,
    Unread.TOO_LARGE: Fault.FILE_TOO_LARGE,
    Unread.TOO_MANY_ROWS: Fault.FILE_TOO_MANY_ROWS,
    Unread.TOO_FAR: Fault.FILE_TOO_FAR,
}


class Note(StrEnum):
    """What the committee is told although the roster goes in."""

    UNKNOWN_COLUMN = "unknown-column"
    REMARKS_NOT_KEPT = "remarks-not-kept"
    REMARK_SAYS_LEFT = "remark-says-left"
    SHEET_HIDDEN = "sheet-hidden"
    SHEET_EMPTY = "sheet-empty"
    SHEET_WITHOUT_PEOPLE = "sheet-without-people"
    EXAMPLE = "example"
    FOOTER = "footer"
    GROUP_FROM_HEADING = "group-from-heading"
    GROUP_FROM_SHEET = "group-from-sheet"
    HOUSEHOLD_BY_HEAD = "household-by-head"
    HUKOU_KIND_ONLY = "hukou-kind-only"
    YEAR_ONLY = "year-only"
    TOLD_APART = "told-apart"
    MAYBE_TWICE = "maybe-twice"
    SHORT_NAME = "short-name"
    HEAD_LEFT = "head-left"
    HEAD_UNDER_AGE = "head-under-age"
    NO_HEAD = "no-head"


@dataclass(frozen=True)
class RowFault:
    """One fault: where it stands (sheet, row, column as in the spreadsheet) and what it is.

    `value` is masked. `other_row`, `other_sheet`: the earlier place that this one contradicts.
    Row 0: the file as a whole.
    """

    sheet: str
    row: int
    column: str
    fault: Fault
    value: str = ""
    file: str = ""
    head: str = ""
    other_row: int = 0
    other_sheet: str = ""


@dataclass(frozen=True)
class RowNote:
    """Something told about a roster: the first place of its kind, and how many there are."""

    sheet: str
    row: int
    column: str
    note: Note
    value: str = ""
    count: int = 1


_LONG_NUMBER = re.compile(r"[0-9][0-9 *-]{6,}[0-9Xx]")
SHOWN_LENGTH = 40


def _mask_number(found: re.Match[str]) -> str:
    return "*" * (len(found[0]) - 4) + found[0][-4:]


def masked(key: str, text: str) -> str:
    """Return what may be shown of a cell of this column: of a number its last four, of a name two.

    A number that slipped into another column is masked too; a birth date is shown as written.
    """
    text = " ".join(text[:200].split())
    if not text:
        return ""
    if key == "id_number":
        return "*" * max(len(text[:24]) - 4, 4) + (text[-4:] if len(text) > 8 else "")
    if key in ("phone", "second_contact"):
        digits = re.sub(r"\D", "", text)
        return (
            mask_phone(digits)
            if len(digits) == 11
            else _LONG_NUMBER.sub(_mask_number, text)[:SHOWN_LENGTH]
        )
    if key in ("name", "head_name"):
        return mask_name(text[:SHOWN_LENGTH])
    if key in ("born_on", "admitted_on", "left_on") and len(text) <= 10:
        return text
    return _LONG_NUMBER.sub(_mask_number, text)[:SHOWN_LENGTH]
