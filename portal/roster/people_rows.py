"""One row of a roster after the other: a resident, or every fault of the row. Pure."""

from collections.abc import Sequence

from portal.people.rules import is_adult
from portal.roster.cells import clean, read_name
from portal.roster.faults import Fault, Note
from portal.roster.fields import AT, FieldReader
from portal.roster.rows import RosterRow
from portal.roster.seen import pack
from portal.roster.vocabulary import EXAMPLE_WORDS, HEAD_WORDS, YES_NO


class SheetReader(FieldReader):
    """Reads the rows of one sheet; what must not stand twice, the `Context` remembers."""

    def read(self, number: int, row: Sequence[object]) -> RosterRow | None:
        """Return the resident in this row, or None after noting its faults.

        `row` must be as wide as the header and end in an empty cell, which stands for all columns
        that are not there.
        """
        self.row, self.faulty, self.cells = number, False, row
        self.texts = texts = [clean(row[c]) if c >= 0 else "" for c in self.columns]
        if not self._is_to_read():
            return None
        village = self.read_village(texts[AT["village_code"]])
        group = self.read_group(texts[AT["group"]])
        name = self.read_name(texts[AT["name"]])
        household = self.read_household(texts[AT["household"]], texts[AT["head_name"]], group)
        id_number = self.read_id_number(texts[AT["id_number"]])
        sex = self.read_sex(texts[AT["sex"]], id_number)
        born_on, is_exact = self.read_birth(texts[AT["born_on"]], id_number)
        phone, second_contact = self.read_phone("phone"), self.read_phone("second_contact")
        is_registered, is_away = self.read_registered(), self.read_away()
        admitted_on = self.read_day("admitted_on", born_on, is_exact=True)
        left_on = self.read_day("left_on", born_on, is_exact=False)
        relation = self.read_relation(texts[AT["relation"]], sex)
        is_head = self._is_head(name, relation, texts[AT["head_name"]])
        if name and household:
            self._compare(
                hash((village, household)),
                group=group,
                name=name,
                is_head=is_head and left_on is None,
                is_relation_head=relation in HEAD_WORDS and left_on is None,
            )
        if self.faulty:
            return None
        person = RosterRow(
            household,
            group,
            name,
            sex,
            born_on,
            phone,
            is_head and left_on is None,
            is_registered,
            is_away,
            admitted_on=admitted_on,
            id_number=id_number,
            second_contact=second_contact,
            left_on=left_on,
            born_on_is_exact=is_exact,
            village_code=village,
            row=number,
            sheet=self.name,
        )
        self._find_twice(person)
        if is_head:
            self._look_at_head(person)
        return None if self.faulty else person

    def _is_to_read(self) -> bool:
        """Tell whether the row is meant, and free of what a spreadsheet writes for itself."""
        remark = self.texts[AT["remark"]]
        if remark:
            if remark.lower().startswith(EXAMPLE_WORDS):
                self.note("number", Note.EXAMPLE)
                return False
            self.tell_remark(remark, has_left=bool(self.texts[AT["left_on"]]))
        together = "".join(self.texts)
        if "=" in together or "#" in together:
            self.find_machine_words()
        return not self.faulty

    def _look_at_head(self, person: RosterRow) -> None:
        if person.left_on is not None:
            self.note("left_on", Note.HEAD_LEFT)
        elif person.born_on is not None and not is_adult(person.born_on, self.day):
            self.note("born_on", Note.HEAD_UNDER_AGE)

    def _is_head(self, name: str, relation: str, head_name: str) -> bool:
        text = self.texts[AT["head"]].lower()
        if text and text not in YES_NO:
            self.fault("head", Fault.BAD_YES_NO)
        if self.has_head_column:
            return YES_NO.get(text, False)
        if "relation" in self.places:
            return relation in HEAD_WORDS
        return bool(name) and read_name(head_name)[0] == name

    def _compare(
        self, household: int, *, group: int, name: str, is_head: bool, is_relation_head: bool
    ) -> None:
        """Compare with the household's rows before: its group and its head."""
        seen, place = self.seen, pack(self.number, self.row)
        first = seen.households.setdefault(household, place)
        if group and seen.groups.setdefault(household, group) != group:
            self.fault("group", Fault.TWO_GROUPS, other=first)
        if is_relation_head and seen.heads.setdefault(household, place) != place:
            self.fault("relation", Fault.TWO_HEADS, other=seen.heads[household])
        elif is_head and self.has_head_column:
            if seen.representatives.setdefault(household, place) != place:
                self.fault("head", self.head_fault, other=seen.representatives[household])
        elif is_head and seen.heads.setdefault(household, place) != place:
            self.fault("name", Fault.TWO_HEADS, other=seen.heads[household])
        if head_name := self.texts[AT["head_name"]]:
            key = hash(read_name(head_name)[0])
            is_other = seen.head_names.setdefault(household, key) != key
            if is_other or (is_relation_head and hash(name) != key):
                self.fault("head_name", Fault.HEAD_DIFFERS, other=first if is_other else None)

    def _find_twice(self, person: RosterRow) -> None:
        """Find who stands in a row before, by ID number or by name and birth date."""
        place = pack(self.number, self.row)
        household = hash((person.village_code, person.household))
        if person.id_number is not None:
            before = self.seen.add_id(person.id_number, household, place)
            if before is not None:
                kind = Fault.SAME_ID if before[1] else Fault.SAME_ID_TWO_HOUSEHOLDS
                self.fault("id_number", kind, other=before[0])
                return
        born = person.born_on.toordinal() if person.born_on and person.born_on_is_exact else 0
        for same in self.seen.add_name(household, person.name, born, place):
            if same.born == born and born:
                self.fault("name", Fault.TWICE, other=same.place)
            elif not born or not same.born:
                self.fault("name", Fault.SAME_NAME_UNCLEAR, other=same.place)
            else:
                self.note("name", Note.TOLD_APART)
        if self.context.is_village and person.id_number is None and born:
            key = hash((person.village_code, person.name, born))
            if self.seen.people.setdefault(key, household) != household:
                self.note("name", Note.MAYBE_TWICE)
