"""The paper as a form: one choice, several, a place for each or points for each.

It holds whatever was sent, so that nothing is lost when it is refused; what it says is read by
`marks_sent`, and judged by `papers.why_not_paper` alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget, NumberInput

from portal.ballots.papers import ONE_TICK, TICKS, Frame
from portal.ballots.rules import Kind, Refusal
from portal.core.forms import Form

KEY = Regexp(
    r"^[A-Za-z0-9_-]{20,64}\Z", message=_l("This page is incomplete. Open the vote again.")
)
TURN = Regexp(r"^[1-9][0-9]{0,3}\Z", message=_l("This page is incomplete. Open the vote again."))
VALUE = "value-"
"""The names of fields with a place or points begin so; the option's id follows."""

Marks = list[int] | dict[int, int]


def option_id(text: object) -> int:
    """Read the id of an option; what is none becomes 0, which the service refuses by name."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0


def mark(text: str) -> int:
    """Read a place or points; nothing is 0, and what is no number is one that nobody may give."""
    digits = text.strip()
    if not digits:
        return 0
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1


def marks_sent(sent: "MultiDict[str, str]") -> Marks:
    """Read the marks of a paper: the options that are ticked, or a value for each."""
    values = {
        option_id(name.removeprefix(VALUE)): mark(text)
        for name, text in sent.items()
        if name.startswith(VALUE)
    }
    return values or [option_id(text) for text in sent.getlist("chosen")]


class PaperForm(Form):
    """What every paper has: the key of its sending, made before it is sent first.

    `turn` is its place among the papers of one elector: the first, or one that changes the last.
    """

    key = HiddenField(validators=[KEY])
    turn = HiddenField(default="1", validators=[Optional(), TURN])

    @property
    def place(self) -> int:
        """Return which paper of its elector this is."""
        return mark(self.turn.data or "1")

    def places(self) -> list[Field]:
        """Return the fields of a paper on which each option has its own."""
        return [field for field in self if field.name.startswith(VALUE)]

    def blame(self, frame: Frame, refusal: Refusal, words: Any) -> None:
        """Put the words of a refusal beside the fields they speak of, else above them all."""
        if "chosen" in self:
            self["chosen"].errors = [words]
            return
        wrong = _faulty(self.places(), frame, refusal)
        for field in wrong:
            field.errors = [words]
        if not wrong:
            self.form_errors.append(words)


class OneForm(PaperForm):
    """One answer. Whether it belongs to the ballot the service decides."""

    chosen = RadioField(_l("Your answer"), coerce=option_id, validate_choice=False)


class SeveralForm(PaperForm):
    """As many options as the ballot allows."""

    chosen = SelectMultipleField(
        _l("Your choice"),
        coerce=option_id,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def paper_form(
    frame: Frame,
    words: Mapping[int, str],
    *,
    key: str = "",
    turn: int = 1,
    marked: Mapping[int, int] | None = None,
) -> PaperForm:
    """Return the paper with these options, by id: new under its key, or as it was sent.

    `marked` is what stands on the paper whose place it is to take.
    """
    facts: dict[str, Any] = {"formdata": None, "key": key, "turn": str(turn)} if key else {}
    if marked and frame.kind in TICKS:
        facts["chosen"] = next(iter(marked)) if frame.kind in ONE_TICK else list(marked)
    elif marked:
        facts |= {f"{VALUE}{option}": str(value) for option, value in marked.items()}
    if frame.kind in TICKS:
        kind = OneForm if frame.kind in ONE_TICK else SeveralForm
        form = kind(**facts)
        form["chosen"].choices = [SelectChoice(option, name) for option, name in words.items()]
        return form
    field = _place_field(frame) if frame.kind is Kind.RANKED else _points_field(frame)
    fields = {f"{VALUE}{option}": field(name) for option, name in words.items()}
    values = type("ValuesForm", (PaperForm,), fields)
    made: PaperForm = values(**facts)
    return made


def _place_field(frame: Frame) -> Any:
    places = [SelectChoice(str(n), _("Place %(n)s", n=n)) for n in range(1, frame.most + 1)]
    choices = [SelectChoice("", _("no place")), *places]
    return lambda name: SelectField(name, choices=choices, validate_choice=False)


def _points_field(frame: Frame) -> Any:
    widget = NumberInput(step="1", min=0, max=frame.greatest)
    typed = {"inputmode": "numeric", "autocomplete": "off"}
    return lambda name: StringField(name, widget=widget, render_kw=typed)


def _faulty(fields: Sequence[Field], frame: Frame, refusal: Refusal) -> list[Field]:
    values = [mark(field.data or "") for field in fields]
    if refusal is Refusal.PLACE_TWICE:
        return [f for f, n in zip(fields, values, strict=True) if n and values.count(n) > 1]
    if refusal in (Refusal.SCORE_OUT_OF_RANGE, Refusal.UNKNOWN_VALUE):
        return [f for f, n in zip(fields, values, strict=True) if not 0 <= n <= frame.greatest]
    return []
