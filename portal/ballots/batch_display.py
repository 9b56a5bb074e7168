"""The papers of a sheet on its page: the lines to fill in, and what stood on them read back."""

from flask import request

from portal.ballots.models import Ballot, BallotOption
from portal.ballots.words import ANSWERS


def sum_rows(ballot: Ballot, options: list[BallotOption]) -> list[tuple[int, str, str]]:
    """Return each option with its number, its words, and the sum that was written beside it."""
    return [
        (
            option.position,
            str(ANSWERS[option.answer]) if option.answer else option.words,
            request.form.get(f"sum-{option.position}", ""),
        )
        for option in options
    ]


def paper_words(ballot: Ballot, options: list[BallotOption], values: list[int]) -> str:
    """Read a paper back: its choices, ranked ones in their order, points with each."""
    marked = [(value, option) for value, option in zip(values, options, strict=True) if value]
    if ballot.kind == "ranked":
        marked.sort(key=lambda pair: pair[0])
    names = [
        (value, str(ANSWERS[option.answer]) if option.answer else option.words)
        for value, option in marked
    ]
    joint = " → " if ballot.kind == "ranked" else " · "
    return joint.join(
        f"{name} {value}" if ballot.kind == "score" else name for value, name in names
    )
