"""What the tests of the inbox tell, and the people they tell it to."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select

from portal.core.db import db, transaction
from portal.core.outbox import OutboxEvent
from portal.core.scope import all_villages
from portal.inbox import kinds, ports, service
from portal.inbox.kinds import Kind
from portal.inbox.models import Delivery, InboxMessage
from portal.inbox.rules import Topic, Way
from tests.inbox.push_server import PushServer, new_private_key

DAY = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # noon in the village
NIGHT = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)  # 22:00

KINDS = {
    "test.matters": Kind(
        topic=Topic.VOTES, words=lambda f: kinds._("Reason: %(reason)s", **f), matters=True
    ),
    "test.small": Kind(topic=Topic.VOTES, words=lambda f: f"small {f['reason']}"),
    "test.safety": Kind(
        topic=Topic.SECURITY, words=lambda f: f"safety {f['reason']}", matters=True, can_wait=False
    ),
}


@pytest.fixture
def app(app):
    """A portal that also knows the kinds of the tests."""
    app.extensions["message_kinds"] = {**app.extensions["message_kinds"], **KINDS}
    return app


@pytest.fixture
def server():
    """A push service of our own."""
    server = PushServer()
    yield server
    server.stop()


@pytest.fixture
def pushing(app, server, monkeypatch):
    """Let the portal push by our service."""
    settings = app.config["SETTINGS"]
    monkeypatch.setattr(settings, "push_private_key", new_private_key())
    monkeypatch.setattr(settings, "push_contact", "mailto:operator@example.org")
    monkeypatch.setattr(settings, "push_test_origin", server.origin)


@pytest.fixture
def agreed(cast):
    """Everybody has agreed to be told by every way."""
    with transaction():
        for account in vars(cast).values():
            for way in Way:
                ports.say(account.id, way, is_given=True, now=DAY)
        db.session.execute(delete(OutboxEvent))  # how the cast came to be is no news here


@pytest.fixture
def tell(agreed, cast):
    """Tell somebody something of an event, who has agreed to every way."""

    def _tell(*accounts, kind="test.matters", event_id=1, now=DAY, **facts):
        with transaction():
            return service.tell(
                [account.id for account in accounts],
                kind=kind,
                facts={"reason": "rain"},
                event_id=event_id,
                now=now,
                **facts,
            )

    return _tell


@pytest.fixture
def messages():
    """Return every message, as (account, kind)."""

    def _messages():
        db.session.rollback()
        query = select(InboxMessage).order_by(InboxMessage.id)
        with all_villages("tests look everywhere"):
            return list(db.session.scalars(query))

    return _messages


@pytest.fixture
def deliveries():
    """Return every delivery, the oldest first."""

    def _deliveries():
        db.session.rollback()
        query = select(Delivery).order_by(Delivery.id)
        with all_villages("tests look everywhere"):
            return list(db.session.scalars(query.execution_options(populate_existing=True)))

    return _deliveries
