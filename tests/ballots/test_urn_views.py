"""The key and the opening, as the head, the supervision committee and three holders do them."""

import logging
import re
import subprocess
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from portal.ballots import keys, service, urn_closing
from portal.ballots.models import BallotTally
from portal.ballots.urn_models import Urn
from portal.core import clock
from portal.core.db import db, transaction
from portal.people import service as people
from portal.people.rules import Role
from tests.ballots.sealed_village import HOLDERS, Sealed, add_people, draft_sealed, open_sealed

DAY = timedelta(days=1)


@pytest.fixture
def head(cast):
    """The head of the committee."""
    with transaction():
        account = people.add_account(name="Hao", role=Role.HEAD, phone="13800000031")
    return SimpleNamespace(account_id=account.id, village_id=account.village_id)


def names(holders=HOLDERS):
    return {
        f"{part}_{n}": value
        for n, holder in enumerate(holders, start=1)
        for part, value in zip(("name", "office"), holder, strict=True)
    }


def words_in(pdf):
    """Read each holder's 33 words off their page."""
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, check=True, capture_output=True
    ).stdout.decode()
    return [
        " ".join(re.findall(r"\b\d{1,2}\s+([a-z]{4,8})\b", page)) for page in text.split("\f")[:-1]
    ]


def test_from_naming_the_holders_to_the_sums(
    cast, head, version, village, browse, at, caplog, request
):
    caplog.set_level(logging.DEBUG)
    electors = add_people(12)
    now = clock.now()
    opens_at = now - DAY
    with transaction():
        ballot_id = draft_sealed(
            version, opens_at=opens_at, closes_at=now + DAY, now=now - 20 * DAY
        ).id
    hao, sun = browse(head), browse(cast.sun)
    manage = at(f"/ballots/manage/{ballot_id}")

    # neither office makes it alone
    assert sun.post(f"{manage}/holders", data=names()).status_code == 403
    assert hao.post(f"{manage}/key", data={"all_here": "y"}).status_code == 403
    assert "先由村委会主任" in sun.post(f"{manage}/key", data={"all_here": "y"}).text
    twice = hao.post(f"{manage}/holders", data=names([HOLDERS[1], *HOLDERS[1:]]))
    assert (twice.status_code, "三个单位的三个人" in twice.text) == (409, True)
    assert hao.post(f"{manage}/holders", data=names()).status_code == 303
    made = sun.post(f"{manage}/key", data={"all_here": "y"})
    assert made.mimetype == "application/pdf"
    assert made.headers["Cache-Control"] == "private, no-store"
    words = words_in(made.data)
    assert [len(share.split()) for share in words] == [33, 33, 33]

    # the rehearsal tells which word is wrong, and that any two open it
    typed = words[0].split()
    wrong = " ".join([*typed[:11], "acid" if typed[11] != "acid" else "acne", *typed[12:]])
    answer = hao.post(f"{manage}/rehearsal", data={"first": words[2], "second": wrong})
    assert answer.status_code == 422
    assert "第 12 个词" in answer.text
    for first, second in ((0, 1), (1, 2)):
        data = {"first": words[first], "second": words[second]}
        assert sun.post(f"{manage}/rehearsal", data=data).status_code == 303
    assert keys.is_proven(ballot_id)
    with transaction():
        service.announce_drafted(ballot_id, now=now - 20 * DAY)
    with transaction():
        service.open_ballot(ballot_id, now=opens_at)
    assert "钥匙不能再变" in sun.post(f"{manage}/key", data={"all_here": "y"}).text

    # before the close it opens for nobody, afterwards once, and shows sums
    sealed = Sealed(ballot_id, village.id, words)
    with transaction():
        for place, resident_id in enumerate(electors):
            sealed.cast(resident_id, sealed.envelope(*((1, 0, 0) if place < 7 else (0, 1, 0))))
    pair = {"first": words[2], "second": words[1]}
    assert hao.post(f"{manage}/opening", data=pair).status_code == 409
    later = now + DAY + timedelta(minutes=1)
    request.getfixturevalue("monkeypatch").setattr(clock, "now", lambda: later)
    hao = browse(head)
    assert hao.post(f"{manage}/opening", data=pair).status_code == 409  # not put in order yet
    with transaction():
        urn_closing.settle(ballot_id, now=later)
    alone = {"first": words[2], "second": words[2]}
    answer = hao.post(f"{manage}/opening", data=alone)
    assert (answer.status_code, "同一份写了两遍" in answer.text) == (422, True)
    assert db.session.scalars(select(BallotTally)).all() == []
    assert hao.post(f"{manage}/opening", data=pair).status_code == 303
    assert hao.post(f"{manage}/opening", data=pair).status_code == 409
    db.session.rollback()
    tally = db.session.scalars(select(BallotTally)).one()
    assert (tally.content["sums"], tally.content["invalid"]) == ([7, 5, 0], 0)
    result = browse(None).get(at(f"/ballots/{ballot_id}/result"))
    assert result.status_code == 200
    for share in words:
        assert share[20:80] not in caplog.text
        assert share[20:80] not in result.text


PATHS = (
    *("/", "/take-part", "/ballots/", "/ballots/manage", "/ballots/mine"),
    *("/ballots/{id}", "/ballots/{id}/sealed", "/ballots/{id}/result", "/ballots/{id}/roll"),
    *("/ballots/manage/{id}", "/ballots/manage/{id}/key", "/ballots/manage/{id}/opening"),
    *("/ballots/manage/{id}/rehearsal", "/statistics/ballots/{id}", "/record", "/desk"),
)


def test_nothing_depends_on_the_choices_before_the_close(cast, head, version, village, browse, at):
    """The same electors, once all for and once all against: every page is the same for everybody."""
    electors = add_people(12)
    now = clock.now()
    sealed = open_sealed(
        version, village, opens_at=now - DAY, closes_at=now + DAY, now=now - 20 * DAY
    )
    with transaction():
        for resident_id in electors:
            sealed.cast(resident_id, sealed.envelope(1, 0, 0))
    players = [browse(who) for who in (cast.vera, cast.max, head, cast.sun, cast.paula, None)]

    def look():
        return [
            (path, answer.status_code, answer.location, re.sub(r'value="[^"]+"', "", answer.text))
            for client in players
            for path in PATHS
            for answer in [client.get(at(path.format(id=sealed.ballot_id)))]
        ]

    before = look()
    with transaction():
        for digest in db.session.scalars(select(Urn.ballot_sha256)).all():
            db.session.execute(
                update(Urn)
                .where(Urn.ballot_sha256 == digest)
                .values(ciphertext=sealed.envelope(0, 1, 0))
            )
    after = look()
    assert after == before
    assert sum(status == 200 for _, status, _, _ in before) > 25


def test_while_it_is_open_the_number_of_votes_moves_in_steps_of_ten(
    cast, version, village, browse, at
):
    electors = add_people(21)
    now = clock.now()
    sealed = open_sealed(
        version, village, opens_at=now - DAY, closes_at=now + DAY, now=now - 20 * DAY
    )
    shown = []
    for resident_id in electors:
        with transaction():
            sealed.cast(resident_id, sealed.envelope(1, 0, 0))
        shown.append(service.count_cast([sealed.ballot_id])[sealed.ballot_id])
    assert shown == [0] * 9 + [10] * 10 + [20] * 2
