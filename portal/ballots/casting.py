"""Casting a vote and finding its receipt. Few statements; the table's key is the last judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.sql.dml import ReturningInsert

from portal.assisting import interest
from portal.ballots import admission, asking, rules
from portal.ballots.models import (
    BallotChoice,
    Turnout,
)
from portal.ballots.papers import paper_of, why_not_paper
from portal.ballots.profiles import Params
from portal.ballots.rules import Refusal, Unit
from portal.ballots.states import Secrecy
from portal.core import clock, secrets
from portal.core.db import db, insert_or, table_of
from portal.core.errors import Refused
from portal.core.scope import prepared
from portal.people import service as people
from portal.people.models import Resident
from portal.people.rules import Channel

RECEIPT_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof that a vote is counted. It says which ballot, when and how, never what was chosen."""

    ballot_id: int
    resident_id: int
    code: str
    done_at: datetime
    sitting_id: int | None = None
    channel: Channel = Channel.SELF


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How somebody stands to a ballot: whether they may vote now, or why not; their receipt."""

    refusal: Refusal | None
    receipt: Receipt | None


def stand(ballot_id: int, resident_id: int | None, *, now: datetime) -> Standing:
    """Return whether this resident may vote from a phone now, and the receipt if they have."""
    facts = admission.read_facts(ballot_id, resident_id)
    turnout = find_turnout(ballot_id, resident_id) if resident_id and facts.elector_id else None
    channel = Channel.SELF
    if resident_id and facts.elector_id:
        channel = admission.channel_of(facts, resident_id, now=now)
    refusal = why_not_vote(
        facts, resident_id, has_voted=turnout is not None, channel=channel, now=now
    )
    if refusal is None and _household_has_voted(facts):
        refusal = Refusal.HOUSEHOLD_HAS_VOTED
    return Standing(refusal=refusal, receipt=receipt_of(turnout) if turnout else None)


def cast_vote(
    ballot_id: int,
    resident_id: int | None,
    chosen: Sequence[int] | Mapping[int, int],
    *,
    key: str,
    now: datetime,
    channel: Channel = Channel.SELF,
    ready: admission.Ready | None = None,
) -> Receipt:
    """Count one vote with a name, once, and return its receipt; a second sending returns the same.

    `chosen` are ids of the ballot's options, ranked or scored ones with their values; `key` was
    made before the first sending; `ready` is what `admission.get_ready` read before the
    transaction, if anything. Raises Refused, with the receipt where the reason is that this
    elector has voted already.
    """
    ready = admission.hold(ballot_id, resident_id, ready, now=now, channel=channel)
    facts = ready.facts
    if facts.secrecy is not Secrecy.OPEN:
        raise Refused(Refusal.NOT_SEALED)
    refusal = why_not_vote(facts, resident_id, has_voted=False, channel=ready.channel, now=now)
    if refusal is None and facts.closed_at is not None:  # while this vote was on its way
        refusal = Refusal.CLOSED
    if refusal or resident_id is None or ready.deed is None:
        return _earlier(ballot_id, resident_id, key, refusal or Refusal.NOT_A_RESIDENT)
    values = expect_values(facts, ready.options, chosen)
    code = secrets.letters(RECEIPT_LETTERS, RECEIPT_LENGTH)
    receipt = Receipt(
        ballot_id=ballot_id,
        resident_id=resident_id,
        code=code,
        done_at=now,
        channel=ready.deed["channel"],
    )
    turnout_id = enter_turnout(facts, ready.deed, key=key, receipt=receipt.code)
    if turnout_id is None:  # a key: voted in another tab, on another phone, or sent twice
        return _earlier(ballot_id, resident_id, key, why_not_entered(facts, resident_id))
    mark(ballot_id, turnout_id, values)
    return receipt


_MARKS = prepared(insert(table_of(BallotChoice)))


def mark(ballot_id: int, turnout_id: int, values: Mapping[int, int], *, turn: int = 1) -> None:
    """Write the marks of one paper, by option."""
    db.session.execute(
        _MARKS,
        [
            {
                "ballot_id": ballot_id,
                "turnout_id": turnout_id,
                "turn": turn,
                "option_id": option_id,
                "value": value,
            }
            for option_id, value in values.items()
        ],
    )


def why_not_chosen(
    ballot: Any, options: Sequence[Any], chosen: Sequence[int] | Mapping[int, int]
) -> tuple[Refusal | None, dict[int, int]]:
    """Judge what was put on a paper; return why it is none, and its values by option.

    One bad mark refuses the whole paper (domain.md V16, trust.md P49).
    """
    values = dict(chosen) if isinstance(chosen, Mapping) else dict.fromkeys(chosen, 1)
    if len(values) < len(chosen):
        return Refusal.CHOSEN_TWICE, values
    places = {option.id: place for place, option in enumerate(options)}
    if values.keys() - places.keys():
        return Refusal.UNKNOWN_OPTION, values
    paper = paper_of(len(options), {places[key]: value for key, value in values.items()})
    kept = {key: value for key, value in values.items() if value}
    return why_not_paper(asking.frame_of(ballot, options), paper), kept


def expect_values(
    ballot: Any, options: Sequence[Any], chosen: Sequence[int] | Mapping[int, int]
) -> dict[int, int]:
    """Return the values of a valid paper by option, or raise Refused."""
    refusal, values = why_not_chosen(ballot, options, chosen)
    if refusal:
        raise Refused(refusal, most=ballot.max_choices, least=ballot.min_choices)
    return values


def enter_turnout(facts: Any, deed: people.DeedFacts, *, key: str, receipt: str) -> int | None:
    """Note that an elector voted; return the line's id, or None where a key forbids it."""
    made: int | None = db.session.scalar(
        _enter(db.engine.dialect.name),
        {
            **deed,
            "ballot_id": facts.id,
            "key": key,
            "receipt": receipt,
            "unit_household_id": facts.household_id if facts.unit is Unit.HOUSEHOLD else None,
        },
    )
    return made


@cache
def _enter(_dialect: str) -> ReturningInsert[Any]:
    insert = insert_or(table_of(Turnout)).on_conflict_do_nothing()
    return prepared(insert.returning(Turnout.id))


def why_not_entered(facts: Any, resident_id: int) -> Refusal:
    """Say which key forbade the vote of somebody who has not voted themselves."""
    return Refusal.HOUSEHOLD_HAS_VOTED if _household_has_voted(facts) else Refusal.KEY_OF_ANOTHER


def _household_has_voted(facts: Any) -> bool:
    query = select(Turnout.id).where(
        Turnout.ballot_id == facts.id, Turnout.unit_household_id == facts.household_id
    )
    return facts.unit is Unit.HOUSEHOLD and db.session.scalar(query) is not None


def why_not_vote(
    facts: Any, resident_id: int | None, *, has_voted: bool, channel: Channel, now: datetime
) -> Refusal | None:
    """Return why this elector may not vote now, or None; `facts` are of `read_facts`."""
    params = Params.from_json(facts.params)
    refusal = rules.why_not_vote(
        state=rules.state(facts, now=now),
        is_resident=resident_id is not None,
        is_elector=facts.elector_id is not None,
        has_voted=has_voted,
        is_remote=channel is Channel.SELF,
        content_unchanged=facts.version_sha256 == facts.plan_sha256,
        params=params,
        is_by_committee=interest.is_by_committee(day=clock.today(now)),
    )
    if refusal is Refusal.NOT_AN_ELECTOR and resident_id is not None:
        opened_on = clock.today(facts.opened_at)
        born_on = _born_on(resident_id)
        return rules.why_not_an_elector(born_on=born_on, opened_on=opened_on, params=params)
    return refusal


def _born_on(resident_id: int) -> date | None:
    return db.session.scalar(select(Resident.born_on).where(Resident.id == resident_id))


def find_turnout(ballot_id: int, resident_id: int) -> Turnout | None:
    """Return the line of somebody who has voted, or None."""
    return db.session.scalar(
        select(Turnout).where(Turnout.ballot_id == ballot_id, Turnout.resident_id == resident_id)
    )


def _earlier(ballot_id: int, resident_id: int | None, key: str, otherwise: Refusal) -> Receipt:
    """Return the receipt of the same sending, or raise Refused: voted already, or otherwise."""
    found = resident_id and find_turnout(ballot_id, resident_id)
    if not found:
        raise Refused(otherwise)
    receipt = receipt_of(found)
    if found.key != key:
        raise Refused(Refusal.ALREADY_VOTED, receipt=receipt)
    return receipt


def receipt_of(turnout: Turnout) -> Receipt:
    """Return what stands on the slip of a vote that is in."""
    return Receipt(
        ballot_id=turnout.ballot_id,
        resident_id=turnout.resident_id,
        code=turnout.receipt,
        done_at=turnout.done_at,
        sitting_id=turnout.sitting_id,
        channel=turnout.channel,
    )
