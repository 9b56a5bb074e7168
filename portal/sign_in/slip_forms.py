"""The forms of the printed codes."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from portal.core.forms import Form


class SlipsForm(Form):
    """Print new codes for a group or for the whole village. `seen`: when the page was made."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    whose = RadioField(
        _l("For whom?"),
        coerce=int,
        validators=[InputRequired(_l("Choose a group, or the whole village."))],
    )
    is_sure = BooleanField(
        _l("I know that the older slips of these households stop working now"),
        validators=[InputRequired(_l("Confirm that the older slips stop working."))],
    )


class HomeSlipForm(Form):
    """Print a new code for one household."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    is_sure = BooleanField(
        _l("I know that this household's older slip stops working now"),
        validators=[InputRequired(_l("Confirm that the older slip stops working."))],
    )


class OwnSlipForm(Form):
    """Print a new code for one person alone."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    is_sure = BooleanField(
        _l("I know that this person's own older slip stops working now"),
        validators=[InputRequired(_l("Confirm that the older slip stops working."))],
    )


class LostSlipForm(Form):
    """Take the slip of a household back."""
