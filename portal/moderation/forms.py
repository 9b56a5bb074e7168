"""The paper on which a moderator decides."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.core.forms import Form
from portal.moderation.rules import LONGEST_NOTE, OF_WRITINGS, Action, Code

CODES: dict[Code, LazyString] = {
    Code.ILLEGAL: _l("breaks the law"),
    Code.RUMOR: _l("spreads a rumour"),
    Code.INSULT: _l("insults somebody"),
    Code.PRIVACY: _l("gives away private details"),
    Code.SPAM: _l("is advertising"),
    Code.OBSCENE: _l("is obscene"),
    Code.MINOR_HARM: _l("harms children"),
    Code.OFF_TOPIC: _l("is not about the village"),
    Code.DUPLICATE: _l("says the same a second time"),
}


class DecisionForm(Form):
    """Hide with a reason, or show again."""

    action = HiddenField(validators=[InputRequired()])
    seen_revision = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)]
    )
    seen_wording = IntegerField(
        widget=HiddenInput(), default=0, validators=[Optional(), NumberRange(min=0)]
    )
    seen_report = IntegerField(
        widget=HiddenInput(), default=0, validators=[Optional(), NumberRange(min=0)]
    )
    code = RadioField(
        _l("Reason"),
        choices=[SelectChoice(code.value, words) for code, words in CODES.items()],
        validators=[Optional()],
    )
    note = TextAreaField(
        _l("A line to the author"),
        description=_l("Only the author and the committee can read it."),
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
        validators=[
            Length(max=LONGEST_NOTE, message=_l("Please use at most 500 characters.")),
        ],
    )

    def chosen_action(self) -> Action | None:
        """Return what is to be done, or None if the page was not one of ours.

        What an appeal brings is decided on the appeal's own page.
        """
        return Action(self.action.data) if self.action.data in OF_WRITINGS else None

    def chosen_code(self) -> Code | None:
        """Return the reason that was ticked, or None."""
        return Code(self.code.data) if self.code.data else None
