"""The privacy scan of general notices before they open: names and numbers of people."""

from datetime import datetime

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.traces import Finding, Personal, find_in_words
from portal.notices.models import Notice
from portal.notices.planning import lock
from portal.notices.reading import GENERAL, state_of
from portal.notices.rules import NoticeState, Refusal
from portal.people import naming

CONTACT = "what_to_do"
"""Where a mobile number is meant to stand: by which one objects."""


def list_findings(notice: Notice, *, now: datetime) -> list[Finding]:
    """Return what names a person in a notice and nobody let stand, each thing once.

    What a notice of something else says is looked through where that is written.
    """
    if notice.subject_kind != GENERAL:
        return []
    said = (("title", notice.title), ("body", notice.body), (CONTACT, notice.what_to_do))
    found: dict[str, Finding] = {}
    for finding in find_in_words(said, naming.names_here(now=now)):
        is_contact = finding.place == CONTACT and finding.kind is Personal.MOBILE
        if finding.sha256 not in notice.let_stand and not is_contact:
            found.setdefault(finding.sha256, finding)
    return list(found.values())


def let_stand(notice_id: int, reason: str, *, now: datetime) -> Notice:
    """Let what was found stand in a notice that is not open, with the reason. Raises Refused."""
    notice = lock(notice_id)
    if state_of(notice, now=now) is not NoticeState.PLANNED:
        raise Refused(Refusal.NOT_PLANNED)
    if not reason.strip():
        raise Refused(Refusal.NO_REASON)
    found = [finding.sha256 for finding in list_findings(notice, now=now)]
    notice.let_stand = [*notice.let_stand, *found]
    notice.let_stand_reason = reason.strip()
    db.session.flush()
    return notice
