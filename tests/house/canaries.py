"""Canaries: values that exist once, put into every private column of both villages.

`columns.txt` states of every column that can hold words or days who may see it. What is not public
is replaced by a canary: one for each row, so that a find tells the column, the row and its owner.
Digests, keys and other values that must stay as they are, are their own canaries. Tables of many
rows get them in the first rows of each village, and in those of the players.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import JSON, Date, Enum, LargeBinary, String, select, update

from portal.core.db import Base, db
from portal.core.scope import all_villages
from portal.discussion.models import Comment
from portal.meetings.council_models import Councillor
from portal.people.models import Account, Post, Resident
from portal.proposals.models import Proposal, ProposalSupport
from portal.rooms.models import Message

STATED = Path(__file__).with_name("columns.txt")
PUBLIC, NOBODY = "public", "nobody"
FIRST_DAY = date(1902, 1, 1)
MANY = 300
PATTERN = re.compile(
    r"Q\d{6}Z|199\d{8}|Ж[0-9A-Z]{3}|[0-9a-f]{64}"
    r"|(?P<day>19(?:0[2-9]|1[0-4])[-/.年 ]{1,3}\d{1,2}[-/.月 ]{1,3}\d{1,2})"
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ENGLISH_DAY = re.compile(r"(\w{3})\w* (\d{1,2}), (19(?:0[2-9]|1[0-4]))\b")


@dataclass(frozen=True)
class Canary:
    """Where a value lives, and whose it is."""

    column: str
    row: int
    village_id: int
    account_id: int | None
    resident_id: int | None
    household_id: int | None
    parties: frozenset[int]
    is_told_by_choice: bool


def stated() -> dict[str, frozenset[str]]:
    """Return who may see each column."""
    found = {}
    for line in STATED.read_text().splitlines():
        if line and not line.startswith("#"):
            column, *audience = line.split()
            found[column] = frozenset(audience)
    return found


def columns() -> dict[str, object]:
    """Return every column that can hold words, documents or days, by its name."""
    return {
        f"{table.name}.{column.name}": column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | JSON | LargeBinary | Date)
        and not isinstance(column.type, Enum)
    }


def _value(column, number: int) -> object:
    """Return a canary that fits the column, or None where its own values must serve."""
    kind, length = column.type, getattr(column.type, "length", None) or 10_000
    if column.name.endswith(("digest", "sha256")) or column.name in AS_IT_IS:
        return None
    if isinstance(kind, Date):
        return FIRST_DAY + timedelta(days=number)
    if isinstance(kind, LargeBinary):
        return f"Q{number:06}Z".encode().ljust(SIZES.get(column.name, 0))
    if not isinstance(kind, String):
        return None
    if length >= 12 or column.name in ("receipt",):
        return f"Q{number:06}Z"
    return f"199{number:08}" if length == 11 else f"Ж{_letters(number)}"


def _is_code(name: str, value: object) -> bool:
    """Tell whether a survey's answer is a number or a choice: those are counted, not read."""
    return name == "survey_answer.value" and str(value).isascii()


AS_IT_IS = {"seen", "language", "version"}
SIZES = {"ciphertext": 176}


def _letters(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "".join(digits[number // 36**place % 36] for place in (2, 1, 0))


def plant(keep: frozenset[int]) -> dict[str, list[Canary]]:
    """Put canaries into every private column; return them by their value.

    `keep` are the residents whose rows get one in any case.
    """
    audience, known = stated(), columns()
    found: dict[str, list[Canary]] = {}
    number, days = 0, 0
    with all_villages("canaries are put into both villages"):
        owners, is_told, parties = _owners(), _told_by_choice(), _parties()
        _open_append_only()
        for name in sorted(known):
            if PUBLIC in audience[name]:
                continue
            column = known[name]
            table = column.table
            key = table.primary_key.columns  # the envelopes of an urn have no number
            rows = db.session.execute(select(table).order_by(*key)).mappings().all()
            for row in _some(rows, keep):
                if row[column.name] in (None, "", [], {}) or _is_code(name, row[column.name]):
                    continue
                number += 1
                days += isinstance(column.type, Date)
                value = _value(column, days if isinstance(column.type, Date) else number)
                text = value.decode().strip() if isinstance(value, bytes) else str(value)
                if column.name == "path":
                    value = f"{row['path']}#{value}"
                elif isinstance(value, str):
                    value += Path(str(row[column.name])).suffix * column.name.endswith("name")
                whose = owners(table, row)
                canary = Canary(
                    name, row.get("id", 0), row["village_id"], *whose, parties(table, row),
                    is_told(name, whose[1], whose[0]),
                )  # fmt: skip
                if value is None:
                    for text in _leaves(row[column.name]):
                        found.setdefault(text, []).append(canary)
                    continue
                db.session.execute(
                    update(table)
                    .where(*(part == row[part.name] for part in key))
                    .values({column.name: value})
                )
                found.setdefault(text, []).append(canary)
    return found


def _some(rows, keep):
    """Yield the first rows of each village, and those of the players."""
    met = Counter()
    for row in rows:
        met[row["village_id"]] += 1
        if met[row["village_id"]] <= MANY or row.get("resident_id") in keep or row["id"] in keep:
            yield row


def _parties():
    """Return a function that tells which accounts a row names: helper, witness, who decided."""
    accounts = {a.resident_id: a.id for a in db.session.execute(select(Account.__table__))}

    def parties(table, row) -> frozenset[int]:
        named = set()
        for key in table.foreign_keys:
            name = key.parent.name
            if key.column.table.name == "account":
                named.add(row[name])
            elif key.column.table.name == "resident" and name.endswith("witness_id"):
                named.add(accounts.get(row[name]))
        return frozenset(named - {None})

    return parties


def _told_by_choice():
    """Return a function that tells whether a name may be read by everybody.

    Whoever wrote under their name chose it; whoever holds a post or an office answers with it.
    """
    residents, accounts = set(), set()
    for model in (Comment, Message, Proposal, ProposalSupport):
        residents |= set(db.session.scalars(select(model.resident_id).where(model.show_name)))
    residents |= set(db.session.scalars(select(Councillor.resident_id)))
    accounts = set(db.session.scalars(select(Post.account_id)))
    residents |= set(
        db.session.scalars(select(Account.resident_id).where(Account.id.in_(accounts)))
    )

    def is_told(column, resident_id, account_id):
        if column not in ("resident.name", "account.name"):
            return False
        return resident_id in residents - {None} or account_id in accounts

    return is_told


def _open_append_only() -> None:
    """Take the triggers away: this is a copy that is thrown away."""
    connection = db.session.connection()
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for (name,) in connection.exec_driver_sql(query).all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def _leaves(value: object) -> Iterator[str]:
    """Yield the texts in a value that are long enough to be told from chance."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    elif isinstance(value, str) and PATTERN.fullmatch(value):
        yield value


def _owners():
    """Return a function that tells whose a row is: account, resident, household."""
    residents = {r.id: r for r in db.session.execute(select(Resident.__table__))}
    accounts = {a.id: a for a in db.session.execute(select(Account.__table__))}

    def owners(table, row):
        account_id = row["id"] if table.name == "account" else row.get("account_id")
        resident_id = row["id"] if table.name == "resident" else row.get("resident_id")
        if resident_id is None and account_id in accounts:
            resident_id = accounts[account_id].resident_id
        household_id = row.get("household_id")
        if household_id is None and resident_id in residents:
            household_id = residents[resident_id].household_id
        return account_id, resident_id, household_id

    return owners


def heard(text: str) -> Iterator[str]:
    """Yield whatever looks like a canary in a text."""
    for match in PATTERN.finditer(text):
        word = match[0]
        if match["day"]:
            year, month, day = (int(part) for part in re.findall(r"\d+", word))
            word = f"{year}-{month:02}-{day:02}"
        yield word
    for match in ENGLISH_DAY.finditer(text):
        if match[1] in MONTHS:
            yield f"{match[3]}-{MONTHS.index(match[1]) + 1:02}-{int(match[2]):02}"
