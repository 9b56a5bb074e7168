"""The paper a voter fills in, and the sheet on which the committee writes a ballot down."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from portal.ballots.profiles import PRESETS
from portal.ballots.rules import Kind
from portal.ballots.words import KINDS, PROFILES
from portal.core.forms import Form

KEY = Regexp(
    r"^[A-Za-z0-9_-]{20,64}\Z", message=_l("This page is incomplete. Open the vote again.")
)


def option_id(text: object) -> int:
    """Read the id of an option; what is none becomes 0, which the service refuses by name."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0


class YesNoForm(Form):
    """One answer. Whether it belongs to the ballot the service decides."""

    key = HiddenField(validators=[KEY])
    chosen = RadioField(_l("Your answer"), coerce=option_id, validate_choice=False)


class ApprovalForm(Form):
    """As many projects as the ballot allows."""

    key = HiddenField(validators=[KEY])
    chosen = SelectMultipleField(
        _l("Your choice"),
        coerce=option_id,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class BallotForm(Form):
    """A ballot as the committee writes it down."""

    question = StringField(
        _l("Question"),
        validators=[
            InputRequired(_l("Write the question.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
    explanation = TextAreaField(
        _l("What people should know"),
        validators=[Length(max=4000, message=_l("At most 4000 characters."))],
    )
    kind = RadioField(
        _l("What is asked"),
        choices=[SelectChoice(kind, words) for kind, words in KINDS.items()],
        coerce=Kind,
        default=Kind.YES_NO,
        validators=[InputRequired(_l("Choose one."))],
    )
    profile = RadioField(
        _l("By which rule"),
        choices=[SelectChoice(code, PROFILES[code]) for code in PRESETS if code in PROFILES],
        default="consultative",
        validators=[InputRequired(_l("Choose one."))],
    )
    max_choices = IntegerField(
        _l("Greatest number of choices"),
        validators=[Optional(), NumberRange(1, 999, message=_l("Write a number of 1 or more."))],
    )
    opens_on = DateField(_l("First day of voting"), validators=[InputRequired(_l("Choose a day."))])
    closes_on = DateField(
        _l("Last day of voting, until 24:00"), validators=[InputRequired(_l("Choose a day."))]
    )
    party_review_on = DateField(
        _l("Day of the Party organisation's review"), validators=[Optional()]
    )
    party_review_note = StringField(
        _l("Note of the review"),
        validators=[Length(max=400, message=_l("At most 400 characters."))],
    )
