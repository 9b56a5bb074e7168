"""The forms of villages and their staff."""

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import HiddenInput

from portal.core.forms import Form
from portal.people.rules import Role
from portal.people.words import ROLES
from portal.villages.words import KINDS

PHONE = r"^[0-9０-９ +()（）\-－—、,，/]{5,40}$"


def stripped(text: str | None) -> str | None:
    """Take the blanks around a text away."""
    return text.strip() if text else text


def _revision() -> IntegerField:
    return IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)])


def _text(label: Any, length: int, *, required: Any = None, **kwargs: Any) -> StringField:
    first = DataRequired(required) if required else Optional()
    long = Length(max=length, message=_l("At most %(max)d characters."))
    return StringField(
        label,
        filters=[stripped],
        validators=[first, long],
        render_kw={"maxlength": length},
        **kwargs,
    )


def _phone() -> TelField:
    return TelField(
        _l("Telephone"),
        filters=[stripped],
        validators=[
            Optional(),
            Regexp(PHONE, message=_l("A phone number has digits, spaces and hyphens only.")),
        ],
        render_kw={"maxlength": 40},
    )


class ProfileForm(Form):
    """What the village tells about itself."""

    about = TextAreaField(
        _l("The village in a few words"),
        filters=[stripped],
        validators=[Optional(), Length(max=1000, message=_l("At most %(max)d characters."))],
        render_kw={"rows": 5, "maxlength": 1000},
    )
    address = _text(_l("Address of the committee"), 200)
    phone = _phone()
    office_hours = _text(
        _l("Office hours"), 200, description=_l("For example: Monday to Friday, 8:00–11:30")
    )
    revision = _revision()


class FacilityForm(Form):
    """A facility or service."""

    kind = SelectField(
        _l("Kind"),
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        validators=[InputRequired(_l("Choose one."))],
    )
    name = _text(_l("What it is called"), 80, required=_l("Enter the name."))
    place = _text(_l("Where it is"), 200)
    hours = _text(_l("When it is open"), 200)
    phone = _phone()
    revision = _revision()


class RevisionForm(Form):
    """Something is done to what was read in this revision."""

    revision = _revision()


class PostForm(Form):
    """Give somebody a post: a resident, somebody with an account, or somebody from outside."""

    resident = IntegerField(widget=HiddenInput(), validators=[Optional()])
    account = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name = _text(_l("Name"), 60)
    phone = TelField(
        _l("Mobile number"),
        filters=[stripped],
        validators=[Optional(), Length(max=30)],
        description=_l("Sign-in codes go there."),
    )
    role = SelectField(_l("Post"), validators=[InputRequired(_l("Choose one."))])
    begins_on = DateField(_l("First day"), validators=[InputRequired(_l("Enter a day."))])
    ends_on = DateField(
        _l("Last day"),
        validators=[Optional()],
        description=_l("Planners and supervisors serve for a term, three years as a rule."),
    )
    organisation = _text(_l("Organisation"), 120)
    duties = TextAreaField(
        _l("Duties"),
        filters=[stripped],
        validators=[Optional(), Length(max=500, message=_l("At most %(max)d characters."))],
        render_kw={"rows": 3, "maxlength": 500},
    )
    office_hours = _text(_l("Office hours"), 200)

    def offer(self, roles: Collection[Role]) -> "PostForm":
        """Offer these posts to choose from, in the order of their list."""
        self.role.choices = [SelectChoice(r.value, ROLES[r]) for r in Role if r in roles]
        return self


class ReasonForm(Form):
    """Do something that needs a reason."""

    reason = StringField(
        _l("Reason"),
        filters=[stripped],
        validators=[
            DataRequired(_l("Say why, in a few words.")),
            Length(max=200, message=_l("At most %(max)d characters.")),
        ],
        render_kw={"maxlength": 200},
    )


class NewVillageForm(Form):
    """Name a new village and the regions above it that are missing."""

    code = HiddenField(validators=[InputRequired()])
    name = _text(
        _l("Name of the village"), 60, required=_l("Enter the name."), description=_l("Like 青溪村")
    )
    township = _text(_l("Name of the township or town"), 60)
    county = _text(_l("Name of the county or district"), 60)
    prefecture = _text(_l("Name of the city"), 60)
    province = _text(_l("Name of the province"), 60)


class NameForm(Form):
    """Give a village another name."""

    name = _text(_l("Name of the village"), 60, required=_l("Enter the name."))
