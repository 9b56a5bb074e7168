"""What is done with a ballot as a whole: drafted, announced, opened, held up, closed, called off.

Every step locks the ballot's row, asks the rules, writes its facts and a line of its log; the log's
key makes each step one.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from portal.ballots import asking, convened, events, records, rules, scripts
from portal.ballots.drafts import Draft, write, write_options
from portal.ballots.electorate import expect_electors, list_electors
from portal.ballots.models import Ballot, BallotElector, BallotOption, BallotStep, RuleProfile
from portal.ballots.papers import Frame, why_not_frame
from portal.ballots.profiles import Params
from portal.ballots.rules import Refusal, Unit
from portal.ballots.states import Secrecy, State, Step, state
from portal.core import clock, secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish

AGAIN = (
    *(Step.SUSPENDED, Step.RESUMED, Step.WITNESS_NAMED, Step.PAPERS_LEFT_OUT),
    *(Step.OBJECTED, Step.OBJECTION_DECIDED),
)
"""The steps that can be taken more than once."""
LAST_DAY = timedelta(days=1)
"""So long before its end those who have not voted are told, if it ran that long before."""


def announce_ballot(draft: Draft, *, now: datetime) -> Ballot:
    """Draft a ballot and announce it at once, or raise Refused."""
    return announce_drafted(draft_ballot(draft, now=now).id, now=now)


def draft_ballot(draft: Draft, *, now: datetime, account_id: int | None = None) -> Ballot:
    """Write a ballot down. Nobody is told yet, and all of it can still be changed."""
    ballot = Ballot(salt=secrets.token())
    write(ballot, draft)
    db.session.add(ballot)
    db.session.flush()
    log_step(ballot, Step.DRAFTED, now=now, account_id=account_id)
    write_options(ballot, draft)
    return ballot


def change_draft(ballot_id: int, draft: Draft, *, now: datetime) -> Ballot:
    """Write a draft anew, or raise Refused: what was announced stays as it was announced (T6).

    Whoever wants another question calls the ballot off and announces a new one.
    """
    ballot = locked(ballot_id)
    expect(ballot, (State.DRAFT, State.PARTY_REVIEWED), Refusal.ALREADY_ANNOUNCED, now=now)
    write(ballot, draft)
    if ballot.secrecy is Secrecy.BELENIOS:
        ballot.public_key = ""  # the box is set up anew, for the question as it is now
    db.session.execute(delete(BallotOption).where(BallotOption.ballot_id == ballot.id))
    write_options(ballot, draft)
    return ballot


def announce_drafted(ballot_id: int, *, now: datetime, account_id: int | None = None) -> Ballot:
    """Announce a drafted ballot: question, options, rule and plan stand now. Raises Refused."""
    ballot = locked(ballot_id)
    expect(ballot, (State.DRAFT, State.PARTY_REVIEWED), Refusal.ALREADY_ANNOUNCED, now=now)
    options = asking.list_options(ballot.id)
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    params = Params.from_json(profile.params)
    _check(ballot, asking.frame_of(ballot, options), params, now=now)
    if ballot.secrecy is Secrecy.SEALED:
        ballot.script_sha256 = scripts.script_sha256()
    ballot.content_sha256 = asking.digest_of(asking.content_of(ballot, options, profile))
    ballot.announced_at = now
    db.session.flush()
    log_step(ballot, Step.ANNOUNCED, now=now, account_id=account_id)
    return ballot


def open_ballot(ballot_id: int, *, now: datetime, account_id: int | None = None) -> Ballot:
    """Open a ballot as it was announced, and list the electors, in one statement (V22).

    Raises Refused when it is open already, too early or too late, or nobody may vote.
    """
    ballot = locked(ballot_id)
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    options = asking.list_options(ballot.id)
    content = asking.content_of(ballot, options, profile)
    refusal = rules.why_not_open(
        now=now,
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        is_announced=ballot.announced_at is not None and ballot.cancelled_at is None,
        is_open=ballot.opened_at is not None,
        content_frozen=content["plan_sha256"] is not None,
        as_announced=ballot.content_sha256 in (None, asking.digest_of(content)),
    )
    params = Params.from_json(profile.params)
    refusal = refusal or convened.why_not_open(ballot, params, now=now)
    if refusal:
        raise Refused(refusal, opens_at=ballot.opens_at)
    list_electors(ballot.id, params, meeting_id=ballot.meeting_id, on=clock.today(now))
    electors, households = db.session.execute(
        select(func.count(), func.count(BallotElector.household_id.distinct())).where(
            BallotElector.ballot_id == ballot.id
        )
    ).one()
    units = households if ballot.unit is Unit.HOUSEHOLD else electors
    if refusal := rules.why_not_electorate(units=units, secrecy=ballot.secrecy, params=params):
        raise Refused(refusal)
    ballot.electors_count, ballot.households_count = electors, households
    ballot.roster_sha256 = asking.list_digest(map(" ".join, asking.list_roster(ballot)))
    ballot.opened_at = now
    ballot.version_sha256 = content["plan_sha256"]
    with db.session.no_autoflush:
        ballot.manifest_sha256 = asking.digest_of(asking.manifest_of(ballot, options, profile))
    db.session.flush()
    number = records.enter(ballot, Step.OPENED, now=now)
    log_step(ballot, Step.OPENED, now=now, account_id=account_id, record_number=number)
    _publish(ballot, now=now)
    return ballot


def _publish(ballot: Ballot, *, now: datetime) -> None:
    publish(events.BallotOpened(ballot_id=ballot.id), now=now)
    announce_end(ballot, now=now)


def announce_end(ballot: Ballot, *, now: datetime) -> None:
    """Have it said, when it is time, that a day is left and that it is closed."""
    last_day = ballot.due_at - LAST_DAY
    if now < last_day - LAST_DAY:
        publish(events.BallotCloses(ballot_id=ballot.id), now=now, at=last_day)
    if ballot.secrecy is Secrecy.OPEN:  # the result of a secret one is told when it is counted
        publish(events.BallotClosed(ballot_id=ballot.id), now=now, at=ballot.due_at)


def locked(ballot_id: int) -> Ballot:
    """Return the ballot; whoever else wants a step of it, and whoever votes, waits for us."""
    return db.session.execute(
        select(Ballot)
        .where(Ballot.id == ballot_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def list_steps(ballot_id: int) -> list[BallotStep]:
    """Return the log of a ballot's life, the first step first."""
    query = select(BallotStep).where(BallotStep.ballot_id == ballot_id)
    return list(db.session.scalars(query.order_by(BallotStep.done_at, BallotStep.id)))


def expect(ballot: Ballot, states: Collection[State], refusal: Refusal, *, now: datetime) -> None:
    """Raise Refused with this reason unless the ballot stands in one of these states."""
    if state(ballot, now=now) not in states:
        raise Refused(refusal)


def log_step(
    ballot: Ballot,
    step: Step,
    *,
    now: datetime,
    account_id: int | None,
    part: str = "",
    reason: str = "",
    record_number: int | None = None,
) -> None:
    """Write a line of the log; its key is the last judge of two who take a step at once."""
    turns = select(func.count()).where(BallotStep.ballot_id == ballot.id, BallotStep.step == step)
    turn = 1 + (db.session.scalar(turns) or 0) if step in AGAIN else 1
    db.session.add(
        BallotStep(
            ballot_id=ballot.id,
            step=step,
            turn=turn,
            done_at=now,
            account_id=account_id,
            part=part,
            reason=reason,
            record_number=record_number,
        )
    )
    db.session.flush()


def _check(ballot: Ballot, frame: Frame, params: Params, *, now: datetime) -> None:
    """Judge what is to be announced; raise Refused with the first reason."""
    opens_on = clock.today(ballot.opens_at)
    refusal = rules.why_not_announce(
        kind=ballot.kind,
        params=params,
        announced_on=clock.today(now),
        opens_on=opens_on,
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        now=now,
        option_count=frame.options,
        party_review_on=ballot.party_review_on,
        party_review_note=ballot.party_review_note,
    ) or why_not_frame(frame)
    if refusal is None and asking.plan_digest(ballot.version_id) is None:
        refusal = Refusal.PLAN_NOT_FROZEN
    if refusal is None:
        refusal = rules.why_not_mode(params=params, unit=ballot.unit, secrecy=ballot.secrecy)
    if refusal is None:
        refusal = convened.why_not_announce(ballot, params)
    if refusal is None and ballot.secrecy is not Secrecy.OPEN:
        expected = expect_electors(params, meeting_id=ballot.meeting_id, on=opens_on)
        units = expected.households if ballot.unit is Unit.HOUSEHOLD else expected.electors
        refusal = rules.why_not_electorate(units=units, secrecy=ballot.secrecy, params=params)
        refusal = refusal or rules.why_not_key(
            secrecy=ballot.secrecy, option_count=frame.options, public_key=ballot.public_key
        )
    if refusal:
        raise Refused(
            refusal,
            days=params.notice_days,
            options=frame.options,
            fewest=params.secret_from,
        )
