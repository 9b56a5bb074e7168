"""What strangers' photos and recordings cost: ``python -m bench.media``.

Every file of the corpus (`tests.media.corpus`: bombs, cut off, wicked, odd) goes to its worker;
told are what became of them, and the worst: megabytes at the height, seconds of the processor and
by the clock, and the answer to each with ``--all``.
"""

import argparse
import platform
import subprocess
import time

from portal.core.errors import Refused
from portal.media import making
from tests.media.corpus import PICTURES, RECORDINGS
from tests.media.spending import spent_on

AIMS = {"MB": 300, "s of processor": 3}


def answer(data: bytes) -> str:
    """Return why a file is refused, or what was made of it."""
    try:
        made = making.make(data)
    except Refused as refused:
        return str(refused)
    what = f"{made.width} x {made.height}" if made.width else f"{made.seconds} s"
    return f"taken: {what}, {len(made.data) / 1000:.0f} kB"


def main() -> None:
    """Send every file of the corpus, and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.media", description=__doc__)
    parser.add_argument("--all", action="store_true")
    given = parser.parse_args()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    print(f"{commit} · {platform.python_implementation()} {platform.python_version()}")
    for title, corpus in (("photos", PICTURES), ("recordings", RECORDINGS)):
        rows = []
        for name, (make, _refusal) in corpus.items():
            data = make()
            begun = time.perf_counter()
            said = answer(data)
            waited = time.perf_counter() - begun
            rows.append((name, len(data), *spent_on(data), waited, said))
            if given.all:
                print(f"  {name}: {len(data) / 1000:.0f} kB, {said}, {waited:.2f} s")
        taken = sum(row[-1].startswith("taken") for row in rows)
        print(f"{title}: {len(rows)} files, {taken} taken, {len(rows) - taken} refused in words")
        for place, what in ((2, "MB"), (3, "s of processor"), (4, "s by the clock")):
            worst = max(rows, key=lambda row, at=place: row[at])
            aim = f" (aim < {AIMS[what]})" if what in AIMS else ""
            print(f"  at most {worst[place]:.2f} {what}{aim}: {worst[0]}")


if __name__ == "__main__":
    main()
