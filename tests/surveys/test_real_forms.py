"""Real XLSForms of pyxform, HOT and Kobo: each comes in whole, or is refused with every reason."""

import json

import pytest

from portal.surveys.faults import FormRefused, Reason
from portal.surveys.importing import import_form
from portal.surveys.rules import Kind
from tests.real_data import real_data

FORMS = real_data("xlsform/forms")
EXPECTED = real_data("xlsform/expected.json")

COMES_IN = {
    "pyx__bug_example_xls__blank_second_row.xls",
    "pyx__example_xls__text_and_integer.xls",
    "pyx__example_xls__yes_or_no_question.xlsx",
}
# The forms that are broken, each with the place that must be named.
BROKEN = {
    "pyx__bug_example_xls__calculate_without_calculation.xls": (Reason.KIND_UNSUPPORTED, 34),
    "pyx__bug_example_xls__duplicate_columns.xlsx": (Reason.COLUMN_TWICE, 1),
    "pyx__bug_example_xls__group_name_test.xls": (Reason.NAME_MISSING, 3),
    "hot__hotspring.xls": (Reason.LIST_UNKNOWN, 21),
    "hot__xlsforms_health.xls": (Reason.LIST_UNKNOWN, 8),
    "pyx__example_xls__unknown_question_type.xls": (Reason.COLUMN_TWICE, 1),
}
UNSUPPORTED = {
    Reason.KIND_UNSUPPORTED,
    Reason.COLUMN_UNSUPPORTED,
    Reason.SHEET_UNSUPPORTED,
    Reason.OR_OTHER,
    Reason.REFERENCE,
}
EXPECTATIONS = json.loads(EXPECTED.read_text()) if EXPECTED else {}
NAMES = sorted(name for name, facts in EXPECTATIONS.items() if name != "_how" and "ok" in facts)


def _read(name):
    if FORMS is None:
        pytest.skip("the real forms are not on this machine")
    return (FORMS / name).read_bytes()


def _faults(name):
    with pytest.raises(FormRefused) as refused:
        import_form(name, _read(name))
    return refused.value.faults


@pytest.mark.parametrize("name", sorted(COMES_IN))
def test_the_simple_ones_come_in_with_the_same_questions(name):
    expected = EXPECTATIONS.get(name, {})
    questions = import_form(name, _read(name)).definition.questions
    counted = {
        "input": sum(q.kind in {Kind.TEXT, Kind.INTEGER, Kind.NOTE} for q in questions),
        "select1": sum(q.kind is Kind.SELECT_ONE for q in questions),
        "select": sum(q.kind is Kind.SELECT_MULTIPLE for q in questions),
        "group": sum(q.kind is Kind.SECTION for q in questions),
    }
    assert {key: count for key, count in counted.items() if count} == expected["body"]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in COMES_IN | BROKEN.keys()])
def test_the_others_are_refused_by_name_with_place(name):
    faults = _faults(name)
    named = [fault for fault in faults if fault.reason in UNSUPPORTED]
    assert named
    assert all(fault.sheet and (fault.said or fault.column) for fault in named)
    assert all(fault.row or fault.reason is Reason.SHEET_UNSUPPORTED for fault in named)
    assert Reason.FILE_UNREADABLE not in {fault.reason for fault in faults}
    assert Reason.CONVERTER not in {fault.reason for fault in faults}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_the_broken_ones_are_refused_for_what_is_broken(name):
    places = [(fault.reason, fault.row) for fault in _faults(name)]
    assert BROKEN[name] in places


def test_no_real_form_is_left_out():
    if FORMS is None:
        pytest.skip("the real forms are not on this machine")
    kept = {path.name for path in FORMS.iterdir()}
    assert kept == set(NAMES) | {"pyx__example_xls__fruits.csv"}
    faults = _faults("pyx__example_xls__fruits.csv")  # a table of choices, not a form
    assert [fault.reason for fault in faults] == [Reason.SHEET_MISSING]


def test_the_words_of_an_old_excel_file_are_its_own():
    form = import_form("f.xls", _read("pyx__example_xls__text_and_integer.xls")).definition
    assert [question.label for question in form.questions] == [
        {"english": "What is your name?"},
        {"english": "How many years old are you?"},
    ]
