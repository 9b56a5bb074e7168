"""Kind A: the notice of a draft plan."""

from datetime import datetime
from typing import Any

from portal.core.pdf.blocks import Block
from portal.disclosure import gathering_plan, pdf_notice, rules
from portal.disclosure.contents_plan import DraftNotice
from portal.disclosure.gathering import Place
from portal.disclosure.kind import Gettext, Kind
from portal.disclosure.press import Press
from portal.disclosure.rules import DocKind, Refusal
from portal.plans import service as plans
from portal.plans.rules import State


def why_not(version_id: int, *, now: datetime) -> Refusal | None:
    """Say why the notice of a version cannot be published, or None."""
    version = plans.get_version(version_id)
    notice = plans.notice_of(version_id)
    return rules.why_not_publish_notice(
        is_on_notice=notice is not None and version.content_sha256 is not None,
        is_over=notice is not None and now >= notice.ends_at,
        content_unchanged=version.content_sha256 is not None and plans.recheck(version),
        has_summary=any(sentence.strip() for sentence in version.sentences),
    )


def list_waiting(*, now: datetime) -> list[tuple[int, str]]:
    """Return the versions on notice."""
    lines = plans.list_public_versions(now=now)
    return [(line.id, line.title) for line in lines if line.state is State.ON_NOTICE]


def gather(version_id: int, *, place: Place, press: Press, now: datetime) -> DraftNotice:
    """Return the content; its period is the notice's own."""
    return gathering_plan.gather_notice(
        version_id, place=place, comment_url=press.comment_url(version_id)
    )


def blocks(content: DraftNotice, gettext: Gettext, *, language: str, plate: Any) -> list[Block]:
    """Return the body, section by section."""
    return pdf_notice.blocks_of(content, gettext, language=language, plates=plate or ())


KIND = Kind(
    code=DocKind.DRAFT_NOTICE,
    content=DraftNotice,
    why_not=why_not,
    gather=gather,
    title=pdf_notice.title_of,
    blocks=blocks,
    list_waiting=list_waiting,
    draw=lambda version_id, press: gathering_plan.draw_plates(version_id, press.map_words),
    tail=lambda gettext: [pdf_notice.slip_of(gettext)],
    has_own_period=True,
)
