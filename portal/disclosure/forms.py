"""Forms of the documents' staff pages."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from portal.core import clock
from portal.core.forms import Form
from portal.disclosure.states import why_not_day
from portal.disclosure.words import REFUSALS

TOO_LONG = _l("This is too long.")
FILL_IN = _l("Please fill this in.")


def in_time(_form: object, field: DateField) -> None:
    """Refuse a day of publication that has passed or lies too far ahead."""
    if field.data and (refusal := why_not_day(field.data, today=clock.today(clock.now()))):
        raise ValidationError(str(REFUSALS[refusal]))


class OfficeForm(Form):
    """Who answers for the village's documents."""

    unit = StringField(
        _l("Responsible unit"),
        validators=[DataRequired(FILL_IN), Length(max=120, message=TOO_LONG)],
    )
    address = StringField(
        _l("Address"), validators=[DataRequired(FILL_IN), Length(max=200, message=TOO_LONG)]
    )
    phone = StringField(
        _l("Telephone"), validators=[DataRequired(FILL_IN), Length(max=40, message=TOO_LONG)]
    )
    email = StringField(
        _l("E-mail"),
        validators=[Optional(), Length(max=120, message=TOO_LONG)],
    )
    hours = StringField(
        _l("Office hours"), validators=[DataRequired(FILL_IN), Length(max=120, message=TOO_LONG)]
    )
    county_publishes = BooleanField(
        _l("The county may bring out our monthly notices once our supervisors have agreed to them")
    )


class ReasonForm(Form):
    """One step, with its reason where one is asked for."""

    reason = StringField(_l("Reason"), validators=[Length(max=500, message=TOO_LONG)])


class BeginForm(ReasonForm):
    """Begin a document; a further issue says why."""


class GenerateForm(Form):
    """The day on which the document is to come out: it is printed on it."""

    publish_on = DateField(
        _l("Day of publication"), validators=[InputRequired(_l("Say on which day.")), in_time]
    )


class ReviewForm(ReasonForm):
    """What a supervisor thinks of a document."""

    verdict = RadioField(
        _l("What do you say?"),
        choices=[
            SelectChoice("approve", _l("I agree to it as it is")),
            SelectChoice("send-back", _l("I object; it goes back to the committee")),
        ],
        validators=[InputRequired(_l("Choose one."))],
    )


class AllowForm(Form):
    """A finding of the scan that may stand, and why."""

    finding = HiddenField(validators=[DataRequired(), Length(max=64)])
    reason = StringField(
        _l("Why it may stand"),
        validators=[DataRequired(FILL_IN), Length(max=300, message=TOO_LONG)],
    )


def _part(number: int) -> tuple[StringField, TextAreaField, TextAreaField]:
    """Return the fields of one part of a document."""
    return (
        StringField(_l("Heading %(number)s", number=number), [Length(max=120, message=TOO_LONG)]),
        TextAreaField(_l("Words %(number)s", number=number), [Length(max=8000, message=TOO_LONG)]),
        TextAreaField(
            _l("Table %(number)s", number=number), [Length(max=200_000, message=TOO_LONG)]
        ),
    )


class BodyForm(Form):
    """What the committee writes: up to four parts, each with words and a table."""

    title1, text1, rows1 = _part(1)
    title2, text2, rows2 = _part(2)
    title3, text3, rows3 = _part(3)
    title4, text4, rows4 = _part(4)


class ObjectionForm(Form):
    """What somebody has against a document."""

    words = TextAreaField(
        _l("What is wrong, and why do you think so?"),
        validators=[DataRequired(FILL_IN), Length(max=2000, message=TOO_LONG)],
    )


class AnswerForm(Form):
    """An answer to an objection."""

    words = TextAreaField(
        _l("Answer"), validators=[DataRequired(FILL_IN), Length(max=2000, message=TOO_LONG)]
    )


class CorrectionForm(Form):
    """Old and new wordings, why, and who approved it."""

    old1 = TextAreaField(_l("Wording until now"), [DataRequired(FILL_IN), Length(max=2000)])
    new1 = TextAreaField(_l("Correct wording"), [Length(max=2000, message=TOO_LONG)])
    old2 = TextAreaField(_l("Second wording until now"), [Length(max=2000, message=TOO_LONG)])
    new2 = TextAreaField(_l("Second correct wording"), [Length(max=2000, message=TOO_LONG)])
    old3 = TextAreaField(_l("Third wording until now"), [Length(max=2000, message=TOO_LONG)])
    new3 = TextAreaField(_l("Third correct wording"), [Length(max=2000, message=TOO_LONG)])
    reason = StringField(
        _l("Reason"), validators=[DataRequired(FILL_IN), Length(max=500, message=TOO_LONG)]
    )
    approver = StringField(
        _l("Approved by"), validators=[DataRequired(FILL_IN), Length(max=60, message=TOO_LONG)]
    )


class ItemForm(Form):
    """An item of the catalogue."""

    title = StringField(
        _l("What is disclosed"), validators=[DataRequired(FILL_IN), Length(max=120)]
    )
    rhythm = SelectField(_l("How often"))
    due_day = IntegerField(
        _l("Until which day of the first month after it"),
        validators=[
            InputRequired(FILL_IN),
            NumberRange(1, 31, _l("A day of a month, from 1 to 31.")),
        ],
    )
    citation = StringField(
        _l("Rule that asks for it"),
        validators=[DataRequired(FILL_IN), Length(max=300, message=TOO_LONG)],
    )
    is_active = BooleanField(_l("In force"))


class ExtraForm(ItemForm):
    """An item that villagers or representatives asked for."""

    villagers = IntegerField(
        _l("Villagers who ask for it"), validators=[Optional(), NumberRange(min=1)]
    )
    representatives = IntegerField(
        _l("Representatives who ask for it"), validators=[Optional(), NumberRange(min=1)]
    )
    all_representatives = IntegerField(
        _l("Representatives in all"), validators=[Optional(), NumberRange(min=1)]
    )


class PlanForm(Form):
    """Something to disclose at once."""

    title = StringField(
        _l("What is disclosed"), validators=[DataRequired(FILL_IN), Length(max=120)]
    )
    due_on = DateField(_l("Until when"), validators=[InputRequired(_l("Say on which day."))])


class KeyForm(Form):
    """The village's certificate with its key."""

    file = FileField(_l("Certificate file (.p12 or .pfx)"))
    password = PasswordField(_l("Password of the file"), [Length(max=200, message=TOO_LONG)])


class MonthForm(Form):
    """The month whose notices are made, and the day on which they are to come out."""

    month = StringField(_l("Month"), validators=[DataRequired(FILL_IN), Length(max=7)])
    publish_on = DateField(
        _l("Day of publication"), validators=[InputRequired(_l("Say on which day.")), in_time]
    )


class DeedForm(Form):
    """Nothing to fill in: the one button does it."""
