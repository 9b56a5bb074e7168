"""Writes an election in Pabulib's .pb format, so that others can count it with their own tools."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence

from portal.ballots.pb import WITH_POINTS, Election, VoteType
from portal.people.rules import Channel, Sex

SEX_LETTERS = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.UNKNOWN: ""}
METHOD_WORDS = {Channel.SELF: "internet", Channel.PAPER: "paper", Channel.MEETING: "paper"}


def write(election: Election) -> bytes:
    """Return the file. What stands in META about the numbers of projects and votes is made anew."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    counts = {
        "num_projects": str(len(election.projects)),
        "num_votes": str(len(election.votes)),
        "vote_type": str(election.vote_type),
    }
    writer.writerows([["META"], ["key", "value"], *(election.meta | counts).items()])
    writer.writerow(["PROJECTS"])
    writer.writerows(_projects(election))
    writer.writerow(["VOTES"])
    writer.writerows(_votes(election))
    return out.getvalue().encode()


def _projects(election: Election) -> Iterable[Sequence[object]]:
    """Yield head and lines of the projects, with votes and, but for ticks, scores as counted."""
    counted = Counter(code for vote in election.votes for code in vote.projects)
    has_score = election.vote_type is not VoteType.APPROVAL
    scores = dict(zip(election.projects, election.scores.sums, strict=True))
    more = list(dict.fromkeys(c for p in election.projects.values() for c, _ in p.more))
    yield ["project_id", "cost", "votes", *(["score"] if has_score else []), "name", *more]
    for code, project in election.projects.items():
        score = [scores[code]] if has_score else []
        cells = dict(project.more)
        rest = [cells.get(column, "") for column in more]
        yield [code, project.cost, counted[code], *score, project.name, *rest]


def _votes(election: Election) -> Iterable[Sequence[object]]:
    """Yield head and lines of the votes, with those columns about voters that are not empty."""
    known: dict[str, list[object]] = {
        "age": ["" if vote.age is None else vote.age for vote in election.votes],
        "sex": [SEX_LETTERS[vote.sex] for vote in election.votes],
        "voting_method": [METHOD_WORDS.get(vote.channel, "") for vote in election.votes],
        "district": [vote.district for vote in election.votes],
    }
    known = {column: cells for column, cells in known.items() if any(c != "" for c in cells)}
    has_points = election.vote_type in WITH_POINTS
    yield ["voter_id", "vote", *(["points"] if has_points else []), *known]
    for number, vote in enumerate(election.votes):
        points = [",".join(map(str, vote.points))] if has_points else []
        rest = [cells[number] for cells in known.values()]
        yield [vote.voter, ",".join(vote.projects), *points, *rest]
