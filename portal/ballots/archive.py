"""The archive of a counted ballot: all that an outsider needs to check it, in plain JSON files.

Every file is canonical JSON, and the same ballot makes the same bytes: nothing is compressed, since
programs do that each in their own way. `about.json` holds the digest of every other file, and the
house's signature over all of it. `verify_poll.py` beside this module reads it with Python's own
library; it is published with every result.
"""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.ballots import asking, records, rules, urn
from portal.ballots.models import Ballot
from portal.ballots.states import Secrecy, Step
from portal.core.db import db
from portal.core.errors import Refused
from portal.transparency import checkpoints, logs, signing
from portal.transparency import service as record
from portal.transparency.models import Checkpoint, RecordEntry

SCRIPT = Path(__file__).with_name("verify_poll.py")
FORM = 1
_ALWAYS, _UNIX = (1980, 1, 1, 0, 0, 0), 3  # so that the same ballot makes the same file everywhere


def build(ballot: Ballot, *, now: datetime) -> bytes:
    """Return the archive of a counted ballot as a ZIP file, or raise Refused before that."""
    if ballot.counted_at is None or not rules.state(ballot, now=now).is_counted:
        raise Refused(rules.Refusal.NOT_COUNTED_YET)
    return pack(contents(ballot))


def pack(files: dict[str, Any]) -> bytes:
    """Return the ZIP file of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, facts in sorted(files.items()):
            info = zipfile.ZipInfo(f"{name}.json", _ALWAYS)
            info.create_system = _UNIX
            archive.writestr(info, asking.canonical(facts))
    return packed.getvalue()


def contents(ballot: Ballot) -> dict[str, Any]:
    """Return the files of the archive by their names, as plain values."""
    files = _facts(ballot)
    return files | {"about": sign(ballot.id, files)}


def sign(ballot_id: int, files: dict[str, Any]) -> dict[str, Any]:
    """Return what the archive says of itself, signed: who changes a letter of it needs the key."""
    about = {
        "form": FORM,
        "ballot": ballot_id,
        "keys": signing.known_keys(),
        "files": {name: asking.digest_of(facts) for name, facts in files.items()},
    }
    signature = signing.sign(f"archive|{asking.digest_of(about)}".encode())
    return about | {"signature": signature}


def _facts(ballot: Ballot) -> dict[str, Any]:
    """Return all files but the one that speaks of the others."""
    signed = checkpoints.list_all(logs.RECORD)
    size = max((one.size for one in signed), default=0)
    files: dict[str, Any] = {
        "manifest": records.facts_of(ballot, Step.OPENED),
        "closing": records.facts_of(ballot, Step.CLOSED),
        "counting": records.facts_of(ballot, Step.COUNTED),
        "roster": asking.list_roster(ballot),
        "voted": records.voted(ballot),
        "attended": records.attended(ballot),
        "record": [_entry(entry) for entry in _entries(size)],
        "checkpoints": [_signed(one) for one in signed],
    }
    if ballot.secrecy is Secrecy.OPEN:
        return files | {"papers": records.named_lines(ballot)}
    name = records.log_name(ballot.id)
    return files | {
        "urn": _envelopes(ballot.id, logs.leaves(name)),
        "urn_checkpoints": [_signed(one) for one in checkpoints.list_all(name)],
    }


def _envelopes(ballot_id: int, leaves: list[str]) -> list[str]:
    """Return the digests of the envelopes in the order of their log."""
    by_leaf = {urn.leaf_of(digest): digest for digest in urn.list_digests(ballot_id)}
    return [by_leaf.get(leaf, "") for leaf in leaves]


def _entries(size: int) -> list[RecordEntry]:
    """Return the record as far as it is signed: what stands behind that, anybody could add."""
    query = select(RecordEntry).where(RecordEntry.number <= size)
    return list(db.session.scalars(query.order_by(RecordEntry.number)))


def _entry(entry: RecordEntry) -> dict[str, str]:
    """Return an entry as what is hashed and its hash."""
    return {"text": record.canonical(entry), "leaf": entry.leaf_sha256}


def _signed(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "origin": checkpoint.origin,
        "log": checkpoint.log,
        "size": checkpoint.size,
        "root": checkpoint.root,
        "signature": checkpoint.signature,
    }
