"""Takes the files that came with a form: written anew before anything else is written.

A file may take seconds, and nobody else could write in SQLite meanwhile; so views call this before
their own transaction, and bind the keys it returns inside of it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta

from werkzeug.datastructures import FileStorage, MultiDict

from portal.core import limits
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.media import making, rules, service

FIELDS = ("photos", "voice")
MOST_BYTES = rules.MAX_BYTES + 1
UPLOADS = limits.Limit("media", limits.Per.PERSON, rules.FILES_A_DAY, timedelta(days=1))


def receive(
    files: MultiDict[str, FileStorage],
    keys: Sequence[str],
    *,
    resident_id: int,
    now: datetime,
    form_key: str = "",
    keeps_place: bool = False,
    transcript: str = "",
) -> list[str]:
    """Keep the files of a form; return their keys after those of files that were sent before.

    `form_key`: the same form sent again, with the same files, keeps nothing twice. Raises Refused.
    """
    given = list(_given(files))
    if len(keys) + len(given) > rules.MOST_FILES:
        raise Refused(rules.Refusal.TOO_MANY_FILES)
    kept = list(keys)
    for data in given:
        key = hashlib.sha256(form_key.encode() + b" " + data).hexdigest()
        receive_one(
            data,
            key=key,
            resident_id=resident_id,
            now=now,
            keeps_place=keeps_place,
            transcript=transcript,
        )
        kept.append(key)
    return kept


def receive_one(
    data: bytes,
    *,
    key: str,
    resident_id: int,
    now: datetime,
    keeps_place: bool = False,
    transcript: str = "",
) -> service.Shown:
    """Keep one file under its sender's key, in a transaction of its own. Raises Refused."""
    if known := service.find_kept(key, resident_id=resident_id):
        return service.as_shown(known)
    if limits.take_all(((UPLOADS, resident_id),), now=now):
        raise Refused(rules.Refusal.TOO_MANY_TODAY)
    made = making.make(data, keeps_place=keeps_place)
    with transaction():
        file = service.keep(made, key=key, transcript=transcript, resident_id=resident_id, now=now)
    return service.as_shown(file)


def _given(files: MultiDict[str, FileStorage]) -> Iterable[bytes]:
    """Read what is in the file fields of a form; an empty field is no file."""
    for field in FIELDS:
        for file in files.getlist(field):
            if data := read(file):
                yield data


def read(file: FileStorage) -> bytes:
    """Return the bytes of a file that came, at most one more than are taken."""
    with closing(file):
        return file.stream.read(MOST_BYTES)
