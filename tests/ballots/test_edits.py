"""Every trick by which a false archive could seem to hold is found, and said in one sentence each."""

import hashlib
import json
import random
import warnings

import pytest

from portal.ballots import archive, verify_poll
from portal.ballots.rules import Kind

from . import edits
from .forging import forge
from .polls import hold
from .test_archive import SEED, sealed, version  # noqa: F401 -- fixtures

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # a file has none


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
