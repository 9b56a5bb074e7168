"""What the committee fills in to give points and to take them back."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from portal.core.forms import Form
from portal.points.rules import MANY_TIMES, SHORTEST_REASON


class SearchForm(Form):
    """Whom to look for; sent with GET, so it changes nothing and needs no token."""

    class Meta:
        """Read from the address."""

        csrf = False

    q = StringField(_l("Name"), filters=[lambda text: (text or "").strip()])


class AwardForm(Form):
    """One deed of one person. The key names this one wish, so that sending twice awards once."""

    item = RadioField(
        _l("What was done"),
        coerce=int,
        validators=[InputRequired(_l("Choose what was done."))],
    )
    times = IntegerField(
        _l("How often"),
        default=1,
        validators=[
            InputRequired(_l("Say how often, as a number.")),
            NumberRange(1, MANY_TIMES, _l("At least 1 and at most 6 times in one award.")),
        ],
    )
    done_on = DateField(
        _l("On which day"), validators=[InputRequired(_l("Say on which day it was."))]
    )
    reason = StringField(
        _l("What exactly, and where"),
        validators=[
            InputRequired(_l("Say in a few words what was done.")),
            Length(SHORTEST_REASON, 200, _l("Between 2 and 200 characters.")),
        ],
    )
    key = HiddenField(validators=[InputRequired(), Length(16, 64)])


class TakingPartForm(Form):
    """For which vote; who took part stands on its turnout list."""

    ballot = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class ReverseForm(Form):
    """Why an award is taken back."""

    reason = TextAreaField(
        _l("Why is it taken back?"),
        validators=[
            InputRequired(_l("Say why: the household will read it.")),
            Length(SHORTEST_REASON, 200, _l("Between 2 and 200 characters.")),
        ],
    )
    key = HiddenField(validators=[InputRequired(), Length(16, 64)])
