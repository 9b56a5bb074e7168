"""The result of a vote on paper: the words of its kind, its rule and its meeting, rounds, money."""

from collections.abc import Callable

from babel.dates import format_date

from portal.core.pdf.blocks import Block, Table, Text
from portal.disclosure.contents import Asked, Inequality, VoteResult
from portal.disclosure.figures import grouped, moment_words, percent, ten_thousands

Gettext = Callable[[str], str]
Facts = list[tuple[str, str]]

HALF = Asked(numerator=1, denominator=2, is_inclusive=False, is_of_all=False)
TWO_THIRDS = Asked(numerator=2, denominator=3, is_inclusive=True, is_of_all=False)
"""What documents that do not say it were held by."""


def asked_words(content: VoteResult, _: Gettext) -> str:
    """Say how a paper was filled in."""
    return {
        "single": _("One choice"),
        "approval": _("Ticks for as many as one wanted"),
        "ranked": _("Choices put in order"),
        "score": _("Points for each choice"),
        "budget": _("Projects within a budget"),
    }.get(
        content.kind,
        _("Ticks for as many as one wanted")
        if _is_old_choice(content)
        else _("Yes, no or abstain"),
    )


def _is_old_choice(content: VoteResult) -> bool:
    return content.is_choice_of_projects and not content.kind


def manner_words(content: VoteResult, _: Gettext) -> str:
    """Say who had a vote, and whether it was known whose it is."""
    if content.votes_by == "household":
        if content.secrecy == "open":
            return _("By household, one vote each; open, under the voter's name")
        return _("By household, one vote each; in secret")
    if content.secrecy == "open":
        return _("By person, one vote each; open, under the voter's name")
    return _("By person, one vote each; in secret")


def sitting_rows(content: VoteResult, _: Gettext, language: str) -> Facts:
    """Return what is to be told of the meeting: which, where, when, called when, who was there."""
    sitting = content.sitting
    if sitting is None:
        return []
    kinds = {
        "village-meeting": _("The villagers' meeting"),
        "representatives": _("The meeting of the villagers' representatives"),
        "group-meeting": _("Meeting of a villager group"),
        "organisation": _("The members' meeting of the collective economic organisation"),
    }
    there = _("%(site)s on site, %(online)s online, %(sheet)s by a signed sheet") % {
        "site": grouped(sitting.on_site),
        "online": grouped(sitting.online),
        "sheet": grouped(sitting.by_sheet),
    }
    return [
        (_("Meeting"), f"{kinds.get(sitting.kind, sitting.kind)}: {sitting.title}"),
        (
            _("Place and hour"),
            f"{sitting.place}, {moment_words(sitting.held_at, language, is_end=False)}",
        ),
        (_("Called on"), format_date(sitting.convened_on, "long", locale=language)),
        (_("Who was there"), there),
    ]


def share_words(asked: Asked, _: Gettext) -> str:
    """Say a share: more than half, at least two thirds."""
    known = {
        (1, 2, False): _("more than half"),
        (1, 2, True): _("at least half"),
        (2, 3, True): _("at least two thirds"),
        (2, 3, False): _("more than two thirds"),
    }
    words = known.get((asked.numerator, asked.denominator, asked.is_inclusive))
    if words:
        return words
    words = (
        _("at least %(part)s of %(whole)s")
        if asked.is_inclusive
        else _("more than %(part)s of %(whole)s")
    )
    return words % {"part": asked.numerator, "whole": asked.denominator}


def quorum_words(content: VoteResult, _: Gettext) -> str:
    """Return the inequalities of the attendance, each with its numbers."""
    lines = []
    if content.quorum_by_persons:
        words = _("Of the electors %(share)s must take part: %(line)s, %(met)s.")
        lines.append(_line(words, content.quorum_asked or HALF, content.quorum_by_persons, _))
    if content.quorum_by_households:
        words = _("Of the households %(share)s must take part: %(line)s, %(met)s.")
        asked = content.household_quorum_asked or TWO_THIRDS
        lines.append(_line(words, asked, content.quorum_by_households, _))
    if len(lines) == 2:
        lines.append(_("One of the two is enough."))
    return "\n".join(lines)


def majority_words(content: VoteResult, _: Gettext) -> str:
    """Return the inequality of the decision with its numbers."""
    if content.majority is None:
        return ""
    asked = content.majority_asked or HALF
    if asked.is_of_all:
        words = _(
            "Of all who may vote %(share)s must agree, absent ones counted: %(line)s, %(met)s."
        )
    else:
        words = _(
            "Of those who took part %(share)s must agree: %(line)s, %(met)s."
            " Abstentions and invalid votes count among those who took part."
        )
    return _line(words, asked, content.majority, _)


def _line(words: str, asked: Asked, found: Inequality, _: Gettext) -> str:
    met = _("met") if found.met else _("not met")
    return words % {"share": share_words(asked, _), "line": found.text, "met": met}


def heard_words(content: VoteResult, _: Gettext) -> str:
    """Say what came of a run-off, or of giving the money out."""
    if not content.cast:
        return _("Nobody voted.")
    winners = [line for line in content.rounds if line.is_winner]
    if len(winners) == 1:
        words = _("In the run-off the most wanted is: %(name)s")
        return words % {"name": winners[0].words}
    if winners:
        words = _("The run-off ends with equals, so another vote must decide between: %(names)s")
        return words % {"names": " · ".join(line.words for line in winners)}
    words = _("%(n)s projects fit into the money if the most wanted come first.")
    return words % {"n": len(content.funding[0].funded)}


def rounds_of(content: VoteResult, _: Gettext) -> list[Block]:
    """Return the rounds of the run-off as a table, and the order of the pairs."""
    if not content.rounds:
        return []
    number = len(content.rounds[0].votes)
    head = (_("The run-off"), *(_("Round %(n)s") % {"n": n} for n in range(1, number + 1)))
    rows = tuple(
        (line.words, *("—" if votes is None else grouped(votes) for votes in line.votes))
        for line in content.rounds
    )
    order = _("Each against each (Condorcet), in order: %(order)s") % {
        "order": " › ".join(content.order)
    }
    numeric = frozenset(range(1, number + 1))
    return [Table(head, rows, (4.0, *(1.4,) * number), numeric), Text(order)]


def funding_of(content: VoteResult, _: Gettext) -> list[Block]:
    """Return the ways of giving the money out side by side, with who is represented by each."""
    if not content.funding:
        return []
    ways = {
        "greedy": _("Most wanted first"),
        "stop-when-exhaustive": _("Equal shares, raised until nothing more fits"),
        "until-overspend": _("Equal shares, raised to the last yuan"),
    }
    head = (
        _("Way of giving the money out"),
        _("Funded"),
        _("Spent (10,000 yuan)"),
        _("Have one of theirs"),
    )
    rows = tuple(
        (
            ways.get(one.way, one.way),
            "、".join(one.funded) or "—",
            ten_thousands(one.spent),
            f"{grouped(one.with_any)} ({percent(one.with_any, one.voters)})",
        )
        for one in content.funding
    )
    rule = _(
        "There are %(budget)s (10,000 yuan). Equal votes: the earlier one on the paper comes first."
        " Equal shares: each voter has the same part; equal ones by more supporters, then the lower"
        " price, then the order on the paper."
    )
    return [
        Table(head, rows, (2.4, 4.6, 1.7, 2.0), frozenset({2, 3})),
        Text(rule % {"budget": ten_thousands(content.budget_yuan)}, soft=True),
    ]
