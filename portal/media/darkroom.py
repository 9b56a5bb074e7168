"""Reads a stranger's photo and writes it anew: in a process of its own, confined.

`media/making.py` runs this file with the photo on its standard input; with the argument `place`
the place where it was taken stays. Its answer is one line of JSON, the new photo, and a small one.
A bad photo ends nothing but this.
"""

import io
import json
import struct
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PIL import ExifTags, Image, ImageOps

from portal.core.confine import confine

MEMORY = 260_000_000
SECONDS = 6
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 16_000_000}
"""A JPEG is read at a smaller scale at once; the others must be held whole in memory."""
TWO_PICTURES = "MPO"
"""A JPEG with a second one behind it, as many phones make them; the first is taken."""
LONG_SIDE, SMALL_SIDE = 1600, 320
QUALITY = 80
BROKEN = (OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, struct.error)
PLACE = (
    ExifTags.GPS.GPSLatitudeRef,
    ExifTags.GPS.GPSLatitude,
    ExifTags.GPS.GPSLongitudeRef,
    ExifTags.GPS.GPSLongitude,
)


class Fault(Exception):
    """Why a photo is not taken; the words are values of `rules.Refusal`."""


def develop(data: bytes, *, keeps_place: bool) -> tuple[bytes, bytes, dict[str, object]]:
    """Return the photo upright, at most 1600 pixels long, a small one, and what they are.

    Nothing but the picture is in them, and where that is wished the place it was taken at.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a phone wrote beside the picture may be broken
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _write_anew(data, keeps_place)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError) as bomb:
            raise Fault("too-many-pixels") from bomb
        except BROKEN as broken:
            raise Fault("not-a-picture") from broken


def _write_anew(data: bytes, keeps_place: bool) -> tuple[bytes, bytes, dict[str, object]]:
    with Image.open(io.BytesIO(data), formats=tuple(MAX_PIXELS)) as image:
        form = "JPEG" if image.format == TWO_PICTURES else image.format or "PNG"
        if image.width * image.height > MAX_PIXELS[form]:
            raise Fault("too-many-pixels")
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        image.load()
        place = _place(image) if keeps_place else Image.Exif()
        plain: Image.Image = image
        if image.mode.startswith("I"):  # sixteen bits a point: the upper eight are seen
            plain = image.point(lambda value: value / 256).convert("L")
        elif image.mode not in ("RGB", "RGBA", "L"):
            plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
        plain.thumbnail((LONG_SIDE, LONG_SIDE))
        upright = _upright(plain)
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    written = _jpeg(paper, place)
    facts: dict[str, object] = {
        "width": paper.width,
        "height": paper.height,
        "has_place": bool(place.get_ifd(ExifTags.IFD.GPSInfo)),
    }
    paper.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return written, _jpeg(paper, Image.Exif()), facts


def _place(image: Image.Image) -> Image.Exif:
    """Return nothing of what the phone wrote into the photo but where it was taken."""
    kept = Image.Exif()
    try:
        said = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        if all(tag in said for tag in PLACE):
            kept.get_ifd(ExifTags.IFD.GPSInfo).update({tag: said[tag] for tag in PLACE})
            kept.tobytes()
    except BROKEN:
        return Image.Exif()
    return kept


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture as the phone says it was held, or as it lies where that is broken."""
    try:
        return ImageOps.exif_transpose(image)
    except BROKEN:
        return image


def _jpeg(image: Image.Image, exif: Image.Exif) -> bytes:
    out = io.BytesIO()
    facts = {"exif": exif} if exif.get_ifd(ExifTags.IFD.GPSInfo) else {}
    image.save(out, "JPEG", quality=QUALITY, optimize=True, **facts)
    return out.getvalue()


def main() -> None:
    """Read the photo that is handed in, and hand the new ones out."""
    Image.preinit()
    Image.init()
    confine(memory=MEMORY, seconds=SECONDS, file_size=0)
    data = sys.stdin.buffer.read()
    written, small = b"", b""
    told: dict[str, object]
    try:
        written, small, told = develop(data, keeps_place="place" in sys.argv[1:])
    except Fault as fault:
        told = {"fault": str(fault)}
    head = json.dumps({**told, "sizes": [len(written), len(small)]})
    sys.stdout.buffer.write(head.encode() + b"\n" + written + small)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
