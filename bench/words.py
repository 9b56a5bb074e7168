"""Measure the word lists on comments that people sorted (COLD): found, and found by mistake.

python -m bench.words, with the real data where `PORTAL_TEST_DATA` says (default `../shared/data`)

Printed for each list, for all of them, and for the whole first status that `screening.screen`
gives: what share of the offensive comments is held back or flagged, and of the harmless ones.
"""

import csv
import gzip
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portal.app import create_app
from portal.config import Settings
from portal.core import clock
from portal.core.db import db
from portal.core.scope import village_scope
from portal.moderation import built_in, screening
from portal.moderation.built_in import Measured
from portal.moderation.matching import Matcher, letters_of
from portal.people.models import Region
from portal.people.rules import Level


def comments(file: Path) -> Iterator[tuple[bool, str]]:
    """Yield each comment with whether it was called offensive."""
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            yield row["label"] == "1", row["TEXT"]


def measure(file: Path) -> dict[str, Measured]:
    """Return what each list finds, and all of them together as "all"."""
    matchers = {ours.key: Matcher((ours.key, w) for w in ours.words()) for ours in built_in.LISTS}
    counts = {name: [0, 0, 0, 0] for name in (*matchers, "all")}
    for is_offensive, text in comments(file):
        letters = letters_of(text)
        hits = {name: bool(matcher.find(letters)) for name, matcher in matchers.items()}
        hits["all"] = any(hits.values())
        for name, hit in hits.items():
            counts[name][0 if is_offensive else 2] += hit
            counts[name][1 if is_offensive else 3] += 1
    return {name: Measured(*count) for name, count in counts.items()}


def first_statuses(file: Path) -> dict[str, list[int]]:
    """Return how many offensive and harmless comments were held, flagged and plainly shown."""
    counts = {"held": [0, 0], "flagged": [0, 0], "shown": [0, 0]}
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/words.db"
        app = create_app(Settings(database_url=url, secret_key=folder))
        with app.app_context(), app.test_request_context():
            db.create_all()
            village = Region(code="330523102201", name="样村村委会", level=Level.VILLAGE)
            db.session.add(village)
            db.session.commit()
            with village_scope(village.id):
                for is_offensive, text in comments(file):
                    screened = screening.screen(
                        text,
                        kind="",
                        place="plan:1",
                        resident_id=1,
                        is_staff=False,
                        now=clock.now(),
                    )
                    status = (
                        "held" if screened.held_for else "flagged" if screened.flags else "shown"
                    )
                    counts[status][not is_offensive] += 1
            db.session.remove()
            db.engine.dispose()
    return counts


def main() -> None:
    """Print the rates."""
    folder = Path(os.environ.get("PORTAL_TEST_DATA", "../shared/data"))
    file = folder / "moderation" / "COLD_dev.csv.gz"
    if not file.exists():
        print(f"no comments to measure with here ({file})")
        return
    for name, m in measure(file).items():
        print(
            f"{name:10} offensive {m.found:5} of {m.offensive} ({m.found / m.offensive:6.2%})"
            f"   harmless {m.wrong:4} of {m.harmless} ({m.wrong / m.harmless:6.2%})"
        )
    for status, (offensive, harmless) in first_statuses(file).items():
        print(f"{status:10} offensive {offensive:5}   harmless {harmless:4}")


if __name__ == "__main__":
    main()
