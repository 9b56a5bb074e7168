"""What was understood of a file, as plain values to keep and to show. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from portal.intake.faults import WARNINGS, Fault, Note, Place, Remark
from portal.intake.layers import MapLayerRead
from portal.intake.reading import Reading
from portal.plans.content import Content

MOST_TOLD = 500
FIRST_ROWS = 3
LISTS = ("sections", "goals", "indicators", "structure", "projects", "facilities", "controls")


def tell(reading: Reading) -> dict[str, Any]:
    """Return a reading as JSON: counts, first rows, sums, layers, faults and notes."""
    faults, notes = reading.findings.faults, list(reading.findings.notes.values())
    return {
        "given": list(reading.given),
        "tables": {
            name: _table(name, reading.content) for name in LISTS if name in _given(reading)
        },
        "head": _head(reading.content),
        "layers": [_layer(layer) for layer in reading.layers],
        "faults": [_remark(remark) for remark in faults[:MOST_TOLD]],
        "fault_count": len(faults),
        "notes": [_remark(remark) for remark in notes[:MOST_TOLD]],
    }


def _given(reading: Reading) -> set[str]:
    return set(reading.given) | ({"sections"} if "timetable" in reading.given else set())


def _head(content: Content) -> dict[str, Any]:
    return {
        "title": content.title,
        "base_year": content.base_year,
        "target_year": content.target_year,
        "compiled_by": content.compiled_by,
        "population": content.population,
        "area_ha": None if content.area_ha is None else format(content.area_ha, "f"),
        "sentences": list(content.sentences),
    }


def _table(name: str, content: Content) -> dict[str, Any]:
    rows: Sequence[Any] = getattr(content, name)
    told: dict[str, Any] = {
        "count": len(rows),
        "first": [_line(name, r) for r in rows[:FIRST_ROWS]],
    }
    if name == "projects":
        told["cost_yuan"] = content.cost_yuan
    if name == "structure":
        for key in ("base_ha", "target_ha"):
            told[key] = format(sum(getattr(row, key) or 0 for row in content.structure), "f")
    return told


def _line(name: str, row: Any) -> str:
    if name == "structure":
        return f"{row.code}: {_number(row.base_ha)} → {_number(row.target_ha)}"
    if name == "indicators":
        return f"{row.name}: {_number(row.base)} → {_number(row.target)} {row.unit}"
    if name == "projects":
        return f"{row.code} {row.name}"
    return str(row.name if name == "facilities" else row.title)


def _number(value: Any) -> str:
    return "—" if value is None else format(value, "f")


def _layer(layer: MapLayerRead) -> dict[str, Any]:
    facts = {
        name: getattr(layer, name)
        for name in (
            *("key", "file", "name", "is_left_out", "crs", "must_choose_crs", "count", "area_m2"),
            "is_settled",
        )
    }
    return facts | {
        "kind": layer.kind.value if layer.kind else "",
        "kinds": [kind.value for kind in layer.kinds],
        "candidates": list(layer.candidates),
    }


def _remark(remark: Remark) -> dict[str, Any]:
    kind = "fault" if isinstance(remark.reason, Fault) else "note"
    return {
        "kind": "warning" if remark.reason in WARNINGS else kind,
        "reason": remark.reason.value,
        "place": asdict(remark.place),
        "value": remark.value,
        "facts": dict(remark.facts),
        "count": remark.count,
    }


def untell(told: Mapping[str, Any]) -> Remark:
    """Return a remark from what was kept of it."""
    reason: Fault | Note = (
        Fault(told["reason"]) if told["kind"] == "fault" else Note(told["reason"])
    )
    return Remark(
        reason=reason,
        place=Place(**told["place"]),
        value=told["value"],
        facts=told["facts"],
        count=told["count"],
    )
