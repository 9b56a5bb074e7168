"""What the public record holds of a ballot: that it was opened, closed and counted, and with what.

Of people nothing but commitments: who knows their own opening finds their line, nobody else does.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from portal.ballots import asking, counting, papers_in, presence
from portal.ballots.change_models import BallotChange, counts
from portal.ballots.models import (
    Ballot,
    BallotChoice,
    BallotElector,
    BallotOption,
    BallotStep,
    BallotTally,
    PaperBatch,
    RuleProfile,
    Turnout,
)
from portal.ballots.papers import paper_of
from portal.ballots.profiles import Params
from portal.ballots.states import Secrecy, Step
from portal.core.db import db
from portal.transparency import logs, proofs
from portal.transparency import service as record
from portal.transparency.rules import Kept

KINDS = {
    Step.OPENED: "ballot-opened",
    Step.CLOSED: "ballot-closed",
    Step.COUNTED: "ballot-counted",
}
BEFORE_COUNTING = (
    *(Step.DRAFTED, Step.ANNOUNCED, Step.OPENED, Step.SUSPENDED, Step.RESUMED),
    *(Step.EARLY_CLOSE_ASKED, Step.CLOSED_EARLY, Step.CLOSED, Step.WITNESS_NAMED),
    Step.PAPERS_LEFT_OUT,
)


def enter(ballot: Ballot, step: Step, *, now: datetime) -> int:
    """Enter a step into the public record; return the number of the entry."""
    digest = asking.digest_of(facts_of(ballot, step))
    entry = record.append(
        kind=KINDS[step],
        subject=ballot.question,
        content_sha256=digest,
        file_sha256=digest,
        now=now,
    )
    return entry.number


def facts_of(ballot: Ballot, step: Step) -> dict[str, Any]:
    """Return what the record has the digest of, as it lies here now."""
    if step is Step.OPENED:
        profile = db.session.get_one(RuleProfile, ballot.profile_id)
        return asking.manifest_of(ballot, asking.list_options(ballot.id), profile)
    return _closing(ballot) if step is Step.CLOSED else _counting(ballot)


def _closing(ballot: Ballot) -> dict[str, Any]:
    """Return what was handed in, and who voted: by channel and as commitments."""
    channels = db.session.execute(
        select(Turnout.channel, func.count())
        .where(Turnout.ballot_id == ballot.id)
        .group_by(Turnout.channel)
    )
    facts: dict[str, Any] = {
        "manifest_sha256": ballot.manifest_sha256,
        "closed_at": asking.moment_text(ballot.ends_at),
        "turnout": {channel.value: count for channel, count in channels},
        "voted_sha256": asking.list_digest(voted(ballot)),
    }
    if ballot.secrecy is Secrecy.OPEN:
        facts["papers_sha256"] = asking.digest_of(named_lines(ballot))
        if changes := _count_changes(ballot.id):
            facts["changes"] = changes
    else:
        name = log_name(ballot.id)
        facts["urn_size"] = logs.size(name)
        facts["urn_root"] = proofs.root(name, logs.size(name))
    return facts


def _count_changes(ballot_id: int) -> int:
    """Return how often a paper took the place of another before the close."""
    query = select(func.count()).where(BallotChange.ballot_id == ballot_id)
    return db.session.scalar(query) or 0


def _counting(ballot: Ballot) -> dict[str, Any]:
    """Return the whole result, as it was written down when it was counted."""
    tally = _tally(ballot)
    result = counting.Judged.from_json(tally.judged)
    return tally.content | {
        "attended_sha256": asking.list_digest(tally.attended),
        "attendees": result.attendees,
        "households_present": result.households_present,
        "inequalities": [line.text for line in result.lines],
        "outcome": result.outcome.value,
        "paper_batches": list_batches(ballot),
        "steps": list_steps(ballot.id),
    }


def list_batches(ballot: Ballot) -> list[dict[str, Any]]:
    """Return the papers that were counted by hand, by the place where they were.

    What stood on those of a secret vote is in the sums of the whole vote, and nowhere else.
    """
    batches = db.session.scalars(
        select(PaperBatch).where(PaperBatch.ballot_id == ballot.id).order_by(PaperBatch.station)
    )
    return [
        {
            "station": batch.station,
            "papers": batch.papers,
            "invalid": batch.invalid,
            "sheet_sha256": batch.sheet_sha256,
        }
        | ({"counts": batch.counts} if ballot.secrecy is Secrecy.OPEN else {})
        for batch in batches
    ]


def list_steps(ballot_id: int) -> list[dict[str, Any]]:
    """Return what was done with a ballot before it was counted, without who did it."""
    steps = db.session.scalars(
        select(BallotStep)
        .where(BallotStep.ballot_id == ballot_id, BallotStep.step.in_(BEFORE_COUNTING))
        .order_by(BallotStep.done_at, BallotStep.id)
    )
    return [
        {
            "step": step.step.value,
            "done_at": asking.moment_text(step.done_at),
            "part": step.part,
            "reason": step.reason,
        }
        for step in steps
    ]


def list_entries(ballot_id: int) -> list[tuple[Step, int]]:
    """Return which steps of a ballot the public record holds, each with the number of its line."""
    steps = db.session.execute(
        select(BallotStep.step, BallotStep.record_number)
        .where(BallotStep.ballot_id == ballot_id, BallotStep.record_number.is_not(None))
        .order_by(BallotStep.record_number)
    )
    return [(step, number) for step, number in steps if number]


def attended(ballot: Ballot) -> list[str]:
    """Return the commitments of those who were at the meeting when the ballot was counted."""
    return list(_tally(ballot).attended)


def _tally(ballot: Ballot) -> BallotTally:
    return db.session.scalars(select(BallotTally).where(BallotTally.ballot_id == ballot.id)).one()


def attending(ballot: Ballot) -> list[str]:
    """Return the commitments of the electors who were at the ballot's meeting so far, sorted."""
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    there = presence.at_meeting(ballot, Params.from_json(profile.params))
    electors = db.session.scalars(
        select(BallotElector.resident_id).where(
            BallotElector.ballot_id == ballot.id, BallotElector.resident_id.in_(there)
        )
    )
    return sorted(asking.commitment_of(ballot, resident_id) for resident_id in electors)


def log_name(ballot_id: int) -> str:
    """Return the name of the log into which the envelopes of a secret ballot come."""
    return f"urn:{ballot_id}"


def voted(ballot: Ballot) -> list[str]:
    """Return the commitments of those who voted, sorted."""
    residents = db.session.scalars(
        select(Turnout.resident_id).where(Turnout.ballot_id == ballot.id)
    )
    return sorted(asking.commitment_of(ballot, resident_id) for resident_id in residents)


def named_lines(ballot: Ballot) -> list[list[Any]]:
    """Return each vote with a name as the elector's commitment and their last paper, sorted."""
    options = db.session.scalars(
        select(BallotOption.id)
        .where(BallotOption.ballot_id == ballot.id)
        .order_by(BallotOption.position)
    )
    places = {option_id: place for place, option_id in enumerate(options)}
    values: dict[int, dict[int, int]] = {}
    rows = db.session.execute(
        select(Turnout.resident_id, BallotChoice.option_id, BallotChoice.value)
        .join(Turnout, Turnout.id == BallotChoice.turnout_id)
        .where(BallotChoice.ballot_id == ballot.id, counts())
    )
    for resident_id, option_id, value in rows:
        values.setdefault(resident_id, {})[places[option_id]] = value
    return sorted(
        [asking.commitment_of(ballot, resident_id), list(paper_of(len(places), marks))]
        for resident_id, marks in values.items()
    )


class StepKeeper:
    """Answers the record's question (`transparency.ports.Keeper`) for one step of ballots."""

    def __init__(self, step: Step) -> None:
        self.step = step

    def hash_files(self) -> Iterator[Kept]:
        """Hash what each recorded step speaks of, as it lies here now."""
        rows = db.session.execute(
            select(BallotStep.record_number, Ballot)
            .join(Ballot, Ballot.id == BallotStep.ballot_id)
            .where(BallotStep.step == self.step, BallotStep.record_number.is_not(None))
            .order_by(BallotStep.record_number)
        )
        for number, ballot in rows.all():
            try:
                facts = facts_of(ballot, self.step)
            except NoResultFound:  # a row was taken away that must be there
                yield Kept(number or 0, "", "")
                continue
            if self.step is Step.COUNTED and ballot.secrecy is Secrecy.OPEN:
                options = asking.list_options(ballot.id)  # counted anew: a changed vote is seen
                facts |= papers_in.content_of(ballot, papers_in.count(ballot, options))
            digest = asking.digest_of(facts)
            yield Kept(number or 0, digest, digest)
