"""Who may give which post for how long, and what a division code says. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.people.rules import Level, Role


class FacilityKind(StrEnum):
    """What a facility or service of the village is for (the public services of its plan)."""

    COMMITTEE = "committee"
    CLINIC = "clinic"
    SCHOOL = "school"
    ELDERLY = "elderly"
    CULTURE = "culture"
    SPORTS = "sports"
    SHOP = "shop"
    POST = "post"
    TRANSPORT = "transport"
    WATER = "water"
    WASTE = "waste"
    OTHER = "other"


class Refusal(StrEnum):
    """Why something about a village or its staff is not done."""

    STALE = "stale"
    NOT_YOURS_TO_GIVE = "not-yours-to-give"
    NOT_FOR_YOURSELF = "not-for-yourself"
    NOT_HERE = "not-here"
    NOT_THIS_PLACE = "not-this-place"
    NOT_ACTIVE = "not-active"
    HOLDS_IT = "holds-it"
    SAME_DAY = "same-day"
    RECUSED = "recused"
    ENDS_BEFORE_IT_BEGINS = "ends-before-it-begins"
    TOO_LONG = "too-long"
    NEEDS_A_TERM = "needs-a-term"
    IS_OVER = "is-over"
    LAST_ADMINISTRATOR = "last-administrator"
    LAST_COMMITTEE = "last-committee"
    HAS_HEAD = "has-head"
    BEGINS_FAR_OFF = "begins-far-off"
    NO_REASON = "no-reason"
    BAD_PHONE = "bad-phone"
    NO_NAME = "no-name"
    NOBODY_CHOSEN = "nobody-chosen"
    BAD_CODE = "bad-code"
    OUTSIDE = "outside"
    TAKEN = "taken"
    NAMES_MISSING = "names-missing"


# --- posts -------------------------------------------------------------------------------------

# Which posts the holder of a post may give and end. Domain.md no. 9, 14, 16; whoever is not
# named here gives none.
GIVES: Mapping[Role, frozenset[Role]] = {
    Role.HEAD: frozenset({Role.COMMITTEE, Role.GRID_WORKER}),
    Role.ADMIN: frozenset(
        {Role.COMMITTEE, Role.HEAD, Role.GRID_WORKER, Role.SUPERVISOR, Role.PLANNER, Role.ADMIN}
    ),
    Role.OPERATOR: frozenset(
        {Role.ADMIN, Role.PLANNER, Role.SUPERVISOR, Role.AUDITOR, Role.OPERATOR}
    ),
}
IN_REGIONS = frozenset({Role.AUDITOR, Role.OPERATOR})
IN_VILLAGES = frozenset({Role.COMMITTEE, Role.HEAD, Role.GRID_WORKER})
LOOK_AFTER = frozenset({Role.ADMIN, Role.OPERATOR})
NEEDS_TERM = frozenset({Role.PLANNER, Role.SUPERVISOR})
WATCHED = frozenset({Role.COMMITTEE, Role.HEAD, Role.PLANNER})
LONGEST_YEARS = 10
TERM_YEARS: Mapping[Role, int] = {  # as suggested: planners 3 to 5 years, committees 5
    Role.PLANNER: 3,
    Role.SUPERVISOR: 3,
    Role.COMMITTEE: 5,
    Role.HEAD: 5,
}


@dataclass(frozen=True, kw_only=True)
class Term:
    """A post somebody holds, held or will hold; the days are both included."""

    role: Role
    begins_on: date
    ends_on: date | None

    def meets(self, other: "Term") -> bool:
        """Tell whether there is a day on which both are held."""
        starts = max(self.begins_on, other.begins_on)
        return all(t.ends_on is None or starts <= t.ends_on for t in (self, other))


def givable(roles: Collection[Role], *, level: Level, has_head: bool = True) -> frozenset[Role]:
    """Return the posts that the holder of these roles may give in a place of that level.

    A committee is a village's, auditing and operating are a region's; the others count in every
    village of their region. Whoever operates the county also names the first head of a committee,
    so that a village can begin.
    """
    given = frozenset[Role]().union(*(GIVES.get(role, frozenset()) for role in roles))
    if Role.OPERATOR in roles and not has_head:
        given |= {Role.HEAD}
    return given - (IN_REGIONS if level is Level.VILLAGE else IN_VILLAGES)


def why_not_give(
    *,
    roles: Collection[Role],
    level: Level,
    term: Term,
    today: date,
    held: Sequence[Term],
    is_oneself: bool,
    is_of_this_place: bool,
    is_active: bool,
    below: Sequence[Term] = (),
    heads: Sequence[Term] = (),
) -> Refusal | None:
    """Return why somebody is not given a post, or None.

    `held` are the posts the person holds, held or will hold here or in the regions above, `below`
    those in the places that this region takes in, `heads` the terms of the committee's heads.
    Whoever supervises the implementation sits on no committee and plans nothing here: nobody
    supervises himself (domain.md no. 9).
    """
    if term.role not in givable(roles, level=level, has_head=bool(heads)):
        return Refusal.NOT_YOURS_TO_GIVE
    if is_oneself:
        return Refusal.NOT_FOR_YOURSELF
    if not is_of_this_place:
        return Refusal.NOT_HERE
    if not is_active:
        return Refusal.NOT_ACTIVE
    if reason := why_not_term(term, today=today):
        return reason
    if any(t.role is term.role and t.meets(term) for t in held):
        return Refusal.HOLDS_IT
    if any(t.role is term.role and t.begins_on == term.begins_on for t in held):
        return Refusal.SAME_DAY
    if term.role is Role.HEAD and any(t.meets(term) for t in heads):
        return Refusal.HAS_HEAD
    return _why_recused(term, (*held, *below))


def _why_recused(term: Term, held: Sequence[Term]) -> Refusal | None:
    against = WATCHED if term.role is Role.SUPERVISOR else frozenset[Role]()
    if term.role in WATCHED:
        against = frozenset({Role.SUPERVISOR})
    return Refusal.RECUSED if any(t.role in against and t.meets(term) for t in held) else None


def why_not_term(term: Term, *, today: date) -> Refusal | None:
    """Return what is wrong with a term, or None."""
    if abs((term.begins_on - today).days) > LONGEST_YEARS * 366:
        return Refusal.BEGINS_FAR_OFF
    if term.ends_on is None:
        return Refusal.NEEDS_A_TERM if term.role in NEEDS_TERM else None
    if term.ends_on < term.begins_on:
        return Refusal.ENDS_BEFORE_IT_BEGINS
    return Refusal.TOO_LONG if term.ends_on > years_after(term.begins_on, LONGEST_YEARS) else None


def endable(roles: Collection[Role], *, level: Level) -> frozenset[Role]:
    """Return the posts that the holder of these roles may end in a place of that level."""
    return givable(roles, level=level, has_head=False)


def why_not_end(
    *,
    roles: Collection[Role],
    role: Role,
    level: Level,
    reason: str,
    is_oneself: bool,
    is_over: bool,
    is_last: bool,
) -> Refusal | None:
    """Return why somebody does not end a post, or None. One's own can always be laid down.

    `is_last`: without this holder nobody looks after the place (administrators and operators, here
    or above), or nobody is on the committee; such a post is given to another one first.
    """
    if role not in endable(roles, level=level) and not is_oneself:
        return Refusal.NOT_YOURS_TO_GIVE
    if is_over:
        return Refusal.IS_OVER
    if is_last and role in LOOK_AFTER:
        return Refusal.LAST_ADMINISTRATOR
    if is_last and role in (Role.COMMITTEE, Role.HEAD):
        return Refusal.LAST_COMMITTEE
    return None if reason.strip() else Refusal.NO_REASON


def why_not_manage(
    *,
    roles: Collection[Role],
    level: Level,
    held: Collection[Role],
    is_of_this_place: bool,
    is_oneself: bool,
    is_last: bool,
) -> Refusal | None:
    """Return why somebody does not close, open or reset an account, or None.

    `held` are all posts of the account that are not over, wherever: each must be one that the
    asker could give, so that nobody comes to a higher post by way of somebody else's slip.
    `is_of_this_place`: the account and all these posts lie in the asker's own village or region.
    """
    if not LOOK_AFTER & set(roles):
        return Refusal.NOT_YOURS_TO_GIVE
    allowed = frozenset[Role]().union(*(GIVES.get(role, frozenset()) for role in roles))
    if level is Level.VILLAGE:
        allowed -= IN_REGIONS
    if is_oneself:
        return Refusal.NOT_FOR_YOURSELF
    if not is_of_this_place:
        return Refusal.NOT_HERE
    if not set(held) <= allowed:
        return Refusal.NOT_YOURS_TO_GIVE
    return Refusal.LAST_ADMINISTRATOR if is_last else None


def years_after(day: date, years: int) -> date:
    """Return the last day of a term of so many years that begins on that day."""
    try:
        return date.fromordinal(day.replace(year=day.year + years).toordinal() - 1)
    except ValueError:  # from 29 February
        return date(day.year + years, 2, 28)


def suggested_end(role: Role, begins_on: date) -> date | None:
    """Return the last day that a form suggests for a post; None: without an end."""
    years = TERM_YEARS.get(role)
    return years_after(begins_on, years) if years else None


# --- division codes ----------------------------------------------------------------------------

PARTS = ((0, 2), (2, 4), (4, 6), (6, 9), (9, 12))


def plain_code(text: str) -> str:
    """Return the digits of a code as somebody typed it, without gaps; full-width ones too."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text if not c.isspace())


def is_village_code(code: str) -> bool:
    """Tell whether a code can be a village's: 12 digits, none of its five parts all zero."""
    if not re.fullmatch(r"[1-8]\d{11}", code, re.ASCII):
        return False
    return all(set(code[a:b]) != {"0"} for a, b in PARTS)


def why_not_found(*, code: str, under: str, is_taken: bool, is_named: bool) -> Refusal | None:
    """Return why no village is founded under a code, or None.

    `under` is the region of whoever founds it; `is_named`: the village and every region above it
    that is not in the tree yet has a name.
    """
    if not is_village_code(code):
        return Refusal.BAD_CODE
    if not code.startswith(under):
        return Refusal.OUTSIDE
    if is_taken:
        return Refusal.TAKEN
    return None if is_named else Refusal.NAMES_MISSING
