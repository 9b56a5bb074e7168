"""What a reviewer broke once, and what must stay mended."""

import re
from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.personal import Wish
from portal.core.scope import all_villages, village_scope
from portal.people import posts
from portal.people.models import Account, Post, Region, Resident
from portal.people.rules import Role
from portal.privacy import erasing
from portal.sign_in import pins, slips
from portal.sign_in.models import AccessCode, AccountSession


def make_strong(person) -> None:
    with transaction(), all_villages("a test shows a second proof everywhere"):
        whose = AccountSession.account_id == person.account_id
        for session in db.session.scalars(select(AccountSession).where(whose)):
            session.strong_at = clock.now()


def make_operator(person, village) -> str:
    """Give somebody a post in the county; return its code."""
    county = village.code[:6]
    county_id = db.session.scalar(select(Region.id).where(Region.code == county))
    with village_scope(county_id), transaction():
        posts.give_post(person.id, Role.OPERATOR, now=clock.now() - timedelta(seconds=5))
    return county


def test_a_village_opens_no_post_of_the_county(strict, cast, village, browse, at, totp):
    """Neither by taking proofs away nor by printing a slip."""
    make_operator(cast.vera, village)
    totp(cast.vera)
    totp(cast.ada)
    ada = browse(cast.ada)
    make_strong(cast.ada)
    reset = ada.post(at(f"/desk/sign-ins/{cast.vera.id}"), data={"reason": "she lost it"})
    slip = ada.post(at(f"/desk/slips/residents/{cast.vera.resident_id}"))
    assert (reset.status_code, slip.status_code) == (403, 403)


def test_a_former_number_opens_no_post(strict, app, cast, village, browse):
    """The number on the roster counts: the old one is somebody else's by now."""
    county = make_operator(cast.vera, village)
    with transaction():
        db.session.get_one(Resident, cast.vera.resident_id).phone = "13811112222"
    browse(None).post(f"/v/{county}/sign-in/phone", data={"phone": "13800000001"})
    assert app.extensions["sms"].messages == []


def test_the_secret_of_a_second_app_is_shown_to_no_weak_session(strict, cast, browse, at, totp):
    totp(cast.max)
    owner = browse(cast.max)
    make_strong(cast.max)
    thief = browse(cast.max)
    owner.post(at("/sign-in/security/app"), data={"name": "new phone"})
    secret = r"<span>[A-Z2-7]{4}</span>"
    assert re.search(secret, owner.get(at("/sign-in/security/app")).text)
    assert not re.search(secret, thief.get(at("/sign-in/security/app")).text)


def test_a_weak_session_changes_no_pin(strict, cast, browse, at, totp):
    totp(cast.max)
    owner = browse(cast.max)
    make_strong(cast.max)
    thief = browse(cast.max)
    thief.post(at("/sign-in/security/pin"), data={"pin": "1357", "again": "1357"})
    db.session.rollback()
    assert not pins.has_pin(cast.max.id)
    assert owner.get(at("/desk")).status_code == 200


def test_a_session_that_owes_its_proof_reads_no_message(strict, cast, browse, at, totp):
    for person in (cast.otto, cast.vera):
        totp(person)
        client = browse(person)
        for page in ("/inbox", "/privacy/requests", "/privacy/looks", "/privacy/consents"):
            assert client.get(at(page)).status_code in (302, 403), (person.name, page)


def test_begin_anew_takes_everything(strict, cast, browse, at, totp):
    with transaction():
        pins.set_pin(cast.max.id, "2468", session_id=0, now=clock.now())
        old = slips.make_slip(account_id=cast.max.id, now=clock.now())
    totp(cast.ada)
    ada = browse(cast.ada)
    make_strong(cast.ada)
    ada.post(at(f"/desk/staff/people/{cast.max.id}/reset"), data={"reason": "a thief knows it"})
    db.session.rollback()
    assert not pins.has_pin(cast.max.id)
    assert browse(None).post(at("/sign-in/slip"), data={"slip": old}).status_code == 422
    with all_villages("a test counts codes"):
        codes = db.session.scalars(
            select(AccessCode.id).where(AccessCode.account_id == cast.max.id)
        )
        assert len(codes.all()) == 1  # the new one


def test_an_erased_account_is_not_opened_again(strict, cast, browse, at, totp):
    post = db.session.scalar(select(Post).where(Post.account_id == cast.max.id))
    with transaction():
        posts.end_post(post.id, now=clock.now())
    wish = Wish(takes_words_back=False, clears_roster=False)
    with transaction():
        erasing.erase(cast.max.id, wish, now=clock.now())
    totp(cast.ada)
    ada = browse(cast.ada)
    make_strong(cast.ada)
    for page in ("", "/open", "/slip"):
        address = at(f"/desk/staff/people/{cast.max.id}{page}")
        answer = ada.post(address, data={"reason": "back"}) if page else ada.get(address)
        assert answer.status_code == 404
    assert ada.get(at(f"/desk/sign-ins/{cast.max.id}")).status_code == 404
    db.session.expire_all()
    assert not db.session.get_one(Account, cast.max.id).is_active


def test_an_address_that_is_none_leads_home(cast, browse, at):
    for address in ("//[", "//[::1", "http://["):
        assert browse(None).get(at(f"/sign-in?next={address}")).status_code == 200
