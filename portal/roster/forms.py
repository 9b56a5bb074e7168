"""The forms of the roster."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.core import clock
from portal.core.forms import Form
from portal.people.rules import Sex, plain_phone, why_not_id_number
from portal.roster.labels import SEXES

KEEP, LEFT = "keep", "left"
NO_REASON = DataRequired(_l("Say why."))


def stripped(text: str | None) -> str:
    """Return what was written without blanks around it, so that blanks alone are nothing."""
    return (text or "").strip()


class RosterForm(Form):
    """Hand in a roster."""

    file = FileField(
        _l("Roster file (XLSX, XLS or CSV)"),
        validators=[
            FileRequired(_l("Choose a file.")),
            FileSize(max_size=16 * 1024 * 1024, message=_l("The file is larger than 16 MB.")),
        ],
    )
    missing = RadioField(
        _l("Who is on the roster here, but not in the file"),
        choices=[
            SelectChoice(KEEP, _l("stays as they are (the file has only some of the people)")),
            SelectChoice(LEFT, _l("has left the village (the file is the whole roster)")),
        ],
        validators=[InputRequired(_l("Choose one of the two."))],
    )


class ReasonForm(Form):
    """Say why something is done."""

    reason = StringField(
        _l("Reason"),
        filters=[stripped],
        validators=[NO_REASON, Length(max=200, message=_l("At most 200 characters."))],
    )


class ExportForm(ReasonForm):
    """Take the roster out of the house."""

    reason = TextAreaField(
        _l("What it is for"),
        filters=[stripped],
        validators=[
            DataRequired(_l("Say what it is for.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
    kind = RadioField(
        _l("File"),
        choices=[
            SelectChoice("xlsx", _l("XLSX, for Excel and WPS")),
            SelectChoice("csv", _l("CSV")),
        ],
        default="xlsx",
    )


def check_phone(_form: Form, field: Field) -> None:
    """Refuse what is no mobile number; an empty one is none."""
    if field.data and plain_phone(field.data) is None:
        raise ValidationError(_l("This is not a mobile number of 11 digits."))


class ResidentForm(ReasonForm):
    """The facts of a resident."""

    name = StringField(
        _l("Name"),
        filters=[stripped],
        validators=[
            DataRequired(_l("The name is missing.")),
            Length(max=60, message=_l("The name has more than 60 characters.")),
        ],
    )
    sex = SelectField(
        _l("Sex"), choices=[SelectChoice(sex.value, word) for sex, word in SEXES.items()]
    )
    born_on = DateField(_l("Date of birth"), validators=[Optional()])
    phone = StringField(_l("Phone"), validators=[check_phone])
    second_contact = StringField(
        _l("Second contact"),
        description=_l("The phone of a relative who is told what others enter for this person."),
        validators=[check_phone],
    )
    id_number = StringField(
        _l("ID number"),
        description=_l("Only its last four digits are kept. Leave it empty to change nothing."),
        filters=[stripped, str.upper],
        render_kw={"autocomplete": "off"},
    )
    is_representative = BooleanField(_l("Represents the household"))
    is_registered = BooleanField(_l("Registered here"))
    is_away = BooleanField(_l("Lives away"))
    stamp = HiddenField()

    def validate_born_on(self, field: Field) -> None:
        """Refuse days that cannot be a birthday."""
        if field.data and not date(1900, 1, 1) <= field.data <= clock.today(clock.now()):
            raise ValidationError(_l("This date cannot be a date of birth."))

    def validate_id_number(self, field: Field) -> None:
        """Refuse what is no ID number."""
        if field.data and why_not_id_number(field.data) is not None:
            raise ValidationError(_l("This is not an ID number. Compare it with the card."))

    def facts(self) -> dict[str, Any]:
        """Return what was filled in, by the names of `person.Person`, without the ID number."""
        return {
            "name": self.name.data,
            "sex": Sex(self.sex.data),
            "born_on": self.born_on.data,
            "phone": plain_phone(self.phone.data or ""),
            "second_contact": plain_phone(self.second_contact.data or ""),
            "is_representative": self.is_representative.data,
            "is_registered": self.is_registered.data,
            "is_away": self.is_away.data,
        }


class HouseholdForm(ReasonForm):
    """Where somebody belongs."""

    household = StringField(
        _l("Household number"),
        filters=[stripped],
        validators=[
            DataRequired(_l("The household number is missing.")),
            Length(max=40, message=_l("At most 40 characters.")),
        ],
    )
    group = SelectField(
        _l("Group"),
        description=_l("Only needed for a household that is new."),
        coerce=lambda value: int(value) if value and str(value).isdigit() else None,
        validate_choice=False,
    )


class NewcomerForm(HouseholdForm, ResidentForm):
    """A resident who is not on the roster yet."""


class DayForm(ReasonForm):
    """A day on which something happened, and why."""

    day = DateField(_l("Day"), validators=[InputRequired(_l("Choose the day."))])


class LeaveForm(DayForm):
    """Somebody is no longer here."""

    how = RadioField(
        _l("What happened"),
        choices=[SelectChoice("moved", _l("moved away")), SelectChoice("died", _l("died"))],
        validators=[InputRequired(_l("Choose one of the two."))],
    )
