"""Reads a participatory-budgeting election in Pabulib's .pb format; the first fault refuses it.

The format (pabulib.org/format): three sections META, PROJECTS, VOTES of semicolon-separated
values, each with its own head line. Pure: bytes in, an Election or a Fault out.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.ballots.pbfile import Fault, Reason, Row, decoded, rows, unpacked
from portal.people.rules import Channel, Sex

NEEDED_META = ("vote_type", "num_projects", "num_votes", "date_begin", "date_end")
SEXES = {"K": Sex.FEMALE, "F": Sex.FEMALE, "M": Sex.MALE, "": Sex.UNKNOWN}
METHODS = {"internet": Channel.SELF, "paper": Channel.PAPER, "": Channel.IMPORT}
OLDEST = 130


@dataclass(frozen=True)
class PbProject:
    """A project put to the vote; its cost in whole units of the election's currency."""

    line: int
    code: str
    name: str
    cost: int
    votes: int | None


@dataclass(frozen=True)
class PbVote:
    """One voter's paper, and what the file knows of the voter."""

    line: int
    voter: str
    projects: tuple[str, ...]
    sex: Sex
    age: int | None
    district: str
    channel: Channel


@dataclass
class Election:
    """A whole file that agrees with itself."""

    meta: dict[str, str] = field(default_factory=dict)
    begins_on: date = date.min
    ends_on: date = date.min
    max_length: int | None = None
    min_length: int = 1
    projects: dict[str, PbProject] = field(default_factory=dict)
    votes: list[PbVote] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Name the place that voted, the smallest one the file knows."""
        parts = [self.meta.get(key, "").strip() for key in ("unit", "subunit")]
        return " ".join(part for part in parts if part) or self.meta.get("description", "")


def read(name: str, content: bytes) -> Election:
    """Read a .pb or .pb.gz file, or raise Fault with the line and the reason."""
    text = decoded(unpacked(name, content))
    election = Election()
    meta_lines: dict[str, int] = {}
    voters: set[str] = set()
    section = ""
    for row in rows(text):
        if row.section != section:
            if section == "META":
                _take_meta(election, meta_lines)
            section = row.section
        if row.section == "META":
            _read_meta(row, election.meta, meta_lines)
        elif row.section == "PROJECTS":
            _read_project(row, election)
        else:
            _read_vote(row, election, voters)
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
    if meta["vote_type"].lower() != "approval":
        raise Fault(lines["vote_type"], Reason.VOTE_TYPE, found=meta["vote_type"])
    election.begins_on = _day(meta["date_begin"], lines["date_begin"], "date_begin")
    election.ends_on = _day(meta["date_end"], lines["date_end"], "date_end")
    if election.ends_on < election.begins_on:
        raise Fault(lines["date_end"], Reason.ENDS_BEFORE_IT_BEGINS)
    if meta.get("max_length"):
        election.max_length = _number(meta["max_length"], lines["max_length"], "max_length")
    if meta.get("min_length"):
        election.min_length = _number(meta["min_length"], lines["min_length"], "min_length")


def _read_project(row: Row, election: Election) -> None:
    code, name = row.cells["project_id"], row.cells["name"]
    if not code or not name:
        raise Fault(row.line, Reason.NAMELESS, column="name" if code else "project_id")
    if len(code) > 40 or len(name) > 400:
        raise Fault(row.line, Reason.TOO_LONG, column="name" if len(code) <= 40 else "project_id")
    if code in election.projects:
        raise Fault(row.line, Reason.PROJECT_TWICE, project=code)
    cost = _number(row.cells["cost"], row.line, "cost")
    votes = row.cells.get("votes", "")
    told = _number(votes, row.line, "votes") if votes else None
    election.projects[code] = PbProject(row.line, code, name, cost, told)


def _read_vote(row: Row, election: Election, voters: set[str]) -> None:
    cells, line = row.cells, row.line
    voter = cells["voter_id"]
    if not voter:
        raise Fault(line, Reason.NAMELESS, column="voter_id")
    if len(voter) > 40:
        raise Fault(line, Reason.TOO_LONG, column="voter_id")
    if voter in voters:
        raise Fault(line, Reason.VOTER_TWICE, voter=voter)
    voters.add(voter)
    chosen = _chosen(cells["vote"], line, election)
    sex, method = cells.get("sex", "").upper(), cells.get("voting_method", "").lower()
    if sex not in SEXES:
        raise Fault(line, Reason.UNKNOWN_SEX, found=sex)
    if method not in METHODS:
        raise Fault(line, Reason.UNKNOWN_METHOD, found=method)
    age = _number(cells["age"], line, "age") if cells.get("age") else None
    if age is not None and age > OLDEST:
        raise Fault(line, Reason.NOT_A_NUMBER, column="age", found=cells["age"])
    district = cells.get("district", "")
    election.votes.append(PbVote(line, voter, chosen, SEXES[sex], age, district, METHODS[method]))


def _chosen(text: str, line: int, election: Election) -> tuple[str, ...]:
    chosen = tuple(code.strip() for code in text.split(",")) if text else ()
    if not chosen:
        raise Fault(line, Reason.EMPTY_VOTE)
    for code in chosen:
        if code not in election.projects:
            raise Fault(line, Reason.UNKNOWN_PROJECT, project=code)
    if len(set(chosen)) < len(chosen):
        twice = next(code for code, count in Counter(chosen).items() if count > 1)
        raise Fault(line, Reason.CHOSEN_TWICE, project=twice)
    if election.max_length is not None and len(chosen) > election.max_length:
        raise Fault(line, Reason.TOO_MANY_CHOSEN, most=election.max_length, found=len(chosen))
    if len(chosen) < election.min_length:
        raise Fault(line, Reason.TOO_FEW_CHOSEN, least=election.min_length, found=len(chosen))
    return tuple(election.projects[code].code for code in chosen)


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
        told = _number(election.meta[key], lines[key], key)
        if told != found:
            raise Fault(lines[key], Reason.COUNT_DISAGREES, column=key, told=told, found=found)
    counted = Counter(code for vote in election.votes for code in vote.projects)
    for project in election.projects.values():
        if project.votes is not None and project.votes != counted[project.code]:
            raise Fault(
                project.line,
                Reason.COUNT_DISAGREES,
                column="votes",
                told=project.votes,
                found=counted[project.code],
            )


def _number(text: str, line: int, column: str) -> int:
    """Read a whole number of zero or more; 1200.00 is one, 12.5 and -3 are none."""
    whole, _, rest = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 12) or rest.strip("0"):
        raise Fault(line, Reason.NOT_A_NUMBER, column=column, found=text)
    return int(whole)


def _day(text: str, line: int, column: str) -> date:
    """Read 01.09.2020 or 2020-09-01."""
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    raise Fault(line, Reason.NOT_A_DATE, column=column, found=text)
