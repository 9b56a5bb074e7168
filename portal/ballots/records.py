"""What the public record holds of a ballot: that it was opened, closed and counted, and with what.

Of people nothing but commitments: who knows their own opening finds their line, nobody else does.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.ballots import asking, papers_in
from portal.ballots.models import (
    Ballot,
    BallotChoice,
    BallotOption,
    BallotStep,
    BallotTally,
    RuleProfile,
    Turnout,
)
from portal.ballots.papers import paper_of
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
    """Return who voted, by channel and as commitments, and what was handed in."""
    channels = db.session.execute(
        select(Turnout.channel, func.count())
        .where(Turnout.ballot_id == ballot.id)
        .group_by(Turnout.channel)
    )
    facts: dict[str, Any] = {
        "manifest_sha256": ballot.manifest_sha256,
        "closed_at": asking.moment_text(ballot.ends_at),
        "turnout": {channel.value: count for channel, count in channels},
        "voted_sha256": asking.roster_digest(voted(ballot)),
    }
    if ballot.secrecy is Secrecy.OPEN:
        facts["papers_sha256"] = asking.digest_of(named_lines(ballot))
    else:
        name = log_name(ballot.id)
        facts["urn_size"] = logs.size(name)
        facts["urn_root"] = proofs.root(name, logs.size(name))
    return facts


def _counting(ballot: Ballot) -> dict[str, Any]:
    """Return the tally; votes with names are counted anew, so that a changed one is seen."""
    tally = db.session.scalars(select(BallotTally).where(BallotTally.ballot_id == ballot.id)).one()
    content = dict(tally.content)
    if ballot.secrecy is Secrecy.OPEN:
        options = asking.list_options(ballot.id)
        content = papers_in.content_of(ballot, papers_in.count(ballot, options))
    return content | {"outcome": ballot.outcome}


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
    """Return each vote with a name as the elector's commitment and their paper, sorted."""
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
        .where(BallotChoice.ballot_id == ballot.id)
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
            digest = asking.digest_of(facts_of(ballot, self.step))
            yield Kept(number or 0, digest, digest)
