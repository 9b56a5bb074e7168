"""Erasing an account: what goes, what stays byte for byte, and coming back."""

import pytest
from sqlalchemy import select

from portal.ballots import service as ballots
from portal.core import audit, clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.jobs import run_chores
from portal.core.personal import Wish
from portal.core.scope import village_scope
from portal.discussion import service as discussion
from portal.discussion.models import Comment
from portal.inbox.models import InboxMessage, PushSubscription
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, Resident
from portal.people.rules import Role
from portal.privacy import erasing, service
from portal.privacy.models import Erasure
from portal.privacy.rules import Purpose, Refusal, RequestState, why_not_answer, why_not_erase
from portal.rooms import service as rooms
from portal.rooms.models import Author, Message
from portal.sign_in import slips
from portal.sign_in.models import AccountSession, OutsideIdentity, SecondFactor
from portal.sign_in.rules import FactorKind
from portal.statistics import service as statistics
from portal.statistics.rules import period_until
from portal.transparency import service as record

KEEP = Wish(takes_words_back=False, clears_roster=False)
TAKE = Wish(takes_words_back=True, clears_roster=True)


@pytest.mark.parametrize(
    ("holds_a_post", "is_erased", "expected"),
    [
        (False, False, None),
        (True, False, Refusal.HOLDS_A_POST),
        (False, True, Refusal.ERASED_ALREADY),
        (True, True, Refusal.ERASED_ALREADY),
    ],
)
def test_who_can_be_erased(holds_a_post, is_erased, expected):
    assert why_not_erase(holds_a_post=holds_a_post, is_erased=is_erased) is expected


def test_a_no_needs_a_reason_and_nobody_answers_themselves():
    def ask(**facts):
        whole = {"state": RequestState.OPEN, "is_granted": False, "answer": "", "is_own": False}
        return why_not_answer(**(whole | facts))

    assert ask() is Refusal.NO_REASON
    assert ask(answer="  ") is Refusal.NO_REASON
    assert ask(answer="名册以户口簿为准") is None
    assert ask(is_granted=True) is None
    assert ask(is_granted=True, is_own=True) is Refusal.OWN_REQUEST
    assert ask(is_granted=True, state=RequestState.DONE) is Refusal.ANSWERED_ALREADY


def give_everything(account_id):
    """Let an account have something of each kind that is to go."""
    now = clock.now()
    db.session.add_all(
        [
            SecondFactor(account_id=account_id, kind=FactorKind.APP, secret="x", made_at=now),
            OutsideIdentity(
                account_id=account_id, provider="wechat", subject_digest="d", made_at=now
            ),
            InboxMessage(event_id=1, account_id=account_id, kind="x", facts={}, made_at=now),
            PushSubscription(
                account_id=account_id,
                session_id=1,
                endpoint="https://x",
                endpoint_digest="e",
                p256dh="p",
                auth="a",
                made_at=now,
            ),
        ]
    )
    slips.make_slip(account_id=account_id, now=now)
    service.say(account_id, Purpose.NAMED, is_given=True, now=now)
    service.ask(account_id, "生日登记错了", resident_id=None, now=now)


STAYS = {
    "region", "villager_group", "household", "ballot", "ballot_option", "ballot_elector", "turnout",
    "ballot_choice", "points_account", "points_transfer", "points_entry", "points_scheme",
    "points_item", "survey", "survey_reply", "survey_answer", "plan_version", "plan_notice",
    "record_entry", "disclosure_doc", "disclosure_file", "moderation_case", "moderation_decision",
    "roster_change", "access_log", "consent", "privacy_notice_seen", "rule_profile", "post",
    "comment_counter",
}  # fmt: skip


@pytest.mark.parametrize("wish", [KEEP, TAKE], ids=["words stay", "words go"])
def test_ledger_tallies_record_and_statistics_stay_byte_for_byte(app, lively, picture, wish):
    busy, now = lively.busy, clock.now()
    assert busy.kinds >= 4  # the demonstration has somebody who did nearly everything
    with transaction():
        give_everything(busy.account_id)
    closed = [b.id for b in ballots.list_ballots() if b.closes_at < now]
    day = clock.today(now)
    period = period_until(day.year, day.month)

    def figures():
        results = [repr(ballots.result_of(ballots.get_ballot(b), now=now)) for b in closed]
        turnouts = [repr(statistics.gather_turnout(b.id)) for b in ballots.list_ballots()]
        counts = [repr(discussion.tallies()), repr(discussion.count_of(busy.resident_id))]
        return results, turnouts, counts, repr(statistics.gather(period, snapshot=day))

    before, figures_before = picture(), figures()
    with transaction():
        erasing.erase(busy.account_id, wish, now=now)
    after, figures_after = picture(), figures()
    assert figures_after == figures_before
    changed = {name for name in before if before[name] != after[name]}
    assert changed & STAYS == set()
    touched = {"account", "erasure", "data_request", "second_factor", "outside_identity"}
    touched |= {"inbox_message", "push_subscription", "access_code"}
    spoken = {"comment", "message", "message_pair", "room", "resident"}
    spoken = spoken if wish is TAKE else set()
    assert touched <= changed <= touched | spoken | {"account_session"}
    assert record.why_broken() is None and record.files_broken() == []
    gone = repr(after["account"]) + repr(after["data_request"])
    assert busy.name not in gone and "13700000001" not in gone and "生日登记错了" not in gone
    # only the words changed in what was said: who of which group, sex and age stays counted
    for name in ("comment", "message"):
        assert len(before[name]) == len(after[name])


def test_one_row_of_each_table_changes_and_no_more(lively, picture):
    with transaction():
        give_everything(lively.busy.account_id)
    before = picture()
    with transaction():
        erasing.erase(lively.busy.account_id, TAKE, now=clock.now())
    after = picture()
    for table in ("account", "resident"):
        pairs = zip(before[table], after[table], strict=True)
        assert sum(old != new for old, new in pairs) == 1
    with village_scope(lively.village.id):
        resident = people.get_resident(lively.busy.resident_id)
        assert (resident.phone, resident.second_contact) == (None, None)
        assert resident.name == lively.busy.name  # the roster is the village's duty
        account = db.session.get_one(Account, lively.busy.account_id)
        assert (account.name, account.phone, account.resident_id) == ("*", None, None)
        assert (account.pin_digest, account.is_active) == (None, False)


def test_words_stay_without_author_or_go(lively):
    busy = lively.busy
    opinions = discussion.list_of(busy.resident_id)
    assert opinions and all(o.author != "*" for o in opinions)
    with transaction():
        erasing.erase(busy.account_id, KEEP, now=clock.now())
    kept = discussion.list_of(busy.resident_id)
    assert [o.comment.body for o in kept] == [o.comment.body for o in opinions]
    assert {o.author for o in kept} == {"*"}
    room = rooms.find_room()
    mine = [
        line
        for line in rooms.list_page(room.id, limit=500)
        if line.message.resident_id == busy.resident_id
    ]
    assert {line.author for line in mine} <= {"*"}


def test_words_taken_back_are_gone_for_readers_too(app, lively, browse):
    busy = lively.busy
    words = [o.comment.body for o in discussion.list_of(busy.resident_id)]
    room_id = rooms.find_room().id
    said = list(
        db.session.scalars(
            select(Message.body).where(
                Message.resident_id == busy.resident_id, Message.room_id == room_id
            )
        )
    )
    comment = discussion.list_of(busy.resident_id)[0].comment
    revision = rooms.find_room().last_revision
    with transaction():
        erasing.erase(busy.account_id, TAKE, now=clock.now())
    assert db.session.scalars(select(Comment).where(Comment.body.in_(words))).all() == []
    assert db.session.scalars(select(Message).where(Message.body.in_(said))).all() == [] or not said
    db.session.rollback()
    news = rooms.read_feed(rooms.find_room().id, after=revision)
    assert len(news) == len(said)  # whoever reads the room sees them go
    page = browse().get(f"/v/{lively.village.code}/discussion/opinions/{comment.id}")
    text = page.get_data(as_text=True)
    assert words[0] not in text and "作者已收回" in text


def test_sessions_end_and_a_new_account_begins_empty(app, lively, browse):
    busy, code = lively.busy, lively.village.code
    client = browse(busy)
    assert busy.name in client.get(f"/v/{code}/me").get_data(as_text=True)
    with transaction():
        erasing.erase(busy.account_id, KEEP, now=clock.now())
    assert busy.name not in client.get(f"/v/{code}/me").get_data(as_text=True)
    with transaction():
        again = people.account_of(busy.resident_id)
        again_id = again.id
    assert again_id != busy.account_id
    busy.account_id = again_id
    page = browse(busy).get(f"/v/{code}/me")
    assert busy.name in page.get_data(as_text=True)
    with transaction():
        erasing.erase(again_id, KEEP, now=clock.now())  # and may go again
    assert db.session.query(Erasure).count() == 2


def test_what_is_written_after_coming_back_has_an_author_again(cast, village):
    def say(room_id, body):
        return rooms.send(
            room_id,
            body=body,
            show_name=True,
            client_key=f"key of {body}",
            author=Author(cast.vera.resident_id),
            badge=None,
            now=clock.now(),
        ).id

    with transaction():
        room_id = rooms.open_room().id
        old_id = say(room_id, "旧话")
    with transaction():
        erasing.erase(cast.vera.id, KEEP, now=clock.now())
    with transaction():
        people.account_of(cast.vera.resident_id)
        new_id = say(room_id, "新话")
    assert rooms.get_message(old_id).author == "*"
    assert rooms.get_message(new_id).author == "Vera"


def test_whoever_holds_a_post_cannot_be_erased(cast):
    with pytest.raises(Refused) as refused, transaction():
        erasing.erase(cast.max.id, KEEP, now=clock.now())
    assert refused.value.reason is Refusal.HOLDS_A_POST
    with transaction():
        post = posts.posts_of(cast.max.id)[0]
        posts.end_post(post.id, now=clock.now())
    with transaction():
        erasing.erase(cast.max.id, KEEP, now=clock.now())
    name = db.session.scalar(select(Account.name).where(Account.id == cast.max.id))
    assert name == "Max"  # who was responsible when is public


def test_a_post_to_come_holds_too(cast):
    with transaction():
        posts.give_post(cast.vera.id, Role.GRID_WORKER, now=clock.now())
    assert erasing.why_not_erase(cast.vera.id, now=clock.now()) is Refusal.HOLDS_A_POST


def test_two_taps_at_once_erase_once(cast, race):
    results = race(4, lambda _i: erasing.erase(cast.vera.id, KEEP, now=clock.now()).id)
    refused = [r.reason for r in results if isinstance(r, Refused)]
    assert len(refused) == 3 and set(refused) == {Refusal.ERASED_ALREADY}
    assert db.session.query(Erasure).count() == 1


def test_what_comes_late_is_forgotten_too(app, cast, village):
    with transaction():
        erasing.erase(cast.vera.id, KEEP, now=clock.now())
    with transaction():
        db.session.add(
            InboxMessage(
                event_id=9, account_id=cast.vera.id, kind="x", facts={}, made_at=clock.now()
            )
        )
    done = run_chores(app, (erasing.forget_echoes,), now=clock.now())
    assert done == {"portal.privacy.erasing.forget_echoes": 1}
    assert db.session.query(InboxMessage).count() == 0


def test_the_page_says_what_goes_and_asks(cast, browse, at):
    vera = browse(cast.vera)
    page = vera.get(at("/privacy/erase")).get_data(as_text=True)
    assert "名册上的您" in page and "积分账" in page
    unsure = vera.post(at("/privacy/erase"), data={"words": "keep"})
    assert unsure.status_code == 422
    assert erasing.why_not_erase(cast.vera.id, now=clock.now()) is None
    done = vera.post(at("/privacy/erase"), data={"words": "take", "contacts": "y", "sure": "y"})
    assert (done.status_code, done.location) == (303, at("/"))
    db.session.rollback()
    assert erasing.why_not_erase(cast.vera.id, now=clock.now()) is Refusal.ERASED_ALREADY
    assert db.session.query(AccountSession).filter_by(account_id=cast.vera.id).count() == 0
    assert db.session.get(Resident, cast.vera.resident_id).phone is None
    assert vera.get(at("/privacy/erase")).status_code == 302  # a stranger now
    staff = browse(cast.max).get(at("/privacy/erase")).get_data(as_text=True)
    assert "任职期间" in staff and 'name="sure"' not in staff


def test_nobody_erases_in_another_village_or_after_a_while(cast, browse, at, neighbour):
    assert browse(cast.nora).post(at("/privacy/erase"), data={}).status_code == 403
    assert browse().post(at("/privacy/erase"), data={}).status_code == 401
    otto = browse(cast.otto).post(at("/privacy/erase"), data={"words": "keep", "sure": "y"})
    assert otto.status_code == 303  # an account without a resident goes as well
    assert db.session.query(audit.AccessLog).count() == 0
