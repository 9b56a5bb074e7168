"""The papers on which people say something."""

from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from portal.core.forms import Form
from portal.discussion.rules import LONGEST_KEY, LONGEST_MESSAGE, LONGEST_OPINION

WHOLE = "plan"
"""The choice that an opinion is about the whole plan."""


def key_field() -> HiddenField:
    """Return a random name for what is being written: sent twice, it is taken once."""
    return HiddenField(
        default=lambda: uuid4().hex,
        validators=[InputRequired(), Regexp(rf"\A[0-9a-zA-Z-]{{8,{LONGEST_KEY}}}\Z")],
    )


class OpinionForm(Form):
    """An opinion on a plan."""

    key = key_field()
    about = SelectField(
        _l("What is it about?"), validate_choice=False, validators=[InputRequired()], default=WHOLE
    )
    body = TextAreaField(
        _l("Your opinion"),
        description=_l("Say what you want changed, and why. At most 2000 characters."),
        render_kw={"rows": 6, "maxlength": LONGEST_OPINION},
        validators=[
            InputRequired(_l("Please write something first.")),
            Length(max=LONGEST_OPINION, message=_l("Please use at most 2000 characters.")),
        ],
    )
    show_name = BooleanField(_l("Show my full name"))


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
