"""Bringing messages to phones: nothing is lost, nothing is sent by two, nothing at night."""

from datetime import timedelta

import pytest

from portal.core import limits
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.inbox import delivering, failing, ports, sending
from portal.inbox.rules import DeliveryState, Fault, Outcome, Way
from portal.people.models import Account
from portal.sign_in import sms
from tests.inbox.conftest import DAY, NIGHT

DOWN = sms.Answer(sms.Outcome.LATER, "no answer")
MINUTE = timedelta(minutes=1)


class Gateway:
    """A sender that can be down, can refuse, or can be killed."""

    is_slow = False

    def __init__(self):
        self.sent = []
        self.fault = None
        self.dies_after = False

    def send(self, *, phone, text, kind=sms.Kind.NOTICE, params=()):
        if isinstance(self.fault, Exception):
            raise self.fault
        if self.fault is not None:
            return self.fault
        self.sent.append((phone, text))
        if self.dies_after:
            raise SystemExit("killed")
        return sms.SENT


@pytest.fixture
def gateway(app):
    app.extensions["sms"] = Gateway()
    app.extensions["ways_health"] = delivering.Health()
    return app.extensions["sms"]


@pytest.fixture
def deliver(app):
    return lambda now=DAY, **facts: delivering.deliver_waiting(app, now=now, **facts)


def states(deliveries):
    return [(d.state, d.tries, d.fault) for d in deliveries()]


def test_a_message_is_sent_once_in_the_persons_language(tell, cast, gateway, deliver, deliveries):
    with transaction():
        db.session.get_one(Account, cast.max.id).language = "en"
    tell(cast.vera, cast.max)
    assert deliver() == 2
    assert gateway.sent == [
        ("13800000001", "青溪村：原因：rain"),
        ("13800000002", "青溪村: Reason: rain"),
    ]
    assert deliver(DAY + MINUTE) == 0
    assert [(d.state, d.sent_at, d.tries) for d in deliveries()] == [
        (DeliveryState.SENT, DAY, 1),
        (DeliveryState.SENT, DAY, 1),
    ]


def test_a_sender_that_is_down_for_hours_loses_nothing(tell, cast, gateway, deliver, deliveries):
    gateway.fault = DOWN
    for event_id in range(5):
        tell(cast.vera, cast.max, event_id=event_id)
    moment = DAY
    while moment < DAY + timedelta(hours=5):
        assert deliver(moment) == 0
        moment += timedelta(seconds=30)
    assert {d.state for d in deliveries()} == {DeliveryState.WAITING}
    assert "no answer" in {d.fault_note for d in deliveries()}
    gateway.fault = None
    arrived = 0
    while arrived < 10:
        arrived += deliver(moment)
        moment += timedelta(minutes=5)
    assert moment < DAY + timedelta(hours=7)  # the first that gets through wakes the others
    assert len(gateway.sent) == 10
    assert {d.state for d in deliveries()} == {DeliveryState.SENT}


def test_a_way_that_is_down_is_left_alone_for_a_while(tell, cast, gateway, deliver, deliveries):
    gateway.fault = DOWN
    for event_id in range(5):
        tell(cast.vera, event_id=event_id)
    deliver()
    assert [d.tries for d in deliveries()] == [1, 1, 1, 0, 0]
    deliver(DAY + timedelta(seconds=29))
    assert [d.tries for d in deliveries()] == [1, 1, 1, 0, 0]
    gateway.fault = None
    assert deliver(DAY + timedelta(seconds=30)) == 2


def test_it_is_given_up_after_thirteen_tries_and_the_operator_sees_why(
    tell, cast, gateway, deliver, deliveries
):
    gateway.fault = DOWN
    tell(cast.vera, kind="test.safety")
    moment = DAY
    for _ in range(13):
        assert deliver(moment) == 0
        moment = max(deliveries()[0].next_at, moment)
    assert states(deliveries) == [(DeliveryState.GIVEN_UP, 13, Fault.TRIED_ENOUGH)]
    assert failing.count_given_up() == 1
    lost = failing.list_given_up(limit=9)[0]
    assert (lost.target, lost.note) == ("138****0001", "no answer")
    gateway.fault = None
    with transaction():
        assert failing.try_again(lost.id, now=moment)
        assert not failing.try_again(lost.id, now=moment)
    assert deliver(moment + timedelta(hours=1)) == 1


def test_killed_between_sending_and_writing_down_it_is_sent_again(
    tell, cast, gateway, deliver, deliveries
):
    """At least once: whoever was killed in between cannot know, so the person may hear twice."""
    tell(cast.vera)
    gateway.dies_after = True
    with pytest.raises(SystemExit):
        deliver()
    assert len(gateway.sent) == 1
    assert states(deliveries) == [(DeliveryState.WAITING, 1, None)]
    gateway.dies_after = False
    assert deliver(DAY + MINUTE) == 0  # still claimed
    assert deliver(DAY + 3 * MINUTE) == 1
    assert len(gateway.sent) == 2
    assert states(deliveries) == [(DeliveryState.SENT, 2, None)]


def test_one_of_many_workers_gets_it(race, tell, cast, gateway, deliveries):
    tell(cast.vera)
    delivery_id = deliveries()[0].id
    jobs = race(8, lambda _index: delivering.claim(delivery_id, now=DAY))
    assert [job for job in jobs if isinstance(job, Exception)] == []
    assert len([job for job in jobs if job is not None]) == 1
    assert states(deliveries) == [(DeliveryState.WAITING, 1, None)]


def test_a_late_failure_does_not_undo_what_another_sent(tell, cast, gateway, deliveries):
    tell(cast.vera)
    delivery_id = deliveries()[0].id
    with transaction():
        slow = delivering.claim(delivery_id, now=DAY)
    later = DAY + 4 * MINUTE
    with transaction():
        quick = delivering.claim(delivery_id, now=later)
    with transaction():
        delivering.settle(slow, sending.Result(Outcome.LATER, "slow"), now=later)
    assert deliveries()[0].next_at == later + 3 * MINUTE  # the claim of the other still holds
    with transaction():
        delivering.settle(quick, sending.Result(Outcome.SENT), now=later)
    with transaction():
        delivering.settle(slow, sending.Result(Outcome.REFUSED, "slow"), now=later)
    assert states(deliveries) == [(DeliveryState.SENT, 2, None)]


def test_at_night_only_what_cannot_wait_rings(tell, cast, gateway, deliver):
    tell(cast.vera, now=NIGHT - 2 * MINUTE * 60)  # told in the evening, not sent by nine
    tell(cast.max, kind="test.safety", event_id=2, now=NIGHT)
    assert deliver(NIGHT) == 1
    assert [phone for phone, _ in gateway.sent] == ["13800000002"]
    assert deliver(NIGHT + timedelta(hours=10)) == 1


def test_safety_goes_first(tell, cast, gateway, deliver):
    tell(cast.vera)
    tell(cast.max, kind="test.safety", event_id=2, now=DAY + MINUTE)
    assert deliver(DAY + MINUTE, limit=1) == 1
    assert [phone for phone, _ in gateway.sent] == ["13800000002"]


def test_old_news_is_not_sent(tell, cast, gateway, deliver, deliveries):
    tell(cast.vera, ends_at=DAY + timedelta(hours=1))
    assert deliver(DAY + timedelta(hours=1)) == 0
    assert states(deliveries) == [(DeliveryState.GIVEN_UP, 1, Fault.TOO_OLD)]
    assert gateway.sent == []
    assert failing.count_given_up() == 0  # nothing anybody could mend


def test_nobody_is_called_whose_account_was_erased_meanwhile(
    tell, cast, gateway, deliver, deliveries
):
    tell(cast.vera)
    with transaction():
        db.session.get_one(Account, cast.vera.id).erased_at = DAY
    assert deliver() == 0
    assert states(deliveries) == [(DeliveryState.GIVEN_UP, 1, Fault.NOBODY)]


def test_the_budget_of_the_village_is_not_passed(
    app, tell, cast, gateway, deliver, deliveries, monkeypatch
):
    monkeypatch.setattr(app.config["SETTINGS"], "sms_per_day", 4)  # 70 percent: 2 for notices
    tell(cast.vera, cast.max, cast.sun, cast.paula)
    assert deliver() == 2
    assert deliver(DAY + MINUTE) == 0
    waiting = [d for d in deliveries() if d.state is DeliveryState.WAITING]
    tomorrow = DAY.replace(hour=0) + timedelta(days=1)  # 08:00 in the village
    assert [(d.tries, d.next_at, d.fault_note) for d in waiting] == [(0, tomorrow, "budget")] * 2
    assert limits.used(limits.sms_per_village(), "all", now=DAY) == 2
    assert deliver(tomorrow) == 2


def test_villages_have_budgets_of_their_own(
    app, tell, cast, neighbour, gateway, deliver, monkeypatch
):
    monkeypatch.setattr(app.config["SETTINGS"], "sms_per_day", 2)
    tell(cast.vera)
    with village_scope(neighbour.id):
        tell(cast.nora, event_id=2)
    assert deliver() == 2


def test_what_was_not_sent_is_given_back_to_the_budget(tell, cast, gateway, deliver):
    gateway.fault = DOWN
    tell(cast.vera)
    deliver()
    assert limits.used(limits.sms_per_village(), "all", now=DAY) == 0


def test_a_fault_of_ours_is_noted_and_tried_again(tell, cast, gateway, deliver, deliveries, caplog):
    gateway.fault = ValueError("no text")
    tell(cast.vera)
    assert deliver() == 0
    assert [(d.state, d.fault_note) for d in deliveries()] == [
        (DeliveryState.WAITING, "ValueError")
    ]
    assert "could not be sent" in caplog.text


def test_without_a_sender_nothing_is_planned(app, tell, cast, deliver, deliveries):
    app.extensions["sms"] = None
    tell(cast.vera)
    assert deliveries() == []
    assert deliver() == 0


def test_ways_are_told_apart():
    health = delivering.Health()
    for _ in range(3):
        health.note(Way.SMS, Outcome.LATER, DAY)
    assert health.is_down(Way.SMS, DAY)
    assert not health.is_down(Way.PUSH, DAY)
    health.note(Way.SMS, Outcome.REFUSED, DAY + MINUTE)  # somebody answers again
    assert not health.is_down(Way.SMS, DAY + MINUTE)


def test_what_the_gateway_refuses_for_ever_is_given_up_at_once(
    tell, cast, gateway, deliver, deliveries
):
    gateway.fault = sms.Answer(sms.Outcome.REFUSED, "BlackList")
    tell(cast.vera)
    assert deliver() == 0
    assert [(d.state, d.fault, d.fault_note) for d in deliveries()] == [
        (DeliveryState.GIVEN_UP, Fault.REFUSED, "BlackList")
    ]
    assert failing.count_given_up() == 1


def test_nobody_is_called_who_took_back_that_they_agreed(tell, cast, gateway, deliver, deliveries):
    tell(cast.vera)
    tell(cast.vera, kind="test.safety")
    with transaction():
        ports.say(cast.vera.id, Way.SMS, is_given=False, now=DAY)
    tell(cast.vera, event_id=2)
    assert deliver() == 1  # what concerns safety comes all the same
    assert gateway.sent == [("13800000001", "青溪村：safety rain")]
    assert states(deliveries) == [
        (DeliveryState.GIVEN_UP, 1, Fault.NOBODY),
        (DeliveryState.SENT, 1, None),
    ]
