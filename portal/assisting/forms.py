"""What is filled in to help somebody, and to be recognised."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from portal.assisting.words import CHANNELS, REASONS
from portal.core.forms import Form
from portal.people.rules import AssistanceReason, Channel


def _plain(text: str | None) -> str:
    return (text or "").strip()


class FindForm(Form):
    """Whom to help: a name with a household number, or a printed code."""

    name = StringField(_l("Name"), validators=[Optional(), Length(max=60)], filters=[_plain])
    household = StringField(
        _l("Household number"), validators=[Optional(), Length(max=40)], filters=[_plain]
    )
    slip = StringField(
        _l("Code of the printed slip"), validators=[Optional(), Length(max=40)], filters=[_plain]
    )


class AskForm(Form):
    """Why somebody is helped, how, and who looks on."""

    who = HiddenField(validators=[InputRequired()])
    reason = RadioField(
        _l("Why do they not do it themselves?"),
        choices=[SelectChoice(reason.value, words) for reason, words in REASONS.items()],
        validators=[InputRequired(_l("Choose the reason."))],
    )
    channel = RadioField(
        _l("How do they tell you?"),
        choices=[SelectChoice(channel.value, words) for channel, words in CHANNELS.items()],
        validators=[InputRequired(_l("Choose how they tell you."))],
    )
    witness = StringField(
        _l("Witness: name or phone"),
        validators=[InputRequired(_l("Name the witness.")), Length(max=60)],
        filters=[_plain],
    )
    note = StringField(_l("Note"), validators=[Optional(), Length(max=400)], filters=[_plain])

    def chosen_reason(self) -> AssistanceReason:
        """Return the chosen reason."""
        return AssistanceReason(self.reason.data)

    def chosen_channel(self) -> Channel:
        """Return the chosen channel."""
        return Channel(self.channel.data)


class AnswerForm(Form):
    """What the witness says."""

    agrees = RadioField(
        choices=[SelectChoice("yes", ""), SelectChoice("no", "")], validators=[InputRequired()]
    )


class ObjectForm(Form):
    """Why the person objects; they need not say."""

    words = TextAreaField(
        _l("What was not your will?"), validators=[Optional(), Length(max=400)], filters=[_plain]
    )


class AloneForm(Form):
    """Whether others may enter things for somebody."""

    alone = BooleanField(_l("Nobody shall enter anything for me"))


class ClaimForm(Form):
    """Who somebody says that they are."""

    name = StringField(
        _l("Your name, as in the household register"),
        validators=[InputRequired(_l("Write your name.")), Length(max=60)],
        filters=[_plain],
    )
    place = StringField(
        _l("Your villager group, household or the head of your household"),
        validators=[InputRequired(_l("Say where you live.")), Length(max=60)],
        filters=[_plain],
    )


class ArrivalForm(ClaimForm):
    """Who somebody says that they are, and their number."""

    phone = StringField(
        _l("Mobile number"),
        validators=[InputRequired(_l("Enter your mobile number.")), Length(max=30)],
        render_kw={"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    )


class NumberForm(Form):
    """The code that came by phone."""

    code = StringField(
        _l("Code"),
        validators=[InputRequired(_l("Enter the code from the message.")), Length(max=10)],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )


class PersonForm(Form):
    """Whom on the roster the committee means."""

    name = StringField(
        _l("Name"),
        validators=[InputRequired(_l("Write the name.")), Length(max=60)],
        filters=[_plain],
    )
    household = StringField(
        _l("Household number"),
        validators=[InputRequired(_l("Write the household number.")), Length(max=40)],
        filters=[_plain],
    )


class VouchForm(Form):
    """The voucher knows what they do."""

    is_replacing = BooleanField(_l("The new phone takes the place of the old one"))


class RefuseForm(Form):
    """Why a request is refused."""

    reason = StringField(
        _l("Why not?"),
        validators=[InputRequired(_l("Say why, in a few words.")), Length(max=400)],
        filters=[_plain],
    )
