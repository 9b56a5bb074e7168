"""Twelve ways to find out who voted how (trust.md §5.5), each with what its attacker has.

A linker is handed evidence and answers resident -> choice for those whom it believes to know; for
the others it guesses what most people chose. `read` tells the choice in an envelope and stands for
whoever holds two shares; without it nobody can read an envelope, and a link to one tells nothing.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Guesses = dict[int, int]
Read = Callable[[str], int | None]


@dataclass
class Snapshot:
    """Everything that lies in the database at one moment, with the machine's own marks.

    `rows` are the rows of each table as they lie there, with `xmin`, `ctid` and `xid_age` on
    PostgreSQL, `rowid` on SQLite; `order` is how the envelopes lie in the file, `stats` what the
    database counts, `pages` what an outsider sees.
    """

    rows: dict[str, list[Row]]
    order: list[str] = field(default_factory=list)
    stats: dict[str, int] = field(default_factory=dict)
    pages: tuple[str, ...] = ()


@dataclass
class Evidence:
    """What the attackers of one poll have."""

    final: Snapshot
    backups: list[Snapshot]
    access_log: list[tuple[int, int]]  # (resident, bytes of the answer) in the order of time
    batches: list[tuple[int, list[str]]]  # (casts before it, leaves in it)
    receipts: list[tuple[str, str]]  # (digest, promise), sorted: the published list
    lengths: dict[str, int]  # digest -> bytes of the envelope
    leaf_of: Callable[[str], str]


def voters(snapshot: Snapshot) -> list[int]:
    """Return who voted, in the order of the turnout's numbers."""
    return [row["resident_id"] for row in sorted(snapshot.rows["turnout"], key=lambda r: r["id"])]


def digests(snapshot: Snapshot) -> list[str]:
    return [row["ballot_sha256"] for row in snapshot.rows["urn"]]


def pair(people: list[int], envelopes: list[str], read: Read) -> Guesses:
    """Take the first person for the first envelope, and so on."""
    links = zip(people, envelopes, strict=False)
    return {who: choice for who, digest in links if (choice := read(digest)) is not None}


def among(people: list[int], envelopes: list[str], read: Read) -> Guesses:
    """Know a group of people and the group of their envelopes: guess what most of these hold."""
    choices = Counter(c for digest in envelopes if (c := read(digest)) is not None)
    return dict.fromkeys(people, choices.most_common(1)[0][0]) if choices else {}


def by_mark(snapshot: Snapshot, mark: str, read: Read) -> Guesses:
    """Link turnout and envelopes that carry the same mark of the machine, alone or as a group."""
    people: dict[Any, list[int]] = {}
    envelopes: dict[Any, list[str]] = {}
    for row in snapshot.rows["turnout"]:
        people.setdefault(row.get(mark), []).append(row["resident_id"])
    for row in snapshot.rows["urn"]:
        envelopes.setdefault(row.get(mark), []).append(row["ballot_sha256"])
    found: Guesses = {}
    for value in (people.keys() & envelopes.keys()) - {None}:
        found |= among(people[value], envelopes[value], read)
    return found


def l1_xmin(evidence: Evidence, read: Read) -> Guesses:
    """Rows that one transaction wrote carry its number."""
    return by_mark(evidence.final, "xmin", read)


def l2_place(evidence: Evidence, read: Read) -> Guesses:
    """Rows lie in the order in which they came: ctid, rowid, place in the file."""
    return pair(voters(evidence.final), evidence.final.order, read)


def l3_commit_time(evidence: Evidence, read: Read) -> Guesses:
    """Times of commits, or what stands for them: the age of the transaction, the stored times."""
    final = evidence.final
    if any("xid_age" in row for row in final.rows["urn"]):
        people = sorted(final.rows["turnout"], key=lambda r: (-r["xid_age"], r["id"]))
        envelopes = sorted(final.rows["urn"], key=lambda r: -r["xid_age"])
    else:
        people = sorted(final.rows["turnout"], key=lambda r: (r["done_at"], r["id"]))
        envelopes = final.rows["urn"]
    return pair([r["resident_id"] for r in people], [r["ballot_sha256"] for r in envelopes], read)


def l4_sequences(evidence: Evidence, read: Read) -> Guesses:
    """Numbers that were given one after the other, in whatever tables name an envelope."""
    by_leaf = {evidence.leaf_of(digest): digest for digest in digests(evidence.final)}
    leaves = sorted(evidence.final.rows["log_leaf"], key=lambda r: r["id"])
    envelopes = [by_leaf[row["leaf_sha256"]] for row in leaves if row["leaf_sha256"] in by_leaf]
    return pair(voters(evidence.final), envelopes, read)


def l5_log_order(evidence: Evidence, read: Read) -> Guesses:
    """The log grew while people voted: the first leaves are among the first voters."""
    by_leaf = {evidence.leaf_of(digest): digest for digest in digests(evidence.final)}
    people, found, done = voters(evidence.final), {}, 0
    for _casts, leaves in evidence.batches:
        group = people[done : done + len(leaves)]
        found |= among(group, [by_leaf[leaf] for leaf in leaves if leaf in by_leaf], read)
        done += len(leaves)
    return found


def l6_access_log(evidence: Evidence, read: Read) -> Guesses:
    """Who posted between two batches is among those whose leaves the second one has."""
    by_leaf = {evidence.leaf_of(digest): digest for digest in digests(evidence.final)}
    posted, found, before = [who for who, _ in evidence.access_log], {}, 0
    for casts, leaves in evidence.batches:
        group = posted[before:casts]
        found |= among(group, [by_leaf[leaf] for leaf in leaves if leaf in by_leaf], read)
        before = casts
    return found


def l7_backups(evidence: Evidence, read: Read) -> Guesses:
    """What is in this backup and not in the last: new voters, new envelopes."""
    found: Guesses = {}
    people: set[int] = set()
    envelopes: set[str] = set()
    for backup in evidence.backups:
        now_people, now_envelopes = set(voters(backup)), set(digests(backup))
        found |= among(sorted(now_people - people), sorted(now_envelopes - envelopes), read)
        people, envelopes = now_people, now_envelopes
    return found


def l8_statistics(evidence: Evidence, read: Read) -> Guesses:
    """What the database counts of each table tells how many came when; the file, which lie where."""
    people, found, done = voters(evidence.final), {}, 0
    for backup in evidence.backups:
        count = backup.stats.get("urn", 0)
        found |= among(people[done:count], evidence.final.order[done:count], read)
        done = count
    return found


def l9_polling(evidence: Evidence, read: Read) -> Guesses:
    """What the pages say more than a moment ago is what those chose who voted since."""
    found: Guesses = {}
    last: Snapshot | None = None
    for backup in evidence.backups:
        if last is not None:
            new = [p for p, q in zip(backup.pages, last.pages, strict=True) if p != q]
            group = sorted(set(voters(backup)) - set(voters(last)))
            told = [d for d in digests(backup) if any(d in page for page in new)]
            found |= among(group, told, read)
        last = backup
    return found


def l10_length(evidence: Evidence, read: Read) -> Guesses:
    """Envelopes of one length hold one choice; answers of one length go to those who chose it."""
    by_length: dict[int, list[str]] = {}
    for digest, length in evidence.lengths.items():
        by_length.setdefault(length, []).append(digest)
    by_answer: dict[int, list[int]] = {}
    for who, length in evidence.access_log:
        by_answer.setdefault(length, []).append(who)
    found: Guesses = {}
    groups = sorted(by_length.values(), key=len)
    for people, envelopes in zip(sorted(by_answer.values(), key=len), groups, strict=False):
        found |= among(people, envelopes, read)
    return found


def l11_receipts(evidence: Evidence, read: Read) -> Guesses:
    """Receipts as they were published, beside the voters as they are listed, whatever the order."""
    best: Guesses = {}
    people = sorted(row["resident_id"] for row in evidence.final.rows["turnout"])
    for key in (lambda r: r[0], lambda r: r[1], lambda r: r[0][::-1]):
        found = pair(people, [digest for digest, _ in sorted(evidence.receipts, key=key)], read)
        best = best or found
    return best


def l12_notices(evidence: Evidence, read: Read) -> Guesses:
    """News, messages and notes that were written when somebody voted, beside the envelopes."""
    told = [
        (table, row["id"])
        for table in ("outbox_event", "inbox_message", "access_log", "delivery")
        for row in evidence.final.rows[table]
        if any(str(row.get(name, "")).find("vote") >= 0 for name in ("kind", "what", "facts"))
    ]
    return pair(voters(evidence.final)[: len(told)], evidence.final.order, read)


LINKERS = (
    *(l1_xmin, l2_place, l3_commit_time, l4_sequences, l5_log_order, l6_access_log),
    *(l7_backups, l8_statistics, l9_polling, l10_length, l11_receipts, l12_notices),
)
WHILE_OPEN = (l7_backups, l8_statistics, l9_polling)
"""Those whose evidence is from while the vote is open, when no share has been brought."""


def accuracy(guesses: Guesses, truth: dict[int, int]) -> int:
    """Return how many choices are right: guessed ones, and for all others what most chose."""
    most = Counter(truth.values()).most_common(1)[0][0]
    return sum(guesses.get(who, most) == choice for who, choice in truth.items())
