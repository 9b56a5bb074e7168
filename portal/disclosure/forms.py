"""Forms of the documents' staff pages."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length, Optional

from portal.core.forms import Form

TOO_LONG = _l("This is too long.")
FILL_IN = _l("Please fill this in.")


class PublishForm(Form):
    """Nothing to fill in: the one button publishes."""


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
