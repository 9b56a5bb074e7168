"""Moments and spans in the words people use."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from portal.core import words
from portal.core.clock import SHANGHAI, midnight_after

TRANSLATIONS = Path(__file__).parents[2] / "translations"
PRESENT = datetime(2026, 2, 18, 10, 0, tzinfo=SHANGHAI).astimezone(UTC)
CLOSES = midnight_after(date(2026, 3, 2))


@pytest.fixture
def speaking(make_app):
    """Speak a language in the words under test."""
    app = make_app(create=False)
    contexts = []

    def speak(language):
        context = app.test_request_context(headers={"Cookie": f"look=normal.20.auto.{language}"})
        context.push()
        app.preprocess_request()
        contexts.append(context)

    yield speak
    for context in contexts:
        context.pop()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh_Hans", "还剩 12 天 · 3月2日(周一) 24:00 截止"),
        ("en", "12 days left · closes Mon 2 March 24:00"),
    ],
)
def test_a_deadline_is_told_with_its_day_of_the_week(speaking, language, expected):
    speaking(language)
    assert words.deadline_words(CLOSES, PRESENT) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(days=2, hours=1), "2 days left"),
        (timedelta(days=1), "24 hours left"),
        (timedelta(hours=23, minutes=59), "23 hours left"),
        (timedelta(hours=1), "1 hour left"),
        (timedelta(minutes=59), "59 minutes left"),
        (timedelta(seconds=1), "1 minute left"),
        (timedelta(0), "Closed"),
        (timedelta(days=-9), "Closed"),
    ],
)
def test_how_long_is_left(speaking, before, expected):
    speaking("en")
    assert words.left_words(CLOSES, CLOSES - before) == expected


def test_what_is_over_says_when_it_ended(speaking):
    speaking("zh_Hans")
    assert words.deadline_words(CLOSES, CLOSES) == "3月2日(周一) 24:00 已截止"


@pytest.mark.parametrize(
    ("language", "day", "expected"),
    [
        ("zh_Hans", date(2026, 3, 2), "3月2日(周一)"),
        ("zh_Hans", date(2025, 12, 31), "2025年12月31日(周三)"),
        ("en", date(2026, 3, 2), "Mon 2 March"),
        ("en", date(2025, 12, 31), "Wed 31 December 2025"),
    ],
)
def test_a_day_names_the_year_only_when_it_is_another_one(speaking, language, day, expected):
    speaking(language)
    assert words.day_words(day, date(2026, 2, 18)) == expected


def test_a_beginning_at_midnight_belongs_to_its_own_day(speaking):
    speaking("zh_Hans")
    assert words.start_words(CLOSES, PRESENT) == "3月3日(周二) 00:00"
    assert words.moment_words(CLOSES, PRESENT) == "3月2日(周一) 24:00"


def test_a_moment_lies_on_the_day_of_the_village(speaking):
    speaking("en")
    early = datetime(2026, 3, 3, 1, 0, tzinfo=SHANGHAI).astimezone(UTC)
    assert words.GLOBALS["day_words"](early, PRESENT) == "Tue 3 March"


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(hours=1), "09:00"),
        (timedelta(hours=10), "00:00"),
        (timedelta(hours=11), "昨天 23:00"),
        (timedelta(days=2), "2月16日(周一) 10:00"),
    ],
)
def test_when_something_was_said(speaking, ago, expected):
    speaking("zh_Hans")
    assert words.time_words(PRESENT - ago, PRESENT) == expected


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(days=3), False),
        (timedelta(days=3) - timedelta(seconds=1), True),
        (timedelta(seconds=1), True),
        (timedelta(0), False),
    ],
)
def test_the_last_three_days_are_urgent(left, expected):
    assert words.is_urgent(CLOSES, CLOSES - left) is expected


@pytest.mark.parametrize("name", ["𬭚", "䶮", "㛃", "𫘧", "王𬭚明", "\u3400", "\u4dbf"])
def test_rare_characters_are_seen(name):
    assert words.is_rare(name)


@pytest.mark.parametrize(
    "name", ["", "张三", "古尔邦古丽·阿卜杜热合曼", "Vera", "\u33ff", "\u4e00"]
)
def test_ordinary_names_need_no_font(name):
    assert not words.is_rare(name)


def test_chinese_sentences_have_chinese_punctuation():
    with (TRANSLATIONS / "zh_Hans/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    han = "[\u4e00-\u9fff（）“”《》、。]"
    half = re.compile(f"{han}[,:;?!](?!//)|[,:;?!]{han}")
    said = [
        text
        for message in catalogue
        for text in (message.string if isinstance(message.string, tuple) else (message.string,))
    ]
    assert len(said) > 2000
    assert [text for text in said if half.search(text)] == []
