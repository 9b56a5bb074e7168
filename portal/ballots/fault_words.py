"""The words for what is wrong with a file of votes."""

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.ballots.pbfile import Fault, Reason

FAULTS: dict[Reason, LazyString] = {
    Reason.NOT_GZIP: _l("The name ends in .gz, but the file is not a gzip file."),
    Reason.DAMAGED: _l("The gzip file is damaged."),
    Reason.TOO_LARGE: _l("The file is larger than %(megabytes)s MB."),
    Reason.NOT_UTF8: _l("This line is not UTF-8 text."),
    Reason.NOT_CSV: _l("A quotation mark is open or misplaced."),
    Reason.MISSING_SECTION: _l("The section %(section)s is missing."),
    Reason.UNEXPECTED_SECTION: _l(
        "The section %(section)s does not belong here. The order is META, PROJECTS, VOTES."
    ),
    Reason.MISSING_COLUMN: _l("The column %(column)s is missing in %(section)s."),
    Reason.COLUMN_TWICE: _l("The column %(column)s stands twice in %(section)s."),
    Reason.COLUMN_COUNT: _l("This line has %(found)s columns instead of %(expected)s."),
    Reason.MISSING_META: _l("META does not say %(key)s."),
    Reason.META_TWICE: _l("META says %(key)s twice."),
    Reason.NOT_A_NUMBER: _l("%(column)s is not a whole number of zero or more: “%(found)s”."),
    Reason.NUMBER_TOO_LARGE: _l("%(column)s is larger than %(most)s: “%(found)s”."),
    Reason.YEAR_OUT_OF_RANGE: _l("The year of %(column)s must lie between %(first)s and %(last)s."),
    Reason.NOT_A_DATE: _l("%(column)s is not a date like 01.09.2020: “%(found)s”."),
    Reason.ENDS_BEFORE_IT_BEGINS: _l("The election ends before it begins."),
    Reason.VOTE_TYPE: _l(
        "“%(found)s” is no kind of vote; approval, ordinal, cumulative and scoring are."
    ),
    Reason.NO_PROJECTS: _l("There is no project in the file."),
    Reason.NO_VOTES: _l("There is no vote in the file."),
    Reason.NAMELESS: _l("%(column)s is empty."),
    Reason.TOO_LONG: _l("%(column)s is too long."),
    Reason.PROJECT_TWICE: _l("The project %(project)s stands twice."),
    Reason.UNKNOWN_PROJECT: _l("There is no project %(project)s."),
    Reason.CHOSEN_TWICE: _l("The project %(project)s is chosen twice in one vote."),
    Reason.EMPTY_VOTE: _l("This vote chooses nothing."),
    Reason.TOO_MANY_CHOSEN: _l(
        "This vote chooses %(found)s projects; at most %(most)s are allowed."
    ),
    Reason.TOO_FEW_CHOSEN: _l(
        "This vote chooses %(found)s projects; at least %(least)s are needed."
    ),
    Reason.VOTER_TWICE: _l("The voter %(voter)s stands twice."),
    Reason.UNKNOWN_SEX: _l("The sex “%(found)s” is not known; K, F, M or nothing is."),
    Reason.UNKNOWN_METHOD: _l(
        "The voting method “%(found)s” is not known; internet, paper or nothing is."
    ),
    Reason.LEAST_ABOVE_MOST: _l("%(least)s is greater than %(most)s."),
    Reason.POINTS_COUNT: _l("This vote has %(found)s numbers of points for %(expected)s projects."),
    Reason.POINTS_OUT_OF_RANGE: _l("%(found)s points for one project are not allowed."),
    Reason.TOO_MANY_POINTS: _l("This vote gives %(found)s points; at most %(most)s are allowed."),
    Reason.TOO_FEW_POINTS: _l("This vote gives %(found)s points; at least %(least)s are needed."),
    Reason.OVER_BUDGET: _l("This vote's projects cost %(found)s; at most %(most)s are allowed."),
    Reason.UNKNOWN_FORM: _l(
        "Files of votes end in .pb, .soc, .soi, .toc, .toi or .cat, and this one in “%(found)s”."
    ),
    Reason.OTHER_FORM: _l("The file says it is %(told)s, but its name ends in %(found)s."),
    Reason.HEAD_LINE: _l("This line cannot be read: something is missing in it."),
    Reason.NO_ALTERNATIVES: _l("The file names nothing to choose from."),
    Reason.ALTERNATIVE_TWICE: _l("The choice %(alternative)s is named twice."),
    Reason.UNKNOWN_ALTERNATIVE: _l("There is no choice %(alternative)s."),
    Reason.RANKED_TWICE: _l("The choice %(alternative)s has two places in one vote."),
    Reason.NOT_AN_ORDER: _l("“%(found)s” is no order of choices with how many gave it."),
    Reason.EMPTY_PLACE: _l("A place of this vote is empty."),
    Reason.TIE_IN_STRICT: _l("Two choices share a place, and in this kind of file they must not."),
    Reason.NOT_COMPLETE: _l("This vote ranks %(found)s choices, and all %(expected)s are needed."),
    Reason.TOO_MANY_CATEGORIES: _l("This vote has %(found)s categories, and there are %(most)s."),
    Reason.COUNT_DISAGREES: _l("%(column)s says %(told)s, but the file holds %(found)s."),
}


def words_of(fault: Fault, name: str) -> str:
    """Return which line is at fault and why, in the language in use."""
    place = _("%(file)s, line %(line)s:", file=name, line=fault.line)
    return f"{place} {str(FAULTS[fault.reason]) % fault.facts}"
