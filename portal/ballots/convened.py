"""The meeting at which a binding vote is taken: that of the right body, and going on (V24)."""

from datetime import datetime

from portal.ballots import rules
from portal.ballots.models import Ballot
from portal.ballots.profiles import Params
from portal.ballots.rules import Refusal
from portal.meetings import service as meetings
from portal.meetings.models import Meeting


def why_not_announce(ballot: Ballot, params: Params) -> Refusal | None:
    """Say why a vote by this rule cannot be announced for its meeting, or None."""
    meeting = _find(ballot)
    if meeting is None:
        return rules.why_not_meeting(params=params, kind=None)
    return rules.why_not_meeting(
        params=params,
        kind=meeting.kind,
        is_called_off=meeting.cancelling is not None,
        is_on_its_day=ballot.opens_at < meeting.ends_at and meeting.held_at < ballot.closes_at,
    )


def why_not_open(ballot: Ballot, params: Params, *, now: datetime) -> Refusal | None:
    """Say why nobody can vote before the meeting has begun, or None."""
    if not params.needs_meeting:
        return None
    meeting = _find(ballot)
    if meeting and meeting.opened_at and meeting.opened_at <= now:
        return None
    is_called_off = meeting is not None and meeting.cancelling is not None
    return Refusal.MEETING_CALLED_OFF if is_called_off else Refusal.MEETING_NOT_OPENED


def _find(ballot: Ballot) -> Meeting | None:
    return meetings.get_meeting(ballot.meeting_id) if ballot.meeting_id else None
