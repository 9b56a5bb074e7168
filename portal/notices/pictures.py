"""Photos as proof: looked at with care, and written anew without anything hidden in them."""

import hashlib
import json
import subprocess
import sys
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from portal.core.errors import Refused
from portal.notices.rules import Refusal

DARKROOM = Path(__file__).with_name("darkroom.py")
MAX_BYTES = 12 * 1024 * 1024
PATIENCE = 30.0
"""Seconds that a photo may take on a busy machine; its processor time is limited too."""
REMEMBERED = 8
_developed: OrderedDict[str, "Picture"] = OrderedDict()


@dataclass(frozen=True)
class Picture:
    """A photo as it is kept: a JPEG of our own making."""

    data: bytes
    sha256: str
    width: int
    height: int


def read(data: bytes) -> Picture:
    """Return the photo upright, at most 1600 pixels long, with no EXIF, GPS or other passenger.

    It is read in a process of its own, which has limits. A form that comes back with the same
    photo finds it developed. Raises Refused for what is too large, has too many pixels, or is no
    JPEG, PNG or WebP.
    """
    if len(data) > MAX_BYTES:
        raise Refused(Refusal.FILE_TOO_BIG)
    key = hashlib.sha256(data).hexdigest()
    if known := _developed.get(key):
        return known
    picture = _develop(data)
    _developed[key] = picture
    while len(_developed) > REMEMBERED:
        _developed.popitem(last=False)
    return picture


def _develop(data: bytes) -> Picture:
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and script
            [sys.executable, "-I", str(DARKROOM)],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Refused(Refusal.TOO_MANY_PIXELS) from late
    if done.returncode != 0:
        raise Refused(Refusal.TOO_MANY_PIXELS if done.returncode < 0 else Refusal.NOT_A_PICTURE)
    head, _, written = done.stdout.partition(b"\n")
    told = json.loads(head)
    if "fault" in told:
        raise Refused(Refusal(told["fault"]))
    return Picture(written, hashlib.sha256(written).hexdigest(), told["width"], told["height"])
