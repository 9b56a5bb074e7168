"""What can be wrong with a plan that is handed in, and what is told of it all the same. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """Why something does not go in; words.py has the words."""

    # the file
    EMPTY = "empty"
    NOT_A_TABLE = "not-a-table"
    NOT_A_WORKBOOK = "not-a-workbook"
    PDF = "pdf"
    OLD_WORD = "old-word"
    PICTURE = "picture"
    OTHER_ARCHIVE = "other-archive"
    OPEN_DOCUMENT = "open-document"
    OTHER_MAP = "other-map"
    UNKNOWN_KIND = "unknown-kind"
    XML = "xml"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    BAD_ENCODING = "bad-encoding"
    BAD_QUOTES = "bad-quotes"
    TOO_LARGE = "too-large"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_FAR = "too-far"
    # the bundle
    ZIP_OUTSIDE = "zip-outside"
    ZIP_LINK = "zip-link"
    ZIP_BOMB = "zip-bomb"
    ZIP_TOO_MANY = "zip-too-many"
    ZIP_TWICE = "zip-twice"
    ZIP_NESTED = "zip-nested"
    NOTHING = "nothing"
    TABLE_TWICE = "table-twice"
    TEXT_TWICE = "text-twice"
    # a sheet
    NO_HEADER = "no-header"
    MISSING_COLUMN = "missing-column"
    COLUMN_TWICE = "column-twice"
    UNKNOWN_TABLE = "unknown-table"
    # a cell
    MISSING = "missing"
    TOO_LONG = "too-long"
    CELL_ERROR = "cell-error"
    NOT_A_NUMBER = "not-a-number"
    NOT_WHOLE = "not-whole"
    NEGATIVE = "negative"
    TOO_MANY_DIGITS = "too-many-digits"
    OTHER_UNIT = "other-unit"
    NOT_WHOLE_YUAN = "not-whole-yuan"
    TOO_MUCH = "too-much"
    TOO_LITTLE = "too-little"
    NOT_A_YEAR = "not-a-year"
    YEARS_IN_ORDER = "years-in-order"
    BUILT_IN_ORDER = "built-in-order"
    NOT_A_DATE = "not-a-date"
    UNKNOWN_WORD = "unknown-word"
    UNKNOWN_HEAD = "unknown-head"
    HEAD_TWICE = "head-twice"
    BAD_FIGURE = "bad-figure"
    CODE_TWICE = "code-twice"
    NUMBER_TWICE = "number-twice"
    UNKNOWN_CLASS = "unknown-class"
    OLD_CLASS = "old-class"
    CLASS_TWICE = "class-twice"
    UNKNOWN_GOAL = "unknown-goal"
    UNKNOWN_INDICATOR = "unknown-indicator"
    LINK_TWICE = "link-twice"
    BAD_WEIGHT = "bad-weight"
    UNKNOWN_SUBJECT = "unknown-subject"
    UNCLEAR_SUBJECT = "unclear-subject"
    BAD_GROUPS = "bad-groups"
    HALF_A_PLACE = "half-a-place"
    OUT_OF_CHINA = "out-of-china"
    BAD_RADIUS = "bad-radius"
    LIMITS_CROSSED = "limits-crossed"
    # the text
    NO_TEXT = "no-text"
    # the map
    LAYER = "layer"
    LAYER_TWICE = "layer-twice"
    LAYER_ABROAD = "layer-abroad"
    # the whole
    NO_NAME = "no-name"
    NAME_TAKEN = "name-taken"
    NO_YEARS = "no-years"


class Note(StrEnum):
    """What was repaired or left out, or is worth a look, although it goes in."""

    # repaired
    FULL_WIDTH = "full-width"
    THOUSANDS = "thousands"
    UNIT_IN_CELL = "unit-in-cell"
    MU = "mu"
    SQUARE_METRES = "square-metres"
    SQUARE_KILOMETRES = "square-kilometres"
    WAN = "wan"
    YI = "yi"
    SYNONYM = "synonym"
    MERGED_HEAD = "merged-head"
    MERGED_CELLS = "merged-cells"
    CODE_BY_NAME = "code-by-name"
    CODE_MADE = "code-made"
    # left out
    EXAMPLE = "example"
    SUM_LEFT_OUT = "sum-left-out"
    UNKNOWN_COLUMN = "unknown-column"
    UNUSED_FILE = "unused-file"
    HIDDEN_SHEET = "hidden-sheet"
    EMPTY_SHEET = "empty-sheet"
    OTHER_SHEET = "other-sheet"
    PICTURES = "pictures"
    MACROS = "macros"
    EMBEDDED = "embedded"
    LAYER_LEFT_OUT = "layer-left-out"
    LAYER_REPAIRED = "layer-repaired"
    # worth a look
    SUM_DIFFERS = "sum-differs"
    AREA_DIFFERS = "area-differs"
    BASE_NOT_TARGET = "base-not-target"
    CHANGE_DIFFERS = "change-differs"
    LIMIT_BROKEN = "limit-broken"
    ORPHAN_PROJECT = "orphan-project"
    ORPHAN_INDICATOR = "orphan-indicator"
    GOAL_WITHOUT = "goal-without"
    WEIGHTS = "weights"


WARNINGS = frozenset(
    {
        Note.SUM_DIFFERS,
        Note.AREA_DIFFERS,
        Note.BASE_NOT_TARGET,
        Note.CHANGE_DIFFERS,
        Note.LIMIT_BROKEN,
        Note.ORPHAN_PROJECT,
        Note.ORPHAN_INDICATOR,
        Note.GOAL_WITHOUT,
        Note.WEIGHTS,
        Note.UNUSED_FILE,
    }
)
"""Notes that are worth a look before somebody agrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: file, sheet, row as in the spreadsheet, and its column.

    Row 0 is the sheet as a whole; an empty sheet is the file as a whole. A layer of a map has
    features in the place of rows.
    """

    file: str = ""
    sheet: str = ""
    row: int = 0
    feature: int = 0
    column: str = ""
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One fault or note: where, about what, and the facts that its words need."""

    reason: Fault | Note
    place: Place
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    count: int = 1


SHOWN_LENGTH = 60


def shown(value: object) -> str:
    """Return what is shown of a cell: one line, not too long."""
    text = " ".join(str(value)[:400].split())
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


@dataclass(slots=True)
class Findings:
    """Everything that is said about what was handed in. Repeated notes are told once."""

    faults: list[Remark] = field(default_factory=list)
    notes: dict[tuple[object, ...], Remark] = field(default_factory=dict)

    def refuse(self, reason: Fault, place: Place, value: object = "", **facts: str) -> None:
        """Say what is wrong, and where."""
        self.faults.append(
            Remark(reason=reason, place=place, value=shown(value), facts=dict(facts))
        )

    def tell(self, reason: Note, place: Place, value: object = "", **facts: str) -> None:
        """Tell something: the first place, and how often the same was so in that column."""
        key = (reason, place.file, place.sheet, place.column, tuple(sorted(facts.items())))
        known = self.notes.get(key)
        if known is None:
            self.notes[key] = Remark(
                reason=reason, place=place, value=shown(value), facts=dict(facts)
            )
            return
        self.notes[key] = Remark(
            reason=reason, place=known.place, value=known.value, facts=known.facts,
            count=known.count + 1,
        )  # fmt: skip
