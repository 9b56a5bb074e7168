"""Second proofs: whose posts wait for one, and how one is set up, shown, lost and taken away."""

import re
from datetime import timedelta

import pyotp
import pytest
from cryptography.fernet import InvalidToken
from sqlalchemy import func, select

from portal.core import clock
from portal.core.audit import AccessLog
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.outbox import OutboxEvent
from portal.core.scope import village_scope
from portal.people import posts
from portal.people.rules import Role
from portal.sign_in import caps, factors
from portal.sign_in.models import SecondFactor
from portal.sign_in.rules import Refusal, step_at
from tests.sign_in.conftest import sessions_of


def events(kind):
    db.session.rollback()
    query = select(OutboxEvent.facts).where(OutboxEvent.kind == kind).order_by(OutboxEvent.id)
    return list(db.session.scalars(query))


def show(client, at, code, then="/me"):
    return client.post(at("/sign-in/second/app"), data={"code": code, "next": at(then)})


# --- who is asked ------------------------------------------------------------------------------


def test_a_post_that_needs_a_proof_opens_nothing_without_it(strict, cast, browse, at):
    client = browse(cast.max)
    page = client.get(at("/desk/slips"))
    assert page.status_code == 302
    assert page.location == at("/sign-in/second") + "?next=" + at("/desk/slips")
    refused = client.post(at("/desk/slips"), data={"group_id": 1})
    assert refused.status_code == 403
    assert "请先再验证一次身份" in refused.text
    assert at("/sign-in/second") in refused.text


def test_whoever_plays_no_such_part_is_refused_as_ever(strict, cast, browse, at):
    for person in (cast.vera, cast.otto, cast.nora, cast.sun):
        page = browse(person).get(at("/desk/slips"))
        assert page.status_code == 403
        assert "再验证一次" not in page.text


def test_max_is_a_villager_before_and_the_committee_after(strict, cast, totp, browse, at):
    app, client = totp(cast.max), browse(cast.max)
    before = client.get_cookie(strict.config["SIGN_IN_COOKIE"]).value
    done = show(client, at, app.now(), "/desk/slips")
    assert (done.status_code, done.location) == (303, at("/desk/slips"))
    assert client.get(at("/desk/slips")).status_code == 200
    after = client.get_cookie(strict.config["SIGN_IN_COOKIE"]).value
    assert after != before
    client.set_cookie(strict.config["SIGN_IN_COOKIE"], before)  # the weak token is worth nothing
    assert client.get(at("/desk/slips")).location.startswith(at("/sign-in?next="))


def test_after_the_code_max_is_led_to_the_second_proof(strict, cast, totp, code_by_phone, at):
    totp(cast.max)
    client = code_by_phone("13800000002")
    assert client.last.location == at("/sign-in/second") + "?next=" + at("/")
    page = client.get(client.last.location)
    assert page.status_code == 200
    assert 'name="code"' in page.text


def test_without_any_proof_max_is_led_to_set_one_up(strict, cast, code_by_phone, at):
    client = code_by_phone("13800000002")
    there = client.get(client.last.location)
    assert there.location == at("/sign-in/security")
    page = client.get(there.location)
    assert "您的岗位需要第二种验证方式" in page.text


def test_whoever_set_up_an_app_is_asked_for_it_whatever_they_are(cast, totp, browse, at):
    """Not even where it is only offered, nor for a villager, does an app that was set up not count."""
    app, client = totp(cast.vera), browse(cast.vera)
    page = client.get(at("/me"))
    assert "再验证一次身份" in page.text
    assert "第一组" not in page.text
    assert client.get(at("/notifications")).status_code in (302, 404)
    show(client, at, app.now())
    assert "再验证一次身份" not in client.get(at("/me")).text


def test_the_head_of_the_committee_waits_as_its_member_too(strict, cast, village, browse, at):
    with transaction():
        posts.give_post(cast.sun.account_id, Role.HEAD, now=clock.now() - timedelta(minutes=1))
    assert browse(cast.sun).get(at("/desk/slips")).location.startswith(at("/sign-in/second?"))


# --- showing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_clocks_may_differ_by_half_a_minute(cast, totp, off, is_taken):
    app, now = totp(cast.max), clock.now()
    with transaction():
        refusal = factors.show_app(
            cast.max.account_id, app.generate_otp(step_at(now) + off), now=now
        )
    assert refusal is (None if is_taken else Refusal.WRONG_FACTOR)


def test_a_code_is_taken_once(strict, cast, totp, browse, at):
    app = totp(cast.max)
    code = app.now()
    assert show(browse(cast.max), at, code).status_code == 303
    again = show(browse(cast.max), at, code)
    assert again.status_code == 422
    assert "口令已用过" in again.text


def test_an_older_code_is_not_taken_after_a_newer_one(cast, totp):
    app, now = totp(cast.max), clock.now()
    with transaction():
        assert (
            factors.show_app(cast.max.account_id, app.generate_otp(step_at(now)), now=now) is None
        )
        older = app.generate_otp(step_at(now) - 1)
        assert factors.show_app(cast.max.account_id, older, now=now) is Refusal.USED_FACTOR


def test_two_browsers_at_once_share_one_code(cast, totp, race):
    app, now = totp(cast.max), clock.now()
    code = app.generate_otp(step_at(now))
    results = race(4, lambda _: factors.show_app(cast.max.account_id, code, now=now))
    assert results.count(None) == 1
    assert results.count(Refusal.USED_FACTOR) == 3


def test_tries_are_counted_in_the_database_and_outlive_a_restart(
    strict, cast, totp, browse, at, make_app, database
):
    app, client = totp(cast.max), browse(cast.max)
    wrong = f"{(int(app.now()) + 1) % 10**6:06d}"
    for _ in range(caps.FACTOR_TRIES.count):
        assert "验证不通过" in show(client, at, wrong).text
    assert "试错太多次" in show(client, at, app.now()).text
    other = make_app(database, create=False).test_client()
    other.set_cookie(
        strict.config["SIGN_IN_COOKIE"],
        client.get_cookie(strict.config["SIGN_IN_COOKIE"]).value,
    )
    assert "试错太多次" in show(other, at, app.now()).text
    with village_scope(cast.max.village_id):
        tomorrow = clock.now() + timedelta(days=1)
        assert caps.take_factor_try(cast.max.account_id, cast.max.village_id, now=tomorrow)


def test_right_codes_use_up_no_tries(cast, totp, village):
    now = clock.now()
    for _ in range(caps.FACTOR_TRIES.count + 5):
        assert caps.take_factor_try(cast.max.account_id, village.id, now=now)
        with transaction():
            caps.forgive_factor_try(cast.max.account_id, village.id, now=now)


def test_nobody_shows_somebody_elses_code(strict, cast, totp, browse, at):
    totp(cast.max)
    ada = totp(cast.ada)
    assert show(browse(cast.max), at, ada.now()).status_code == 422


def test_strangers_have_nothing_to_show(cast, browse, at):
    assert browse(None).get(at("/sign-in/second")).location.startswith(at("/sign-in"))
    assert show(browse(None), at, "123456").status_code == 401
    assert (
        browse(None).post(at("/sign-in/second/recovery"), data={"recovery": "x"}).status_code == 401
    )
    assert browse(None).post(at("/sign-in/second/passkey"), data={}).status_code == 400


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_second_proof_leads_to_no_other_house(strict, cast, totp, browse, at, target):
    app = totp(cast.max)
    done = browse(cast.max).post(
        at("/sign-in/second/app"), data={"code": app.now(), "next": target}
    )
    assert done.location == at("/me")


# --- setting up --------------------------------------------------------------------------------


def test_an_app_is_set_up_with_a_square_a_text_and_a_code(strict, cast, browse, at):
    client = browse(cast.max)
    assert client.post(at("/sign-in/security/app"), data={"name": "我的手机"}).location == at(
        "/sign-in/security/app"
    )
    page = client.get(at("/sign-in/security/app"))
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page.text))
    assert len(secret) == 32
    wrong = client.post(at("/sign-in/security/app/confirm"), data={"code": "12345"})
    assert wrong.status_code == 422
    assert client.get(at("/desk/slips")).status_code == 302  # not confirmed: it proves nothing
    done = client.post(at("/sign-in/security/app/confirm"), data={"code": pyotp.TOTP(secret).now()})
    assert done.location == at("/sign-in/security")
    assert client.get(at("/desk/slips")).status_code == 200  # set up now, so shown now
    assert client.get(at("/sign-in/security/app")).location == at("/sign-in/security")
    assert [e["factor"] for e in events("sign-in.factor-added")] == ["app"]


def test_a_secret_is_kept_enciphered(app, cast, totp):
    otp = totp(cast.max)
    db.session.rollback()
    kept = db.session.scalar(select(SecondFactor.secret))
    assert otp.secret not in kept
    app.config["SECRET_KEY"] = "another key"
    with pytest.raises(InvalidToken):
        factors.show_app(cast.max.account_id, otp.now(), now=clock.now())


def test_a_weak_session_changes_no_proofs(strict, cast, totp, browse, at):
    """Whoever got hold of a code by phone cannot add a proof of their own beside Max's."""
    totp(cast.max)
    client = browse(cast.max)
    lines = factors.standing(cast.max.account_id, now=clock.now(), is_required=True).lines
    for path, data in (
        ("/app", {"name": "mine"}),
        ("/passkeys", {"name": "mine", "credential": "{}"}),
        ("/recovery", {}),
        (f"/factors/{lines[0].id}/remove", {}),
    ):
        done = client.post(at("/sign-in/security") + path, data=data)
        assert done.location.startswith(at("/sign-in/second?next=")), path
    asked = client.post(at("/sign-in/security/passkeys/ask"))
    assert asked.status_code in (403, 404)
    now = factors.standing(cast.max.account_id, now=clock.now(), is_required=True)
    assert now.lines == lines
    assert now.recovery_left is None


def test_nor_does_it_from_the_page_of_another_village(strict, cast, totp, browse, at, neighbour):
    totp(cast.max)
    done = browse(cast.max).post(at("/sign-in/security/app", of=neighbour), data={"name": "mine"})
    assert done.location.startswith(at("/sign-in/second", of=neighbour))


def test_the_last_proof_stays_where_a_post_needs_one(strict, cast, totp, browse, at):
    app, client = totp(cast.max), browse(cast.max)
    show(client, at, app.now())
    (line,) = factors.standing(cast.max.account_id, now=clock.now(), is_required=True).lines
    client.post(at(f"/sign-in/security/factors/{line.id}/remove"))
    assert "先添加另一种" in client.get(at("/sign-in/security")).text
    totp(cast.max)
    client.post(at(f"/sign-in/security/factors/{line.id}/remove"))
    stands = factors.standing(cast.max.account_id, now=clock.now(), is_required=True)
    assert [other.id != line.id for other in stands.lines] == [True]
    assert [e["factor"] for e in events("sign-in.factor-removed")] == ["app"]


def test_two_proofs_removed_at_once_leave_one(cast, totp, race):
    totp(cast.max), totp(cast.max)
    lines = factors.standing(cast.max.account_id, now=clock.now(), is_required=True).lines
    results = race(
        2,
        lambda i: factors.remove(
            cast.max.account_id, lines[i].id, now=clock.now(), is_required=True
        ),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1


def test_nobody_removes_somebody_elses_proof(cast, totp, browse, at):
    totp(cast.max)
    (line,) = factors.standing(cast.max.account_id, now=clock.now(), is_required=False).lines
    for person in (cast.vera, cast.nora, cast.otto):
        answer = browse(person).post(at(f"/sign-in/security/factors/{line.id}/remove"))
        assert answer.status_code == 404
    assert factors.standing(cast.max.account_id, now=clock.now(), is_required=False).lines


def test_ten_proofs_are_enough(cast, totp):
    for _ in range(10):
        totp(cast.max)
    with pytest.raises(Refused, match="too-many-factors"), transaction():
        factors.begin_app(cast.max.account_id, name="one more", now=clock.now())


# --- recovery codes ----------------------------------------------------------------------------


@pytest.fixture
def recovery(cast, totp):
    """Max's ten recovery codes."""
    totp(cast.max)
    with transaction():
        return factors.make_recovery(cast.max.account_id, now=clock.now())


def use(client, at, code):
    return client.post(at("/sign-in/second/recovery"), data={"recovery": code, "next": at("/me")})


def test_a_recovery_code_opens_once(strict, cast, recovery, browse, at):
    client = browse(cast.max)
    code = recovery[3]
    assert use(client, at, f"{code[:4]}-{code[4:].lower()}").status_code == 303
    assert client.get(at("/desk/slips")).status_code == 200
    assert "剩 9 个" in client.get(at("/sign-in/security")).text
    assert use(browse(cast.max), at, code).status_code == 422
    assert use(browse(cast.max), at, recovery[4]).status_code == 303
    assert [e["left"] for e in events("sign-in.recovery-used")] == [9, 8]


def test_two_browsers_at_once_share_one_recovery_code(cast, recovery, race):
    results = race(
        4, lambda _: factors.show_recovery(cast.max.account_id, recovery[0], now=clock.now())
    )
    assert results.count(None) == 1
    left = factors.standing(cast.max.account_id, now=clock.now(), is_required=True).recovery_left
    assert left == 9


def test_two_at_once_use_two_codes_and_both_are_gone(cast, recovery, race):
    results = race(
        2, lambda i: factors.show_recovery(cast.max.account_id, recovery[i], now=clock.now())
    )
    left = factors.standing(cast.max.account_id, now=clock.now(), is_required=True).recovery_left
    assert left == 10 - results.count(None)


def test_recovery_codes_are_shown_once_and_kept_as_digests(strict, cast, totp, browse, at):
    app, client = totp(cast.max), browse(cast.max)
    show(client, at, app.now())
    page = client.post(at("/sign-in/security/recovery"))
    codes = re.findall(r"<li class=\"num\">([0-9A-Z]{4}-[0-9A-Z]{4})</li>", page.text)
    assert len(set(codes)) == 10
    assert page.headers["Cache-Control"] == "private, no-store"
    assert not any(code in client.get(at("/sign-in/security")).text for code in codes)
    db.session.rollback()
    kept = str(db.session.scalars(select(SecondFactor.codes)).all())
    assert not any(code.replace("-", "") in kept for code in codes)


def test_new_recovery_codes_end_the_old_ones(cast, recovery, race):
    made = race(3, lambda _: factors.make_recovery(cast.max.account_id, now=clock.now()))
    assert all(isinstance(codes, list) for codes in made)
    with transaction():
        good = [
            codes
            for codes in [recovery, *made]
            if factors.show_recovery(cast.max.account_id, codes[0], now=clock.now()) is None
        ]
    assert len(good) == 1
    count = select(func.count()).where(SecondFactor.kind == "recovery").select_from(SecondFactor)
    assert db.session.scalar(count) == 1


def test_there_is_nothing_to_recover_without_a_proof(cast, browse, at):
    assert browse(cast.vera).post(at("/sign-in/security/recovery")).status_code == 409


# --- starting anew -----------------------------------------------------------------------------


def reset(client, at, person, reason="手机丢了，当面核对"):
    return client.post(at(f"/desk/sign-ins/{person.account_id}"), data={"reason": reason})


def test_an_administrator_lets_somebody_start_anew(cast, recovery, browse, at):
    max_ = browse(cast.max)
    ada = browse(cast.ada)
    page = ada.get(at("/desk/sign-ins"), query_string={"q": "Max"})
    assert at(f"/desk/sign-ins/{cast.max.account_id}") in page.text
    assert "13800000002" not in page.text
    assert reset(ada, at, cast.max).location == at("/desk/sign-ins")
    assert "您还没有登录" in max_.get(at("/me")).text
    stands = factors.standing(cast.max.account_id, now=clock.now(), is_required=True)
    assert (stands.lines, stands.recovery_left) == ((), None)
    assert events("sign-in.factors-reset") == [
        {
            "account_id": cast.max.account_id,
            "by_account_id": cast.ada.account_id,
            "by_name": "Ada",
            "reason": "手机丢了，当面核对",
        }
    ]
    look = db.session.scalars(select(AccessLog)).all()
    assert [(x.look, x.what, x.resident_id, x.account_name) for x in look] == [
        ("changed", "sign-in", cast.max.resident_id, "Ada")
    ]


def test_nobody_starts_themselves_anew(cast, totp, browse, at):
    totp(cast.ada)
    with pytest.raises(Refused, match="not-ones-own"), transaction():
        factors.reset(
            cast.ada.account_id,
            by_account_id=cast.ada.account_id,
            by_name="Ada",
            reason="-",
            now=clock.now(),
        )
    assert factors.standing(cast.ada.account_id, now=clock.now(), is_required=False).lines


def test_only_the_administrator_helps_and_only_at_home(cast, browse, at, neighbour):
    for person in (cast.vera, cast.max, cast.paula, cast.sun, cast.otto, cast.nora):
        assert browse(person).get(at("/desk/sign-ins")).status_code == 403
        assert reset(browse(person), at, cast.vera).status_code == 403
    assert reset(browse(cast.ada), at, cast.nora).status_code == 404
    assert browse(cast.ada).get(at(f"/desk/sign-ins/{cast.nora.account_id}")).status_code == 404


def test_a_reason_must_be_given(cast, totp, browse, at):
    totp(cast.max)
    assert reset(browse(cast.ada), at, cast.max, "  ").status_code == 422
    assert factors.standing(cast.max.account_id, now=clock.now(), is_required=False).lines
    assert all(s.ended_at is None for s in sessions_of(cast.max))
