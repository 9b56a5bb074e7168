"""What is written down about meetings: convening, a chair, a reason, a sheet, a term."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional

from portal.core.forms import LARGEST, Form
from portal.meetings.minutes_rules import LONGEST_DECISION, LONGEST_TEXT
from portal.meetings.rules import Channel, Kind
from portal.meetings.words import CHANNELS, KINDS

LARGEST_PHOTO = 12 * 1024 * 1024
ABSENT = "absent"


def row_id(text: object) -> int:
    """Read the id of a row; what is none becomes 0, which stands for nothing."""
    digits = str(text)
    is_id = digits.isascii() and digits.isdigit() and len(digits) < 11
    return int(digits) if is_id and int(digits) <= LARGEST else 0


class ConveneForm(Form):
    """A meeting as it is to be convened. `is_sure`: the summary was read."""

    kind = RadioField(
        _l("Which meeting"),
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        default=Kind.VM.value,
        validators=[InputRequired(_l("Choose one."))],
    )
    title = StringField(
        _l("What the meeting is about"),
        validators=[
            InputRequired(_l("Write what the meeting is about.")),
            Length(max=120, message=_l("At most 120 characters.")),
        ],
    )
    agenda = TextAreaField(
        _l("Agenda"),
        render_kw={"rows": 5},
        validators=[
            InputRequired(_l("Write the agenda.")),
            Length(max=4000, message=_l("At most 4000 characters.")),
        ],
    )
    place = StringField(
        _l("Place of the meeting"),
        validators=[
            InputRequired(_l("Write where it is held.")),
            Length(max=120, message=_l("At most 120 characters.")),
        ],
    )
    held_on = DateField(_l("Day"), validators=[InputRequired(_l("Choose a day."))])
    hour = TimeField(_l("Hour"), validators=[InputRequired(_l("Choose the hour."))])
    group_id = SelectField(_l("Group"), coerce=row_id, validators=[Optional()])
    version_id = SelectField(_l("Plan"), coerce=row_id, validators=[Optional()])
    is_online = BooleanField(_l("Members may take part online"))
    is_sure = HiddenField()


class OpenForm(Form):
    """Who is in the chair."""

    chair = StringField(
        _l("In the chair"),
        validators=[
            InputRequired(_l("Write who is in the chair.")),
            Length(max=60, message=_l("At most 60 characters.")),
        ],
    )


class CancelForm(Form):
    """Why a meeting is called off."""

    reason = StringField(
        _l("Reason"),
        description=_l("Everybody who was called reads it."),
        validators=[
            InputRequired(_l("Write the reason.")),
            Length(max=400, message=_l("At most 400 characters.")),
        ],
    )


_WITNESS = (
    InputRequired(_l("Write the name of the witness.")),
    Length(max=100, message=_l("At most 100 characters.")),
)


class SheetForm(Form):
    """A signed sheet. The names that are ticked stand beside it, as `there`."""

    first_witness = StringField(_l("First witness"), validators=_WITNESS)
    second_witness = StringField(_l("Second witness"), validators=_WITNESS)
    photo = FileField(
        _l("Photo or scan of the signed sheet"),
        validators=[
            FileRequired(_l("Choose the photo of the sheet.")),
            FileSize(LARGEST_PHOTO, message=_l("The file is larger than 12 MB.")),
        ],
    )


class CorrectionForm(Form):
    """What is wrong in the list of those present."""

    who = StringField(
        _l("Name"),
        description=_l("The name; where several have it, a space and the household number."),
        validators=[
            InputRequired(_l("Write the name.")),
            Length(max=100, message=_l("At most 100 characters.")),
        ],
    )
    how = RadioField(
        _l("How it was really"),
        choices=[
            SelectChoice(ABSENT, _l("was not there")),
            *(SelectChoice(channel.value, words) for channel, words in CHANNELS.items()),
        ],
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = StringField(
        _l("Reason"),
        validators=[
            InputRequired(_l("Write the reason.")),
            Length(max=400, message=_l("At most 400 characters.")),
        ],
    )

    def channel(self) -> Channel | None:
        """Return how somebody took part, or None for who was not there."""
        return None if self.how.data == ABSENT else Channel(self.how.data)


class TermForm(Form):
    """A representative and the term."""

    who = StringField(
        _l("Name"),
        description=_l("The name; where several have it, a space and the household number."),
        validators=[
            InputRequired(_l("Write the name.")),
            Length(max=100, message=_l("At most 100 characters.")),
        ],
    )
    begins_on = DateField(
        _l("First day of the term"), validators=[InputRequired(_l("Choose a day."))]
    )
    ends_on = DateField(_l("Last day of the term"), validators=[InputRequired(_l("Choose a day."))])


class MinutesForm(Form):
    """How a meeting went. What was decided stands beside it, by the points of the agenda."""

    text = TextAreaField(
        _l("How the meeting went"),
        description=_l("Who spoke about what, which questions were asked, what was answered."),
        render_kw={"rows": 8},
        validators=[
            InputRequired(_l("Write how the meeting went.")),
            Length(max=LONGEST_TEXT, message=_l("At most 8000 characters.")),
        ],
    )


class CorrectMinutesForm(Form):
    """What is wrong in signed minutes."""

    text = TextAreaField(
        _l("What is wrong, and how it was really"),
        render_kw={"rows": 3, "maxlength": LONGEST_DECISION},
        validators=[
            InputRequired(_l("Please write something first.")),
            Length(max=LONGEST_DECISION, message=_l("At most 400 characters.")),
        ],
    )
