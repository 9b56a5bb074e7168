"""What the village of the try-out proposes: one collects, one has enough, one the council advised.

Nobody who can be tried out wrote or signed: they do it themselves.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.scope import require_village
from portal.meetings import attending, convening, councils, minutes
from portal.meetings.rules import Kind, Proof
from portal.people import electorate
from portal.people import service as people
from portal.people.models import Resident
from portal.people.posts import find_by_role
from portal.people.rules import Role
from portal.proposals import deliberating, handing_in, service, signing
from portal.proposals.handing_in import Paper
from portal.proposals.rules import Outcome, Votes

COLLECTING = Paper(
    title="石桥头到校车站装三盏路灯",
    place="石桥组，县道桥东路口",
    body="冬天放学天已经黑了，孩子从校车站走回来没有灯。请沿路装三盏太阳能灯，不用拉电线。",
)
MET = Paper(
    title="每月逢五在老粮站门口赶集",
    place="老粮站门前空地",
    body="以前逢五有集，后来停了。恢复以后，老人不用去镇上买菜，自家种的也有地方卖。请划好摊位，散集后大家打扫。",
)
ADVISED = Paper(
    title="溪边老埠头修一修，给大家洗衣乘凉",
    place="溪口组老埠头",
    body="石阶松了两处，去年有人滑倒。把石阶砌牢，装一段扶手，埠头边的老樟树留着。",
)
REASON = "老埠头是全村人用的，修缮花钱不多，又能保住老樟树。建议写进规划的公共空间一章。"
TITLE = "村民议事会第三次会议"
AGENDA = "一、溪边老埠头的提案\n二、秋季环境整治的分工"
SAID = (
    "会议由村委会主任主持。提案人说明了埠头的情况，三位成员到现场看过。"
    "有成员担心汛期冲垮，规划师答复可用原石加固。大家同意把它写进规划。"
)
DECISIONS = {1: "建议作为意见提交规划。", 2: "各组各管一段，月底前完成。"}
DAY = timedelta(days=1)


def load(*, rng: random.Random, now: datetime) -> None:
    """Load three proposals, and the session of the council in which one was talked over."""
    head, own = find_by_role(Role.COMMITTEE), random.Random(7)
    councillors = councils.list_councillors(now=now)
    if head is None or not councillors:
        return
    signers = _signers(own, now=now)
    _propose(COLLECTING, signers[:7], begun=now - 12 * DAY, now=now)
    _propose(MET, signers[7:40], begun=now - 30 * DAY, now=now)
    advised = _propose(ADVISED, signers[40:64], begun=now - 75 * DAY, now=now - 60 * DAY)
    session = _convene(head.account_id, now=now)
    deliberating.put_on_list(
        advised, session, seen=2, account_id=head.account_id, now=now - 46 * DAY
    )
    held_at = convening.hold(session).held_at
    there = [line.resident_id for line in councillors][:-2]
    convening.open_meeting(session, chair="村委会主任", account_id=head.account_id, now=held_at)
    attending.write(session, there, Proof.STAFF, account_id=head.account_id, now=held_at)
    over = held_at + timedelta(hours=1, minutes=20)
    convening.close_meeting(session, account_id=head.account_id, now=over)
    _write_minutes(session, there, head.account_id, now=over + DAY)
    deliberating.recommend(
        advised,
        Outcome.PLAN,
        votes=Votes(len(there) - 2, 1, 1),
        reason=REASON,
        seen=3,
        account_id=head.account_id,
        now=over + 2 * DAY,
    )


def _signers(rng: random.Random, *, now: datetime) -> list[int]:
    """Return electors, one of a household, and none of those who can be tried out."""
    kept, homes = people.residents_with_account(), set()
    found = []
    rows = db.session.execute(
        select(Resident.id, Resident.household_id)
        .where(electorate.is_elector(clock.today(now) - 100 * DAY), ~Resident.is_away)
        .order_by(Resident.id)
    ).all()
    for resident_id, household_id in rng.sample(rows, len(rows)):
        if resident_id not in kept and household_id not in homes:
            homes.add(household_id)
            found.append(resident_id)
    return found


def _propose(paper: Paper, signers: Sequence[int], *, begun: datetime, now: datetime) -> int:
    """Let the first hand it in, and the others sign it one after another until now."""
    proposal = handing_in.hand_in(
        paper,
        show_name=False,
        client_key=f"demo-{paper.title[:8]}",
        resident_id=signers[0],
        village_code=people.path_of(require_village())[-1].code,
        now=begun,
    )
    pause = (now - begun) / (len(signers) + 1)
    for number, resident_id in enumerate(signers[1:], start=1):
        signing.sign(
            proposal.id,
            resident_id=resident_id,
            show_name=number % 9 == 0,
            now=begun + number * pause,
        )
    return service.get_proposal(proposal.id).id


def _convene(account_id: int, *, now: datetime) -> int:
    held_at = clock.midnight_before(clock.today(now) - 40 * DAY) + timedelta(hours=19)
    draft = convening.Draft(
        kind=Kind.COUNCIL, title=TITLE, agenda=AGENDA, place="村委会二楼", held_at=held_at
    )
    return convening.convene(draft, account_id=account_id, now=now - 50 * DAY).id


def _write_minutes(
    meeting_id: int, there: Sequence[int], account_id: int, *, now: datetime
) -> None:
    minutes.write(
        meeting_id, text=SAID, decisions=DECISIONS, seen=0, account_id=account_id, now=now
    )
    for number, resident_id in enumerate(there[:2]):
        minutes.sign(
            meeting_id,
            seen=1,
            account_id=people.account_of(resident_id).id,
            now=now + timedelta(hours=2 + number),
        )
