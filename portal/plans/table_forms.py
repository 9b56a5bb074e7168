"""The forms of the tables of a plan: projects, land-use structure, facilities, control rules."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional, Regexp, ValidationError

from portal.core.forms import Form
from portal.maps.landuse import CLASSES
from portal.maps.rules import CONTROL_ZONES
from portal.plans.forms import NEEDED, SHORT, BoxesField, finite
from portal.plans.rules import CONTROL_LINES, FacilityStatus, ProjectKind
from portal.plans.words import FACILITY_STATES, PROJECT_KINDS, subject_words
from portal.villages.rules import FacilityKind
from portal.villages.words import KINDS as FACILITY_KINDS

_NOT_NEGATIVE = NumberRange(min=0, message=_l("An amount that is not negative."))


class ProjectForm(Form):
    """A line of the near-term project table."""

    code = StringField(
        _l("Number"), validators=[NEEDED, Length(max=40, message=_l("At most 40 characters."))]
    )
    name = StringField(
        _l("Project"), validators=[NEEDED, Length(max=400, message=_l("At most 400 characters."))]
    )
    kind = SelectField(
        _l("Kind"),
        choices=[SelectChoice(kind, word) for kind, word in PROJECT_KINDS.items()],
        coerce=ProjectKind,
        validators=[NEEDED],
    )
    content = TextAreaField(
        _l("What is built, and how much"),
        validators=[Optional(), Length(max=2000, message=_l("At most 2,000 characters."))],
        render_kw={"rows": 3},
    )
    location = StringField(_l("Where"), validators=[Optional(), Length(max=200)])
    year = StringField(_l("When (years)"), validators=[Optional(), Length(max=20)])
    cost_wan = DecimalField(
        _l("Estimated cost (10,000 yuan)"),
        places=None,
        validators=[
            Optional(),
            finite,
            NumberRange(min=0, max=10_000_000, message=_l("An amount that is not negative.")),
        ],
    )
    funding = StringField(
        _l("Where the money comes from"), validators=[Optional(), Length(max=200)]
    )
    responsible = StringField(_l("Who is responsible"), validators=[Optional(), SHORT])
    helper = StringField(_l("Who helps"), validators=[Optional(), SHORT])
    supervisor = StringField(_l("Who supervises"), validators=[Optional(), SHORT])
    deadline = DateField(_l("To be finished by"), validators=[Optional()])
    groups = StringField(
        _l("Villager groups it is about"),
        description=_l("Their numbers, for example: 1, 3, 4"),
        validators=[
            Optional(),
            Length(max=200),
            Regexp(r"^\s*\d{1,4}([\s,，、]+\d{1,4})*\s*$", message=_l("Numbers of groups.")),
        ],
    )
    indicators = BoxesField(_l("Which indicators it supports"), coerce=int)

    def facts(self) -> dict[str, Any]:
        """Return the columns of the project; money as whole yuan."""
        facts = {
            name: self[name].data or ""
            for name in (
                *("code", "name", "content", "location", "year", "funding"),
                *("responsible", "helper", "supervisor"),
            )
        }
        wan = self.cost_wan.data
        cost = None if wan is None else int((wan * 10_000).to_integral_value())
        return {
            **facts,
            "kind": self.kind.data,
            "cost_yuan": cost,
            "deadline": self.deadline.data,
            "group_numbers": sorted({int(n) for n in re.findall(r"\d+", self.groups.data or "")}),
            "indicator_ids": self.indicators.data or [],
        }


class StructureForm(Form):
    """A line of the land-use structure table."""

    code = StringField(_l("Land-use code"), validators=[NEEDED])
    is_town = BooleanField(_l("It lies inside a town"))
    base_ha = DecimalField(
        _l("Base year (hectares)"), places=None, validators=[Optional(), finite, _NOT_NEGATIVE]
    )
    target_ha = DecimalField(
        _l("Target year (hectares)"), places=None, validators=[Optional(), finite, _NOT_NEGATIVE]
    )

    def validate_code(self, field: StringField) -> None:
        """Refuse codes that the guide does not have."""
        if field.data.strip() not in CLASSES:
            raise ValidationError(_l("We do not know this land-use code (2023 edition)."))

    def facts(self) -> dict[str, Any]:
        """Return the columns of the line."""
        return {
            "code": self.code.data.strip(),
            "is_town": self.is_town.data,
            "base_ha": self.base_ha.data,
            "target_ha": self.target_ha.data,
        }


class FacilityForm(Form):
    """A public facility."""

    kind = SelectField(
        _l("Kind"),
        choices=[SelectChoice(kind, word) for kind, word in FACILITY_KINDS.items()],
        coerce=FacilityKind,
        validators=[NEEDED],
    )
    name = StringField(_l("Facility"), validators=[NEEDED, SHORT])
    status = RadioField(
        _l("It is"),
        choices=[SelectChoice(state, word) for state, word in FACILITY_STATES.items()],
        default=FacilityStatus.PLANNED,
        coerce=FacilityStatus,
    )
    location = StringField(_l("Where"), validators=[Optional(), Length(max=200)])
    longitude = DecimalField(
        _l("Longitude (degrees)"),
        places=None,
        validators=[Optional(), finite, NumberRange(70, 140, _l("A longitude in China."))],
    )
    latitude = DecimalField(
        _l("Latitude (degrees)"),
        places=None,
        validators=[Optional(), finite, NumberRange(3, 54, _l("A latitude in China."))],
    )
    radius_m = IntegerField(
        _l("How far it serves (metres)"),
        validators=[Optional(), NumberRange(1, 50_000, _l("Between 1 and 50,000 metres."))],
    )
    note = TextAreaField(
        _l("Note"),
        validators=[Optional(), Length(max=600, message=_l("At most 600 characters."))],
        render_kw={"rows": 2},
    )

    def validate_longitude(self, field: DecimalField) -> None:
        """Refuse half a place."""
        if (field.data is None) != (self.latitude.data is None):
            raise ValidationError(_l("Give both longitude and latitude, or neither."))

    def facts(self) -> dict[str, Any]:
        """Return the columns of the facility."""
        return {
            "kind": self.kind.data,
            "name": self.name.data.strip(),
            "status": self.status.data,
            "location": self.location.data or "",
            "longitude": self.longitude.data,
            "latitude": self.latitude.data,
            "radius_m": self.radius_m.data,
            "note": self.note.data or "",
        }


class ControlForm(Form):
    """A control rule: what holds where."""

    subject = SelectField(_l("What it is about"), validators=[NEEDED])
    title = StringField(_l("The rule in a few words"), validators=[NEEDED, SHORT])
    text = TextAreaField(
        _l("What is allowed, and what is not"),
        validators=[NEEDED, Length(max=4000, message=_l("At most 4,000 characters."))],
        render_kw={"rows": 5},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subjects = (
            *(f"zone:{code}" for code in CONTROL_ZONES),
            *(f"line:{name}" for name in CONTROL_LINES),
            *(f"landuse:{code}" for code in CLASSES),
        )
        self.subject.choices = [SelectChoice(one, subject_words(one)) for one in subjects]

    def facts(self) -> dict[str, Any]:
        """Return the columns of the rule."""
        return {
            "subject": self.subject.data,
            "title": self.title.data.strip(),
            "text": self.text.data,
        }
