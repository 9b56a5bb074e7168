"""The kinds of documents: for each, what it can be about, what it says, and how it is printed.

A new kind is a `DocKind`, its content in `contents.py`, its blocks in a `pdf_….py`, its words in
`words.py`, and a line in `KINDS`. Its life is that of every other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.ballots import service as ballots
from portal.ballots.rules import State as BallotState
from portal.core.pdf.blocks import Block
from portal.disclosure import (
    gathering,
    gathering_affairs,
    pdf_affairs,
    pdf_correction,
    pdf_notice,
    pdf_vote,
    rules,
)
from portal.disclosure.contents import (
    Affairs,
    Content,
    Correction,
    DraftNotice,
    VoteResult,
    load,
)
from portal.disclosure.gathering import Place
from portal.disclosure.press import Press
from portal.disclosure.rules import DocKind, Refusal
from portal.plans import service as plans
from portal.plans.rules import State as PlanState

Gettext = Callable[[str], str]


def _no_plate(_subject_id: int, _press: Press) -> Any:
    return None


def _no_tail(_gettext: Gettext) -> list[Block]:
    return []


def _nothing_waits(*, now: datetime) -> list[tuple[int, str]]:
    return []


@dataclass(frozen=True, kw_only=True)
class Kind:
    """All that the life of a document asks of its kind.

    `content`: the class that its JSON is read back into. `list_waiting`: subjects (id, name) that
    could be published by themselves. `has_own_period`: the period is not the five days of
    objections but one that runs elsewhere, such as a notice's.
    """

    code: DocKind
    content: type[Any]
    why_not: Callable[..., Refusal | None]
    gather: Callable[..., Any]
    title: Callable[[Any, Gettext], str]
    blocks: Callable[..., list[Block]]
    list_waiting: Callable[..., list[tuple[int, str]]] = _nothing_waits
    draw: Callable[[int, Press], Any] = _no_plate
    tail: Callable[[Gettext], list[Block]] = _no_tail
    has_own_period: bool = False
    is_written: bool = False


# --- A: the notice of a draft plan ---------------------------------------------------------------


def _why_not_notice(version_id: int, *, now: datetime) -> Refusal | None:
    version = plans.get_version(version_id)
    notice = plans.notice_of(version_id)
    return rules.why_not_publish_notice(
        is_on_notice=notice is not None and version.content_sha256 is not None,
        is_over=notice is not None and now >= notice.ends_at,
        content_unchanged=version.content_sha256 is not None and plans.recheck(version),
        has_summary=any(sentence.strip() for sentence in version.sentences),
    )


def _notices_waiting(*, now: datetime) -> list[tuple[int, str]]:
    lines = plans.list_public_versions(now=now)
    return [(line.id, line.title) for line in lines if line.state is PlanState.ON_NOTICE]


def _gather_notice(version_id: int, *, place: Place, press: Press, now: datetime) -> Content:
    return gathering.gather_draft_notice(
        version_id, place=place, comment_url=press.comment_url(version_id)
    )


def _notice_blocks(
    content: DraftNotice, gettext: Gettext, *, language: str, plate: Any
) -> list[Block]:
    return pdf_notice.blocks_of(content, gettext, plate=plate)


# --- C: the result of a vote ---------------------------------------------------------------------


def _why_not_result(ballot_id: int, *, now: datetime) -> Refusal | None:
    state = ballots.state_of(ballots.get_ballot(ballot_id), now=now)
    return rules.why_not_publish_result(
        is_closed=state is BallotState.CLOSED, was_held=state is not BallotState.NOT_HELD
    )


def _results_waiting(*, now: datetime) -> list[tuple[int, str]]:
    return [
        (ballot.id, ballot.question)
        for ballot in ballots.list_ballots()
        if ballots.state_of(ballot, now=now) is BallotState.CLOSED
    ]


def _gather_result(ballot_id: int, *, place: Place, press: Press, now: datetime) -> Content:
    return gathering.gather_vote_result(ballot_id, place=place, now=now)


def _vote_blocks(
    content: VoteResult, gettext: Gettext, *, language: str, plate: Any
) -> list[Block]:
    return pdf_vote.blocks_of(content, gettext, language)


# --- M: a correction -----------------------------------------------------------------------------


def _correction_blocks(
    content: Correction, gettext: Gettext, *, language: str, plate: Any
) -> list[Block]:
    kind = KINDS[content.corrected_kind]
    corrected = load(kind.content, content.corrected)
    whole = kind.blocks(corrected, gettext, language=language, plate=plate)
    return pdf_correction.blocks_of(content, gettext, language=language, whole=whole)


def _correction_plate(case_id: int, press: Press) -> Any:
    kind, subject_id = gathering_affairs.corrected_of(case_id)
    return KINDS[kind].draw(subject_id, press)


KINDS: dict[DocKind, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            code=DocKind.DRAFT_NOTICE,
            content=DraftNotice,
            why_not=_why_not_notice,
            gather=_gather_notice,
            title=pdf_notice.title_of,
            blocks=_notice_blocks,
            list_waiting=_notices_waiting,
            draw=lambda version_id, press: gathering.draw_plate(version_id, press.map_words),
            tail=lambda gettext: [pdf_notice.slip_of(gettext)],
            has_own_period=True,
        ),
        Kind(
            code=DocKind.VOTE_RESULT,
            content=VoteResult,
            why_not=_why_not_result,
            gather=_gather_result,
            title=pdf_vote.title_of,
            blocks=_vote_blocks,
            list_waiting=_results_waiting,
        ),
        Kind(
            code=DocKind.AFFAIRS,
            content=Affairs,
            why_not=gathering_affairs.why_not_affairs,
            gather=gathering_affairs.gather_affairs,
            title=pdf_affairs.title_of,
            blocks=pdf_affairs.blocks_of,
            is_written=True,
        ),
        Kind(
            code=DocKind.CORRECTION,
            content=Correction,
            why_not=gathering_affairs.why_not_correction,
            gather=gathering_affairs.gather_correction,
            title=pdf_correction.title_of,
            blocks=_correction_blocks,
            draw=_correction_plate,
        ),
    )
}
