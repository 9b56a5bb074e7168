"""The command `flask count-votes`: how each method counts a file, with nothing imported."""

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.ballots import pb, preflib
from portal.ballots.fault_words import words_of
from portal.ballots.papers import Paper
from portal.ballots.pbfile import Fault
from portal.ballots.tallies.equal_shares import Completion, share_equally
from portal.ballots.tallies.greedy import fund_most_wanted
from portal.ballots.tallies.pairwise import compare_all
from portal.ballots.tallies.representing import represent
from portal.ballots.tallies.runoff import run_off
from portal.ballots.tallies.scores import Sums, add_up
from portal.core.look import LANGUAGES


@click.command("count-votes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def count_votes(file: Path) -> None:
    """Count a file of votes (.pb, .soc, .soi, .toc, .toi, .cat) by every method that fits it."""
    try:
        lines = list(_lines(file.name, file.read_bytes()))
    except Fault as fault:
        for language in LANGUAGES:
            with force_locale(language):
                click.echo(words_of(fault, file.name), err=True)
        sys.exit(1)
    click.echo("\n".join(lines))


def _lines(name: str, content: bytes) -> Iterator[str]:
    if name.lower().removesuffix(".gz").endswith(".pb"):
        election = pb.read(name, content)
        names = [project.name for project in election.projects.values()]
        yield from _sum_lines(election.scores, names)
        if election.vote_type is pb.VoteType.ORDINAL:
            yield from _order_lines(election.papers, names, has_ties=False)
        yield from _money_lines(election, names)
        return
    found = preflib.read(name, content)
    names = list(found.names.values())
    if found.form == "cat":
        yield from _sum_lines(add_up(found.papers, len(names)), names)
    else:
        yield from _order_lines(found.papers, names, has_ties=found.has_ties)


def _sum_lines(sums: Sums, names: Sequence[str]) -> Iterator[str]:
    yield _("%(n)s valid papers", n=sums.valid)
    for group in sums.order:
        for option in group:
            yield f"{sums.sums[option]:>10}  {names[option]}"


def _order_lines(papers: Counter[Paper], names: Sequence[str], *, has_ties: bool) -> Iterator[str]:
    pairs = compare_all(papers, len(names))
    tiers = " > ".join(" = ".join(names[i] for i in tier) for tier in pairs.tiers)
    yield _("Each against each: %(order)s", order=tiers)
    if pairs.circle:
        yield _("They beat each other in a circle: %(names)s", names=_named(pairs.circle, names))
    if has_ties:
        yield _("No run-off: some papers put two choices on one place.")
        return
    found = run_off(papers, len(names))
    if found.winner is not None:
        yield _("Run-off: %(name)s wins.", name=names[found.winner])
    else:
        yield _("Run-off: a tie of %(names)s", names=_named(found.winners, names))


def _money_lines(election: pb.Election, names: Sequence[str]) -> Iterator[str]:
    """Put the two ways of giving money out side by side, with who is represented by each."""
    if not election.budget:
        return
    papers, costs = election.papers, election.costs
    greedy = fund_most_wanted(
        election.scores.sums,
        costs,
        election.budget,
        min_votes=election.min_votes,
        is_skipping=election.is_skipping,
    )
    shares = share_equally(papers, costs, election.budget)
    for title, funded in (
        (_("By votes, as far as the money lasts"), greedy.funded),
        (
            _("Equal shares, until nothing more fits"),
            shares[Completion.STOP_WHEN_EXHAUSTIVE].funded,
        ),
        (_("Equal shares, until it would cost more"), shares[Completion.UNTIL_OVERSPEND].funded),
    ):
        shown = represent(papers, costs, funded)
        yield _(
            "%(title)s: %(n)s projects, %(spent)s of %(budget)s; %(voters)s of %(all)s voters have"
            " at least one of theirs",
            title=title,
            n=len(funded),
            spent=shown.spent,
            budget=election.budget,
            voters=shown.with_any,
            all=shown.voters,
        )
        yield f"    {_named(sorted(funded), names)}"


def _named(options: Collection[int], names: Sequence[str]) -> str:
    return "; ".join(names[option] for option in options)
