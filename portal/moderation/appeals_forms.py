"""The papers of an appeal and of its answer."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form
from portal.moderation.appeals_rules import LONGEST_LINE, Outcome

TOO_LONG = _l("Please use at most 500 characters.")


class AppealForm(Form):
    """Why the decision is wrong, in a line."""

    line = TextAreaField(
        _l("Why should it be shown again?"),
        description=_l("One or two sentences are enough."),
        render_kw={"rows": 4, "maxlength": LONGEST_LINE},
        validators=[
            InputRequired(_l("Please say in a line why.")),
            Length(max=LONGEST_LINE, message=TOO_LONG),
        ],
    )


class AnswerForm(Form):
    """How an appeal is decided, and why."""

    outcome = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice(Outcome.RESTORED.value, _l("The author is right: take it back")),
            SelectChoice(Outcome.CONFIRMED.value, _l("The decision stays")),
        ],
        validators=[InputRequired(_l("Please choose one."))],
    )
    reason = TextAreaField(
        _l("Why, for the author"),
        description=_l("Only the author and the committee can read it."),
        render_kw={"rows": 4, "maxlength": LONGEST_LINE},
        validators=[
            InputRequired(_l("Please tell the author why.")),
            Length(max=LONGEST_LINE, message=TOO_LONG),
        ],
    )

    def chosen_outcome(self) -> Outcome:
        """Return what was ticked; the paper is well-formed."""
        return Outcome(self.outcome.data)
