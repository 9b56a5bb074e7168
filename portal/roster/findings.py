"""What was found in a roster while it was read: faults and notes, with their places. Pure."""

from dataclasses import replace

from portal.roster.faults import Fault, Note, RowFault, RowNote, masked

MOST_FAULTS = 1000
MOST_NOTES = 200
ONCE = frozenset(
    {
        Note.REMARKS_NOT_KEPT,
        Note.EXAMPLE,
        Note.FOOTER,
        Note.GROUP_FROM_HEADING,
        Note.HOUSEHOLD_BY_HEAD,
        Note.HUKOU_KIND_ONLY,
        Note.YEAR_ONLY,
        Note.NO_HEAD,
    }
)


class Findings:
    """Collects faults and notes; of very many it keeps the first and the number."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.faults: list[RowFault] = []
        self.notes: list[RowNote] = []
        self.fault_count = 0
        self.sheet_names: list[str] = []
        self._once: dict[tuple[Note, str], int] = {}

    def fault(
        self,
        sheet: str,
        row: int,
        column: str,
        fault: Fault,
        *,
        key: str = "",
        text: str = "",
        head: str = "",
        other_row: int = 0,
        other_sheet: str = "",
    ) -> None:
        """Note a fault; its value is kept masked only."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            value = masked(key, text)
            self.faults.append(
                RowFault(sheet, row, column, fault, value, self.file, head, other_row, other_sheet)
            )

    def note(
        self, sheet: str, row: int, column: str, note: Note, *, key: str = "", text: str = ""
    ) -> None:
        """Note something; what concerns many rows is told once for the sheet, with a count."""
        if note in ONCE:
            at = self._once.get((note, sheet))
            if at is not None:
                self.notes[at] = replace(self.notes[at], count=self.notes[at].count + 1)
                return
            self._once[note, sheet] = len(self.notes)
        elif len(self.notes) >= MOST_NOTES:
            return
        self.notes.append(RowNote(sheet, row, column, note, masked(key, text)))
