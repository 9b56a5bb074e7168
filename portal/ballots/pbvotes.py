"""One line of votes in a .pb file: who voted how, and whether the election's bounds allow it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.ballots.pbfile import Fault, Reason, Row
from portal.people.rules import Channel, Sex

SEXES = {"K": Sex.FEMALE, "F": Sex.FEMALE, "M": Sex.MALE, "": Sex.UNKNOWN}
METHODS = {"internet": Channel.SELF, "paper": Channel.PAPER, "": Channel.IMPORT}
OLDEST = 130
LARGEST = 2**31 - 1
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""What is beyond them, no column of the database or no clock holds."""


@dataclass(frozen=True)
class PbVote:
    """One voter's paper, and what the file knows of the voter.

    `projects` stand in the voter's order; `points`, where the file has them, belong to them.
    """

    line: int = field(compare=False)
    voter: str
    projects: tuple[str, ...]
    points: tuple[int, ...]
    sex: Sex
    age: int | None
    district: str
    channel: Channel


@dataclass(frozen=True)
class Bounds:
    """What a vote may choose: the numbers of META, the projects with their costs, and points."""

    numbers: Mapping[str, int]
    costs: Mapping[str, int]
    has_points: bool


def read_vote(row: Row, bounds: Bounds, voters: set[str]) -> PbVote:
    """Read a line of votes and add its voter, or raise Fault."""
    cells, line = row.cells, row.line
    voter = cells["voter_id"]
    if not voter:
        raise Fault(line, Reason.NAMELESS, column="voter_id")
    if len(voter) > 40:
        raise Fault(line, Reason.TOO_LONG, column="voter_id")
    if voter in voters:
        raise Fault(line, Reason.VOTER_TWICE, voter=voter)
    voters.add(voter)
    chosen = _chosen(cells["vote"], line, bounds)
    points = _points(cells, line, bounds, chosen) if bounds.has_points else ()
    sex, method = cells.get("sex", "").upper(), cells.get("voting_method", "").lower()
    if sex not in SEXES:
        raise Fault(line, Reason.UNKNOWN_SEX, found=sex)
    if method not in METHODS:
        raise Fault(line, Reason.UNKNOWN_METHOD, found=method)
    age = to_number(cells["age"], line, "age") if cells.get("age") else None
    if age is not None and age > OLDEST:
        raise Fault(line, Reason.NOT_A_NUMBER, column="age", found=cells["age"])
    district = cells.get("district", "")
    return PbVote(line, voter, chosen, points, SEXES[sex], age, district, METHODS[method])


def _chosen(text: str, line: int, bounds: Bounds) -> tuple[str, ...]:
    chosen = tuple(code.strip() for code in text.split(",")) if text else ()
    if not chosen:
        raise Fault(line, Reason.EMPTY_VOTE)
    for code in chosen:
        if code not in bounds.costs:
            raise Fault(line, Reason.UNKNOWN_PROJECT, project=code)
    if len(set(chosen)) < len(chosen):
        twice = next(code for code, count in Counter(chosen).items() if count > 1)
        raise Fault(line, Reason.CHOSEN_TWICE, project=twice)
    most, least = bounds.numbers.get("max_length"), bounds.numbers.get("min_length", 1)
    if most is not None and len(chosen) > most:
        raise Fault(line, Reason.TOO_MANY_CHOSEN, most=most, found=len(chosen))
    if len(chosen) < least:
        raise Fault(line, Reason.TOO_FEW_CHOSEN, least=least, found=len(chosen))
    money = bounds.numbers.get("max_sum_cost")
    cost = sum(bounds.costs[code] for code in chosen)
    if money is not None and cost > money:
        raise Fault(line, Reason.OVER_BUDGET, most=money, found=cost)
    return chosen


def _points(
    cells: Mapping[str, str], line: int, bounds: Bounds, chosen: tuple[str, ...]
) -> tuple[int, ...]:
    if "points" not in cells:
        raise Fault(line, Reason.MISSING_COLUMN, column="points", section="VOTES")
    numbers = bounds.numbers
    points = tuple(to_number(part, line, "points") for part in cells["points"].split(","))
    if len(points) != len(chosen):
        raise Fault(line, Reason.POINTS_COUNT, expected=len(chosen), found=len(points))
    least, most = numbers.get("min_points", 0), numbers.get("max_points")
    for point in points:
        if point < least or (most is not None and point > most):
            raise Fault(line, Reason.POINTS_OUT_OF_RANGE, found=point)
    total, top = sum(points), numbers.get("max_sum_points")
    if top is not None and total > top:
        raise Fault(line, Reason.TOO_MANY_POINTS, most=top, found=total)
    if total < numbers.get("min_sum_points", 1):
        raise Fault(
            line, Reason.TOO_FEW_POINTS, least=numbers.get("min_sum_points", 1), found=total
        )
    return points


def to_number(text: str, line: int, column: str) -> int:
    """Read a whole number of zero or more; 1200.00 is one, 12.5 and -3 are none.

    It is no larger than what a column of the database holds.
    """
    whole, _, rest = text.strip().partition(".")
    if not (whole.isascii() and whole.isdigit()) or rest.strip("0"):
        raise Fault(line, Reason.NOT_A_NUMBER, column=column, found=text[:60])
    digits = whole.lstrip("0") or "0"
    if len(digits) > len(str(LARGEST)) or int(digits) > LARGEST:
        raise Fault(line, Reason.NUMBER_TOO_LARGE, column=column, most=LARGEST, found=text[:60])
    return int(digits)


def to_day(text: str, line: int, column: str) -> date:
    """Read 01.09.2020 or 2020-09-01, of the years in which such votes are held."""
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Fault(
                line, Reason.YEAR_OUT_OF_RANGE, column=column, first=FIRST_YEAR, last=LAST_YEAR
            )
        return day
    raise Fault(line, Reason.NOT_A_DATE, column=column, found=text[:60])
