"""Has what strangers send looked at with care and written anew, in a process with limits."""

import hashlib
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.core.confine import BARE
from portal.core.errors import Refused
from portal.media.rules import MAX_BYTES, Kind, Refusal, recognise

DARKROOM = Path(__file__).with_name("darkroom.py")
STUDIO = Path(__file__).with_name("studio.py")
PATIENCE = 30.0
"""Seconds that a file may take on a busy machine; its processor time is limited too."""
_turns = threading.BoundedSemaphore(2)
"""One process of the house has two such workers at once: each may need as much memory as it has."""


@dataclass(frozen=True)
class Made:
    """A file of our own making: a JPEG with a small one beside it, or an MP3."""

    kind: Kind
    data: bytes
    sha256: str
    thumb: bytes = b""
    width: int | None = None
    height: int | None = None
    seconds: int | None = None
    has_place: bool = False


def make(data: bytes, *, keeps_place: bool = False) -> Made:
    """Return the file as it is kept, or raise Refused with the reason."""
    if len(data) > MAX_BYTES:
        raise Refused(Refusal.FILE_TOO_BIG)
    known = recognise(data)
    if known is None:
        raise Refused(Refusal.NOT_KNOWN)
    kind, reader = known
    if kind is Kind.VOICE:
        return record(data, reader)
    if not reader:
        raise Refused(Refusal.NOT_A_PICTURE)
    return develop(data, keeps_place=keeps_place)


def develop(data: bytes, *, keeps_place: bool = False) -> Made:
    """Return a photo upright, at most 1600 pixels long, with nothing in it but the picture.

    The place where it was taken stays if that is wished. Raises Refused.
    """
    told, (written, small) = _work(
        DARKROOM, *(["place"] if keeps_place else []), data=data,
        broken=Refusal.NOT_A_PICTURE, spent=Refusal.TOO_MANY_PIXELS,
    )  # fmt: skip
    return Made(
        Kind.PHOTO,
        written,
        hashlib.sha256(written).hexdigest(),
        thumb=small,
        width=told["width"],
        height=told["height"],
        has_place=told["has_place"],
    )


def record(data: bytes, reader: str) -> Made:
    """Return a recording as an MP3 of one channel, or raise Refused."""
    told, (written,) = _work(
        STUDIO, reader, data=data,
        broken=Refusal.NOT_A_RECORDING, spent=Refusal.RECORDING_TOO_LONG,
    )  # fmt: skip
    return Made(
        Kind.VOICE,
        written,
        hashlib.sha256(written).hexdigest(),
        seconds=max(1, round(told["seconds"])),
    )


def _work(
    script: Path, *wanted: str, data: bytes, broken: Refusal, spent: Refusal
) -> tuple[dict[str, Any], list[bytes]]:
    """Have a worker do it; return what it told and the files it made."""
    try:
        with _turns:
            done = subprocess.run(  # noqa: S603 -- our own interpreter and script
                [sys.executable, "-I", str(script), *wanted],
                input=data,
                capture_output=True,
                timeout=PATIENCE,
                env=BARE,
                check=False,
            )
    except subprocess.TimeoutExpired as late:
        raise Refused(spent) from late
    if done.returncode != 0:
        raise Refused(spent if done.returncode < 0 else broken)
    head, _, rest = done.stdout.partition(b"\n")
    told = json.loads(head)
    if "fault" in told:
        raise Refused(Refusal(told["fault"]))
    files = []
    for size in told["sizes"]:
        files.append(rest[:size])
        rest = rest[size:]
    return told, files
