"""Ways of giving the money out, side by side: what each funds, and who is represented by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.ballots.counting import Result
from portal.ballots.marks import money
from portal.ballots.result_words import mean
from portal.ballots.tallies.equal_shares import Completion
from portal.ballots.tallies.greedy import Verdict

GREEDY = "greedy"


@dataclass(frozen=True)
class Outcome:
    """One way: its name and rule, the funded projects with their prices, the money, the people.

    `edge` says which projects' fate hung on the order among equals.
    """

    name: str
    rule: tuple[str, ...]
    funded: tuple[tuple[str, str], ...]
    spent: int
    budget: int
    money_line: str
    with_any: int
    voters: int
    people_line: str
    mean_line: str
    edge: str


@dataclass(frozen=True)
class Project:
    """One project in all ways: its votes, its price, funded or why not."""

    words: str
    votes: int
    price: str
    ways: tuple[bool, ...]
    why: str


@dataclass(frozen=True)
class Spending:
    """The ways side by side, project by project, and who has more under which."""

    outcomes: tuple[Outcome, ...]
    projects: tuple[Project, ...]
    compared: tuple[str, ...]


def spending_of(result: Result, names: Sequence[str]) -> Spending:
    """Return the ways; two completions that fund the same are shown as one."""
    detail = result.detail
    ways = [GREEDY, *_different(detail.get("shares", {}))]
    both = len(detail.get("shares", {})) > len(ways) - 1
    found = {way: detail[GREEDY] if way == GREEDY else detail["shares"][way] for way in ways}
    costs = [tally.cost_yuan or 0 for tally in result.tallies]
    verdicts = {turn["option"]: Verdict(turn["verdict"]) for turn in detail[GREEDY]["turns"]}
    order = sorted(range(len(names)), key=lambda o: (-result.tallies[o].count, o))
    return Spending(
        tuple(_outcome(way, found[way], detail, names, costs, both=both) for way in ways),
        tuple(
            Project(
                names[option],
                result.tallies[option].count,
                money(costs[option]),
                tuple(option in one["funded"] for one in found.values()),
                _why(verdicts[option]),
            )
            for option in order
        ),
        tuple(_compared(way, detail, both=both) for way in ways if way != GREEDY),
    )


def _different(shares: dict[str, Any]) -> list[str]:
    """Return the completions, the second one only if it funds something else."""
    ways: list[str] = [way.value for way in Completion if way.value in shares]
    funded = [sorted(shares[way]["funded"]) for way in ways]
    return ways[:1] if len(ways) == 2 and funded[0] == funded[1] else ways


def _outcome(
    way: str,
    one: dict[str, Any],
    detail: dict[str, Any],
    names: Sequence[str],
    costs: Sequence[int],
    *,
    both: bool,
) -> Outcome:
    there = detail["represented"][way]
    number = sum(k * n for k, n in enumerate(there["by_number"]))
    funded = sorted(one["funded"]) if way != GREEDY else one["funded"]
    share = f"{100 * there['with_any'] / there['voters'] if there['voters'] else 0:.1f}"
    return Outcome(
        name_of_way(way, both=both),
        tuple(_greedy_rule(one) if way == GREEDY else _shares_rule(way, one, names, both)),
        tuple((names[option], money(costs[option])) for option in funded),
        one["spent"],
        one["budget"],
        _("%(spent)s of %(budget)s", spent=money(one["spent"]), budget=money(one["budget"])),
        there["with_any"],
        there["voters"],
        _("%(n)s of %(all)s (%(share)s%%)", n=there["with_any"], all=there["voters"], share=share),
        _("Of the projects each chose, %(mean)s are funded on average.")
        % {"mean": mean(number, there["voters"])},
        _edge(one, names) if way == GREEDY else "",
    )


def name_of_way(way: str, *, both: bool) -> str:
    """Return what a way of giving the money out is called."""
    if way == GREEDY:
        return _("Most wanted first")
    if both:
        return _("Equal shares")
    if way == Completion.UNTIL_OVERSPEND:
        return _("Equal shares, raised to the last yuan")
    return _("Equal shares, raised until nothing more fits")


def _greedy_rule(greedy: dict[str, Any]) -> list[str]:
    lines = [_("The project with the most votes comes first, then the next, as the money lasts.")]
    if greedy["is_skipping"]:
        lines.append(_("One that no longer fits is skipped."))
    else:
        lines.append(_("With the first one that no longer fits, it stops."))
    if greedy["min_votes"] > 1:
        lines.append(_("A project needs at least %(n)s votes.", n=greedy["min_votes"]))
    lines.append(_("Equal votes: the earlier one on the paper comes first."))
    return lines


def _edge(greedy: dict[str, Any], names: Sequence[str]) -> str:
    edge = greedy.get("edge", ())  # a vote that was counted before this was told has none
    if not edge:
        return ""
    found = " · ".join(names[option] for option in edge)
    return _("Equal votes, and only the order on the paper decided between: %(names)s", names=found)


def _shares_rule(way: str, shares: dict[str, Any], names: Sequence[str], both: bool) -> list[str]:
    first, whole = shares["voter_budget"]
    lines = [
        _("Everybody gets the same part of the money for their own projects."),
        _("Bought is always what asks the smallest part of its price of each of its supporters."),
    ]
    part = money(first // whole)
    if shares["raises"]:
        raised = _("So that little is left over, the part was raised to %(part)s for each.")
        lines.append(raised % {"part": part})
    else:
        lines.append(_("The part of each is %(part)s.", part=part))
    if both:
        lines.append(_("Both ways of using what is left over fund the same."))
    elif way == Completion.UNTIL_OVERSPEND:
        lines.append(_("It is the last part before more would be spent than there is."))
    else:
        lines.append(_("It is the first part with which nothing more fits."))
    lines.append(
        _("Equal ones: more supporters first, then the lower price, then the order on the paper.")
    )
    tied = [names[p["option"]] for p in shares["purchases"] if p["tied"]]
    if tied:
        lines.append(_("This order was needed for: %(names)s", names=" · ".join(tied)))
    return lines


def _why(verdict: Verdict) -> str:
    return {
        Verdict.FUNDED: _("funded"),
        Verdict.TOO_FEW_VOTES: _("too few votes"),
        Verdict.NO_MONEY_LEFT: _("no money left"),
        Verdict.AFTER_THE_STOP: _("after the stop"),
    }[verdict]


def _compared(way: str, detail: dict[str, Any], *, both: bool) -> str:
    one = detail["compared"][way]
    if not one["better_first"] and not one["better_second"]:
        return _("For everybody both rules come to the same.")
    return _(
        "%(first)s people have more money in their projects if the most wanted come first,"
        " %(second)s by “%(way)s”; for %(same)s it is the same.",
        first=one["better_first"],
        second=one["better_second"],
        same=one["same"],
        way=name_of_way(way, both=both),
    )
