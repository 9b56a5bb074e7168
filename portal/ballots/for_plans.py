"""Answers what the life of a plan asks of the vote on it (`plans.ports.Ballots`)."""

from datetime import datetime

from portal.ballots import arithmetic, rules
from portal.ballots import service as ballots
from portal.plans.ports import Standing

NOT_TAKEN = (rules.State.NOT_HELD, rules.State.SET_ASIDE, rules.State.CANCELLED)


class VersionBallots:
    """Knows how the vote on a version stands. Only a meeting's binding vote counts (V1, V24)."""

    def standing(self, version_id: int, *, content_sha256: str, now: datetime) -> Standing:
        """Return how the statutory vote on exactly this wording stands; the latest one counts.

        It has passed once that is written down; then only an objection can hold it up, and only its
        being upheld undo it.
        """
        statutory = [
            ballot
            for ballot in ballots.list_ballots(version_id=version_id)
            if ballots.profile_of(ballot)[1].decides_plans
            and ballots.state_of(ballot, now=now) not in NOT_TAKEN
        ]
        if not statutory:
            return Standing.NONE
        ballot = statutory[0]
        state = ballots.state_of(ballot, now=now)
        if state is rules.State.OBJECTED or not state.is_counted:
            return Standing.RUNNING
        if ballot.version_sha256 != content_sha256:
            return Standing.OTHER_TEXT
        outcome = ballots.result_of(ballot, now=now).outcome
        if outcome is not arithmetic.Outcome.PASSED:
            return Standing.NOT_PASSED
        return Standing.PASSED if ballot.counted_at else Standing.RUNNING
