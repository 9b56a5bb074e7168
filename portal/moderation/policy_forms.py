"""The paper on which the committee says when words wait."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from portal.core.forms import Form
from portal.moderation.desk_words import MODES
from portal.moderation.screening_rules import Policy


class PolicyForm(Form):
    """Where, in which phase, and what waits there."""

    where = SelectField(_l("Where"), validators=[])
    mode = RadioField(
        _l("What people write here"),
        choices=[SelectChoice(mode.value, words) for mode, words in MODES.items()],
        validators=[InputRequired()],
    )
    holds_first = BooleanField(_l("The first words of a new writer wait"))
    holds_links = BooleanField(_l("Words with a link wait"))
    holds_repeated = BooleanField(_l("The same words a third time within an hour wait"))

    def fill(self, policy: Policy) -> None:
        """Show what counts now."""
        self.mode.data = policy.mode.value
        self.holds_first.data = policy.holds_first
        self.holds_links.data = policy.holds_links
        self.holds_repeated.data = policy.holds_repeated
