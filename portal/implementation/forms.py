"""The forms of what follows a plan."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    DecimalField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from portal.core.forms import Form
from portal.implementation.rules import AssetKind, AssetState, VisitKind
from portal.implementation.words import ASSET_KINDS, ASSET_STATES, VISITS

_LONG = _l("At most %(max)d characters.")
_NEEDED = _l("Please fill this in.")


def _line(label: Any, length: int, *, required: bool = True) -> StringField:
    return StringField(
        label,
        filters=[lambda text: text.strip() if text else text],
        validators=[
            DataRequired(_NEEDED) if required else Optional(),
            Length(max=length, message=_LONG),
        ],
        render_kw={"maxlength": length},
    )


def _text(label: Any, *, required: bool = True) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[lambda text: text.strip() if text else text],
        validators=[
            DataRequired(_NEEDED) if required else Optional(),
            Length(max=2000, message=_LONG),
        ],
        render_kw={"maxlength": 2000, "rows": 4},
    )


def _day(label: Any, *, required: bool = True) -> DateField:
    return DateField(label, validators=[InputRequired(_NEEDED) if required else Optional()])


def _whole(label: Any, least: int, most: int, *, required: bool = True) -> IntegerField:
    return IntegerField(
        label,
        validators=[
            InputRequired(_NEEDED) if required else Optional(),
            NumberRange(least, most, _l("A whole number from %(min)s to %(max)s.")),
        ],
    )


class ReadingForm(Form):
    """What an indicator was on a day."""

    read_on = _day(_l("Day it was measured"))
    value = DecimalField(
        _l("Value"),
        places=None,
        validators=[InputRequired(_NEEDED), NumberRange(0, 10**12)],
        render_kw={"inputmode": "decimal"},
    )
    source = _line(_l("Who measured it, or where it comes from"), 200)


class ProgressForm(Form):
    """How far a project is."""

    on_day = _day(_l("Day"))
    percent = _whole(_l("Done, in per cent"), 0, 100)
    paid_yuan = _whole(_l("Paid so far, in yuan"), 0, 10**12, required=False)
    note = _text(_l("Note"), required=False)


class DutyForm(Form):
    """Who has to do what until when."""

    what = _line(_l("What is to be done"), 400)
    owner = _line(_l("Who is responsible"), 120)
    helper = _line(_l("Who helps"), 120, required=False)
    supervisor = _line(_l("Who supervises"), 120, required=False)
    due_on = _day(_l("Until"))


class DoneForm(Form):
    """What was done."""

    note = _text(_l("What was done"))


class BeginForm(Form):
    """The year to evaluate."""

    year = _whole(_l("Year"), 2000, 2100)


class EvaluationForm(Form):
    """The words of an evaluation."""

    findings = _text(_l("What was found"))
    outlook = _text(_l("What comes next"), required=False)


class ActionForm(DutyForm):
    """A deviation's cause, and what is done about it."""

    cause = _text(_l("Cause of the deviation"))


class AssetForm(Form):
    """Something idle."""

    kind = SelectField(
        _l("What it is"), choices=[SelectChoice(k.value, ASSET_KINDS[k]) for k in AssetKind]
    )
    name = _line(_l("Name"), 120)
    place = _line(_l("Where"), 200)
    group_id = SelectField(_l("Villager group"), coerce=int)
    area_m2 = _whole(_l("Area in square metres"), 0, 10**9, required=False)
    owned_by = _line(_l("Whose it is: the collective, a household, the state"), 60, required=False)
    since_year = _whole(_l("Idle since (year)"), 1900, 2100, required=False)
    state = SelectField(
        _l("How it stands"), choices=[SelectChoice(s.value, ASSET_STATES[s]) for s in AssetState]
    )
    plan_words = _text(_l("What is to become of it"), required=False)


class SuggestionForm(Form):
    """What somebody suggests."""

    text = _text(_l("What should become of it?"))


class PartyForm(Form):
    """Whose rights are touched by what."""

    anchor = SelectField(_l("What touches them"), validators=[InputRequired(_NEEDED)])
    parcel = _whole(_l("Number of the parcel on the map"), 1, 999_999, required=False)
    resident_id = SelectField(_l("Who"), coerce=int, validators=[InputRequired(_NEEDED)])
    reason = _line(_l("How they are touched"), 400)


class OpinionForm(Form):
    """What somebody concerned says."""

    opinion = _text(_l("What do you say to it?"))


class VisitForm(Form):
    """What a planner did in the village."""

    kind = SelectField(
        _l("What it was"), choices=[SelectChoice(k.value, VISITS[k]) for k in VisitKind]
    )
    on_day = _day(_l("Day"))
    minutes = _whole(_l("How long, in minutes"), 1, 1440)
    place = _line(_l("Where"), 200)
    people_met = _whole(_l("How many people came"), 0, 100000)
    notes = _text(_l("What it was about"), required=False)


class HourForm(Form):
    """When a planner can be met."""

    on_day = _day(_l("Day"))
    begins = TimeField(_l("From"), validators=[InputRequired(_NEEDED)])
    ends = TimeField(_l("Until"), validators=[InputRequired(_NEEDED)])
    place = _line(_l("Where"), 200)

    def validate_ends(self, field: TimeField) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.begins.data and field.data <= self.begins.data:
            raise ValidationError(_l("It must end after it begins."))
