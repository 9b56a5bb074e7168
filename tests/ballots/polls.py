"""Whole polls of every kind, made at random: electors, a ballot, papers, the close and the count."""

import random
from datetime import date, datetime, timedelta

from sqlalchemy import insert

from portal.ballots import asking, closing, service
from portal.ballots.models import Ballot
from portal.ballots.papers import chosen_of, why_not_paper
from portal.ballots.profiles import PRESETS
from portal.ballots.rules import MEETINGS, Kind, Unit
from portal.core import clock
from portal.core.db import db, transaction
from portal.meetings import convening
from portal.meetings.rules import Kind as MeetingKind
from portal.people import service as people
from portal.people.models import Household, Resident, VillagerGroup
from portal.people.rules import Channel, Sex

BOUNDS = {
    Kind.YES_NO: {},
    Kind.SINGLE: {"words": ("东头", "西头", "不建")},
    Kind.APPROVAL: {"max_choices": 2, "budget_yuan": 500_000},
    Kind.RANKED: {"words": ("快", "稳", "慢", "停")},
    Kind.SCORE: {"words": ("路", "水", "灯"), "max_score": 5},
    Kind.BUDGET: {"budget_yuan": 700_000},
}


def convene_for(code: str, *, opens_at: datetime, is_opened: bool = True) -> int | None:
    """Convene the meeting that a rule asks for, when the vote opens; None where it asks for none."""
    params = PRESETS[code].params
    if not params.needs_meeting:
        return None
    kind = MEETINGS[params.body]
    meeting = convening.convene(
        convening.Draft(
            kind=kind,
            title="表决的会议",
            agenda="表决",
            place="文化礼堂",
            held_at=opens_at,
            group_id=people.list_groups()[0].id if kind is MeetingKind.VG else None,
        ),
        account_id=None,
        now=opens_at - timedelta(days=30),
    )
    if is_opened:
        convening.open_meeting(meeting.id, chair="主持人", account_id=None, now=opens_at)
    return meeting.id


def add_people(count: int, *, rng: random.Random) -> None:
    """Add so many adults, two or three to a household, in two groups."""
    groups = [VillagerGroup(number=90 + n, name=f"第{90 + n}组") for n in range(2)]
    db.session.add_all(groups)
    db.session.flush()
    homes = [Household(number=f"P{n}", group_id=rng.choice(groups).id) for n in range(count // 2)]
    db.session.add_all(homes)
    db.session.flush()
    db.session.execute(
        insert(Resident),
        [
            {
                "name": f"村民{n}",
                "household_id": home.id,
                "group_id": home.group_id,
                "sex": rng.choice([Sex.FEMALE, Sex.MALE]),
                "born_on": date(rng.randint(1940, 2005), 1, 1),
            }
            for n in range(count)
            for home in [homes[n % len(homes)]]
        ],
    )


def random_paper(frame, *, rng: random.Random):
    """Return a paper that this frame allows, at random."""
    while True:
        if frame.kind is Kind.RANKED:
            order = rng.sample(range(frame.options), rng.randint(1, frame.options))
            paper = tuple(order.index(i) + 1 if i in order else 0 for i in range(frame.options))
        else:
            paper = tuple(rng.randint(0, frame.greatest) for _ in range(frame.options))
        if why_not_paper(frame, paper) is None:
            return paper


def hold(
    version_id: int,
    kind: Kind,
    *,
    rng: random.Random,
    profile: str = "consultative",
    unit: Unit = Unit.PERSON,
    share: float = 0.6,
) -> Ballot:
    """Hold a whole vote with names, an hour ago, and count it."""
    now = clock.now()
    opens_at = now - timedelta(hours=2)
    with transaction():
        ballot = service.announce_ballot(
            service.Draft(
                version_id=version_id,
                question=f"表决 {rng.random()}",
                kind=kind,
                profile_code=profile,
                opens_at=opens_at,
                closes_at=now - timedelta(hours=1),
                unit=unit,
                meeting_id=convene_for(profile, opens_at=opens_at),
                party_review_on=clock.today(now) - timedelta(days=60),
                party_review_note="支委会记录第7号",
                **BOUNDS[kind],
            ),
            now=opens_at - timedelta(days=30),
        )
        service.open_ballot(ballot.id, now=opens_at)
    options = service.list_options(ballot.id)
    frame = asking.frame_of(ballot, options)
    homes = set()
    for resident_id, household_id in electors_of(ballot.id):
        if rng.random() > share or (unit is Unit.HOUSEHOLD and household_id in homes):
            continue
        homes.add(household_id)
        paper = random_paper(frame, rng=rng)
        with transaction():
            service.cast_vote(
                ballot.id,
                resident_id,
                {options[place].id: paper[place] for place in chosen_of(paper)},
                key=f"key {ballot.id} {resident_id}, long enough",
                now=opens_at + timedelta(minutes=5),
                channel=Channel.MEETING,
            )
    with transaction():
        closing.settle_named(ballot.id, now=now)
    return service.get_ballot(ballot.id)


def electors_of(ballot_id: int):
    """Return the electors with their households, in the order of the list."""
    query = "SELECT resident_id, household_id FROM ballot_elector WHERE ballot_id = {} ORDER BY id"
    return db.session.connection().exec_driver_sql(query.format(ballot_id)).all()
