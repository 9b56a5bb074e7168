"""Whose ways in were changed is told so."""

from sqlalchemy import select

from portal.core import clock, outbox
from portal.core.db import db, transaction
from portal.inbox.models import InboxMessage
from portal.sign_in import factors, pins
from tests.sign_in.conftest import sessions_of


def told(person):
    outbox.handle_now()
    db.session.rollback()
    query = select(InboxMessage.kind).where(InboxMessage.account_id == person.account_id)
    return list(db.session.scalars(query.order_by(InboxMessage.id)))


def test_max_is_told_of_each_change(cast, totp, browse, at):
    now = clock.now()
    told(cast.max)
    totp(cast.max)
    (line,) = factors.standing(cast.max.account_id, now=now, is_required=False).lines
    with transaction():
        codes = factors.make_recovery(cast.max.account_id, now=now)
        factors.show_recovery(cast.max.account_id, codes[0], now=now)
        pins.set_pin(cast.max.account_id, "2580", session_id=0, now=now)
        factors.remove(cast.max.account_id, line.id, now=now, is_required=False)
        factors.reset(
            cast.max.account_id,
            by_account_id=cast.ada.account_id,
            by_name="Ada",
            reason="手机丢了",
            now=now,
        )
    assert told(cast.max)[-5:] == [
        "sign-in.factor-added",
        "sign-in.recovery-used",
        "sign-in.pin-changed",
        "sign-in.factor-removed",
        "sign-in.factors-reset",
    ]
    assert told(cast.vera) == []
    assert sessions_of(cast.max) == []
