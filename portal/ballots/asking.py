"""What a ballot asks: its options, what a paper may hold, and the digests that freeze it all."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal.ballots.models import Ballot, BallotElector, BallotOption, RuleProfile
from portal.ballots.papers import Frame
from portal.ballots.profiles import Params
from portal.core.db import db
from portal.core.scope import prepared, require_village
from portal.plans.models import PlanVersion


def list_options(ballot_id: int) -> list[BallotOption]:
    """Return what can be chosen, in the order of the paper."""
    return list(
        db.session.scalars(
            select(BallotOption)
            .where(BallotOption.ballot_id == ballot_id)
            .order_by(BallotOption.position)
        )
    )


_OPTIONS = prepared(
    select(BallotOption.id, BallotOption.cost_yuan)
    .where(
        BallotOption.ballot_id == bindparam("of_ballot"),
        BallotOption.village_id == bindparam("village_id"),
    )
    .order_by(BallotOption.position)
)


def list_options_plainly(ballot_id: int) -> Sequence[Any]:
    """Return id and cost of what can be chosen, as plain lines, in the order of the paper."""
    where = {"of_ballot": ballot_id, "village_id": require_village()}
    return db.session.execute(_OPTIONS, where).all()


def frame_of(ballot: Any, options: Sequence[Any]) -> Frame:
    """Return what a paper of this ballot may hold; both may be plain lines."""
    return Frame(
        kind=ballot.kind,
        options=len(options),
        max_choices=ballot.max_choices,
        min_choices=ballot.min_choices,
        max_score=ballot.max_score,
        points_total=ballot.points_total,
        budget_yuan=ballot.budget_yuan,
        costs=tuple(option.cost_yuan for option in options),
    )


def content_of(
    ballot: Ballot, options: Sequence[BallotOption], profile: RuleProfile
) -> dict[str, Any]:
    """Return what the announcement freezes: question, options, rule, plan, span, key."""
    return {
        "question": ballot.question,
        "explanation": ballot.explanation,
        "kind": ballot.kind,
        "secrecy": ballot.secrecy,
        "unit": ballot.unit,
        "max_choices": ballot.max_choices,
        "min_choices": ballot.min_choices,
        "max_score": ballot.max_score,
        "points_total": ballot.points_total,
        "budget_yuan": ballot.budget_yuan,
        "min_votes": ballot.min_votes,
        "is_skipping": ballot.is_skipping,
        "options": [
            {
                "position": option.position,
                "answer": option.answer,
                "code": option.code,
                "words": option.words,
                "cost_yuan": option.cost_yuan,
            }
            for option in options
        ],
        "rule": Params.from_json(profile.params).as_json(),
        "citation": profile.citation,
        "meeting": ballot.meeting_id,
        "plan_sha256": plan_digest(ballot.version_id),
        "party_review_on": ballot.party_review_on and ballot.party_review_on.isoformat(),
        "opens_at": moment_text(ballot.opens_at),
        "closes_at": moment_text(ballot.closes_at),
        "public_key": ballot.public_key,
        "script_sha256": ballot.script_sha256,
    }


def plan_digest(version_id: int) -> str | None:
    """Return the digest of what the plan says; None while it can still be changed."""
    return db.session.scalar(select(PlanVersion.content_sha256).where(PlanVersion.id == version_id))


def manifest_of(
    ballot: Ballot, options: Sequence[BallotOption], profile: RuleProfile
) -> dict[str, Any]:
    """Return what the opening freezes: the content and the list of electors."""
    return content_of(ballot, options, profile) | {
        "content_sha256": ballot.content_sha256,
        "announced_at": ballot.announced_at and moment_text(ballot.announced_at),
        "opened_at": ballot.opened_at and moment_text(ballot.opened_at),
        "electors": ballot.electors_count,
        "households": ballot.households_count,
        "roster_sha256": ballot.roster_sha256,
    }


def moment_text(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC, always with microseconds."""
    return moment.isoformat(timespec="microseconds")


def canonical(facts: object) -> bytes:
    """Return what is hashed: JSON, keys sorted, no spaces, UTF-8."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest_of(facts: object) -> str:
    """Return the SHA-256 of plain values."""
    return hashlib.sha256(canonical(facts)).hexdigest()


def opening_of(ballot: Ballot, resident_id: int) -> str:
    """Return what opens somebody's commitment: for their own eyes, so that they find their line."""
    return hmac.new(ballot.salt.encode(), f"{resident_id}".encode(), hashlib.sha256).hexdigest()


def commitment_of(ballot: Ballot, resident_id: int) -> str:
    """Return the line under which somebody stands on the published list of electors.

    SHA-256 of their own opening: nobody else can tell whose line it is, they can.
    """
    return hashlib.sha256(opening_of(ballot, resident_id).encode()).hexdigest()


def household_commitment_of(ballot: Ballot, household_id: int) -> str:
    """Return under what the electors of one household stand together on the published list."""
    keyed = hmac.new(ballot.salt.encode(), f"household {household_id}".encode(), hashlib.sha256)
    return hashlib.sha256(keyed.hexdigest().encode()).hexdigest()


def list_digest(lines: Iterable[str]) -> str:
    """Return the digest of a list: SHA-256 of its lines, sorted."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def list_roster(ballot: Ballot) -> list[list[str]]:
    """Return the electors as they are published: their commitment and their household's, sorted."""
    rows = db.session.execute(
        select(BallotElector.resident_id, BallotElector.household_id).where(
            BallotElector.ballot_id == ballot.id
        )
    )
    return sorted(
        [commitment_of(ballot, resident_id), household_commitment_of(ballot, household_id)]
        for resident_id, household_id in rows
    )
