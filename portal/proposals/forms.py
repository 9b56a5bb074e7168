"""The paper on which a proposal is written, and that on which it is signed."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form
from portal.moderation.fields import key_field
from portal.proposals.rules import LONGEST_BODY, LONGEST_PLACE, LONGEST_TITLE


class ProposalForm(Form):
    """A proposal as it is handed in."""

    key = key_field()
    title = StringField(
        _l("What do you propose?"),
        description=_l("In one short sentence, such as: a street lamp at the bridge."),
        render_kw={"maxlength": LONGEST_TITLE},
        validators=[
            InputRequired(_l("Write in one sentence what you propose.")),
            Length(max=LONGEST_TITLE, message=_l("At most 60 characters.")),
        ],
    )
    place = StringField(
        _l("Where?"),
        render_kw={"maxlength": LONGEST_PLACE},
        validators=[Length(max=LONGEST_PLACE, message=_l("At most 80 characters."))],
    )
    body = TextAreaField(
        _l("Why, and how?"),
        description=_l("What is wrong now, what should be done, whom it helps."),
        render_kw={"rows": 7, "maxlength": LONGEST_BODY},
        validators=[
            InputRequired(_l("Please write something first.")),
            Length(max=LONGEST_BODY, message=_l("Please use at most 2000 characters.")),
        ],
    )
    show_name = BooleanField(_l("Show my full name"))
