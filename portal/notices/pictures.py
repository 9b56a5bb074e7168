"""Photos as proof: looked at with care, and written anew without anything hidden in them."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from portal.core.errors import Refused
from portal.media import making
from portal.media.rules import MAX_BYTES
from portal.notices.rules import Refusal

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
        made = making.develop(data)
    except Refused as refused:
        raise Refused(Refusal(refused.reason.value)) from refused
    return Picture(made.data, made.sha256, made.width or 0, made.height or 0)
