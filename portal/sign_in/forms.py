"""The forms of signing in."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

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


class PasskeyForm(Form):
    """What a passkey signed; a script fills it in."""

    credential = HiddenField(validators=[InputRequired(), Length(max=20_000)])


class NewPasskeyForm(PasskeyForm):
    """A new passkey, and what its owner calls it."""

    name = StringField(
        _l("A name for it"),
        validators=[InputRequired(_l("Give it a name, such as “my phone”.")), Length(max=60)],
        render_kw={"autocomplete": "off"},
    )


class NewAppForm(Form):
    """A new authenticator app."""

    name = StringField(
        _l("A name for it"),
        validators=[InputRequired(_l("Give it a name, such as “my phone”.")), Length(max=60)],
        render_kw={"autocomplete": "off"},
    )


class AppCodeForm(Form):
    """The six digits that an authenticator app shows now."""

    code = StringField(
        _l("Code from the app"),
        validators=[InputRequired(_l("Enter the six digits that the app shows.")), Length(max=10)],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )


class RecoveryForm(Form):
    """One of the printed recovery codes."""

    recovery = StringField(
        _l("Recovery code"),
        validators=[InputRequired(_l("Enter one of your recovery codes.")), Length(max=20)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )


_PIN_LOOK = {"inputmode": "numeric", "autocomplete": "off"}


class NewPinForm(Form):
    """A new PIN, entered twice."""

    pin = PasswordField(
        _l("New PIN"),
        validators=[InputRequired(_l("Enter four to six digits.")), Length(max=12)],
        render_kw=_PIN_LOOK,
    )
    again = PasswordField(
        _l("The same PIN again"),
        validators=[
            InputRequired(_l("Enter the PIN a second time.")),
            EqualTo("pin", _l("The two are not the same.")),
        ],
        render_kw=_PIN_LOOK,
    )


class PinForm(Form):
    """The PIN of whoever takes a turn."""

    account_id = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9]{1,9}$")])
    pin = PasswordField(
        _l("PIN"),
        validators=[InputRequired(_l("Enter the PIN.")), Length(max=12)],
        render_kw=_PIN_LOOK,
    )


class ResetForm(Form):
    """Why somebody's proofs are taken away."""

    reason = StringField(
        _l("Why, and how did you make sure that it is them?"),
        validators=[
            InputRequired(_l("Say in a few words why.")),
            Length(min=4, max=200, message=_l("Say in a few words why.")),
        ],
    )
