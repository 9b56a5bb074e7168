"""Who voted how is not to be found out: twelve linkers against one generated poll per database."""

import json
import random
from collections import Counter
from datetime import timedelta
from math import sqrt

import pytest
from sqlalchemy import text

from portal.ballots import records, urn, urn_closing
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.transparency import logs
from tests.ballots import linkers
from tests.ballots.linkers import Evidence, Snapshot
from tests.ballots.sealed_village import add_people, open_sealed

pytestmark = pytest.mark.new_files
SEED = 20260301
VOTERS = 200
BACKUP_EACH = 10
CHOICES = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
SHARES = (0.5, 0.3, 0.2)
TABLES = (
    *("turnout", "urn", "cast_key", "log_leaf", "checkpoint", "record_entry"),
    *("outbox_event", "inbox_message", "access_log", "delivery", "ballot_step"),
)
NAIVE = ("naive_turnout", "naive_urn")
DAY = timedelta(days=1)


def rows_of(table):
    """Return a table's rows with the marks that the machine puts on them."""
    if db.engine.dialect.name == "postgresql":
        marks = "xmin::text AS xmin, ctid::text AS place, age(xmin) AS xid_age, "
    else:
        marks = "" if table in ("urn", "cast_key") else "rowid AS rowid, "
    return [dict(r) for r in db.session.execute(text(f"SELECT {marks}* FROM {table}")).mappings()]


def order_of(digests):
    """Return envelopes in the order in which they lie in the file."""
    if db.engine.dialect.name == "postgresql":
        rows = db.session.execute(text("SELECT ballot_sha256 FROM urn ORDER BY ctid"))
        return [row[0] for row in rows]
    db.session.rollback()  # whoever reads keeps the log from being written into the file
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    with open(db.engine.url.database, "rb") as file:  # noqa: PTH123 -- as an intruder would
        content = file.read()
    places = {digest: content.find(digest.encode()) for digest in digests}
    return sorted((d for d in digests if places[d] >= 0), key=places.__getitem__)


def stats_of():
    if db.engine.dialect.name != "postgresql":
        return {table: len(rows_of(table)) for table in ("urn", "turnout")}
    db.session.execute(text("SELECT pg_stat_force_next_flush()"))
    rows = db.session.execute(
        text("SELECT relname, n_tup_ins - n_tup_del FROM pg_stat_user_tables")
    )
    return dict(tuple(row) for row in rows)


def take(pages=()):
    db.session.rollback()
    rows = {table: rows_of(table) for table in TABLES}
    order = order_of([row["ballot_sha256"] for row in rows["urn"]])
    taken = Snapshot(rows=rows, order=order, stats=stats_of(), pages=tuple(pages))
    db.session.rollback()
    return taken


def make_naive_tables():
    """The control: design (b) of trust.md §5.1, two plain tables in one transaction."""
    with transaction():
        for table, column in zip(NAIVE, ("resident_id", "choice"), strict=True):
            key = "SERIAL" if db.engine.dialect.name == "postgresql" else "INTEGER"
            db.session.execute(
                text(f"CREATE TABLE {table} (id {key} PRIMARY KEY, {column} INTEGER)")
            )


class Poll:
    """A poll of 200 electors: what they chose, and all that an attacker gets to see of it."""

    def __init__(self, sealed, people, browse, at):
        chance = random.Random(SEED)
        chosen = chance.choices(range(3), SHARES, k=VOTERS)
        self.truth = dict(zip(people, chosen, strict=True))
        self.choices, self.receipts, self.lengths = {}, [], {}
        self.access_log, self.backups, self.batches = [], [], []
        self.sealed = sealed
        looks = [
            (browse(None), at(path)) for path in ("/", "/ballots/", f"/ballots/{sealed.ballot_id}")
        ]
        make_naive_tables()
        for count, who in enumerate(chance.sample(people, VOTERS), start=1):
            self.cast(who)
            if count % BACKUP_EACH == 0:
                self.log(count)
                self.backups.append(take(client.get(path).text for client, path in looks))
        self.naive = [rows_of(table) for table in NAIVE]
        self.open_links = rows_of("cast_key")
        self.while_open = self.evidence()
        with village_scope(sealed.village_id), transaction():
            urn_closing.settle(sealed.ballot_id, now=sealed.ballot.closes_at)
        urn_closing.sweep()
        self.after = self.evidence()

    def cast(self, who):
        choice = self.truth[who]
        envelope = self.sealed.envelope(*CHOICES[choice])
        with transaction():
            receipt = self.sealed.cast(who, envelope)
            for table, column, value in zip(
                NAIVE, ("resident_id", "choice"), (who, choice), strict=True
            ):
                db.session.execute(text(f"INSERT INTO {table} ({column}) VALUES ({value})"))
        self.choices[receipt.ballot_sha256] = choice
        self.lengths[receipt.ballot_sha256] = len(envelope)
        self.receipts.append((receipt.ballot_sha256, receipt.promise))
        answer = json.dumps([receipt.ballot_sha256, receipt.code, receipt.promise])
        self.access_log.append((who, len(answer)))

    def log(self, count):
        with transaction():
            urn_closing.log_waiting(now=clock.now())
        name = records.log_name(self.sealed.ballot_id)
        self.batches.append((count, logs.leaves(name, sum(len(b) for _, b in self.batches))))

    def evidence(self):
        return Evidence(
            final=take(),
            backups=self.backups,
            access_log=self.access_log,
            batches=self.batches,
            receipts=sorted(self.receipts),
            lengths=self.lengths,
            leaf_of=urn.leaf_of,
        )


@pytest.fixture
def poll(cast, version, village, browse, at):
    people = add_people(VOTERS)
    now = clock.now()
    sealed = open_sealed(
        version, village, opens_at=now - DAY, closes_at=now + DAY, now=now - 20 * DAY
    )
    return Poll(sealed, people, browse, at)


def nobody_reads(_digest):
    """Open no envelope: without two shares there is no telling what is in it."""


def bar_of(truth):
    """Return how many choices guessing gets right at most: the majority, and three deviations."""
    share = Counter(truth.values()).most_common(1)[0][1] / len(truth)
    return len(truth) * (share + 3 * sqrt(share * (1 - share) / len(truth)))


def test_no_linker_beats_guessing_and_every_linker_works(poll):
    """The linkers find nothing in the sealed urn, and everything where there is something."""
    truth, bar = poll.truth, bar_of(poll.truth)
    read = poll.choices.get
    after = {
        linker.__name__: linkers.accuracy(
            linker(poll.after, nobody_reads if linker in linkers.WHILE_OPEN else read), truth
        )
        for linker in linkers.LINKERS
    }
    while_open = {
        linker.__name__: linkers.accuracy(linker(poll.while_open, nobody_reads), truth)
        for linker in linkers.LINKERS
    }
    print(f"\nseed {SEED}, bar {bar:.1f} of {VOTERS}: after {after}, while open {while_open}")
    assert len(after) == 12
    assert {name: n for name, n in (after | while_open).items() if n > bar} == {}
    # the controls: the same linkers with something to find
    naive = Snapshot(
        rows={
            "turnout": poll.naive[0],
            "urn": [row | {"ballot_sha256": str(row["id"])} for row in poll.naive[1]],
        },
        order=[str(row["id"]) for row in poll.naive[1]],
    )
    chosen = {str(row["id"]): row["choice"] for row in poll.naive[1]}
    is_postgresql = db.engine.dialect.name == "postgresql"
    mark = "xmin" if is_postgresql else "rowid"
    rows = [row | {"rowid": row["id"]} for row in naive.rows["urn"]]
    naive.rows["urn"] = rows if mark == "rowid" else naive.rows["urn"]
    assert linkers.accuracy(linkers.by_mark(naive, mark, chosen.get), truth) == VOTERS
    links = {row["resident_id"]: row["ballot_sha256"] for row in poll.open_links}
    assert {who: read(digest) for who, digest in links.items()} == truth  # with shares, while open
    if is_postgresql:
        assert linkers.accuracy(linkers.l1_xmin(poll.while_open, read), truth) == VOTERS

    # after the close the rows themselves are of one transaction, in no order but the digests'
    final = poll.after.final
    assert final.rows["cast_key"] == []
    assert len({row.get("xmin") for row in final.rows["urn"]}) == 1
    if is_postgresql:
        assert final.order == sorted(final.order)
    # not the choice but the very envelope: as many hits as chance has, one or two of 200; the log
    # tells which ten came together, so there it is one of ten
    number = {digest: place for place, digest in enumerate(links.values())}
    chances = ((linkers.l2_place, 8), (linkers.l3_commit_time, 8), (linkers.l4_sequences, 45))
    for linker, most in chances:
        found = linker(poll.after, number.get)
        hits = sum(number[links[who]] == place for who, place in found.items())
        assert hits <= most, linker.__name__
