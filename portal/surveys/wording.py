"""The words for everything that can be wrong with an XLSForm."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.surveys.faults import Fault, Reason, Remark

REASONS: dict[StrEnum, LazyString] = {
    Reason.FILE_EMPTY: _l("The file is empty."),
    Reason.FILE_TOO_LARGE: _l("The file is larger than 2 MB."),
    Reason.FILE_UNPACKS_TOO_LARGE: _l("The file unpacks to more than 30 MB; it is not read."),
    Reason.FILE_KIND: _l("This is not an .xlsx, .xls, .csv or .md file."),
    Reason.FILE_UNREADABLE: _l("The file is damaged and cannot be read."),
    Reason.TOO_MANY_SHEETS: _l("The file has more than 20 sheets."),
    Reason.TOO_MANY_ROWS: _l("The sheet has more than 3000 rows."),
    Reason.TOO_MANY_COLUMNS: _l("The row has more than 300 columns."),
    Reason.CELL_TOO_LONG: _l("The cell holds more than 4000 characters."),
    Reason.FORMULA: _l("The cell holds a formula without a result. Write the value itself."),
    Reason.SHEET_MISSING: _l("A sheet named survey is missing."),
    Reason.SHEET_UNSUPPORTED: _l("This sheet is not supported yet. Take it out."),
    Reason.SHEET_TWICE: _l("There are two sheets of this name."),
    Reason.COLUMN_MISSING: _l("This column is missing."),
    Reason.COLUMN_TWICE: _l("Two columns mean the same. Keep one of them."),
    Reason.COLUMN_UNSUPPORTED: _l("What this column asks for is not supported yet."),
    Reason.SETTING_UNSUPPORTED: _l("This setting is not supported yet."),
    Reason.SETTINGS_ROWS: _l("The sheet settings has only one row of settings."),
    Reason.NO_QUESTIONS: _l("There is no question in the form."),
    Reason.TOO_MANY_QUESTIONS: _l("The form has more than 200 questions."),
    Reason.KIND_MISSING: _l("The type of this row is missing."),
    Reason.KIND_UNSUPPORTED: _l("This type of question is not supported yet."),
    Reason.OR_OTHER: _l("“or other” is not supported yet. Add a choice “other” to the list."),
    Reason.NAME_MISSING: _l("The name of this row is missing."),
    Reason.NAME_INVALID: _l(
        "A name begins with a letter, has only letters, digits, _ - and . in it, and at most "
        "100 characters."
    ),
    Reason.NAME_TWICE: _l("This name is used by another row already."),
    Reason.LABEL_MISSING: _l("The question has no words: its label is missing."),
    Reason.REFERENCE: _l("Taking over other answers with ${…} is not supported yet."),
    Reason.REQUIRED_EXPRESSION: _l("Only yes or no may stand here."),
    Reason.REQUIRED_NOTHING: _l("A note takes no answer, so it cannot be required."),
    Reason.DEFAULT_UNFIT: _l("This default is no possible answer to the question."),
    Reason.END_WITHOUT_BEGIN: _l("A group ends here that never began."),
    Reason.GROUP_NOT_ENDED: _l("The group that begins here never ends."),
    Reason.LIST_UNKNOWN: _l("The sheet choices has no list of this name."),
    Reason.LIST_NAME_MISSING: _l("The choice belongs to no list: its list_name is missing."),
    Reason.TOO_MANY_CHOICES: _l("The list has more than 200 choices."),
    Reason.CHOICE_NAME_MISSING: _l("The name of the choice is missing."),
    Reason.CHOICE_NAME_TWICE: _l("Two choices of this list have the same name."),
    Reason.CHOICE_NAME_SPACE: _l("Names of choices must not hold spaces here."),
    Reason.CHOICE_NAME_LONG: _l("The name of the choice is longer than 100 characters."),
    Reason.CHOICE_LABEL_MISSING: _l("The choice has no words: its label is missing."),
    Reason.CONVERTER: _l("The form does not follow the XLSForm standard."),
    Reason.CONVERTER_DIFFERS: _l("These rows would be lost by the conversion."),
    Remark.SHEET_IGNORED: _l("This sheet is no part of a questionnaire and is left out."),
    Remark.COLUMN_IGNORED: _l("This column is not known to XLSForm and is left out."),
    Remark.ROW_IGNORED: _l("This row has neither type nor words and is left out."),
    Remark.SETTING_IGNORED: _l("This setting has no effect here."),
    Remark.NO_HEADING: _l("This cell stands under no column name and is left out."),
    Remark.LIST_UNUSED: _l("No question uses this list."),
    Remark.LANGUAGE_INCOMPLETE: _l(
        "Words are missing in one language; another one will be shown instead."
    ),
}


def in_words(fault: Fault) -> str:
    """Return why, and what the file says there."""
    reason = str(REASONS[fault.reason])
    return _("%(reason)s Here: %(said)s", reason=reason, said=fault.said) if fault.said else reason
