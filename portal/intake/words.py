"""The words for what is wrong with a plan that was handed in, and for what was put right."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.errors import Refused
from portal.intake.faults import Fault, Note, Place, Remark
from portal.intake.note_words import NOTES
from portal.intake.rules import ImportState, Refusal
from portal.maps.remarks import FAULTS as LAYER_FAULTS
from portal.maps.remarks import LAYERS
from portal.maps.remarks import REPAIRS as LAYER_REPAIRS
from portal.maps.rules import Fault as LayerFault
from portal.maps.rules import LayerKind
from portal.maps.rules import Repair as LayerRepair
from portal.maps.sources import CHOICES
from portal.plans.words import REFUSALS as PLAN_REFUSALS

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.OVER: _l("This was put in or thrown away already."),
    Refusal.NOT_READ_YET: _l("This file is still being read. Come back in a minute."),
    Refusal.HAS_FAULTS: _l("Something must be put right first. Correct the file, send it again."),
    Refusal.UNSETTLED: _l("Say of each layer of the map what it shows."),
    Refusal.STALE: _l(
        "Somebody changed the draft after this was handed in. Look again at what it would do now."
    ),
    Refusal.TOO_MANY_OPEN: _l("Too many files are waiting. Put them in or throw some away."),
    Refusal.NO_SUCH_TARGET: _l("This draft is no longer there. Choose again."),
}
STATES: dict[ImportState, LazyString] = {
    ImportState.WAITING: _l("being read"),
    ImportState.PREPARED: _l("to be looked at"),
    ImportState.DONE: _l("put in"),
    ImportState.DROPPED: _l("thrown away"),
}
CHIPS: dict[ImportState, str] = {
    ImportState.WAITING: "info",
    ImportState.PREPARED: "warn",
    ImportState.DONE: "good",
    ImportState.DROPPED: "neutral",
}
PARTS: dict[str, LazyString] = {
    "sections": _l("Full text"),
    "goals": _l("Goals"),
    "indicators": _l("Indicators"),
    "structure": _l("Land-use structure table"),
    "projects": _l("Projects"),
    "facilities": _l("Public facilities"),
    "controls": _l("Control rules"),
}
FAULTS: Mapping[Fault, LazyString] = {
    Fault.EMPTY: _l("The file is empty."),
    Fault.NOT_A_TABLE: _l("This is no table. Save it as XLSX or CSV and send it again."),
    Fault.NOT_A_WORKBOOK: _l("It is called a workbook, but is none. Save it as XLSX again."),
    Fault.PDF: _l("A PDF cannot be read. Send the Word, Markdown or Excel file it was made from."),
    Fault.OLD_WORD: _l("This is an old Word file. Save it as DOCX and send it again."),
    Fault.PICTURE: _l("This is a picture. Send the table, text or map itself."),
    Fault.OTHER_ARCHIVE: _l("This kind of archive cannot be opened. Pack the files as ZIP."),
    Fault.OPEN_DOCUMENT: _l("OpenDocument cannot be read. Save it as XLSX or DOCX."),
    Fault.OTHER_MAP: _l(
        "This kind of map cannot be read. Save it as a Shapefile (all its files in one ZIP), "
        "GeoPackage, GeoJSON, KML or DXF."
    ),
    Fault.UNKNOWN_KIND: _l(
        "This kind of file is not known here. Tables come as XLSX or CSV, the text as DOCX or "
        "Markdown, maps as a Shapefile in a ZIP, GeoPackage, GeoJSON, KML or DXF."
    ),
    Fault.XML: _l("This is an XML table. Save it as XLSX."),
    Fault.ENCRYPTED: _l("The file is locked by a password. Send it without."),
    Fault.BROKEN: _l("The file is broken and cannot be opened."),
    Fault.BAD_ENCODING: _l("The text is neither UTF-8 nor GB18030. Save it as UTF-8."),
    Fault.BAD_QUOTES: _l("From this line on, quotation marks do not close."),
    Fault.TOO_LARGE: _l("The file is larger than we can take."),
    Fault.TOO_MANY_ROWS: _l("The table has too many rows."),
    Fault.TOO_FAR: _l("The table has too many columns, or asks for too much memory."),
    Fault.ZIP_OUTSIDE: _l("The name “%(value)s” leads out of the archive. Pack the files anew."),
    Fault.ZIP_LINK: _l("“%(value)s” is a link, not a file. Pack the file itself."),
    Fault.ZIP_BOMB: _l("“%(value)s” unpacks to far more than a plan can hold."),
    Fault.ZIP_TOO_MANY: _l("The archive has %(value)s files; at most %(most)s are taken."),
    Fault.ZIP_TWICE: _l("“%(value)s” is in the archive twice. Keep one of them."),
    Fault.ZIP_NESTED: _l("An archive within the archive. Put its files into the outer one."),
    Fault.NOTHING: _l("Nothing of a plan was found in it."),
    Fault.TABLE_TWICE: _l("This table is there twice; the first is %(first)s. Keep one of them."),
    Fault.TEXT_TWICE: _l("There are two texts; the first is %(first)s. Keep one of them."),
    Fault.NO_HEADER: _l("No row names the columns. Needed are: %(columns)s."),
    Fault.MISSING_COLUMN: _l("The column “%(column)s” is missing."),
    Fault.COLUMN_TWICE: _l("This column is there twice: “%(first)s” and “%(value)s”."),
    Fault.UNKNOWN_TABLE: _l("We cannot tell which table of the plan this is. Name the sheet so."),
    Fault.MISSING: _l("This cell must not be empty."),
    Fault.TOO_LONG: _l("The text is too long; at most %(most)s characters are taken."),
    Fault.CELL_ERROR: _l("The formula in this cell has failed (%(value)s)."),
    Fault.NOT_A_NUMBER: _l("“%(value)s” is no number."),
    Fault.NOT_WHOLE: _l("“%(value)s” is no whole number."),
    Fault.NEGATIVE: _l("“%(value)s” is less than nothing."),
    Fault.TOO_MANY_DIGITS: _l("The number has too many digits."),
    Fault.OTHER_UNIT: _l("We do not know the unit “%(unit)s” here."),
    Fault.NOT_WHOLE_YUAN: _l("“%(value)s” does not come to whole yuan."),
    Fault.TOO_MUCH: _l("“%(value)s” is more than there can be."),
    Fault.TOO_LITTLE: _l("“%(value)s” is less than there can be."),
    Fault.NOT_A_YEAR: _l("“%(value)s” is no year like 2026."),
    Fault.YEARS_IN_ORDER: _l("The target year %(value)s is before the base year %(base)s."),
    Fault.BUILT_IN_ORDER: _l("“%(value)s” ends before it begins."),
    Fault.NOT_A_DATE: _l("“%(value)s” is no date like 2027-06-30."),
    Fault.UNKNOWN_WORD: _l("“%(value)s” is not known here. Write one of: %(known)s."),
    Fault.UNKNOWN_HEAD: _l("The overview has no line “%(value)s”."),
    Fault.HEAD_TWICE: _l("“%(value)s” is said already in row %(first)s."),
    Fault.BAD_FIGURE: _l("“%(value)s”: write a figure as number | unit | what it is."),
    Fault.CODE_TWICE: _l("“%(value)s” is used already in row %(first)s."),
    Fault.NUMBER_TWICE: _l("The number %(value)s is used twice."),
    Fault.UNKNOWN_CLASS: _l("“%(value)s” is no land-use code of the 2023 edition."),
    Fault.OLD_CLASS: _l("“%(value)s” is a code of an older edition; now it is %(new)s."),
    Fault.CLASS_TWICE: _l("The class “%(value)s” stands already in row %(first)s."),
    Fault.UNKNOWN_GOAL: _l("There is no goal “%(value)s”."),
    Fault.UNKNOWN_INDICATOR: _l("There is no indicator “%(value)s”."),
    Fault.LINK_TWICE: _l("“%(value)s” is named twice in this cell."),
    Fault.BAD_WEIGHT: _l("“%(value)s”: a weight is more than 0 and at most 1."),
    Fault.UNKNOWN_SUBJECT: _l("“%(value)s” is no zone, land-use class or line that we know."),
    Fault.UNCLEAR_SUBJECT: _l("“%(value)s” may be a zone, a class or a line. Say which it is."),
    Fault.BAD_GROUPS: _l("“%(value)s” is no number of a villager group."),
    Fault.HALF_A_PLACE: _l("Longitude and latitude must both be there, or neither."),
    Fault.OUT_OF_CHINA: _l("“%(value)s” lies outside of China. Are the two swapped?"),
    Fault.BAD_RADIUS: _l("A radius is between 1 and 50,000 metres."),
    Fault.LIMITS_CROSSED: _l("The lower limit %(value)s is above the upper limit %(upper)s."),
    Fault.NO_TEXT: _l("There is no text in the file."),
    Fault.LAYER_TWICE: _l("Two layers show the same; the first is %(first)s. Leave one out."),
    Fault.LAYER_ABROAD: _l("The layer lies outside of China (%(value)s). Is its system right?"),
    Fault.NO_NAME: _l(
        "A new plan needs its name. Write it into the overview of the workbook, or send this "
        "again for a plan that is already here."
    ),
    Fault.NAME_TAKEN: _l(
        "There is a plan “%(value)s” already. Give this one another name, or send this again for "
        "the plan that is here."
    ),
    Fault.NO_YEARS: _l("A new plan needs its base year and target year, in the overview."),
}


def refusal_words(refused: Refused) -> str:
    """Return why something was not done: our reasons, or those of plans."""
    return str((PLAN_REFUSALS | REFUSALS)[refused.reason])


def explain(remark: Remark) -> str:
    """Return one fault or note as a sentence, in the language of the reader."""
    facts = {"value": remark.value, **remark.facts}
    if remark.reason is Fault.LAYER:
        return _with_detail(str(LAYER_FAULTS[LayerFault(facts["why"])]), remark.value)
    if remark.reason is Note.LAYER_REPAIRED:
        return _with_detail(str(LAYER_REPAIRS[LayerRepair(facts["why"])]), remark.value)
    if remark.reason is Fault.LAYER_TWICE:
        words = str(LAYERS[LayerKind(remark.value)])
        return words + ": " + str(FAULTS[Fault.LAYER_TWICE]) % facts
    reason = remark.reason
    return str(FAULTS[reason] if isinstance(reason, Fault) else NOTES[reason]) % facts


def _with_detail(words: str, detail: str) -> str:
    return f"{words} ({detail})" if detail else words


def place_words(place: Place) -> str:
    """Return where something stands: file, sheet, row and column."""
    parts = [part for part in (place.file, place.sheet) if part]
    if place.row:
        parts.append(_("row %(row)s", row=place.row))
    if place.feature:
        parts.append(_("feature %(number)s", number=place.feature))
    if place.column or place.head:
        said = f"{place.column} “{place.head}”" if place.column and place.head else ""
        parts.append(_("column %(column)s", column=said or place.column or place.head))
    return " · ".join(dict.fromkeys(parts))


def crs_words(key: str) -> str:
    """Return what a coordinate system is called."""
    choice = CHOICES.get(key)
    if choice is None:
        return key
    if choice.zone is not None:
        return _("CGCS2000, 3-degree zone %(zone)s", zone=choice.zone)
    if choice.meridian is not None:
        return _("CGCS2000, 3-degree, central meridian %(degrees)s°", degrees=choice.meridian)
    return {
        "auto": _("as the file says"),
        "epsg-4490": _("CGCS2000, degrees"),
        "epsg-4326": _("WGS 84, degrees"),
        "gcj-02": _("GCJ-02 (web maps)"),
    }.get(key, key)
