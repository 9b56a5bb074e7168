"""General notices: those that are about themselves, with a text of their own. Never commits."""

import hashlib
import json
from datetime import datetime
from typing import Any

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.notices.events import GeneralNoticeOpened
from portal.notices.models import Notice
from portal.notices.ports import Frozen
from portal.notices.reading import GENERAL, find_round
from portal.notices.rules import Refusal
from portal.notices.scanning import list_findings
from portal.transparency import service as transparency

RECORD_KIND = "notice"
"""The kind of our entries in the public record: a general notice, as it was opened."""


def canonical(notice: Notice) -> bytes:
    """Return what a general notice says, as bytes that are always the same for the same words."""
    facts = {
        "type": notice.type.value,
        "round": notice.round,
        "title": notice.title,
        "body": notice.body,
        "what_to_do": notice.what_to_do,
        "event_on": notice.event_on.isoformat() if notice.event_on else None,
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(notice: Notice) -> str:
    """Return the fingerprint of a general notice as it lies here now."""
    return hashlib.sha256(canonical(notice)).hexdigest()


class GeneralSubject:
    """Answers our own port (`ports.Subject`) for notices that are about themselves."""

    def freeze(self, subject_id: int, *, by: int | None, now: datetime) -> Frozen:
        """Enter the latest round into the public record.

        Raises Refused without a text, and while the scan finds somebody in it.
        """
        notice = find_round(GENERAL, subject_id)
        if not notice.body:
            raise Refused(Refusal.EMPTY)
        if found := list_findings(notice, now=now):
            raise Refused(Refusal.PERSONAL_DATA, findings=found)
        digest = sha256_of(notice)
        entry = transparency.append(
            kind=RECORD_KIND,
            subject=notice.title,
            content_sha256=digest,
            file_sha256=digest,
            now=now,
        )
        return Frozen(digest, entry.number)

    def opened(self, subject_id: int, *, now: datetime) -> None:
        """Tell the village of the latest round."""
        publish(GeneralNoticeOpened(notice_id=find_round(GENERAL, subject_id).id), now=now)

    def digest(self, subject_id: int) -> str:
        """Return the fingerprint of the latest round as it lies here now."""
        notice = find_round(GENERAL, subject_id)
        db.session.refresh(notice)
        return sha256_of(notice)

    def voided(self, subject_id: int, *, reason: str, by: int | None, now: datetime) -> None:
        """Hear of it; a notice that is about itself has nobody else to tell."""

    def page(self, subject_id: int) -> tuple[str, dict[str, Any]]:
        """Return its own page."""
        return "notices.show", {"notice_id": find_round(GENERAL, subject_id).id}

    def desk(self, subject_id: int) -> tuple[str, dict[str, Any]]:
        """Return its own page of the desk."""
        return "notices.prepare", {"notice_id": find_round(GENERAL, subject_id).id}
