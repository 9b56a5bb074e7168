"""What is worth a message, when it may ring, when it is tried again, and where push may go."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.inbox import rules
from portal.inbox.rules import Topic, Way


@pytest.mark.parametrize(
    ("topic", "way", "matters", "wishes", "expected"),
    [
        (Topic.VOTES, Way.SMS, True, {}, True),
        (Topic.VOTES, Way.SMS, False, {}, False),
        (Topic.VOTES, Way.SMS, False, {(Topic.VOTES, Way.SMS): True}, False),
        (Topic.VOTES, Way.SMS, True, {(Topic.VOTES, Way.SMS): False}, False),
        (Topic.VOTES, Way.SMS, True, {(Topic.VOTES, Way.PUSH): False}, True),
        (Topic.VOTES, Way.SMS, True, {(Topic.PLANS, Way.SMS): False}, True),
        (Topic.VOTES, Way.PUSH, False, {}, True),
        (Topic.VOTES, Way.PUSH, True, {(Topic.VOTES, Way.PUSH): False}, False),
        (Topic.SECURITY, Way.SMS, True, {(Topic.SECURITY, Way.SMS): False}, True),
        (Topic.SECURITY, Way.PUSH, True, {(Topic.SECURITY, Way.PUSH): False}, False),
    ],
)
def test_which_way_a_message_goes(topic, way, matters, wishes, expected):
    assert rules.is_wanted(topic=topic, way=way, matters=matters, wishes=wishes) is expected


@pytest.mark.parametrize(
    ("topic", "way", "expected"),
    [
        (Topic.VOTES, Way.SMS, False),
        (Topic.VOTES, Way.PUSH, False),
        (Topic.SECURITY, Way.PUSH, False),
        (Topic.SECURITY, Way.SMS, True),
    ],
)
def test_without_consent_only_safety_comes(topic, way, expected):
    facts = {"topic": topic, "way": way, "matters": True, "wishes": {(topic, way): True}}
    assert rules.is_wanted(**facts, has_consent=False) is expected


# Shanghai is eight hours ahead of UTC, all the year.
@pytest.mark.parametrize(
    ("told", "rings"),
    [
        ("2026-03-01 12:59", "2026-03-01 12:59"),  # 20:59 there
        ("2026-03-01 13:00", "2026-03-02 00:00"),  # 21:00: not before 08:00
        ("2026-03-01 15:59", "2026-03-02 00:00"),  # 23:59
        ("2026-03-01 16:00", "2026-03-02 00:00"),  # 00:00
        ("2026-03-01 23:59", "2026-03-02 00:00"),  # 07:59
        ("2026-03-02 00:00", "2026-03-02 00:00"),  # 08:00
    ],
)
def test_nothing_rings_at_night(told, rings):
    moment = datetime.fromisoformat(told).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(rings).replace(tzinfo=UTC)
    assert rules.first_moment(moment, can_wait=True) == expected
    assert rules.first_moment(moment, can_wait=False) == moment
    assert rules.is_quiet(moment) is (expected != moment)


def test_a_delivery_is_tried_thirteen_times_over_two_days():
    pauses = [rules.pause_after(tries) for tries in range(1, 14)]
    assert pauses[-1] is None
    assert pauses[:-1] == sorted(pauses[:-1])
    assert timedelta(hours=48) < sum(pauses[:-1], timedelta()) < timedelta(hours=49)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAA", True),
        ("https://web.push.apple.com/QP", True),
        ("https://wns2-by3p.notify.windows.com/w/?token=BQ", True),
        ("https://notify.windows.com/w/", False),  # the family itself is no service
        ("https://evilnotify.windows.com/w/", False),
        ("https://notify.windows.com.evil.example/w/", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evil.example/https://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com@evil.example/x", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://evil.example\\@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com./x", False),
        ("https://FCM.googleapis.com/x", False),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com/", False),
        ("https://fcm.googleapis.com/x#y", False),
        ("https://fcm.googleapis.com/x y", False),
        ("https://fcm.googleapis.com/\n", False),
        ("https://ｆcm.googleapis.com/x", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://[::1]/x", False),
        ("https://[::1/x", False),
        ("https://127.0.0.1/x", False),
        ("https://..notify.windows.com/x", False),
        ("file:///etc/passwd", False),
        ("//fcm.googleapis.com/x", False),
        ("", False),
        ("https://fcm.googleapis.com/" + "x" * 1000, False),
    ],
)
def test_push_goes_to_known_services_only(url, expected):
    assert rules.is_push_endpoint(url) is expected


def test_a_test_server_must_be_named():
    url = "http://127.0.0.1:9000/abc"
    assert not rules.is_push_endpoint(url)
    assert rules.is_push_endpoint(url, test_origins=("http://127.0.0.1:9000",))
    assert not rules.is_push_endpoint(url, test_origins=("http://127.0.0.1:900",))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", True),
        ("/v/330523102201/ballots/1", True),
        ("/v/330523102201/rooms/1?at=3#m-3", True),
        ("/me", False),
        ("//evil.example/v/", False),
        ("https://evil.example/v/", False),
        ("/v/1\\evil", False),
        ("/v/1\r\nSet-Cookie: a=b", False),
    ],
)
def test_messages_lead_to_pages_of_villages_only(path, expected):
    assert rules.is_ours(path) is expected
