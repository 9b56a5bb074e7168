"""Commands of the roster: flask roster import-county."""

import hashlib
import sys
import time
from pathlib import Path
from typing import Any

import click

from portal.core import clock
from portal.core.db import transaction
from portal.core.open_sheets import COUNTY
from portal.roster.county import County, CountyFault
from portal.roster.labels import REFUSALS
from portal.roster.reading import RosterFile
from portal.roster.rules import Refusal
from portal.roster.words import explain

TROUBLES = {
    CountyFault.NO_VILLAGE: "no village code; add the column 村代码",
    CountyFault.UNKNOWN_VILLAGE: "there is no village with this code; add it first",
    CountyFault.SCATTERED: "the rows of this village must stand together; sort by 村代码",
    Refusal.ELECTORATE_IN_USE: "a ballot is under way; hand it in on the village's own page",
}
STEPS = 1000
PAUSE = 0.2


class Undone(Exception):
    """Ends the transaction without keeping anything."""


@click.group("roster")
def roster() -> None:
    """Rosters of residents."""


@roster.command("import-county")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option(
    "--whole",
    is_flag=True,
    help="Each village's part is its whole roster: whoever is missing there has left.",
)
def import_county(path: Path, dry_run: bool, whole: bool) -> None:
    """Import the rosters of many villages from one CSV or XLSX file: all of them, or none.

    The column 村代码 names the village of each row by its 12-digit code; the rows of a village
    stand together. Whatever is wrong is listed by sheet, row and column, and then nothing goes in.
    """
    now = clock.now()
    with path.open("rb") as source:
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        file = RosterFile(path.name, source, day=clock.today(now), limits=COUNTY)
        county = County(file, sha256, now, is_removing=whole, is_dry=dry_run)
        villages = added = changed = removed = 0
        began = time.monotonic()
        try:
            with transaction(), Progress(file, path.stat().st_size) as progress:
                for village in county:
                    villages += 1
                    added += village.added
                    changed += village.changed
                    removed += village.removed
                    progress.show(county.residents)
                if not county.is_good:
                    raise Undone
        except Undone:
            _list_faults(county)
            sys.exit(1)
    seconds = time.monotonic() - began
    click.echo(
        f"{'would be ' if dry_run else ''}added {added}, changed {changed}, left {removed} "
        f"in {villages} villages: {county.residents} residents in {seconds:.1f} s, "
        f"{county.residents / max(seconds, 0.001):.0f} residents/s"
    )


class Progress:
    """A bar with the share that was read, residents a second, and the time that is left."""

    def __init__(self, file: RosterFile, size: int) -> None:
        self.file, self.size = file, size
        self.began = self.shown = time.monotonic()
        self.residents = self.at = 0
        self.bar: Any = click.progressbar(
            length=STEPS, label="residents", file=sys.stderr, item_show_func=lambda _: self.words()
        )

    def __enter__(self) -> "Progress":
        self.bar.__enter__()
        return self

    def __exit__(self, *why: object) -> None:
        if why[0] is None:
            self.show(self.residents, at_end=True)
        self.bar.__exit__(None, None, None)

    def words(self) -> str:
        """Return how many there were, and how many a second."""
        seconds = max(time.monotonic() - self.began, 0.001)
        return f"{self.residents} · {self.residents / seconds:.0f}/s"

    def show(self, residents: int, *, at_end: bool = False) -> None:
        """Move the bar on, some times a second."""
        self.residents = residents
        if time.monotonic() - self.shown < PAUSE and not at_end:
            return
        self.shown = time.monotonic()
        step = STEPS if at_end else int(STEPS * min(self._share(), 1))
        self.bar.update(max(step - self.at, 0), self.words())
        self.at = max(step, self.at)

    def _share(self) -> float:
        if self.file.rows_expected:
            return self.file.rows_read / self.file.rows_expected
        source = self.file.source
        return 0.0 if isinstance(source, bytes) else source.tell() / max(self.size, 1)


def _list_faults(county: County) -> None:
    """Say what is wrong, row by row, on the standard error."""
    for fault in county.file.faults:
        place = f"{fault.sheet}, row {fault.row}, column {fault.column}"
        click.echo(f"{place}: {explain(fault)} {fault.value}".rstrip(), err=True)
    for trouble in county.troubles:
        reason = TROUBLES.get(trouble.reason) or str(REFUSALS[trouble.reason])
        code = trouble.village_code or "–"
        click.echo(f"{trouble.sheet}, row {trouble.row}, village {code}: {reason}", err=True)
    count = county.file.fault_count + county.trouble_count
    click.echo(f"{count} things must be put right. Nothing was imported.", err=True)
