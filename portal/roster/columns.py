"""The columns of a roster: how committees name them, and where a table has its heads. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.roster.cells import clean

COLUMNS: dict[str, tuple[str, ...]] = {
    "household": (
        *("户号", "household", "户编号", "户编码", "家庭编号", "家庭编码", "农户编号", "门牌号"),
        *("household number", "household no", "household id"),
    ),
    "group": (
        *(
            "组",
            "村民小组",
            "group",
            "组别",
            "小组",
            "所属小组",
            "所在小组",
            "组号",
            "村组",
            "villager group",
        ),
    ),
    "name": (
        "姓名",
        "name",
        "村民姓名",
        "成员姓名",
        "家庭成员姓名",
        "家庭成员",
        "人员姓名",
        "full name",
    ),
    "sex": ("性别", "sex", "gender"),
    "id_number": (
        *(
            "身份证号",
            "id number",
            "身份证号码",
            "公民身份号码",
            "公民身份证号码",
            "居民身份证号",
            "身份证",
        ),
        *("居民身份证号码", "证件号码", "证件号", "身份号码", "id no", "id card"),
    ),
    "born_on": (
        "出生日期",
        "born",
        "出生年月日",
        "出生年月",
        "生日",
        "出生",
        "date of birth",
        "birth date",
    ),
    "phone": (
        *(
            "手机",
            "phone",
            "手机号",
            "手机号码",
            "电话",
            "联系电话",
            "联系方式",
            "电话号码",
            "联系手机",
        ),
        *("本人电话", "mobile", "telephone", "phone number"),
    ),
    "second_contact": (
        *(
            "第二联系人电话",
            "second contact",
            "第二联系人",
            "紧急联系人电话",
            "备用电话",
            "家属电话",
            "其他电话",
        ),
        *("亲属电话", "emergency contact"),
    ),
    "head": (*("户代表", "head", "户主", "是否户主", "是否户代表", "representative", "is head"),),
    "relation": (
        "与户主关系",
        "relation",
        "关系",
        "与户主的关系",
        "家庭关系",
        "relationship",
        "relation to head",
    ),
    "head_name": ("户主姓名", "head name", "户主名", "户主名称", "所属户主", "name of head"),
    "registered": (
        *(
            "户籍",
            "registered",
            "户籍在村",
            "是否本村户籍",
            "户籍是否在村",
            "本村户籍",
            "户口性质",
            "户籍性质",
        ),
        *("户口类型", "户籍状态", "户籍类型", "是否户籍人口"),
    ),
    "away": (
        *(
            "外出",
            "away",
            "外出务工",
            "是否外出",
            "是否外出务工",
            "外出/常住",
            "常住/外出",
            "居住状况",
            "居住情况",
        ),
        *("人口状态", "在村情况", "是否在外"),
    ),
    "lives_here": (
        "常住",
        "lives here",
        "是否常住",
        "是否常住人口",
        "常住人口",
        "是否在村",
        "是否在家",
    ),
    "admitted_on": (
        "准予参加表决日期",
        "admitted",
        "准予登记日期",
        "村民会议同意日期",
        "admitted on",
    ),
    "left_on": ("迁出日期", "left", "离村日期", "注销日期", "死亡日期", "迁出/死亡日期", "left on"),
    "village_code": (
        *("村代码", "village code", "村编码", "行政村代码", "行政区划代码", "区划代码", "村庄代码"),
    ),
    "remark": ("备注", "remark", "说明", "remarks", "note", "notes"),
    "number": ("序号", "no", "编号", "no.", "#"),
}
REQUIRED_COLUMNS = ("household", "group", "name")
FIELDS = {
    "group": "group",
    "sex": "sex",
    "born_on": "born_on",
    "phone": "phone",
    "second_contact": "second_contact",
    "head": "is_head",
    "relation": "is_head",
    "head_name": "is_head",
    "registered": "is_registered",
    "away": "is_away",
    "lives_here": "is_away",
    "admitted_on": "admitted_on",
    "left_on": "left_on",
    "id_number": "id_number",
    "village_code": "village_code",
}
SEARCHED_ROWS, LOWEST_ROWS = 10, 30
LONGEST_HEAD = 60
_BLANKS = re.compile(r"\s+")
_TAIL = re.compile(r"[*＊:：]+$|^[*＊]+|[(（].*?[)）]$")


def _plain(text: str) -> str:
    return _BLANKS.sub(" " if text.isascii() else "", text.lower())


KNOWN = {_plain(alias): key for key, aliases in COLUMNS.items() for alias in aliases}


def column_letter(index: int) -> str:
    """Return A for 0, B for 1, AA for 26: the column as a spreadsheet names it."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_key(cell: object) -> str | None:
    """Return which column a head names, or None: 姓 名, *姓名, 出生日期(公历) are understood."""
    text = _plain(clean(cell))
    if not text or len(text) > LONGEST_HEAD:
        return None
    return KNOWN.get(text) or KNOWN.get(_plain(_TAIL.sub("", _TAIL.sub("", text)).strip()))


@dataclass(kw_only=True)
class Header:
    """The heads of a table. `last_row`: its last row, from 0. `texts`: the head of each column.

    `places`: the column of each key; `twice`: further columns of a key; `unknown`: the others.
    """

    first_row: int
    last_row: int
    texts: dict[int, str]
    places: dict[str, int] = field(default_factory=dict)
    twice: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)


def find_header(
    rows: Sequence[Sequence[object]], merged: Sequence[tuple[int, int, int, int]] = ()
) -> Header | None:
    """Find the heads within the first rows of a sheet: one row or two, with titles above them.

    Merged heads count for all the cells that they cover. None: nothing here looks like a roster.
    """
    grid = _spread([[clean(cell) for cell in row] for row in rows], merged)
    best: tuple[int, int, Header] | None = None
    for at in range(len(grid)):
        for size in (1, 2):
            if at + size > len(grid) or (size == 2 and not _is_one_head(grid[at], grid[at + 1])):
                continue
            header = _make_header(grid, at, size)
            score = len(header.places) * 2 + ("name" in header.places) * 3
            if len(header.places) >= 2 and (best is None or (score, -size) > best[:2]):
                best = (score, -size, header)
    return best[2] if best else None


def _spread(grid: list[list[str]], merged: Sequence[tuple[int, int, int, int]]) -> list[list[str]]:
    for first, left, last, right in merged:
        if first >= len(grid) or right - left > 200:
            continue
        text = grid[first][left] if left < len(grid[first]) else ""
        for row in grid[first : last + 1]:
            row.extend([""] * (right + 1 - len(row)))
            row[left : right + 1] = [text] * (right + 1 - left)
    return grid


def _is_one_head(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Tell whether two rows are one head: the lower has heads of its own and no person."""
    wide = max(len(upper), len(lower))
    pairs = [
        (_at(upper, column), _at(lower, column))
        for column in range(wide)
        if _at(lower, column) and _at(lower, column) != _at(upper, column)
    ]
    is_heads = all(column_key(below) or not column_key(above) for above, below in pairs)
    return is_heads and any(column_key(below) for above, below in pairs if not column_key(above))


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _make_header(grid: Sequence[Sequence[str]], at: int, size: int) -> Header:
    header = Header(first_row=at, last_row=at + size - 1, texts={})
    for column in range(max(len(row) for row in grid[at : at + size])):
        texts = [_at(row, column) for row in grid[at : at + size]]
        known = [text for text in reversed(texts) if column_key(text)]
        text = known[0] if known else next(filter(None, reversed(texts)), "")
        if not text:
            continue
        header.texts[column] = " ".join(text.split())
        key = column_key(text)
        if key is None:
            header.unknown.append(column)
        elif key in header.places:
            header.twice.append(column)
        else:
            header.places[key] = column
    return header
