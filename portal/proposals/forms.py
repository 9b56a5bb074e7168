"""The paper on which a proposal is written, and those of the committee about it."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.core.forms import Form
from portal.media.fields import WithMedia
from portal.meetings.forms import row_id
from portal.moderation.fields import key_field
from portal.proposals.rules import LONGEST_BODY, LONGEST_PLACE, LONGEST_REASON, LONGEST_TITLE
from portal.proposals.words import OUTCOMES


class ProposalForm(WithMedia, Form):
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
            Length(max=LONGEST_BODY, message=_l("Please use at most 1900 characters.")),
        ],
    )
    show_name = BooleanField(_l("Show my full name"))
    agrees_to_opinion = BooleanField(_l("It may be handed in as my opinion on the plan"))


class SessionForm(Form):
    """Which meeting: the session that a proposal comes before, or the one that was asked for."""

    meeting_id = SelectField(
        _l("Meeting"), coerce=row_id, validators=[InputRequired(_l("Choose one."))]
    )


_HOW_MANY = (
    InputRequired(_l("Write a number.")),
    NumberRange(min=0, max=999, message=_l("Write a number.")),
)


class PutOffForm(Form):
    """Why a session recommended nothing."""

    reason = StringField(
        _l("Why did it recommend nothing?"),
        id="put-off-reason",
        render_kw={"maxlength": LONGEST_REASON},
        validators=[Length(max=LONGEST_REASON, message=_l("At most 400 characters."))],
    )


class AdviceForm(Form):
    """What a session of the council recommends, why, and how the councillors voted."""

    outcome = RadioField(
        _l("What the council recommends"),
        choices=[SelectChoice(outcome.value, words) for outcome, words in OUTCOMES.items()],
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Everybody reads it, and the author and all who signed are told."),
        render_kw={"rows": 4, "maxlength": LONGEST_REASON},
        validators=[
            InputRequired(_l("Write the reason.")),
            Length(max=LONGEST_REASON, message=_l("At most 400 characters.")),
        ],
    )
    yes = IntegerField(_l("For it"), validators=_HOW_MANY)
    no = IntegerField(_l("Against it"), validators=_HOW_MANY)
    abstain = IntegerField(_l("Abstained"), validators=_HOW_MANY)


class CarryForm(Form):
    """Who sees to a project, until when; for a vote or an opinion it stays empty."""

    owner = StringField(
        _l("Who sees to it"),
        validators=[Optional(), Length(max=60, message=_l("At most 60 characters."))],
    )
    due_on = DateField(_l("Until when"), validators=[Optional()])


class StepForm(Form):
    """How it goes on: decided, being carried out, done, or declined after all."""

    state = RadioField(_l("How it goes on"), validators=[InputRequired(_l("Choose one."))])
    reason = StringField(
        _l("What the village should know"),
        validators=[Length(max=LONGEST_REASON, message=_l("At most 400 characters."))],
    )
