"""What a roster says of one person, and what all rows of a file share. Pure."""

from dataclasses import KW_ONLY, dataclass, field
from datetime import date

from portal.people.rules import Sex
from portal.roster.faults import Fault
from portal.roster.findings import Findings
from portal.roster.seen import Seen


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One resident as the roster has them.

    `id_number` (18 characters) is here to be compared and digested: never store it, never log it.
    """

    household: str
    group: int
    name: str
    sex: Sex
    born_on: date | None
    phone: str | None
    is_head: bool
    is_registered: bool
    is_away: bool
    _: KW_ONLY
    admitted_on: date | None = None
    id_number: str | None = field(default=None, repr=False)
    second_contact: str | None = None
    left_on: date | None = None
    born_on_is_exact: bool = True
    village_code: str = ""
    row: int = 0
    sheet: str = ""


@dataclass(kw_only=True)
class Context:
    """What all rows of a file share. `village_code`: the only village that is meant, if one is."""

    day: date
    findings: Findings
    village_code: str = ""
    seen: Seen = field(default_factory=Seen)
    is_village: bool = True
    groups: dict[str, tuple[int, Fault | None]] = field(default_factory=dict)
