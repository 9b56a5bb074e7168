"""While a ballot is under way, a change of the roster needs a second person, never the first one."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.outbox import OutboxEvent
from portal.people.models import Resident
from portal.roster import known, ports, service, staging
from portal.roster.labels import REFUSALS
from portal.roster.models import RosterChange, RosterImport
from portal.roster.rules import Action, ImportState, Refusal

from .conftest import LI, VERA, but


def only_import() -> RosterImport:
    db.session.rollback()
    return db.session.scalars(select(RosterImport)).one()


def residents() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Resident.id)))


def test_an_import_waits_and_another_person_agrees(
    cast, browse, hand_in, put_in, under_way, max2, at
):
    first, second = browse(cast.max), browse(max2)
    page = hand_in(first, LI)
    waiting = put_in(first, page)
    assert only_import().state is ImportState.WAITING
    assert residents() == 4
    here = page.request.path
    assert "/agree" not in waiting.text
    assert "/agree" in second.get(here).text
    assert here in second.get(at("/desk")).text
    refused = first.post(here + "/agree")
    assert refused.status_code == 409
    assert str(REFUSALS[Refusal.OWN_CHANGE]) in refused.text
    assert residents() == 4
    agreed = second.post(here + "/agree", follow_redirects=True)
    assert agreed.status_code == 200
    assert residents() == 5
    staged = only_import()
    assert (staged.prepared_by_id, staged.confirmed_by_id) == (cast.max.id, max2.account_id)
    (entry,), _ = service.list_changes(per_page=9, import_id=staged.id)
    assert (entry.by, entry.confirmed_by) == ("Max", "Moritz")
    told = db.session.scalars(
        select(OutboxEvent.facts).where(OutboxEvent.kind == "roster.change-waits")
    ).all()
    assert told == [{"import_id": staged.id, "account_id": cast.max.id}]


def test_the_administrator_may_be_the_second_person(cast, browse, hand_in, put_in, under_way):
    page = hand_in(browse(cast.max), LI)
    put_in(browse(cast.max), page)
    browse(cast.ada).post(page.request.path + "/agree")
    assert residents() == 5


@pytest.mark.parametrize("who", ["vera", "nora", "otto", "paula", "sun"])
def test_nobody_else_agrees(cast, browse, hand_in, put_in, under_way, who):
    page = hand_in(browse(cast.max), LI)
    put_in(browse(cast.max), page)
    answer = browse(getattr(cast, who)).post(page.request.path + "/agree")
    assert answer.status_code == 403
    assert residents() == 4


def test_what_waits_goes_in_only_on_the_roster_it_was_seen_with(
    cast, browse, hand_in, put_in, under_way, max2
):
    first, second = browse(cast.max), browse(max2)
    page = hand_in(first, but(VERA, away="是"))
    put_in(first, page)
    with transaction():
        db.session.get_one(Resident, cast.sun.resident_id).is_away = True
    here = page.request.path
    assert second.post(here + "/agree").status_code == 409
    again = second.post(here + "/again", follow_redirects=True)  # now the second one answers for it
    put_in(second, again)
    assert second.post(here + "/agree").status_code == 409
    assert first.post(here + "/agree", follow_redirects=True).status_code == 200
    db.session.rollback()
    assert db.session.get_one(Resident, cast.vera.resident_id).is_away


def test_one_change_waits_at_a_time(cast, browse, hand_in, put_in, under_way, at):
    client = browse(cast.max)
    put_in(client, hand_in(client, LI))
    refused = put_in(client, hand_in(client, but(VERA, away="是")))
    assert refused.status_code == 409
    assert str(REFUSALS[Refusal.ANOTHER_WAITS]) in refused.text
    vera = at(f"/desk/roster/residents/{cast.vera.resident_id}")
    data = {"how": "moved", "day": "2026-01-01", "reason": "迁走"}
    refused = client.post(vera + "/leave", data=data)
    assert refused.status_code == 422
    assert str(REFUSALS[Refusal.ANOTHER_WAITS]) in refused.text


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("leave", {"how": "moved", "day": "2026-01-01"}),
        ("leave", {"how": "died", "day": "2026-01-01"}),
        ("move", {"household": "002"}),
    ],
)
def test_a_single_change_waits_too(cast, browse, at, under_way, max2, action, data):
    client = browse(cast.max)
    vera = at(f"/desk/roster/residents/{cast.vera.resident_id}")
    page = client.post(f"{vera}/{action}", data=data | {"reason": "属实"}, follow_redirects=True)
    assert page.status_code == 200
    staged = only_import()
    assert staged.state is ImportState.WAITING
    before = db.session.get_one(Resident, cast.vera.resident_id)
    assert before.left_on is None
    assert known.read_one(before.id).household == "001"
    assert client.post(page.request.path + "/agree").status_code == 409
    browse(max2).post(page.request.path + "/agree")
    db.session.rollback()
    (entry, _), _total = service.list_changes(per_page=9, resident_id=cast.vera.resident_id)
    kinds = {"moved": "removed", "died": "died", None: "moved"}
    assert (entry.kind, entry.reason) == (kinds[data.get("how")], "属实")


def test_an_unanswered_port_refuses(app, monkeypatch):
    monkeypatch.setattr(ports, "_answers", [])
    assert ports.is_in_use(now=clock.now())


def test_the_last_judge_of_two_people_is_the_database(cast, village):
    """The CHECK refuses what the rule would have refused, whoever forgets to ask the rule."""
    with pytest.raises(IntegrityError), transaction():
        db.session.add(_row(cast.max.id, confirmed_by_id=cast.max.id))


def _row(account_id, **facts):
    now = clock.now()
    return RosterImport(
        action=Action.FILE,
        filename="",
        sha256="",
        rows=[],
        notes=[],
        seen="",
        prepared_by_id=account_id,
        prepared_at=now,
        **{"state": ImportState.DONE, "ended_at": now} | facts,
    )


def test_two_that_wait_at_once_are_one_too_many(cast, race):
    """Without the lock, the unique key still lets one change wait at a time."""

    def wait(_):
        db.session.add(_row(cast.max.id, state=ImportState.WAITING, ended_at=None))
        db.session.flush()

    results = race(4, wait)
    assert [isinstance(r, IntegrityError) for r in results].count(True) == 3


def test_many_agree_at_once_and_it_goes_in_once(
    cast, browse, hand_in, put_in, under_way, max2, race
):
    page = hand_in(browse(cast.max), but(VERA, away="是"))
    put_in(browse(cast.max), page)
    import_id = only_import().id
    db.session.rollback()
    people = [cast.max.id, max2.account_id, cast.ada.id, cast.max.id]

    def agree(index):
        staging.confirm(import_id, account_id=people[index], now=clock.now())
        return people[index]

    results = race(4, agree)
    agreed = [r for r in results if isinstance(r, int)]
    assert len(agreed) == 1
    assert agreed[0] != cast.max.id
    others = [r for r in results if not isinstance(r, int)]
    assert all(isinstance(r, Refused) for r in others), others
    assert {r.reason for r in others} <= {Refusal.OVER, Refusal.OWN_CHANGE}
    changes = select(func.count(RosterChange.id)).where(RosterChange.import_id == import_id)
    assert db.session.scalar(changes) == 1
    staged = only_import()
    assert staged.confirmed_by_id != staged.prepared_by_id
