"""The rows of the table of projects. Pure."""

from portal.intake.cells import MONEY, PARTS, narrow, words_of
from portal.intake.columns import plain
from portal.intake.drafts import ProjectRow
from portal.intake.faults import Fault
from portal.intake.sheets import Found, Row
from portal.intake.vocabulary import PROJECT_KINDS


def read_projects(found: Found) -> list[ProjectRow]:
    """Return the projects; money as whole yuan, areas in hectares."""
    rows: list[ProjectRow] = []
    known: dict[str, int] = {}
    for row in found.rows():
        texts = {
            key: found.reader(row.number, key).text(
                row.cells.get(key), most=most, needed=key == "name"
            )
            for key, most in _PROJECT_TEXTS
        }
        found.reader(row.number, "year").check_years(texts["year"])
        code = texts.pop("code") or str(len(rows) + 1)
        if code in known:
            place = found.place(row.number, "code")
            found.findings.refuse(Fault.CODE_TWICE, place, code, first=str(known[code]))
        known.setdefault(code, row.number)
        rows.append(
            ProjectRow(
                place=found.place(row.number),
                code=code,
                kind=found.word(row, "kind", PROJECT_KINDS),
                area_ha=found.reader(row.number, "area_ha").amount(
                    row.cells.get("area_ha"), given=found.units.get("area_ha")
                ),
                cost_yuan=found.reader(row.number, "cost").yuan(
                    row.cells.get("cost"), given=found.units.get("cost", MONEY["万元"])
                ),
                deadline=found.reader(row.number, "deadline").day(row.cells.get("deadline")),
                group_numbers=_groups(found, row),
                indicators=tuple(
                    dict.fromkeys(
                        part.strip()
                        for part in PARTS.split(narrow(words_of(row.cells.get("indicators"))))
                        if part.strip() and part.strip() not in ("-", "—", "无", "/")
                    )
                ),
                links=found.place(row.number, "indicators"),
                **texts,
            )
        )
    return rows


_PROJECT_TEXTS = (
    ("code", 40),
    ("name", 400),
    ("content", 2000),
    ("location", 200),
    ("year", 20),
    ("funding", 200),
    ("responsible", 120),
    ("helper", 120),
    ("supervisor", 120),
)
_CHINESE = "零一二三四五六七八九"


def _groups(found: Found, row: Row) -> tuple[int, ...]:
    """Return the numbers of groups: 1、3, 第一组, 十二组; all of them in order."""
    numbers = set()
    for part in PARTS.split(narrow(words_of(row.cells.get("groups")))):
        text = plain(part).removeprefix("第")
        for end in ("村民小组", "小组", "组"):
            text = text.removesuffix(end)
        if not text:
            continue
        number = int(text) if text.isdigit() and len(text) < 5 else _chinese(text)
        if number is None:
            found.findings.refuse(Fault.BAD_GROUPS, found.place(row.number, "groups"), part)
        else:
            numbers.add(number)
    return tuple(sorted(numbers))


def _chinese(text: str) -> int | None:
    tens, _ten, ones = text.partition("十")
    if "十" not in text:
        return _CHINESE.index(text) if len(text) == 1 and text in _CHINESE else None
    if any(part and (len(part) > 1 or part not in _CHINESE) for part in (tens, ones)):
        return None
    return (_CHINESE.index(tens) if tens else 1) * 10 + (_CHINESE.index(ones) if ones else 0)
