"""What the roster's reader found, in words for people."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.core.sheets import Unreadable
from portal.roster.reading import Fault

FAULTS: dict[StrEnum, LazyString] = {
    Fault.MISSING_COLUMN: _l("This column is missing."),
    Fault.UNKNOWN_COLUMN: _l("We do not know this column."),
    Fault.DUPLICATE_COLUMN: _l("This column stands twice."),
    Fault.NO_ROWS: _l("There is nobody in this sheet."),
    Fault.NO_HOUSEHOLD: _l("The household number is missing."),
    Fault.NO_NAME: _l("The name is missing."),
    Fault.NAME_TOO_LONG: _l("The name has more than 60 characters."),
    Fault.NO_GROUP: _l("The group is missing."),
    Fault.BAD_GROUP: _l("The group must be a number from 1 to 200."),
    Fault.TWO_GROUPS: _l("This household stands in two groups."),
    Fault.BAD_SEX: _l("Write 男 or 女, or leave it empty."),
    Fault.BAD_DATE: _l("This is not a date. Write it like 1980-05-01."),
    Fault.FUTURE_DATE: _l("This date cannot be a date of birth."),
    Fault.BAD_PHONE: _l("This is not a mobile number of 11 digits."),
    Fault.BAD_YES_NO: _l("Write 是 or 否, or leave it empty."),
    Fault.TWO_HEADS: _l("This household has a head already."),
    Fault.TWICE: _l("This person stands twice in this household."),
}
UNREADABLE = {
    Unreadable.NOT_A_TABLE: _l("Only XLSX and CSV files can be read."),
    Unreadable.BROKEN: _l("The file cannot be read. Save it again as XLSX or CSV."),
    Unreadable.TOO_LARGE: _l("The file is too large. Send at most 100,000 rows."),
}
