"""`flask verify`: recompute every village's record, its tree, and every file behind it."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from portal.core.scope import village_scope
from portal.people import service as people
from portal.transparency import checking, rules, service
from portal.transparency.checking import Statement
from portal.transparency.words import FAULTS, TREE_FAULTS

ALL = 1_000_000


@click.command("verify")
@click.option(
    "--kept",
    type=click.File(encoding="utf-8"),
    help="Checkpoints that somebody kept: the JSON of the page of checkpoints, of an earlier day.",
)
@with_appcontext
def verify(kept: IO[str] | None) -> None:
    """Check the public record of every village; end with 1 if anything was changed."""
    statements = _read(kept)
    broken = 0
    with force_locale("en"):
        for village in people.list_villages(limit=ALL):
            with village_scope(village.id):
                faults = list(_faults(statements.pop(village.code, [])))
                count = service.count_entries()
            if not faults:
                click.echo(f"ok      {village.code} {village.name}: {count} entries")
                continue
            broken += 1
            for fault in faults:
                click.echo(f"BROKEN  {village.code} {village.name}: {fault}")
    for code in statements:
        broken += 1
        click.echo(f"BROKEN  {code}: this village is not here, and checkpoints of it were kept.")
    if broken:
        click.echo(f"{broken} records do not hold.", err=True)
        sys.exit(1)


def _faults(statements: list[Statement]) -> Iterator[str]:
    """Say each thing that is wrong in this village, one sentence for each."""
    chain = service.why_broken()
    for fault in ([chain] if chain else []) + service.files_broken():
        yield f"no. {fault.number} {fault.fault}: {FAULTS[fault.fault]}"
    for broken in checking.why_broken():
        yield f"{broken.log} at {broken.size} {broken.fault}: {TREE_FAULTS[broken.fault]}"
    for said in statements:
        if why := checking.why_not(said):
            yield f"kept checkpoint, {said.log} at {said.size} {why}: {TREE_FAULTS[why]}"


def _read(kept: IO[str] | None) -> dict[str, list[Statement]]:
    """Return the checkpoints that somebody kept, by the code of their village."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for one in json.load(kept)["checkpoints"] if kept else ():
        origin, log, size, root = rules.read_checkpoint(one["text"])
        found[Path(origin).parent.name].append(Statement(log, size, root))
    return found
