"""What is asked of whoever takes a step of a plan: each step its own few fields."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from portal.core.forms import Form
from portal.plans.guarding import Given
from portal.plans.life import Need, Step, Way
from portal.plans.models import PlanVersion

FIELDS: Mapping[Step, tuple[str, ...]] = {
    Step.SCHEDULE: ("party_review_on", "party_review_note", "scheduled_for", "boards"),
    Step.SUBMIT: ("resolution",),
    Step.APPROVE: ("approval_authority", "approval_number", "approved_on"),
    Step.PUBLISH: ("published_on", "in_force_on"),
    Step.START_AMENDMENT: ("consent",),
}
"""What a step asks for besides a reason."""
OPTIONAL = frozenset({"party_review_note", "boards", "in_force_on"})
"""What may stay empty; the guards ask for the rest, all of it at once."""


def _line(label: Any, most: int, description: Any = "") -> StringField:
    words = _l("At most %(most)s characters.", most=most)
    return StringField(
        label, description=description, validators=[Optional(), Length(max=most, message=words)]
    )


def _day(label: Any, description: Any = "") -> DateField:
    return DateField(label, description=description, validators=[Optional()])


class StepForm(Form):
    """All the fields that a step can ask for; a page shows those of its step."""

    party_review_on = _day(_l("Day on which the Party organisation reviewed the plan"))
    party_review_note = _line(
        _l("Where this is written down"), 400, _l("For instance the number of the minutes.")
    )
    scheduled_for = _day(_l("The notice starts on"))
    boards = TextAreaField(
        _l("The boards that it will hang on, one in each line"),
        description=_l("Left empty: the village board."),
        validators=[
            Optional(),
            Length(max=1000, message=_l("At most %(most)s characters.", most=1000)),
        ],
        render_kw={"rows": 3},
    )
    resolution = _line(
        _l("Number of the meeting's resolution"), 200, _l("As it stands on its minutes.")
    )
    approval_authority = _line(_l("Approved by"), 200)
    approval_number = _line(_l("Number of the approval"), 120)
    approved_on = _day(_l("Day of the approval"))
    published_on = _day(_l("Day of the publication"))
    in_force_on = _day(_l("In force from"), _l("Left empty: the committee says so later."))
    consent = _line(_l("The authority's consent: which document, of which day"), 200)
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Everybody can read it. Name no private persons."),
        validators=[
            Optional(),
            Length(max=600, message=_l("At most %(most)s characters.", most=600)),
        ],
        render_kw={"rows": 3},
    )

    def given(self, step: Step) -> Given:
        """Return what was said, as far as the step asks for it."""
        said: dict[str, Any] = {}
        for name in FIELDS.get(step, ()):
            value = self[name].data
            if name == "boards":
                value = tuple(line.strip() for line in (value or "").splitlines() if line.strip())
            elif isinstance(value, str):
                value = value.strip()
            if value:
                said[name] = value
        return Given(**said)


def names_of(step: Step, way: Way) -> tuple[str, ...]:
    """Return the fields of a step in their order, the reason last."""
    asked = FIELDS.get(step, ())
    return (*asked, "reason") if Need.REASON in way.needs else asked


def form_of(version: PlanVersion) -> StepForm:
    """Return the form with what is known already."""
    return StepForm(formdata=None, obj=version)


class ChangeForm(Form):
    """Why a place of the plan changed: which opinion, or what else, and the reason."""

    opinion_number = IntegerField(
        _l("Because of opinion number"),
        validators=[Optional(), NumberRange(min=1, message=_l("A number from 1 on."))],
        render_kw={"inputmode": "numeric"},
    )
    cause = _line(
        _l("Or because of"), 200, _l("For instance: the township's demand, a mistake in writing.")
    )
    reason = TextAreaField(
        _l("What was decided, and why"),
        validators=[
            Optional(),
            Length(max=600, message=_l("At most %(most)s characters.", most=600)),
        ],
        render_kw={"rows": 2},
    )
