"""Kind B: what became of the opinions on a plan."""

from datetime import datetime
from typing import Any

from portal.core.pdf.blocks import Block
from portal.disclosure import gathering_adoption, pdf_adoption, rules
from portal.disclosure.contents_adoption import Adoption
from portal.disclosure.gathering import Place
from portal.disclosure.kind import Gettext, Kind
from portal.disclosure.press import Press
from portal.disclosure.rules import DocKind, Refusal
from portal.discussion.answer_lists import count_by_version, count_unanswered
from portal.plans import service as plans


def why_not(version_id: int, *, now: datetime) -> Refusal | None:
    """Say why the table of a version cannot be published, or None (O2)."""
    plans.get_version(version_id)
    notice = plans.notice_of(version_id)
    return _why_not(notice.ends_at if notice else None, count_unanswered(version_id), now=now)


def _why_not(ends_at: datetime | None, open_opinions: int, *, now: datetime) -> Refusal | None:
    return rules.why_not_publish_adoption(
        was_on_notice=ends_at is not None,
        is_over=ends_at is not None and now >= ends_at,
        open_opinions=open_opinions,
    )


def list_waiting(*, now: datetime) -> list[tuple[int, str]]:
    """Return the versions whose notice is over and whose opinions are all answered."""
    waiting = {one: n for one, (_total, n, _late) in count_by_version(now=now).items()}
    return [
        (line.id, line.title)
        for line in plans.list_public_versions(now=now)
        if not line.is_open and _why_not(line.closes_at, waiting.get(line.id, 0), now=now) is None
    ]


def gather(version_id: int, *, place: Place, press: Press, now: datetime) -> Adoption:
    """Return the content."""
    return gathering_adoption.gather_adoption(version_id, place=place)


def blocks(content: Adoption, gettext: Gettext, *, language: str, plate: Any) -> list[Block]:
    """Return the body, section by section."""
    return pdf_adoption.blocks_of(content, gettext, language=language)


def is_masked(content: Adoption) -> bool:
    """Tell whether names or small numbers are hidden: names are, wherever there is an opinion."""
    return bool(content.rows)


KIND = Kind(
    code=DocKind.ADOPTION,
    content=Adoption,
    why_not=why_not,
    gather=gather,
    title=pdf_adoption.title_of,
    blocks=blocks,
    list_waiting=list_waiting,
    is_masked=is_masked,
)
