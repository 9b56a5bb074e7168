"""The chain: what it hashes, and that no change to it stays unseen."""

import dataclasses
import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from portal.transparency import rules
from portal.transparency.rules import Break, Entry, Fault, Kept

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
A, B = "a" * 64, "b" * 64


def chain(length: int) -> list[tuple[Entry, str]]:
    """Return a sound chain."""
    made, previous = [], rules.FIRST_PREVIOUS
    for number in range(1, length + 1):
        entry = Entry(
            village_code="330523102201",
            number=number,
            kind="disclosure",
            subject=f"〔2026〕村规公示 {number:03}号",
            content_sha256=A,
            file_sha256=B,
            previous_sha256=previous,
            created_at=START + timedelta(hours=number),
        )
        previous = rules.leaf_of(entry)
        made.append((entry, previous))
    return made


def test_the_hash_is_the_one_anybody_can_compute() -> None:
    [(_entry, leaf)] = chain(1)
    text = (
        '{"content_sha256":"' + A + '","created_at":"2026-03-01T09:00:00.000000+00:00",'
        '"file_sha256":"'
        + B
        + '","kind":"disclosure","number":1,"previous_sha256":"'
        + "0" * 64
        + '","subject":"〔2026〕村规公示 001号","village":"330523102201"}'
    )
    assert leaf == hashlib.sha256(b"\x00" + text.encode()).hexdigest()


def test_a_sound_chain() -> None:
    assert rules.why_broken([]) is None
    assert rules.why_broken(chain(5)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "别的"},
        {"kind": "other"},
        {"content_sha256": B},
        {"file_sha256": A},
        {"created_at": START},
        {"village_code": "330523102202"},
    ],
)
def test_a_changed_entry(change: dict[str, object]) -> None:
    entries = chain(5)
    entry, leaf = entries[2]
    entries[2] = (dataclasses.replace(entry, **change), leaf)
    assert rules.why_broken(entries) == Break(3, Fault.ENTRY_CHANGED)


def test_a_changed_entry_with_a_new_hash_of_its_own() -> None:
    entries = chain(5)
    changed = dataclasses.replace(entries[2][0], subject="别的")
    entries[2] = (changed, rules.leaf_of(changed))
    assert rules.why_broken(entries) == Break(4, Fault.PREVIOUS_DIFFERS)


def test_an_entry_taken_out_or_put_elsewhere() -> None:
    entries = chain(5)
    assert rules.why_broken(entries[:2] + entries[3:]) == Break(3, Fault.NUMBER_MISSING)
    assert rules.why_broken(entries[1:]) == Break(1, Fault.NUMBER_MISSING)
    swapped = [entries[1], entries[0], *entries[2:]]
    assert rules.why_broken(swapped) == Break(1, Fault.NUMBER_MISSING)


def test_files() -> None:
    entries = [entry for entry, _leaf in chain(4)]
    kept = [Kept(1, A, B), Kept(2, A, A), Kept(3, B, B), Kept(9, A, B)]
    assert rules.files_broken(entries, kept) == [
        Break(2, Fault.FILE_CHANGED),
        Break(3, Fault.CONTENT_CHANGED),
        Break(4, Fault.FILE_MISSING),
        Break(9, Fault.FILE_NOT_RECORDED),
    ]


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        (A, A),
        (A.upper(), A),
        (" ".join(A[i : i + 8] for i in range(0, 64, 8)) + "\n", A),
        ("SHA256: " + A, A),
        (A[:-1], None),
        (A + "a", None),
        ("g" * 64, None),
        ("", None),
    ],
)
def test_pasted_digests(text: str, digest: str | None) -> None:
    assert rules.as_digest(text) == digest


@pytest.mark.parametrize(
    ("text", "is_prefix"),
    [
        ("a" * 11, False),
        ("a" * 12, True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("A" * 12, False),
        ("a" * 11 + "%", False),
    ],
)
def test_beginnings_of_digests(text: str, is_prefix: bool) -> None:
    assert rules.is_prefix(text) is is_prefix
