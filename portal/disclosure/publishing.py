"""Publishing documents: what waits, what stands in the way, the preview, the deed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.ballots import service as ballots
from portal.ballots.rules import State as BallotState
from portal.core import clock, scope
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.pdf.digest import canonical, sha256_of
from portal.disclosure import gathering, pdf, rules
from portal.disclosure.contents import Content
from portal.disclosure.finding import find_newest, find_office, newest_issues, sha256
from portal.disclosure.gathering import Place
from portal.disclosure.models import DisclosureDoc, DisclosureFile
from portal.disclosure.rules import DocKind, Edition, Finding, Refusal
from portal.maps.words import Words
from portal.people.models import Region
from portal.people.service import Village
from portal.plans import service as plans
from portal.plans.rules import State as PlanState
from portal.transparency import service as transparency

RECORD_KIND = "disclosure"
NOT_SCANNED = frozenset({"office", "verify_url", "comment_url", "village_code"})


@dataclass(frozen=True, kw_only=True)
class Press:
    """What printing needs from the page that asks for it: language, words, addresses."""

    language: str
    gettext: Callable[[str], str]
    map_words: Words
    verify_url: Callable[[str], str]
    comment_url: Callable[[int], str]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something that can be published: `why_not` says what stands in the way."""

    kind: DocKind
    subject_id: int
    name: str
    why_not: Refusal | None


def list_waiting(*, now: datetime) -> list[Waiting]:
    """Return closed ballots and running notices that have no document yet."""
    published = newest_issues()
    waiting = []
    for line in plans.list_public_versions(now=now):
        key = (DocKind.DRAFT_NOTICE, line.id)
        if line.state is PlanState.ON_NOTICE and key not in published:
            waiting.append((*key, line.title))
    for ballot in ballots.list_ballots():
        key = (DocKind.VOTE_RESULT, ballot.id)
        is_closed = ballots.state_of(ballot, now=now) is BallotState.CLOSED
        if is_closed and key not in published:
            waiting.append((*key, ballot.question))
    has_office = find_office() is not None
    return [
        Waiting(
            kind=kind,
            subject_id=subject_id,
            name=name,
            why_not=None if has_office else Refusal.NO_OFFICE,
        )
        for kind, subject_id, name in waiting
    ]


def count_waiting(*, now: datetime) -> int:
    """Return how many documents wait to be published."""
    return len(list_waiting(now=now))


def why_not_publish(kind: DocKind, subject_id: int, *, now: datetime) -> Refusal | None:
    """Say why nothing can be published about this subject now, or None."""
    has_office = find_office() is not None
    if kind is DocKind.VOTE_RESULT:
        state = ballots.state_of(ballots.get_ballot(subject_id), now=now)
        return rules.why_not_publish_result(
            is_closed=state is BallotState.CLOSED,
            was_held=state is not BallotState.NOT_HELD,
            has_office=has_office,
        )
    version = plans.get_version(subject_id)
    notice = plans.notice_of(subject_id)
    return rules.why_not_publish_notice(
        is_on_notice=notice is not None and version.content_sha256 is not None,
        is_over=notice is not None and now >= notice.ends_at,
        content_unchanged=version.content_sha256 is not None and plans.recheck(version),
        has_summary=any(sentence.strip() for sentence in version.sentences),
        has_office=has_office,
    )


def preview(
    kind: DocKind, subject_id: int, *, edition: Edition, press: Press, now: datetime
) -> bytes:
    """Return how the document would look now, marked as a preview. Raises Refused."""
    content = _checked(kind, subject_id, press=press, now=now)
    return _print(content, subject_id, edition, press, is_preview=True)


def publish(
    kind: DocKind, subject_id: int, *, press: Press, published_by: int | None, now: datetime
) -> DisclosureDoc:
    """Give the document its number, print both editions, keep them, record their digests.

    Publishers of one village queue for the village's row, so numbers leave no gap; the keys are the
    last judges. Raises Refused.
    """
    village_id = scope.require_village()
    db.session.execute(
        select(Region.id).where(Region.id == village_id).with_for_update(key_share=True)
    )
    content = _checked(kind, subject_id, press=press, now=now)
    newest = find_newest(kind, subject_id)
    if newest and (refusal := _why_not_again(content, newest)):
        raise Refused(refusal, number=rules.number_words(newest.year, newest.number))
    text = canonical(content).decode()
    if findings := rules.find_personal_data(text, skip=NOT_SCANNED):
        raise Refused(Refusal.PERSONAL_DATA, findings=findings)
    digest = sha256_of(content)
    doc = DisclosureDoc(
        kind=kind,
        year=clock.today(now).year,
        number=_next_number(clock.today(now).year),
        subject_id=subject_id,
        issue=content.head.issue,
        title=pdf.title_of(content, press.gettext),
        period_start=content.head.period_start,
        period_end=content.head.period_end,
        content=text,
        content_sha256=digest,
        published_at=now,
        published_by=published_by,
    )
    db.session.add(doc)
    db.session.flush()
    for edition in Edition:
        _keep(doc, content, subject_id, edition, press, now=now)
    return doc


def find_personal_data(
    kind: DocKind, subject_id: int, *, press: Press, now: datetime
) -> list[Finding]:
    """Return what the privacy scan finds in the document as it would be published now."""
    content = _checked(kind, subject_id, press=press, now=now)
    return rules.find_personal_data(canonical(content).decode(), skip=NOT_SCANNED)


def _checked(kind: DocKind, subject_id: int, *, press: Press, now: datetime) -> Content:
    """Gather the content of the next issue, or raise Refused."""
    if refusal := why_not_publish(kind, subject_id, now=now):
        raise Refused(refusal)
    office = find_office()
    assert office is not None  # noqa: S101 -- why_not_publish has seen it
    year = clock.today(now).year
    newest = find_newest(kind, subject_id)
    place = Place(
        village=_village(),
        office=office,
        number=rules.number_words(year, _next_number(year)),
        issue=newest.issue + 1 if newest else 1,
    )
    if kind is DocKind.VOTE_RESULT:
        return gathering.gather_vote_result(subject_id, place=place, now=now)
    return gathering.gather_draft_notice(
        subject_id, place=place, comment_url=press.comment_url(subject_id)
    )


def _why_not_again(content: Content, newest: DisclosureDoc) -> Refusal | None:
    """Compare with the issue before, leaving number, issue and dates of publication aside."""
    return rules.why_not_again(newest_content=newest.content, content=canonical(content).decode())


def _keep(
    doc: DisclosureDoc,
    content: Content,
    subject_id: int,
    edition: Edition,
    press: Press,
    *,
    now: datetime,
) -> None:
    printed = _print(content, subject_id, edition, press, is_preview=False)
    name = f"{content.head.number} {doc.title}"
    if edition is Edition.LARGE:
        name += press.gettext(" (large print)")
    entry = transparency.append(
        kind=RECORD_KIND,
        subject=name[:400],
        content_sha256=doc.content_sha256,
        file_sha256=sha256(printed),
        now=now,
    )
    db.session.add(
        DisclosureFile(
            doc_id=doc.id,
            edition=edition,
            language=press.language,
            record_number=entry.number,
            size=len(printed),
            sha256=entry.file_sha256,
            content=printed,
        )
    )
    db.session.flush()


def _print(
    content: Content, subject_id: int, edition: Edition, press: Press, *, is_preview: bool
) -> bytes:
    digest = sha256_of(content)
    how = pdf.Print(
        content_sha256=digest,
        verify_url=press.verify_url(digest),
        language=press.language,
        edition=edition,
        is_preview=is_preview,
    )
    plate = None
    if content.head.kind is DocKind.DRAFT_NOTICE:
        plate = gathering.draw_plate(subject_id, press.map_words)
    return pdf.render(content, how, press.gettext, plate=plate)


def _next_number(year: int) -> int:
    query = select(func.max(DisclosureDoc.number)).where(DisclosureDoc.year == year)
    return (db.session.scalar(query) or 0) + 1


def _village() -> Village:
    row = db.session.execute(
        select(Region.id, Region.code, Region.name, Region.is_synthetic).where(
            Region.id == scope.require_village()
        )
    ).one()
    return Village(*row)
