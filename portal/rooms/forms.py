"""The papers of the rooms."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form
from portal.moderation.fields import key_field
from portal.rooms.rules import LONGEST_MESSAGE


class MessageForm(Form):
    """A message into the room."""

    key = key_field()
    body = TextAreaField(
        _l("Message"),
        render_kw={"rows": 1, "maxlength": LONGEST_MESSAGE},
        validators=[
            InputRequired(_l("Please write something first.")),
            Length(max=LONGEST_MESSAGE, message=_l("Please use at most 1000 characters.")),
        ],
    )
    show_name = BooleanField(_l("Show my full name"))
