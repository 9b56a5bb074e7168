"""Find what is wrong with the lists of choices of an XLSForm."""

from portal.surveys.columns import LABEL, LIST, NAME, column_faults, column_remarks, understand
from portal.surveys.faults import Fault, Reason, Remark
from portal.surveys.lines import NAME_LIMIT, Row, Screening, rows_of
from portal.surveys.reading import Sheet

CHOICES_LIMIT = 200


def screen_choices(sheet: Sheet | None, found: Screening) -> dict[str, list[Row]]:
    """Check the sheet of choices and return its rows by list."""
    lists: dict[str, list[Row]] = {}
    if sheet is None or not sheet.rows:
        return lists
    columns = understand(sheet, is_choices=True)
    found.faults += column_faults(sheet, columns, (LIST, NAME, LABEL))
    found.remarks += column_remarks(sheet, columns)
    for row in rows_of(sheet, columns):
        if row.is_blank:
            found.remarks.append(Fault(Remark.ROW_IGNORED, sheet.title, row.number))
        elif LIST not in row.cells:
            found.add(Reason.LIST_NAME_MISSING, sheet, row, LIST)
        else:
            lists.setdefault(row.cells[LIST], []).append(row)
            _screen_choice(sheet, row, found)
    for name, rows in lists.items():
        _screen_list(sheet, name, rows, found)
    return lists


def _screen_choice(sheet: Sheet, row: Row, found: Screening) -> None:
    name = row.cells.get(NAME, "")
    if not name:
        found.add(Reason.CHOICE_NAME_MISSING, sheet, row, NAME)
    elif len(name) > NAME_LIMIT:
        found.add(Reason.CHOICE_NAME_LONG, sheet, row, NAME)
    if not row.words[LABEL]:
        found.add(Reason.CHOICE_LABEL_MISSING, sheet, row, LABEL, name)
    elif row.has_reference(LABEL):
        found.add(Reason.REFERENCE, sheet, row, LABEL)


def _screen_list(sheet: Sheet, name: str, rows: list[Row], found: Screening) -> None:
    seen: set[str] = set()
    for row in rows:
        value = row.cells.get(NAME, "")
        if value and value in seen:
            found.add(Reason.CHOICE_NAME_TWICE, sheet, row, NAME, value)
        seen.add(value)
    if len(rows) > CHOICES_LIMIT:
        found.add(Reason.TOO_MANY_CHOICES, sheet, rows[CHOICES_LIMIT], LIST, name)
