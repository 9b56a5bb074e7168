"""What can be asked of ballots and done with them: the door for views and for features above."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from portal.ballots import rules
from portal.ballots.admission import get_ready as get_ready
from portal.ballots.asking import list_options as list_options
from portal.ballots.casting import Receipt as Receipt
from portal.ballots.casting import Standing as Standing
from portal.ballots.casting import cast_vote as cast_vote
from portal.ballots.casting import stand as stand
from portal.ballots.casting import why_not_chosen as why_not_chosen
from portal.ballots.changing import change_vote as change_vote
from portal.ballots.changing import list_changes as list_changes
from portal.ballots.changing import why_not_change as why_not_change
from portal.ballots.counting import Result as Result
from portal.ballots.counting import result_of as result_of
from portal.ballots.drafts import Draft as Draft
from portal.ballots.drafts import find_profile as find_profile
from portal.ballots.electorate import expect_electors as expect_electors
from portal.ballots.electorate import is_elector as is_elector
from portal.ballots.life import announce_ballot as announce_ballot
from portal.ballots.life import announce_drafted as announce_drafted
from portal.ballots.life import change_draft as change_draft
from portal.ballots.life import draft_ballot as draft_ballot
from portal.ballots.life import list_steps as list_steps
from portal.ballots.life import open_ballot as open_ballot
from portal.ballots.models import Ballot, RuleProfile
from portal.ballots.profiles import Params
from portal.ballots.published import archive_ballot as archive_ballot
from portal.ballots.published import decide_objection as decide_objection
from portal.ballots.published import disclose_ballot as disclose_ballot
from portal.ballots.published import hold_up as hold_up
from portal.ballots.receipts import chosen_by as chosen_by
from portal.ballots.receipts import find_receipt as find_receipt
from portal.ballots.receipts import list_receipts as list_receipts
from portal.ballots.receipts import voted_in as voted_in
from portal.ballots.roll import count_cast as count_cast
from portal.ballots.roll import list_votes as list_votes
from portal.ballots.steps import ask_early_close as ask_early_close
from portal.ballots.steps import asked_early as asked_early
from portal.ballots.steps import cancel_ballot as cancel_ballot
from portal.ballots.steps import close_early as close_early
from portal.ballots.steps import discard_draft as discard_draft
from portal.ballots.steps import find_step as find_step
from portal.ballots.steps import resume_ballot as resume_ballot
from portal.ballots.steps import suspend_ballot as suspend_ballot
from portal.core.db import db


def get_ballot(ballot_id: int) -> Ballot:
    """Return an announced ballot, or raise NoResultFound, which the app shows as 404."""
    ballot = get_written(ballot_id)
    if ballot.announced_at is None:
        raise NoResultFound("this ballot is a draft")
    return ballot


def get_written(ballot_id: int) -> Ballot:
    """Return a ballot, be it a draft: for those who write it. Raises NoResultFound."""
    return db.session.get_one(Ballot, ballot_id)


def list_ballots(
    *, version_id: int | None = None, meeting_id: int | None = None, drafts: bool = False
) -> list[Ballot]:
    """Return the village's ballots, the one that closes last first; drafts only if asked for.

    `version_id`, `meeting_id`: only those on this version, of this meeting.
    """
    query = select(Ballot).order_by(Ballot.closes_at.desc(), Ballot.id.desc())
    if not drafts:
        query = query.where(Ballot.announced_at.is_not(None))
    if version_id is not None:
        query = query.where(Ballot.version_id == version_id)
    if meeting_id is not None:
        query = query.where(Ballot.meeting_id == meeting_id)
    return list(db.session.scalars(query))


def list_recent(*, now: datetime, days: int = 30) -> list[Ballot]:
    """Return the ballots that are announced, open, or closed not longer than `days` ago."""
    return list(
        db.session.scalars(
            select(Ballot)
            .where(
                Ballot.suspended_at.is_not(None) | (Ballot.ends_at > now - timedelta(days=days)),
                Ballot.announced_at.is_not(None),
                Ballot.cancelled_at.is_(None),
            )
            .order_by(Ballot.closes_at, Ballot.id)
        )
    )


def state_of(ballot: Ballot, *, now: datetime) -> rules.State:
    """Return where the ballot stands at this moment."""
    return rules.state(ballot, now=now)


def profile_of(ballot: Ballot) -> tuple[RuleProfile, Params]:
    """Return the rule a ballot is held by, with its parameters."""
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    return profile, Params.from_json(profile.params)
