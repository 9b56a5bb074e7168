"""Every trick by which a false archive could seem to hold is found, and said in one sentence each."""

import hashlib
import json
import random
import warnings
from datetime import timedelta

import pytest

from portal.ballots import archive, closing, records, service, steps, verify_poll
from portal.ballots.arithmetic import Outcome
from portal.ballots.profiles import Body, Electorate, Params
from portal.ballots.rules import Answer, Kind, Unit
from portal.ballots.states import Secrecy
from portal.ballots.tallies.greedy import Verdict
from portal.core.db import transaction
from portal.people.rules import Channel

from . import edits
from .forging import forge
from .polls import BOUNDS, hold
from .test_archive import SEED, sealed, version  # noqa: F401 -- fixtures
from .test_batches import agree, enter, entry

pytestmark = [
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),  # a file has none
    pytest.mark.usefixtures("noon"),
]


@pytest.fixture
def says(tmp_path, capsys):
    """Hand the script an archive, with the key that signed it, and return how it ends."""

    def _says(packed: bytes, *more: str, key: str, words: str = "") -> int:
        file = tmp_path / "archive.zip"
        file.write_bytes(packed)
        code = verify_poll.main([str(file), *more, *(["--key", key] if key else [])])
        said = capsys.readouterr().out.splitlines()
        faults = [line for line in said if line.startswith("FAULT: ")]
        assert bool(faults) == (code == verify_poll.FAULT), said
        assert not faults or faults == said
        assert any(words in line for line in said), said
        return code

    return _says


@pytest.fixture
def named(version):  # noqa: F811
    """Give a vote with names in which money is given out; it is the second in its record."""
    hold(version.id, Kind.YES_NO, rng=random.Random(SEED))
    return plain(hold(version.id, Kind.APPROVAL, rng=random.Random(SEED)))


def plain(ballot) -> dict:
    return json.loads(json.dumps(archive.contents(ballot)))


def house_of(files: dict) -> str:
    return files["about"]["keys"][0]


def missed(says, key: str, *tried: tuple[str, bytes]) -> list[str]:
    """Return the names of those that are not found."""
    return [name for name, packed in tried if says(packed, key=key) != verify_poll.FAULT]


def test_whoever_has_no_key_can_change_nothing(named, says):
    key = house_of(named)
    assert says(archive.pack(named), key=key) == verify_poll.HOLDS
    changed = [(name, edits.edited(named, edit, by_house=False)) for name, edit in edits.UNSIGNED]
    with warnings.catch_warnings(action="ignore"):  # a name that is there twice
        packings = list(edits.packings(named))
    assert not missed(says, key, *changed, *packings)
    assert not missed(says, "", *changed, *packings)


def test_what_is_made_otherwise_is_found_whoever_signs_it(named, sealed, says):  # noqa: F811
    ballot, _receipt = sealed
    for files, tried in ((named, edits.NAMED_AS_MADE), (plain(ballot), edits.SECRET_AS_MADE)):
        files = forge(files)
        key = house_of(files)
        assert says(archive.pack(files), key=key) == verify_poll.HOLDS
        odd = ("about", "manifest")
        made = [
            (name, edits.edited(files, edit, by_house=name.split()[0] not in odd))
            for name, edit in tried
        ]
        assert not missed(says, key, *made)


def test_a_house_that_signs_falsehoods_is_found(named, version, says):  # noqa: F811
    ranked = plain(hold(version.id, Kind.RANKED, rng=random.Random(SEED)))
    secret = forge(named, edits.as_secret)
    key = house_of(secret)
    for files, tried in (
        (named, edits.FALSEHOODS),
        (ranked, edits.OF_RANKS),
        (secret, edits.OF_A_SECRET_BUDGET),
    ):
        assert says(archive.pack(forge(files)), key=key) == verify_poll.HOLDS
        made = [(name, edits.forged(files, edit)) for name, edit in tried]
        assert not missed(says, key, *made)


@pytest.mark.parametrize("is_early", [False, True])
def test_an_honest_vote_holds_however_it_went(make_ballot, cast, says, is_early):
    """Papers counted by hand, voting held up and gone on; or closed early while it was held up."""
    ballot = make_ballot()
    begin = ballot.opened_at

    def after(minutes: int):
        return begin + timedelta(minutes=minutes)

    sheet_id = enter(ballot, cast, entry(cast, cast.max, cast.wang), now=after(10))
    for person in (cast.sun, cast.vera):
        agree(sheet_id, person, now=after(11))
    max_, sun = {"account_id": cast.max.account_id}, {"account_id": cast.sun.account_id}
    with transaction():
        steps.suspend_ballot(ballot.id, reason="停电", now=after(20), **max_)
        steps.resume_ballot(ballot.id, now=after(50), **max_)
        steps.suspend_ballot(ballot.id, reason="又停电", now=after(100), **max_)
        if is_early:
            steps.ask_early_close(ballot.id, reason="人都到齐", now=after(110), **max_)
            steps.close_early(ballot.id, now=after(111), **sun)
        else:
            steps.resume_ballot(ballot.id, now=after(130), **max_)
    with transaction():
        closing.settle_named(ballot.id, now=after(60 * 24 * 7))
    files = plain(service.get_ballot(ballot.id))
    assert [batch["papers"] for batch in files["counting"]["paper_batches"]] == [2]
    assert ("closed-early" in str(files["counting"]["steps"])) is is_early
    assert says(archive.pack(files), key=house_of(files)) == verify_poll.HOLDS


@pytest.mark.parametrize("kind", [Kind.RANKED, Kind.SCORE, Kind.BUDGET, Kind.SINGLE])
def test_a_vote_about_money_holds_open_and_secret(version, says, monkeypatch, kind):  # noqa: F811
    more = {"max_score": 5} if kind is Kind.SCORE else {}
    monkeypatch.setitem(BOUNDS, kind, {"budget_yuan": 700_000, **more})
    files = plain(hold(version.id, kind, rng=random.Random(SEED)))
    assert "greedy" in files["counting"]["detail"]
    for made in (forge(files), forge(files, edits.as_secret)):
        assert says(archive.pack(made), key=house_of(made)) == verify_poll.HOLDS


def test_each_check_says_what_it_has_found(named, version, says):  # noqa: F811
    kinds = (Kind.YES_NO, Kind.RANKED, Kind.SCORE)
    bases = {kind.value: plain(hold(version.id, kind, rng=random.Random(SEED))) for kind in kinds}
    bases |= {"approval": named, "secret": forge(named, edits.as_secret), "sealed": forge(named)}
    key = house_of(bases["sealed"])
    for words, base, edit in edits.SAID:
        made = (
            edits.edited(bases[base], edit, by_house=True)
            if base == "sealed"
            else edits.forged(bases[base], edit)
        )
        assert says(made, key=key, words=words) == verify_poll.FAULT


def test_what_somebody_brings_along_must_be_something(named, sealed, says, tmp_path):  # noqa: F811
    ballot, receipt = sealed
    document = tmp_path / "forged.pdf"
    document.write_bytes(edits.PDF)
    nothing = f"0:{hashlib.sha256(b'').hexdigest()}"
    packed, key = archive.pack(named), house_of(named)
    for more in (
        ("--checkpoint", nothing),
        ("--checkpoint", f"99999:{'0' * 64}"),
        ("--checkpoint", "²:00"),
        ("--checkpoint", ""),
        ("--key", ""),
        ("--receipt", ""),
        ("--receipt", receipt.code),
        ("--promise", receipt.promise),
        ("--opening", ""),
        ("--manifest", ""),
        ("--document", str(tmp_path / "nothing.pdf")),
        ("--document", str(document)),
    ):
        assert says(packed, *more, key="" if more[0] == "--key" else key) == verify_poll.FAULT, more
    assert says(archive.pack(plain(ballot)), "--receipt", receipt.code, key=key) == 0


def test_the_script_knows_every_word_that_an_archive_can_hold(database):
    manifest, counting = verify_poll.SHAPES["manifest"], verify_poll.SHAPES["counting"]
    assert database
    for known, words in (
        (manifest["kind"], Kind),
        (manifest["secrecy"], Secrecy),
        (manifest["unit"], Unit),
        (manifest["options"][0]["answer"] - {None}, Answer),
        (verify_poll.CHANNELS, Channel),
        (verify_poll.STEPS, records.BEFORE_COUNTING),
        (counting["outcome"], Outcome),
        (verify_poll.RULE, Params().as_json()),
        (verify_poll.RULE["body"], Body),
        (verify_poll.RULE["electorate"], Electorate),
        (verify_poll.TURN["verdict"], Verdict),
    ):
        assert set(known) == set(map(str, words))
