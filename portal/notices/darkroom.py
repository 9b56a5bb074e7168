"""Reads a stranger's photo and writes it anew: in a process of its own, confined, as maps are read.

`notices/pictures.py` runs this file with the photo on its standard input. Its answer is one line
of JSON and then the new photo. A bad photo ends nothing but this.
"""

import io
import json
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PIL import Image, ImageOps

from portal.maps.confine import confine

MEMORY = 260_000_000
SECONDS = 6
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 16_000_000}
"""A JPEG is read at a smaller scale at once; the others must be held whole in memory."""
LONG_SIDE = 1600
QUALITY = 80


class Fault(Exception):
    """Why a photo is not taken; the words are values of `rules.Refusal`."""


def develop(data: bytes) -> tuple[bytes, int, int]:
    """Return the photo upright, at most 1600 pixels long, with nothing but its picture in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return _write_anew(data)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError) as bomb:
            raise Fault("too-many-pixels") from bomb
        except (OSError, ValueError, SyntaxError, TypeError, LookupError, Warning) as broken:
            raise Fault("not-a-picture") from broken


def _write_anew(data: bytes) -> tuple[bytes, int, int]:
    with Image.open(io.BytesIO(data), formats=tuple(MAX_PIXELS)) as image:
        if image.width * image.height > MAX_PIXELS[image.format or "PNG"]:
            raise Fault("too-many-pixels")
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        image.load()
        plain: Image.Image = image
        if image.mode not in ("RGB", "RGBA", "L"):
            plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
        plain.thumbnail((LONG_SIDE, LONG_SIDE))
        upright = ImageOps.exif_transpose(plain)
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), *paper.size


def main() -> None:
    """Read the photo that is handed in, and hand the new one out."""
    Image.preinit()
    Image.init()
    confine(memory=MEMORY, seconds=SECONDS, file_size=0)
    data = sys.stdin.buffer.read()
    try:
        written, width, height = develop(data)
        told: dict[str, object] = {"width": width, "height": height}
    except Fault as fault:
        written, told = b"", {"fault": str(fault)}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + written)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
