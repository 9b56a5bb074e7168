"""The forms by which notices are prepared, proved, opened and declared void."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.forms import Form

_NEEDED = InputRequired(_l("Please fill this in."))


class RestDayForm(Form):
    """Change a day of the village's calendar."""

    day = DateField(_l("Day"), validators=[_NEEDED])
    is_rest = RadioField(
        _l("This day is"),
        choices=[SelectChoice("rest", _l("a rest day")), SelectChoice("work", _l("a working day"))],
        default="rest",
    )
    name = StringField(_l("Name"), validators=[Optional(), Length(max=60)])
