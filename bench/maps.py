"""Read a plan of two thousand parcels: ``python -m bench.maps``.

A made-up village (`tests.maps.large`) is put in and on notice, in a temporary SQLite. Each page is
asked for once with nothing kept in memory, then warm; told are seconds of processor and of the
clock, statements, and the bytes of a first visit, packed as they travel. Last, the same map is
drawn by the plain loop of `shapely` and `svg` without limits, to see what the limits cost.
"""

import argparse
import gzip
import platform
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.profiling import watch_statements
from portal.app import create_app
from portal.config import Settings
from portal.core import clock
from portal.core.db import Base, db, transaction
from portal.core.scope import village_scope
from portal.maps import geojson, svg
from portal.maps import service as maps
from portal.people import service as people
from portal.people.models import VillagerGroup
from portal.plans import fragments, grounds, service
from tests.maps.large import files
from tests.plans.conftest import fill, notice

VILLAGE = "331123100200"
ABOVE = ("浙江省", "丽水市", "遂昌县", "王村口镇")
SECRET = "bench"  # noqa: S105 -- of this bench only
AIMS = {"plan": 60_000, "map": 130_000, "ground.svg": 80_000}
ASSET = re.compile(r'(?:href|src)="(/static/[^"#]+\.(?:css|js|svg)[^"#]*)')


def build(count: int, seed: int) -> int:
    """Make the village and its plan; return the version."""
    Base.metadata.create_all(db.engine)
    with transaction():
        village = people.add_village(code=VILLAGE, name="大村", above=ABOVE)
    with village_scope(village.id), transaction():
        db.session.add(VillagerGroup(number=1, name="一组"))
        version = service.create_plan(
            name="大村规划", base_year=2025, target_year=2035, now=clock.now()
        )
        fill(version.id)
        for kind, data in files(count, seed=seed).items():
            reading = geojson.read(data, kind)
            maps.write_layer(version.map_sheet_id, kind, reading.features)
        notice(version.id, now=clock.now())
        return version.id


def forget() -> None:
    """Keep nothing in memory: the next visit is the first after a start."""
    fragments.forget()
    grounds.forget()


def took(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the best seconds of the processor and of the clock."""
    used, waited = [], []
    for _ in range(rounds):
        began, begun = time.process_time(), time.perf_counter()
        work()
        used.append(time.process_time() - began)
        waited.append(time.perf_counter() - begun)
    return min(used), statistics.median(waited)


def weigh(client, address: str, more: tuple[str, ...] = ()) -> tuple[int, int]:
    """Return the bytes of a page with all that it asks for, and how many requests that takes."""
    page = client.get(address)
    asked = (*sorted(set(ASSET.findall(page.text))), *more)
    bodies = [page.data]
    for one in asked:
        with client.get(one.replace("&amp;", "&")) as answer:
            bodies.append(answer.data)
    return sum(len(gzip.compress(body)) for body in bodies), len(bodies)


def main() -> None:
    """Make the village, and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.maps", description=__doc__)
    parser.add_argument("--parcels", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    print(f"{commit} · {platform.python_implementation()} {platform.python_version()}", end=" · ")
    print(f"seed {given.seed} · {given.parcels} parcels · {given.rounds} rounds")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        app = create_app(
            Settings(
                database_url=f"sqlite:///{folder}/portal.db",
                secret_key=SECRET,
                jobs_path=Path(folder, "jobs.db"),
            ),
            TESTING=True,
        )
        with app.app_context():
            number = build(given.parcels, given.seed)
        tell(app.test_client(), f"/v/{VILLAGE}/plans/{number}", given.rounds)
        with app.test_request_context(), village_scope(people.find_place(VILLAGE).id):
            sheet = service.content_of(service.get_version(number)).map
            drawn = svg.draw(sheet)
            used, _ = took(lambda: svg.draw(sheet), given.rounds)
            print(f"all at once (svg.draw): {used:.2f} s, {len(gzip.compress(drawn.encode()))} B")


def tell(client, plan: str, rounds: int) -> None:
    """Print a line for each page: cold, warm, statements, bytes."""
    page = client.get(f"{plan}/map").text
    ground = re.search(r'data-ground="([^"]+)"', page)[1].replace("&amp;", "&")
    inline = re.search(r"<svg [^>]*aria-labelledby=.*?</svg>", client.get(plan).text, re.S)[0]
    print(f"overview inline: {len(gzip.compress(inline.encode()))} B (aim 20,000)")
    for name, address, more in (
        ("plan", plan, ()),
        ("map", f"{plan}/map", (ground,)),
        ("ground.svg", ground, ()),
        ("changes", f"{plan}/changes?group=1", ()),
        ("parcels", f"{plan}/parcels", ()),
        ("a parcel", f"{plan}/parcels/1?part=facts", ()),
    ):

        def visit(address: str = address) -> None:
            assert client.get(address).status_code == 200

        def first(visit: Callable[[], None] = visit) -> None:
            forget()
            visit()

        used, waited = took(first, rounds)
        forget()
        cold = len(watch_statements(visit))
        warm = len(watch_statements(visit))
        kept, _ = took(visit, rounds * 4)
        size, requests = weigh(client, address, more)
        aim = f" (aim {AIMS[name]:,})" if name in AIMS else ""
        print(
            f"{name}: first {used:.2f} s of processor, {waited:.2f} s, {cold} statements; warm "
            f"{kept * 1000:.1f} ms, {warm} statements; {size:,} B{aim} in {requests} requests"
        )


if __name__ == "__main__":
    main()
