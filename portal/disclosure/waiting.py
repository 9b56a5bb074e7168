"""What could be published and has no document yet, and how it would look."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.core.errors import Refused
from portal.core.traces import Finding
from portal.disclosure import life, scanning, states
from portal.disclosure.finding import find_newest_case, find_office, known_subjects
from portal.disclosure.kinds import KINDS
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.press import Press
from portal.disclosure.proofs import print_content
from portal.disclosure.rules import DocKind, Edition, Refusal
from portal.disclosure.states import State
from portal.disclosure.stepping import locked


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something that can be published: `why_not` says what stands in the way."""

    kind: DocKind
    subject_id: int
    name: str
    why_not: Refusal | None


def list_waiting(*, now: datetime) -> list[Waiting]:
    """Return what has no document yet, kind by kind."""
    known = known_subjects()
    why_not = None if find_office() is not None else Refusal.NO_OFFICE
    return [
        Waiting(kind=kind.code, subject_id=subject_id, name=name, why_not=why_not)
        for kind in KINDS.values()
        for subject_id, name in kind.list_waiting(now=now)
        if (kind.code, subject_id) not in known
    ]


def count_waiting(*, now: datetime) -> int:
    """Return how many documents wait to be begun."""
    return len(list_waiting(now=now))


def why_not_begin(kind: DocKind, subject_id: int, *, now: datetime) -> Refusal | None:
    """Say why nothing can be published about this subject now, or None."""
    if refusal := KINDS[kind].why_not(subject_id, now=now):
        return refusal
    newest = find_newest_case(kind, subject_id)
    if newest is not None and newest.state in states.UNDER_WAY:
        return Refusal.ALREADY_UNDER_WAY
    return None if find_office() is not None else Refusal.NO_OFFICE


def draft_of(kind: DocKind, subject_id: int) -> DisclosureCase:
    """Return the document under way about a subject, or one that is not kept anywhere."""
    newest = find_newest_case(kind, subject_id)
    if newest is not None and newest.state in states.UNDER_WAY:
        return newest
    return DisclosureCase(
        id=0,
        kind=kind,
        subject_id=subject_id,
        issue=newest.issue + 1 if newest else 1,
        state=State.PLANNED,
        body=[],
    )


def preview(
    kind: DocKind,
    subject_id: int,
    *,
    edition: Edition,
    publish_on: date,
    press: Press,
    now: datetime,
) -> bytes:
    """Return how the document would look, marked as a preview. Raises Refused."""
    case = draft_of(kind, subject_id)
    content = life.content_of(case, publish_on=publish_on, press=press, now=now)
    mark = press.gettext("Preview, not published")
    return print_content(content, subject_id, edition, press, mark=mark)


def find_personal_data(
    kind: DocKind, subject_id: int, *, publish_on: date, press: Press, now: datetime
) -> list[Finding]:
    """Return what the privacy scan finds in the document as it would be now. Raises Refused."""
    case = draft_of(kind, subject_id)
    content = life.content_of(case, publish_on=publish_on, press=press, now=now)
    return life.scan(case, content, now=now)


def allow(
    case_id: int,
    finding_sha256: str,
    *,
    reason: str,
    press: Press,
    account_id: int | None,
    publish_on: date,
    now: datetime,
) -> None:
    """Let what the scan found stand in a draft, with the reason, which is kept. Raises Refused."""
    case = locked(case_id)
    if case.state is not State.DRAFT:
        raise Refused(Refusal.NOT_IN_THIS_STATE)
    content = life.content_of(case, publish_on=publish_on, press=press, now=now)
    found = {finding.sha256: finding for finding in life.scan(case, content, now=now)}
    if finding_sha256 not in found:
        raise Refused(Refusal.NOT_FOUND_IN_IT)
    scanning.allow(case_id, found[finding_sha256], reason=reason, account_id=account_id, now=now)
