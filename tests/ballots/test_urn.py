"""The urn: one envelope for one elector, whoever hurries, repeats, copies or comes too late."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from portal.ballots import (
    admission,
    casting,
    ceremony,
    keys,
    records,
    sealing,
    service,
    urn,
    urn_closing,
)
from portal.ballots.models import BallotStep, BallotTally, Turnout
from portal.ballots.rules import Refusal
from portal.ballots.states import Step
from portal.ballots.urn_models import CastKey, KeyHolder, Urn
from portal.ballots.urn_rules import UrnRefusal
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.rules import Channel
from portal.transparency import checkpoints, logs, signing
from portal.transparency.rules import Refusal as TreeRefusal
from tests.ballots.sealed_village import HOLDERS, add_people, draft_sealed, open_sealed

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def closes():
    return clock.now() + HOUR


@pytest.fixture
def later(closes):
    return closes + MINUTE


@pytest.fixture
def electors(cast):
    return add_people(12)


@pytest.fixture
def make_sealed(electors, version, village, closes):
    def make(**facts):
        now = clock.now()
        return open_sealed(
            version,
            village,
            opens_at=now - HOUR,
            closes_at=closes,
            now=now - 20 * 24 * HOUR,
            **facts,
        )

    return make


@pytest.fixture
def sealed(make_sealed):
    return make_sealed()


def counts():
    db.session.rollback()
    found = [
        db.session.scalar(select(func.count()).select_from(t)) for t in (Turnout, Urn, CastKey)
    ]
    db.session.rollback()  # nobody waits for a reader
    return found


def reasons(results):
    return [result.reason for result in results if isinstance(result, Refused)]


def refused(what, *args, **facts):
    with pytest.raises(Refused) as refusal, transaction():
        what(*args, **facts)
    return refusal.value.reason


def close(sealed):
    with village_scope(sealed.village_id), transaction():
        return urn_closing.settle(sealed.ballot_id, now=sealed.ballot.closes_at + MINUTE)


def test_eight_at_once_for_one_elector_make_one_vote(sealed, electors, race):
    envelopes = [sealed.envelope(1, 0, 0) for _ in range(8)]
    results = race(
        8, lambda i: sealed.cast(electors[0], envelopes[i], key=f"key number {i}, of many")
    )
    assert reasons(results) == [UrnRefusal.VOTED_ELSEWHERE] * 7
    assert counts() == [1, 1, 1]


def test_the_same_envelope_sent_eight_times_has_one_receipt(sealed, electors, race):
    envelope = sealed.envelope(0, 1, 0)
    results = race(8, lambda _: sealed.cast(electors[0], envelope))
    assert len({(r.ballot_sha256, r.promise) for r in results}) == 1
    assert results[0].ballot_sha256 == sealing.digest(envelope)
    assert counts() == [1, 1, 1]


def test_one_envelope_copied_by_eight_electors_counts_once(sealed, electors, race):
    """Whoever copies another's envelope has not voted (trust.md P46); the urn's key judges last."""
    envelope = sealed.envelope(1, 0, 0)
    results = race(8, lambda i: sealed.cast(electors[i], envelope))
    assert reasons(results) == [UrnRefusal.COPIED] * 7
    assert counts() == [1, 1, 1]


def drop_the_urns_key():
    """Take the last judge away, as a careless migration would."""
    db.session.remove()
    with db.engine.connect() as raw:
        if db.engine.dialect.name == "postgresql":
            raw.exec_driver_sql("ALTER TABLE urn DROP CONSTRAINT pk_urn")
        else:
            raw.exec_driver_sql("DROP TABLE urn")
            raw.exec_driver_sql(
                "CREATE TABLE urn (ballot_id INT, ballot_sha256 TEXT, ciphertext BLOB, village_id INT)"
            )
        raw.commit()


@pytest.mark.last_judge
def test_the_urn_stands_on_its_key(sealed, electors, race):
    """Without the key copies are counted: the test above would be red."""
    drop_the_urns_key()
    envelope = sealed.envelope(1, 0, 0)
    results = race(8, lambda i: sealed.cast(electors[i], envelope))
    assert counts()[1] > 1, results


def test_the_receipt_is_made_of_the_envelope_and_can_be_checked(sealed, electors):
    envelope = sealed.envelope(0, 0, 1)
    with transaction():
        receipt = sealed.cast(electors[0], envelope)
    message = urn.promise_text(sealed.ballot.manifest_sha256, sealing.digest(envelope))
    assert signing.is_signed(message, receipt.promise)
    assert len(receipt.code) == 16
    for typed in (receipt.code, receipt.code.lower(), receipt.ballot_sha256):
        ballot, found = urn.find_by_code(typed)
        assert (ballot.id, found) == (sealed.ballot_id, receipt)
    for typed in ("", "0" * 16, "x" * 64, receipt.code[:-1], receipt.code + "0"):
        assert urn.find_by_code(typed) is None


def test_receipts_of_two_choices_cannot_be_told_apart(sealed, electors):
    """As long in every part, and nothing in them comes from the choice: it is not even read."""
    shapes = set()
    for resident_id, values in zip(electors, [(1, 0, 0), (0, 0, 1), (9, 9, 9)], strict=False):
        with transaction():
            receipt = sealed.cast(resident_id, sealed.envelope(*values))
        shapes.add((len(receipt.ballot_sha256), len(receipt.promise), len(receipt.code)))
    assert shapes == {(64, 128, 16)}


def test_a_fault_in_the_log_names_nobody_and_no_envelope(sealed, electors):
    """The last row fails: what the log then shows must not be the link that could not be written."""
    db.session.remove()
    with db.engine.begin() as raw:
        raw.exec_driver_sql("DROP TABLE cast_key")
    envelope = sealed.envelope(1, 0, 0)
    with pytest.raises(DBAPIError) as fault, transaction():
        sealed.cast(electors[0], envelope)
    assert "cast_key" in str(fault.value)
    assert sealing.digest(envelope) not in str(fault.value)


def test_what_is_no_envelope_is_refused_from_outside(sealed, electors):
    envelope = sealed.envelope(1, 0, 0)
    for odd in (b"", envelope[:-1], envelope + b"0"):
        assert refused(sealed.cast, electors[0], odd) is UrnRefusal.NOT_AN_ENVELOPE
    assert counts() == [0, 0, 0]


def test_the_turnout_keeps_the_day_only_and_the_urn_not_even_that(sealed, electors):
    with transaction():
        receipt = sealed.cast(electors[0], sealed.envelope(1, 0, 0))
    line = db.session.scalars(select(Turnout)).one()
    assert line.done_at == clock.midnight_before(clock.today(clock.now()))
    assert receipt.ballot_sha256 not in (line.key, line.receipt)
    columns = {column.name for column in Urn.__table__.columns}
    assert columns == {"village_id", "ballot_id", "ballot_sha256", "ciphertext"}


def test_a_vote_counts_until_the_close_and_never_after(sealed, electors, closes):
    late = sealed.envelope(1, 0, 0)
    with transaction():
        sealed.cast(electors[0], sealed.envelope(1, 0, 0), now=closes - timedelta(microseconds=1))
    assert refused(sealed.cast, electors[1], late, now=closes) is Refusal.CLOSED
    assert close(sealed)
    on_its_way = closes - timedelta(seconds=1)
    assert refused(sealed.cast, electors[1], late, now=on_its_way) is Refusal.CLOSED
    assert counts() == [1, 1, 0]


def test_who_lost_the_answer_hears_after_the_close_that_it_is_in(sealed, electors, later):
    envelope = sealed.envelope(1, 0, 0)
    with transaction():
        receipt = sealed.cast(electors[0], envelope)
    close(sealed)
    with transaction():
        assert sealed.cast(electors[0], envelope, now=later) == receipt
    other = sealed.envelope(1, 0, 0)
    assert refused(sealed.cast, electors[0], other, now=later) is UrnRefusal.CLOSED
    assert refused(sealed.cast, electors[1], envelope, now=later) is Refusal.CLOSED


def test_the_close_happens_once_though_eight_do_it(sealed, electors, race, later):
    with transaction():
        for resident_id in electors[:11]:
            sealed.cast(resident_id, sealed.envelope(1, 0, 0))
    done = race(8, lambda _: urn_closing.settle(sealed.ballot_id, now=later))
    assert sorted(map(str, done)) == ["False"] * 7 + ["True"]
    assert counts() == [11, 11, 0]
    steps = select(func.count()).where(BallotStep.step == Step.CLOSED)
    assert db.session.scalar(steps) == 1
    assert len(logs.leaves(records.log_name(sealed.ballot_id))) == 11


def test_casts_at_the_moment_of_the_close_are_in_or_refused(sealed, electors, race, later, closes):
    """Acknowledged and in the urn, or refused and not: nothing between (trust.md T3)."""
    now = closes - timedelta(milliseconds=1)

    def act(i):
        if i == 4:
            return urn_closing.settle(sealed.ballot_id, now=later)
        return sealed.cast(electors[i], sealed.envelope(1, 0, 0), now=now)

    results = race(9, act)
    taken = [r.ballot_sha256 for r in results if isinstance(r, urn.SealedReceipt)]
    assert set(reasons(results)) <= {Refusal.CLOSED}
    assert len(taken) + len(reasons(results)) == 8
    db.session.rollback()
    assert urn.list_digests(sealed.ballot_id) == sorted(taken)
    leaves = sorted(logs.leaves(records.log_name(sealed.ballot_id)))
    assert leaves == sorted(map(urn.leaf_of, taken))
    assert counts() == [len(taken), len(taken), 0]


def test_a_close_that_is_cut_off_leaves_all_as_it_was_and_is_done_again(
    sealed, electors, monkeypatch
):
    with transaction():
        for resident_id in electors[:3]:
            sealed.cast(resident_id, sealed.envelope(1, 0, 0))
    before = urn.list_digests(sealed.ballot_id)

    def cut(*_args, **_facts):
        raise KeyboardInterrupt

    for place in ("rewrite", "_log", "_waiting"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(urn_closing, place, cut)
            close(sealed)
        assert counts() == [3, 3, 3]
        assert logs.leaves(records.log_name(sealed.ballot_id)) == []
    assert close(sealed) is True
    assert close(sealed) is False
    assert urn.list_digests(sealed.ballot_id) == before
    assert counts() == [3, 3, 0]


def test_the_duty_closes_what_is_due_and_nothing_else(sealed, electors, cast, app, later, closes):
    with transaction():
        sealed.cast(electors[0], sealed.envelope(1, 0, 0))
    assert urn_closing.close_due(app, now=closes - HOUR / 2) == 0
    assert counts() == [1, 1, 1]
    facts = {"now": closes - HOUR / 2, "account_id": cast.max.account_id}
    with transaction():
        service.suspend_ballot(sealed.ballot_id, reason="停电", **facts)
    assert urn_closing.close_due(app, now=later) == 0
    assert counts() == [1, 1, 1]
    with transaction():
        service.resume_ballot(sealed.ballot_id, **facts)
    assert urn_closing.close_due(app, now=later) == 1
    assert urn_closing.close_due(app, now=later) == 0
    assert counts() == [1, 1, 0]


def test_the_log_grows_by_ten_or_more_in_the_order_of_digests(sealed, electors):
    name = records.log_name(sealed.ballot_id)
    for count, logged in ((9, 0), (10, 10), (11, 10), (12, 10)):
        with transaction():
            while len(urn.list_digests(sealed.ballot_id)) < count:
                place = len(urn.list_digests(sealed.ballot_id))
                sealed.cast(electors[place], sealed.envelope(1, 0, 0))
            urn_closing.log_waiting(now=clock.now())
        leaves = logs.leaves(name)
        assert len(leaves) == logged
        assert leaves == sorted(leaves)
    close(sealed)
    assert sorted(logs.leaves(name)) == sorted(map(urn.leaf_of, urn.list_digests(sealed.ballot_id)))


def test_two_of_three_open_it_after_the_close_and_only_then(sealed, electors, later, closes):
    choices = [(1, 0, 0)] * 5 + [(0, 1, 0)] * 3 + [(0, 0, 1)] + [(1, 1, 0)]
    with transaction():
        for resident_id, values in zip(electors, choices, strict=False):
            sealed.cast(resident_id, sealed.envelope(*values))
        other = sealing.seal(sealing.write_paper("00" * 32, (1, 0, 0)), sealed.ballot.public_key)
        sealed.cast(electors[10], other)
        sealed.cast(electors[11], bytes(176))
    pair = [sealed.words[2], sealed.words[0]]
    for now in (clock.now(), closes - timedelta(seconds=1)):
        assert refused(ceremony.open_urn, sealed.ballot_id, pair, now=now) is UrnRefusal.NOT_CLOSED
    assert refused(ceremony.open_urn, sealed.ballot_id, pair, now=later) is UrnRefusal.NOT_SETTLED
    close(sealed)
    with pytest.raises(sealing.WrongShare) as wrong, transaction():
        ceremony.open_urn(sealed.ballot_id, pair[:1], now=later)
    assert wrong.value.slip is sealing.Slip.TOO_FEW
    with transaction():
        opened = ceremony.open_urn(sealed.ballot_id, pair, now=later)
    assert opened.papers == {(1, 0, 0): 5, (0, 1, 0): 3, (0, 0, 1): 1}
    assert opened.spoiled == 3
    assert [holder.position for holder in opened.holders] == [1, 3]


def test_the_key_is_made_before_the_announcement_and_never_after(electors, version, village):
    now = clock.now()
    with transaction():
        ballot_id = draft_sealed(
            version, opens_at=now + 24 * HOUR * 12, closes_at=now + 24 * HOUR * 15, now=now
        ).id
    assert refused(keys.make_key, ballot_id, now=now) is UrnRefusal.HOLDERS_FIRST
    for holders, why in (
        (HOLDERS[:2], UrnRefusal.HOLDER_UNNAMED),
        ([("", "镇"), *HOLDERS[1:]], UrnRefusal.HOLDER_UNNAMED),
        ([HOLDERS[1], *HOLDERS[1:]], UrnRefusal.HOLDER_TWICE),
    ):
        assert refused(keys.name_holders, ballot_id, holders, now=now) is why
    with transaction():
        keys.name_holders(ballot_id, HOLDERS, now=now)
        old = [share.words for share in keys.make_key(ballot_id, now=now)]
    with transaction():
        new = [share.words for share in keys.make_key(ballot_id, now=now)]
    with pytest.raises(sealing.WrongShare), transaction():
        keys.rehearse(ballot_id, old[:2], now=now)
    for pair in ((0, 1), (1, 2)):  # one share destroyed, whichever (trust.md P51)
        with transaction():
            rehearsal = keys.rehearse(ballot_id, [new[place] for place in pair], now=now)
        assert rehearsal.opened == keys.TEST_PAPER
    assert keys.is_proven(ballot_id)
    with transaction():
        service.announce_drafted(ballot_id, now=now)
    for deed in (
        lambda: keys.make_key(ballot_id, now=now),
        lambda: keys.name_holders(ballot_id, HOLDERS, now=now),
    ):
        assert refused(deed) is UrnRefusal.KEY_IS_FIXED
    holder = db.session.scalars(select(KeyHolder)).first()
    holder.name = "另一个人"
    with pytest.raises(Exception, match="frozen"):
        db.session.commit()
    db.session.rollback()


def test_no_row_of_any_table_holds_a_share_or_the_key(sealed, electors):
    private = sealing.combine(
        sealed.words[:2],
        known={sealing.share_digest(words): 1 for words in sealed.words},
        public_key=sealed.ballot.public_key,
    )
    needles = [private, private.hex().encode(), *(words[20:60].encode() for words in sealed.words)]
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(db.text(f'SELECT * FROM "{table.name}"')).all()
        kept = b"".join(c if isinstance(c, bytes) else str(c).encode() for r in rows for c in r)
        assert not any(needle in kept for needle in needles), table.name


def test_paper_and_phone_share_the_one_turnout(sealed, electors):
    """Whoever is noted as having voted on paper is told so, and their envelope is not taken."""
    now = clock.now()
    with transaction():
        facts = admission.read_facts(sealed.ballot_id, electors[0], casts=True)
        deed = people.deed_facts(electors[0], now=now, channel=Channel.PAPER)
        assert casting.enter_turnout(facts, deed, key="paper " * 5, receipt="paper")
    reason = refused(sealed.cast, electors[0], sealed.envelope(1, 0, 0))
    assert reason is UrnRefusal.VOTED_OTHERWISE
    assert counts() == [1, 0, 0]


def test_an_urn_into_which_nobody_put_anything_closes_and_opens(sealed, app, later):
    assert urn_closing.close_due(app, now=later) == 1
    with transaction():
        opened = ceremony.open_urn(sealed.ballot_id, sealed.words[:2], now=later)
    assert (opened.papers, opened.spoiled) == ({}, 0)
    again = refused(ceremony.open_urn, sealed.ballot_id, sealed.words[:2], now=later)
    assert again is UrnRefusal.OPENED_BEFORE


@pytest.mark.parametrize("voted", [1, 9])
def test_an_urn_with_few_envelopes_stays_closed_and_everybody_reads_why(
    sealed, electors, voted, later, app, browse, at, monkeypatch
):
    with transaction():
        for resident_id in electors[:voted]:
            sealed.cast(resident_id, sealed.envelope(1, 0, 0))
    urn_closing.close_due(app, now=later)
    few = refused(ceremony.open_urn, sealed.ballot_id, sealed.words[:2], now=later)
    assert few is UrnRefusal.TOO_FEW_VOTED
    monkeypatch.setattr(clock, "now", lambda: later)
    page = browse(None).get(at(f"/ballots/{sealed.ballot_id}")).text
    assert "票箱永远不再打开" in page
    assert "当众开箱计票" not in page  # what will never come is not promised
    result = browse(None).get(at(f"/ballots/{sealed.ballot_id}/result"))
    assert (result.status_code, "票箱永远不再打开" in result.text) == (409, True)
    assert db.session.scalar(select(func.count()).select_from(BallotTally)) == 0


def test_shares_come_together_before_the_vote_or_after_it(sealed, electors):
    late = refused(keys.rehearse, sealed.ballot_id, sealed.words[:2], now=clock.now())
    assert late is UrnRefusal.REHEARSED_LATE


def test_a_vote_that_is_called_off_keeps_no_link_and_no_envelope(sealed, electors, app, cast):
    with transaction():
        for resident_id in electors[:5]:
            sealed.cast(resident_id, sealed.envelope(1, 0, 0))
    with transaction():
        service.cancel_ballot(
            sealed.ballot_id, reason="问题写错了", now=clock.now(), account_id=cast.max.id
        )
    urn_closing.close_due(app, now=clock.now())
    assert counts() == [5, 0, 0]


def test_a_log_that_is_broken_keeps_no_link_and_stops_nobody_else(
    make_sealed, electors, app, later, monkeypatch
):
    broken, whole = make_sealed(), make_sealed()
    for sealed in (broken, whole):
        with transaction():
            for resident_id in electors[:3]:
                sealed.cast(resident_id, sealed.envelope(1, 0, 0))
    made, name = checkpoints.make, records.log_name(broken.ballot_id)

    def torn(log, **facts):
        if log == name:
            raise Refused(TreeRefusal.NOT_CONTINUED)
        return made(log, **facts)

    monkeypatch.setattr(checkpoints, "make", torn)
    assert urn_closing.close_due(app, now=later) == 1
    assert counts() == [6, 6, 0]
    assert not urn_closing.is_settled(broken.ballot_id)
    assert urn_closing.is_settled(whole.ballot_id)


def test_an_urn_is_opened_once_though_four_do_it(sealed, electors, race, later):
    with transaction():
        for resident_id in electors[:10]:
            sealed.cast(resident_id, sealed.envelope(1, 0, 0))
    close(sealed)
    results = race(4, lambda _: ceremony.open_urn(sealed.ballot_id, sealed.words[1:], now=later))
    assert reasons(results) == [UrnRefusal.OPENED_BEFORE] * 3
    assert db.session.scalar(select(func.count()).select_from(BallotTally)) == 1
