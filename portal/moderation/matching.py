"""Finding the words of lists in a text, however they are spaced, widened or dotted."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import ahocorasick_rs
from opencc import OpenCC

_SENTENCE = frozenset("。，！？；：、,!?;:\n…")
PRIVATE = "private"
"""The key of what is found by rule: identity numbers, which nobody's words need to tell."""
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXxＸｘ](?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EDGE = "\n"
"""Stands where a sentence or a clause ends: no word reaches over it."""


@dataclass(frozen=True)
class Letters:
    """A text as it is compared, and where in the text each letter of it stood."""

    text: str
    places: Sequence[int]


@dataclass(frozen=True)
class Hit:
    """A word of a list, found in a text from `start` up to `end`."""

    list_key: str
    word: str
    start: int
    end: int


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=20_000)
def _plain(sign: str) -> str:
    """Return what a sign is compared as: simplified and small; nothing, if it only decorates."""
    if sign in _SENTENCE:
        return _EDGE
    kept = "".join(
        part
        for part in unicodedata.normalize("NFKC", sign).casefold()
        if unicodedata.category(part)[0] in "LN"
    )
    return str(_simplifier().convert(kept)) if kept else ""


def letters_of(text: str) -> Letters:
    """Return the letters of a text: width, case, script, spaces and what nobody sees left out."""
    found, places = [], []
    for place, sign in enumerate(text):
        for part in _plain(sign):
            found.append(part)
            places.append(place)
    return Letters("".join(found), places)


def key_of(word: str) -> str:
    """Return a word as it is compared."""
    return letters_of(word).text.replace(_EDGE, "")


class Matcher:
    """The words of several lists, looked for all at once."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        """Take pairs of a list's key and a word as `key_of` returns it."""
        self._words = sorted({(key, word) for key, word in words if word})
        self._found = ahocorasick_rs.AhoCorasick([word for _key, word in self._words])

    def find(self, letters: Letters) -> list[Hit]:
        """Return every word of every list, also those that overlap."""
        hits = []
        for number, start, end in self._found.find_matches_as_indexes(
            letters.text, overlapping=True
        ):
            if not _cuts_a_latin_word(letters, start, end):
                key, word = self._words[number]
                hits.append(Hit(key, word, letters.places[start], letters.places[end - 1] + 1))
        return hits


def without_allowed(letters: Letters, hits: Sequence[Hit], names: Collection[str]) -> list[Hit]:
    """Return the hits that do not lie inside one of these names."""
    keys = [key for key in map(key_of, names) if key]
    if not hits or not keys:
        return list(hits)
    finder = ahocorasick_rs.AhoCorasick(keys)
    spans = [
        (letters.places[start], letters.places[end - 1] + 1)
        for _n, start, end in finder.find_matches_as_indexes(letters.text, overlapping=True)
    ]
    return [
        hit
        for hit in hits
        if not any(start <= hit.start and hit.end <= end for start, end in spans)
    ]


def find_id_numbers(text: str) -> list[Hit]:
    """Return the identity numbers in a text whose last sign fits the others (GB 11643)."""
    return [
        Hit(PRIVATE, "", found.start(), found.end())
        for found in _ID_NUMBER.finditer(text)
        if _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, found[0][:17], strict=True)) % 11]
        == unicodedata.normalize("NFKC", found[0][17]).upper()
    ]


def mask(text: str, hits: Iterable[Hit]) -> str:
    """Return the text with a star for each sign of the hits."""
    signs = list(text)
    for hit in hits:
        for place in range(hit.start, hit.end):
            if not signs[place].isspace():
                signs[place] = "＊"
    return "".join(signs)


def _cuts_a_latin_word(letters: Letters, start: int, end: int) -> bool:
    """Tell whether a hit of Latin letters is a part of a longer word, as “sb” is of “isbn”."""
    text, places = letters.text, letters.places
    before = start > 0 and places[start - 1] == places[start] - 1 and _is_latin(text[start - 1])
    after = end < len(text) and places[end] == places[end - 1] + 1 and _is_latin(text[end])
    return (before and _is_latin(text[start])) or (after and _is_latin(text[end - 1]))


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
