"""What is said is judged before its turn to write; what changes meanwhile is honoured all the same."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.discussion import posting
from portal.discussion.models import Comment, CommentCounter
from portal.discussion.rules import Refusal as OpinionRefusal
from portal.media.rules import Refusal as NotHere
from portal.meetings.council_models import Councillor
from portal.moderation import policies
from portal.moderation import word_lists as lists
from portal.moderation.rules import Code, Hold, Listed, Mode
from portal.moderation.sanctions_models import ModerationSanction
from portal.moderation.screening_rules import Policy
from portal.moderation.writing import Refusal
from portal.people.models import Resident, VillagerGroup
from portal.plans.models import PlanVersion
from portal.plans.rules import State
from portal.rooms import rules, saying
from portal.rooms import service as rooms
from portal.rooms.models import Author, Message, Room
from portal.rooms.rules import COUNCIL, Kind, Place
from tests.media.conftest import photo, sent
from tests.rooms.conftest import sit

__all__ = ["photo", "sent"]
WORDS = "水渠应该在春天之前清理好"


class Talk:
    """Somebody's message, made ready and written in two steps."""

    def __init__(self, room_id, person):
        self.room_id, self.person, self.place = room_id, person, f"room:{room_id}"

    def ready(self, key="key-00000001", body=WORDS, now=None, **facts):
        db.session.rollback()
        said = saying.Saying(
            room_id=self.room_id,
            body=body,
            show_name=False,
            client_key=key,
            author=Author(self.person.resident_id),
            badge=None,
            now=now or clock.now(),
            **facts,
        )
        ready = rooms.get_ready(said)
        db.session.rollback()
        return ready

    def keep(self, ready):
        return db.session.get_one(Message, rooms.send_ready(ready))

    def number(self, kept):
        return kept.seq

    def count(self):
        return db.session.scalar(select(func.count()).select_from(Message))


class Opinion:
    """Somebody's opinion on a plan, made ready and written in two steps."""

    def __init__(self, version_id, person):
        self.version_id, self.person, self.place = version_id, person, f"plan:{version_id}"

    def ready(self, key="key-00000001", body=WORDS, now=None, **facts):
        db.session.rollback()
        paper = posting.Paper(
            version_id=self.version_id,
            body=body,
            about="",
            about_title="",
            show_name=False,
            client_key=key,
            resident_id=self.person.resident_id,
            now=now or clock.now(),
            **facts,
        )
        ready = posting.get_ready(paper)
        db.session.rollback()
        return ready

    def keep(self, ready):
        return db.session.get_one(Comment, posting.post_ready(ready).id)

    def number(self, kept):
        return kept.number

    def count(self):
        return db.session.scalar(select(func.count()).select_from(Comment))


@pytest.fixture(params=["message", "opinion"])
def said(request, room, version, cast):
    """Both kinds of what many say at once, of Vera."""
    return Talk(room, cast.vera) if request.param == "message" else Opinion(version, cast.vera)


def write(said, ready):
    """Write what was made ready, in a transaction of its own."""
    with transaction():
        return said.keep(ready)


def refusal_of(said, ready):
    with pytest.raises(Refused) as refused:
        write(said, ready)
    assert said.count() == 0  # and nothing is left behind
    return refused.value.reason


def mute(person, place=""):
    now = clock.now()
    with transaction():
        db.session.add(
            ModerationSanction(
                number=1,
                resident_id=person.resident_id,
                place=place,
                code=Code.INSULT,
                subject_kind="message",
                subject_id=1,
                begins_at=now,
                ends_at=now + timedelta(hours=1),
            )
        )


def set_policy(cast, policy, place=""):
    with transaction():
        policies.set_policy(place, "", policy, account_id=cast.max.account_id, now=clock.now())


@pytest.mark.parametrize("is_everywhere", [True, False])
def test_somebody_is_stopped_meanwhile(said, cast, is_everywhere):
    ready = said.ready()
    mute(cast.vera, "" if is_everywhere else said.place)
    assert refusal_of(said, ready) is Refusal.MUTED


def test_somebody_else_is_stopped_meanwhile(said, cast):
    ready = said.ready()
    mute(cast.wang)
    assert write(said, ready).held_for is None


def test_the_committee_wants_to_look_first_meanwhile(said, cast):
    ready = said.ready()
    set_policy(cast, Policy(mode=Mode.PRE), said.place)
    assert write(said, ready).held_for is Hold.PLACE


def test_the_committee_lets_words_pass_meanwhile(said, cast):
    set_policy(cast, Policy(mode=Mode.PRE))
    ready = said.ready()
    set_policy(cast, Policy())
    assert write(said, ready).held_for is None


def test_a_word_is_listed_meanwhile(said, cast):
    ready, now = said.ready(), clock.now()
    with transaction():
        lists.add_list("词", Listed.REFUSE, ["水渠"], account_id=cast.max.account_id, now=now)
    assert refusal_of(said, ready) is Refusal.REFUSED_WORDS


def test_the_first_words_are_hidden_meanwhile(said, cast, chat):
    first = chat(cast.vera, "大家好", now=clock.now() - timedelta(days=2))
    set_policy(cast, Policy(holds_first=True))
    ready = said.ready()
    with transaction():
        rooms.set_standing(first.id, held_for=None, hidden_code=Code.INSULT)
    assert write(said, ready).held_for is Hold.FIRST


def test_the_same_is_said_twice_meanwhile(said):
    ready = said.ready()
    for key in ("key-00000002", "key-00000003"):
        assert write(said, said.ready(key)).held_for is None
    assert write(said, ready).held_for is Hold.REPEATED


def test_other_words_become_the_same_meanwhile(room, cast):
    said = Talk(room, cast.vera)
    ids = [write(said, said.ready(f"key-{i:08}", f"第{i}件事")).id for i in range(2)]
    ready = said.ready("key-00000009")
    with transaction():
        for message_id in ids:
            message = rooms.take_turn(message_id)
            message.body = WORDS
    assert write(said, ready).held_for is Hold.REPEATED


def test_the_room_is_shut_meanwhile(room, cast):
    said = Talk(room, cast.vera)
    ready = said.ready()
    with transaction():
        rooms.set_rules(room, slow_seconds=0, is_read_only=True)
    assert refusal_of(said, ready) is rules.Refusal.READ_ONLY


def test_the_room_is_made_slow_meanwhile(room, cast):
    said = Talk(room, cast.vera)
    now = clock.now()
    write(said, said.ready("key-00000002", now=now - timedelta(seconds=5)))
    ready = said.ready(now=now)
    with transaction():
        rooms.set_rules(room, slow_seconds=60, is_read_only=False)
    with pytest.raises(Refused) as refused:
        write(said, ready)
    assert refused.value.reason is rules.Refusal.SLOW


def test_in_a_slow_room_one_of_four_made_ready_at_once_is_taken(room, cast, race):
    with transaction():
        rooms.set_rules(room, slow_seconds=60, is_read_only=False)
    said = Talk(room, cast.vera)
    ready = [said.ready(f"key-{i:08}") for i in range(4)]
    results = race(4, lambda i: said.keep(ready[i]).seq)
    assert sorted(map(str, results)) == ["1", "slow", "slow", "slow"]


def test_the_notice_of_an_opinion_ends_meanwhile(version, cast):
    said = Opinion(version, cast.vera)
    ready = said.ready()
    end_notice(version)
    assert refusal_of(said, ready) is OpinionRefusal.NOT_OPEN


def test_the_notice_of_a_plans_room_ends_meanwhile(version, cast):
    plan_id = db.session.get_one(PlanVersion, version).plan_id
    with transaction():
        room_id = rooms.open_room(Place(Kind.PLAN, plan_id)).id
    said = Talk(room_id, cast.vera)
    ready = said.ready()
    end_notice(version)
    assert refusal_of(said, ready) is rules.Refusal.NOTICE_OVER


def end_notice(version_id):
    with transaction():
        db.session.get_one(PlanVersion, version_id).state = State.REPLYING


def test_a_seat_in_the_council_is_lost_meanwhile(cast, village):
    with transaction():
        room_id = rooms.open_room(COUNCIL).id
        sit(cast.vera)
    said = Talk(room_id, cast.vera)
    ready = said.ready()
    with transaction():
        db.session.delete(db.session.scalars(select(Councillor)).one())
    assert refusal_of(said, ready) is rules.Refusal.COUNCIL_ONLY


def test_somebody_moves_to_another_group_meanwhile(version, cast):
    group_id = db.session.get_one(Resident, cast.vera.resident_id).group_id
    with transaction():
        room_id = rooms.open_room(Place(Kind.GROUP, group_id)).id
    talk, opinion = Talk(room_id, cast.vera), Opinion(version, cast.vera)
    ready, paper = talk.ready(), opinion.ready()
    with transaction():
        other = VillagerGroup(number=9, name="第9组")
        db.session.add(other)
        db.session.flush()
        db.session.get_one(Resident, cast.vera.resident_id).group_id = other.id
        other_id = other.id
    assert refusal_of(talk, ready) is rules.Refusal.OTHER_GROUP
    assert write(opinion, paper).group_id == other_id


def test_what_was_kept_meanwhile_is_known_again_whatever_changed(said, cast):
    ready, again = said.ready(), said.ready(body="改口了")
    first = write(said, ready)
    mute(cast.vera)
    known = write(said, again)
    assert (known.id, known.body, said.count()) == (first.id, WORDS, 1)
    assert write(said, said.ready()).id == first.id  # known before it is made ready


def test_eight_made_ready_with_one_key_are_kept_once(said, race):
    ready = [said.ready() for _ in range(8)]
    assert race(8, lambda i: said.number(said.keep(ready[i]))) == [1] * 8
    assert said.count() == 1
    assert said.number(write(said, said.ready("key-00000002"))) == 2  # the seven left no gap


def test_what_comes_back_in_a_room_leaves_no_gap_for_its_readers(room, cast, race):
    said = Talk(room, cast.vera)
    ready = [said.ready() for _ in range(8)]
    race(8, lambda i: said.keep(ready[i]).seq)
    kept = db.session.scalars(select(Room).where(Room.id == room)).one()
    assert (kept.last_seq, kept.last_revision) == (1, 1)


@pytest.mark.parametrize("database", ["sqlite"])  # where one writes after the other
def test_of_ten_at_once_as_many_are_taken_as_a_minute_holds(room, cast, race):
    said, now = Talk(room, cast.vera), clock.now()
    for i in range(rules.MESSAGES_A_MINUTE - 4):
        write(said, said.ready(f"key-{i:08}", f"第{i}件事", now=now))
    ready = [said.ready(f"at-once-{i}", f"又{i}件事", now=now) for i in range(10)]
    results = race(10, lambda i: said.keep(ready[i]).seq)
    taken = [seq for seq in results if isinstance(seq, int)]
    assert sorted(taken) == [27, 28, 29, 30]
    assert {r.reason for r in results if isinstance(r, Refused)} == {Refusal.TOO_FAST}
    assert said.count() == rules.MESSAGES_A_MINUTE


def test_many_made_ready_at_once_are_numbered_without_gap(said, cast, race):
    people = [cast.vera, cast.wang, cast.sun, cast.max]
    ready = []
    for i in range(8):
        said.person = people[i % 4]
        ready.append(said.ready(f"key-{i:08}"))
    results = race(8, lambda i: said.number(said.keep(ready[i])))
    assert sorted(results) == list(range(1, 9))


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_still_stands_is_written_with_few_statements(said, count_queries):
    write(said, said.ready("key-00000002", "第一次说的话"))
    ready = said.ready()
    with count_queries() as counted, transaction():
        said.keep(ready)
    tables = [s for s in counted.statements if s.split()[0] in ("INSERT", "UPDATE", "SELECT")]
    asked = [s for s in tables if s.startswith("SELECT")]
    assert len(asked) == 2  # the grounds, and what this test asks for afterwards
    assert len(tables) - len(asked) <= 3  # the counter, the row, its pairs


def test_a_counter_that_runs_back_is_a_fault_and_no_missing_page(said):
    write(said, said.ready("key-00000002", "第一次说的话"))
    with transaction():
        db.session.execute(update(CommentCounter).values(last_number=0))
        db.session.execute(update(Room).values(last_seq=0))
    with pytest.raises(RuntimeError, match="counter"):
        write(said, said.ready())
    assert said.count() == 1


def test_a_file_is_bound_to_something_else_meanwhile(said, cast, sent, photo):
    key = sent(cast.vera, photo).key
    ready = said.ready(files=(key,))
    first = write(said, said.ready("key-00000002", "看这张照片", files=(key,)))
    with pytest.raises(Refused) as refused:
        write(said, ready)
    assert refused.value.reason is NotHere.NOT_HERE
    assert (said.number(first), said.count()) == (1, 1)
