"""Facts of a vote beyond its sums: its meeting, the shares of its rule, rounds, order, money."""

from typing import Any

from portal.ballots.counting import Result
from portal.ballots.profiles import Base, Share
from portal.core import clock
from portal.disclosure.contents import Asked, Funding, Rounds, Sitting
from portal.meetings import service as meetings
from portal.meetings.rules import Channel


def more_of(result: Result, *, meeting_id: int | None) -> dict[str, Any]:
    """Return what a result has by its kind, its rule and its meeting."""
    params, names = result.params, [tally.words for tally in result.tallies]
    of_all = params.majority_of is Base.ALL
    return {
        "sitting": _sitting(meeting_id) if meeting_id is not None else None,
        "majority_asked": _asked(params.majority, params.majority_inclusive, is_of_all=of_all),
        "quorum_asked": _asked(params.quorum, params.quorum_inclusive),
        "household_quorum_asked": _asked(
            params.household_quorum, params.household_quorum_inclusive
        ),
        "rounds": _rounds(result.detail.get("runoff"), names),
        "order": _order(result.detail.get("pairwise"), names),
        "funding": _funding(result.detail, names),
    }


def _asked(share: Share | None, inclusive: bool, *, is_of_all: bool = False) -> Asked | None:
    if share is None:
        return None
    return Asked(
        numerator=share[0], denominator=share[1], is_inclusive=inclusive, is_of_all=is_of_all
    )


def _sitting(meeting_id: int) -> Sitting:
    meeting = meetings.get_meeting(meeting_id)
    there = meetings.present_by_channel(meeting_id)
    return Sitting(
        kind=meeting.kind.value,
        title=meeting.title,
        place=meeting.place,
        held_at=meeting.held_at,
        convened_on=clock.today(meeting.convened_at),
        on_site=there.get(Channel.ON_SITE, 0),
        online=there.get(Channel.ONLINE, 0),
        by_sheet=there.get(Channel.PAPER, 0),
    )


def _rounds(runoff: dict[str, Any] | None, names: list[str]) -> tuple[Rounds, ...]:
    if not runoff:
        return ()
    return tuple(
        Rounds(
            words=name,
            votes=tuple(one["votes"][option] for one in runoff["rounds"]),
            is_winner=option in runoff["winners"],
        )
        for option, name in enumerate(names)
    )


def _order(pairwise: dict[str, Any] | None, names: list[str]) -> tuple[str, ...]:
    """Return the tiers of the pairs, the options of a tier with a sign of equality between them."""
    tiers = pairwise["tiers"] if pairwise else ()
    return tuple(" = ".join(names[option] for option in tier) for tier in tiers)


def _funding(detail: dict[str, Any], names: list[str]) -> tuple[Funding, ...]:
    if "greedy" not in detail:
        return ()
    ways = {"greedy": detail["greedy"]} | detail.get("shares", {})
    return tuple(
        Funding(
            way=way,
            funded=tuple(names[option] for option in one["funded"]),
            spent=one["spent"],
            voters=detail["represented"][way]["voters"],
            with_any=detail["represented"][way]["with_any"],
        )
        for way, one in ways.items()
    )
