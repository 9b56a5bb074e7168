"""Reads a participatory-budgeting election in Pabulib's .pb format; the first fault refuses it.

The format (pabulib.org/format): three sections META, PROJECTS, VOTES of semicolon-separated
values, each with its own head line. Pure: bytes in, an Election or a Fault out.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.ballots.papers import Frame, Paper
from portal.ballots.pbfile import Fault, Reason, Row, decoded, rows, unpacked
from portal.ballots.pbvotes import Bounds, PbVote, read_vote, to_day, to_number
from portal.ballots.rules import Kind
from portal.ballots.tallies.scores import Sums, add_up, points_for_places

NEEDED_META = ("vote_type", "num_projects", "num_votes", "date_begin", "date_end")
NUMBERS = (
    *("budget", "min_length", "max_length", "max_sum_cost", "min_points", "max_points"),
    *("min_sum_points", "max_sum_points", "min_project_score_threshold"),
)


class VoteType(StrEnum):
    """How the voters of a file could vote."""

    APPROVAL = "approval"
    ORDINAL = "ordinal"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"


WITH_POINTS = (VoteType.CUMULATIVE, VoteType.SCORING)


@dataclass(frozen=True)
class PbProject:
    """A project put to the vote; its cost in whole units of the election's currency.

    `more` are columns that say nothing here (category, target …), kept for writing it again.
    """

    line: int = field(compare=False)
    code: str
    name: str
    cost: int
    votes: int | None
    score: int | None = None
    more: tuple[tuple[str, str], ...] = ()


@dataclass
class Election:
    """A whole file that agrees with itself. `numbers` are those of META that it gives."""

    meta: dict[str, str] = field(default_factory=dict)
    vote_type: VoteType = VoteType.APPROVAL
    begins_on: date = date.min
    ends_on: date = date.min
    numbers: dict[str, int] = field(default_factory=dict)
    projects: dict[str, PbProject] = field(default_factory=dict)
    votes: list[PbVote] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Name the place that voted, the smallest one the file knows."""
        parts = [self.meta.get(key, "").strip() for key in ("unit", "subunit")]
        return " ".join(part for part in parts if part) or self.meta.get("description", "")

    @property
    def costs(self) -> tuple[int, ...]:
        """Return what the projects cost, in their order."""
        return tuple(project.cost for project in self.projects.values())

    @property
    def budget(self) -> int | None:
        """Return the money to be given out, if the file says it."""
        return self.numbers.get("budget")

    @property
    def min_votes(self) -> int:
        """Return the score that a project needs to be funded at all."""
        return self.numbers.get("min_project_score_threshold", 0)

    @property
    def is_skipping(self) -> bool:
        """Tell whether a project that does not fit is skipped, not the end of it all."""
        return self.meta.get("rule", "").lower() != "greedy-no-skip"

    @property
    def places(self) -> int:
        """Return the points of a first place (Borda)."""
        return self.numbers.get("max_length", len(self.projects))

    @property
    def frame(self) -> Frame:
        """Return what one of our own papers of this election may hold."""
        most = self.numbers.get("max_length")
        is_budget = (
            self.vote_type is VoteType.APPROVAL
            and self.budget is not None
            and self.numbers.get("max_sum_cost") == self.budget
            and all(self.costs)
        )
        kinds = {VoteType.APPROVAL: Kind.BUDGET if is_budget else Kind.APPROVAL}
        kinds |= {VoteType.ORDINAL: Kind.RANKED}
        kind = kinds.get(self.vote_type, Kind.SCORE)
        greatest = max((point for vote in self.votes for point in vote.points), default=0)
        return Frame(
            kind=kind,
            options=len(self.projects),
            max_choices=most if most and most <= len(self.projects) else None,
            min_choices=max(1, self.numbers.get("min_length", 1)),
            max_score=self.numbers.get("max_points", greatest) if kind is Kind.SCORE else None,
            points_total=self.numbers.get("max_sum_points") if kind is Kind.SCORE else None,
            budget_yuan=self.budget,
            costs=self.costs,
        )

    def values_of(self, vote: PbVote) -> dict[str, int]:
        """Return what a voter gave to each project: a tick, a place, or points."""
        if self.vote_type is VoteType.APPROVAL:
            return dict.fromkeys(vote.projects, 1)
        if self.vote_type is VoteType.ORDINAL:
            return {code: place for place, code in enumerate(vote.projects, start=1)}
        return dict(zip(vote.projects, vote.points, strict=True))

    @property
    def papers(self) -> Counter[Paper]:
        """Return the papers, equal ones together."""
        found: Counter[Paper] = Counter()
        for vote in self.votes:
            values = self.values_of(vote)
            found[tuple(values.get(code, 0) for code in self.projects)] += 1
        return found

    @property
    def scores(self) -> Sums:
        """Add up ticks or points; places give points as Pabulib counts them."""
        if self.vote_type is VoteType.ORDINAL:
            return points_for_places(self.papers, len(self.projects), self.places)
        return add_up(self.papers, len(self.projects))


def read(name: str, content: bytes) -> Election:
    """Read a .pb or .pb.gz file, or raise Fault with the line and the reason."""
    text = decoded(unpacked(name, content))
    election = Election()
    meta_lines: dict[str, int] = {}
    voters: set[str] = set()
    bounds = Bounds({}, {}, has_points=False)
    section = ""
    for row in rows(text):
        if row.section != section:
            if section == "META":
                _take_meta(election, meta_lines)
            if row.section == "VOTES":
                bounds = Bounds(
                    election.numbers,
                    {code: project.cost for code, project in election.projects.items()},
                    has_points=election.vote_type in WITH_POINTS,
                )
            section = row.section
        if row.section == "META":
            _read_meta(row, election.meta, meta_lines)
        elif row.section == "PROJECTS":
            _read_project(row, election)
        else:
            election.votes.append(read_vote(row, bounds, voters))
    _recount(election, meta_lines, last_line=text.count("\n") + (not text.endswith("\n")))
    return election


def _read_meta(row: Row, meta: dict[str, str], lines: dict[str, int]) -> None:
    key = row.cells["key"].lower()
    if key in meta:
        raise Fault(row.line, Reason.META_TWICE, key=key)
    meta[key], lines[key] = row.cells["value"], row.line


def _take_meta(election: Election, lines: dict[str, int]) -> None:
    """Check the head data as soon as it is complete, before any project or vote is read."""
    meta = election.meta
    for key in NEEDED_META:
        if not meta.get(key):
            raise Fault(lines.get(key, 1), Reason.MISSING_META, key=key)
    try:
        election.vote_type = VoteType(meta["vote_type"].lower())
    except ValueError as error:
        found = meta["vote_type"]
        raise Fault(lines["vote_type"], Reason.VOTE_TYPE, found=found) from error
    election.begins_on = to_day(meta["date_begin"], lines["date_begin"], "date_begin")
    election.ends_on = to_day(meta["date_end"], lines["date_end"], "date_end")
    if election.ends_on < election.begins_on:
        raise Fault(lines["date_end"], Reason.ENDS_BEFORE_IT_BEGINS)
    for key in NUMBERS:
        if meta.get(key):
            election.numbers[key] = to_number(meta[key], lines[key], key)
    numbers = election.numbers
    for least, most in (
        ("min_length", "max_length"),
        ("min_points", "max_points"),
        ("min_sum_points", "max_sum_points"),
    ):
        if least in numbers and most in numbers and numbers[least] > numbers[most]:
            raise Fault(lines[most], Reason.LEAST_ABOVE_MOST, least=least, most=most)


def _read_project(row: Row, election: Election) -> None:
    code, name = row.cells["project_id"], row.cells["name"]
    if not code or not name:
        raise Fault(row.line, Reason.NAMELESS, column="name" if code else "project_id")
    if len(code) > 40 or len(name) > 400:
        raise Fault(row.line, Reason.TOO_LONG, column="name" if len(code) <= 40 else "project_id")
    if code in election.projects:
        raise Fault(row.line, Reason.PROJECT_TWICE, project=code)
    told = {
        column: to_number(row.cells[column], row.line, column) if row.cells.get(column) else None
        for column in ("votes", "score")
    }
    known = ("project_id", "name", "cost", *told)
    election.projects[code] = PbProject(
        row.line,
        code,
        name,
        to_number(row.cells["cost"], row.line, "cost"),
        told["votes"],
        told["score"],
        tuple((column, cell) for column, cell in row.cells.items() if column not in known),
    )


def _recount(election: Election, lines: dict[str, int], *, last_line: int) -> None:
    """Compare what the file says about itself with what stands in it."""
    if not election.projects:
        raise Fault(last_line, Reason.NO_PROJECTS)
    if not election.votes:
        raise Fault(last_line, Reason.NO_VOTES)
    for key, found in (
        ("num_projects", len(election.projects)),
        ("num_votes", len(election.votes)),
    ):
        told = to_number(election.meta[key], lines[key], key)
        if told != found:
            raise Fault(lines[key], Reason.COUNT_DISAGREES, column=key, told=told, found=found)
    counted = Counter(code for vote in election.votes for code in vote.projects)
    scores = dict(zip(election.projects, election.scores.sums, strict=True))
    for project in election.projects.values():
        for column, said, holds in (
            ("votes", project.votes, counted[project.code]),
            ("score", project.score, scores[project.code]),
        ):
            if said is not None and said != holds:
                raise Fault(
                    project.line, Reason.COUNT_DISAGREES, column=column, told=said, found=holds
                )
