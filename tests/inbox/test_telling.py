"""Telling people: once for each event, in batches, by the ways that each wishes."""

from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.inbox import kinds, service, wishes
from portal.inbox.models import Delivery, InboxMessage, Wish
from portal.inbox.rules import DeliveryState, Topic, Way
from portal.people.models import Account
from tests.inbox.conftest import DAY, NIGHT


def test_told_twice_it_is_there_once(tell, cast, messages, deliveries):
    assert tell(cast.vera, cast.max) == 2
    assert tell(cast.vera, cast.max, cast.sun) == 1
    assert tell(cast.vera, event_id=2) == 1
    assert tell(cast.vera, kind="test.safety") == 1
    told = [(m.account_id, m.event_id, m.kind) for m in messages()]
    assert told == [
        (cast.vera.id, 1, "test.matters"),
        (cast.max.id, 1, "test.matters"),
        (cast.sun.id, 1, "test.matters"),
        (cast.vera.id, 2, "test.matters"),
        (cast.vera.id, 1, "test.safety"),
    ]
    assert len(deliveries()) == 5


def test_two_who_tell_at_once_tell_once(race, cast, messages):
    def tell(_index):
        return service.tell(
            [cast.vera.id, cast.max.id],
            kind="test.small",
            facts={"reason": "rain"},
            event_id=7,
            now=DAY,
        )

    assert sorted(race(4, tell)) == [0, 0, 0, 2]
    assert len(messages()) == 2


def test_the_key_judges_last(village, cast, tell):
    tell(cast.vera)
    row = {"event_id": 1, "account_id": cast.vera.id, "kind": "test.matters", "made_at": DAY}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(InboxMessage(facts={}, **row))


def test_unknown_kinds_and_foreign_paths_are_faults_of_ours(tell, cast, messages):
    with pytest.raises(KeyError):
        tell(cast.vera, kind="test.nobody-knows")
    with pytest.raises(ValueError, match="no page of ours"):
        tell(cast.vera, path="https://evil.example/")
    assert messages() == []


def test_what_matters_comes_by_sms_once_for_each_phone(tell, cast, deliveries):
    with transaction():
        db.session.get_one(Account, cast.sun.id).phone = cast.vera.phone  # they share one
    tell(cast.vera, cast.sun, cast.max, cast.paula)
    assert [(d.way, d.target, d.next_at) for d in deliveries()] == [
        (Way.SMS, "13800000001", DAY),
        (Way.SMS, "13800000002", DAY),
        (Way.SMS, "13800000005", DAY),
    ]
    tell(cast.vera, cast.max, kind="test.small", event_id=2)
    assert len(deliveries()) == 3


def test_a_second_contact_hears_too(tell, cast, deliveries):
    tell(cast.vera, sms_to=["13911112222"])
    assert [d.target for d in deliveries()] == ["13911112222", "13800000001"]


def test_what_can_wait_waits_for_the_morning(tell, cast, deliveries):
    tell(cast.vera, now=NIGHT)
    tell(cast.vera, kind="test.safety", now=NIGHT)
    assert [(d.next_at, d.can_wait) for d in deliveries()] == [
        (NIGHT + timedelta(hours=10), True),
        (NIGHT, False),
    ]


def test_wishes_are_kept_and_safety_cannot_be_wished_away(tell, cast, village, deliveries):
    with transaction():
        wishes.keep(cast.vera.id, dict.fromkeys(wishes.choices(), False))
    assert wishes.of(cast.vera.id)[(Topic.VOTES, Way.SMS)] is False
    assert (Topic.SECURITY, Way.SMS) not in wishes.of(cast.vera.id)
    tell(cast.vera)
    assert deliveries() == []
    tell(cast.vera, kind="test.safety")
    assert [d.target for d in deliveries()] == ["13800000001"]
    with transaction():
        wishes.keep(cast.vera.id, dict.fromkeys(wishes.choices(), True))
    tell(cast.vera, event_id=2)
    assert len(deliveries()) == 2


def test_two_browsers_keep_wishes_at_once(race, cast):
    both = {key: False for key in wishes.choices()}
    other = dict.fromkeys(both, True)
    results = race(4, lambda index: wishes.keep(cast.vera.id, both if index % 2 else other))
    assert results == [None] * 4
    kept = db.session.scalar(select(func.count(Wish.id)).where(Wish.account_id == cast.vera.id))
    assert kept == len(wishes.choices())


def test_an_erased_account_is_told_nothing(tell, cast, messages):
    with transaction():
        db.session.get_one(Account, cast.vera.id).erased_at = DAY
    assert tell(cast.vera, cast.max) == 1
    assert [m.account_id for m in messages()] == [cast.max.id]


def test_somebody_of_a_region_above_is_told_in_the_village(
    village, neighbour, cast, tell, messages
):
    tell(cast.nora)  # her account is at home next door; the message is of this village
    assert [(m.account_id, m.village_id) for m in messages()] == [(cast.nora.id, village.id)]
    assert service.list_messages(cast.nora.id, limit=9) != []
    with village_scope(neighbour.id):
        assert service.list_messages(cast.nora.id, limit=9) == []


def test_a_village_is_told_in_few_statements(village, cast, count_queries, messages):
    with transaction():
        db.session.add_all(
            Account(name=f"R{n}", phone=f"137{n:08d}", village_id=village.id) for n in range(2000)
        )
    everybody = list(db.session.scalars(select(Account.id)))
    with count_queries() as counted, transaction():
        told = service.tell(
            everybody, kind="test.safety", facts={"reason": "rain"}, event_id=1, now=DAY
        )
    assert told == len(everybody) == 2007
    # Five batches, each: who, write (rows travel in some statements), wishes, deliveries.
    assert counted.n < 60
    waiting = select(func.count(Delivery.id)).where(Delivery.state == DeliveryState.WAITING)
    assert db.session.scalar(waiting) == 2007


def test_words_are_made_for_the_reader(app, cast, tell):

    tell(cast.vera)
    message = service.list_messages(cast.vera.id, limit=1)[0]
    for language, expected in (("en", "Reason: rain"), ("zh_Hans", "原因：rain")):
        with force_locale(language):
            assert kinds.words_of(message.kind, message.facts) == expected
            assert kinds.words_of("gone.kind", {}) != ""


def test_two_features_cannot_say_the_same(app):
    with pytest.raises(ValueError, match="two features"):
        kinds.join(app, {"a.b": kinds.known()["test.small"]}, {"a.b": kinds.known()["test.small"]})


def test_old_messages_are_forgotten(village, cast, tell, messages, deliveries):
    tell(cast.vera, now=DAY)
    tell(cast.vera, cast.max, event_id=2, now=DAY)
    with transaction():
        read = service.list_messages(cast.vera.id, limit=9)[1]
        service.open_message(read.id, account_id=cast.vera.id, now=DAY)
    for days, left, waiting in ((29, 3, 3), (31, 3, 0), (179, 3, 0), (181, 2, 0), (366, 0, 0)):
        with transaction():
            service.prune(now=DAY + timedelta(days=days))
        assert (len(messages()), len(deliveries())) == (left, waiting), days
