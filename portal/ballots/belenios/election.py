"""One Belenios election from its first key to its result, as values in and values out. Pure.

The archive (`UUID.bel`) is the whole public election; it only grows, and anybody can check it.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from portal.ballots.belenios.archive import read as read_archive
from portal.ballots.belenios.archive import uuid_of
from portal.ballots.belenios.tool import Bench, bench

GROUP = ("--group", "BELENIOS-2048")


@dataclass(frozen=True)
class Question:
    """What is asked: the answers in their order, and how many may be ticked."""

    text: str
    answers: tuple[str, ...]
    least: int
    most: int


@dataclass(frozen=True)
class Credentials:
    """One secret per elector for the slips, and the public list that says which are good."""

    uuid: str
    secrets: tuple[str, ...]
    public: str


def make_credentials(count: int) -> Credentials:
    """Make so many credentials for a new election. Both lists are in no order but their own."""
    with bench() as desk:
        uuid = desk.run("setup", "generate-token").strip()
        wanted = ("--uuid", uuid, "--count", str(count))
        desk.run("setup", "generate-credentials", *GROUP, *wanted)
        (private,), (public,) = desk.find(".privcreds"), desk.find(".pubcreds")
        secrets = tuple(line.split()[1] for line in desk.take(private).splitlines())
        # behind each public half the tool writes whose it is, by number: that is not for the public
        listed = sorted(entry.partition(",")[0] for entry in json.loads(desk.take(public)))
        return Credentials(uuid, secrets, json.dumps(listed, separators=(",", ":")))


def set_up(uuid: str, question: Question, threshold: str, credentials: str) -> bytes:
    """Return the archive of an election that nobody has voted in yet."""
    template = {
        "name": question.text,
        "description": "",
        "questions": [
            {
                "question": question.text,
                "answers": list(question.answers),
                "min": question.least,
                "max": question.most,
            }
        ],
    }
    with bench() as desk:
        desk.put("template.json", json.dumps(template, ensure_ascii=False))
        desk.put("threshold.json", threshold)
        desk.put("public_keys.jsons", "")  # nobody's key opens the box alone, nor can one lock it
        desk.put("public_creds.json", credentials)
        desk.run("setup", "make-trustees")
        wanted = ("--uuid", uuid, "--template", "template.json")
        desk.run("setup", "make-election", *GROUP, *wanted)
        desk.run("archive", "init")
        return _taken(desk)


def seal(archive: bytes, credential: str, paper: Sequence[int]) -> str:
    """Return a sealed ballot: what the booth hands out. It keeps nothing, and writes to no disk."""
    with _opened(archive) as desk:
        desk.put("credential", credential)
        desk.put("choice", json.dumps([list(paper)]))
        wanted = ("--privcred", "credential", "--ballot", "choice")
        return desk.run("election", "generate-ballot", *wanted).strip()


def check_ballot(archive: bytes, ballot: str, credential: str) -> None:
    """Raise Failed unless this sealed ballot is a good one of this election: its proofs hold.

    The tool checks every credential of an archive anew, which takes a second where there are a
    thousand: so it gets the same election with this ballot's `credential` alone.
    """
    read = read_archive(archive)
    with bench() as desk:
        desk.put("election.json", read.file_of("election"))
        desk.put("trustees.json", read.file_of("trustees"))
        desk.put("public_creds.json", json.dumps([credential]))
        desk.run("archive", "init")
        desk.run("archive", "add-event", "--type=Ballot", given=ballot)
        desk.run("election", "verify")


def with_ballots(archive: bytes, ballots: Sequence[str]) -> bytes:
    """Return the archive with these ballots behind those that were there."""
    with _opened(archive) as desk:
        for ballot in ballots:
            desk.run("archive", "add-event", "--type=Ballot", given=ballot)
        return _taken(desk)


def close(archive: bytes) -> bytes:
    """Return the archive with the end of voting and the sealed sum, checked."""
    with _opened(archive) as desk:
        desk.run("archive", "add-event", "--type=EndBallots")
        tally = desk.run("election", "compute-encrypted-tally")
        desk.run("archive", "add-event", "--type=EncryptedTally", given=tally)
        desk.run("election", "verify")
        return _taken(desk)


def decrypt(archive: bytes, secret: str, sealed_share: str, trustee: int) -> str:
    """Return one trustee's part of the opening, for the sum alone. `trustee` counts from 1."""
    with _opened(archive) as desk:
        desk.put("secret", secret)
        desk.put("share", sealed_share)
        wanted = ("--key", "secret", "--decryption-key", "share", "--trustee-id", str(trustee))
        return desk.run("election", "decrypt-threshold", *wanted).strip()


def with_part(archive: bytes, part: str) -> bytes:
    """Return the archive with one trustee's part of the opening."""
    with _opened(archive) as desk:
        desk.run("archive", "add-event", "--type=PartialDecryption", given=part)
        return _taken(desk)


def with_result(archive: bytes) -> tuple[bytes, tuple[int, ...]]:
    """Return the archive with its result, checked, and the sums; Failed if parts are missing."""
    with _opened(archive) as desk:
        said = desk.run("election", "compute-result")
        desk.run("archive", "add-event", "--type=Result", given=said)
        desk.run("election", "verify")
        (sums,) = json.loads(said)["result"]
        return _taken(desk), tuple(sums)


def verify(archive: bytes) -> None:
    """Raise Failed unless all that can be checked of this archive holds."""
    with _opened(archive) as desk:
        desk.run("election", "verify")


def verify_diff(older: bytes, newer: bytes) -> None:
    """Raise Failed unless the newer archive is the older one with something behind it."""
    with bench() as desk:
        for place, archive in (("older", older), ("newer", newer)):
            desk.put(f"{place}/{uuid_of(archive)}.bel", archive)
        desk.run("election", "verify-diff", "--dir1", "older", "--dir2", "newer")


@contextmanager
def _opened(archive: bytes) -> Iterator[Bench]:
    with bench() as desk:
        desk.put(f"{uuid_of(archive)}.bel", archive)
        yield desk


def _taken(desk: Bench) -> bytes:
    (name,) = desk.find(".bel")
    return desk.take_bytes(name)
