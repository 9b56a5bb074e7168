"""The papers that were handed in: with names, counted by hand in batches, or out of an urn."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.ballots import asking
from portal.ballots.change_models import counts
from portal.ballots.detail import Detail, detail_of, sums_of
from portal.ballots.models import Ballot, BallotChoice, BallotOption, BallotTally, PaperBatch
from portal.ballots.papers import Paper, paper_of
from portal.core.db import db


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The papers of a ballot, counted: sums in the order of the options, and what comes of them.

    `batches` tells how many papers were counted by hand: nobody knows whose they are.
    """

    valid: int
    invalid: int
    sums: tuple[int, ...]
    detail: Detail
    batches: int


def find_tally(ballot_id: int) -> BallotTally | None:
    """Return what was written down when the ballot was counted, or None."""
    return db.session.scalar(select(BallotTally).where(BallotTally.ballot_id == ballot_id))


def counted_of(content: Mapping[str, Any]) -> Counted:
    """Read what `content_of` wrote."""
    return Counted(
        valid=content["valid"],
        invalid=content["invalid"],
        sums=tuple(content["sums"]),
        detail=content["detail"],
        batches=content["batches"],
    )


def count(ballot: Ballot, options: Sequence[BallotOption]) -> Counted:
    """Count the votes with names and those of the batches, as they lie there now."""
    return count_papers(ballot, options, named_papers(ballot.id, options))


def count_papers(
    ballot: Ballot,
    options: Sequence[BallotOption],
    papers: Mapping[Paper, int],
    *,
    invalid: int = 0,
) -> Counted:
    """Count these papers together with those that were counted by hand."""
    frame = asking.frame_of(ballot, options)
    by_hand, spoiled, total = batch_papers(ballot.id)
    every = Counter(papers) + by_hand
    return Counted(
        valid=every.total(),
        invalid=invalid + spoiled,
        sums=tuple(sums_of(frame, every)),
        detail=detail_of(frame, every, min_votes=ballot.min_votes, is_skipping=ballot.is_skipping),
        batches=total,
    )


def named_papers(ballot_id: int, options: Sequence[BallotOption]) -> Counter[Paper]:
    """Return the papers of the votes with names, each with how often it was handed in."""
    places = {option.id: place for place, option in enumerate(options)}
    papers: Counter[Paper] = Counter()
    rows = db.session.execute(
        select(BallotChoice.turnout_id, BallotChoice.option_id, BallotChoice.value)
        .where(BallotChoice.ballot_id == ballot_id, counts())
        .order_by(BallotChoice.turnout_id)
    )
    turnout, values = None, dict[int, int]()
    for turnout_id, option_id, value in rows:
        if turnout_id != turnout and values:
            papers[paper_of(len(options), values)] += 1
            values = {}
        turnout = turnout_id
        values[places[option_id]] = value
    if values:
        papers[paper_of(len(options), values)] += 1
    return papers


def batch_papers(ballot_id: int) -> tuple[Counter[Paper], int, int]:
    """Return the papers counted by hand, how many of them are spoiled, and how many they are."""
    papers: Counter[Paper] = Counter()
    spoiled = total = 0
    for batch in db.session.scalars(select(PaperBatch).where(PaperBatch.ballot_id == ballot_id)):
        for values, times in batch.counts:
            papers[tuple(values)] += times
        spoiled += batch.invalid
        total += batch.papers
    return papers, spoiled, total


def content_of(ballot: Ballot, counted: Counted) -> dict[str, Any]:
    """Return a count as plain values, as the record and the archive have it."""
    return {
        "manifest_sha256": ballot.manifest_sha256,
        "valid": counted.valid,
        "invalid": counted.invalid,
        "sums": list(counted.sums),
        "batches": counted.batches,
        "detail": counted.detail,
    }
