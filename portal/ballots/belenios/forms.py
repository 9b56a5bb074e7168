"""The forms of the ballots of high stakes."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.forms import Form

LONGEST_CODE = 60
AS_TYPED = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class _Booth(Form):
    credential = StringField(
        _l("Code on your slip"),
        validators=[
            InputRequired(_l("Enter the code on your slip.")),
            Length(max=LONGEST_CODE, message=_l("The code is shorter.")),
        ],
        render_kw=AS_TYPED,
    )


class OneForm(_Booth):
    """One answer and the code on the slip."""

    chosen = RadioField(
        _l("Your answer"), coerce=int, validators=[InputRequired(_l("Choose first, then go on."))]
    )


class SeveralForm(_Booth):
    """Several answers and the code on the slip."""

    chosen = SelectMultipleField(
        _l("Your choice"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class SealedForm(Form):
    """A sealed ballot, from our booth."""

    sealed = HiddenField(validators=[InputRequired(_l("This page is incomplete."))])


class OwnBallotForm(Form):
    """A sealed ballot that somebody made on a machine of their own."""

    sealed = TextAreaField(
        _l("Your sealed ballot"),
        validators=[InputRequired(_l("Paste the sealed ballot."))],
        render_kw=AS_TYPED,
    )


class SecretForm(Form):
    """A trustee's own letters, typed from their paper."""

    secret = StringField(
        _l("The letters of your key"),
        validators=[
            InputRequired(_l("Enter the letters of your key.")),
            Length(max=LONGEST_CODE, message=_l("Your key is shorter.")),
        ],
        render_kw=AS_TYPED,
    )


class NewKeyForm(SecretForm):
    """The letters typed back once, and the certificate they belong to."""

    seat = HiddenField()
    certificate = HiddenField(validators=[InputRequired(), Length(max=8000)])


class SlipsForm(Form):
    """Print all slips, once."""

    is_sure = BooleanField(
        _l("I print them now, fold and glue each slip, and delete the file"),
        validators=[InputRequired(_l("Confirm that you print them now."))],
    )


class SetUpForm(Form):
    """Set the box up."""


def booth_form(*, is_several: bool, words: list[str], **facts: Any) -> OneForm | SeveralForm:
    """Return the paper with these answers on it, filled with what was sent."""
    form: OneForm | SeveralForm = SeveralForm(**facts) if is_several else OneForm(**facts)
    form.chosen.choices = list(enumerate(words))
    return form
