"""Kind C: the result of a vote."""

from datetime import datetime
from typing import Any

from portal.ballots import service as ballots
from portal.ballots.rules import State
from portal.core.pdf.blocks import Block
from portal.disclosure import gathering, pdf_vote, rules
from portal.disclosure.contents import VoteResult
from portal.disclosure.gathering import Place
from portal.disclosure.kind import Gettext, Kind
from portal.disclosure.press import Press
from portal.disclosure.rules import DocKind, Refusal


def why_not(ballot_id: int, *, now: datetime) -> Refusal | None:
    """Say why the result of a ballot cannot be published, or None."""
    state = ballots.state_of(ballots.get_ballot(ballot_id), now=now)
    return rules.why_not_publish_result(
        is_closed=state.is_counted, was_held=state not in (State.NOT_HELD, State.CANCELLED)
    )


def list_waiting(*, now: datetime) -> list[tuple[int, str]]:
    """Return the closed ballots."""
    return [
        (ballot.id, ballot.question)
        for ballot in ballots.list_ballots()
        if ballots.state_of(ballot, now=now).is_counted
    ]


def gather(ballot_id: int, *, place: Place, press: Press, now: datetime) -> VoteResult:
    """Return the content."""
    return gathering.gather_vote_result(ballot_id, place=place, now=now)


def blocks(content: VoteResult, gettext: Gettext, *, language: str, plate: Any) -> list[Block]:
    """Return the body, section by section."""
    return pdf_vote.blocks_of(content, gettext, language)


def is_masked(content: VoteResult) -> bool:
    """Tell whether small parts of the electorate, or their numbers, are not shown."""
    tables = (content.by_group, content.by_sex, content.by_age_band)
    return not all(tables) or any(
        len(part.keys) > 1 or None in part.cells for table in tables for part in table
    )


def published(ballot_id: int, *, now: datetime, account_id: int | None) -> None:
    """Note on the ballot that its result is published (domain.md §4.2)."""
    ballots.disclose_ballot(ballot_id, now=now, account_id=account_id)


def objected(ballot_id: int, *, now: datetime, account_id: int | None) -> None:
    """Hold the result up until the supervision committee has decided (domain.md §4.2)."""
    ballots.hold_up(ballot_id, now=now, account_id=account_id)


KIND = Kind(
    code=DocKind.VOTE_RESULT,
    content=VoteResult,
    why_not=why_not,
    gather=gather,
    title=pdf_vote.title_of,
    blocks=blocks,
    list_waiting=list_waiting,
    is_masked=is_masked,
    published=published,
    objected=objected,
)
