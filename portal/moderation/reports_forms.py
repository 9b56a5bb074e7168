"""The papers of a report and of its answer."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from portal.core.forms import Form
from portal.moderation.forms import CODES
from portal.moderation.reports_rules import LONGEST_LINE
from portal.moderation.rules import Code


class ReportForm(Form):
    """What is wrong with it, and a line if wished."""

    code = RadioField(
        _l("What is wrong with it? It…"),
        choices=[SelectChoice(code.value, words) for code, words in CODES.items()],
        validators=[InputRequired(_l("Please choose what is wrong."))],
    )
    line = TextAreaField(
        _l("A line to the committee"),
        description=_l("The committee reads this line, but not who you are. Leave names out."),
        render_kw={"rows": 3, "maxlength": LONGEST_LINE},
        validators=[Length(max=LONGEST_LINE, message=_l("Please use at most 300 characters."))],
    )

    def chosen_code(self) -> Code:
        """Return the reason that was ticked; the paper is well-formed."""
        return Code(self.code.data)


class KeepForm(Form):
    """No rule is broken: the thing stays. Names the newest report that was on the page."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)])
