"""A ranked result for the page: the rounds of the run-off, the order of the pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _


@dataclass(frozen=True)
class Line:
    """One option in the rounds: its votes in each (None: out already), and how it ended."""

    words: str
    votes: tuple[int | None, ...]
    is_winner: bool


@dataclass(frozen=True)
class Rounds:
    """The table of the run-off. `notes` say where the last place was tied."""

    lines: tuple[Line, ...]
    exhausted: tuple[int, ...]
    notes: tuple[str, ...]
    has_winner: bool


@dataclass(frozen=True)
class Pair:
    """Two options held against each other: how many papers rank which one higher."""

    one: str
    for_one: int
    for_other: int
    other: str


@dataclass(frozen=True)
class Pairs:
    """The order that follows from all pairs; a tier of several has no order in itself."""

    sentence: str
    tiers: tuple[tuple[str, ...], ...]
    pairs: tuple[Pair, ...]


def rounds_of(runoff: dict[str, Any], names: Sequence[str]) -> Rounds:
    """Return the rounds, whoever stayed in longest first."""
    rounds = runoff["rounds"]
    votes = [tuple(r["votes"][option] for r in rounds) for option in range(len(names))]
    order = sorted(range(len(names)), key=lambda o: _stay(votes[o]), reverse=True)
    lines = tuple(Line(names[o], votes[o], o in runoff["winners"]) for o in order)
    notes = []
    for number, one in enumerate(rounds, 1):
        if one["tied"]:
            tied = " · ".join(names[option] for option in one["tied"])
            out = " · ".join(names[option] for option in one["out"])
            notes.append(
                _(
                    "In round %(n)s these share the last place: %(tied)s. Here the later one on the"
                    " paper leaves: %(out)s.",
                    n=number,
                    tied=tied,
                    out=out,
                )
            )
    if notes and runoff["is_every_way_followed"]:
        notes.append(_("Every other way to break these ties was counted too; none by lot."))
    return Rounds(
        lines, tuple(r["exhausted"] for r in rounds), tuple(notes), len(runoff["winners"]) == 1
    )


def _stay(votes: tuple[int | None, ...]) -> tuple[int, int]:
    """Order by the rounds somebody was in, then by the votes of the last of them."""
    known = [n for n in votes if n is not None]
    return len(known), known[-1] if known else 0


def pairs_of(pairwise: dict[str, Any], names: Sequence[str]) -> Pairs:
    """Return the order of the pairs, and all pairs in that order."""
    above, tiers = pairwise["above"], pairwise["tiers"]
    order = [option for tier in tiers for option in tier]
    pairs = tuple(
        Pair(names[one], above[one][other], above[other][one], names[other])
        for place, one in enumerate(order)
        for other in order[place + 1 :]
    )
    if pairwise["winner"] is not None:
        sentence = _("Against each other one alone, more people prefer: %(name)s")
        sentence %= {"name": names[pairwise["winner"]]}
    elif pairwise["circle"]:
        circle = [*pairwise["circle"], pairwise["circle"][0]]
        shown = " › ".join(names[option] for option in circle)
        sentence = _(
            "Nobody wins against all others; these beat each other in a circle: %(circle)s"
        )
        sentence %= {"circle": shown}
    else:
        sentence = _("Nobody wins against all others, because of a tie.")
    return Pairs(sentence, tuple(tuple(names[o] for o in tier) for tier in tiers), pairs)
