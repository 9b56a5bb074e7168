"""The envelope and the shares of its key: what is sealed opens, and nothing odd counts."""

from itertools import combinations

import pytest
from shamir_mnemonic import wordlist

from portal.ballots import sealing
from portal.ballots.sealing import Flaw, Slip, Spoiled, WrongShare

MANIFEST = "ab" * 32


@pytest.fixture(scope="module")
def key():
    return sealing.make_key()


@pytest.fixture(scope="module")
def shares(key):
    return sealing.split(key.private)


@pytest.fixture(scope="module")
def known(shares):
    return {sealing.share_digest(words): n for n, words in enumerate(shares, start=1)}


@pytest.mark.parametrize("values", [(1,), (0, 1, 0), (3, 1, 2, 0), (255,) * 94])
def test_what_is_sealed_opens_and_every_envelope_is_alike_from_outside(key, values):
    papers = [sealing.write_paper(MANIFEST, values) for _ in range(2)]
    envelopes = [sealing.seal(paper, key.public) for paper in papers]
    assert {len(envelope) for envelope in envelopes} == {176}
    assert len({sealing.digest(envelope) for envelope in envelopes}) == 2
    for paper, envelope in zip(papers, envelopes, strict=True):
        assert sealing.open_box(envelope, key.private) == paper
        assert sealing.read_paper(paper, MANIFEST, options=len(values)) == values


@pytest.mark.parametrize("values", [(), (0,) * 95])
def test_a_paper_holds_one_to_94_values(values):
    with pytest.raises(ValueError, match="1 to 94"):
        sealing.write_paper(MANIFEST, values)


@pytest.mark.parametrize(
    ("spoil", "flaw"),
    [
        (lambda paper: paper[:-1], Flaw.LENGTH),
        (lambda paper: paper + b"\0", Flaw.LENGTH),
        (lambda paper: b"\x02" + paper[1:], Flaw.FORM),
        (lambda paper: paper[:1] + b"\xac" + paper[2:], Flaw.OTHER_BALLOT),
        (lambda paper: paper[:16] + b"\xac" + paper[17:], Flaw.OTHER_BALLOT),
        (lambda paper: paper[:17] + b"\x02" + paper[18:], Flaw.VALUES),
        (lambda paper: paper[:17] + b"\xff" + paper[18:], Flaw.VALUES),
    ],
)
def test_a_paper_with_anything_odd_is_spoiled(spoil, flaw):
    paper = sealing.write_paper(MANIFEST, (0, 1, 0))
    with pytest.raises(Spoiled) as spoiled:
        sealing.read_paper(spoil(paper), MANIFEST, options=3)
    assert spoiled.value.flaw is flaw


def test_an_envelope_opens_with_its_own_key_and_untouched_only(key):
    envelope = sealing.seal(sealing.write_paper(MANIFEST, (1, 0)), key.public)
    other = sealing.make_key().private
    touched = [
        envelope[:at] + bytes([envelope[at] ^ 0x80]) + envelope[at + 1 :] for at in (0, 31, 175)
    ]
    no_point = bytes(32) + envelope[32:]
    for odd, private in [(envelope, other), *((e, key.private) for e in [*touched, no_point, b""])]:
        with pytest.raises(Spoiled) as spoiled:
            sealing.open_box(odd, private)
        assert spoiled.value.flaw is Flaw.NOT_OPENED


def test_any_two_of_three_open_it_and_in_any_order(key, shares, known):
    for one, other in combinations(shares, 2):
        for pair in ([one, other], [other, one]):
            made = sealing.combine(pair, known=known, public_key=key.public)
            assert made == key.private


def test_words_are_taken_as_people_write_them(key, shares, known):
    numbered = "\n".join(f"{n}. {word.upper()}" for n, word in enumerate(shares[0].split(), 1))
    begun = " ".join(word[:4] for word in shares[1].split())
    assert sealing.combine([numbered, begun], known=known, public_key=key.public) == key.private


def test_too_few_the_same_twice_or_anothers_open_nothing(key, shares, known):
    foreign = sealing.split(sealing.make_key().private)
    for typed, slip, share in (
        (shares[:1], Slip.TOO_FEW, 0),
        ([shares[0], shares[0]], Slip.SAME_SHARE, 2),
        ([shares[0], foreign[1]], Slip.OTHER_BALLOT, 2),
        (foreign[:2], Slip.OTHER_BALLOT, 1),
    ):
        with pytest.raises(WrongShare) as wrong:
            sealing.combine(typed, known=known, public_key=key.public)
        assert (wrong.value.slip, wrong.value.share) == (slip, share)


def test_shares_of_another_key_open_nothing_though_they_are_known(key):
    foreign = sealing.split(sealing.make_key().private)
    known = {sealing.share_digest(words): n for n, words in enumerate(foreign, start=1)}
    with pytest.raises(WrongShare) as wrong:
        sealing.combine(foreign[:2], known=known, public_key=key.public)
    assert wrong.value.slip is Slip.OTHER_BALLOT


@pytest.mark.parametrize("place", [1, 4, 12, 30, 33])
def test_one_wrong_word_is_found(shares, place):
    words = shares[0].split()
    at = wordlist.WORD_INDEX_MAP[words[place - 1]]
    for other in (at ^ 1, at ^ 512, at ^ 1023):
        typed = [*words[: place - 1], wordlist.WORDLIST[other], *words[place:]]
        with pytest.raises(WrongShare) as wrong:
            sealing.read_share(" ".join(typed), number=2)
        found = (wrong.value.slip, wrong.value.share, wrong.value.word)
        assert found == (Slip.WRONG_WORD, 2, place)


def test_what_else_can_be_wrong_with_words(shares):
    words = shares[0].split()
    swapped = [*words[:9], words[10], words[9], *words[11:]]
    for typed, expected in (
        ([*words[:7], "zzzz", *words[8:]], (Slip.UNKNOWN_WORD, 8, 0)),
        (words[:-1], (Slip.WORD_COUNT, 0, 32)),
        ([*words, words[0]], (Slip.WORD_COUNT, 0, 34)),
        ([], (Slip.WORD_COUNT, 0, 0)),
        (swapped, (Slip.WRONG_WORDS, 0, 0)),
    ):
        with pytest.raises(WrongShare) as wrong:
            sealing.read_share(" ".join(typed), number=1)
        assert (wrong.value.slip, wrong.value.word, wrong.value.count) == expected


def test_a_share_and_a_key_do_not_show_themselves(key, shares):
    assert key.private.hex() not in repr(key)
    assert str(key.private) not in repr(key)
    assert shares[0].split()[5] not in repr(WrongShare(Slip.WRONG_WORD, share=1, word=2))
