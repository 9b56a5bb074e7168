"""Photos as proof: looked at with care, and written anew without anything hidden in them."""

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from portal.core.errors import Refused
from portal.notices.rules import Refusal

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""A JPEG is read at a smaller scale at once; the others must be held whole in memory."""
LONG_SIDE = 1600
QUALITY = 80


@dataclass(frozen=True)
class Picture:
    """A photo as it is kept: a JPEG of our own making."""

    data: bytes
    sha256: str
    width: int
    height: int


def read(data: bytes) -> Picture:
    """Return the photo upright, at most 1600 pixels long, with no EXIF, GPS or other passenger.

    Raises Refused for what is too large, has too many pixels, or is no JPEG, PNG or WebP.
    """
    if len(data) > MAX_BYTES:
        raise Refused(Refusal.FILE_TOO_BIG)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _write_anew(data)
    except Image.DecompressionBombWarning as bomb:
        raise Refused(Refusal.TOO_MANY_PIXELS) from bomb
    except Image.DecompressionBombError as bomb:
        raise Refused(Refusal.TOO_MANY_PIXELS) from bomb
    except (OSError, ValueError, SyntaxError, EOFError, Warning, TypeError, IndexError) as broken:
        raise Refused(Refusal.NOT_A_PICTURE) from broken


def _write_anew(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data), formats=tuple(MAX_PIXELS)) as image:
        if image.width * image.height > MAX_PIXELS[image.format or "PNG"]:
            raise Refused(Refusal.TOO_MANY_PIXELS)
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        upright = ImageOps.exif_transpose(image)
        small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        small.thumbnail((LONG_SIDE, LONG_SIDE))
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small if small.mode == "RGBA" else None)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=QUALITY, optimize=True)
    written = out.getvalue()
    return Picture(written, hashlib.sha256(written).hexdigest(), *paper.size)
