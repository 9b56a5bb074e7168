"""The rows of the simpler tables: overview, goals, facilities, rules, timetable, text. Pure."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from portal.intake.cells import AREAS, narrow, words_of
from portal.intake.columns import plain
from portal.intake.drafts import FacilityRow, GoalRow, RuleRow, TextPart
from portal.intake.faults import Fault
from portal.intake.sheets import Found, Row
from portal.intake.vocabulary import FACILITY_KINDS, LINES, PLAN_KINDS, STATUSES, SUBJECT_KINDS
from portal.maps.landuse import CLASSES
from portal.maps.rules import CONTROL_ZONES
from portal.plans.rules import FacilityStatus
from portal.villages.rules import FacilityKind

# The lines of the overview: key -> its names in the template (Chinese, English), and others.
OVERVIEW: Mapping[str, tuple[str, ...]] = {
    "title": ("规划名称", "Name of the plan", "名称"),
    "kind": ("规划类型", "Kind of plan", "类型"),
    "base_year": ("基期年", "Base year", "规划基期年", "现状基期年"),
    "target_year": ("目标年", "Target year", "规划目标年", "规划期末", "期末年"),
    "compiled_by": ("编制单位", "Compiled by", "规划编制单位"),
    "population": ("户籍人口", "Registered people", "人口", "户籍人口数"),
    "area_ha": ("村域面积", "Village area", "村域面积(公顷)", "行政村面积", "规划面积"),
    "scope": ("规划范围", "Scope", "范围"),
    "legal_basis": ("编制依据", "Legal basis", "规划依据", "依据"),
    "sentences": ("一分钟读懂", "The plan in 60 seconds", "五句话", "规划摘要", "摘要"),
    "figures": ("三个数字", "Three figures", "数字", "关键数字"),
}


TITLE_PLACE = "title_place"
"""Where the overview says the name of the plan."""


def read_overview(found: Found) -> dict[str, Any]:
    """Return the head of the plan by key; a line that is empty is not said."""
    names = {plain(name): key for key, names in OVERVIEW.items() for name in names}
    said: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for row in found.rows():
        label = words_of(row.cells.get("key"))
        key = names.get(plain(label))
        if key is None:
            if label:
                found.findings.refuse(Fault.UNKNOWN_HEAD, found.place(row.number, "key"), label)
            continue
        if not words_of(row.cells.get("value")):
            continue
        if key in said:
            place = found.place(row.number, "key")
            found.findings.refuse(Fault.HEAD_TWICE, place, label, first=str(lines[key]))
            continue
        lines[key] = row.number
        value = _overview_value(found, row, key)
        if value is not None:
            said[key] = value
    if "title" in said:
        said[TITLE_PLACE] = found.place(lines["title"], "value")
    base, target = said.get("base_year"), said.get("target_year")
    if base is not None and target is not None and target < base:
        place = found.place(lines["target_year"], "value")
        found.findings.refuse(Fault.YEARS_IN_ORDER, place, str(target), base=str(base))
    return said


def _overview_value(found: Found, row: Row, key: str) -> Any:
    reader, cell = found.reader(row.number, "value"), row.cells.get("value")
    simple: Mapping[str, Callable[[], Any]] = {
        "title": lambda: reader.text(cell, most=200) or None,
        "compiled_by": lambda: reader.text(cell, most=120) or None,
        "scope": lambda: reader.text(cell, most=2000) or None,
        "base_year": lambda: reader.year(cell),
        "target_year": lambda: reader.year(cell),
        "population": lambda: reader.whole(cell, units=("人", "people")),
        "area_ha": lambda: reader.amount(cell, given=_unit_of(row)),
    }
    if key in simple:
        return simple[key]()
    if key == "kind":
        return found.word(row, "value", PLAN_KINDS) or None
    lines = [line.strip() for line in reader.text(cell, most=4000).splitlines() if line.strip()]
    if key != "figures":
        return tuple(lines)
    return _figures(found, row, lines)


def _unit_of(row: Row) -> Any:
    label = narrow(words_of(row.cells.get("key")))
    inner = re.search(r"\(([^)]*)\)", label)
    return AREAS.get(inner[1].strip().lower()) if inner else None


def _figures(found: Found, row: Row, lines: list[str]) -> tuple[tuple[str, str, str], ...]:
    figures = []
    for line in lines:
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        if len(parts) != 3 or not parts[0]:
            found.findings.refuse(Fault.BAD_FIGURE, found.place(row.number, "value"), line)
            continue
        figures.append((parts[0], parts[1], parts[2]))
    return tuple(figures)


def read_goals(found: Found) -> list[GoalRow]:
    """Return the goals; without a number they are counted."""
    goals: list[GoalRow] = []
    for row in found.rows():
        number = found.reader(row.number, "number").whole(row.cells.get("number"))
        number = len(goals) + 1 if number is None else number
        title = found.reader(row.number, "title").text(
            row.cells.get("title"), most=120, needed=True
        )
        if any(goal.number == number for goal in goals):
            place = found.place(row.number, "number")
            found.findings.refuse(Fault.NUMBER_TWICE, place, str(number))
        text = found.reader(row.number, "text").text(row.cells.get("text"), most=600)
        goals.append(GoalRow(place=found.place(row.number), number=number, title=title, text=text))
    return goals


def read_facilities(found: Found) -> list[FacilityRow]:
    """Return the facilities; one without a name is called by its kind."""
    facilities = []
    for row in found.rows():
        if not words_of(row.cells.get("kind")):
            found.findings.refuse(Fault.MISSING, found.place(row.number, "kind"))
            continue
        kind = found.word(row, "kind", FACILITY_KINDS)
        status = found.word(row, "status", STATUSES) or FacilityStatus.PLANNED
        text = {
            key: found.reader(row.number, key).text(row.cells.get(key), most=most)
            for key, most in (("name", 120), ("location", 200), ("note", 600))
        }
        longitude = _degrees(found, row, "longitude", 70, 140)
        latitude = _degrees(found, row, "latitude", 3, 54)
        if (not words_of(row.cells.get("longitude"))) != (not words_of(row.cells.get("latitude"))):
            found.findings.refuse(Fault.HALF_A_PLACE, found.place(row.number, "longitude"))
        radius = found.reader(row.number, "radius_m").whole(
            row.cells.get("radius_m"), units=("米", "m")
        )
        if radius is not None and not 1 <= radius <= 50_000:
            found.findings.refuse(
                Fault.BAD_RADIUS, found.place(row.number, "radius_m"), str(radius)
            )
            radius = None
        if kind is not None:
            said = words_of(row.cells.get("kind"))
            name = text["name"] or said
            facilities.append(
                FacilityRow(
                    kind=kind,
                    name=name,
                    status=status,
                    location=text["location"],
                    longitude=longitude,
                    latitude=latitude,
                    radius_m=radius,
                    note=_with_type(text["note"], said, name, kind),
                )
            )
    return facilities


def _with_type(note: str, said: str, name: str, kind: FacilityKind) -> str:
    """Return the note with the finer type of a facility, which our kinds do not keep apart."""
    is_ours = said in (*FACILITY_KINDS[kind][:2], kind.value)
    return note if is_ours or said in name or said in note else f"{said}；{note}".rstrip("；")[:600]


def _degrees(found: Found, row: Row, key: str, least: int, most: int) -> Decimal | None:
    value = found.reader(row.number, key).number(row.cells.get(key))
    if value is not None and not least <= value <= most:
        found.findings.refuse(Fault.OUT_OF_CHINA, found.place(row.number, key), str(value))
        return None
    return value


def read_controls(found: Found) -> list[RuleRow]:
    """Return the control rules."""
    rules = []
    for row in found.rows():
        subject = _subject(found, row)
        title = found.reader(row.number, "title").text(
            row.cells.get("title"), most=120, needed=True
        )
        text = found.reader(row.number, "text").text(
            row.cells.get("text"), most=4000, needed=True, exact=True
        )
        if subject:
            rules.append(RuleRow(subject, title, text))
    return rules


def _subject(found: Found, row: Row) -> str:
    """Return what a rule is about; a code that is both a zone and a class must say which."""
    place = found.place(row.number, "subject")
    raw = words_of(row.cells.get("subject"))
    if not raw:
        found.findings.refuse(Fault.MISSING, place)
        return ""
    kind = ""
    if words_of(row.cells.get("kind")):
        text = words_of(row.cells.get("kind"))
        kind = next(
            (k for k, names in SUBJECT_KINDS.items() if plain(text) in map(plain, names)), ""
        )
        if not kind:
            known = "、".join(names[0] for names in SUBJECT_KINDS.values())
            at = found.place(row.number, "kind")
            found.findings.refuse(Fault.UNKNOWN_WORD, at, text, known=known)
            return ""
    said = subjects_of(raw)
    fits = [one for one in said if not kind or one.startswith(kind + ":")]
    if len(fits) == 1:
        return fits[0]
    if fits:
        found.findings.refuse(Fault.UNCLEAR_SUBJECT, place, raw)
    else:
        found.findings.refuse(Fault.UNKNOWN_SUBJECT, place, raw)
    return ""


def subjects_of(raw: str) -> list[str]:
    """Return everything that a code, a name, or both together can stand for."""
    text = narrow(raw).strip()
    if re.fullmatch(r"(zone|landuse|line):\w+", text):
        kind, _colon, key = text.partition(":")
        known: Mapping[str, Any] = {"zone": CONTROL_ZONES, "landuse": CLASSES, "line": LINES}
        return [text] if key in known[kind] else []
    code = re.match(r"[0-9]{2,6}", text)
    name = plain(text[code.end() :] if code else text)
    said = []
    for key, zone in CONTROL_ZONES.items():
        if (code is None or code[0] == key) and (not name or name == plain(zone)):
            said.append(f"zone:{key}")
    for key, found in CLASSES.items():
        if code is None and not name:
            break
        names = (plain(found.name_zh), plain(found.name_en))
        if (code is None or code[0] == key) and (not name or name in names):
            said.append(f"landuse:{key}")
    if code is None:
        said += [f"line:{key}" for key, names in LINES.items() if name in map(plain, names)]
    return said


def read_timetable(found: Found) -> list[TextPart]:
    """Return the timetable as one chapter with a table."""
    lines = ["| 阶段 | 时间 | 说明 |", "| --- | --- | --- |"]
    for row in found.rows():
        stage = found.reader(row.number, "stage").text(
            row.cells.get("stage"), most=120, needed=True
        )
        when = found.reader(row.number, "when").text(row.cells.get("when"), most=120, needed=True)
        text = found.reader(row.number, "text").text(row.cells.get("text"), most=600)
        cells = (" ".join(cell.replace("|", "／").split()) for cell in (stage, when, text))
        lines.append(f"| {' | '.join(cells)} |")
    return [TextPart("时间表", "\n".join(lines) + "\n")] if len(lines) > 2 else []


CONTINUED = "（续）"
"""The heading of a row that goes on with the chapter above it, as our own export writes it."""


def read_text(found: Found) -> list[TextPart]:
    """Return the chapters; a row without a heading goes on with the chapter above it."""
    chapters: list[TextPart] = []
    for row in found.rows():
        title = words_of(row.cells.get("title"))
        text = found.reader(row.number, "text").text(row.cells.get("text"), most=50_000, exact=True)
        if chapters and title in ("", CONTINUED):
            between = "" if title else "\n\n"
            last = chapters.pop()
            chapters.append(TextPart(last.title, last.text + between + text))
            continue
        title = found.reader(row.number, "title").text(title, most=120, needed=True)
        chapters.append(TextPart(title, text))
    return chapters
