"""A whole Belenios election by the tool itself: any two trustees, no one alone, nothing bent."""

import json
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from portal.ballots.belenios import archive, election, keys, tool
from tests.ballots.belenios.conftest import PAPERS, Whole


@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (2, 1)])
def test_any_two_trustees_open_the_sum(whole: Whole, pair: tuple[int, int]) -> None:
    done, sums = election.with_result(whole.opened_by(*pair))
    assert sums == tuple(map(sum, zip(*PAPERS, strict=True)))
    election.verify(done)
    election.verify_diff(whole.fresh, whole.full)
    election.verify_diff(whole.full, done)
    read = archive.read(done)
    assert read.sums == sums
    assert read.opened_by == tuple(place + 1 for place in pair)


def test_one_trustee_alone_opens_nothing_not_even_by_coming_twice(whole: Whole) -> None:
    for places in ((1,), (1, 1)):
        with pytest.raises(tool.Failed, match="not enough partial decryptions"):
            election.with_result(whole.opened_by(*places))


def test_a_key_of_somebody_else_opens_nothing(whole: Whole) -> None:
    stranger = keys.make_key().secret
    for secret in (stranger, whole.keys[1].secret, "", whole.keys[0].secret[:-1]):
        with pytest.raises(tool.Failed):
            election.decrypt(whole.closed, secret, whole.received[0].sealed, 1)
    with pytest.raises(tool.Failed, match="could not find my certificate"):
        keys.share(whole.certificates, stranger)
    with pytest.raises(tool.Failed):
        keys.receive(whole.certificates, whole.shares, whole.keys[1].secret, whole.certificates[0])


def test_the_archive_names_every_ballot_and_no_time(whole: Whole) -> None:
    read = archive.read(whole.full)
    assert sorted(read.ballots) == sorted(sha256(b.encode()).hexdigest() for b in whole.ballots)
    assert len(read.credentials) == 14
    assert read.sums is None
    said = [read.files[event.payload] for event in read.events if event.payload]
    assert not [text for text in said if b"time" in text or b"date" in text]


def test_the_public_list_of_credentials_says_nothing_of_whose_they_are(whole: Whole) -> None:
    public = json.loads(whole.credentials.public)
    assert public == sorted(public)
    assert all(entry.isdigit() for entry in public)
    assert archive.read(whole.fresh).credentials == set(public)
    assert len(public) == len(whole.credentials.secrets)


@pytest.mark.parametrize("paper", [(1, 1, 0), (0, 0, 0), (2, 0, 0), (1, 0), (-1, 1, 1)])
def test_a_paper_that_breaks_the_rule_is_not_sealed(whole: Whole, paper: tuple[int, ...]) -> None:
    with pytest.raises(tool.Failed):
        election.seal(whole.fresh, whole.credentials.secrets[3], paper)


def test_several_of_several_have_a_least_and_a_greatest_number(whole: Whole) -> None:
    outputs = [each.output for each in whole.received]
    threshold = keys.finish(whole.certificates, whole.shares, outputs)
    question = election.Question("先做哪些？", ("路", "桥", "渠", "灯"), 2, 3)
    slips = whole.credentials
    fresh = election.set_up(slips.uuid, question, threshold, slips.public)
    for paper in ((1, 1, 0, 0), (1, 0, 1, 1)):
        sealed = election.seal(fresh, slips.secrets[5], paper)
        election.check_ballot(fresh, sealed, json.loads(sealed)["credential"])
    for paper in ((1, 0, 0, 0), (1, 1, 1, 1)):
        with pytest.raises(tool.Failed):
            election.seal(fresh, slips.secrets[5], paper)


def test_a_ballot_of_no_slip_or_changed_on_its_way_is_refused(whole: Whole) -> None:
    other = election.make_credentials(1)
    good = whole.ballots[0]
    wrong = election.seal(whole.fresh, other.secrets[0], (1, 0, 0))
    place = good.index('"alpha":"') + 30
    bent = good[:place] + ("1" if good[place] != "1" else "2") + good[place + 1 :]
    credential = json.loads(good)["credential"]
    election.check_ballot(whole.fresh, good, credential)
    for ballot in (wrong, bent, "", "{}", good[:-3], f"{good}\n{whole.ballots[1]}"):
        with pytest.raises(tool.Failed):
            election.check_ballot(whole.fresh, ballot, credential)


def test_a_tampered_archive_fails(whole: Whole) -> None:
    done, _ = election.with_result(whole.opened_by(0, 1))
    election.verify(done)
    ballot = archive.read(done).ballots[0].encode()
    inside = done.index(ballot) + 3000
    digit = b"1" if done[inside : inside + 1] != b"1" else b"2"
    changed = done[:inside] + digit + done[inside + 1 :]
    count = done.replace(b'"result":[[2,1,0]]', b'"result":[[1,2,0]]')
    shorter = done[:inside]
    assert len({done, changed, count}) == 3
    for bent in (changed, count, shorter):
        with pytest.raises(tool.Failed):
            election.verify(bent)


def test_an_archive_that_forgets_a_ballot_is_not_a_later_one(whole: Whole) -> None:
    forgetful = election.with_ballots(whole.fresh, whole.ballots[:2])
    election.verify(forgetful)
    with pytest.raises(tool.Failed, match="not a prefix"):
        election.verify_diff(whole.full, forgetful)


def test_without_the_tool_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert tool.find() is None
    with pytest.raises(tool.Absent, match="apt install belenios-tool"):
        keys.make_key()


def test_a_tool_that_hangs_is_ended_and_its_folder_is_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    slow = tmp_path / tool.NAME
    slow.write_text(f"#!/bin/sh\n/bin/pwd > {seen}\n/bin/ls -ld . >> {seen}\nexec /bin/sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tool, "SECONDS", 0.3)
    with pytest.raises(tool.Failed, match="not done within"):
        keys.make_key()
    folder, listed = seen.read_text().splitlines()
    assert listed.startswith("drwx------")
    assert not Path(folder).exists()
    assert stat.S_ISREG(slow.stat().st_mode)
