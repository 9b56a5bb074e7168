"""A layer of a file taken as a layer of ours: what its columns say then, and what is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.maps.attributes import BASE_CODE, CLASS_NAMES, CODES, NAMES, REFS, find, find_all
from portal.maps.landuse import CLASSES
from portal.maps.rfc7946 import Stop
from portal.maps.rules import (
    ALLOWED,
    CONTROL_ZONES,
    MAX_TEXT,
    Fault,
    Feature,
    LayerKind,
    Remark,
    Repair,
)
from portal.maps.sources import Source

LAND_USES = (LayerKind.LAND_USE, LayerKind.LAND_USE_BASE)
OLD_CODES = {
    "060102": ("1207", "村庄内部道路用地"),
    "0602": ("060201", "种植设施建设用地"),
    "0603": ("060202", "畜禽养殖设施建设用地"),
    "0604": ("060203", "水产养殖设施建设用地"),
    "0204": ("0205", "其他园地"),
}
"""Codes that the edition of 2023 changed, with the new code and what the old one was called."""
_ONLY_OLD = {"0603", "0604"}
_BY_NAME = {found.name_zh: code for code, found in CLASSES.items()}
_DIGITS = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {"零": "0"}


@dataclass(frozen=True)
class _Columns:
    """Which column says what."""

    code: str | None
    class_name: str | None
    base_code: str | None
    names: list[str]
    refs: list[str]


def fit(source: Source, kind: LayerKind | None) -> Source:
    """Take a source as a layer of this kind: its features get their codes and names, or faults.

    Without a kind the features are there all the same, and the fault says that one must be chosen.
    """
    if not source.rows:
        return replace(source, kind=kind)
    faults, repairs = list(source.faults), list(source.repairs)
    if kind is None:
        faults.append(Remark(Fault.NO_KIND, None, layer=source.name))
    elif source.family not in ALLOWED[kind]:
        faults.append(Remark(Fault.WRONG_FAMILY, None, str(source.family), source.name))
    work = _Fitting(source, kind)
    features = [work.take(place) for place in range(len(source.rows))]
    faults += work.faults
    return replace(
        source,
        kind=kind,
        features=tuple(features),
        faults=tuple(faults),
        repairs=(*repairs, *work.repairs),
    )


class _Fitting:
    def __init__(self, source: Source, kind: LayerKind | None) -> None:
        self.source, self.kind = source, kind
        self.faults: list[Remark] = []
        self.repairs: list[Remark] = []
        columns = source.columns
        self.columns = _Columns(
            code=find(columns, CODES.get(kind, ("code",))),
            class_name=find(columns, CLASS_NAMES.get(kind, ())),
            base_code=find(columns, BASE_CODE),
            names=find_all(columns, NAMES),
            refs=find_all(columns, REFS),
        )
        codes = {_digits(text(row, self.columns.code)) for row in source.rows}
        self.is_old = bool(codes & _ONLY_OLD)

    def take(self, place: int) -> Feature:
        """Return a feature with what its row says."""
        row, number = self.source.rows[place], self.source.numbers[place]
        name = first(row, self.columns.names)
        if len(name) > MAX_TEXT:
            self._say(Repair.TEXT_CUT, number, str(MAX_TEXT), None)
        code = base_code = ""
        try:
            code = self._code(row, number)
            if self.kind is LayerKind.LAND_USE and text(row, self.columns.base_code):
                base_code = self._land_use(row, number, self.columns.base_code, None)
        except Stop as stop:
            column = self.columns.code or ""
            layer = self.source.name
            self.faults.append(Remark(stop.reason, number, stop.detail, layer, column))
        return replace(
            self.source.features[place],
            number=place + 1,
            name=name[:MAX_TEXT],
            code=code[:20],
            ref=first(row, self.columns.refs)[:20],
            base_code=base_code,
        )

    def _say(self, reason: Repair, number: int, detail: str, column: str | None) -> None:
        self.repairs.append(Remark(reason, number, detail, self.source.name, column or ""))

    def _code(self, row: Mapping[str, Any], number: int) -> str:
        if self.kind in LAND_USES:
            return self._land_use(row, number, self.columns.code, self.columns.class_name)
        code = text(row, self.columns.code)
        if self.kind is LayerKind.CONTROL_ZONE:
            if not code:
                raise Stop(Fault.NO_ZONE)
            zone = _padded(code, CONTROL_ZONES)
            if zone not in CONTROL_ZONES:
                raise Stop(Fault.UNKNOWN_ZONE, code[:20])
            if zone != code:
                self._say(Repair.SHORT_CODE, number, f"{code} → {zone}", self.columns.code)
            return zone
        if self.kind is LayerKind.GROUP_AREA:
            group = group_number(code) or group_number(first(row, self.columns.names))
            if group is None:
                raise Stop(Fault.NO_GROUP, code[:20])
            return str(group)
        return code

    def _land_use(
        self, row: Mapping[str, Any], number: int, column: str | None, name_column: str | None
    ) -> str:
        """Return the class of a parcel by the edition of 2023, and say what was changed for it."""
        given = _digits(text(row, column))
        name = re.sub(r"[\s(（].*", "", text(row, name_column))
        if not given:
            if name in _BY_NAME:
                self._say(Repair.CODE_BY_NAME, number, f"{name} → {_BY_NAME[name]}", name_column)
                return _BY_NAME[name]
            raise Stop(Fault.NO_CLASS)
        code = _padded(given, CLASSES)
        if code != given:
            self._say(Repair.SHORT_CODE, number, f"{given} → {code}", column)
        new, old_name = OLD_CODES.get(code, ("", ""))
        if new and (code not in CLASSES or self.is_old or name.startswith(old_name[:4])):
            is_same = code in CLASSES and name and CLASSES[code].name_zh.startswith(name)
            if not is_same:
                self._say(Repair.OLD_CODE, number, f"{code} → {new}", column)
                return new
        if code not in CLASSES:
            raise Stop(Fault.UNKNOWN_CLASS, given[:20])
        meant = _BY_NAME.get(name)
        if meant and not (meant.startswith(code) or code.startswith(meant)):
            official = CLASSES[code].name_zh
            raise Stop(Fault.CLASS_NAME, f"{code} = {official}, {name} = {meant}"[:80])
        return code


def text(row: Mapping[str, Any], column: str | None) -> str:
    """Return what a cell says as one clean line."""
    value = row.get(column) if column else None
    if value is None:
        return ""
    return "".join(sign for sign in str(value) if sign.isprintable()).strip()


def first(row: Mapping[str, Any], columns: list[str]) -> str:
    """Return what the first of these columns says that says anything."""
    return next((said for column in columns if (said := text(row, column))), "")


def _digits(code: str) -> str:
    """Return a code without what spreadsheets add to it."""
    return re.sub(r"\.0+$", "", code)


def _padded(code: str, known: Mapping[str, Any]) -> str:
    """Give a code back the zero that a spreadsheet took for a number's."""
    return "0" + code if code not in known and len(code) % 2 and "0" + code in known else code


def group_number(words: str) -> int | None:
    """Return the number of a villager group: 3, 第3组, 三组, 第十二村民小组."""
    if found := re.search(r"\d{1,3}", words):
        return int(found[0]) or None
    found = re.search(r"[〇零一二三四五六七八九十]{1,3}", words)
    if not found:
        return None
    tens, ten, ones = found[0].partition("十")
    if ten:
        value = int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0"))
    else:
        value = int("".join(_DIGITS[sign] for sign in tens))
    return value or None
