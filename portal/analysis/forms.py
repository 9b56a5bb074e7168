"""The forms of the planners' checks."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DecimalField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from portal.analysis.boundaries import DEFAULT_PAIRS
from portal.analysis.projection import RANGES
from portal.analysis.rules import ConflictState, Preset
from portal.analysis.words import PARAMETERS, PRESETS, STATES, boundary_words
from portal.core.forms import Form

NEEDED = InputRequired(_l("Please fill this in."))
NOT_NEGATIVE = _l("An amount that is not negative.")


def _finite(_form: Form, field: DecimalField) -> None:
    if field.data is not None and not field.data.is_finite():
        raise ValidationError(_l("Please give a number."))


def _share(label: Any, hint: Any = "") -> DecimalField:
    return DecimalField(
        label,
        description=hint,
        places=None,
        validators=[Optional(), _finite, NumberRange(min=0, max=100, message=NOT_NEGATIVE)],
    )


def _amount(label: Any, hint: Any = "") -> DecimalField:
    return DecimalField(
        label,
        description=hint,
        places=None,
        validators=[Optional(), _finite, NumberRange(min=0, max=1_000_000, message=NOT_NEGATIVE)],
    )


class PairsField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Pairs of boundaries as boxes to tick; the value of each is `first|second`."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ComparisonForm(Form):
    """Which boundaries are compared, and what is passed over."""

    pairs = PairsField(_l("What must not lie on each other"), validate_choice=False)
    more_first = SelectField(_l("Another pair: first"), validate_choice=False)
    more_second = SelectField(_l("Another pair: second"), validate_choice=False)
    tolerance_m2 = IntegerField(
        _l("Pass over overlaps below (m²)"),
        validators=[NEEDED, NumberRange(min=0, max=1_000_000, message=NOT_NEGATIVE)],
    )
    tolerance_percent = _share(
        _l("Pass over overlaps below this share of the smaller patch (per cent)")
    )

    def offer(self, chosen: tuple[tuple[str, str], ...], keys: list[str]) -> None:
        """Offer the usual pairs, those chosen before, and every set on the map for another one."""
        offered = dict.fromkeys((*DEFAULT_PAIRS, *chosen))
        self.pairs.choices = [
            SelectChoice(f"{one}|{two}", f"{boundary_words(one)} × {boundary_words(two)}")
            for one, two in offered
        ]
        every = [SelectChoice(key, boundary_words(key)) for key in keys]
        for field in (self.more_first, self.more_second):
            field.choices = [SelectChoice("", _l("none")), *every]

    def chosen(self) -> list[tuple[str, str]]:
        """Return the pairs that were ticked, and the one that was put together."""
        found = [
            (one, two) for one, mark, two in (v.partition("|") for v in self.pairs.data) if mark
        ]
        if self.more_first.data or self.more_second.data:
            found.append((self.more_first.data or "", self.more_second.data or ""))
        return list(dict.fromkeys(found))


class CapsForm(Form):
    """What the level above allows, and the quota linked to the village."""

    construction_percent = _share(_l("Cap of the share of construction land (per cent)"))
    eco_percent = _share(_l("Cap of ecological space built on (per cent)"))
    per_capita_m2 = _amount(_l("Cap of village construction land per person (m²)"))
    cap_source = StringField(
        _l("Which document sets the caps"), validators=[Optional(), Length(max=200)]
    )
    linked_quota_ha = _amount(_l("Construction land quota linked from elsewhere (ha)"))
    quota_source = StringField(
        _l("Where the quota comes from"), validators=[Optional(), Length(max=200)]
    )


class ConflictForm(Form):
    """Who sees to a conflict, what is to be done, and how far it is."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    owner = StringField(
        _l("Unit that sees to it"),
        validators=[Optional(), Length(max=120, message=_l("At most 120 characters."))],
    )
    proposal = TextAreaField(
        _l("What is to be done"),
        validators=[Optional(), Length(max=1000, message=_l("At most 1,000 characters."))],
        render_kw={"rows": 3},
    )
    state = SelectField(
        _l("State"),
        choices=[SelectChoice(state, word) for state, word in STATES.items()],
        coerce=ConflictState,
        validators=[NEEDED],
    )


def _parameter(name: str) -> DecimalField:
    least, most = RANGES[name]
    return DecimalField(
        PARAMETERS[name],
        places=None,
        validators=[
            NEEDED,
            _finite,
            NumberRange(
                min=least, max=most, message=_l("A number from %(min)s to %(max)s, please.")
            ),
        ],
    )


class ScenarioForm(Form):
    """One scenario: its name and its assumptions."""

    preset = SelectField(
        _l("Direction it takes"),
        choices=[SelectChoice(preset, word) for preset, word in PRESETS.items()],
        coerce=Preset,
        validators=[NEEDED],
    )
    title = StringField(
        _l("Name of the scenario"),
        validators=[NEEDED, Length(max=80, message=_l("At most 80 characters."))],
    )
    growth_percent = _parameter("growth_percent")
    migration = _parameter("migration")
    household_size = _parameter("household_size")
    land_m2 = _parameter("land_m2")
    occupied_ha = _parameter("occupied_ha")
    reclaimed_ha = _parameter("reclaimed_ha")
    build_cost = _parameter("build_cost")
    reclaim_cost = _parameter("reclaim_cost")

    def numbers(self) -> dict[str, Decimal]:
        """Return the assumptions by name."""
        return {name: self[name].data for name in RANGES}
