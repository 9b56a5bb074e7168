"""What can be written on the pages of privacy."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form

LONGEST = 1000


class RequestForm(Form):
    """What is wrong in what is kept about me."""

    body = TextAreaField(
        _l("What is wrong, and how should it be?"),
        render_kw={"rows": 4, "maxlength": LONGEST},
        validators=[
            InputRequired(_l("Please write what is wrong.")),
            Length(max=LONGEST, message=_l("Please use at most 1000 characters.")),
        ],
    )


class AnswerForm(Form):
    """The committee's answer to that."""

    decision = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice("yes", _l("It has been put right")),
            SelectChoice("no", _l("It stays as it is")),
        ],
        validators=[InputRequired(_l("Please choose one."))],
    )
    answer = TextAreaField(
        _l("Your answer"),
        description=_l("Whoever says no must say why."),
        render_kw={"rows": 3, "maxlength": LONGEST},
        validators=[Length(max=LONGEST, message=_l("Please use at most 1000 characters."))],
    )


class EraseForm(Form):
    """How somebody wants to be forgotten."""

    words = RadioField(
        _l("What I wrote"),
        choices=[
            SelectChoice("keep", _l("It stays, without an author")),
            SelectChoice("take", _l("Take the words back")),
        ],
        default="keep",
        validators=[InputRequired(_l("Please choose one."))],
    )
    contacts = BooleanField(_l("Take my phone and second contact off the roster too"), default=True)
    sure = BooleanField(
        _l("I have understood that this cannot be undone"),
        validators=[InputRequired(_l("Please tick this if you are sure."))],
    )
