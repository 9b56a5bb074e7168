"""Read the roster of a whole county, without a database: ``python -m bench.reading``.

The made-up county of `bench.county` is read from CSV and XLSX, each in a process of its own. Told
are rows a second, the memory that the reader takes, and that of the process that opens a workbook.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.county import write_file
from portal.core import clock
from portal.core.open_sheets import COUNTY
from portal.roster.reading import RosterFile


def read(path: Path) -> str:
    """Read a roster to its end and say what it took."""
    begun, used = time.perf_counter(), time.process_time()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with path.open("rb") as source:
        file = RosterFile(path.name, source, day=clock.today(clock.now()), limits=COUNTY)
        count = sum(1 for _ in file)
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    own = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return (
        f"{path.suffix[1:]}: {count} residents, {file.fault_count} faults, {seconds:.1f} s, "
        f"{count / seconds:.0f} rows/s ({count / used:.0f} for each second of processor), "
        f"{own} MB more than before, {others} MB in the process that opens workbooks"
    )


def main() -> None:
    """Make the county and read it twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=450_000)
    parser.add_argument("--villages", type=int, default=300)
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.file:
        print(read(given.file))
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("county.csv", "county.xlsx"):
            path = Path(folder, name)
            write_file(path, residents=given.residents, villages=given.villages, seed=1)
            command = [sys.executable, "-m", "bench.reading", "--file", str(path)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
