"""The forms by which notices are prepared, proved, opened and declared void."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, MultipleFileField
from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.clock import SHANGHAI
from portal.core.forms import Form
from portal.notices.planning import Way
from portal.notices.rules import ChannelKind, NoticeType
from portal.notices.words import CHANNELS, TYPES

_NEEDED = InputRequired(_l("Please fill this in."))
EXTRA = (
    ChannelKind.BROADCAST,
    ChannelKind.MEETING,
    ChannelKind.HOUSEHOLD_SHEET,
    ChannelKind.OTHER,
)


class BoxesField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Several choices, each as a row with a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TextForm(Form):
    """What a general notice says."""

    title = StringField(
        _l("Title"),
        validators=[_NEEDED, Length(max=200, message=_l("At most 200 characters."))],
    )
    body = TextAreaField(
        _l("Text"),
        description=_l("Markdown: an empty line makes a paragraph, - makes a list, | a table."),
        validators=[_NEEDED, Length(max=50_000, message=_l("At most 50,000 characters."))],
        render_kw={"rows": 10},
    )
    what_to_do = TextAreaField(
        _l("What people can do, and where"),
        description=_l("For example: to whom one objects, until when, by which phone."),
        validators=[Optional(), Length(max=600, message=_l("At most 600 characters."))],
        render_kw={"rows": 3},
    )


class DayForm(Form):
    """The day on which a notice is to open."""

    planned_for = DateField(_l("Day on which it opens"), validators=[_NEEDED])


class NewNoticeForm(TextForm, DayForm):
    """Plan a general notice; its key makes one of a form that is sent several times."""

    key = HiddenField(validators=[Optional(), Length(16, 64)])
    event_on = DateField(_l("Day of the meeting"), validators=[Optional()])
    boards = TextAreaField(
        _l("Boards on which it hangs"),
        description=_l("One a line; where there are several hamlets, the board of each."),
        validators=[_NEEDED, Length(max=2000, message=_l("At most 2,000 characters."))],
        render_kw={"rows": 3},
    )
    extra = BoxesField(
        _l("Further ways"),
        choices=[SelectChoice(kind, CHANNELS[kind]) for kind in EXTRA],
        coerce=ChannelKind,
    )
    must = RadioField(
        _l("May the notice open before these further ways are used?"),
        choices=[SelectChoice("no", _l("Yes")), SelectChoice("yes", _l("No, they must be first"))],
        default="no",
    )
    length = IntegerField(
        _l("Another length, in days"),
        description=_l("Left empty, it runs as long as its rule asks for."),
        validators=[Optional(), NumberRange(min=1, max=3650, message=_l("From 1 to 3650."))],
    )
    shorter_reason = TextAreaField(
        _l("Reason for a shorter notice"),
        validators=[Optional(), Length(max=400, message=_l("At most 400 characters."))],
        render_kw={"rows": 2},
    )

    def ways(self) -> list[Way]:
        """Return the planned ways: each board, and what else was chosen."""
        places = [line.strip()[:120] for line in self.boards.data.splitlines() if line.strip()]
        must = self.must.data == "yes"
        return [
            *(Way(ChannelKind.BOARD, place) for place in places),
            *(Way(kind, "", must) for kind in self.extra.data or []),
        ]


class ConfirmForm(Form):
    """Say since when a way is up, with photos."""

    up_at = DateTimeLocalField(_l("Up since"), validators=[_NEEDED], format="%Y-%m-%dT%H:%M")
    note = StringField(
        _l("Where exactly, and who put it up"),
        validators=[Optional(), Length(max=600, message=_l("At most 600 characters."))],
    )
    photos = MultipleFileField(
        _l("Photos"),
        description=_l("Taken so that the notice can be read. Place and time are removed from it."),
        validators=[
            FileAllowed(["jpg", "jpeg", "png", "webp"], _l("A JPEG, PNG or WebP, please."))
        ],
        render_kw={"accept": "image/*", "capture": "environment"},
    )

    def moment(self) -> datetime:
        """Return when it went up, as typed on a clock in the village."""
        typed: datetime = self.up_at.data
        return typed.replace(tzinfo=SHANGHAI)

    def files(self) -> list[bytes]:
        """Return the photos as they were sent."""
        return [data for data in (photo.read() for photo in self.photos.data or []) if data]


class OpenForm(Form):
    """Open a notice. Its end is computed; a later one may be wished for."""

    last_on = DateField(
        _l("A later last day, if you want one"),
        description=_l("Left empty, the notice ends on the day shown above."),
        validators=[Optional()],
    )


class VoidForm(Form):
    """Declare a notice void."""

    reason = TextAreaField(
        _l("Why is it void?"),
        description=_l("Everybody will read this."),
        validators=[_NEEDED, Length(max=400, message=_l("At most 400 characters."))],
        render_kw={"rows": 3},
    )


class LetStandForm(Form):
    """Let what the privacy scan found stand."""

    reason = TextAreaField(
        _l("Why must it stand?"),
        description=_l("For example: the rule asks that applicants are named."),
        validators=[_NEEDED, Length(max=400, message=_l("At most 400 characters."))],
        render_kw={"rows": 2},
    )


class SpanForm(Form):
    """Set how long notices of a type run here."""

    type = SelectField(
        _l("Type of notice"),
        choices=[SelectChoice(kind, word) for kind, word in TYPES.items()],
        coerce=NoticeType,
    )
    length = IntegerField(
        _l("At least, in days"),
        validators=[_NEEDED, NumberRange(min=1, max=365, message=_l("From 1 to 365."))],
    )
    citation = StringField(
        _l("By which rule"),
        validators=[_NEEDED, Length(max=200, message=_l("At most 200 characters."))],
    )


class RestDayForm(Form):
    """Change a day of the village's calendar."""

    day = DateField(_l("Day"), validators=[_NEEDED])
    is_rest = RadioField(
        _l("This day is"),
        choices=[SelectChoice("rest", _l("a rest day")), SelectChoice("work", _l("a working day"))],
        default="rest",
    )
    name = StringField(_l("Name"), validators=[Optional(), Length(max=60)])
