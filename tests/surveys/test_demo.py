"""The demonstration survey is a form like any other."""

from portal.surveys import demo, sample
from portal.surveys.importing import import_form
from portal.surveys.rules import Kind


def test_the_demo_form_comes_in_without_a_remark():
    content = sample.workbook(demo.SURVEY, demo.CHOICES, demo.SETTINGS)
    imported = import_form("demo.xlsx", content)
    assert imported.remarks == []
    assert [question.kind for question in imported.definition.asking] == [
        *[Kind.SELECT_ONE] * 4, Kind.SELECT_MULTIPLE, Kind.SELECT_ONE, Kind.INTEGER, Kind.TEXT,
    ]  # fmt: skip
    assert imported.definition.questions[3].label[sample.ZH] == "规划里的“村庄建设边界”是指什么？"
