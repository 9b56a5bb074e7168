"""The words for what was repaired or left out, and for what is worth a look."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.intake.faults import Note

NOTES: Mapping[Note, LazyString] = {
    Note.FULL_WIDTH: _l("Full-width digits were read as plain ones: %(value)s."),
    Note.THOUSANDS: _l("Commas between thousands were taken out: %(value)s."),
    Note.UNIT_IN_CELL: _l("The unit in the cell was read: %(value)s."),
    Note.MU: _l("Mu became hectares: divided by 15, rounded to 0.0001 ha (%(value)s)."),
    Note.SQUARE_METRES: _l("Square metres became hectares: divided by 10,000 (%(value)s)."),
    Note.SQUARE_KILOMETRES: _l("Square kilometres became hectares: times 100 (%(value)s)."),
    Note.WAN: _l("10,000 yuan (万元) became yuan: times 10,000, exactly (%(value)s)."),
    Note.YI: _l("100 million yuan (亿元) became yuan: times 100,000,000, exactly (%(value)s)."),
    Note.SYNONYM: _l("The column “%(value)s” was read as “%(column)s”."),
    Note.MERGED_HEAD: _l("The columns are named in two rows; both were read together."),
    Note.MERGED_CELLS: _l("Merged cells count for each row that they span: %(value)s."),
    Note.CODE_BY_NAME: _l("The code was taken from the name: %(value)s."),
    Note.CODE_MADE: _l("There was no code; one was made for %(value)s."),
    Note.EXAMPLE: _l("Rows that are marked as examples were passed over."),
    Note.SUM_LEFT_OUT: _l("A row of sums was compared and not taken in: %(value)s."),
    Note.UNKNOWN_COLUMN: _l("The column “%(value)s” has no place in a plan; it was left out."),
    Note.UNUSED_FILE: _l("The file “%(value)s” has no place in a plan; it was left out."),
    Note.HIDDEN_SHEET: _l("The sheet “%(value)s” is hidden; it was left out."),
    Note.EMPTY_SHEET: _l("The sheet “%(value)s” is empty; what is there stays as it is."),
    Note.OTHER_SHEET: _l("The sheet “%(value)s” is no table of a plan; it was left out."),
    Note.PICTURES: _l("Pictures in the text were left out: %(count)s."),
    Note.MACROS: _l("The file holds macros. They were not run, and are left out."),
    Note.EMBEDDED: _l("Embedded objects in the text were left out."),
    Note.LAYER_LEFT_OUT: _l("The layer “%(value)s” is left out, as you chose."),
    Note.SUM_DIFFERS: _l("“%(value)s” says %(said)s ha; its lines come to %(ours)s ha."),
    Note.AREA_DIFFERS: _l("The table comes to %(sum)s ha, the village area is %(area)s ha."),
    Note.BASE_NOT_TARGET: _l(
        "The base year comes to %(base)s ha, the target year to %(target)s ha: they should be the"
        " same."
    ),
    Note.CHANGE_DIFFERS: _l("The change is said to be %(value)s ha, but comes to %(ours)s ha."),
    Note.LIMIT_BROKEN: _l(
        "“%(value)s”: the target %(target)s breaks the limit %(limit)s of the plan above."
    ),
    Note.ORPHAN_PROJECT: _l("The project “%(value)s” supports no indicator."),
    Note.ORPHAN_INDICATOR: _l("The indicator “%(value)s” measures no goal."),
    Note.GOAL_WITHOUT: _l("No indicator measures the goal “%(value)s”."),
    Note.WEIGHTS: _l("The weights of the goal “%(value)s” come to %(sum)s, not 1."),
}
