"""`flask verify`: recompute every village's record and every file behind it."""

import sys

import click
from flask.cli import with_appcontext

from portal.core.scope import village_scope
from portal.people import service as people
from portal.transparency import service

ALL = 1_000_000


@click.command("verify")
@with_appcontext
def verify() -> None:
    """Check the public record of every village; end with 1 if anything was changed."""
    broken = 0
    for village in people.list_villages(limit=ALL):
        with village_scope(village.id):
            chain = service.why_broken()
            faults = ([chain] if chain else []) + service.files_broken()
            count = service.count_entries()
        if not faults:
            click.echo(f"ok      {village.code} {village.name}: {count} entries")
            continue
        broken += 1
        for fault in faults:
            click.echo(f"BROKEN  {village.code} {village.name}: no. {fault.number} {fault.fault}")
    if broken:
        click.echo(f"{broken} records do not hold.", err=True)
        sys.exit(1)
