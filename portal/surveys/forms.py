"""What people fill in: a survey's own questions, and the committee's forms around it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any
from uuid import uuid4

from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import (
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.widgets import CheckboxInput

from portal.core.forms import Form
from portal.surveys import rules
from portal.surveys.languages import in_language
from portal.surveys.rules import AnswerFault, Definition, Kind, Question, Words

ANSWER_FAULTS: dict[StrEnum, LazyString] = {
    AnswerFault.MISSING: _l("This question needs an answer."),
    AnswerFault.NOT_AN_INTEGER: _l("Write a whole number in digits, for example 3."),
    AnswerFault.TOO_LARGE: _l("This number is too large."),
    AnswerFault.TOO_LONG: _l("Please keep it under 2000 characters."),
    AnswerFault.NOT_A_CHOICE: _l("Choose from the answers shown."),
    AnswerFault.ONLY_ONE: _l("Choose only one answer."),
}
PREFIX = "q_"  # before a question's name, so that no question can pose as another field


class ReplyForm(Form):
    """A survey's questions, made for one definition by `reply_form`."""

    key = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$")])
    definition: Definition

    def given(self) -> dict[str, list[str]]:
        """Return what was sent, by question name, as it was typed."""
        return {
            question.name: [str(value) for value in self[PREFIX + question.name].raw_data or []]
            for question in self.definition.asking
        }

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check the form itself; what the answers are worth is for the rules to say."""
        is_well_formed = super().validate(extra_validators)
        _answers, faults = rules.read_answers(self.definition, self.given())
        self.show(faults)
        return is_well_formed and not faults

    def show(self, faults: Mapping[str, AnswerFault]) -> None:
        """Put each fault into words at its question."""
        for name, fault in faults.items():
            self[PREFIX + name].errors = [ANSWER_FAULTS[fault]]


def words_of(definition: Definition) -> Callable[[Words], str]:
    """Return what picks a form's words in the language of the page."""
    locale = str(get_locale() or "zh_Hans")

    def pick(words: Words) -> str:
        return in_language(words, locale=locale, default_language=definition.default_language)

    return pick


def reply_form(definition: Definition, *, is_preview: bool = False) -> ReplyForm:
    """Return the form of this survey, filled with what was sent or with its defaults."""
    pick = words_of(definition)
    fields: dict[str, object] = {"definition": definition}
    for number, question in enumerate(definition.asking, start=1):
        fields[PREFIX + question.name] = _field(question, number, pick)
    made = type("FilledReplyForm", (ReplyForm,), fields)
    form: ReplyForm = made(formdata=None) if is_preview else made()
    if not form.key.data:
        form.key.data = uuid4().hex
    for question in definition.asking:
        form[PREFIX + question.name].flags.required = question.required
    return form


def _field(question: Question, number: int, pick: Callable[[Words], str]) -> Field:
    label = f"{number}. {pick(question.label)}"
    hint = pick(question.hint)
    choices = [SelectChoice(choice.name, pick(choice.label)) for choice in question.choices]
    default = question.default or None
    if question.kind is Kind.SELECT_ONE:
        note = "" if question.required else _("(may stay empty)")
        return RadioField(
            label,
            description=f"{hint} {note}".strip(),
            choices=choices,
            default=default,
            validate_choice=False,
        )
    if question.kind is Kind.SELECT_MULTIPLE:
        note = _("You may choose more than one.")
        return SelectMultipleField(
            label,
            option_widget=CheckboxInput(),
            description=f"{hint} {note}".strip(),
            choices=choices,
            default=question.default.split(),
            validate_choice=False,
        )
    if question.kind is Kind.INTEGER:
        numeric = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "20"}
        return StringField(label, description=hint, default=default, render_kw=numeric)
    return TextAreaField(label, description=hint, default=default, render_kw={"rows": "3"})


class UploadForm(Form):
    """Hand in a questionnaire."""

    file = FileField(
        _l("Questionnaire file"),
        description=_l("An XLSForm: .xlsx, .xls, .csv or .md, at most 2 MB."),
        validators=[
            FileRequired(_l("Choose a file.")),
            FileSize(max_size=rules.FILE_LIMIT, message=_l("The file is larger than 2 MB.")),
        ],
        render_kw={"accept": ".xlsx,.xlsm,.xls,.csv,.md"},
    )


class OpenForm(Form):
    """Let people answer, from one day to another."""

    title = StringField(
        _l("Title"),
        validators=[InputRequired(_l("Give the survey a title.")), Length(max=200)],
    )
    lead = TextAreaField(
        _l("What it is for, in one or two sentences"),
        validators=[Length(max=400)],
        render_kw={"rows": "2", "maxlength": "400"},
    )
    first_day = DateField(_l("First day"), validators=[InputRequired(_l("Enter the first day."))])
    last_day = DateField(
        _l("Last day"),
        description=_l("It can be answered until 24:00 of this day."),
        validators=[InputRequired(_l("Enter the last day."))],
    )


class PlainForm(Form):
    """A button and nothing else."""
