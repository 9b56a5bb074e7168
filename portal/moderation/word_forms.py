"""The papers on which the committee keeps its word lists."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form
from portal.moderation.desk_words import LISTED
from portal.moderation.rules import Listed

_DEEDS = [SelectChoice(action.value, words) for action, words in LISTED.items()]


class ListForm(Form):
    """A new list: its name, what it does, and the file with the words."""

    name = StringField(_l("Name of the list"), validators=[InputRequired(), Length(max=60)])
    action = RadioField(
        _l("Where one of its words is found"),
        choices=_DEEDS,
        default=Listed.HOLD.value,
        validators=[InputRequired()],
    )
    file = FileField(
        _l("File with the words"),
        description=_l(
            "A text with a word on each line, or a CSV table with a column “word” or “词”."
        ),
        render_kw={"accept": ".txt,.csv,text/plain,text/csv"},
        validators=[FileRequired(_l("Choose the file first."))],
    )


class ListSetForm(Form):
    """What a list does from now on."""

    action = RadioField(choices=_DEEDS, validators=[InputRequired()])
    is_on = BooleanField()


class AllowedForm(Form):
    """A name that passes though a list would trip over it."""

    word = StringField(
        _l("Name that passes"),
        description=_l("Such as a place or a person whose name has a word of a list in it."),
        validators=[InputRequired(), Length(max=60)],
    )
