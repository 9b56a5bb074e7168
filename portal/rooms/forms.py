"""The papers of the rooms."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.core.forms import Form
from portal.discussion.rules import WHOLE
from portal.media.fields import WithMedia, WrittenOrSent
from portal.moderation.fields import key_field
from portal.rooms.rules import LONGEST_MESSAGE, PAUSES


class MessageForm(WithMedia, Form):
    """A message into the room."""

    key = key_field()
    reply_to = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(min=1)])
    body = TextAreaField(
        _l("Message"),
        render_kw={"rows": 1, "maxlength": LONGEST_MESSAGE},
        validators=[
            WrittenOrSent(_l("Please write something first.")),
            Length(max=LONGEST_MESSAGE, message=_l("Please use at most 1000 characters.")),
        ],
    )
    show_name = BooleanField(_l("Show my full name"))


class EditForm(Form):
    """The same message, put differently."""

    body = TextAreaField(
        _l("Message"),
        render_kw={"rows": 4, "maxlength": LONGEST_MESSAGE},
        validators=[
            InputRequired(_l("Please write something first.")),
            Length(max=LONGEST_MESSAGE, message=_l("Please use at most 1000 characters.")),
        ],
    )


class SettingsForm(Form):
    """How one writes in a room."""

    slow_seconds = RadioField(
        _l("Pause between two messages of one person"),
        choices=[
            SelectChoice(str(pause), _l("%(num)s seconds", num=pause) if pause else _l("No pause"))
            for pause in PAUSES
        ],
    )
    is_read_only = BooleanField(_l("Only the committee writes, everybody else reads"))


class OpinionForm(Form):
    """What becomes of one's own message: an opinion, or it stays what it is."""

    about = SelectField(_l("What is it about?"), validate_choice=False, default=WHOLE)
    show_name = BooleanField(_l("Show my full name"))


class ExportForm(Form):
    """Take the talk of a room out of the house."""

    reason = TextAreaField(
        _l("What it is for"),
        render_kw={"rows": 2, "maxlength": 200},
        validators=[
            InputRequired(_l("Say what it is for.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
