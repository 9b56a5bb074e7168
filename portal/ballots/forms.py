"""The paper a voter fills in, and the sheet on which the committee writes a ballot down."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    RadioField,
    SelectMultipleField,
)
from wtforms.validators import Regexp
from wtforms.widgets import CheckboxInput, ListWidget

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
