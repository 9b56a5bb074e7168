"""A ballot of our own as a Pabulib election: its projects, and its papers without their voters."""

from collections import Counter
from collections.abc import Sequence

from portal.ballots import asking, papers_in
from portal.ballots.models import Ballot, BallotOption
from portal.ballots.papers import Frame, Paper, chosen_of
from portal.ballots.pb import Election, PbProject, VoteType
from portal.ballots.pbvotes import PbVote
from portal.ballots.rules import Kind, Secrecy
from portal.core import clock
from portal.core.words import closing_day
from portal.people.rules import Channel, Sex

TYPES = {
    Kind.APPROVAL: VoteType.APPROVAL,
    Kind.BUDGET: VoteType.APPROVAL,
    Kind.RANKED: VoteType.ORDINAL,
    Kind.SCORE: VoteType.SCORING,
}


def may_export(ballot: Ballot, options: Sequence[BallotOption], *, cast: int) -> bool:
    """Tell whether a counted ballot can stand in such a file: projects with prices, and papers.

    The papers of a secret vote are kept nowhere but in its urn.
    """
    is_priced = all(option.cost_yuan is not None for option in options)
    return ballot.secrecy is Secrecy.OPEN and ballot.kind in TYPES and is_priced and cast > 0


def election_of(ballot: Ballot, options: Sequence[BallotOption], *, place: str) -> Election:
    """Return the election. Its votes stand sorted, so that no order tells who cast which."""
    frame = asking.frame_of(ballot, options)
    by_hand, _spoiled, _total = papers_in.batch_papers(ballot.id)
    papers: Counter[Paper] = papers_in.named_papers(ballot.id, options) + by_hand
    codes = [option.code or str(option.position) for option in options]
    found = Election(
        meta=_meta(ballot, frame, place=place),
        vote_type=_type(frame),
        numbers=_numbers(ballot, frame),
        projects={
            code: PbProject(0, code, option.words, option.cost_yuan or 0, None)
            for code, option in zip(codes, options, strict=True)
        },
    )
    every = sorted(paper for paper, count in papers.items() for _ in range(count))
    found.votes = [_vote(number, paper, codes, frame) for number, paper in enumerate(every, 1)]
    return found


def _type(frame: Frame) -> VoteType:
    return VoteType.CUMULATIVE if frame.points_total else TYPES[frame.kind]


def _meta(ballot: Ballot, frame: Frame, *, place: str) -> dict[str, str]:
    opened = clock.today(ballot.opened_at or ballot.opens_at)
    facts = {
        "description": ballot.question,
        "country": "China",
        "unit": place,
        "instance": str(opened.year),
        "num_projects": "",
        "num_votes": "",
        "vote_type": "",
        "date_begin": f"{opened:%d.%m.%Y}",
        "date_end": f"{closing_day(ballot.ends_at):%d.%m.%Y}",
        "rule": "greedy" if ballot.is_skipping else "greedy-no-skip",
    }
    return facts | {key: str(value) for key, value in _numbers(ballot, frame).items()}


def _numbers(ballot: Ballot, frame: Frame) -> dict[str, int]:
    known = {
        "budget": ballot.budget_yuan,
        "min_length": frame.min_choices,
        "max_length": frame.most,
        "max_sum_cost": ballot.budget_yuan if frame.kind is Kind.BUDGET else None,
        "max_points": frame.greatest if frame.kind is Kind.SCORE else None,
        "max_sum_points": frame.points_total,
        "min_project_score_threshold": ballot.min_votes or None,
    }
    return {key: value for key, value in known.items() if value is not None}


def _vote(number: int, paper: Paper, codes: Sequence[str], frame: Frame) -> PbVote:
    chosen = [place for place, value in enumerate(paper) if value]
    if frame.kind is Kind.RANKED:
        chosen = list(chosen_of(paper))
    points = tuple(paper[place] for place in chosen) if frame.kind is Kind.SCORE else ()
    return PbVote(
        line=0,
        voter=str(number),
        projects=tuple(codes[place] for place in chosen),
        points=points,
        sex=Sex.UNKNOWN,
        age=None,
        district="",
        channel=Channel.IMPORT,
    )
