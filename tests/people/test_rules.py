"""Ages, codes, phones: the rules as tables."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.people.rules import (
    AgeBand,
    Level,
    age_band,
    age_on,
    birthday,
    born_until,
    is_adult,
    level_of,
    lineage,
    plain_phone,
)


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 27), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 18),  # domain.md T8
        (date(2000, 5, 1), date(2018, 4, 30), 17),
        (date(2000, 5, 1), date(2018, 5, 1), 18),
        (None, date(2018, 5, 1), None),
    ],
)
def test_age(born_on, day, age):
    assert age_on(born_on, day) == age
    assert is_adult(born_on, day) is (age is not None and age >= 18)


def test_the_latest_birth_date_of_an_adult_agrees_with_the_rule_on_every_day():
    day = date(2023, 12, 31)
    while day < date(2029, 1, 2):
        latest = born_until(day, 18)
        assert is_adult(latest, day), day
        assert not is_adult(latest + timedelta(days=1), day), day
        day += timedelta(days=1)


@given(
    st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.dates(date(2020, 1, 1), date(2040, 12, 31))
)
def test_born_until_draws_the_line_where_the_birthday_does(born_on, day):
    for age in (18, 60):
        assert (born_on <= born_until(day, age)) is (birthday(born_on, age) <= day)


def test_born_until_on_leap_days():
    assert born_until(date(2026, 2, 28), 18) == date(2008, 2, 29)
    assert born_until(date(2024, 2, 29), 18) == date(2006, 2, 28)
    assert born_until(date(2026, 9, 1), 18) == date(2008, 9, 1)


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "<18"),
        (17, "<18"),
        (18, "18-29"),
        (29, "18-29"),
        (30, "30-44"),
        (44, "30-44"),
        (45, "45-59"),
        (59, "45-59"),
        (60, "60-74"),
        (74, "60-74"),
        (75, "75+"),
        (104, "75+"),
        (None, "unknown"),
        (-1, "unknown"),
    ],
)
def test_age_band(age, band):
    assert age_band(age) is AgeBand(band)


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("33", Level.PROVINCE, None),
        ("3305", Level.PREFECTURE, "33"),
        ("330523", Level.COUNTY, "3305"),
        ("330523102", Level.TOWNSHIP, "330523"),
        ("330523102201", Level.VILLAGE, "330523102"),
    ],
)
def test_division_codes(code, level, parent):
    assert (level_of(code), lineage(code)[-2:-1]) == (level, (parent,) if parent else ())


@pytest.mark.parametrize(
    "code", ["", "330", "33052310220", "33052310220x", "３３０５２３１０２２０１"]
)
def test_what_is_no_division_code(code):
    assert level_of(code) is None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("1380013800", None),
        ("138001380000", None),
        ("12800138000", None),
        ("13800138000x", None),
        ("", None),
    ],
)
def test_phone_numbers(text, phone):
    assert plain_phone(text) == phone
