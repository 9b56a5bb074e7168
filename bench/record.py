"""How fast a long public record is: its pages, its proofs, and all of it recomputed.

`python -m bench.record [--lines 10000]`: a record of so many lines, signed along the way, then the
median of the pages that an ordinary reader opens and of what a proof costs.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from portal.app import create_app
from portal.config import Settings
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import service as people
from portal.transparency import checking, checkpoints, logs, proofs, rules, service
from portal.transparency.models import RecordEntry
from portal.transparency.rules import Entry

CODE = "330523102201"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
SIGNED_EACH = 250
ROUNDS = 15


def fill(village_id: int, count: int) -> None:
    """Write lines as `service.append` makes them, and sign along the way."""
    previous, rows = rules.FIRST_PREVIOUS, []
    for number in range(1, count + 1):
        facts = Entry(
            village_code=CODE,
            number=number,
            kind="bench",
            subject=f"〔2026〕村规公示 {number}号 村级财务收支",
            content_sha256=f"{number:064x}",
            file_sha256=f"{number:064x}",
            previous_sha256=previous,
            created_at=NOW + timedelta(minutes=number),
        )
        previous = rules.leaf_of(facts)
        known = {name: value for name, value in vars(facts).items() if name != "village_code"}
        rows.append(known | {"leaf_sha256": previous, "village_id": village_id})
        if number % SIGNED_EACH == 0 or number == count:
            with transaction():
                db.session.execute(insert(RecordEntry), rows)
                checkpoints.make(logs.RECORD, now=facts.created_at)
            rows = []


def median(work: Callable[[], object]) -> float:
    """Return the median of some rounds, in milliseconds."""
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000)
    lines = parser.parse_args().lines
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'portal.db'}"
        app = create_app(Settings(database_url=url, jobs_path=Path(folder) / "jobs.db"))
        with app.app_context():
            db.create_all()
            with transaction():
                village = people.add_village(code=CODE, name="青溪村")
            with village_scope(village.id):
                fill(village.id, lines)
                newest = checkpoints.latest(logs.RECORD)
                assert newest is not None
                middle = lines // 3
                known: dict[str, Callable[[], object]] = {
                    "proof that a line is in it": lambda: proofs.find_inclusion(middle, newest),
                    "proof that it was continued": lambda: proofs.find_consistency(
                        checkpoints.get(logs.RECORD, SIGNED_EACH), newest
                    ),
                    "flask verify: the chain": service.why_broken,
                    "flask verify: the tree and all that was signed": checking.why_broken,
                }
                figures = {name: median(work) for name, work in known.items()}
        client = app.test_client()
        pages = {
            "the record's page": "/record/",
            "a line's page": f"/record/{middle}",
            "a line with its proof, for machines": f"/record/{middle}.json",
            "what was signed": "/record/signed/",
            "a slip compared": f"/record/compare?size={newest.size}&root={newest.root}",
        }
        for name, path in pages.items():
            figures[name] = median(lambda path=path: client.get(f"/v/{CODE}{path}").get_data())
    for name, milliseconds in figures.items():
        print(f"{name:<50} {milliseconds:8.1f} ms")


if __name__ == "__main__":
    main()
