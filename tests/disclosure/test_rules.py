"""Rules of documents: numbers, periods, reasons, and what must never be in them."""

import json
from datetime import UTC, datetime

import pytest

from portal.core.traces import Personal
from portal.disclosure import figures, rules
from portal.disclosure.contents import VoteResult
from portal.disclosure.rules import Refusal
from portal.disclosure.views import REFUSALS


def test_every_refusal_has_words() -> None:
    assert set(REFUSALS) == set(Refusal)


def test_numbers() -> None:
    assert rules.number_words(2026, 1) == "〔2026〕村规公示 001号"
    assert rules.number_words(2026, 1234) == "〔2026〕村规公示 1234号"


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({}, None),
        ({"was_held": False, "is_closed": False}, Refusal.NOT_HELD),
        ({"is_closed": False}, Refusal.NOT_CLOSED_YET),
    ],
)
def test_why_not_a_result(facts, refusal) -> None:
    all_well = {"is_closed": True, "was_held": True}
    assert rules.why_not_publish_result(**(all_well | facts)) is refusal


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({}, None),
        ({"is_on_notice": False}, Refusal.NOT_ON_NOTICE),
        ({"is_over": True}, Refusal.NOTICE_OVER),
        ({"content_unchanged": False}, Refusal.CONTENT_CHANGED),
        ({"has_summary": False}, Refusal.NO_SUMMARY),
    ],
)
def test_why_not_a_notice(facts, refusal) -> None:
    all_well = {
        "is_on_notice": True, "is_over": False, "content_unchanged": True, "has_summary": True,
    }  # fmt: skip
    assert rules.why_not_publish_notice(**(all_well | facts)) is refusal


def test_the_same_again() -> None:
    old = json.dumps({"head": {"number": "1", "issue": 1, "village": "青溪村"}, "cast": 5})
    new = json.dumps({"head": {"number": "2", "issue": 2, "village": "青溪村"}, "cast": 5})
    other = json.dumps({"head": {"number": "2", "issue": 2, "village": "青溪村"}, "cast": 6})
    assert rules.why_not_again(newest_content=old, content=new) is Refusal.ALREADY_PUBLISHED
    assert rules.why_not_again(newest_content=old, content=other) is None


ID = "11010519491231002X"  # the example of GB 11643


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (f"身份证{ID}。", [Personal.ID_NUMBER]),
        (ID.lower(), [Personal.ID_NUMBER]),
        ("110105 1949 1231 002X", [Personal.ID_NUMBER]),
        ("110105194912310021", []),  # wrong check digit, no card number either
        ("110105194913310027", []),  # no such month
        ("电话13812345678，", [Personal.MOBILE]),
        ("１３８１２３４５６７８", [Personal.MOBILE]),
        ("138 1234 5678", [Personal.MOBILE]),
        ("138-1234-5678", [Personal.MOBILE]),
        ("+86 13812345678", [Personal.MOBILE]),
        ("0572-5012345", []),
        ("12812345678", []),
        ("1 3 8 1 2 3 4 5 6 7 8", [Personal.MOBILE]),
        ("138\u200b1234\u20605678", [Personal.MOBILE]),
        ("138　1234　5678，共 3 户", [Personal.MOBILE]),
        ("13812345678   3户", [Personal.MOBILE]),
        ("13812345678 13912345678", [Personal.MOBILE, Personal.MOBILE]),
        ("138–1234–5678", [Personal.MOBILE]),
        ("2026 2027 2028 2029", []),
        ("15 2035 40506 7", []),  # a line of a table
        ("6222 0212 3456 7890 128", [Personal.BANK_CARD]),
        ("卡号6222021234567890128", [Personal.BANK_CARD]),
        ("6222021234567890127", []),
        ("330523102201", []),  # a division code
        ("投资1,862,500元，2026—2035年", []),
        ("a13812345678b", []),  # inside of a digest
    ],
)
def test_personal_data(words, kinds) -> None:
    found = rules.find_personal_data(json.dumps({"summary": words}), skip=frozenset())
    assert [finding.kind for finding in found] == kinds
    for finding in found:
        assert finding.place == "summary"
        assert finding.masked not in words


def test_where_it_was_found_and_what_is_passed_over() -> None:
    content = {
        "head": {"office": {"phone": "13812345678"}},
        "projects": [{"name": "好"}, {"name": "找13812345678"}],
        "plan_sha256": "13812345678",
    }
    found = rules.find_personal_data(json.dumps(content), skip=frozenset({"office"}))
    assert [(f.place, f.kind, f.masked) for f in found] == [
        ("projects 2 name", Personal.MOBILE, "138****5678")
    ]


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(1, 3, "33.3%"), (2, 3, "66.7%"), (1, 2000, "0.1%"), (1, 2001, "0.0%"), (5, 5, "100.0%"),
     (0, 5, "0.0%"), (0, 0, "—")],
)  # fmt: skip
def test_percent(part, whole, words) -> None:
    assert figures.percent(part, whole) == words


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        (None, "—"),
        (0, "0"),
        (10_000, "1"),
        (125_000, "12.5"),
        (1, "0.0001"),
        (12_345_600, "1,234.56"),
    ],
)
def test_money(yuan, words) -> None:
    assert figures.ten_thousands(yuan) == words


def test_moments() -> None:
    midnight = datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert figures.moment_words(midnight, "zh_Hans", is_end=True) == "2026年3月2日星期一 24:00"
    assert figures.moment_words(midnight, "zh_Hans", is_end=False) == "2026年3月3日星期二 00:00"
    noon = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
    assert figures.moment_words(noon, "en", is_end=True) == "Monday, March 2, 2026 12:30"


def test_contents_hold_no_individual_choice() -> None:
    """A result has fields for sums only: whoever adds one for people must come by here."""
    assert {
        name for name in VoteResult.__dataclass_fields__ if "name" in name or "voter" in name
    } == {"plan_name"}
