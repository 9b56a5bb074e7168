"""The monthly notices of a county: made, killed in the middle, made to the end, published.

python -m bench.disclosure [--villages 300] [--kills 2]

Every village gets an office, a supervisor and a certificate of its own; the notices are worked
through by a process as in the portal, which is killed and started again. It says how many notices a
minute were made and published, how much memory the worker took at most, and that none is double.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from portal.app import create_app
from portal.config import Settings
from portal.core import clock, work
from portal.core.db import Base, db, transaction
from portal.core.scope import all_villages, village_scope
from portal.disclosure import certificates, county, service
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc, DisclosureFile
from portal.disclosure.stepping import Actor
from portal.people import posts
from portal.people import service as people
from portal.people.rules import Role

ABOVE = ("浙江省", "湖州市", "安吉县")
COUNTY = "330523"
MOST_MEMORY = 300 * 1024 * 1024
SECRET = "of the bench"  # noqa: S105 -- a key for nobody
WORKER = """
import resource, sys
from portal.app import create_app
from portal.config import Settings
from portal.core import clock, work
app = create_app(Settings(database_url=sys.argv[1], secret_key=sys.argv[2], jobs_path=sys.argv[3]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
while work.do_some(app, now=clock.now(), seconds=1):
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
"""


def make_app(url: str, jobs: Path):
    """Return a portal on the bench's own database."""
    return create_app(Settings(database_url=url, secret_key=SECRET, jobs_path=jobs), TESTING=True)


def build(app, count: int) -> int:
    """Make the county; return the operator's account."""
    now = clock.now()
    Base.metadata.create_all(db.engine)
    with transaction():
        for number in range(count):
            town = number // 100
            village = people.add_village(
                code=f"{COUNTY}{100 + town}{200 + number % 100:03}",
                name=f"第{number}村",
                above=(*ABOVE, f"第{town}镇"),
            )
            with village_scope(village.id):
                name = f"第{number}村村民委员会"
                service.set_office(
                    unit=name, address="村委会", phone="0572-0000000", email="", hours="全天",
                    county_publishes=True,
                )  # fmt: skip
                people.add_account(name="监督", role=Role.SUPERVISOR, phone=f"135{number:08}")
                if not number % 10:
                    certificates.make(name, account_id=None, now=now)
        place = people.find_place(COUNTY)
        with village_scope(place.id):
            return people.add_account(name="运行", role=Role.OPERATOR, phone="13400000000").id


def begin(kind: str, account_id: int) -> int:
    """Begin a work over the whole county."""
    place = people.find_place(COUNTY)
    with transaction(), village_scope(place.id):
        return county.begin(
            kind, place, month=county.month_of("2026-10").start,
            publish_on=clock.today(clock.now()), account_id=account_id, now=clock.now(),
        ).id  # fmt: skip


def run(url: str, jobs: Path, *, kill_after: float | None) -> tuple[int, int]:
    """Let a process work, kill it after some seconds, or wait for its end.

    Return its memory before the first notice, and at most.
    """
    root = Path(__file__).parents[1]
    env = os.environ | {"PYTHONPATH": str(root)}
    before = most = 0
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, url, SECRET, str(jobs)],
        stdout=subprocess.PIPE, text=True, cwd=root, env=env,
    ) as process:  # fmt: skip
        began = time.monotonic()
        for line in process.stdout:
            most = max(most, int(line) * 1024)
            before = before or most
            if kill_after is not None and time.monotonic() - began > kill_after:
                process.send_signal(signal.SIGKILL)
                break
    return before, most


def agree(count: int) -> None:
    """Let every village's supervisor agree."""
    for village in people.list_villages(under=COUNTY, limit=count):
        with transaction(), village_scope(village.id):
            reviewer = posts.find_by_role(Role.SUPERVISOR)
            for case in service.list_under_way():
                service.approve(
                    case.id, actor=Actor(account_id=reviewer.account_id, part="supervisor"),
                    is_committee=False, now=clock.now(),
                )  # fmt: skip


def check(count: int) -> None:
    """See that every village has one notice, under number 1, in both editions, and no more."""
    with all_villages("the bench counts everywhere"):
        assert db.session.scalar(select(func.count()).select_from(DisclosureCase)) == count
        docs = db.session.execute(select(DisclosureDoc.village_id, DisclosureDoc.number)).all()
        files = db.session.scalar(select(func.count()).select_from(DisclosureFile))
    assert len({village_id for village_id, _number in docs}) == len(docs) == count
    assert {number for _village_id, number in docs} == {1}
    assert files == 2 * count


def main() -> None:
    """Build, make with kills, agree, publish, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--villages", type=int, default=300)
    parser.add_argument("--kills", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url, jobs = f"sqlite:///{folder}/bench.db", Path(folder) / "jobs.db"
        app = make_app(url, jobs)
        with app.app_context(), app.test_request_context():
            operator = build(app, args.villages)
            began = time.monotonic()
            begin(county.MAKE, operator)
            db.session.remove()
            memory = [run(url, jobs, kill_after=6) for _ in range(args.kills)]
            memory.append(run(url, jobs, kill_after=None))
            made = time.monotonic() - began
            db.session.rollback()
            agree(args.villages)
            began = time.monotonic()
            publishing = begin(county.PUBLISH, operator)
            db.session.remove()
            memory.append(run(url, jobs, kill_after=None))
            published = time.monotonic() - began
            db.session.rollback()
            check(args.villages)
            with village_scope(people.find_place(COUNTY).id):
                done = work.progress_of(publishing)[publishing]
            db.session.remove()
    most = max(most for _before, most in memory)
    print(
        f"{args.villages} villages, {args.kills} kills: made in {made:.0f} s "
        f"({60 * args.villages / made:.0f} a minute, two editions each), "
        f"published in {published:.0f} s; {done.done} done, none double; "
        f"worker {max(before for before, _most in memory) / 2**20:.0f} MB before the first notice,"
        f" at most {most / 2**20:.0f} MB (aim: below {MOST_MEMORY / 2**20:.0f})"
    )


if __name__ == "__main__":
    main()
