"""How words are made alike before they are searched: width, case, traditional signs, pairs."""

import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC

SHORTEST = 2
MOST_TERMS = 4


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")  # its dictionary is read once, when the first sign is folded


@lru_cache(maxsize=8192)
def _simple(sign: str) -> str:
    """Return a sign in its simplified form; one by one, so that text and query fold alike."""
    return sign if sign.isascii() else str(_simplifier().convert(sign))


def runs(text: str) -> list[str]:
    """Return the runs of letters, signs and digits of a text, folded; what parts them is gone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(_simple(c) if c.isalnum() else " " for c in folded).split()


def pairs(text: str) -> list[str]:
    """Return every two neighbouring signs of a text once, in order."""
    found = (run[i : i + 2] for run in runs(text) for i in range(len(run) - 1))
    return list(dict.fromkeys(found))


def terms(query: str) -> list[str]:
    """Return what a query looks for: its runs that are long enough, a few of them."""
    return [run for run in runs(query) if len(run) >= SHORTEST][:MOST_TERMS]


def has_all(text: str, wanted: list[str]) -> bool:
    """Tell whether every term stands in a text; pairs alone could come from different places."""
    found = runs(text)
    return all(any(term in run for run in found) for term in wanted)


def cut(text: str, wanted: list[str], *, around: int = 30) -> tuple[str, str, str]:
    """Return what stands before a find, the find, and what stands after it; shortened."""
    flat = " ".join(text.split())
    signs = [
        "".join(_simple(c) for c in unicodedata.normalize("NFKC", sign).casefold()) for sign in flat
    ]
    for start in range(len(signs)):
        for term in wanted:
            end, said = start, ""
            while end < len(signs) and len(said) < len(term):
                said += signs[end]
                end += 1
            if said == term:
                head, tail = max(0, start - around), end + around
                before = ("…" if head else "") + flat[head:start]
                return before, flat[start:end], flat[end:tail] + ("…" if tail < len(flat) else "")
    return flat[: 2 * around], "", ""
