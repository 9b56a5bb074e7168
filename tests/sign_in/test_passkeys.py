"""Passkeys on the server: what is asked is signed by the right key, at our house, once."""

import json
from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.people.models import Account
from portal.sign_in import factors, passkeys
from portal.sign_in.rules import FactorKind, Refusal
from tests.sign_in.conftest import sessions_of
from tests.sign_in.keys import PRESENT, Key


@pytest.fixture(autouse=True)
def named(app):
    """Give the house a name: browsers know no passkeys at a number."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"public_url": "https://village.example"})


@pytest.fixture
def key_of(village):
    """Give somebody a passkey."""

    def _key(person) -> Key:
        key = Key()
        with transaction():
            asked = passkeys.ask_to_add(person.account_id, now=clock.now())
        answer = key.make(json.loads(asked.options))
        with transaction():
            passkeys.add(person.account_id, asked.token, answer, name="my phone", now=clock.now())
        return key

    return _key


def ask(now=None, **whose):
    with transaction():
        asked = passkeys.ask(now=now or clock.now(), **whose)
    return asked.token, json.loads(asked.options)


def show(token, answer, *, now=None, **whose):
    with transaction():
        return passkeys.show(token, answer, now=now or clock.now(), **whose)


def lines(person):
    db.session.rollback()
    return factors.standing(person.account_id, now=clock.now(), is_required=False).lines


# --- the pages ---------------------------------------------------------------------------------


def test_max_adds_a_passkey_and_comes_in_by_it(app, cast, browse, at):
    app.config["SECOND_FACTOR_REQUIRED"] = True
    client, key = browse(cast.max), Key()
    options = client.post(at("/sign-in/security/passkeys/ask")).json
    assert options["rp"]["id"] == "village.example"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    done = client.post(
        at("/sign-in/security/passkeys"),
        data={"name": "我的手机", "credential": key.make(options)},
    )
    assert done.location == at("/sign-in/security")
    assert "我的手机" in client.get(at("/sign-in/security")).text
    assert client.get(at("/desk/slips")).status_code == 200  # made now, so shown now
    other = browse(None)
    options = other.post(at("/sign-in/passkey/ask")).json
    assert options.get("allowCredentials", []) == []
    done = other.post(at("/sign-in/passkey"), data={"credential": key.sign(options)})
    assert (done.status_code, done.location) == (303, at("/"))
    assert other.get(at("/desk/slips")).status_code == 200  # a passkey is both proofs
    assert [s.door for s in sessions_of(cast.max)] == ["phone", "passkey"]


def test_a_passkey_is_the_second_proof(app, cast, key_of, code_by_phone, at):
    app.config["SECOND_FACTOR_REQUIRED"] = True
    key = key_of(cast.max)
    client = code_by_phone("13800000002")
    page = client.get(client.last.location)
    assert at("/sign-in/second/passkey") in page.text
    options = client.post(at("/sign-in/passkey/ask")).json
    assert len(options["allowCredentials"]) == 1
    done = client.post(
        at("/sign-in/second/passkey"),
        data={"credential": key.sign(options), "next": at("/desk/slips")},
    )
    assert done.location == at("/desk/slips")
    assert client.get(at("/desk/slips")).status_code == 200


def test_what_was_signed_opens_once(cast, key_of, browse, at):
    key, client = key_of(cast.vera), browse(None)
    options = client.post(at("/sign-in/passkey/ask")).json
    answer = key.sign(options)
    with client.session_transaction() as before:
        token = before["passkey"]
    assert client.post(at("/sign-in/passkey"), data={"credential": answer}).location == at("/")
    thief = browse(None)
    with thief.session_transaction() as copied:
        copied["passkey"] = token
    again = thief.post(at("/sign-in/passkey"), data={"credential": answer})
    assert again.location == at("/sign-in")
    assert len(sessions_of(cast.vera)) == 1


def test_whoever_is_in_already_comes_in_by_no_passkey(cast, key_of, browse, at):
    key_of(cast.vera)
    assert (
        browse(cast.max).post(at("/sign-in/passkey"), data={"credential": "{}"}).status_code == 400
    )


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://[::1]:8000"])
def test_a_house_without_a_name_has_no_passkeys(app, cast, browse, at, url):
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"public_url": url})
    assert browse(None).post(at("/sign-in/passkey/ask")).status_code == 404
    assert browse(cast.vera).post(at("/sign-in/security/passkeys/ask")).status_code == 404
    assert "data-passkey" not in browse(None).get(at("/sign-in")).text


# --- forged ------------------------------------------------------------------------------------

FORGED = {
    "another house": {"origin": "https://evil.example"},
    "our house without the lock": {"origin": "http://village.example"},
    "a house below ours": {"origin": "https://x.village.example"},
    "another challenge": {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    "another deed": {"type": "webauthn.create"},
}


@pytest.mark.parametrize("other", FORGED.values(), ids=FORGED)
def test_what_is_signed_for_anything_else_opens_nothing(cast, key_of, other):
    key = key_of(cast.vera)
    token, options = ask()
    with pytest.raises(Refused, match=Refusal.PASSKEY_REFUSED):
        show(token, key.sign(options, **other))
    assert show(token, key.sign(options)) == cast.vera.account_id


@pytest.mark.parametrize("other", FORGED.values(), ids=FORGED)
def test_what_is_made_for_anything_else_is_not_kept(cast, other):
    other = dict(other)
    if "type" in other:
        other["type"] = "webauthn.get"
    with transaction():
        asked = passkeys.ask_to_add(cast.vera.account_id, now=clock.now())
    answer = Key().make(json.loads(asked.options), **other)
    with pytest.raises(Refused, match=Refusal.PASSKEY_REFUSED), transaction():
        passkeys.add(cast.vera.account_id, asked.token, answer, name="x", now=clock.now())
    assert lines(cast.vera) == ()


@pytest.mark.parametrize(
    "change", [{"host": "evil.example"}, {"flags": PRESENT}, {"flags": 0x04}], ids=str
)
def test_a_key_that_says_something_else_opens_nothing(cast, key_of, change):
    """Of another house, without the owner's finger, without the owner at all."""
    key = key_of(cast.vera)
    for name, value in change.items():
        setattr(key, name, value)
    token, options = ask()
    with pytest.raises(Refused, match=Refusal.PASSKEY_REFUSED):
        show(token, key.sign(options))


def test_another_key_of_the_same_name_opens_nothing(cast, key_of):
    key = key_of(cast.vera)
    token, options = ask()
    with pytest.raises(Refused):
        show(token, Key(id=key.id).sign(options))


def test_the_counter_only_climbs(cast, key_of):
    """A copy of the key lags behind the key itself, and is found out."""
    key = key_of(cast.vera)
    for _ in range(3):
        token, options = ask()
        show(token, key.sign(options))
    for count in (2, 0):  # the count of the next is one more
        key.count = count
        token, options = ask()
        with pytest.raises(Refused):
            show(token, key.sign(options))
    key.count = 3
    token, options = ask()
    assert show(token, key.sign(options)) == cast.vera.account_id


def test_a_key_that_does_not_count_is_taken(cast, key_of):
    key = key_of(cast.vera)
    for _ in range(2):
        key.count = -1
        token, options = ask()
        assert show(token, key.sign(options)) == cast.vera.account_id


def test_the_same_answer_at_once_is_taken_once(cast, key_of, race):
    key = key_of(cast.vera)
    token, options = ask()
    answer = key.sign(options)
    results = race(4, lambda _: passkeys.show(token, answer, now=clock.now()))
    assert sum(result == cast.vera.account_id for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 3


def test_the_answer_of_a_key_that_does_not_count_is_taken_once(cast, key_of, race):
    key = key_of(cast.vera)
    token, options = ask()
    key.count = -1
    answer = key.sign(options)
    results = race(4, lambda _: passkeys.show(token, answer, now=clock.now()))
    assert sum(result == cast.vera.account_id for result in results) == 1
    with pytest.raises(Refused):
        show(token, answer)


def test_two_answers_of_one_count_at_once_are_a_copy(cast, key_of, race):
    key = key_of(cast.vera)
    (one, first), (other, second) = ask(), ask()
    answers = [(one, key.sign(first))]
    key.count -= 1
    answers.append((other, key.sign(second)))
    results = race(2, lambda i: passkeys.show(*answers[i], now=clock.now()))
    assert sum(result == cast.vera.account_id for result in results) == 1


def test_a_challenge_ends_after_ten_minutes(cast, key_of):
    key, now = key_of(cast.vera), clock.now()
    token, options = ask(now)
    with pytest.raises(Refused):
        show(token, key.sign(options), now=now + timedelta(minutes=10))
    assert show(token, key.sign(options), now=now + timedelta(minutes=9)) == cast.vera.account_id


def test_as_second_proof_nobody_elses_key_is_taken(cast, key_of):
    key_of(cast.max)
    vera = key_of(cast.vera)
    token, options = ask(account_id=cast.max.account_id)
    with pytest.raises(Refused):
        show(token, vera.sign(options), account_id=cast.max.account_id)
    token, options = ask()  # asked of anybody, it is no second proof of somebody
    with pytest.raises(Refused):
        show(token, vera.sign(options), account_id=cast.vera.account_id)


def test_what_one_asked_for_another_does_not_add(cast):
    with transaction():
        asked = passkeys.ask_to_add(cast.vera.account_id, now=clock.now())
    with pytest.raises(Refused), transaction():
        passkeys.add(
            cast.max.account_id,
            asked.token,
            Key().make(json.loads(asked.options)),
            name="x",
            now=clock.now(),
        )


def test_one_key_belongs_to_one_account(cast, key_of):
    key = key_of(cast.vera)
    with transaction():
        asked = passkeys.ask_to_add(cast.max.account_id, now=clock.now())
    with pytest.raises(Refused), transaction():
        passkeys.add(
            cast.max.account_id,
            asked.token,
            key.make(json.loads(asked.options)),
            name="x",
            now=clock.now(),
        )
    assert lines(cast.max) == ()


def test_one_new_key_sent_twice_at_once_is_kept_once(cast, race):
    with transaction():
        asked = passkeys.ask_to_add(cast.vera.account_id, now=clock.now())
    answer = Key().make(json.loads(asked.options))
    race(
        3,
        lambda _: passkeys.add(
            cast.vera.account_id, asked.token, answer, name="x", now=clock.now()
        ),
    )
    assert [line.kind for line in lines(cast.vera)] == [FactorKind.PASSKEY]


RUBBISH = ["", "x", "null", "[]", "{}", '{"rawId": 1}', '{"rawId": "AA", "id": "AA"}', "[" * 9000]
RUBBISH += ['{"rawId":"AA","id":"AA","type":"public-key","response":{"clientDataJSON":"??"}}']


@pytest.mark.parametrize("rubbish", RUBBISH, ids=lambda r: r[:30])
def test_rubbish_is_refused_and_no_fault_of_ours(cast, key_of, browse, at, rubbish):
    key_of(cast.vera)
    client = browse(None)
    client.post(at("/sign-in/passkey/ask"))
    answer = client.post(at("/sign-in/passkey"), data={"credential": rubbish})
    assert answer.status_code in (302, 400)
    mine = browse(cast.vera)
    mine.post(at("/sign-in/security/passkeys/ask"))
    answer = mine.post(at("/sign-in/security/passkeys"), data={"credential": rubbish, "name": "x"})
    assert answer.status_code in (303, 422)
    assert len(lines(cast.vera)) == 1


def test_a_known_key_with_rubbish_around_it_is_refused(cast, key_of):
    key = key_of(cast.vera)
    token, options = ask()
    answer = json.loads(key.sign(options))
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        for value in ("", "AA", "!!", None, 7):
            broken = answer | {"response": answer["response"] | {part: value}}
            with pytest.raises(Refused):
                show(token, json.dumps(broken))


# --- whose house -------------------------------------------------------------------------------


def test_the_neighbours_passkey_opens_nothing_here(cast, browse, at, neighbour):
    key = Key()
    with village_scope(neighbour.id):
        with transaction():
            asked = passkeys.ask_to_add(cast.nora.account_id, now=clock.now())
        answer = key.make(json.loads(asked.options))
        with transaction():
            passkeys.add(cast.nora.account_id, asked.token, answer, name="n", now=clock.now())
    client = browse(None)
    options = client.post(at("/sign-in/passkey/ask")).json
    done = client.post(at("/sign-in/passkey"), data={"credential": key.sign(options)})
    assert done.location == at("/sign-in")
    options = client.post(at("/sign-in/passkey/ask", of=neighbour)).json
    there = at("/sign-in/passkey", of=neighbour)
    done = client.post(there, data={"credential": key.sign(options)})
    assert done.location.startswith(at("/", of=neighbour))


def test_what_was_asked_in_one_village_is_not_taken_in_another(cast, key_of, neighbour):
    key = key_of(cast.vera)
    token, options = ask()
    with village_scope(neighbour.id), pytest.raises(Refused):
        show(token, key.sign(options))


def test_a_closed_account_is_closed_to_its_passkey(cast, key_of, browse, at):
    key = key_of(cast.vera)
    with transaction():
        db.session.get_one(Account, cast.vera.account_id).is_active = False
    client = browse(None)
    options = client.post(at("/sign-in/passkey/ask")).json
    done = client.post(at("/sign-in/passkey"), data={"credential": key.sign(options)})
    assert done.location == at("/sign-in")
    assert sessions_of(cast.vera) == []


def test_passkeys_are_asked_for_sixty_times_an_hour_and_line(cast, browse, at):
    client = browse(None)
    answers = [client.post(at("/sign-in/passkey/ask")).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
