"""Who may answer, when, and which answers are well-formed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.surveys import languages, rules
from portal.surveys.rules import (
    AnswerFault,
    Choice,
    Definition,
    Kind,
    Phase,
    Question,
    Refusal,
    SurveyState,
)

OPENS = datetime(2026, 3, 1, 1, tzinfo=UTC)
CLOSES = datetime(2026, 3, 14, 16, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("state", "now", "phase"),
    [
        (SurveyState.DRAFT, OPENS, Phase.DRAFT),
        (SurveyState.OPEN, OPENS - TICK, Phase.AHEAD),
        (SurveyState.OPEN, OPENS, Phase.OPEN),
        (SurveyState.OPEN, CLOSES - TICK, Phase.OPEN),
        (SurveyState.OPEN, CLOSES, Phase.CLOSED),
        (SurveyState.CLOSED, OPENS, Phase.CLOSED),
    ],
)
def test_phase(state, now, phase):
    assert rules.phase(state=state, opens_at=OPENS, closes_at=CLOSES, now=now) is phase


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"phase": Phase.DRAFT}, Refusal.NOT_OPEN_YET),
        ({"phase": Phase.AHEAD}, Refusal.NOT_OPEN_YET),
        ({"phase": Phase.CLOSED}, Refusal.CLOSED),
        ({"is_on_roster": False}, Refusal.NOT_ON_ROSTER),
        ({"age": 13}, Refusal.TOO_YOUNG),
        ({"age": 14}, None),
        ({"age": None}, None),
        ({"has_replied": True}, Refusal.ALREADY_ANSWERED),
        ({"phase": Phase.CLOSED, "has_replied": True}, Refusal.CLOSED),
    ],
)
def test_why_not_reply(facts, reason):
    usual = {"phase": Phase.OPEN, "is_on_roster": True, "age": 40, "has_replied": False}
    assert rules.why_not_reply(**usual | facts) is reason


@pytest.mark.parametrize(
    ("first", "last", "state", "reason"),
    [
        (0, 0, SurveyState.DRAFT, None),
        (0, 366, SurveyState.DRAFT, None),
        (0, 367, SurveyState.DRAFT, Refusal.TOO_LONG),
        (3, 2, SurveyState.DRAFT, Refusal.ENDS_BEFORE_IT_STARTS),
        (-1, 5, SurveyState.DRAFT, Refusal.STARTS_IN_THE_PAST),
        (0, 5, SurveyState.OPEN, Refusal.NOT_A_DRAFT),
        (0, 5, SurveyState.CLOSED, Refusal.NOT_A_DRAFT),
    ],
)
def test_why_not_open(first, last, state, reason):
    today = date(2026, 3, 1)
    days = {"first_day": today + timedelta(first), "last_day": today + timedelta(last)}
    assert rules.why_not_open(state=state, today=today, **days) is reason


@pytest.mark.parametrize(
    ("phase", "reason"),
    [
        (Phase.DRAFT, Refusal.NOT_RUNNING),
        (Phase.AHEAD, None),
        (Phase.OPEN, None),
        (Phase.CLOSED, Refusal.NOT_RUNNING),
    ],
)
def test_why_not_close(phase, reason):
    assert rules.why_not_close(phase=phase) is reason


def _question(kind, *, required=False):
    choices = (Choice("a", {}), Choice("b", {}), Choice("c", {}))
    offered = choices if kind in rules.SELECTS else ()
    return Question(kind=kind, name="q", label={}, required=required, choices=offered)


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        (Kind.TEXT, ["  桥\r\n坏了 "], ("桥\n坏了",)),
        (Kind.TEXT, ["a\x00b\x1b"], ("ab",)),
        (Kind.TEXT, ["   "], ()),
        (Kind.TEXT, ["x" * 2000], ("x" * 2000,)),
        (Kind.TEXT, ["x" * 2001], AnswerFault.TOO_LONG),
        (Kind.TEXT, ["one", "two"], AnswerFault.ONLY_ONE),
        (Kind.INTEGER, ["12"], ("12",)),
        (Kind.INTEGER, [" １２ "], ("12",)),
        (Kind.INTEGER, ["007"], ("7",)),
        (Kind.INTEGER, ["-3"], ("-3",)),
        (Kind.INTEGER, ["－3"], ("-3",)),
        (Kind.INTEGER, ["+3"], ("3",)),
        (Kind.INTEGER, ["3.5"], AnswerFault.NOT_AN_INTEGER),
        (Kind.INTEGER, ["三"], AnswerFault.NOT_AN_INTEGER),
        (Kind.INTEGER, ["1e3"], AnswerFault.NOT_AN_INTEGER),
        (Kind.INTEGER, ["--1"], AnswerFault.NOT_AN_INTEGER),
        (Kind.INTEGER, ["-"], AnswerFault.NOT_AN_INTEGER),
        (Kind.INTEGER, ["999999999"], ("999999999",)),
        (Kind.INTEGER, ["1000000000"], AnswerFault.TOO_LARGE),
        (Kind.INTEGER, ["9" * 5000], AnswerFault.TOO_LARGE),
        (Kind.SELECT_ONE, ["b"], ("b",)),
        (Kind.SELECT_ONE, ["d"], AnswerFault.NOT_A_CHOICE),
        (Kind.SELECT_ONE, ["a", "b"], AnswerFault.ONLY_ONE),
        (Kind.SELECT_MULTIPLE, ["c", "a", "c"], ("a", "c")),
        (Kind.SELECT_MULTIPLE, ["a", "d"], AnswerFault.NOT_A_CHOICE),
        (Kind.SELECT_MULTIPLE, [], ()),
    ],
)
def test_read_answer(kind, given, read):
    assert rules.read_answer(_question(kind), given) == read


@pytest.mark.parametrize("kind", sorted(rules.ASKING))
def test_a_required_answer_cannot_be_empty(kind):
    assert rules.read_answer(_question(kind, required=True), [" "]) is AnswerFault.MISSING


def test_notes_take_no_answer():
    note = Question(kind=Kind.NOTE, name="n", label={})
    form = Definition("", "", "", "default", (), (note, _question(Kind.TEXT)))
    assert rules.read_answers(form, {"n": ["x"], "q": ["y"], "other": ["z"]}) == ({"q": ("y",)}, {})


@pytest.mark.parametrize(
    ("language", "locale", "is_it"),
    [
        ("中文 (zh)", "zh_Hans", True),
        ("中文", "zh_Hans", True),
        ("chinese", "zh_Hans", True),
        ("Chinese (zh-CN)", "zh_Hans", True),
        ("zh-Hans", "zh_Hans", True),
        ("English (en)", "zh_Hans", False),
        ("English (en)", "en", True),
        ("EN", "en", True),
        ("english", "en", True),
        ("Swahili (sw)", "en", False),
        ("default", "en", False),
        ("default", "zh_Hans", False),
    ],
)
def test_speaks(language, locale, is_it):
    assert languages.speaks(language, locale) is is_it


def test_words_fall_back_to_the_forms_own_language():
    words = {"Français (fr)": "eau", "Kiswahili (sw)": "maji"}
    pick = languages.in_language(words, locale="zh_Hans", default_language="Kiswahili (sw)")
    assert pick == "maji"
    assert languages.in_language({"fr": "eau"}, locale="en", default_language="de") == "eau"
    assert languages.in_language({}, locale="en", default_language="de") == ""


def test_a_definition_survives_json():
    question = Question(
        kind=Kind.SELECT_ONE,
        name="q",
        label={"中文 (zh)": "问"},
        hint={"中文 (zh)": "提示"},
        required=True,
        default="a",
        choices=(Choice("a", {"中文 (zh)": "甲"}),),
        within="g/h",
    )
    form = Definition("题", "id", "1", "中文 (zh)", ("中文 (zh)",), (question,))
    assert Definition.from_json(form.to_json()) == form
