"""The empty roster that is handed out: examples, and a sheet that explains each column."""

from collections.abc import Sequence

from portal.core.sheets import Cell, csv_bytes, xlsx_bytes
from portal.roster.columns import COLUMNS, REQUIRED_COLUMNS

TEMPLATE_COLUMNS = (
    *("group", "household", "name", "relation", "sex", "id_number", "born_on", "phone"),
    *("head", "registered", "away", "second_contact", "admitted_on", "left_on", "remark"),
)
OWN_COLUMNS = (
    *("household", "group", "name", "sex", "born_on", "phone", "head", "registered", "away"),
)
EXAMPLE = "示例，导入时略过"
EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "group": "1",
        "household": "001",
        "name": "张三",
        "relation": "户主",
        "sex": "男",
        "born_on": "1980-05-01",
        "phone": "13800000000",
        "head": "是",
        "registered": "是",
        "away": "否",
    },
    {
        "group": "1",
        "household": "001",
        "name": "李小花",
        "relation": "妻",
        "sex": "女",
        "born_on": "1982-11-20",
        "head": "否",
        "registered": "是",
        "away": "是",
        "second_contact": "13800000000",
    },
    {
        "group": "2",
        "household": "002",
        "name": "王小明",
        "relation": "户主",
        "sex": "男",
        "born_on": "1958",
        "head": "是",
        "registered": "否",
        "away": "否",
        "admitted_on": "2025-03-01",
    },
)
# How each column is filled in: in Chinese, in English.
_HINTS: dict[str, tuple[str, str]] = {
    "household": (
        "同一户每行写同一个户号，或把同一户的单元格合并。",
        "The same number in each row of a household, or the cells of the household merged.",
    ),
    "group": ("1、第1组、一组均可。", "1, 第1组 or 一组."),
    "name": (
        "每人一行，写全名；生僻字请直接输入标准汉字。",
        "One person in each row, with the full name.",
    ),
    "sex": ("男或女；有身份证号可不填。", "男 or 女; not needed where there is an ID number."),
    "id_number": (
        "18 位，整列先设为文本格式。只保存加密摘要和后四位。",
        "18 characters; format the column as text first. Only a keyed digest and the last four "
        "are kept.",
    ),
    "born_on": (
        "1980-05-01、1980年5月1日均可；只知道年份就写年份。有身份证号可不填。",
        "1980-05-01; the year alone where no more is known. Not needed where there is an ID "
        "number.",
    ),
    "phone": ("本人的 11 位手机号；没有就留空。", "Their own mobile number; empty where none."),
    "second_contact": (
        "代办时另外通知的手机号；可不填。",
        "Who is told too when somebody helps this person; may be empty.",
    ),
    "head": (
        "是或否，每户最多一人；不填此列时以户主为户代表。",
        "是 or 否, at most one in a household; without this column the head represents it.",
    ),
    "relation": (
        "户主、妻、长子等；每户最多一个户主。",
        "户主 (head), 妻 (wife), 长子 (eldest son) …; one head in a household at most.",
    ),
    "head_name": (
        "每行写户主姓名；没有户号时用它区分各户。",
        "The head of the household; tells households apart where there are no numbers.",
    ),
    "registered": ("户籍是否在本村：是或否，不填算是。", "Registered here: 是 or 否; empty: 是."),
    "away": ("是否外出：是或否，不填算否。", "Living away: 是 or 否; empty: 否."),
    "lives_here": ("是否常住：是或否。", "Living here: 是 or 否."),
    "admitted_on": (
        "户籍不在本村而经村民会议同意参加表决的，写同意日期。",
        "For people registered elsewhere: the day on which the meeting admitted them to vote.",
    ),
    "left_on": (
        "已故或迁出的日期；在册人员留空。",
        "The day on which they died or moved away; else empty.",
    ),
    "village_code": (
        "12 位村代码；只导入一个村时不需要。",
        "12 digits; not needed for one village alone.",
    ),
    "remark": ("供村里核对，不会保存。", "For the village itself; it is not kept."),
    "number": ("可有可无。", "May be there or not."),
}
_NEEDED = ("必填", "needed")
_SHEETS = (
    ("列说明", ("列", "是否必填", "怎么填", "其他写法")),
    ("Columns", ("Column", "Needed", "How to fill it in", "Also called")),
)


def _example_rows() -> list[list[Cell]]:
    return [[{**e, "remark": EXAMPLE}.get(k, "") for k in TEMPLATE_COLUMNS] for e in EXAMPLES]


def heads(keys: Sequence[str] = TEMPLATE_COLUMNS) -> list[str]:
    """Return the names of these columns as we write them."""
    return [COLUMNS[key][0] for key in keys]


def template_csv() -> bytes:
    """Return the empty roster with its examples as CSV."""
    return csv_bytes(heads(), _example_rows())


def template_xlsx(*, is_english: bool = False) -> bytes:
    """Return the empty roster with its examples, and a sheet on every column we can read.

    That sheet is in one language; the names of columns are Chinese in both.
    """
    title, titles = _SHEETS[is_english]
    lines: list[list[Cell]] = [
        [
            aliases[0],
            _NEEDED[is_english] if key in REQUIRED_COLUMNS else "",
            _HINTS[key][is_english],
            "、".join(other for other in aliases[1:] if is_english or not other.isascii()),
        ]
        for key, aliases in COLUMNS.items()
    ]
    return xlsx_bytes([("名册", heads(), _example_rows()), (title, titles, lines)])
