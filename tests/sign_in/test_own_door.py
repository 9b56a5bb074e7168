"""The first proof of a post is set up only behind a door that is its holder's alone."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.people import posts
from portal.people import service as people
from portal.people.rules import Role
from portal.sign_in import factors, rules, slips
from portal.sign_in.rules import Door, Refusal

SAID = "请先用本人手机或本人专用登录条登录"


@pytest.mark.parametrize(
    ("door", "household_id", "is_own"),
    [
        (Door.PHONE, None, True),
        (Door.SLIP, None, True),
        (Door.SLIP, 7, False),
        (Door.PIN, None, False),
        (Door.PIN, 7, False),
        (Door.WECHAT, None, False),
        (Door.PASSKEY, None, False),
        (None, None, False),
    ],
)
def test_which_doors_are_ones_own(door, household_id, is_own):
    assert rules.is_own_door(door, household_id=household_id) is is_own


@pytest.mark.parametrize("has_factor", [False, True])
@pytest.mark.parametrize("has_post", [False, True])
@pytest.mark.parametrize("is_strong", [False, True])
@pytest.mark.parametrize("is_own_door", [False, True])
def test_only_the_first_proof_of_a_post_asks_for_more(has_factor, has_post, is_strong, is_own_door):
    refusal = rules.why_not_first(
        has_factor=has_factor, has_post=has_post, is_strong=is_strong, is_own_door=is_own_door
    )
    is_refused = has_post and not (has_factor or is_strong or is_own_door)
    assert refusal is (Refusal.OWN_DOOR_FIRST if is_refused else None)


@pytest.fixture
def by_slip(browse, at, village):
    """Sign somebody in by a printed slip: their household's, or one for them alone."""

    def _sign_in(person, *, own=False):
        resident = people.get_resident(person.resident_id)
        with village_scope(person.village_id), transaction():
            code = (
                slips.make_slip(account_id=person.account_id, now=clock.now())
                if own
                else slips.make_slip(household_id=resident.household_id, now=clock.now())
            )
        client = browse(None)
        answer = client.post(at("/sign-in/slip"), data={"slip": code})
        if answer.location == at("/sign-in/who"):
            client.post(at("/sign-in/who"), data={"who": f"r{person.resident_id}"})
        assert client.get(at("/sign-in/security")).status_code == 200
        return client

    return _sign_in


def begin(client, at):
    return client.post(at("/sign-in/security/app"), data={"name": "x"}, follow_redirects=True)


@pytest.mark.parametrize("mode", ["required", "offered"])
def test_a_households_slip_sets_up_no_proof_for_a_post(app, cast, by_slip, at, mode):
    app.config["SECOND_FACTOR_REQUIRED"] = mode == "required"
    named = {"public_url": "https://village.example"}  # browsers know no passkeys at a number
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update=named)
    client = by_slip(cast.max)
    page = client.get(at("/sign-in/security"))
    assert SAID in page.text
    assert 'action="' + at("/sign-in/security/app") not in page.text
    assert at("/sign-in/security/passkeys") not in page.text
    assert SAID in begin(client, at).text
    assert factors.waiting_app(cast.max.account_id) is None
    assert client.post(at("/sign-in/security/passkeys/ask")).status_code == 403
    kept = client.post(at("/sign-in/security/passkeys"), data={"name": "x", "credential": "{}"})
    assert kept.status_code == 303
    assert SAID in client.get(kept.location).text


def test_what_the_owner_began_no_slip_confirms(strict, cast, by_slip, at):
    with transaction():
        factors.begin_app(cast.max.account_id, name="mine", now=clock.now())
    client = by_slip(cast.max)
    assert client.get(at("/sign-in/security/app")).location == at("/sign-in/security")
    client.post(at("/sign-in/security/app/confirm"), data={"code": "123456"})
    stands = factors.standing(cast.max.account_id, now=clock.now(), is_required=True)
    assert stands.lines == ()


def test_ones_own_slip_does(strict, cast, by_slip, at):
    client = by_slip(cast.max, own=True)
    assert SAID not in client.get(at("/sign-in/security")).text
    begin(client, at)
    assert factors.waiting_app(cast.max.account_id) is not None


def test_a_post_that_is_to_begin_counts_and_one_that_is_over_does_not(cast, by_slip, at):
    now = clock.now() - timedelta(minutes=1)
    today = clock.today(now)
    with transaction():
        later = posts.give_post(
            cast.vera.account_id, Role.PLANNER, now=now, begins_on=today + timedelta(days=5)
        )
    client = by_slip(cast.vera)
    assert SAID in begin(client, at).text
    with transaction():
        posts.end_post(later.id, now=now)
    client = by_slip(cast.vera)
    begin(client, at)
    assert factors.waiting_app(cast.vera.account_id) is not None


def test_a_villager_sets_up_theirs_by_whatever_slip(cast, by_slip, at):
    client = by_slip(cast.vera)
    begin(client, at)
    assert factors.waiting_app(cast.vera.account_id) is not None
