"""The forms by which a plan is put in, step by step."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.clock import SHANGHAI
from portal.core.forms import Form
from portal.maps.formats import MAX_FILE_BYTES
from portal.plans.rules import Direction, IndicatorKind, PlanKind
from portal.plans.words import DIRECTIONS, INDICATOR_KINDS, KINDS

NEEDED = InputRequired(_l("Please fill this in."))
SHORT = Length(max=120, message=_l("At most 120 characters."))
_YEAR = NumberRange(min=1950, max=2100, message=_l("A year like 2026."))


def finite(form: Form, field: Any) -> None:
    """Refuse what is a number to Python alone (NaN, Infinity) and what has too many digits."""
    value = field.data
    if value is not None and (not value.is_finite() or len(format(value, "f")) > 30):
        raise ValidationError(_l("A number like 12.34."))


class BoxesField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Several choices, each as a row with a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NameForm(Form):
    """The name of a plan, and its years."""

    title = StringField(
        _l("Name of the plan"),
        validators=[NEEDED, Length(max=200, message=_l("At most 200 characters."))],
    )
    base_year = IntegerField(_l("Base year"), validators=[NEEDED, _YEAR])
    target_year = IntegerField(_l("Target year"), validators=[NEEDED, _YEAR])
    compiled_by = StringField(_l("Compiled by"), validators=[Optional(), SHORT])


class HeadForm(NameForm):
    """The head of a plan: what it is called, what it covers, and on what it rests."""

    population = IntegerField(
        _l("Registered people"),
        validators=[Optional(), NumberRange(min=0, message=_l("An amount that is not negative."))],
    )
    area_ha = DecimalField(
        _l("Village area (hectares)"), places=None, validators=[Optional(), finite]
    )
    scope = TextAreaField(
        _l("What the plan covers"),
        validators=[Optional(), Length(max=2000, message=_l("At most 2,000 characters."))],
        render_kw={"rows": 3},
    )
    legal_basis = TextAreaField(
        _l("Laws and plans it rests on"),
        description=_l("One a line."),
        validators=[Optional(), Length(max=4000, message=_l("At most 4,000 characters."))],
        render_kw={"rows": 4},
    )

    def description(self) -> dict[str, Any]:
        """Return what the plan covers and on what it rests."""
        lines = (self.legal_basis.data or "").splitlines()
        return {
            "population": self.population.data,
            "area_ha": self.area_ha.data,
            "scope": (self.scope.data or "").strip(),
            "legal_basis": [line.strip() for line in lines if line.strip()],
        }


class NewPlanForm(NameForm):
    """Start a plan."""

    kind = RadioField(
        _l("Kind of plan"),
        choices=[SelectChoice(kind, word) for kind, word in KINDS.items()],
        default=PlanKind.PRACTICAL,
        coerce=PlanKind,
    )


class SummaryForm(Form):
    """The plan in 60 seconds: five sentences and three figures."""

    sentences = TextAreaField(
        _l("Five sentences in plain words"),
        description=_l("One sentence a line. Read them aloud: would a grandmother understand?"),
        validators=[NEEDED, Length(max=600, message=_l("At most 600 characters."))],
        render_kw={"rows": 8},
    )
    figures = TextAreaField(
        _l("Three figures"),
        description=_l(
            "One a line: number, unit, what it is; for example: 1140 | 亩 | 永久基本农田"
        ),
        validators=[NEEDED, Length(max=300, message=_l("At most 300 characters."))],
        render_kw={"rows": 4},
    )

    def sentence_lines(self) -> list[str]:
        """Return the sentences, one a line."""
        return [line.strip() for line in self.sentences.data.splitlines() if line.strip()]

    def figure_lines(self) -> list[tuple[str, str, str]]:
        """Return number, unit and caption of each figure."""
        lines = [line.split("|") for line in self.figures.data.splitlines() if line.strip()]
        padded = [[cell.strip() for cell in (*line, "", "")][:3] for line in lines]
        return [(number, unit, caption) for number, unit, caption in padded]


class SectionForm(Form):
    """A chapter of the full text."""

    title = StringField(_l("Heading"), validators=[NEEDED, SHORT])
    text = TextAreaField(
        _l("Text"),
        description=_l("Markdown: an empty line makes a paragraph, - makes a list, | a table."),
        validators=[NEEDED, Length(max=50_000, message=_l("At most 50,000 characters."))],
        render_kw={"rows": 10},
    )

    def facts(self) -> dict[str, Any]:
        """Return the columns of the chapter."""
        return {"title": self.title.data.strip(), "text": self.text.data}


class GoalForm(Form):
    """A goal."""

    title = StringField(_l("Goal"), validators=[NEEDED, SHORT])
    text = TextAreaField(
        _l("In one or two sentences"),
        validators=[Optional(), Length(max=600, message=_l("At most 600 characters."))],
        render_kw={"rows": 3},
    )

    def facts(self) -> dict[str, Any]:
        """Return the columns of the goal."""
        return {"title": self.title.data.strip(), "text": self.text.data or ""}


class IndicatorForm(Form):
    """A line of the indicator table."""

    code = StringField(
        _l("Indicator code"),
        validators=[NEEDED, Length(max=40, message=_l("At most 40 characters."))],
    )
    name = StringField(_l("Indicator"), validators=[NEEDED, SHORT])
    unit = StringField(
        _l("Unit"), validators=[NEEDED, Length(max=20, message=_l("At most 20 characters."))]
    )
    kind = RadioField(
        _l("Nature"),
        choices=[SelectChoice(kind, word) for kind, word in INDICATOR_KINDS.items()],
        default=IndicatorKind.EXPECTED,
        coerce=IndicatorKind,
    )
    direction = RadioField(
        _l("The target is"),
        choices=[SelectChoice(way, word) for way, word in DIRECTIONS.items()],
        default=Direction.AT_LEAST,
        coerce=Direction,
    )
    base = DecimalField(_l("Base year's value"), places=None, validators=[Optional(), finite])
    target = DecimalField(_l("Target year's value"), places=None, validators=[Optional(), finite])
    lower_limit = DecimalField(
        _l("At least, says the plan above"), places=None, validators=[Optional(), finite]
    )
    upper_limit = DecimalField(
        _l("At most, says the plan above"), places=None, validators=[Optional(), finite]
    )
    goals = BoxesField(_l("Which goals it measures"), coerce=int)

    def facts(self) -> dict[str, Any]:
        """Return the columns of the indicator and the goals it measures."""
        return {
            "code": self.code.data.strip(),
            "name": self.name.data.strip(),
            "unit": self.unit.data.strip(),
            "kind": self.kind.data,
            "direction": self.direction.data,
            "base": self.base.data,
            "target": self.target.data,
            "lower_limit": self.lower_limit.data,
            "upper_limit": self.upper_limit.data,
            "goal_ids": self.goals.data or [],
        }


class LayerForm(Form):
    """Hand in a map file."""

    file = FileField(
        _l("Map file"),
        description=_l(
            "GeoJSON, GeoPackage, KML, KMZ or DXF; a Shapefile or File Geodatabase as a zip."
            " Several layers may be in one file. At most 20 MB."
        ),
        validators=[
            FileRequired(_l("Choose a file.")),
            FileSize(max_size=MAX_FILE_BYTES, message=_l("The file is larger than 20 MB.")),
        ],
        render_kw={"accept": ".geojson,.json,.gpkg,.kml,.kmz,.dxf,.zip"},
    )


class NoticeForm(Form):
    """Open a notice: who reviewed the plan, when and where it was put on the village board."""

    party_review_on = DateField(
        _l("Day on which the Party organisation reviewed the plan"), validators=[NEEDED]
    )
    party_review_note = StringField(
        _l("Where this is written down"),
        description=_l("For instance the number of the minutes."),
        validators=[Optional(), Length(max=400, message=_l("At most 400 characters."))],
    )
    board_at = DateTimeLocalField(
        _l("On the village board since"), validators=[NEEDED], format="%Y-%m-%dT%H:%M"
    )
    board_evidence = TextAreaField(
        _l("Where it hangs, and who took the photos"),
        validators=[NEEDED, Length(max=600, message=_l("At most 600 characters."))],
        render_kw={"rows": 3},
    )
    photo = FileField(
        _l("Photo of the board"),
        description=_l("Taken so that the notice can be read. Place and time are removed from it."),
        validators=[FileRequired(_l("Choose a photo."))],
        render_kw={"accept": "image/*", "capture": "environment"},
    )
    last_on = DateField(
        _l("A later last day, if you want one"),
        description=_l("Left empty, the notice ends on the day shown above."),
        validators=[Optional()],
    )

    def board_moment(self) -> datetime:
        """Return when it was put on the board, as typed on a clock in the village."""
        typed: datetime = self.board_at.data
        return typed.replace(tzinfo=SHANGHAI)
