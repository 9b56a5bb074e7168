"""What is happening with a plan, until when, and what whoever looks can do now: one line."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part
from portal.core.words import day_words
from portal.notices.models import Notice
from portal.notices.service import Opened
from portal.plans import phases, standing
from portal.plans.models import PlanVersion
from portal.plans.phases import PHASE_OF, Deed, Phase
from portal.plans.rules import State

WHAT = {
    State.DRAFT: _l("The plan is being written."),
    State.COMMITTEE_REVIEW: _l("The committee is reviewing the draft."),
    State.SCHEDULED: _l("The public notice is being prepared."),
    State.ON_NOTICE: _l("The plan is on public notice."),
    State.NOTICE_CLOSED: _l("The notice is over. The opinions are to be answered."),
    State.REPLYING: _l("Every opinion is being answered."),
    State.BALLOTING: _l("The village votes on the plan."),
    State.AGREED: _l("The village agreed. The plan goes to the approving authority."),
    State.SUBMITTED: _l("The plan was submitted. The approving authority decides."),
    State.RETURNED: _l("The approving authority returned the plan."),
    State.APPROVED: _l("The plan is approved, and is being published."),
    State.PUBLISHED: _l("The approved plan is published."),
    State.IN_FORCE: _l("The plan is in force."),
    State.AMENDING: _l("The plan is in force while an amendment is being prepared."),
    State.SUPERSEDED: _l("A newer version took the place of this one."),
    State.EXPIRED: _l("The time of this plan is over."),
    State.WITHDRAWN: _l("This plan was withdrawn."),
}
CAN = {
    Deed.COMMENT: _l("Read it, and say what should be different."),
    Deed.VOTE: _l("Read it, and vote."),
    Deed.ENTER: _l("Help others to take part."),
    Deed.MOVE: _l("See what comes next, and what is still missing."),
    Deed.WRITE: _l("Go on writing, and hand it to the committee."),
    Deed.WATCH: _l("See to it that the notice hangs on every board."),
    Deed.READ_OPINIONS: _l("Read the plan and what people think of it."),
    Deed.FOLLOW: _l("Read the plan and follow what becomes of it."),
    Deed.READ: _l("Read the plan."),
}
ACTIONS = {
    Deed.COMMENT: _l("Give your opinion"),
    Deed.VOTE: _l("Go to the vote"),
    Deed.ENTER: _l("Enter it for others"),
    Deed.MOVE: _l("Next steps"),
    Deed.WRITE: _l("Open in the workbench"),
    Deed.WATCH: _l("The public notice"),
    Deed.READ_OPINIONS: _l("Read the opinions"),
    Deed.FOLLOW: _l("The way of this plan"),
    Deed.READ: _l("Read the plan"),
}
INSTEAD = {
    (Deed.WRITE, State.COMMITTEE_REVIEW): (
        _l("While the committee reviews it, you can still change it."),
        ACTIONS[Deed.WRITE],
    ),
    (Deed.WRITE, State.SCHEDULED): (
        _l("Until the notice opens, you can still change it."),
        ACTIONS[Deed.WRITE],
    ),
    **dict.fromkeys(
        [(Deed.FOLLOW, state) for state in State if PHASE_OF[state] is Phase.IN_FORCE],
        (_l("Read the plan, and see how far it has come."), _l("How far the plan is")),
    ),
    **dict.fromkeys(
        [(Deed.FOLLOW, state) for state in State if PHASE_OF[state] is Phase.OVER],
        (_l("See what happened to it, and its other versions."), ACTIONS[Deed.FOLLOW]),
    ),
}
"""What is said in a state instead of the words of the deed: what can be done, and the button."""
DEEDS = {
    **ACTIONS,
    Deed.EXPLAIN: _l("Say why something changed"),
    Deed.BALLOT: _l("Announce the ballot"),
}
PHASES = {
    Phase.DRAFTING: _l("Drafting"),
    Phase.NOTICE: _l("Public notice"),
    Phase.ANSWERING: _l("Opinions are answered"),
    Phase.VOTE: _l("The village votes"),
    Phase.APPROVAL: _l("Approval and publication"),
    Phase.IN_FORCE: _l("In force"),
    Phase.OVER: _l("Over"),
}


@dataclass(frozen=True)
class NowLine:
    """What a page says at its top. `until` is a moment that a deadline is shown for."""

    what: str
    until: datetime | None
    until_words: str
    can: str
    action: str
    href: str


def now_line(
    version: PlanVersion, state: State, notice: Opened | None, *, now: datetime
) -> NowLine:
    """Return the line for whoever is asking: by their parts in this village.

    Who is not signed in is offered what a villager may do: that leads them to the sign-in.
    """
    parts = g.viewer.parts if g.viewer else (Part.VILLAGER,)
    deed = phases.first_of(phases.deeds_of(state, parts)) or Deed.READ
    can, action = INSTEAD.get((deed, state), (CAN[deed], ACTIONS[deed]))
    void = standing.void_notice_of(version, state)
    return NowLine(
        what=void_words(void, now=now) if void else str(WHAT[state]),
        until=notice.ends_at if notice is not None and state is State.ON_NOTICE else None,
        until_words=_("Reason: %(reason)s", reason=void.void_reason)
        if void
        else _until(version, state, now=now),
        can=str(can),
        action=str(action),
        href=_href(version, deed, state, notice),
    )


def void_words(notice: Notice, *, now: datetime) -> str:
    """Say that a notice is void and counts for nothing."""
    assert notice.voided_at is not None  # noqa: S101 -- it is void
    return _(
        "The public notice was declared void on %(day)s. A new one will begin from its first day.",
        day=day_words(clock.today(notice.voided_at), clock.today(now)),
    )


def _until(version: PlanVersion, state: State, *, now: datetime) -> str:
    """Say until when it goes on like this, where a rule or a day says so."""
    if state is State.SCHEDULED and version.scheduled_for is not None:
        return _(
            "The notice is to start on %(day)s.",
            day=day_words(version.scheduled_for, clock.today(now)),
        )
    if state is State.APPROVED and (last := standing.publish_by(version)) is not None:
        if clock.today(now) > last:
            return _(
                "It should have been published by %(day)s.", day=day_words(last, clock.today(now))
            )
        return _("To be published by %(day)s.", day=day_words(last, clock.today(now)))
    if state is State.PUBLISHED and version.in_force_on is not None:
        return _(
            "It comes into force on %(day)s.", day=day_words(version.in_force_on, clock.today(now))
        )
    if state in (State.IN_FORCE, State.AMENDING):
        return _("Until the end of %(year)s.", year=version.target_year)
    return ""


def _href(version: PlanVersion, deed: Deed, state: State, notice: Opened | None) -> str:
    match deed:
        case Deed.COMMENT | Deed.READ_OPINIONS:
            return url_for("discussion.plan", version_id=version.id)
        case Deed.VOTE:
            return url_for("ballots.index")
        case Deed.ENTER:
            return url_for("assisting.index")
        case Deed.MOVE:
            return url_for("plans.steps", version_id=version.id)
        case Deed.WRITE:
            return url_for("plans.workbench", version_id=version.id)
        case Deed.WATCH if notice is not None:
            return url_for("notices.show", notice_id=notice.id)
        case Deed.FOLLOW if PHASE_OF[state] is Phase.IN_FORCE:
            return url_for("implementation.index")
        case Deed.FOLLOW:
            return url_for("plans.history", version_id=version.id)
        case _:
            return url_for("plans.show", version_id=version.id)
