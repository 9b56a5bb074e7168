"""The way of a plan, as the timeline on its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.core import clock
from portal.core.words import day_words
from portal.notices.service import Opened
from portal.plans.rules import BEFORE_NOTICE, State


@dataclass(frozen=True)
class Step:
    """One step of the timeline; ``state`` is done, now or next."""

    word: str
    state: str
    when: str | None = None


def timeline(state: State, notice: Opened | None, *, now: datetime) -> list[Step]:
    """Return the way of a plan, with the step that it is on."""
    words = (
        _("Drafting"),
        _("Public notice"),
        _("Opinions are answered"),
        _("The village votes"),
        _("Approval and publication"),
    )
    here = {
        State.ON_NOTICE: 1,
        State.NOTICE_CLOSED: 2,
        State.REPLYING: 2,
        State.BALLOTING: 3,
        State.AGREED: 4,
        State.SUBMITTED: 4,
        State.RETURNED: 4,
        State.APPROVED: 4,
    }.get(state, 0 if state in BEFORE_NOTICE else len(words))
    return [
        Step(
            word,
            "done" if number < here else "now" if number == here else "next",
            _notice_days(notice, now=now) if number == 1 and notice else None,
        )
        for number, word in enumerate(words)
    ]


def _notice_days(notice: Opened, *, now: datetime) -> str:
    return _(
        "%(start)s to %(last)s, %(days)s days",
        start=day_words(notice.started_on, clock.today(now)),
        last=day_words(notice.last_on, clock.today(now)),
        days=notice.days,
    )
