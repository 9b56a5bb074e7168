"""What the demonstration village votes on: at a meeting, in secret, on ways and on wishes."""

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.analysis import scenarios
from portal.assisting import demo as assisting_demo
from portal.ballots import (
    ceremony,
    closing,
    keys,
    rules,
    sealing,
    service,
    urn,
    urn_closing,
)
from portal.ballots.models import Ballot, BallotElector
from portal.core import clock
from portal.core.db import db
from portal.meetings import service as meetings
from portal.meetings.rules import Kind as MeetingKind
from portal.people import service as people
from portal.people.rules import AgeBand, Channel
from portal.plans import service as plans

CANTEEN = "是否同意把溪口老粮站改建为老年食堂和活动中心？"
CANTEEN_WHY = (
    "老粮站空置已有九年。改建约需 96 万元，其中上级补助 60 万元，村集体出 36 万元，不向农户收钱。"
    "建成后六十岁以上村民每餐 6 元，食堂由村集体管理，账目每月公开。"
)
WISHES = "近三年的建设项目，您觉得哪些该先做？"
WISHES_WHY = "最多选三个。结果供村民代表会议排定先后时参考，不是法定表决。"
TREES = "是否同意把村口三棵古樟周围划为禁建区？"
TREES_WHY = "古樟树龄三百多年。划为禁建区后，树冠外五米内不再建房，已有的房屋不受影响。无记名。"
HOLDERS = (("王建国", "村民委员会"), ("孙梅", "村务监督委员会"), ("李明", "镇人民政府"))
WAYS = "村里今后往哪个方向发展，您怎么排先后？"
WAYS_WHY = (
    "三种设想的人口、用地和投资测算都在规划页面上。请把最赞成的排在第一。结果供编制规划时参考。"
)
FEW = 90
"""So many vote in what is only there to be looked at."""
ANSWERS = ("yes", "no", "abstain")
COMES = {
    AgeBand.FROM_18: 0.42,
    AgeBand.FROM_30: 0.52,
    AgeBand.FROM_45: 0.72,
    AgeBand.FROM_60: 0.82,
    AgeBand.FROM_75: 0.6,
}
Choose = Callable[[BallotElector], Sequence[int]]


def load(*, rng: random.Random, now: datetime) -> None:
    """Load a vote of the village meeting, counted today, and a consultation that is open."""
    version = plans.find_current_version()
    if version is None:
        return
    _load_meeting(version.id, rng=rng, now=now)
    _load_secret(version.id, rng=rng, now=now)
    _load_consultation(version.id, rng=rng, now=now)
    _load_ways(version.id, rng=rng, now=now)


def _load_meeting(version_id: int, *, rng: random.Random, now: datetime) -> None:
    """Announce with ten full days of notice, hold yesterday, count at midnight (V2, V3, V12)."""
    today = clock.today(now)
    announced_at = now - timedelta(days=12)
    opens_at = clock.midnight_before(today - timedelta(days=1))
    held = next(
        (m for m in meetings.list_meetings(since=opens_at, kind=MeetingKind.VM) if m.held_at < now),
        None,
    )
    if held is None:
        return
    ballot = service.announce_ballot(
        service.Draft(
            version_id=version_id,
            question=CANTEEN,
            explanation=CANTEEN_WHY,
            kind=rules.Kind.YES_NO,
            profile_code="village-meeting",
            opens_at=opens_at,
            closes_at=clock.midnight_before(today),
            party_review_on=today - timedelta(days=16),
            party_review_note="村党总支会议纪要第 9 号",
            meeting_id=held.id,
        ),
        now=announced_at,
    )
    service.open_ballot(ballot.id, now=held.held_at)
    options = {option.answer: option.id for option in service.list_options(ballot.id)}

    def choose(elector: BallotElector) -> Sequence[int]:
        old = elector.age_band in (AgeBand.FROM_60, AgeBand.FROM_75)
        weights = (86, 8, 6) if old else (68, 21, 11)
        return [options[rules.Answer(rng.choices(ANSWERS, weights)[0])]]

    there = meetings.attendees(held.id)
    start = held.held_at
    _cast(ballot, choose, rng=rng, start=start, channel=Channel.MEETING, among=there)
    closing.settle_named(ballot.id, now=ballot.closes_at)


def _load_secret(version_id: int, *, rng: random.Random, now: datetime) -> None:
    """Hold a secret consultation that was opened this morning by two of three, of one group."""
    today = clock.today(now)
    opens_at = clock.midnight_before(today - timedelta(days=6))
    ballot = service.draft_ballot(
        service.Draft(
            version_id=version_id,
            question=TREES,
            explanation=TREES_WHY,
            kind=rules.Kind.YES_NO,
            secrecy=rules.Secrecy.SEALED,
            profile_code="consultative",
            opens_at=opens_at,
            closes_at=clock.midnight_before(today),
        ),
        now=opens_at - timedelta(days=4),
    )
    keys.name_holders(ballot.id, HOLDERS, now=opens_at - timedelta(days=4))
    shares = keys.make_key(ballot.id, now=opens_at - timedelta(days=4))
    service.announce_drafted(ballot.id, now=opens_at - timedelta(days=3))
    service.open_ballot(ballot.id, now=opens_at)
    for number, elector in enumerate(_some_electors(ballot, rng=rng)):
        answer = rng.choices(range(3), (71, 22, 7))[0]
        paper = sealing.write_paper(
            ballot.manifest_sha256 or "", [int(place == answer) for place in range(3)]
        )
        urn.cast_sealed(
            ballot.id,
            elector.resident_id,
            sealing.seal(paper, ballot.public_key),
            key=f"demo {ballot.id} {elector.resident_id}",
            now=opens_at + timedelta(hours=1 + number),
        )
    urn_closing.settle(ballot.id, now=ballot.closes_at)
    words = [share.words for share in shares[:2]]
    ceremony.open_urn(ballot.id, words, now=max(ballot.closes_at, now - timedelta(hours=1)))


def _load_ways(version_id: int, *, rng: random.Random, now: datetime) -> None:
    """Put the planners' ways for the village in front of everybody, to be ranked; it is open."""
    today = clock.today(now)
    opens_at = clock.midnight_before(today - timedelta(days=1))
    if len(scenarios.list_scenarios(plans.get_version(version_id).plan_id)) < 2:
        return
    ballot = service.announce_ballot(
        service.Draft(
            version_id=version_id,
            question=WAYS,
            explanation=WAYS_WHY,
            kind=rules.Kind.RANKED,
            profile_code="consultative",
            opens_at=opens_at,
            closes_at=clock.midnight_after(today + timedelta(days=12)),
            on_scenarios=True,
        ),
        now=opens_at - timedelta(days=1),
    )
    service.open_ballot(ballot.id, now=opens_at)
    options = [option.id for option in service.list_options(ballot.id)]
    for elector in _some_electors(ballot, rng=rng):
        order = rng.sample(options, rng.randint(1, len(options)))
        service.cast_vote(
            ballot.id,
            elector.resident_id,
            {option_id: place for place, option_id in enumerate(order, start=1)},
            key=f"demo {ballot.id} {elector.resident_id}",
            now=opens_at + timedelta(hours=9),
        )


def _some_electors(ballot: Ballot, *, rng: random.Random) -> list[BallotElector]:
    """Return some electors, none of them somebody of the try-out."""
    kept = people.residents_with_account()
    electors = [elector for elector in _electors(ballot) if elector.resident_id not in kept]
    return sorted(rng.sample(electors, min(FEW, len(electors))), key=lambda elector: elector.id)


def _electors(ballot: Ballot) -> Sequence[BallotElector]:
    query = select(BallotElector).where(BallotElector.ballot_id == ballot.id)
    return db.session.scalars(query.order_by(BallotElector.id)).all()


def _load_consultation(version_id: int, *, rng: random.Random, now: datetime) -> None:
    """Open a consultation over the plan's projects three days ago; a third have voted so far."""
    today = clock.today(now)
    opens_at = clock.midnight_before(today - timedelta(days=3))
    ballot = service.announce_ballot(
        service.Draft(
            version_id=version_id,
            question=WISHES,
            explanation=WISHES_WHY,
            kind=rules.Kind.APPROVAL,
            profile_code="consultative",
            opens_at=opens_at,
            closes_at=clock.midnight_after(today + timedelta(days=9)),
            max_choices=3,
        ),
        now=opens_at - timedelta(days=2),
    )
    service.open_ballot(ballot.id, now=opens_at)
    options = [option.id for option in service.list_options(ballot.id)]
    liked = rng.sample(range(1, 2 * len(options)), len(options))

    def choose(elector: BallotElector) -> Sequence[int]:
        own = [w + 6 * ((elector.group_id + i) % 4 == 0) for i, w in enumerate(liked)]
        return sorted(set(rng.choices(options, own, k=3)))

    start = opens_at + timedelta(hours=8)
    _cast(ballot, choose, rng=rng, start=start, channel=Channel.SELF, share=0.55)


def _cast(
    ballot: Ballot,
    choose: Choose,
    *,
    rng: random.Random,
    start: datetime,
    channel: Channel,
    share: float = 1.0,
    among: frozenset[int] | None = None,
) -> None:
    """Let those vote who come; the people of the try-out keep their vote for themselves.

    `among`: those who were at the meeting; nearly all of them vote.
    """
    kept = people.residents_with_account()
    for number, elector in enumerate(_electors(ballot)):
        comes = COMES.get(elector.age_band, 0.5) * share
        if among is not None:
            comes = 0.98 if elector.resident_id in among else 0
        if rng.random() >= comes or elector.resident_id in kept:
            continue
        old = elector.age_band in (AgeBand.FROM_60, AgeBand.FROM_75)
        on_paper = channel is Channel.SELF and old and rng.random() < 0.4
        moment = start + timedelta(seconds=20 * number)
        by_hand: AbstractContextManager[object] = nullcontext()
        if on_paper:
            by_hand = assisting_demo.helped(
                elector.resident_id, rng=rng, now=moment, channel=Channel.PAPER
            )
        with by_hand:
            service.cast_vote(
                ballot.id,
                elector.resident_id,
                choose(elector),
                key=f"demo {ballot.id} {elector.resident_id}",
                now=moment,
                channel=channel,
            )
