"""Forms come in whole, or every fault is named with its place."""

import io
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.surveys import reading, sample
from portal.surveys.faults import FormRefused, Reason, Remark
from portal.surveys.importing import import_form
from portal.surveys.rules import Kind
from portal.surveys.wording import REASONS

SURVEY = (("type", "name", "label"), ("text", "a", "A"))


def book(survey=SURVEY, choices=(), settings=(), **more):
    """Return an .xlsx of these rows, the heads first."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    sheets = {"survey": survey, "choices": choices, "settings": settings, **more}
    for title, rows in sheets.items():
        if rows:
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def faults_of(content, filename="form.xlsx"):
    with pytest.raises(FormRefused) as refused:
        import_form(filename, content)
    return [(f.reason, f.sheet, f.row, f.column) for f in refused.value.faults]


def test_the_template_comes_in_as_it_is():
    imported = import_form("template.xlsx", sample.template_xlsx())
    form = imported.definition
    assert [(q.kind, q.name, q.required, q.within) for q in form.questions] == [
        (Kind.NOTE, "welcome", False, ""),
        (Kind.SECTION, "plan", False, "plan"),
        (Kind.SELECT_ONE, "knows", True, "plan"),
        (Kind.SELECT_ONE, "roads", True, "plan"),
        (Kind.SELECT_MULTIPLE, "first", True, ""),
        (Kind.INTEGER, "away", False, ""),
        (Kind.TEXT, "words", False, ""),
    ]
    assert (form.title, form.form_id, form.version) == ("村民需求问卷（模板）", "need_survey", "1")
    assert form.languages == (sample.ZH, sample.EN)
    assert form.questions[3].hint == {sample.ZH: "5 分最满意", sample.EN: "5: best"}
    assert [c.label[sample.EN] for c in form.questions[4].choices] == [
        "Roads", "Water and drains", "Care and health",
    ]  # fmt: skip
    assert imported.remarks == []


def test_the_same_form_in_four_kinds_of_file_is_the_same():
    rows = [
        ("survey", "type", "name", "label::中文 (zh)"),
        ("", "select_one yn", "good", "村里的“路”好吗？"),
        ("", "integer", "age", "岁数"),
        ("choices", "list_name", "name", "label::中文 (zh)"),
        ("", "yn", "yes", "好"),
        ("", "yn", "no", "不好"),
    ]
    text = "\n".join(",".join(row) for row in rows)
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    xlsx = book(
        survey=[row[1:] for row in rows[:3]],
        choices=[row[1:] for row in rows[3:]],
    )
    forms = [
        import_form("form.csv", text.encode()).definition,
        import_form("form.csv", text.encode("utf-8-sig")).definition,
        import_form("form.csv", text.encode("gb18030")).definition,
        import_form("form.md", table.encode()).definition,
        import_form("form.xlsx", xlsx).definition,
    ]
    assert all(form == forms[0] for form in forms)
    assert forms[0].questions[0].label == {"中文 (zh)": "村里的“路”好吗？"}


def test_every_fault_at_once_with_its_place():
    content = book(
        survey=[
            ("type", "name", "label", "relevant", "required", "appearance"),
            ("start", "start"),
            ("text", "a", "A", "${b} = 1"),
            ("text", "A", "again"),
            ("", "", "no type"),
            ("text", "", "no name"),
            ("text", "1x", "bad name"),
            ("text", "c"),
            ("geopoint", "place", "Where?"),
            ("select_one none", "s", "S"),
            ("select_multiple l or_other", "m", "M"),
            ("integer", "n", "N", "", "${a} = 1", "slider"),
            ("begin group", "g", "G"),
        ],
        choices=[
            ("list_name", "name", "label"),
            ("l", "x", "X"),
            ("l", "x", "X again"),
            ("l", "two words", "T"),
            ("l", "", "nameless"),
            ("l", "y", ""),
            ("", "z", "Z"),
        ],
        settings=[("form_title", "public_key"), ("T", "abc")],
    )
    assert faults_of(content) == [
        (Reason.KIND_UNSUPPORTED, "survey", 2, "type"),
        (Reason.COLUMN_UNSUPPORTED, "survey", 3, "relevant"),
        (Reason.NAME_TWICE, "survey", 4, "name"),
        (Reason.KIND_MISSING, "survey", 5, "type"),
        (Reason.NAME_MISSING, "survey", 6, "name"),
        (Reason.NAME_INVALID, "survey", 7, "name"),
        (Reason.LABEL_MISSING, "survey", 8, "label"),
        (Reason.KIND_UNSUPPORTED, "survey", 9, "type"),
        (Reason.LIST_UNKNOWN, "survey", 10, "type"),
        (Reason.OR_OTHER, "survey", 11, "type"),
        (Reason.COLUMN_UNSUPPORTED, "survey", 12, "appearance"),
        (Reason.REQUIRED_EXPRESSION, "survey", 12, "required"),
        (Reason.GROUP_NOT_ENDED, "survey", 13, "type"),
        (Reason.CHOICE_NAME_TWICE, "choices", 3, "name"),
        (Reason.CHOICE_NAME_SPACE, "choices", 4, "name"),
        (Reason.CHOICE_NAME_MISSING, "choices", 5, "name"),
        (Reason.CHOICE_LABEL_MISSING, "choices", 6, "label"),
        (Reason.LIST_NAME_MISSING, "choices", 7, "list_name"),
        (Reason.SETTING_UNSUPPORTED, "settings", 2, "public_key"),
    ]


@pytest.mark.parametrize(
    "kind",
    [
        "decimal", "date", "time", "dateTime", "geopoint", "image", "audio", "video", "file",
        "barcode", "calculate", "hidden", "acknowledge", "range", "rank l", "start", "end", "today",
        "deviceid", "phonenumber", "username", "email", "audit", "begin repeat", "begin_repeat",
        "begin loop over l", "select_one_from_file a.csv", "select_one_external l", "xml-external",
        "osm l", "nonsense", "TEXT", "phone number",
    ],
)  # fmt: skip
def test_a_kind_that_is_not_supported_is_refused_by_name(kind):
    with pytest.raises(FormRefused) as refused:
        import_form(
            "f.xlsx", book([("type", "name", "label"), (kind, "a", "A"), ("text", "b", "B")])
        )
    (fault,) = refused.value.faults
    assert (fault.reason, fault.row, fault.column, fault.said) == (
        Reason.KIND_UNSUPPORTED,
        2,
        "type",
        kind,
    )


@pytest.mark.parametrize(
    "column",
    [
        "relevant", "relevance", "constraint", "constraint_message", "constraint_message::中文 (zh)",
        "calculation", "choice_filter", "repeat_count", "readonly", "read_only", "appearance",
        "parameters", "trigger", "required_message", "guidance_hint", "guidance_hint::中文 (zh)",
        "media::image", "image", "audio::English (en)", "bind::relevant", "bind:constraint",
        "body::accuracyThreshold", "instance::x", "disabled", "save_to", "query", "intent", "autoplay",
    ],
)  # fmt: skip
def test_a_column_that_would_act_is_refused_by_name_with_its_row(column):
    content = book([("type", "name", "label", column), ("text", "a", "A"), ("text", "b", "B", "1")])
    assert faults_of(content) == [(Reason.COLUMN_UNSUPPORTED, "survey", 3, column)]


def test_an_empty_column_that_could_act_does_no_harm():
    content = book([("type", "name", "label", "relevant"), ("text", "a", "A")])
    assert [q.name for q in import_form("f.xlsx", content).definition.questions] == ["a"]


def test_what_changes_nothing_is_left_out_and_said():
    content = book(
        survey=[("type", "name", "label", "my notes"), ("text", "a", "A", "ask Li")],
        choices=[("list_name", "name", "label"), ("l", "x", "X")],
        changelog=[("when", "what"), ("today", "all")],
    )
    remarks = import_form("f.xlsx", content).remarks
    assert [(r.reason, r.sheet, r.row, r.column) for r in remarks] == [
        (Remark.SHEET_IGNORED, "changelog", None, ""),
        (Remark.COLUMN_IGNORED, "survey", 1, "my notes"),
        (Remark.LIST_UNUSED, "choices", 2, ""),
    ]


@pytest.mark.parametrize(
    ("kind", "default", "is_taken"),
    [
        ("text", "无", True),
        ("text", "today()", False),
        ("text", "${b}", False),
        ("integer", "3", True),
        ("integer", "-3", True),
        ("integer", "three", False),
        ("integer", "1 + 1", False),
        ("select_one l", "x", True),
        ("select_one l", "w", False),
        ("select_multiple l", "y x", True),
        ("select_multiple l", "x w", False),
        ("note", "x", False),
    ],
)
def test_defaults(kind, default, is_taken):
    content = book(
        survey=[
            ("type", "name", "label", "default"),
            (kind, "a", "A", default),
            ("text", "b", "B"),
        ],
        choices=[("list_name", "name", "label"), ("l", "x", "X"), ("l", "y", "Y")],
    )
    if is_taken:
        assert import_form("f.xlsx", content).definition.questions[0].default == default
    else:
        assert (Reason.DEFAULT_UNFIT, "survey", 2, "default") in faults_of(content)


@pytest.mark.parametrize(
    ("written", "required"),
    [("yes", True), ("true()", True), ("TRUE", True), ("no", False), ("", False), (True, True)],
)
def test_required(written, required):
    content = book([("type", "name", "label", "required"), ("text", "a", "A", written)])
    assert import_form("f.xlsx", content).definition.questions[0].required is required


def test_groups_stand_in_groups():
    content = book(
        [
            ("type", "name", "label"),
            ("begin group", "g", "G"),
            ("begin_group", "h", ""),
            ("text", "a", "A"),
            ("end_group",),
            ("end group",),
            ("text", "b", "B"),
        ]
    )
    questions = import_form("f.xlsx", content).definition.questions
    assert [(q.name, q.within) for q in questions] == [
        ("g", "g"), ("h", "g/h"), ("a", "g/h"), ("b", ""),
    ]  # fmt: skip


def test_the_same_name_in_two_groups_is_refused():
    content = book(
        [
            ("type", "name", "label"),
            ("begin group", "g", "G"),
            ("text", "a", "A"),
            ("end group",),
            ("text", "a", "A"),
        ]
    )
    assert faults_of(content) == [(Reason.NAME_TWICE, "survey", 5, "name")]


def test_rows_are_those_of_the_sheet_although_some_are_empty():
    content = book([("type", "name", "label"), (), (), ("text", "a", "A"), (), ("date", "b", "B")])
    assert faults_of(content) == [(Reason.KIND_UNSUPPORTED, "survey", 6, "type")]


def test_rows_of_a_text_file_are_its_lines():
    text = "survey,,,\n,type,name,label\n\n,text,a,A\n,,,\n,date,b,B\n"
    assert faults_of(text.encode(), "f.csv") == [(Reason.KIND_UNSUPPORTED, "survey", 6, "type")]


@pytest.mark.parametrize(
    ("content", "filename", "fault"),
    [
        (b"", "f.xlsx", (Reason.FILE_EMPTY, "", None, "")),
        (b"x" * (reading.FILE_LIMIT + 1), "f.csv", (Reason.FILE_TOO_LARGE, "", None, "")),
        (b"survey", "f.txt", (Reason.FILE_KIND, "", None, "")),
        (b"survey", "f.xlsx", (Reason.FILE_KIND, "", None, "")),
        (b"PK\x03\x04 nothing", "f.xlsx", (Reason.FILE_UNREADABLE, "", None, "")),
        (b"\xd0\xcf\x11\xe0 nothing", "f.xls", (Reason.FILE_UNREADABLE, "", None, "")),
        (b"\xff\xfe\xff\xff", "f.csv", (Reason.FILE_UNREADABLE, "", None, "")),
        (b"survey,,\n,type,name\n", "f.csv", (Reason.COLUMN_MISSING, "survey", None, "label")),
        (b"survey,,,\n,type,name,label\n", "f.csv", (Reason.NO_QUESTIONS, "survey", None, "")),
        (b"a,b,c\nx,y,z\na,b,c\n", "f.csv", (Reason.SHEET_MISSING, "", None, "")),
    ],
)
def test_files_that_are_no_form(content, filename, fault):
    assert faults_of(content, filename) == [fault]


def test_two_columns_of_one_name_are_refused():
    content = book([("type", "name", "label", "label"), ("text", "a", "A", "B")])
    assert faults_of(content) == [(Reason.COLUMN_TWICE, "survey", 1, "label")]
    content = book([("type", "name", "label", "caption"), ("text", "a", "A", "B")])
    assert faults_of(content) == [(Reason.COLUMN_TWICE, "survey", 1, "caption")]


def test_the_head_of_a_text_file_is_named_by_its_line():
    text = "survey,,,,\n\n,type,name,label,label\n,text,a,A,B\n"
    assert faults_of(text.encode(), "f.csv") == [(Reason.COLUMN_TWICE, "survey", 3, "label")]


def test_two_names_of_one_unsupported_column_are_refused():
    content = book([("type", "name", "label", "relevance", "bind::relevant"), ("text", "a", "A")])
    assert faults_of(content) == [(Reason.COLUMN_TWICE, "survey", 1, "bind::relevant")]


def test_a_formula_without_a_result_is_refused():
    content = book([("type", "name", "label"), ("text", "a", '=CONCATENATE("a","b")')])
    assert faults_of(content) == [(Reason.FORMULA, "survey", 2, "C")]


def test_other_sheets_of_the_standard_are_refused_by_name():
    content = book(entities=[("list_name", "label"), ("trees", "x")])
    assert faults_of(content) == [(Reason.SHEET_UNSUPPORTED, "entities", None, "")]


@pytest.mark.parametrize(
    ("count", "reason"),
    [(reading.ROWS_LIMIT + 1, Reason.TOO_MANY_ROWS), (201, Reason.TOO_MANY_QUESTIONS)],
)
def test_too_many_rows_are_refused(count, reason):
    lines = "".join(f",text,q{n},Q\n" for n in range(count))
    faults = faults_of(f"survey,,,\n,type,name,label\n{lines}".encode(), "f.csv")
    assert [fault[0] for fault in faults] == [reason]


def test_a_long_cell_and_a_wide_row_are_refused():
    wide = "survey" + ",x" * 302
    assert faults_of(wide.encode(), "f.csv")[0][0] is Reason.TOO_MANY_COLUMNS
    long = f"survey,,,\n,type,name,label\n,text,a,{'字' * 4001}\n"
    assert faults_of(long.encode(), "f.csv") == [(Reason.CELL_TOO_LONG, "survey", 3, "D")]


def _bomb(declared=None):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (reading.UNPACKED_LIMIT + 1))
    packed_bytes = bytearray(content.getvalue())
    if declared is not None:  # lie about the size in the directory
        at = packed_bytes.rindex(b"PK\x01\x02") + 24
        packed_bytes[at : at + 4] = struct.pack("<I", declared)
    return bytes(packed_bytes)


def test_a_zip_bomb_is_not_unpacked():
    assert len(_bomb()) < 100_000
    assert faults_of(_bomb()) == [(Reason.FILE_UNPACKS_TOO_LARGE, "", None, "")]


def test_a_zip_bomb_that_lies_about_its_size_is_not_unpacked():
    assert faults_of(_bomb(declared=10)) == [(Reason.FILE_UNREADABLE, "", None, "")]


def test_entities_in_the_xml_are_not_expanded():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE worksheet [<!ENTITY e0 "boom">{entities}]>'.encode()
    good, content = book(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(content, "w") as new:
        for part in old.infolist():
            body = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                assert body.count(b"<t>A</t>") == 1
                body = bomb + body.replace(b"<t>A</t>", b"<t>&e9;</t>")
            new.writestr(part.filename, body)
    assert faults_of(content.getvalue()) == [(Reason.FILE_UNREADABLE, "", None, "")]


def test_hostile_words_come_in_as_words():
    hostile = "<script>alert(1)</script> & <b>"
    content = book([("type", "name", "label"), ("text", "a", hostile)])
    assert import_form("f.xlsx", content).definition.questions[0].label == {"default": hostile}


CELLS = st.sampled_from(
    ["", "text", "integer", "note", "select_one l", "select_one", "select_multiple l or_other",
     "begin group", "end group", "end repeat", "begin repeat", "a", "b", "A", "${a}", "${", "l",
     "meta", "1", "yes", "=1", "\U00030000", "x" * 101, "label", "true()", "a:b", "q q"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=8),
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5),
)
def test_any_table_comes_in_or_is_refused_with_reasons(survey, choices):
    lines = [["survey"], ["", "type", "name", "label", "required", "default"]]
    lines += [["", *row] for row in survey]
    lines += [["choices"], ["", "list_name", "name", "label"], *(["", *row] for row in choices)]
    text = "\n".join(",".join(line) for line in lines)
    try:
        form = import_form("f.csv", text.encode()).definition
    except FormRefused as refused:
        assert refused.faults
    else:
        asked = [
            row for row in survey if row[0] and row[0] not in ("begin group", "end group", "note")
        ]
        assert len(form.asking) == len(asked)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["f.xlsx", "f.xls", "f.csv", "f.md"]))
def test_any_bytes_are_refused_with_reasons(content, filename):
    start = {"f.xlsx": b"PK\x03\x04", "f.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}
    with pytest.raises(FormRefused):
        import_form(filename, start.get(filename, b"") + content)


def test_every_reason_has_words():
    assert set(REASONS) == {*Reason, *Remark}
