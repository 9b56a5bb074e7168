"""What the demonstration village has of meetings: who represents it, one held, one to come."""

import hashlib
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from portal.core import clock
from portal.core.db import db
from portal.core.scope import require_village
from portal.meetings import (
    attending,
    convening,
    correcting,
    demo_council,
    representing,
    rules,
    sheets,
)
from portal.meetings.convening import Draft
from portal.meetings.models import Attendance, Meeting, MeetingMember
from portal.meetings.rules import Channel, Kind, Proof
from portal.people import service as people
from portal.people.electorate import is_elector
from portal.people.models import Account, Resident
from portal.people.posts import find_by_role
from portal.people.rules import Role, Sex, age_on
from portal.plans import service as plans

CANTEEN = "老粮站改建老年食堂和活动中心"
AGENDA = (
    "一、村民委员会说明改建方案和资金来源\n二、规划师说明与村庄规划的关系\n"
    "三、村民提问和讨论\n四、表决"
)
NEXT = "近三年建设项目的安排"
NEXT_AGENDA = "一、通报意见征询的情况\n二、逐项说明近三年建设项目\n三、讨论先后次序"
HALL = "村文化礼堂"
REPRESENTATIVES = 45
DAY = timedelta(days=1)


def load(*, rng: random.Random, now: datetime) -> None:
    """Load representatives, the meeting of yesterday with who was there, and one to come."""
    version = plans.find_current_version()
    head, worker = find_by_role(Role.COMMITTEE), find_by_role(Role.GRID_WORKER)
    if version is None or head is None or worker is None:
        return
    _load_representatives(head.account_id, rng=rng, now=now)
    demo_council.load(head.account_id, now=now)
    _load_held(version.id, head.account_id, worker.account_id, rng=rng, now=now)
    today = clock.today(now)
    convening.convene(
        Draft(
            kind=Kind.VM,
            title=NEXT,
            agenda=NEXT_AGENDA,
            place=HALL,
            held_at=clock.midnight_before(today + 7 * DAY) + timedelta(hours=14),
            version_id=version.id,
            is_online=True,
        ),
        account_id=head.account_id,
        now=now - 5 * DAY,
    )


def _load_representatives(account_id: int, *, rng: random.Random, now: datetime) -> None:
    """Let one of every eighth household represent, near half of them women; one has left."""
    today = clock.today(now)
    homes: dict[int, list[Resident]] = {}
    for resident in db.session.scalars(
        select(Resident)
        .where(is_elector(today - 620 * DAY), ~Resident.is_away)
        .order_by(Resident.id)
    ):
        homes.setdefault(resident.household_id, []).append(resident)
    chosen = rng.sample(sorted(homes), REPRESENTATIVES + 1)
    for number, household_id in enumerate(sorted(chosen)):
        wanted = Sex.FEMALE if number % 9 < 4 else Sex.MALE
        members = homes[household_id]
        fitting = [m for m in members if m.sex is wanted] or members
        row = representing.add(
            fitting[0].id,
            begins_on=today - 620 * DAY,
            ends_on=today + 1200 * DAY,
            account_id=account_id,
            now=now - 620 * DAY,
        )
        if number == REPRESENTATIVES:
            row.ended_on = today - 90 * DAY
    db.session.flush()


def _load_held(
    version_id: int, account_id: int, worker_id: int, *, rng: random.Random, now: datetime
) -> None:
    """Convene the meeting over the canteen with twelve days' notice, and hold it yesterday."""
    held_at = clock.midnight_before(clock.today(now) - DAY) + timedelta(hours=9)
    meeting = convening.convene(
        Draft(
            kind=Kind.VM,
            title=CANTEEN,
            agenda=AGENDA,
            place=HALL,
            held_at=held_at,
            version_id=version_id,
        ),
        account_id=account_id,
        now=now - 13 * DAY,
    )
    chair = db.session.scalars(select(Account.name).where(Account.id == account_id)).one()
    convening.open_meeting(meeting.id, chair=chair, account_id=account_id, now=held_at)
    _let_come(meeting, account_id, worker_id, rng=rng)
    convening.close_meeting(
        meeting.id, account_id=account_id, now=held_at + timedelta(hours=2, minutes=10)
    )


def _let_come(meeting: Meeting, account_id: int, worker_id: int, *, rng: random.Random) -> None:
    """Let those come who would: the older more than the young, and few of those far away.

    Most scan the code, many are ticked, some sign; one is put right by two people. The people of
    the try-out are not noted: they may look on as they are.
    """
    day, kept = clock.today(meeting.held_at), people.residents_with_account()
    members = db.session.execute(
        select(Resident.id, Resident.born_on, Resident.is_away)
        .join(MeetingMember, MeetingMember.resident_id == Resident.id)
        .where(MeetingMember.meeting_id == meeting.id)
        .order_by(MeetingMember.id)
    ).all()
    came = [
        resident_id
        for resident_id, born_on, is_away in members
        if resident_id not in kept and rng.random() < _share(age_on(born_on, day) or 0, is_away)
    ]
    by = rng.choices((Proof.CODE, Proof.STAFF, Proof.SHEET), (55, 33, 12), k=len(came))
    noted = dict(zip(came, by, strict=True))
    _note(
        meeting, [(i, proof) for i, proof in noted.items() if proof is not Proof.SHEET], account_id
    )
    waiting = next(i for i, proof in noted.items() if proof is Proof.CODE)
    missed = next(i for i, *_ in members if i not in noted and i not in kept)
    start = meeting.held_at
    attending.wait_at_door(meeting.id, missed, now=start + timedelta(minutes=4))
    signed = {i for i, proof in noted.items() if proof is Proof.SHEET}
    entered_at = start + timedelta(hours=1)
    (first, one), (second, other) = _witnesses(account_id)
    sheet = sheets.enter(
        meeting.id,
        signed,
        file_sha256=hashlib.sha256(f"签到表 {meeting.id}".encode()).hexdigest(),
        witnesses=(first, second),
        account_id=account_id,
        now=entered_at,
    )
    for witness in (one, other):
        sheets.agree(sheet.id, meeting_id=meeting.id, account_id=witness, now=entered_at)
    wrong = correcting.ask(
        meeting.id,
        waiting,
        channel=None,
        reason="同名的人，当时扫错了手机",
        account_id=account_id,
        now=start + timedelta(hours=1),
    )
    correcting.decide(
        wrong.id, agree=True, account_id=worker_id, now=start + timedelta(hours=1, minutes=5)
    )
    correcting.ask(
        meeting.id,
        missed,
        channel=Channel.ON_SITE,
        reason="扫了海报，桌上的人没有看见",
        account_id=account_id,
        now=start + timedelta(hours=1, minutes=10),
    )


def _witnesses(account_id: int) -> Sequence[tuple[int, int]]:
    """Return two people of the village with their accounts, who enter nothing."""
    query = (
        select(Account.resident_id, Account.id)
        .where(Account.resident_id.is_not(None), Account.id != account_id)
        .order_by(Account.id)
        .limit(2)
    )
    return [(resident, account) for resident, account in db.session.execute(query) if resident]


def _share(age: int, is_away: bool) -> float:
    if is_away:
        return 0.12
    return 0.58 if age < 45 else 0.82 if age < 75 else 0.66


def _note(meeting: Meeting, noted: Sequence[tuple[int, Proof]], account_id: int) -> None:
    """Write who came, some seconds after one another, in one statement."""
    own = dict(
        db.session.execute(
            select(Account.resident_id, Account.id).where(Account.resident_id.is_not(None))
        ).all()
    )
    rows = [
        {
            "village_id": require_village(),
            "meeting_id": meeting.id,
            "resident_id": resident_id,
            "channel": rules.CHANNEL_OF[proof],
            "proof": proof,
            "noted_by": account_id if proof is Proof.STAFF else own.get(resident_id),
            "noted_at": meeting.held_at + timedelta(seconds=3 * number - 2400),
        }
        for number, (resident_id, proof) in enumerate(noted)
    ]
    db.session.execute(insert(Attendance), rows)
