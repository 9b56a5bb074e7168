"""What a recommendation becomes: a drafted vote, an opinion on the plan, a duty. Never commits."""

from datetime import date, datetime, timedelta

from portal.ballots import service as ballots
from portal.ballots.rules import Kind as BallotKind
from portal.core import clock
from portal.core.db import keep_once
from portal.core.errors import Refused
from portal.discussion import rules as discussion_rules
from portal.discussion import service as discussion
from portal.implementation import duties
from portal.implementation.rules import DutyKind
from portal.plans import service as plans
from portal.proposals import deliberating, service
from portal.proposals.models import CarriedOut, Proposal, Recommendation
from portal.proposals.rules import LEADS_TO, Outcome, Refusal, State
from portal.proposals.service import Line

PROFILE = "consultative"
"""The rule of the drafted vote; the committee chooses another one on its sheet if it must."""
UNTIL_IT_OPENS, OPEN = timedelta(days=7), timedelta(days=7)
TITLE_IN_OPINION = "〔村民提案第{number}号〕{title}\n{body}"


def why_not_repeat(line: Line) -> Refusal | None:
    """Say why the words of a proposal are not said again as a vote, an opinion, a duty, or None."""
    if line.is_taken_back:
        return Refusal.TAKEN_BACK
    return None if line.is_readable else Refusal.NOT_READABLE


def why_not_opinion(
    proposal: Proposal, *, resident_id: int | None, now: datetime
) -> Refusal | None:
    """Say why a proposal cannot be handed in as its author's opinion on the plan now, or None.

    Its author agreed to it when writing, or does it now.
    """
    version = plans.find_current_version()
    if version is None:
        return Refusal.NO_PLAN
    refusal = discussion.why_not_comment(version.id, resident_id=proposal.resident_id, now=now)
    if refusal is discussion_rules.Refusal.NOT_OPEN:
        return Refusal.PLAN_NOT_OPEN
    if refusal:
        return Refusal.AUTHOR_CANNOT
    if not proposal.agrees_to_opinion and resident_id != proposal.resident_id:
        return Refusal.NO_CONSENT
    return None


def carry_out(
    proposal_id: int,
    *,
    seen: int,
    account_id: int | None,
    resident_id: int | None = None,
    owner: str = "",
    due_on: date | None = None,
    now: datetime,
) -> CarriedOut:
    """Do what the council recommended, and let the proposal go on. Raises Refused.

    `resident_id`: it is the author who hands in the opinion. `owner` and `due_on` are who has to
    see to a project, until when.
    """
    proposal = service.get_proposal(proposal_id, locked=True)
    advice = deliberating.find_recommendation(proposal_id)
    if advice is None or proposal.state is not State.DELIBERATED:
        raise Refused(Refusal.STALE if seen != proposal.position else Refusal.NOT_NOW)
    if refusal := why_not_repeat(service.get_line(proposal_id)):
        raise Refused(refusal)
    service.step(proposal, LEADS_TO[advice.outcome], seen=seen, account_id=account_id, now=now)
    row = CarriedOut(proposal_id=proposal.id, done_by=account_id, done_at=now)
    if advice.outcome is Outcome.BALLOT:
        row.ballot_id = _draft_ballot(proposal, advice, account_id=account_id, now=now)
    elif advice.outcome is Outcome.PLAN:
        row.comment_id = _opine(proposal, resident_id=resident_id, now=now)
    else:
        row.duty_id = _assign(proposal, owner=owner, due_on=due_on, now=now)
    return keep_once(row, twice=Refusal.STALE)


def hand_to_plan(proposal_id: int, *, resident_id: int, seen: int, now: datetime) -> CarriedOut:
    """Let the author hand in what the council advised as an opinion. Raises Refused."""
    if service.get_proposal(proposal_id).resident_id != resident_id:
        raise Refused(Refusal.NOT_YOURS)
    advice = deliberating.find_recommendation(proposal_id)
    if advice is None or advice.outcome is not Outcome.PLAN:
        raise Refused(Refusal.NOT_NOW)
    return carry_out(proposal_id, seen=seen, account_id=None, resident_id=resident_id, now=now)


def _draft_ballot(
    proposal: Proposal, advice: Recommendation, *, account_id: int | None, now: datetime
) -> int:
    """Draft a vote on the proposal; the committee looks it over and announces it."""
    version = plans.find_current_version()
    if version is None:
        raise Refused(Refusal.NO_PLAN)
    opens_at = clock.midnight_after(clock.today(now) + UNTIL_IT_OPENS)
    draft = ballots.Draft(
        version_id=version.id,
        question=proposal.title,
        explanation=f"{proposal.body}\n\n{advice.reason}",
        kind=BallotKind.YES_NO,
        profile_code=PROFILE,
        opens_at=opens_at,
        closes_at=opens_at + OPEN,
    )
    return ballots.draft_ballot(draft, now=now, account_id=account_id).id


def _opine(proposal: Proposal, *, resident_id: int | None, now: datetime) -> int:
    version = plans.find_current_version()
    if refusal := why_not_opinion(proposal, resident_id=resident_id, now=now):
        raise Refused(refusal)
    assert version is not None  # noqa: S101 -- the rule has just looked
    body = TITLE_IN_OPINION.format(number=proposal.number, title=proposal.title, body=proposal.body)
    comment = discussion.post_comment(
        version.id,
        body=body,
        about="",
        about_title="",
        show_name=False,
        client_key=f"proposal-{proposal.id}",
        resident_id=proposal.resident_id,
        now=now,
    )
    return comment.id


def _assign(proposal: Proposal, *, owner: str, due_on: date | None, now: datetime) -> int:
    if not owner.strip() or due_on is None:
        raise Refused(Refusal.NO_OWNER)
    duty = duties.assign(
        DutyKind.OTHER,
        subject_id=None,
        what=proposal.title,
        owner=owner.strip(),
        due_on=due_on,
        now=now,
    )
    return duty.id
