"""Which opinions say the like: pairs of letters they share. Pure, and only ever a suggestion."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

LEAST = 0.45
"""From this share of common pairs on, two opinions are put before the committee together."""
MOST_LETTERS = 400
"""So much of a long opinion is compared."""


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of letters that follow each other; width, case and signs do not count."""
    plain = unicodedata.normalize("NFKC", text[: 2 * MOST_LETTERS]).casefold()
    letters = "".join(c for c in plain if unicodedata.category(c)[0] in "LN")[:MOST_LETTERS]
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1)) or frozenset({letters})


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of pairs that two texts have in common (Jaccard), from 0 to 1."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def alike(texts: Mapping[int, str], *, least: float = LEAST) -> list[list[int]]:
    """Return the bundles of texts that are chained by likeness, the largest bundle first."""
    pairs = {key: pairs_of(text) for key, text in texts.items()}
    holders: defaultdict[str, list[int]] = defaultdict(list)
    bundle = {key: key for key in texts}

    def head(key: int) -> int:
        while bundle[key] != key:
            bundle[key] = bundle[bundle[key]]
            key = bundle[key]
        return key

    for key, own in pairs.items():
        common = Counter(other for pair in own for other in holders[pair])
        for other, both in common.items():
            if both >= least * (len(own) + len(pairs[other]) - both):
                bundle[head(key)] = head(other)
        for pair in own:
            holders[pair].append(key)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for key in texts:
        found[head(key)].append(key)
    return sorted((sorted(keys) for keys in found.values() if len(keys) > 1), key=_order)


def _order(keys: Sequence[int]) -> tuple[int, int]:
    return -len(keys), keys[0]
