"""The papers of the answering desk."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import HiddenInput

from portal.core.forms import Form as Paper
from portal.discussion import answer_rules as rules
from portal.discussion.answer_rules import Decision, Form
from portal.discussion.answer_words import DECISIONS, FORMS
from portal.moderation.fields import key_field

NEEDED = InputRequired(_l("Please fill this in."))


def _seen() -> IntegerField:
    return IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)])


def _text(
    label: LazyString, most: int, *, hint: Any = "", rows: int = 3, needed: bool = False
) -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        render_kw={"rows": rows, "maxlength": most},
        validators=[
            NEEDED if needed else Optional(),
            Length(max=most, message=_l("That is too long. Please shorten it a little.")),
        ],
    )


class AnswerForm(Paper):
    """What an answer says; `seen` names the opinions with the revision read of each."""

    seen = HiddenField(validators=[InputRequired(), Regexp(r"\A\d+:\d+( \d+:\d+){0,99}\Z")])
    decision = RadioField(
        _l("What becomes of it?"),
        choices=[SelectChoice(one.value, words) for one, words in DECISIONS.items()],
        validators=[InputRequired(_l("Please choose one."))],
    )
    reason = _text(_l("Reason"), rules.LONGEST_REASON, rows=4)
    place = StringField(
        _l("Place in the plan that is changed"),
        description=_l("Such as: project 3, road to the upper village"),
        render_kw={"maxlength": rules.LONGEST_PLACE},
        validators=[Optional(), Length(max=rules.LONGEST_PLACE)],
    )
    before = _text(_l("It read before"), rules.LONGEST_CHANGE, rows=2)
    after = _text(_l("It reads now"), rules.LONGEST_CHANGE, rows=2)
    expert = _text(
        _l("The planner's opinion"),
        rules.LONGEST_REASON,
        hint=_l("It stands beside the committee's answer, in the planner's name."),
    )
    note = _text(_l("Note for the office"), rules.LONGEST_NOTE, rows=2)

    def said(self) -> dict[str, Any]:
        """Return what the answer says."""
        names = ("reason", "place", "before", "after", "expert")
        texts = {name: self[name].data or "" for name in names}
        return {"decision": Decision(self.decision.data), **texts}

    def revisions(self) -> dict[int, int]:
        """Return the revision that was read of each opinion, by its id."""
        return read_seen(self.seen.data or "")


class AdviceForm(Paper):
    """What the planner thinks, from the paper of the answer; `seen` is as there."""

    seen = HiddenField(validators=[InputRequired(), Regexp(r"\A\d+:\d+\Z")])
    expert = _text(_l("The planner's opinion"), rules.LONGEST_REASON, needed=True)

    def revision_of(self, comment_id: int) -> int | None:
        """Return the revision that was read of this opinion, None where it was another."""
        return read_seen(self.seen.data or "").get(comment_id)


class CheckForm(Paper):
    """A second person's check: send it, or hand it back with a note."""

    seen = HiddenField(validators=[InputRequired(), Regexp(r"\A\d+:\d+( \d+:\d+){0,99}\Z")])
    note = _text(_l("What is to be done differently?"), rules.LONGEST_NOTE, rows=2)


class AssignForm(Paper):
    """Who sees to it, and until when."""

    seen = _seen()
    owner = SelectField(_l("Who sees to it?"), coerce=int, validate_choice=False)
    due = DateField(_l("Until"), validators=[NEEDED])


class DoubtForm(Paper):
    """The author asks for another look."""

    words = _text(
        _l("What is still not right?"),
        rules.LONGEST_NOTE,
        hint=_l("Only the office can read it. The second answer is the last one."),
        needed=True,
    )


class HearingForm(Paper):
    """Another way in which opinions were sought."""

    key = key_field()
    form = SelectField(
        _l("In which way?"),
        choices=[SelectChoice(one.value, words) for one, words in FORMS.items()],
        validators=[NEEDED],
    )
    held_on = DateField(_l("Day"), validators=[NEEDED])
    place = StringField(
        _l("Place"), render_kw={"maxlength": 120}, validators=[NEEDED, Length(max=120)]
    )
    people = IntegerField(
        _l("How many people came?"), validators=[NEEDED, NumberRange(min=1, max=100_000)]
    )
    said = _text(
        _l("What was said, in short"),
        rules.LONGEST_REASON,
        hint=_l("Everybody can read it: no names."),
        rows=4,
        needed=True,
    )

    def chosen(self) -> Form:
        """Return the way that was chosen."""
        return Form(self.form.data)


def read_seen(text: str) -> dict[int, int]:
    """Return ids and revisions out of `12:0 15:2`."""
    return {int(one): int(two) for one, two in (pair.split(":") for pair in text.split())}


def put_seen(field: Field, now: str | int, *, is_overtaken: bool) -> None:
    """Let a paper name what stands on the page now, if it is new or its writer was told of that.

    Any other still speaks of what its writer read: sent again, it is not kept over what somebody
    else wrote meanwhile.
    """
    if field.raw_data is None or is_overtaken:
        field.data, field.raw_data = now, None


def write_seen(revisions: dict[int, int]) -> str:
    """Return ids and revisions as a hidden field carries them."""
    return " ".join(f"{one}:{two}" for one, two in revisions.items())
