"""The columns of one row of a roster: each a value, or its fault at its place. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.people.rules import Level, Sex, id_born_on, id_sex, level_of
from portal.roster.cells import (
    FIRST_DAY,
    HOUSEHOLD_LENGTH,
    NAME_LENGTH,
    parse_day,
    read_group,
    read_id_number,
    read_name,
    read_phone,
    says_left,
)
from portal.roster.columns import COLUMNS, Header, column_letter
from portal.roster.faults import Fault, Note
from portal.roster.rows import Context
from portal.roster.seen import unpack
from portal.roster.vocabulary import (
    AWAY,
    AWAY_BY_LIVES_HERE,
    ERRORS,
    HUKOU_KINDS,
    REGISTERED,
    SEX_OF_RELATION,
    SEXES,
)

KEYS = tuple(COLUMNS)
AT = {key: place for place, key in enumerate(KEYS)}


class FieldReader:
    """Reads column after column of the row at hand."""

    def __init__(
        self, context: Context, name: str, number: int, header: Header, *, group: int | None
    ) -> None:
        self.context, self.name, self.number, self.header = context, name, number, header
        self.findings, self.seen, self.day = context.findings, context.seen, context.day
        self.group = group
        self.texts: list[str] = []
        self.cells: Sequence[Any] = ()
        self.row = 0
        self.faulty = False
        self.columns: list[int] = []
        self.set_places(header.places)

    def set_places(self, places: dict[str, int]) -> None:
        """Say in which columns the keys stand."""
        self.places = places
        self.columns = [places.get(key, -1) for key in KEYS]
        self.has_head_column = "head" in places
        self.head_fault = Fault.TWO_REPRESENTATIVES
        if self.header.texts.get(places.get("head", -1), "") in ("户主", "是否户主"):
            self.head_fault = Fault.TWO_HEADS
        self.names_heads = bool({"head", "relation", "head_name"} & places.keys())

    def fault(self, key: str, fault: Fault, *, other: int | None = None) -> None:
        """Note a fault of this row in the column of `key`; `other`: the place it contradicts."""
        self.faulty = True
        column = self.places.get(key, -1)
        other_sheet, other_row = unpack(other) if other is not None else (0, 0)
        self.findings.fault(
            self.name,
            self.row,
            column_letter(column) if column >= 0 else "–",
            fault,
            key=key,
            text=self.texts[AT[key]],
            head=self.header.texts.get(column, ""),
            other_row=other_row,
            other_sheet=self.findings.sheet_names[other_sheet] if other is not None else "",
        )

    def note(self, key: str, note: Note) -> None:
        """Note something about this row."""
        column = self.places.get(key, -1)
        place = column_letter(column) if column >= 0 else "–"
        self.findings.note(self.name, self.row, place, note, key=key, text=self.texts[AT[key]])

    def tell_remark(self, remark: str, *, has_left: bool) -> None:
        self.note("remark", Note.REMARKS_NOT_KEPT)
        if says_left(remark) and not has_left:
            self.note("remark", Note.REMARK_SAYS_LEFT)

    def find_machine_words(self) -> None:
        for key, text in zip(KEYS, self.texts, strict=True):
            if text.startswith("=") and len(text) > 1:
                self.fault(key, Fault.FORMULA)
            elif text.upper() in ERRORS or (text and not text.strip("#") and key != "number"):
                self.fault(key, Fault.CELL_ERROR)

    def read_village(self, text: str) -> str:
        own = self.context.village_code
        if text == own or not text:
            if not own and "village_code" in self.places:
                self.fault("village_code", Fault.NO_VILLAGE_CODE)
            return own
        if level_of(text) is not Level.VILLAGE:
            self.fault("village_code", Fault.BAD_VILLAGE_CODE)
        elif own:
            self.fault("village_code", Fault.OTHER_VILLAGE)
        return text

    def read_group(self, text: str) -> int:
        if not text and self.group is not None:
            return self.group
        found = self.context.groups.get(text)
        if found is None:
            found = read_group(text)
            if len(self.context.groups) < 10_000:
                self.context.groups[text] = found
        if found[1] is not None:
            self.fault("group", found[1])
        return found[0]

    def read_household(self, text: str, head_name: str, group: int) -> str:
        if "household" not in self.places and head_name:
            self.note("head_name", Note.HOUSEHOLD_BY_HEAD)
            name, fault = read_name(head_name)
            if fault is not None:
                self.fault("head_name", fault)
            return f"{group}-{name}"[:HOUSEHOLD_LENGTH]
        if not text:
            self.fault("household", Fault.NO_HOUSEHOLD)
        elif len(text) > HOUSEHOLD_LENGTH:
            self.fault("household", Fault.HOUSEHOLD_TOO_LONG)
        elif isinstance(self.cells[self.columns[AT["household"]]], date):
            self.fault("household", Fault.HOUSEHOLD_IS_DATE)
        return text

    def read_name(self, text: str) -> str:
        """Return the name of the person, or nothing after noting what is wrong with it."""
        name, fault = read_name(text)
        if fault is not None:
            self.fault("name", fault)
        elif len(name) == 1:
            self.note("name", Note.SHORT_NAME)
        return name

    def read_id_number(self, text: str) -> str | None:
        """Return the ID number, or None where there is none that can be."""
        if not text:
            return None
        id_number, fault = read_id_number(self.cells[self.columns[AT["id_number"]]], text)
        if id_number is not None:
            born_on = id_born_on(id_number)
            if born_on is None or not FIRST_DAY <= born_on <= self.day:
                id_number, fault = None, Fault.ID_DATE
        if fault is not None:
            self.fault("id_number", fault)
        return id_number

    def read_sex(self, text: str, id_number: str | None) -> Sex:
        """Return the sex as written, which must be the one in the ID number."""
        sex = SEXES.get(text) or SEXES.get(text.lower())
        if sex is None:
            self.fault("sex", Fault.BAD_SEX)
            return Sex.UNKNOWN
        if id_number is None:
            return sex
        by_id = id_sex(id_number)
        if sex is not by_id and sex is not Sex.UNKNOWN:
            self.fault("sex", Fault.ID_SEX_DIFFERS)
        return by_id

    def read_birth(self, text: str, id_number: str | None) -> tuple[date | None, bool]:
        """Return the birth date and whether it is exact; the ID number fills it or refutes it."""
        by_id = id_born_on(id_number) if id_number else None
        born_on, is_exact = None, True
        if text:
            found = parse_day(self.cells[self.columns[AT["born_on"]]], text)
            if isinstance(found, tuple):
                born_on, is_exact = self._in_time(*found)
                if by_id and not _agree(born_on, by_id, text, is_exact=is_exact):
                    self.fault("born_on", Fault.ID_BIRTH_DIFFERS)
            elif by_id is None or found is not Fault.UNCLEAR_MONTH:
                self.fault("born_on", found)
        if by_id is not None:
            return by_id, True
        if not is_exact:
            self.note("born_on", Note.YEAR_ONLY)
        return born_on, is_exact

    def _in_time(self, born_on: date, is_exact: bool) -> tuple[date, bool]:
        if not is_exact and born_on > self.day and born_on.year == self.day.year:
            born_on = self.day
        if born_on > self.day:
            self.fault("born_on", Fault.FUTURE_DATE)
        elif born_on < FIRST_DAY:
            self.fault("born_on", Fault.TOO_OLD)
        return born_on, is_exact

    def read_phone(self, key: str) -> str | None:
        text = self.texts[AT[key]]
        if not text:
            return None
        phone, fault = read_phone(text)
        if fault is not None:
            self.fault(key, fault)
        return phone

    def read_registered(self) -> bool:
        text = self.texts[AT["registered"]].lower()
        if not text:
            return True
        if text in HUKOU_KINDS:
            self.note("registered", Note.HUKOU_KIND_ONLY)
        elif text not in REGISTERED:
            self.fault("registered", Fault.BAD_REGISTERED)
        return REGISTERED.get(text, True)

    def read_away(self) -> bool:
        text, here = self.texts[AT["away"]].lower(), self.texts[AT["lives_here"]].lower()
        if text and text not in AWAY:
            self.fault("away", Fault.BAD_AWAY)
        if here and here not in AWAY_BY_LIVES_HERE:
            self.fault("lives_here", Fault.BAD_AWAY)
        is_away = AWAY.get(text) if text else None
        if here and here in AWAY_BY_LIVES_HERE:
            if is_away not in (None, AWAY_BY_LIVES_HERE[here]):
                self.fault("lives_here", Fault.AWAY_DIFFERS)
            is_away = AWAY_BY_LIVES_HERE[here]
        return bool(is_away)

    def read_day(self, key: str, born_on: date | None, *, is_exact: bool) -> date | None:
        text = self.texts[AT[key]]
        if not text:
            return None
        found = parse_day(self.cells[self.columns[AT[key]]], text)
        if not isinstance(found, tuple):
            self.fault(key, found)
            return None
        day = found[0]
        if not found[1]:
            if is_exact:
                self.fault(key, Fault.INEXACT_DATE)
            day = min(day, self.day) if day.year == self.day.year else day
        if day > self.day:
            self.fault(key, Fault.FUTURE_DATE)
        elif born_on is not None and day < born_on:
            self.fault(key, Fault.BEFORE_BIRTH)
        elif day < FIRST_DAY:
            self.fault(key, Fault.TOO_OLD)
        return day

    def read_relation(self, text: str, sex: Sex) -> str:
        """Return the relation to the head, which must go together with the sex."""
        relation = text.lower()
        if not relation:
            return ""
        if len(relation) > NAME_LENGTH or any(c.isdecimal() for c in relation):
            self.fault("relation", Fault.BAD_RELATION)
        wanted = SEX_OF_RELATION.get(relation)
        if wanted is not None and sex is not Sex.UNKNOWN and sex is not wanted:
            self.fault("relation", Fault.RELATION_DIFFERS)
        return relation


def _agree(born_on: date, by_id: date, text: str, *, is_exact: bool) -> bool:
    """Tell whether a birth date as written fits the one in the ID number."""
    if is_exact or born_on.year != by_id.year:
        return born_on == by_id
    names_month = sum(c.isdigit() for c in text) > 4 or "月" in text
    return not names_month or born_on.month == by_id.month
