"""What is done with a document until it is public: drafted, generated, reviewed, published."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete

from portal.core import clock, outbox
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.pdf.digest import canonical, sha256_of
from portal.core.traces import Finding
from portal.disclosure import catalogue_keeping, events, pdf, rules, scanning, states
from portal.disclosure.contents import Content
from portal.disclosure.finding import find_newest_case, find_office, version_printed
from portal.disclosure.gathering import Place
from portal.disclosure.kinds import KINDS
from portal.disclosure.life_models import DisclosureCase, DisclosureProof
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.press import Press
from portal.disclosure.proofs import (
    digest_of,
    keep_proofs,
    move_proofs,
    number_in,
    print_content,
    village_here,
    why_not_number,
)
from portal.disclosure.rules import DocKind, Edition, Refusal
from portal.disclosure.states import State, Step
from portal.disclosure.stepping import (
    Actor,
    drafters,
    is_rest_day,
    lock_village,
    locked,
    person_of,
    refuse,
    take,
)
from portal.notices.rules import last_day


def begin(
    kind: DocKind,
    subject_id: int,
    *,
    actor: Actor,
    now: datetime,
    title: str = "",
    reason: str = "",
    body: Sequence[Mapping[str, Any]] = (),
    issue: int | None = None,
) -> DisclosureCase:
    """Begin a document; one about a subject that has one already takes its place and says why.

    Two who begin the same at once ask for the same issue, and the key refuses one. Raises Refused.
    """
    refuse(KINDS[kind].why_not(subject_id, now=now))
    newest = find_newest_case(kind, subject_id)
    if newest and newest.state in states.UNDER_WAY:
        raise Refused(Refusal.ALREADY_UNDER_WAY)
    if newest and newest.state in states.PUBLIC and not reason.strip():
        raise Refused(Refusal.NO_REASON)
    case = DisclosureCase(
        kind=kind,
        subject_id=subject_id,
        issue=issue or (newest.issue + 1 if newest else 1),
        title=title[:300],
        state=State.PLANNED,
        since=now,
        steps=0,
        reason=reason.strip()[:500],
        body=[dict(part) for part in body],
    )
    db.session.add(case)
    db.session.flush()
    take(case, Step.BEGIN, actor=actor, now=now, reason=reason)
    return case


def write(case_id: int, body: Sequence[Mapping[str, Any]], *, now: datetime) -> DisclosureCase:
    """Keep what the committee wrote into a draft. Raises Refused."""
    case = locked(case_id)
    if case.state is not State.DRAFT:
        raise Refused(Refusal.NOT_IN_THIS_STATE)
    case.body = [dict(part) for part in body]
    db.session.flush()
    return case


def content_of(case: DisclosureCase, *, publish_on: date, press: Press, now: datetime) -> Content:
    """Gather what a document would say if it came out on that day. Raises Refused."""
    kind = KINDS[case.kind]
    refuse(kind.why_not(case.subject_id, now=now))
    office = find_office()
    if office is None:
        raise Refused(Refusal.NO_OFFICE)
    place = Place(
        village=village_here(),
        office=office,
        number=rules.number_words(publish_on.year, number_in(case, publish_on.year)),
        issue=version_printed(case),
        issued_on=publish_on,
        period_end=last_day(publish_on, days=states.OBJECTION_DAYS, is_rest_day=is_rest_day()),
        body=case.body,
    )
    content: Content = kind.gather(case.subject_id, place=place, press=press, now=now)
    return content


def scan(case: DisclosureCase, content: Content, *, now: datetime) -> list[Finding]:
    """Return what the privacy scan finds in a content and nobody let stand."""
    names = scanning.names_to_find(village_here(), now=now)
    found = scanning.scan_content(canonical(content).decode(), names)
    return scanning.without_allowed(case.id, found)


def generate(
    case_id: int, *, publish_on: date, press: Press, actor: Actor, now: datetime
) -> DisclosureCase:
    """Give the document its number, print both editions, look through them, sign them.

    These bytes are what is reviewed and published. Who generates in one village queues for the
    village's row, so numbers leave no gap; the keys are the last judges. Raises Refused.
    """
    lock_village()
    case = locked(case_id)
    refuse(states.why_not_step(case.state, Step.GENERATE, reason=""))
    kind = KINDS[case.kind]
    refuse(states.why_not_day(publish_on, today=clock.today(now)))
    refuse(why_not_number(case, publish_on.year))
    content = content_of(case, publish_on=publish_on, press=press, now=now)
    if kind.is_written and not case.body:
        raise Refused(Refusal.NOTHING_WRITTEN)
    _refuse_the_same(case, content)
    text = canonical(content).decode()
    names = scanning.names_to_find(village_here(), now=now)
    found = scanning.scan_content(text, names)
    printed = {
        edition: print_content(content, case.subject_id, edition, press) for edition in Edition
    }
    found += scanning.scan_files(text, printed.values(), names, found)
    if findings := scanning.without_allowed(case.id, found):
        raise Refused(Refusal.PERSONAL_DATA, findings=findings)
    case.number, case.year = number_in(case, publish_on.year), publish_on.year
    case.title = pdf.title_of(content, press.gettext)[:300]
    case.content, case.content_sha256 = text, sha256_of(content)
    case.publish_on = publish_on
    case.period_start, case.period_end = content.head.period_start, content.head.period_end
    case.handed_in_by = case.approved_by = None
    case.approved_digest = ""
    keep_proofs(case, printed, press.language, now=now)
    take(case, Step.GENERATE, actor=actor, now=now, digest=digest_of(case_id))
    return case


def hand_in(case_id: int, *, actor: Actor, now: datetime) -> DisclosureCase:
    """Hand the generated document to the supervision committee. Raises Refused."""
    case = locked(case_id)
    take(case, Step.HAND_IN, actor=actor, now=now, digest=digest_of(case_id))
    case.handed_in_by = actor.account_id
    outbox.publish(events.ReviewAsked(case_id=case_id), now=now)
    return case


def why_not_review(case: DisclosureCase, account_id: int, *, is_committee: bool) -> Refusal | None:
    """Say why this account may not review this document, or None."""
    return states.why_not_review(
        person_of(account_id), drafters=drafters(case.id), is_committee=is_committee
    )


def approve(case_id: int, *, actor: Actor, is_committee: bool, now: datetime) -> DisclosureCase:
    """Agree to a document as it was handed in, byte for byte. Raises Refused."""
    case = locked(case_id)
    assert actor.account_id is not None  # noqa: S101 -- somebody reviews, never the clock
    refuse(why_not_review(case, actor.account_id, is_committee=is_committee))
    if case.approved_by is not None:
        raise Refused(Refusal.SOMEBODY_ELSE_DID)
    digest = digest_of(case_id)
    take(case, Step.APPROVE, actor=actor, now=now, digest=digest)
    case.approved_by, case.approved_digest, case.due_on = actor.account_id, digest, None
    assert case.publish_on is not None  # noqa: S101 -- it was generated
    at = max(now, clock.midnight_before(case.publish_on))
    outbox.publish(events.PublishDay(case_id=case_id, steps=case.steps), now=now, at=at)
    db.session.flush()
    return case


def send_back(
    case_id: int, *, actor: Actor, is_committee: bool, reason: str, now: datetime
) -> DisclosureCase:
    """Send a document back with the reason; the committee has five days. Raises Refused."""
    case = locked(case_id)
    assert actor.account_id is not None  # noqa: S101 -- somebody reviews, never the clock
    refuse(why_not_review(case, actor.account_id, is_committee=is_committee))
    take(case, Step.SEND_BACK, actor=actor, now=now, reason=reason, digest=digest_of(case_id))
    case.approved_by, case.approved_digest = None, ""
    outbox.publish(events.SentBack(case_id=case_id), now=now)
    db.session.flush()
    return case


def take_back(case_id: int, *, actor: Actor, reason: str, now: datetime) -> DisclosureCase:
    """Take a document back into the draft, to change it. Raises Refused."""
    case = locked(case_id)
    take(case, Step.TAKE_BACK, actor=actor, now=now, reason=reason)
    case.approved_by, case.approved_digest = None, ""
    db.session.flush()
    return case


def withdraw(case_id: int, *, actor: Actor, reason: str, now: datetime) -> DisclosureCase:
    """Give a document up before it is public; its number stays with it. Raises Refused."""
    case = locked(case_id)
    take(case, Step.WITHDRAW, actor=actor, now=now, reason=reason)
    db.session.execute(delete(DisclosureProof).where(DisclosureProof.case_id == case_id))
    return case


def publish(case_id: int, *, actor: Actor, now: datetime) -> DisclosureDoc:
    """Publish the very bytes that were reviewed, and record their digests. Raises Refused."""
    lock_village()
    case = locked(case_id)
    refuse(states.why_not_step(case.state, Step.PUBLISH, reason=""))
    assert case.publish_on and case.period_start and case.period_end  # noqa: S101 -- generated
    assert case.year and case.number  # noqa: S101 -- generated
    digest = digest_of(case_id)
    refuse(
        states.why_not_publish(
            is_approved=case.approved_by is not None,
            is_as_reviewed=digest == case.approved_digest,
            today=clock.today(now),
            publish_on=case.publish_on,
            has_own_period=KINDS[case.kind].has_own_period,
            period_end=case.period_end,
        )
    )
    names = scanning.names_to_find(village_here(), now=now)
    found = scanning.scan_content(case.content, names)
    if findings := scanning.without_allowed(case.id, found):
        raise Refused(Refusal.PERSONAL_DATA, findings=findings)
    doc = DisclosureDoc(
        kind=case.kind,
        year=case.year,
        number=case.number,
        subject_id=case.subject_id,
        issue=case.issue,
        title=case.title,
        period_start=case.period_start,
        period_end=case.period_end,
        content=case.content,
        content_sha256=case.content_sha256,
        published_at=now,
        published_by=actor.account_id,
    )
    db.session.add(doc)
    db.session.flush()
    move_proofs(case, doc, now=now)
    case.doc_id, case.published_at = doc.id, now
    take(case, Step.PUBLISH, actor=actor, now=now, digest=digest)
    take(case, Step.OPEN_OBJECTIONS, actor=actor, now=now)
    _replace_earlier(case, actor=actor, now=now)
    catalogue_keeping.note_published(case, doc, now=now)
    KINDS[case.kind].published(case.subject_id, now=now, account_id=actor.account_id)
    outbox.publish(events.Published(case_id=case_id), now=now)
    return doc


def _refuse_the_same(case: DisclosureCase, content: Content) -> None:
    """Refuse what says the same as the issue before, but for number, issue and dates."""
    earlier = find_newest_case(case.kind, case.subject_id, before=case.issue)
    if earlier is None or not earlier.content or earlier.number is None or earlier.year is None:
        return
    text = canonical(content).decode()
    if refusal := rules.why_not_again(newest_content=earlier.content, content=text):
        raise Refused(refusal, number=rules.number_words(earlier.year, earlier.number))


def _replace_earlier(case: DisclosureCase, *, actor: Actor, now: datetime) -> None:
    """Mark what the new document takes the place of: the issue before, or what it corrects."""
    if case.kind is DocKind.CORRECTION:
        earlier = locked(case.subject_id)
    else:
        found = find_newest_case(case.kind, case.subject_id, before=case.issue)
        if found is None or found.state not in states.PUBLIC:
            return
        earlier = locked(found.id)
    if earlier.replaced_by_id is not None:
        raise Refused(Refusal.NOT_PUBLISHED)
    take(earlier, Step.CORRECT, actor=actor, now=now, reason=case.reason)
    earlier.replaced_by_id = case.id
    db.session.flush()
