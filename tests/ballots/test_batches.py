"""Papers counted by hand: as many as electors, before two witnesses, and nobody's choice entered."""

import io
import json
import tempfile
from contextlib import redirect_stdout
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from portal.ballots import (
    archive,
    batch_lists,
    batches,
    ceremony,
    closing,
    late_papers,
    papers_in,
    service,
    urn_closing,
    verify_poll,
)
from portal.ballots.batch_rules import Struck, Unreadable, read_lines
from portal.ballots.models import BallotChoice, PaperBatch, Turnout
from portal.ballots.papers import Frame
from portal.ballots.rules import Kind, Refusal, Unit
from portal.ballots.urn_rules import UrnRefusal
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people import posts
from portal.people.rules import Channel, Role
from tests.ballots.conftest import options_of, vote
from tests.ballots.sealed_village import add_people, open_sealed
from tests.tampering import drop_key

YES, NO = (1, 0, 0), (0, 1, 0)


def entry(cast, *people, counts=((YES, 2),), **facts):
    return batches.Entry(
        **{
            "station": "三组祠堂",
            "papers": 2,
            "electors": [person.resident_id for person in people],
            "supervisor_id": cast.sun.account_id,
            "witness_id": cast.vera.account_id,
            "sheet_sha256": "0" * 64,
            "counts": counts,
        }
        | facts
    )


def enter(ballot, cast, made, *, now=None):
    with transaction():
        return batches.enter(
            ballot.id, made, account_id=cast.max.account_id, now=now or clock.now()
        ).id


def agree(sheet_id, person, *, now=None):
    with transaction():
        return batches.agree(sheet_id, account_id=person.account_id, now=now or clock.now())


def counted(ballot):
    """Return how many have voted, and how many papers are counted."""
    db.session.rollback()
    options = service.list_options(ballot.id)
    papers = papers_in.count(ballot, options)
    turnout = db.session.scalar(select(func.count()).where(Turnout.ballot_id == ballot.id))
    return turnout, papers.valid + papers.invalid


def refused(deed):
    """Return why a deed, which has a transaction of its own, was refused."""
    with pytest.raises(Refused) as caught:
        deed()
    return caught.value.reason


def refused_inside(deed):
    """Return why a deed was refused within a transaction."""
    with pytest.raises(Refused) as caught, transaction():
        deed()
    return caught.value.reason


def test_papers_count_when_both_witnesses_agreed(ballot, cast):
    sheet_id = enter(ballot, cast, entry(cast, cast.vera, cast.wang))
    assert counted(ballot) == (0, 0)
    agree(sheet_id, cast.sun)
    assert counted(ballot) == (0, 0)
    agree(sheet_id, cast.vera)
    assert counted(ballot) == (2, 2)
    channels = set(db.session.scalars(select(Turnout.channel)))
    assert channels == {Channel.PAPER}
    assert db.session.scalar(select(func.count()).select_from(BallotChoice)) == 0
    assert refused_inside(lambda: batches.agree(sheet_id, account_id=cast.sun.id, now=clock.now()))


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"papers": 3}, Refusal.PAPERS_ARE_NOT_ELECTORS),
        ({"counts": ((YES, 1),)}, Refusal.SUMS_ARE_NOT_PAPERS),
        ({"counts": ((YES, 3),)}, Refusal.SUMS_ARE_NOT_PAPERS),
        ({"counts": ((YES, 2),), "invalid": 1}, Refusal.SUMS_ARE_NOT_PAPERS),
        ({"counts": ((YES, 3), (NO, -1))}, Refusal.UNREADABLE_PAPER),
        ({"counts": (((1, 1, 0), 2),)}, Refusal.UNREADABLE_PAPER),
        ({"counts": (((2, 0, 0), 2),)}, Refusal.UNREADABLE_PAPER),
        ({"counts": None}, Refusal.NO_SUMS),
        ({"witness": "sun"}, Refusal.WITNESSES_ARE_OTHERS),
        ({"witness": "max"}, Refusal.WITNESSES_ARE_OTHERS),
        ({"supervisor": "wang"}, Refusal.NO_SUPERVISOR),
        ({"supervisor": "max"}, Refusal.WITNESSES_ARE_OTHERS),
        ({"electors": ["vera", "otto"]}, Refusal.NOT_AN_ELECTOR),
    ],
)
def test_a_sheet_that_is_not_right_is_refused_as_a_whole(ballot, cast, facts, reason):
    for name in ("witness", "supervisor"):
        if name in facts:
            facts = facts | {f"{name}_id": getattr(cast, facts[name]).account_id}
    if "electors" in facts:
        facts = facts | {"electors": [getattr(cast, n).resident_id or 0 for n in facts["electors"]]}
    facts = {k: v for k, v in facts.items() if k not in ("witness", "supervisor")}
    made = entry(cast, cast.vera, cast.wang, **facts)
    assert refused(lambda: enter(ballot, cast, made)) is reason
    assert batch_lists.list_sheets(ballot.id) == []


def test_nobody_of_the_committee_is_a_witness(ballot, cast):
    with transaction():
        posts.give_post(cast.wang.account_id, Role.COMMITTEE, now=clock.now())
    made = entry(cast, cast.vera, cast.wang, witness_id=cast.wang.account_id)
    assert refused(lambda: enter(ballot, cast, made)) is Refusal.WITNESS_OF_COMMITTEE


def test_only_the_two_named_can_agree(ballot, cast):
    sheet_id = enter(ballot, cast, entry(cast, cast.vera, cast.wang))
    for person in (cast.max, cast.wang, cast.ada):
        facts = {"account_id": person.account_id, "now": clock.now()}
        assert refused_inside(partial(batches.agree, sheet_id, **facts)) is Refusal.NOT_A_WITNESS


def test_who_voted_by_phone_is_not_ticked_and_the_other_way_round(ballot, cast):
    with transaction():
        vote(ballot, cast.wang, 1)
    both = entry(cast, cast.vera, cast.wang)
    assert refused(lambda: enter(ballot, cast, both)) is Refusal.VOTED_MEANWHILE
    one = entry(cast, cast.vera, counts=((NO, 1),), papers=1)
    sheet_id = enter(ballot, cast, one)
    agree(sheet_id, cast.sun), agree(sheet_id, cast.vera)
    assert refused_inside(lambda: vote(ballot, cast.vera, 1)) is Refusal.ALREADY_VOTED
    assert counted(ballot) == (2, 2)


def lines_struck(sheet_id):
    sheet = batch_lists.get_sheet(sheet_id)
    return [(name.name, reason) for name, reason in batch_lists.list_refused(sheet)]


def sum_up(sheet_id, cast, counts):
    """Enter the sums of the papers that are left, and have both witnesses agree."""
    with transaction():
        batches.enter_sums(
            sheet_id, counts, invalid=0, account_id=cast.max.account_id, now=clock.now()
        )
    agree(sheet_id, cast.vera), agree(sheet_id, cast.sun)


def test_who_votes_before_the_witnesses_agree_is_struck_and_the_rest_goes_on(ballot, cast):
    made = entry(cast, cast.vera, cast.wang, cast.max, papers=3, counts=((YES, 1), (NO, 2)))
    sheet_id = enter(ballot, cast, made)
    agree(sheet_id, cast.sun)
    with transaction():
        vote(ballot, cast.wang, 1)
    agree(sheet_id, cast.vera)
    assert lines_struck(sheet_id) == [("Wang", Struck.VOTED)]
    assert counted(ballot) == (3, 1)  # the other two have voted: nobody else undoes the sheet
    assert refused_inside(lambda: vote(ballot, cast.max, 1)) is Refusal.ALREADY_VOTED
    assert (
        refused_inside(lambda: batches.withdraw(sheet_id, now=clock.now())) is Refusal.WRONG_STATE
    )
    for wrong in (((YES, 1), (NO, 2)), ((NO, 1),)):
        assert refused(partial(sum_up, sheet_id, cast, wrong)) is Refusal.SUMS_ARE_NOT_PAPERS
    sum_up(sheet_id, cast, ((YES, 1), (NO, 1)))
    assert counted(ballot) == (3, 3)
    assert refused(partial(sum_up, sheet_id, cast, ((YES, 2),))) is Refusal.WRONG_STATE


def test_sums_that_are_not_there_two_days_after_the_close_are_spoiled_papers(
    ballot, cast, close, app
):
    sheet_id = enter(ballot, cast, entry(cast, cast.vera, cast.wang))
    agree(sheet_id, cast.sun)
    with transaction():
        vote(ballot, cast.wang, 1)
    agree(sheet_id, cast.vera)
    close(ballot)
    closing.close_due(app, now=clock.now())
    assert counted(ballot) == (2, 1)
    closing.close_due(app, now=clock.now() + late_papers.WITNESSES_HAVE)
    assert counted(ballot) == (2, 2)
    db.session.expire_all()
    archived = archive.contents(service.get_ballot(ballot.id))
    assert (archived["counting"]["valid"], archived["counting"]["invalid"]) == (1, 1)
    assert len(archived["voted"]) == 2


def test_a_sheet_of_which_nobody_is_left_is_refused_as_a_whole(ballot, cast):
    sheet_id = enter(ballot, cast, entry(cast, cast.wang, papers=1, counts=((YES, 1),)))
    agree(sheet_id, cast.sun)
    with transaction():
        vote(ballot, cast.wang, 1)
    assert refused(partial(agree, sheet_id, cast.vera)) is Refusal.VOTED_MEANWHILE
    with transaction():
        batches.withdraw(sheet_id, now=clock.now())
    assert counted(ballot) == (1, 1)


def test_the_struck_line_is_told_at_its_place(ballot, cast, browse, at):
    sheet_id = enter(ballot, cast, entry(cast, cast.vera, cast.wang))
    agree(sheet_id, cast.sun)
    with transaction():
        vote(ballot, cast.wang, 1)
    page = at(f"/ballots/papers/{sheet_id}")
    browse(cast.vera).post(f"{page}/agree")
    shown = browse(cast.max).get(page).text
    assert "之前已用手机投票" in shown
    assert "/sums" in shown
    sent = browse(cast.max).post(f"{page}/sums", data={"sum-1": "1", "invalid": "0"})
    assert sent.status_code == 303, sent.text


def one_struck_or_refused(ballot, cast, race):
    """Somebody on the sheet votes by phone at the moment at which the second witness agrees."""
    sheet_id = enter(ballot, cast, entry(cast, cast.vera, cast.wang))
    agree(sheet_id, cast.sun)

    def deed(i):
        if i:
            return vote(ballot, cast.wang, 1).code
        return batches.agree(sheet_id, account_id=cast.vera.account_id, now=clock.now()).id

    return sheet_id, race(2, deed)


def test_a_phone_against_the_agreeing_of_a_sheet(ballot, cast, race):
    sheet_id, (_sheet, phone) = one_struck_or_refused(ballot, cast, race)
    if isinstance(phone, str):
        assert lines_struck(sheet_id) == [("Wang", Struck.VOTED)]
        assert counted(ballot) == (2, 1)
        sum_up(sheet_id, cast, ((YES, 1),))
    else:
        assert phone.reason is Refusal.ALREADY_VOTED
        assert lines_struck(sheet_id) == []
    assert counted(ballot) == (2, 2)


@pytest.mark.last_judge
def test_the_sheet_stands_on_the_key_of_turnout(ballot, cast, race):
    """Without the key one elector is noted twice: the test above would be red."""
    drop_key("turnout", "ballot_id", "resident_id")
    one_struck_or_refused(ballot, cast, race)
    assert counted(ballot)[0] == 3


def test_where_the_household_votes_its_one_paper_counts(make_ballot, cast):
    ballot = make_ballot(unit=Unit.HOUSEHOLD)
    sheet_id = enter(ballot, cast, entry(cast, cast.vera, cast.wang))
    agree(sheet_id, cast.sun), agree(sheet_id, cast.vera)
    households = select(Turnout.unit_household_id).where(Turnout.ballot_id == ballot.id)
    assert None not in set(db.session.scalars(households))


def test_two_witnesses_at_once_make_one_batch(ballot, cast, race):
    sheet_id = enter(ballot, cast, entry(cast, cast.vera, cast.wang))
    both = (cast.sun, cast.vera)
    results = race(
        4,
        lambda i: batches.agree(sheet_id, account_id=both[i % 2].account_id, now=clock.now()).id,
    )
    assert results.count(sheet_id) >= 2, results
    assert counted(ballot) == (2, 2)
    assert db.session.scalar(select(func.count()).select_from(PaperBatch)) == 1


def test_a_station_is_entered_once(ballot, cast, race):
    made = [
        entry(cast, person, papers=1, counts=((YES, 1),))
        for person in (cast.wang, cast.max, cast.vera, cast.sun)
    ]
    results = race(
        4,
        lambda i: (
            batches.enter(ballot.id, made[i], account_id=cast.max.account_id, now=clock.now()).id
        ),
    )
    reasons = [getattr(result, "reason", None) for result in results]
    assert reasons.count(Refusal.STATION_TWICE) == 3, results


def test_a_paper_and_a_phone_at_once_make_one_vote(ballot, cast, race):
    """The key of turnout judges between the batch and the phone: one of the two is refused."""
    one = entry(cast, cast.wang, papers=1, counts=((YES, 1),))
    sheet_id = enter(ballot, cast, one)
    agree(sheet_id, cast.sun)

    def deed(i):
        if i % 2:
            return bool(vote(ballot, cast.wang, 1, key=f"the phone's own key number {i}").code)
        return batches.agree(sheet_id, account_id=cast.vera.account_id, now=clock.now()).id and True

    results = race(2, deed)
    assert results.count(True) == 1, results
    assert counted(ballot) == (1, 1)


def enter_at_once(ballot, cast, race, **facts):
    """Let two enter papers at the same moment, of two people, with one thing in common."""
    made = [
        entry(
            cast,
            person,
            **{"papers": 1, "counts": ((YES, 1),), "sheet_sha256": str(n) * 64, "station": f"{n}组"}
            | facts,
        )
        for n, person in enumerate((cast.wang, cast.max), start=1)
    ]
    return race(
        2,
        lambda i: (
            batches.enter(ballot.id, made[i], account_id=cast.max.account_id, now=clock.now()).id
        ),
    )


@pytest.mark.parametrize(
    ("key", "facts", "reason"),
    [
        ("station", {"station": "祠堂"}, Refusal.STATION_TWICE),
        ("photo", {"sheet_sha256": "a" * 64}, Refusal.PHOTO_TWICE),
    ],
)
def test_place_and_photo_stand_on_their_keys(ballot, cast, race, monkeypatch, key, facts, reason):
    """Even if no sheet were locked: each is there once, and twice without its key."""
    monkeypatch.setattr(batches, "locked", service.get_ballot)
    results = enter_at_once(ballot, cast, race, **facts)
    refusals = [getattr(result, "reason", None) for result in results]
    assert refusals.count(None) == 1, results
    db.session.rollback()
    with transaction():
        batches.withdraw(batch_lists.list_sheets(ballot.id)[0].id, now=clock.now())
    db.session.remove()
    with db.engine.begin() as raw:
        raw.exec_driver_sql(f"DROP INDEX uq_paper_sheet_{key}")
    enter_at_once(ballot, cast, race, **facts)
    assert len(batch_lists.list_sheets(ballot.id)) == 2


def test_one_photo_is_no_proof_of_two_places(ballot, cast):
    """Blanks and wide letters make no other place; what was taken back frees its photo."""
    made = {"papers": 1, "counts": ((YES, 1),)}
    sheet_id = enter(ballot, cast, entry(cast, cast.wang, station="３组祠堂 ", **made))
    other = entry(cast, cast.vera, station="四组", **made)
    assert refused(partial(enter, ballot, cast, other)) is Refusal.PHOTO_TWICE
    again = entry(cast, cast.vera, station=" 3组祠堂", sheet_sha256="b" * 64, **made)
    assert refused(partial(enter, ballot, cast, again)) is Refusal.STATION_TWICE
    with transaction():
        batches.withdraw(sheet_id, now=clock.now())
    enter(ballot, cast, other)


@pytest.fixture
def secret(cast, version, village):
    """A secret vote of 28 electors that is open, and those of them who are not of the cast."""
    now = clock.now()
    people = add_people(24, now=now)
    times = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=1)}
    return open_sealed(version, village, **times, now=now - timedelta(days=1)), people


def test_in_a_secret_vote_the_sums_come_after_the_close(secret, cast):
    """Those who voted on paper are noted while it is open; the box is opened when it is closed.

    What stood on the papers of a place is told to nobody: it is in the sums of the whole vote.
    """
    sealed, people = secret
    now = clock.now()
    made = {"electors": people[:10], "papers": 10, "counts": None}
    early = entry(cast, **made | {"counts": ((YES, 10),)})
    assert refused(partial(enter, sealed.ballot, cast, early)) is Refusal.SUMS_AFTER_THE_CLOSE
    sheet_id = enter(sealed.ballot, cast, entry(cast, **made))
    for person in (cast.sun, cast.vera):
        agree(sheet_id, person)
    assert batch_lists.count_uncounted(sealed.ballot_id) == 10
    turnout = db.session.scalars(select(Turnout)).all()
    assert {t.done_at for t in turnout} == {clock.midnight_before(clock.today(now))}
    with pytest.raises(Refused) as caught, transaction():
        sealed.cast(people[0], sealed.envelope(1, 0, 0))
    assert caught.value.reason is UrnRefusal.VOTED_OTHERWISE
    for resident_id in people[10:22]:
        with transaction():
            sealed.cast(resident_id, sealed.envelope(1, 0, 0))

    def sums(now):
        return batches.enter_sums(
            sheet_id, ((NO, 9),), invalid=1, account_id=cast.max.account_id, now=now
        )

    assert refused(partial(sums, now)) is Refusal.SUMS_AFTER_THE_CLOSE
    after = now + timedelta(hours=2)
    assert ceremony.why_not_open(sealed.ballot, now=after) is UrnRefusal.PAPERS_WAIT
    with transaction():
        sums(after)
    for person in (cast.sun, cast.vera):
        assert batch_lists.count_uncounted(sealed.ballot_id) == 10
        agree(sheet_id, person, now=after)
    assert batch_lists.count_uncounted(sealed.ballot_id) == 0
    assert ceremony.why_not_open(sealed.ballot, now=after) is UrnRefusal.NOT_SETTLED
    assert papers_in.batch_papers(sealed.ballot_id)[1:] == (1, 10)
    with transaction():
        urn_closing.settle(sealed.ballot_id, now=after)
    with transaction():
        ceremony.open_urn(sealed.ballot_id, sealed.words[:2], now=after)
    told = archive.contents(sealed.ballot)
    assert told["counting"]["sums"] == [12, 9, 0]
    assert told["counting"]["paper_batches"] == [
        {"station": "三组祠堂", "papers": 10, "invalid": 1, "sheet_sha256": "0" * 64}
    ]
    assert "fits together" in said_of(told)
    told["counting"]["paper_batches"][0]["counts"] = [[[0, 1, 0], 9]]
    assert "tell too much of a secret vote" in said_of(told)


def said_of(files):
    """Return what the observer's script says of an archive."""
    said = io.StringIO()
    with tempfile.NamedTemporaryFile(suffix=".zip") as file, redirect_stdout(said):
        file.write(archive.pack(json.loads(json.dumps(files))))
        file.flush()
        verify_poll.main([file.name])
    return said.getvalue()


def test_fewer_than_ten_secret_papers_are_not_counted_apart(secret, cast, browse, at):
    """One paper at a place would be the choice of the one elector who is ticked there."""
    sealed, people = secret
    for few in (1, 9):
        made = entry(cast, electors=people[:few], papers=few, counts=None)
        assert refused(partial(enter, sealed.ballot, cast, made)) is Refusal.TOO_FEW_PAPERS
    sent = form(cast, papers="9") | {"voted": list(map(str, people[:9]))}
    answer = browse(cast.max).post(at(f"/ballots/manage/{sealed.ballot_id}/papers/new"), data=sent)
    assert answer.status_code == 422
    assert "不足十张" in answer.text
    assert batch_lists.list_sheets(sealed.ballot_id) == []


def test_the_list_of_a_secret_station_does_not_tell_who_has_voted(secret, cast, browse, at):
    """A double vote is refused when it is entered; until then the list is the same for all."""
    sealed, people = secret
    page = at(f"/ballots/manage/{sealed.ballot_id}/papers/new")
    before = browse(cast.max).get(page).text.count('name="voted"')
    with transaction():
        sealed.cast(people[0], sealed.envelope(1, 0, 0))
    assert browse(cast.max).get(page).text.count('name="voted"') == before == 28
    made = entry(cast, electors=people[:10], papers=10, counts=None)
    assert refused(partial(enter, sealed.ballot, cast, made)) is Refusal.VOTED_MEANWHILE


FRAME = Frame(kind=Kind.APPROVAL, options=3, max_choices=2)


def test_lines_of_papers_are_read():
    assert read_lines(FRAME, "12: 1 3\n\n 4：2\n3×1，2") == (
        ((1, 0, 1), 12),
        ((0, 1, 0), 4),
        ((1, 1, 0), 3),
    )
    ranked = Frame(kind=Kind.RANKED, options=3)
    assert read_lines(ranked, "5: 3 1") == (((2, 0, 1), 5),)
    score = Frame(kind=Kind.SCORE, options=3, max_score=5)
    assert read_lines(score, "2: 1=5 3=2") == (((5, 0, 2), 2),)


@pytest.mark.parametrize(
    ("lines", "line", "reason"),
    [
        ("12 1 3", 1, Refusal.UNREADABLE_LINE),
        ("1: 1\n2: 4", 2, Refusal.UNKNOWN_OPTION),
        ("1: 1\n2: 1 1", 2, Refusal.CHOSEN_TWICE),
        ("1: 1 2 3", 1, Refusal.TOO_MANY_CHOSEN),
        ("1: 1\n\n1: 1", 3, Refusal.UNREADABLE_LINE),
        ("0: 1", 1, Refusal.UNREADABLE_LINE),
        ("1: 1=5", 1, Refusal.UNREADABLE_LINE),
        ("-1: 1", 1, Refusal.UNREADABLE_LINE),
    ],
)
def test_lines_that_are_no_papers_are_named(lines, line, reason):
    with pytest.raises(Unreadable) as fault:
        read_lines(FRAME, lines)
    assert (fault.value.line, fault.value.reason) == (line, reason)


def form(cast, *people, **facts):
    return {
        "station": "三组祠堂",
        "papers": str(len(people)),
        "voted": [str(person.resident_id) for person in people],
        "supervisor": str(cast.sun.account_id),
        "witness": "Vera",
        "sum-1": str(len(people)),
        "invalid": "0",
        "photo": (io.BytesIO(b"a photo"), "sheet.jpg"),
    } | facts


def test_the_whole_way_on_the_pages(ballot, cast, browse, at):
    maxs = browse(cast.max)
    page = at(f"/ballots/manage/{ballot.id}/papers/new")
    assert "Wang" in maxs.get(page).text
    wrong = maxs.post(page, data=form(cast, cast.wang, papers="2"))
    assert wrong.status_code == 422
    assert "人数相同" in wrong.text
    answer = maxs.post(page, data=form(cast, cast.wang))
    assert answer.status_code == 303, answer.text
    sheet = answer.location
    assert sheet in browse(cast.vera).get(at("/")).text
    assert browse(cast.wang).get(sheet).status_code == 403
    assert maxs.post(f"{sheet}/agree").status_code == 409
    for person in (cast.sun, cast.vera):
        assert "/agree" in browse(person).get(sheet).text
        assert browse(person).post(f"{sheet}/agree").status_code == 303
    assert counted(ballot) == (1, 1)
    assert "Wang" not in maxs.get(page).text
    assert maxs.post(f"{sheet}/withdraw").status_code == 409


def test_the_committee_raises_no_tally_without_turnout(ballot, cast, browse, at):
    """trust.md T6: whatever the committee sends to whatever page, papers and people stay equal."""
    maxs = browse(cast.max)
    sheet_id = enter(ballot, cast, entry(cast, cast.vera, cast.wang))
    yes, *_others = options_of(ballot)
    lures = {
        "chosen": str(yes),
        "key": "a key of the committee that is long enough",
        "sum-1": "500",
        "lines": "500: 1",
        "papers": "500",
        "invalid": "0",
        "reason": "灌票",
        "do": "announce",
        "question": "?",
    }
    tried = 0
    for rule in maxs.application.url_map.iter_rules():
        if not rule.endpoint.startswith("ballots.") or "POST" not in rule.methods:
            continue
        if rule.endpoint == "ballots.cancel":
            continue  # it would end what the others are tried on
        path = rule.rule.replace("<int:ballot_id>", str(ballot.id))
        path = path.replace("<int:sheet_id>", str(sheet_id))
        path = path[path.index("/ballots") :]
        assert "<" not in path
        maxs.post(at(path), data=lures | {"voted": [str(cast.wang.resident_id)]})
        turnout, papers = counted(ballot)
        assert turnout == papers, path
        tried += 1
    assert tried >= 10
    assert counted(ballot)[1] <= 1  # their own vote
