"""Who hears of what, and in which words."""

import pytest
from sqlalchemy import select

from portal.assisting import events, recognising, service
from portal.core import outbox
from portal.core.db import db, transaction
from portal.discussion import service as discussion
from portal.inbox import beside
from portal.inbox.models import Delivery, InboxMessage
from portal.people import behalf
from portal.people.models import AssistedSitting, Resident
from portal.people.rules import Channel

from .test_views import text


@pytest.fixture
def told():
    """Handle what waits; return who was told what."""

    def _told():
        db.session.remove()
        outbox.handle_now()
        db.session.remove()
        rows = db.session.scalars(select(InboxMessage).order_by(InboxMessage.id)).all()
        kinds = set(beside.KINDS)
        return [
            (row.kind.removeprefix("assisting."), row.account_id)
            for row in rows
            if row.kind in kinds
        ]

    return _told


def test_every_event_has_somebody_who_hears_of_it():
    ours = {
        thing.kind
        for thing in vars(events).values()
        if isinstance(thing, type) and issubclass(thing, outbox.Event) and hasattr(thing, "kind")
    }
    heard = {kind for kind in beside.HANDLERS if kind.startswith("assisting.")}
    assert ours == heard == {kind for kind in beside.KINDS if kind.startswith("assisting.")}


def test_the_whole_sitting_is_told(sit, version, cast, li, li_at_home, now, told, browse, at, app):
    with transaction():
        db.session.get_one(Resident, li.resident_id).second_contact = "13900000001"
    _, sitting_id = sit(cast.vera, cast.max)
    assert told() == [
        ("witness-asked", cast.max.account_id),
        ("witness-answered", cast.vera.account_id),
        ("entered-for-you", li_at_home.account_id),
    ]
    assert "Max 同意当见证人" in text(browse(cast.vera).get(at("/inbox")))
    sitting = db.session.get_one(AssistedSitting, sitting_id)
    entering = behalf.Sitting(
        sitting_id, li.resident_id, sitting.helper_id, sitting.witness_id, Channel.ASSISTED
    )
    with behalf.on_behalf(entering), transaction():
        discussion.post_comment(
            version,
            body="路灯太暗",
            about="",
            about_title="",
            show_name=False,
            client_key="one",
            resident_id=li.resident_id,
            now=now,
        )
    with transaction():
        service.end(helper_id=cast.vera.account_id, session_id=None, now=now)
    assert told()[3:] == [("sitting-ended", li_at_home.account_id)]
    phones = db.session.scalars(select(Delivery.target).where(Delivery.target == "13900000001"))
    assert phones.all() == ["13900000001"] * 2  # when it began, and what came of it
    page = text(browse(li_at_home).get(at("/inbox")))
    assert "Vera替李阿婆填写了 1 项" in page
    facts = [m.facts for m in db.session.scalars(select(InboxMessage))]
    assert not any("13900000001" in str(found) for found in facts)

    with transaction():
        service.object_to(sitting_id, resident_id=li.resident_id, words="", now=now)
    heard = told()[4:]
    assert sorted(heard) == sorted(
        [("objected", cast.max.account_id), ("objected", cast.sun.account_id)]
    )
    assert "有人对Vera的代填提出异议" in text(browse(cast.sun).get(at("/inbox")))


def test_a_recognition_is_told_to_whoever_asked_and_to_the_supervisor(
    cast, zhu, li, now, told, browse, at
):
    def recognise(person, claims):
        with transaction():
            asked = recognising.ask_for_myself(
                person.account_id, name=claims.name, place="二组", now=now
            ).id
        with transaction():
            recognising.name_resident(asked, resident_id=claims.resident_id, now=now)
        for voucher in (cast.max, zhu):
            with transaction():
                recognising.vouch(asked, account_id=voucher.account_id, is_replacing=True, now=now)

    recognise(cast.otto, cast.wang)
    heard = [line for line in told() if line[0].startswith("recog")]
    assert heard == [
        ("recognition-asked", cast.max.account_id),
        ("recognition-asked", zhu.account_id),
        ("recognised", cast.sun.account_id),
        ("recognised", cast.otto.account_id),
    ]
    assert "Wang" in text(browse(cast.otto).get(at("/inbox")))
    old = db.session.scalars(select(Delivery.target)).all()
    assert cast.wang.phone in old


def test_a_refusal_is_told(cast, li, now, told, browse, at):
    with transaction():
        asked = recognising.ask_for_myself(
            cast.otto.account_id, name="李阿婆", place="一组", now=now
        ).id
    with transaction():
        recognising.refuse(asked, account_id=cast.max.account_id, reason="没见过此人", now=now)
    assert ("recognition-refused", cast.otto.account_id) in told()
    assert "没见过此人" in text(browse(cast.otto).get(at("/inbox")))
