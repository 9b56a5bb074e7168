"""What the roster's reader found, in words for people."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.sheets import Unread
from portal.roster.faults import FILE_FAULTS, Fault, Note, RowFault

FAULTS: dict[StrEnum, LazyString] = {
    Fault.FILE_EMPTY: _l("The file is empty."),
    Fault.FILE_NOT_A_TABLE: _l("This is not a table. Send an XLSX, XLS or CSV file."),
    Fault.FILE_NOT_A_WORKBOOK: _l(
        "This is no workbook but a text that is named .xlsx. Save it as XLSX in a spreadsheet, or name it .csv."
    ),
    Fault.FILE_PDF: _l("This is a PDF. Send the table from which it was printed."),
    Fault.FILE_WORD: _l(
        "This is a text document. Copy its table into a spreadsheet and send that."
    ),
    Fault.FILE_PICTURE: _l("This is a picture. Send the table itself, not a photo of it."),
    Fault.FILE_ARCHIVE: _l("This is a packed file. Unpack it and send the table inside."),
    Fault.FILE_OPEN_DOCUMENT: _l("This is an OpenDocument table. Save it as XLSX and send that."),
    Fault.FILE_XML: _l("This is a table in the old XML form. Open it and save it as XLSX."),
    Fault.FILE_ENCRYPTED: _l(
        "The file is locked with a password. Save it without one and send that."
    ),
    Fault.FILE_BROKEN: _l("The file is damaged. Open it, save it again as XLSX, and send that."),
    Fault.FILE_BAD_ENCODING: _l(
        "The characters of this text file cannot be read. Save it as CSV UTF-8."
    ),
    Fault.FILE_BAD_QUOTES: _l("A quotation mark is opened in this row and not closed rightly."),
    Fault.FILE_TOO_LARGE: _l("The file is too large. Send each village by itself."),
    Fault.FILE_TOO_MANY_ROWS: _l(
        "The file has too many rows. Delete the empty ones at its end, or send each village by itself."
    ),
    Fault.FILE_TOO_FAR: _l(
        "Something stands far outside of the table. Copy the table alone into a new file."
    ),
    Fault.NO_HEADER: _l(
        "No column names were found in the first ten rows. Name the columns as in the template."
    ),
    Fault.HEADER_TOO_LOW: _l("The column names stand too low. Delete the rows above them."),
    Fault.MISSING_COLUMN: _l("This column is missing."),
    Fault.DUPLICATE_COLUMN: _l("This column stands twice. Keep one of the two."),
    Fault.NO_ROWS: _l("There is nobody in this sheet."),
    Fault.FORMULA: _l("This is a formula. Write its result instead."),
    Fault.CELL_ERROR: _l("The spreadsheet shows an error here instead of a value."),
    Fault.TOO_MANY_CELLS: _l(
        "This row has more cells than there are columns. Is there a comma too many?"
    ),
    Fault.MERGED_PERSON: _l(
        "These cells are merged over several rows. Each person needs a cell of their own."
    ),
    Fault.BAD_VILLAGE_CODE: _l("The code of a village has 12 digits."),
    Fault.OTHER_VILLAGE: _l("This person belongs to another village."),
    Fault.NO_VILLAGE_CODE: _l("The code of the village is missing."),
    Fault.NO_GROUP: _l("The group is missing."),
    Fault.BAD_GROUP: _l("The group must be a number from 1 to 200."),
    Fault.TWO_GROUPS: _l("This household stands in two groups."),
    Fault.NO_HOUSEHOLD: _l(
        "The household number is missing. Write it in each row, or merge the cells of a household."
    ),
    Fault.HOUSEHOLD_TOO_LONG: _l("The household number has more than 40 characters."),
    Fault.HOUSEHOLD_IS_DATE: _l(
        "The spreadsheet made a date of this household number. Format the column as text and write it again."
    ),
    Fault.TWO_HEADS: _l("This household has a head already."),
    Fault.TWO_REPRESENTATIVES: _l("This household has a representative already."),
    Fault.HEAD_DIFFERS: _l("Two names are given for the head of this household."),
    Fault.NO_NAME: _l("The name is missing."),
    Fault.NAME_TOO_LONG: _l("The name has more than 60 characters."),
    Fault.NAME_MASKED: _l("Part of the name is hidden. Write it in full."),
    Fault.NAME_LOST_CHARACTER: _l("A character of the name was lost. Write it again."),
    Fault.NAME_PRIVATE_CHARACTER: _l(
        "The name has a self-made character that other devices cannot show. Write the standard one."
    ),
    Fault.NAME_WITH_NUMBER: _l("There is a number in the name."),
    Fault.TWO_NAMES: _l("There are two names in this cell. Give each person a row."),
    Fault.NAME_SAYS_LEFT: _l(
        "The name says that this person died or moved away. Write the date into its own column."
    ),
    Fault.BAD_SEX: _l("Write 男 or 女, or leave it empty."),
    Fault.BAD_RELATION: _l("This is not a relation to the head of the household."),
    Fault.RELATION_DIFFERS: _l("The relation to the head and the sex do not go together."),
    Fault.BAD_DATE: _l("This is not a date. Write it like 1980-05-01."),
    Fault.IMPOSSIBLE_DATE: _l("There is no such day in the calendar."),
    Fault.SHORT_YEAR: _l("The year has two digits only. Write it with four."),
    Fault.YEAR_LAST: _l(
        "Day and month cannot be told apart. Write the year first, like 1980-05-01."
    ),
    Fault.LUNAR_DATE: _l("This is a date of the lunar calendar. Write it by the solar one."),
    Fault.UNCLEAR_MONTH: _l("This may be January or October. Write 1958-01 or 1958-10."),
    Fault.FUTURE_DATE: _l("This day has not come yet."),
    Fault.TOO_OLD: _l("This day is before 1900."),
    Fault.INEXACT_DATE: _l("Write the day here too, not only the year or month."),
    Fault.BEFORE_BIRTH: _l("This day is before the person was born."),
    Fault.OLD_ID: _l("This is an old ID number of 15 digits. Write the one of 18."),
    Fault.ID_TOO_SHORT: _l("The ID number has fewer than 18 characters."),
    Fault.ID_TOO_LONG: _l("The ID number has more than 18 characters."),
    Fault.ID_CHARACTERS: _l("An ID number has 17 digits, and a digit or X at its end."),
    Fault.ID_REGION: _l("No province has the first two digits of this ID number."),
    Fault.ID_DATE: _l("The birth date inside this ID number cannot be."),
    Fault.ID_CHECK: _l(
        "The last character of this ID number does not fit the others. One of them is mistyped."
    ),
    Fault.ID_AS_NUMBER: _l(
        "The spreadsheet made a number of this ID number and lost its end. Format the column as text and write it again."
    ),
    Fault.ID_ROUNDED: _l(
        "The spreadsheet replaced the end of this ID number by 000. Format the column as text and write it again."
    ),
    Fault.ID_MASKED: _l("Part of the ID number is hidden. Write it in full, or leave it empty."),
    Fault.ID_BIRTH_DIFFERS: _l("The birth date and the one in the ID number differ."),
    Fault.ID_SEX_DIFFERS: _l("The sex and the one in the ID number differ."),
    Fault.BAD_PHONE: _l("This is not a mobile number of 11 digits."),
    Fault.PHONE_TOO_SHORT: _l("The mobile number has fewer than 11 digits."),
    Fault.PHONE_TOO_LONG: _l("The mobile number has more than 11 digits."),
    Fault.PHONE_START: _l("No mobile number begins like this. It begins with 13 to 19."),
    Fault.PHONE_LANDLINE: _l("This is a landline. Write a mobile number, or leave it empty."),
    Fault.PHONE_AS_NUMBER: _l(
        "The spreadsheet shortened this phone number. Format the column as text and write it again."
    ),
    Fault.PHONE_MASKED: _l(
        "Part of the phone number is hidden. Write it in full, or leave it empty."
    ),
    Fault.TWO_PHONES: _l("There are two phone numbers in this cell. Write one of them here."),
    Fault.BAD_YES_NO: _l("Write 是 or 否, or leave it empty."),
    Fault.BAD_REGISTERED: _l(
        "It is not clear whether this person is registered in the village. Write 是 or 否."
    ),
    Fault.BAD_AWAY: _l("It is not clear whether this person lives away. Write 是 or 否."),
    Fault.AWAY_DIFFERS: _l("One column says that this person lives here, another says away."),
    Fault.SAME_ID: _l("This ID number stands twice in this household."),
    Fault.SAME_ID_TWO_HOUSEHOLDS: _l("This ID number stands in two households."),
    Fault.TWICE: _l("This person stands twice in this household."),
    Fault.SAME_NAME_UNCLEAR: _l(
        "Two people of one name are in this household. Give both their birth dates or ID numbers."
    ),
}
NOTES: dict[StrEnum, LazyString] = {
    Note.UNKNOWN_COLUMN: _l("We do not know this column. What stands in it is not kept."),
    Note.REMARKS_NOT_KEPT: _l("Remarks are read and not kept."),
    Note.REMARK_SAYS_LEFT: _l(
        "The remark says that this person died or moved away, but no date says so. They count as living here."
    ),
    Note.SHEET_HIDDEN: _l("This sheet is hidden and was not read."),
    Note.SHEET_EMPTY: _l("This sheet is empty."),
    Note.SHEET_WITHOUT_PEOPLE: _l("This sheet is no roster and was not read."),
    Note.EXAMPLE: _l("Example rows were passed over."),
    Note.FOOTER: _l("Totals and signatures were passed over."),
    Note.GROUP_FROM_HEADING: _l("The group was taken from this heading."),
    Note.GROUP_FROM_SHEET: _l("The group was taken from the name of the sheet."),
    Note.HOUSEHOLD_BY_HEAD: _l(
        "There is no household number, so households are told apart by the name of their head."
    ),
    Note.HUKOU_KIND_ONLY: _l(
        "The kind of registration does not say where. These people count as registered in the village."
    ),
    Note.YEAR_ONLY: _l(
        "The day of birth is missing. Until it is known, the last day that it can be counts."
    ),
    Note.TOLD_APART: _l(
        "Two people of one name are in this household. Their birth dates tell them apart."
    ),
    Note.MAYBE_TWICE: _l(
        "Somebody of the same name and birth date is in another household. Make sure that they are two people."
    ),
    Note.SHORT_NAME: _l("The name has one character only. Is it complete?"),
    Note.HEAD_LEFT: _l("The head of this household has left. Nobody represents it now."),
    Note.HEAD_UNDER_AGE: _l("The head of this household is under 18."),
    Note.NO_HEAD: _l("No head is named for this household."),
}
UNREADABLE: dict[Unread, LazyString] = {
    reason: FAULTS[fault] for reason, fault in FILE_FAULTS.items()
}


def explain(found: RowFault) -> str:
    """Return what is wrong, and the other place with which it does not go together."""
    words = str(FAULTS[found.fault])
    if not found.other_row:
        return words
    if found.other_sheet and found.other_sheet != found.sheet:
        return words + _(
            " See sheet %(sheet)s, row %(row)s.", sheet=found.other_sheet, row=found.other_row
        )
    return words + _(" See row %(row)s.", row=found.other_row)
