"""What the demonstration village votes on: a meeting's vote that passed, and one that is open."""

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.assisting import demo as assisting_demo
from portal.ballots import rules, service
from portal.ballots.models import Ballot, BallotElector
from portal.core import clock
from portal.core.db import db
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
    _load_consultation(version.id, rng=rng, now=now)


def _load_meeting(version_id: int, *, rng: random.Random, now: datetime) -> None:
    """Announce with ten full days of notice, hold yesterday, count at midnight (V2, V3, V12)."""
    today = clock.today(now)
    announced_at = now - timedelta(days=12)
    opens_at = clock.midnight_before(today - timedelta(days=1))
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
        ),
        now=announced_at,
    )
    service.open_ballot(ballot.id, now=opens_at)
    options = {option.answer: option.id for option in service.list_options(ballot.id)}

    def choose(elector: BallotElector) -> Sequence[int]:
        old = elector.age_band in (AgeBand.FROM_60, AgeBand.FROM_75)
        weights = (86, 8, 6) if old else (68, 21, 11)
        return [options[rules.Answer(rng.choices(ANSWERS, weights)[0])]]

    _cast(ballot, choose, rng=rng, start=opens_at + timedelta(hours=9), channel=Channel.MEETING)


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
) -> None:
    """Let those vote who come; the people of the try-out keep their vote for themselves."""
    kept = people.residents_with_account()
    electors = db.session.scalars(
        select(BallotElector).where(BallotElector.ballot_id == ballot.id).order_by(BallotElector.id)
    ).all()
    for number, elector in enumerate(electors):
        comes = COMES.get(elector.age_band, 0.5) * share
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
