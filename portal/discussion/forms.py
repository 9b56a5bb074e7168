"""The papers on which people say something."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form
from portal.discussion.rules import LONGEST_OPINION, WHOLE
from portal.media.fields import WithMedia, WrittenOrSent
from portal.moderation.fields import key_field


class OpinionForm(WithMedia, Form):
    """An opinion on a plan."""

    key = key_field()
    about = SelectField(
        _l("What is it about?"), validate_choice=False, validators=[InputRequired()], default=WHOLE
    )
    body = TextAreaField(
        _l("Your opinion"),
        description=_l("Say what you want changed, and why. At most 2000 characters."),
        render_kw={"rows": 6, "maxlength": LONGEST_OPINION},
        validators=[
            WrittenOrSent(_l("Please write something first.")),
            Length(max=LONGEST_OPINION, message=_l("Please use at most 2000 characters.")),
        ],
    )
    show_name = BooleanField(_l("Show my full name"))


class TogetherForm(Form):
    """Opinions to be bundled, by their numbers."""

    numbers = StringField(
        _l("Numbers of the opinions"),
        description=_l("Such as 3, 7, 12. An opinion in a group brings its group along."),
        validators=[Length(max=400, message=_l("Please use at most 400 characters."))],
    )
