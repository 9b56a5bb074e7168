"""What a survey is, who may answer it, and which answers are well-formed. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

LEAST_AGE = 14  # domain.md S11: below 14 no account of one's own and no survey
TEXT_LIMIT = 2000  # characters of one free answer
INTEGER_LIMIT = 999_999_999
DAYS_LIMIT = 366  # a survey that never ends is a mistake in the date
FILE_LIMIT = 2 * 1024 * 1024  # bytes of a form as uploaded

Words = dict[str, str]
"""One text in several languages: language as the form names it -> words ("default" for none)."""


class Kind(StrEnum):
    """What a line of the form asks for. A section is the heading of a group."""

    TEXT = "text"
    INTEGER = "integer"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    NOTE = "note"
    SECTION = "section"


ASKING = frozenset({Kind.TEXT, Kind.INTEGER, Kind.SELECT_ONE, Kind.SELECT_MULTIPLE})
SELECTS = frozenset({Kind.SELECT_ONE, Kind.SELECT_MULTIPLE})


class SurveyState(StrEnum):
    """What the committee has decided about a survey."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Phase(StrEnum):
    """What a survey is at one moment: the decision and the clock together."""

    DRAFT = "draft"
    AHEAD = "ahead"
    OPEN = "open"
    CLOSED = "closed"


class Refusal(StrEnum):
    """Why something with a survey cannot be done; views.py has the words."""

    NOT_OPEN_YET = "not-open-yet"
    CLOSED = "closed"
    NOT_ON_ROSTER = "not-on-roster"
    TOO_YOUNG = "too-young"
    ALREADY_ANSWERED = "already-answered"
    FAULTY_ANSWERS = "faulty-answers"
    NO_ANSWERS = "no-answers"
    NOT_A_DRAFT = "not-a-draft"
    NOT_RUNNING = "not-running"
    ENDS_BEFORE_IT_STARTS = "ends-before-it-starts"
    STARTS_IN_THE_PAST = "starts-in-the-past"
    TOO_LONG = "too-long"


class AnswerFault(StrEnum):
    """Why one answer cannot be taken; forms.py has the words."""

    MISSING = "missing"
    NOT_AN_INTEGER = "not-an-integer"
    TOO_LARGE = "too-large"
    TOO_LONG = "too-long"
    NOT_A_CHOICE = "not-a-choice"
    ONLY_ONE = "only-one"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer offered by a question."""

    name: str
    label: Words


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a form, in the order in which people see it."""

    kind: Kind
    name: str
    label: Words
    hint: Words = field(default_factory=dict)
    required: bool = False
    default: str = ""
    choices: tuple[Choice, ...] = ()
    within: str = ""
    """Names of the groups around it, outermost first, joined by a slash."""

    @property
    def is_asking(self) -> bool:
        """Tell whether it takes an answer (notes and headings take none)."""
        return self.kind in ASKING


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole form as it is frozen into a survey."""

    title: str
    form_id: str
    version: str
    default_language: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def asking(self) -> tuple[Question, ...]:
        """Return the questions that take an answer."""
        return tuple(question for question in self.questions if question.is_asking)

    def to_json(self) -> dict[str, Any]:
        """Return the form as plain values, as it is kept in the database."""
        return {
            "title": self.title,
            "form_id": self.form_id,
            "version": self.version,
            "default_language": self.default_language,
            "languages": list(self.languages),
            "questions": [
                {
                    "kind": question.kind.value,
                    "name": question.name,
                    "label": question.label,
                    "hint": question.hint,
                    "required": question.required,
                    "default": question.default,
                    "within": question.within,
                    "choices": [{"name": c.name, "label": c.label} for c in question.choices],
                }
                for question in self.questions
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Definition":
        """Return the form that `to_json` wrote."""
        return cls(
            title=kept["title"],
            form_id=kept["form_id"],
            version=kept["version"],
            default_language=kept["default_language"],
            languages=tuple(kept["languages"]),
            questions=tuple(
                Question(
                    kind=Kind(line["kind"]),
                    name=line["name"],
                    label=line["label"],
                    hint=line["hint"],
                    required=line["required"],
                    default=line["default"],
                    within=line["within"],
                    choices=tuple(Choice(c["name"], c["label"]) for c in line["choices"]),
                )
                for line in kept["questions"]
            ),
        )


def phase(
    *, state: SurveyState, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> Phase:
    """Return where the survey stands. The opening moment is inside, the closing moment is not."""
    if state is SurveyState.DRAFT or opens_at is None or closes_at is None:
        return Phase.DRAFT
    if state is SurveyState.CLOSED or now >= closes_at:
        return Phase.CLOSED
    return Phase.OPEN if opens_at <= now else Phase.AHEAD


def why_not_reply(
    *, phase: Phase, is_on_roster: bool, age: int | None, has_replied: bool
) -> Refusal | None:
    """Return the first reason to refuse a reply, or None. An unknown age is no reason."""
    if phase in {Phase.DRAFT, Phase.AHEAD}:
        return Refusal.NOT_OPEN_YET
    if phase is Phase.CLOSED:
        return Refusal.CLOSED
    if not is_on_roster:
        return Refusal.NOT_ON_ROSTER
    if age is not None and age < LEAST_AGE:
        return Refusal.TOO_YOUNG
    if has_replied:
        return Refusal.ALREADY_ANSWERED
    return None


def why_not_open(
    *, state: SurveyState, first_day: date, last_day: date, today: date
) -> Refusal | None:
    """Return the first reason not to open a survey from first_day to the end of last_day."""
    if state is not SurveyState.DRAFT:
        return Refusal.NOT_A_DRAFT
    if first_day < today:
        return Refusal.STARTS_IN_THE_PAST
    if last_day < first_day:
        return Refusal.ENDS_BEFORE_IT_STARTS
    if (last_day - first_day).days > DAYS_LIMIT:
        return Refusal.TOO_LONG
    return None


def why_not_close(*, phase: Phase) -> Refusal | None:
    """Return the reason not to end a survey early."""
    return None if phase in {Phase.OPEN, Phase.AHEAD} else Refusal.NOT_RUNNING


def why_not_discard(*, state: SurveyState) -> Refusal | None:
    """Return the reason not to throw a form away: once opened, it stays on record."""
    return None if state is SurveyState.DRAFT else Refusal.NOT_A_DRAFT


def plain_text(text: str) -> str:
    """Return the text without control characters (a database refuses NUL) and outer spaces."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in kept if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def read_integer(text: str) -> int | AnswerFault:
    """Return the whole number somebody wrote, full-width digits and a leading minus allowed."""
    digits = unicodedata.normalize("NFKC", text).strip().removeprefix("+")
    if not (digits.removeprefix("-").isascii() and digits.removeprefix("-").isdigit()):
        return AnswerFault.NOT_AN_INTEGER
    if len(digits) > len(str(INTEGER_LIMIT)) + 10:
        return AnswerFault.TOO_LARGE
    number = int(digits)
    return number if abs(number) <= INTEGER_LIMIT else AnswerFault.TOO_LARGE


def read_answer(question: Question, given: Sequence[str]) -> tuple[str, ...] | AnswerFault:
    """Return the values of one answer, () for none, or why it cannot be taken.

    A choice answered twice counts once; several values come in the order of the form.
    """
    values = [value for value in map(plain_text, given) if value]
    if not values:
        return AnswerFault.MISSING if question.required else ()
    if question.kind is Kind.SELECT_MULTIPLE:
        names = [choice.name for choice in question.choices]
        if not set(values) <= set(names):
            return AnswerFault.NOT_A_CHOICE
        return tuple(name for name in names if name in values)
    if len(values) > 1:
        return AnswerFault.ONLY_ONE
    (value,) = values
    if question.kind is Kind.SELECT_ONE:
        known = any(choice.name == value for choice in question.choices)
        return (value,) if known else AnswerFault.NOT_A_CHOICE
    if question.kind is Kind.INTEGER:
        number = read_integer(value)
        return number if isinstance(number, AnswerFault) else (str(number),)
    return (value,) if len(value) <= TEXT_LIMIT else AnswerFault.TOO_LONG


def read_answers(
    definition: Definition, given: Mapping[str, Sequence[str]]
) -> tuple[dict[str, tuple[str, ...]], dict[str, AnswerFault]]:
    """Return (answers, faults) by question name; questions left empty are in neither."""
    answers: dict[str, tuple[str, ...]] = {}
    faults: dict[str, AnswerFault] = {}
    for question in definition.asking:
        read = read_answer(question, given.get(question.name, ()))
        if isinstance(read, AnswerFault):
            faults[question.name] = read
        elif read:
            answers[question.name] = read
    return answers, faults
