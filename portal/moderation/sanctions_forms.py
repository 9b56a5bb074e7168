"""The papers on which somebody is stopped from writing, and let write again."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from portal.core.forms import Form
from portal.moderation.sanctions_rules import LONGEST_NOTE, Span

SPANS: dict[Span, LazyString] = {
    Span.HOUR: _l("one hour"),
    Span.DAY: _l("one day"),
    Span.THREE_DAYS: _l("three days"),
    Span.WEEK: _l("seven days"),
    Span.MONTH: _l("thirty days"),
}
TOO_LONG = _l("Please use at most 500 characters.")
HERE, EVERYWHERE = "here", "village"


class MuteForm(Form):
    """How long, where, and a line to the person."""

    span = RadioField(
        _l("For how long"),
        choices=[SelectChoice(span.value, words) for span, words in SPANS.items()],
        validators=[InputRequired(_l("Please choose one."))],
    )
    where = RadioField(
        _l("Where"),
        choices=[
            SelectChoice(HERE, _l("Only where it was written")),
            SelectChoice(EVERYWHERE, _l("Everywhere in the village")),
        ],
        default=HERE,
        validators=[InputRequired(_l("Please choose one."))],
    )
    note = TextAreaField(
        _l("A line to the author"),
        description=_l("Only the author and the committee can read it."),
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
        validators=[Length(max=LONGEST_NOTE, message=TOO_LONG)],
    )


class LiftForm(Form):
    """Why somebody may write again before the time."""

    seen_revision = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)]
    )
    note = TextAreaField(
        _l("Why, for the author"),
        description=_l("Only the author and the committee can read it."),
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
        validators=[
            InputRequired(_l("Please tell the author why.")),
            Length(max=LONGEST_NOTE, message=TOO_LONG),
        ],
    )
