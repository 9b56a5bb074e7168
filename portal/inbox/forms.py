"""Papers of the inbox."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length

from portal.core.forms import Form
from portal.inbox import rules

LANGUAGES = [SelectChoice("zh_Hans", "中文"), SelectChoice("en", "English")]


class WishesForm(Form):
    """In which language somebody is told; the switches of the topics are read one by one."""

    language = RadioField(
        _l("Language of messages"), choices=LANGUAGES, validators=[DataRequired()]
    )


class BrowserForm(Form):
    """What a browser hands over when it allows messages (the Push API's subscription)."""

    endpoint = StringField(validators=[DataRequired(), Length(max=rules.LONGEST_ENDPOINT)])
    p256dh = StringField(validators=[DataRequired(), Length(max=200)])
    auth = StringField(validators=[DataRequired(), Length(max=60)])


class Switches:
    """The switches of the wishes page: one per topic and way, named `topic-way`."""

    def __init__(self, submitted: Any) -> None:
        self._names = set(submitted)

    def is_on(self, topic: rules.Topic, way: rules.Way) -> bool:
        """Tell whether this switch was sent; a switch that is off is not sent at all."""
        return f"{topic}-{way}" in self._names
