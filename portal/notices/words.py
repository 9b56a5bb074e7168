"""The words of notices: types, ways, states, lengths, refusals."""

from datetime import date
from enum import StrEnum

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.errors import Refused
from portal.core.forms import Form
from portal.core.words import day_words
from portal.notices.models import Notice
from portal.notices.reading import Opened
from portal.notices.rules import ChannelKind, NoticeState, NoticeType, Refusal, Span, Unit

TYPES: dict[NoticeType, LazyString] = {
    NoticeType.PLAN_DRAFT: _l("Draft of a village plan, before approval"),
    NoticeType.PLAN_APPROVED: _l("Approved village plan"),
    NoticeType.MAJOR_DECISION: _l("Major decision, opinions wanted"),
    NoticeType.HERITAGE_CORE: _l("Building in the core of a historic village"),
    NoticeType.HOMESTEAD: _l("Application for a homestead"),
    NoticeType.HOUSING_NEED: _l("Who needs to build a house, half-yearly list"),
    NoticeType.LAND_TAKE_PRE: _l("Land is to be taken, first notice"),
    NoticeType.LAND_TAKE_PLAN: _l("Land is to be taken, compensation and resettlement"),
    NoticeType.MEETING_VM: _l("Villagers' meeting"),
    NoticeType.MEETING_VR: _l("Meeting of the villagers' representatives"),
    NoticeType.MEETING_REO: _l("Members' meeting of the collective economic organisation"),
    NoticeType.VOTER_ROLL: _l("List of voters"),
    NoticeType.VILLAGE_AFFAIRS: _l("Village affairs"),
    NoticeType.POINTS: _l("Points of households"),
    NoticeType.DESIGN_PLAN: _l("Design of a building project"),
}
CHANNELS: dict[ChannelKind, LazyString] = {
    ChannelKind.ONLINE: _l("On this portal"),
    ChannelKind.BOARD: _l("Village affairs board"),
    ChannelKind.BROADCAST: _l("Village loudspeaker"),
    ChannelKind.MEETING: _l("Said at a meeting"),
    ChannelKind.HOUSEHOLD_SHEET: _l("A sheet to every household"),
    ChannelKind.OTHER: _l("Another way"),
}
STATES: dict[NoticeState, LazyString] = {
    NoticeState.PLANNED: _l("Planned"),
    NoticeState.RUNNING: _l("On notice"),
    NoticeState.ENDED: _l("Notice over"),
    NoticeState.VOID: _l("Void"),
    NoticeState.WITHDRAWN: _l("Withdrawn before it opened"),
}
PARTS: dict[str, LazyString] = {
    "title": _l("Title"),
    "body": _l("Text"),
    "what_to_do": _l("What people can do, and where"),
}
CHIPS: dict[NoticeState, str] = {
    NoticeState.PLANNED: "info",
    NoticeState.RUNNING: "good",
    NoticeState.VOID: "danger",
}
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.ALREADY_PLANNED: _l("A notice of this is planned or runs already."),
    Refusal.ALREADY_RUNNING: _l("This notice is open already."),
    Refusal.NOT_PLANNED: _l("This notice is no longer being prepared."),
    Refusal.NOT_RUNNING: _l("This notice does not run."),
    Refusal.NO_SUBJECT: _l("What this notice is about cannot be found."),
    Refusal.NOT_YET: _l("The planned day has not come yet. Plan another day if it is to open now."),
    Refusal.PLANNED_IN_PAST: _l("The planned day lies in the past."),
    Refusal.PLANNED_TOO_FAR: _l("The planned day is more than a year away."),
    Refusal.NO_EVENT: _l("Say on which day the meeting is, or the approval was."),
    Refusal.TOO_LATE: _l(
        "It is too late for this meeting: not enough whole days are left before it."
        " Hold the meeting later."
    ),
    Refusal.CHANNELS_MISSING: _l(
        "A way that must be up is not up yet. Every board needs its time and a photo."
    ),
    Refusal.SHORTER_END: _l(
        "The notice must not end before the last day shown: the day it starts on does not count,"
        " and a rest day moves the end to the next working day."
    ),
    Refusal.END_TOO_FAR: _l(
        "The notice would run for more than a year beyond the day shown above."
    ),
    Refusal.NO_REASON: _l("Give the reason; everybody will read it."),
    Refusal.SHORTER_NEEDS_REASON: _l("A shorter notice needs a reason; everybody will read it."),
    Refusal.BELOW_FLOOR: _l("A notice of this type must not be that short."),
    Refusal.NO_BOARD: _l("A notice must hang on at least one village affairs board."),
    Refusal.BOARD_TWICE: _l("The same place is named twice."),
    Refusal.ALREADY_UP: _l("Somebody has confirmed this already."),
    Refusal.UP_IN_FUTURE: _l("The time lies in the future."),
    Refusal.UP_TOO_EARLY: _l(
        "The time lies before this notice was planned. Say since when this very sheet hangs."
    ),
    Refusal.NO_PHOTO: _l("A board needs a photo that shows the notice hanging there."),
    Refusal.NO_PLACE: _l("Name the place."),
    Refusal.TOO_MANY_PHOTOS: _l("At most six photos."),
    Refusal.FILE_TOO_BIG: _l("The photo is larger than 12 MB. Send a smaller one."),
    Refusal.NOT_A_PICTURE: _l("This is not a photo that we can read. Send a JPEG, PNG or WebP."),
    Refusal.TOO_MANY_PIXELS: _l("The photo has too many pixels. Send a smaller one."),
    Refusal.PHOTO_TWICE: _l("This photo is here already."),
    Refusal.SET_AT_ONCE: _l("Somebody else set it at the same moment. Look at it again."),
    Refusal.PERSONAL_DATA: _l(
        "Somebody is named in it, or a number of theirs stands there. Write it anew without that,"
        " or say why it must stand."
    ),
    Refusal.EMPTY: _l("The notice has no title or no text yet."),
}


def refuse(form: Form, refused: Refused) -> None:
    """Put a refusal into words above the form."""
    form.form_errors.append(str(REFUSALS[refused.reason]))


def length_words(notice: Notice) -> str:
    """Return how long a notice must run at least: 30 days, 10 working days, 5 days before."""
    return _length(notice.min_length, notice.unit)


def _length(number: int, unit: Unit) -> str:
    if unit is Unit.WORKING_DAYS:
        return ngettext("%(num)d working day", "%(num)d working days", number)
    if unit is Unit.DAYS_BEFORE:
        return ngettext("%(num)d day before the meeting", "%(num)d days before the meeting", number)
    return ngettext("%(num)d day", "%(num)d days", number)


def span_words(span: Span) -> str:
    """Return how long a type of notice must run here, or by when it must be up."""
    if span.within is not None:
        if span.within_unit is Unit.WORKING_DAYS:
            return ngettext(
                "up within %(num)d working day", "up within %(num)d working days", span.within
            )
        return ngettext(
            "up within %(num)d day of the approval",
            "up within %(num)d days of the approval",
            span.within,
        )
    return _length(span.length, span.unit)


def full_day(day: date) -> str:
    """Return a day with its year, as papers name it: 2026年3月2日(周一)."""
    return day_words(day, date.min)


def run_words(run: Opened) -> str:
    """Return how long an open notice runs, and how that is counted."""
    if run.unit is Unit.WORKING_DAYS:
        return _("%(days)s days in all, the day it starts on is not counted.", days=run.days)
    return ngettext(
        "%(num)d day, the day it starts on is not counted.",
        "%(num)d days, the day it starts on is not counted.",
        run.days,
    )
