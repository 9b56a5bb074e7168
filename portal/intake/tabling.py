"""A plan as rows of the template: what is exported, and what an example shows. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from portal.intake import vocabulary
from portal.intake.columns import LAYOUTS, Table
from portal.intake.tables import CONTINUED, OVERVIEW
from portal.maps.landuse import CLASSES
from portal.plans.content import Content

Cell = str | int | Decimal | date | None
Rows = list[dict[str, Cell]]
MOST_IN_CELL = 32_000
"""How many characters a cell of a workbook may have, and a little less."""


def _word(words: Mapping[object, tuple[str, ...]], value: object, at: int) -> str:
    return words[value][at]


def rows_of(table: Table, content: Content, *, english: bool) -> Rows:
    """Return the rows of one table of a plan; the words in cells are of one edition."""
    at = 1 if english else 0
    makers: Mapping[Table, Callable[[Content, int], Rows]] = {
        Table.OVERVIEW: _overview,
        Table.GOALS: lambda content, at: [
            {"number": n, "title": goal.title, "text": goal.text}
            for n, goal in enumerate(content.goals, start=1)
        ],
        Table.INDICATORS: _indicators,
        Table.STRUCTURE: _structure,
        Table.PROJECTS: _projects,
        Table.FACILITIES: _facilities,
        Table.CONTROLS: _controls,
        Table.TIMETABLE: lambda content, at: [],
        Table.TEXT: _text,
    }
    return makers[table](content, at)


def _overview(content: Content, at: int) -> Rows:
    values: dict[str, Cell] = {
        "title": content.title,
        "kind": _word(vocabulary.PLAN_KINDS, content.kind, at),  # type: ignore[arg-type]
        "base_year": content.base_year or None,
        "target_year": content.target_year or None,
        "compiled_by": content.compiled_by,
        "population": content.population,
        "area_ha": content.area_ha,
        "scope": content.scope,
        "legal_basis": "\n".join(content.legal_basis),
        "sentences": "\n".join(content.sentences),
        "figures": "\n".join(f"{f.number} | {f.unit} | {f.caption}" for f in content.figures),
    }
    units = {"area_ha": ("（公顷）", " (ha)")[at]}
    return [
        {"key": OVERVIEW[key][at] + units.get(key, ""), "value": value}
        for key, value in values.items()
    ]


def _indicators(content: Content, at: int) -> Rows:
    numbers = {goal.position: n for n, goal in enumerate(content.goals, start=1)}
    weights = {(g.position, code): weight for g in content.goals for code, weight in g.weights}

    def link(goal: int, code: str) -> str:
        weight = weights.get((goal, code))
        return str(numbers[goal]) + (f":{weight:f}" if weight is not None else "")

    return [
        {
            "number": n,
            "code": i.code,
            "name": i.name,
            "kind": _word(vocabulary.INDICATOR_KINDS, i.kind, at),  # type: ignore[arg-type]
            "unit": i.unit,
            "direction": _word(vocabulary.DIRECTIONS, i.direction, at),  # type: ignore[arg-type]
            "base": i.base,
            "target": i.target,
            "change": i.change,
            "current": i.current,
            "lower_limit": i.lower_limit,
            "upper_limit": i.upper_limit,
            "goals": "；".join(link(goal, i.code) for goal in i.goals),
        }
        for n, i in enumerate(content.indicators, start=1)
    ]


def _structure(content: Content, at: int) -> Rows:
    sums = [
        sum(((getattr(line, key) or Decimal(0)) for line in content.structure), Decimal(0))
        for key in ("base_ha", "target_ha")
    ]

    def share(value: Decimal | None, total: Decimal) -> Decimal | None:
        return None if value is None or not total else round(value * 100 / total, 2)

    return [
        {
            "name": CLASSES[line.code].name("en" if at else "zh"),
            "code": line.code,
            "town": (("是", "yes")[at] if line.is_town else ""),
            "base_ha": line.base_ha,
            "base_share": share(line.base_ha, sums[0]),
            "target_ha": line.target_ha,
            "target_share": share(line.target_ha, sums[1]),
            "change_ha": line.change_ha,
        }
        for line in content.structure
    ]


def _projects(content: Content, at: int) -> Rows:
    return [
        {
            "code": p.code,
            "name": p.name,
            "kind": _word(vocabulary.PROJECT_KINDS, p.kind, at) if p.kind else "",  # type: ignore[arg-type]
            "content": p.content,
            "location": p.location,
            "area_ha": p.area_ha,
            "year": p.year,
            "cost": None if p.cost_yuan is None else _in_wan(p.cost_yuan),
            "funding": p.funding,
            "responsible": p.responsible,
            "helper": p.helper,
            "supervisor": p.supervisor,
            "deadline": p.deadline,
            "groups": "、".join(map(str, p.group_numbers)),
            "indicators": "、".join(p.indicators),
        }
        for p in content.projects
    ]


def _in_wan(yuan: int) -> Decimal:
    """Return whole yuan in 万元, exactly."""
    text = format(Decimal(yuan) / 10_000, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _facilities(content: Content, at: int) -> Rows:
    return [
        {
            "number": n,
            "kind": _word(vocabulary.FACILITY_KINDS, f.kind, at),  # type: ignore[arg-type]
            "name": f.name,
            "status": _word(vocabulary.STATUSES, f.status, at),  # type: ignore[arg-type]
            "location": f.location,
            "longitude": f.longitude,
            "latitude": f.latitude,
            "radius_m": f.radius_m,
            "note": f.note,
        }
        for n, f in enumerate(content.facilities, start=1)
    ]


def _controls(content: Content, at: int) -> Rows:
    rows: Rows = []
    for n, rule in enumerate(content.controls, start=1):
        kind, _colon, key = rule.subject.partition(":")
        subject = vocabulary.LINES[key][at] if kind == "line" else key
        rows.append(
            {
                "number": n,
                "kind": vocabulary.SUBJECT_KINDS[kind][at],
                "subject": subject,
                "title": rule.title,
                "text": rule.text,
            }
        )
    return rows


def _text(content: Content, at: int) -> Rows:
    rows: Rows = []
    for n, section in enumerate(content.sections, start=1):
        pieces = list(_pieces(section.text))
        rows.append({"number": n, "title": section.title, "text": pieces[0]})
        rows += [{"number": None, "title": CONTINUED, "text": piece} for piece in pieces[1:]]
    return rows


def _pieces(text: str) -> Iterable[str]:
    """Return a long text in pieces that fit into cells."""
    return [text[start : start + MOST_IN_CELL] for start in range(0, len(text), MOST_IN_CELL)] or [
        ""
    ]


UNITS: Mapping[tuple[Table, str], tuple[str, str]] = {
    (Table.STRUCTURE, "base_ha"): ("公顷", "ha"),
    (Table.STRUCTURE, "target_ha"): ("公顷", "ha"),
    (Table.STRUCTURE, "change_ha"): ("公顷", "ha"),
    (Table.STRUCTURE, "base_share"): ("%", "%"),
    (Table.STRUCTURE, "target_share"): ("%", "%"),
    (Table.PROJECTS, "area_ha"): ("公顷", "ha"),
    (Table.PROJECTS, "cost"): ("万元", "10,000 yuan"),
    (Table.FACILITIES, "longitude"): ("度", "degrees"),
    (Table.FACILITIES, "latitude"): ("度", "degrees"),
    (Table.FACILITIES, "radius_m"): ("米", "m"),
}


def head_of(table: Table, key: str, *, english: bool) -> str:
    """Return the head of a column with its unit."""
    column = LAYOUTS[table].columns[key]
    unit = UNITS.get((table, key))
    if english:
        return column.en + (f" ({unit[1]})" if unit else "")
    return column.zh + (f"（{unit[0]}）" if unit else "")
