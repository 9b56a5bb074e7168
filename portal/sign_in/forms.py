"""The forms of signing in."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form


class PhoneForm(Form):
    """Ask for a sign-in code."""

    phone = StringField(
        _l("Mobile number"),
        validators=[InputRequired(_l("Enter your mobile number.")), Length(max=30)],
        render_kw={"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    )


class CodeForm(Form):
    """Enter the code that came by phone."""

    code = StringField(
        _l("Code"),
        validators=[InputRequired(_l("Enter the code from the message.")), Length(max=10)],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )


class SlipForm(Form):
    """Enter a printed code."""

    slip = StringField(
        _l("Code on your household's slip"),
        validators=[InputRequired(_l("Enter the code on the slip.")), Length(max=30)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )


class SlipsForm(Form):
    """Make new printed codes for a group."""

    group_id = IntegerField(_l("Group"), validators=[InputRequired(_l("Choose a group."))])
