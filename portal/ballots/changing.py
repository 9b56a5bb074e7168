"""Changing one's vote until the close, where it advises and has a name (domain.md V21).

Another paper takes the place of the last one. The receipt stays: it says that a vote is counted,
and the last paper is. What is final stays final: binding, secret and household votes, and what was
entered with help or put in on paper.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.ballots import admission, asking, casting, rules
from portal.ballots.casting import Receipt
from portal.ballots.change_models import BallotChange
from portal.ballots.models import Ballot, RuleProfile, Turnout
from portal.ballots.profiles import Params
from portal.ballots.rules import Refusal
from portal.core.db import db, insert_or
from portal.core.errors import Refused
from portal.people import behalf
from portal.people.rules import Channel


def why_not_change(receipt: Receipt, *, now: datetime) -> Refusal | None:
    """Return why the vote behind this receipt cannot be changed now by its elector, or None."""
    facts = admission.read_facts(receipt.ballot_id, receipt.resident_id)
    return _why_not(facts, receipt, now=now)


def change_vote(
    ballot_id: int,
    resident_id: int,
    chosen: Sequence[int] | Mapping[int, int],
    *,
    turn: int,
    key: str,
    now: datetime,
) -> Receipt:
    """Count another paper instead of the last one, once; return the receipt, which stays the same.

    `turn` is the place of the new paper among the elector's: who has seen an older one changes
    nothing. Raises Refused, with the receipt where there is one.
    """
    facts = admission.read_facts(ballot_id, resident_id, casts=True)
    turnout = casting.find_turnout(ballot_id, resident_id)
    if turnout is None:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    receipt = casting.receipt_of(turnout)
    if _is_in(turnout, key):
        return receipt
    refusal = _why_not(facts, receipt, now=now)
    if refusal is None and facts.closed_at is not None:  # while this paper was on its way
        refusal = Refusal.CLOSED
    if refusal is None and turn > count_papers(turnout.id) + 1:  # the key judges the rest
        refusal = Refusal.CHANGED_MEANWHILE
    if refusal:
        raise Refused(refusal, receipt=receipt)
    values = casting.expect_values(facts, asking.list_options_plainly(facts.id), chosen)
    made = db.session.scalar(
        insert_or(BallotChange)
        .values(ballot_id=ballot_id, turnout_id=turnout.id, turn=turn, key=key, done_at=now)
        .on_conflict_do_nothing()
        .returning(BallotChange.id)
    )
    if made is None:  # a key: in another tab, on another phone, or sent twice
        if _is_in(turnout, key):
            return receipt
        raise Refused(Refusal.CHANGED_MEANWHILE, receipt=receipt)
    casting.mark(ballot_id, turnout.id, values, turn=turn)
    return receipt


def list_changes(receipt: Receipt) -> list[datetime]:
    """Return when the vote behind this receipt was changed, the first time first."""
    query = (
        select(BallotChange.done_at)
        .join(Turnout, Turnout.id == BallotChange.turnout_id)
        .where(Turnout.receipt == receipt.code)
    )
    return list(db.session.scalars(query.order_by(BallotChange.turn)))


def count_papers(turnout_id: int) -> int:
    """Return how many papers somebody who voted has handed in."""
    query = select(func.max(BallotChange.turn)).where(BallotChange.turnout_id == turnout_id)
    return db.session.scalar(query) or 1


def may_be_changed(ballot: Ballot) -> bool:
    """Tell whether votes in this ballot can be changed until it closes."""
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    params = Params.from_json(profile.params)
    return rules.may_be_changed(params=params, secrecy=ballot.secrecy, unit=ballot.unit)


def _is_in(turnout: Turnout, key: str) -> bool:
    query = select(BallotChange.id).where(
        BallotChange.turnout_id == turnout.id, BallotChange.key == key
    )
    return turnout.key == key or db.session.scalar(query) is not None


def _why_not(facts: Any, receipt: Receipt, *, now: datetime) -> Refusal | None:
    is_own = receipt.channel is Channel.SELF and behalf.sitting_for(receipt.resident_id) is None
    if not is_own or not rules.may_be_changed(
        params=Params.from_json(facts.params), secrecy=facts.secrecy, unit=facts.unit
    ):
        return Refusal.FINAL
    return casting.why_not_vote(
        facts, receipt.resident_id, has_voted=False, channel=Channel.SELF, now=now
    )
