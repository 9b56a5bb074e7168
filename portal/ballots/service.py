"""What can be done with ballots: announce, change, open; casting and counting stand beside it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from portal.ballots import events, rules
from portal.ballots.casting import Receipt as Receipt
from portal.ballots.casting import Standing as Standing
from portal.ballots.casting import cast_vote as cast_vote
from portal.ballots.casting import chosen_by as chosen_by
from portal.ballots.casting import find_receipt as find_receipt
from portal.ballots.casting import list_receipts as list_receipts
from portal.ballots.casting import stand as stand
from portal.ballots.casting import voted_in as voted_in
from portal.ballots.counting import Result as Result
from portal.ballots.counting import list_options as list_options
from portal.ballots.counting import result_of as result_of
from portal.ballots.electorate import expect_electors as expect_electors
from portal.ballots.electorate import is_elector as is_elector
from portal.ballots.electorate import list_electors
from portal.ballots.models import Ballot, BallotElector, BallotOption, RuleProfile
from portal.ballots.profiles import PRESETS, Params
from portal.ballots.roll import count_cast as count_cast
from portal.ballots.roll import list_votes as list_votes
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.plans import service as plans

LAST_DAY = timedelta(days=1)
"""So long before its end those who have not voted are told, if it ran that long before."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A ballot as the committee writes it down."""

    version_id: int
    question: str
    explanation: str = ""
    kind: rules.Kind
    profile_code: str
    opens_at: datetime
    closes_at: datetime
    max_choices: int | None = None
    party_review_on: date | None = None
    party_review_note: str = ""


def get_ballot(ballot_id: int) -> Ballot:
    """Return the ballot, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(Ballot, ballot_id)


def list_ballots(*, version_id: int | None = None) -> list[Ballot]:
    """Return the village's ballots, the one that closes last first."""
    query = select(Ballot).order_by(Ballot.closes_at.desc(), Ballot.id.desc())
    if version_id is not None:
        query = query.where(Ballot.version_id == version_id)
    return list(db.session.scalars(query))


def list_recent(*, now: datetime, days: int = 30) -> list[Ballot]:
    """Return the ballots that are announced, open, or closed not longer than `days` ago."""
    return list(
        db.session.scalars(
            select(Ballot)
            .where(Ballot.closes_at > now - timedelta(days=days))
            .order_by(Ballot.closes_at, Ballot.id)
        )
    )


def state_of(ballot: Ballot, *, now: datetime) -> rules.State:
    """Return where the ballot stands at this moment."""
    return rules.state(now=now, opened_at=ballot.opened_at, closes_at=ballot.closes_at)


def profile_of(ballot: Ballot) -> tuple[RuleProfile, Params]:
    """Return the rule a ballot is held by, with its parameters."""
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    return profile, Params.from_json(profile.params)


def find_profile(code: str, *, on: date) -> RuleProfile:
    """Return the latest rule of this code in force on that day; presets are taken in at need.

    Raises KeyError for a code that neither the village nor the portal knows.
    """
    found = db.session.scalar(
        select(RuleProfile)
        .where(RuleProfile.code == code, RuleProfile.valid_from <= on)
        .order_by(RuleProfile.valid_from.desc())
        .limit(1)
    )
    if found is not None:
        return found
    preset = PRESETS[code]
    profile = RuleProfile(
        code=preset.code,
        region_code=preset.region_code,
        valid_from=preset.valid_from,
        params=preset.params.as_json(),
        citation=preset.citation,
    )
    db.session.add(profile)
    db.session.flush()
    return profile


def announce_ballot(draft: Draft, *, now: datetime) -> Ballot:
    """Announce a ballot on a plan version, or raise Refused."""
    profile = find_profile(draft.profile_code, on=clock.today(draft.opens_at))
    options = _options_for(draft)
    _check(draft, profile, options, announced_at=now, now=now)
    ballot = Ballot(announced_at=now, profile_id=profile.id, kind=draft.kind)
    _write(ballot, draft)
    db.session.add(ballot)
    db.session.flush()
    for option in options:
        option.ballot_id = ballot.id
    db.session.add_all(options)
    db.session.flush()
    return ballot


def change_ballot(ballot_id: int, draft: Draft, *, now: datetime) -> Ballot:
    """Change words and dates of a ballot that is not open yet; Refused afterwards.

    Kind, rule and plan stay: whoever wants others announces another ballot. The notice period
    starts anew, since what was announced has changed (domain.md T6).
    """
    ballot = _locked(ballot_id)
    if ballot.opened_at is not None:
        raise Refused(rules.Refusal.ALREADY_OPEN)
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    _check(draft, profile, list_options(ballot.id), announced_at=now, now=now)
    _write(ballot, draft)
    ballot.announced_at = now
    db.session.flush()
    return ballot


def open_ballot(ballot_id: int, *, now: datetime) -> Ballot:
    """Open a ballot: freeze the plan's hash and list the electors, in one statement (V22).

    Raises Refused when it is open already, too early or too late, or nobody may vote.
    """
    ballot = _locked(ballot_id)
    version = plans.get_version(ballot.version_id)
    refusal = rules.why_not_open(
        now=now,
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        is_open=ballot.opened_at is not None,
        content_frozen=bool(version.content_sha256),
    )
    if refusal:
        raise Refused(refusal, opens_at=ballot.opens_at)
    _, params = profile_of(ballot)
    options = list_options(ballot.id)
    list_electors(ballot.id, params, on=clock.today(now))
    electors, households = db.session.execute(
        select(func.count(), func.count(BallotElector.household_id.distinct())).where(
            BallotElector.ballot_id == ballot.id
        )
    ).one()
    if not electors:
        raise Refused(rules.Refusal.NO_ELECTORS)
    ballot.electors_count, ballot.households_count = electors, households
    ballot.opened_at = now
    ballot.version_sha256 = version.content_sha256
    ballot.manifest_sha256 = _manifest(ballot, params, options)
    db.session.flush()
    _publish(ballot, now=now)
    return ballot


def _publish(ballot: Ballot, *, now: datetime) -> None:
    """Say that it is open; and, when it is time, that a day is left and that it is closed."""
    publish(events.BallotOpened(ballot_id=ballot.id), now=now)
    last_day = ballot.closes_at - LAST_DAY
    if now < last_day - LAST_DAY:
        publish(events.BallotCloses(ballot_id=ballot.id), now=now, at=last_day)
    publish(events.BallotClosed(ballot_id=ballot.id), now=now, at=ballot.closes_at)


def _locked(ballot_id: int) -> Ballot:
    """Return the ballot; whoever else wants to change or open it waits for us."""
    return db.session.execute(
        select(Ballot).where(Ballot.id == ballot_id).with_for_update()
    ).scalar_one()


def _options_for(draft: Draft) -> list[BallotOption]:
    if draft.kind is rules.Kind.YES_NO:
        return [
            BallotOption(position=position, answer=answer)
            for position, answer in enumerate(rules.Answer, start=1)
        ]
    return [
        BallotOption(
            position=position,
            project_id=project.id,
            code=project.code,
            words=project.name,
            cost_yuan=project.cost_yuan,
        )
        for position, project in enumerate(plans.list_projects(draft.version_id), start=1)
    ]


def _check(
    draft: Draft,
    profile: RuleProfile,
    options: Sequence[BallotOption],
    *,
    announced_at: datetime,
    now: datetime,
) -> None:
    params = Params.from_json(profile.params)
    refusal = rules.why_not_announce(
        kind=draft.kind,
        params=params,
        announced_on=clock.today(announced_at),
        opens_on=clock.today(draft.opens_at),
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
        now=now,
        option_count=len(options),
        max_choices=draft.max_choices,
        party_review_on=draft.party_review_on,
        party_review_note=draft.party_review_note,
    )
    if refusal:
        raise Refused(refusal, days=params.notice_days, options=len(options))


def _write(ballot: Ballot, draft: Draft) -> None:
    ballot.version_id = draft.version_id
    ballot.question = draft.question
    ballot.explanation = draft.explanation
    ballot.opens_at = draft.opens_at
    ballot.closes_at = draft.closes_at
    ballot.max_choices = 1 if draft.kind is rules.Kind.YES_NO else draft.max_choices
    ballot.party_review_on = draft.party_review_on
    ballot.party_review_note = draft.party_review_note


def _manifest(ballot: Ballot, params: Params, options: Sequence[BallotOption]) -> str:
    """Return the digest of all that is frozen: question, options, rule, plan, span, numbers."""
    frozen = {
        "question": ballot.question,
        "explanation": ballot.explanation,
        "kind": ballot.kind,
        "max_choices": ballot.max_choices,
        "options": [
            [option.position, option.answer, option.code, option.words, option.cost_yuan]
            for option in options
        ],
        "rule": params.as_json(),
        "plan": ballot.version_sha256,
        "opened_at": ballot.opened_at and ballot.opened_at.isoformat(),
        "closes_at": ballot.closes_at.isoformat(),
        "electors": ballot.electors_count,
        "households": ballot.households_count,
    }
    text = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
