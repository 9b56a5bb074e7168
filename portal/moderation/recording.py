"""Every decision of moderation as a line of the public record: what, when and why, never who."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.db import db
from portal.moderation import ports
from portal.moderation.models import ModerationCase, ModerationDecision
from portal.moderation.rules import Action
from portal.transparency import service as transparency
from portal.transparency.rules import Kept

KIND = "moderation"
LANGUAGE = "zh_Hans"
"""The record is in the village's language, whoever decides."""


def enter(
    decision: ModerationDecision,
    *,
    kind: str,
    subject_number: int,
    now: datetime,
    words: str = "",
) -> None:
    """Enter a decision into the record, in its own transaction; `words` say more of it."""
    with force_locale(LANGUAGE):
        facts = {
            "number": decision.number,
            "name": " ".join(filter(None, (ports.name_of(kind, subject_number) or kind, words))),
        }
        subject = {
            Action.HIDE: _("Moderation no. %(number)s: hidden, %(name)s", **facts),
            Action.RESTORE: _("Moderation no. %(number)s: shown again, %(name)s", **facts),
            Action.APPROVE: _("Moderation no. %(number)s: let through, %(name)s", **facts),
            Action.MUTE: _("Moderation no. %(number)s: may not write, %(name)s", **facts),
            Action.LIFT: _("Moderation no. %(number)s: may write again, %(name)s", **facts),
            Action.CHANGE: _("Moderation no. %(number)s: set anew, %(name)s", **facts),
            Action.CONFIRM: _("Moderation no. %(number)s: stays as appealed, %(name)s", **facts),
        }[decision.action]
    digest = digest_of(decision, kind=kind, subject_number=subject_number)
    decision.record_number = transparency.append(
        kind=KIND, subject=subject, content_sha256=digest, file_sha256=digest, now=now
    ).number
    db.session.flush()


def digest_of(decision: ModerationDecision, *, kind: str, subject_number: int) -> str:
    """Return the digest of what the public log shows of a decision."""
    facts = {
        "number": decision.number,
        "revision": decision.revision,
        "kind": kind,
        "subject": subject_number,
        "action": decision.action.value,
        "code": decision.code.value if decision.code else None,
        "part": decision.part.value,
        "decided_at": decision.decided_at.isoformat(timespec="microseconds"),
    }
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class DecisionKeeper:
    """Answers the public record's question (`transparency.ports.Keeper`) for decisions."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every recorded decision as it lies here now."""
        query = (
            select(ModerationDecision, ModerationCase)
            .join(ModerationCase, ModerationCase.id == ModerationDecision.case_id)
            .where(ModerationDecision.record_number.is_not(None))
            .order_by(ModerationDecision.id)
        )
        for decision, case in db.session.execute(query):
            digest = digest_of(decision, kind=case.subject_kind, subject_number=case.subject_number)
            yield Kept(decision.record_number or 0, digest, digest)
