"""One try to bring a claimed delivery to a phone or a browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from portal.core.db import transaction
from portal.inbox import kinds, push, rules
from portal.inbox.rules import Outcome, Way
from portal.inbox.service import path_to
from portal.sign_in import sms

PUSH_LIVES = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A delivery that this process has claimed, with all that is needed to send it."""

    id: int
    way: Way
    target: str
    tries: int
    can_wait: bool
    ends_at: datetime | None
    kind: str
    facts: dict[str, Any]
    language: str
    village: str
    address: push.Address | None


@dataclass(frozen=True)
class Result:
    """What became of one try, and what the other side said (never a phone, never a name)."""

    outcome: Outcome
    note: str = ""


def send(job: Job, *, now: datetime) -> Result:
    """Send what was claimed, on its way."""
    return _send_sms(job) if job.way is Way.SMS else _send_push(job, now=now)


def _send_sms(job: Job) -> Result:
    """Send a short text without a link: nobody should learn to trust links in such texts."""
    words = kinds.words_of(job.kind, job.facts)
    text = _("%(village)s: %(words)s", village=job.village, words=words)
    sender: sms.Sender = current_app.extensions["sms"]
    answer = sender.send(phone=job.target, text=text[: rules.LONGEST_SMS])
    return Result(Outcome(answer.outcome.value), answer.reason[:200])


def _send_push(job: Job, *, now: datetime) -> Result:
    assert job.address is not None  # noqa: S101 -- claimed with it
    facts = {
        "title": job.village,
        "body": _("There is news from %(village)s", village=job.village),
        "path": path_to("inbox.index"),
    }
    answer = push.send(
        job.address,
        facts,
        is_urgent=not job.can_wait,
        lives=min(PUSH_LIVES, job.ends_at - now) if job.ends_at else PUSH_LIVES,
        now=now,
    )
    if answer.is_gone:
        with transaction():
            push.forget(job.address.subscription_id)
    return Result(answer.outcome, answer.note)
