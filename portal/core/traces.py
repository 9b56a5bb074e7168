"""What in words names a person: numbers of people, and names that have no place there. Pure.

Spaces, dashes and signs that nobody sees do not hide anything: 王 小明 and 138 1234 5678 are found.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

GAP = 3
"""As many spaces may stand between two characters of a name."""


class Personal(StrEnum):
    """What kind of personal data was found."""

    ID_NUMBER = "id-number"
    MOBILE = "mobile"
    BANK_CARD = "bank-card"
    NAME = "name"


@dataclass(frozen=True)
class Finding:
    """Personal data within a document: where, what, a masked piece of it, and its digest."""

    place: str
    kind: Personal
    masked: str
    sha256: str = ""


_GAP = r"[\s\-\u2010-\u2015]{1,3}"
_RUN = re.compile(rf"(?<![0-9A-Za-z])\d+(?:{_GAP}\d+)*(?:(?:{_GAP})?[Xx])?(?![0-9A-Za-z])")
_PIECE = re.compile(r"\d+|[Xx]")
_LAYOUTS = ((3, 4, 4), (3, 3, 5), (4, 4, 3), (3, 8), (7, 4), (11,))
"""How mobile numbers are written in pieces; numbers of a table stand beside each other, too."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")


def is_id_number(text: str) -> bool:
    """Tell whether 18 characters are a resident identity number: birth date and check digit fit."""
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECKS[weighed % 11] == text[17]


def is_bank_card(text: str) -> bool:
    """Tell whether 16 to 19 digits are a card number: it begins like one, the check digit fits."""
    if not re.fullmatch(r"[3-6]\d{15,18}", text):
        return False
    total = 0
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def find_in_words(
    texts: Iterable[tuple[str, str]], names: frozenset[str] = frozenset()
) -> list[Finding]:
    """Look through plain words, each with its place, for what names a person."""
    index = _by_first(names)
    return [finding for place, words in texts for finding in _find(words, place, index)]


def _find(words: str, place: str, index: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    seen = "".join(sign for sign in words if not _is_unseen(sign))
    for kind, raw, masked in (*_numbers(seen), *_names(seen, index), *_spaced(seen, index)):
        digest = hashlib.sha256(f"{kind.value} {raw}".encode()).hexdigest()
        yield Finding(place, kind, masked, digest)


def _by_first(names: frozenset[str]) -> dict[str, list[str]]:
    """Return the names by their first letter, the longest first."""
    index: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        index.setdefault(name[0], []).append(name)
    return index


def _names(words: str, index: Mapping[str, Sequence[str]]) -> Iterator[tuple[Personal, str, str]]:
    """Find names; one in Latin letters only where it is a word of its own."""
    at = 0
    while at < len(words):
        for name in index.get(words[at], ()):
            end = at + len(name)
            if words.startswith(name, at) and not (_runs_on(words, at) or _runs_on(words, end)):
                yield Personal.NAME, name, _masked(name)
                at = end - 1
                break
        at += 1


def _spaced(words: str, index: Mapping[str, Sequence[str]]) -> Iterator[tuple[Personal, str, str]]:
    """Find names with spaces between their characters; not Latin ones, whose words have spaces."""
    kept = [at for at, sign in enumerate(words) if not sign.isspace() or sign == "\n"]
    close = "".join(words[at] for at in kept)
    for first, sign in enumerate(close):
        for name in index.get(sign, ()):
            if name.isascii() or not close.startswith(name, first):
                continue
            places = kept[first : first + len(name)]
            gaps = [after - before - 1 for before, after in pairwise(places)]
            if any(gaps) and max(gaps) <= GAP:
                yield Personal.NAME, name, _masked(name)
                break


def _masked(name: str) -> str:
    return f"{name[0]}*{name[-1] if len(name) > 2 else ''}"


def _is_unseen(sign: str) -> bool:
    """Tell whether a sign has no shape of its own: zero-width, a mark of direction, a selector."""
    return unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f"


def _runs_on(words: str, at: int) -> bool:
    """Tell whether a Latin word goes on across this place."""
    around = words[max(at - 1, 0) : at + 1]
    return len(around) == 2 and around.isascii() and around.isalnum()


def _numbers(words: str) -> Iterator[tuple[Personal, str, str]]:
    plain = words.translate({ord("０") + n: ord("0") + n for n in range(10)})
    for match in _RUN.finditer(plain):
        pieces = _PIECE.findall(match.group())
        first = 0
        while first < len(pieces):
            ends = range(min(len(pieces), first + 21), first, -1)
            for end in ends:
                if found := _number_in(pieces[first:end], is_all=end - first == len(pieces)):
                    yield found
                    first = end
                    break
            else:
                first += 1


def _number_in(pieces: Sequence[str], *, is_all: bool) -> tuple[Personal, str, str] | None:
    """Return which number these pieces are together, as somebody would write it."""
    digits, sizes = "".join(pieces).upper(), tuple(map(len, pieces))
    is_one = is_all or len(pieces) <= 5 or set(sizes) == {1}
    if is_one and is_id_number(digits):
        return Personal.ID_NUMBER, digits, f"{digits[:3]}***{digits[-2:]}"
    own = sizes[1:] if pieces[0] == "86" else sizes
    if (is_all or own in _LAYOUTS or set(own) == {1}) and _MOBILE.fullmatch(digits):
        return Personal.MOBILE, digits[-11:], f"{digits[-11:-8]}****{digits[-4:]}"
    if is_one and is_bank_card(digits):
        return Personal.BANK_CARD, digits, f"{digits[:4]}***{digits[-2:]}"
    return None
