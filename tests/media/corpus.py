"""Files that strangers might send: broken, swollen, wicked, or only odd. All of them made here.

`PICTURES` and `RECORDINGS` name how each is made, and the refusal it must get, or None where it is taken.
"""

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image

from portal.media.rules import MAX_BYTES, Refusal
from tests.media.recordings import film, recording
from tests.pictures import picture

RATES = {"webm": 16_000, "ogg": 16_000, "mp4": 48_000, "mp3": 16_000, "wav": 16_000}
SCRIPT = b"<script>alert(1)</script>"
SECRET = b"GPSHERE31.2304N"


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *, depth=8, colour=2, more=b"", rows=None) -> bytes:
    """Return a PNG that says to be so large, whatever is in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    body = zlib.compress(b"\0" * 100_000 if rows is None else rows, 9)
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def saved(image, form, **facts) -> bytes:
    """Return an image as a file."""
    out = io.BytesIO()
    image.save(out, form, **facts)
    return out.getvalue()


def animated(form: str) -> bytes:
    """Return two hundred frames."""
    frames = [Image.new("RGB", (32, 32), (n, 0, 255 - n)) for n in range(200)]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=20)


def in_the_country() -> bytes:
    """Return a photo that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, SECRET.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (30.0, 38.0, 12.0), "E", (119.0, 40.0, 48.0)
    return saved(Image.new("RGB", (320, 200), "#2f6b4c"), "JPEG", exif=exif, comment=SECRET)


def of_a_phone(*, cut=0, twice=False) -> bytes:
    """Return a photo with what phones write into it, that perhaps cut off, or a second behind."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = 6, "HUAWEI", SECRET.decode()
    exif.get_ifd(0x8769)[0x9003] = "2026:11:22 09:00:00"
    image = Image.effect_noise((640, 480), 30).convert("RGB")
    written = exif.tobytes()
    facts = {"exif": written[: len(written) - cut]}
    if not twice:
        return saved(image, "JPEG", **facts)
    return saved(image, "MPO", save_all=True, append_images=[image.resize((320, 240))], **facts)


def said_size(data: bytes, width: int, height: int) -> bytes:
    """Return a JPEG whose head says another size."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def progressive(size) -> bytes:
    """Return a JPEG that must be held whole in memory before anything of it can be seen."""
    image = Image.effect_noise((size[0] // 8, size[1] // 8), 90).resize(size).convert("RGB")
    return saved(image, "JPEG", progressive=True, quality=30, subsampling=0)


def _pictures() -> dict[str, tuple[Callable[[], bytes], Refusal | None]]:
    plain = picture((400, 300))
    deep = Image.new("I;16", (300, 200), 40_000)
    bits = b"".join(b"\0" + b"\x80\0\x40\0\x20\0" * 60 for _ in range(40))
    bad, many = Refusal.NOT_A_PICTURE, Refusal.TOO_MANY_PIXELS
    clear = Image.new("RGBA", (60, 40), (10, 90, 60, 90))
    return {
        "JPEG": (lambda: plain, None),
        "PNG": (lambda: picture((400, 300), form="PNG"), None),
        "WebP": (lambda: picture((400, 300), form="WEBP"), None),
        "one pixel": (lambda: picture((1, 1)), None),
        "a line": (lambda: saved(Image.new("RGB", (6000, 1)), "PNG"), None),
        "grey": (lambda: saved(Image.new("L", (300, 200), 90), "JPEG"), None),
        "black and white": (lambda: saved(Image.new("1", (300, 200), 1), "PNG"), None),
        "palette": (lambda: saved(Image.new("P", (300, 200), 3), "PNG", transparency=3), None),
        "transparent": (lambda: saved(clear, "PNG"), None),
        "transparent WebP": (lambda: saved(clear, "WEBP"), None),
        "CMYK": (lambda: saved(Image.new("CMYK", (300, 200), (0, 99, 9, 9)), "JPEG"), None),
        "16 bits of grey": (lambda: saved(deep, "PNG"), None),
        "16 bits of colour": (lambda: png(60, 40, depth=16, rows=bits), None),
        "on its side, with its place": (lambda: in_the_country(), None),
        "of a phone": (lambda: of_a_phone(), None),
        "two pictures in one": (lambda: of_a_phone(twice=True), None),
        "broken words of a phone": (lambda: of_a_phone(cut=12), None),
        "hardly any words of a phone": (lambda: of_a_phone(cut=90), None),
        "a second picture that is missing": (lambda: of_a_phone(twice=True)[:-4000], None),
        "animated WebP": (lambda: animated("WEBP"), None),
        "animated PNG": (lambda: animated("PNG"), None),
        "48 million pixels": (lambda: picture((8000, 6000)), None),
        "25 million pixels, PNG": (lambda: picture((5000, 5000), form="PNG"), None),
        "progressive": (lambda: progressive((4000, 3000)), None),
        "a page behind": (lambda: plain + SCRIPT, None),
        "a zip behind": (lambda: plain + b"PK\x03\x04" + SECRET, None),
        "51 million pixels": (lambda: picture((8000, 6400)), many),
        "a bomb of 50,000 x 50,000": (lambda: png(50_000, 50_000), many),
        "25 million and some": (lambda: png(5001, 5000), many),
        "16 million and some": (lambda: picture((4096, 4000), form="WEBP"), many),
        "a head of 65,500 x 65,500": (lambda: said_size(plain, 65_500, 65_500), many),
        "the largest numbers": (lambda: png(2**31 - 1, 2**31 - 1), many),
        "a text of 64 MB": (
            lambda: png(8, 8, more=chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * 64_000_000, 9))),
            bad,
        ),
        "a colour profile of 64 MB": (
            lambda: png(8, 8, more=chunk(b"iCCP", b"a\0\0" + zlib.compress(b"a" * 64_000_000, 9))),
            bad,
        ),
        "no size": (lambda: png(0, 0), bad),
        "cut off": (lambda: plain[: len(plain) // 3], bad),
        "only the head": (lambda: plain[:20], bad),
        "rows missing": (lambda: png(400, 400, rows=b"\0" * 100), bad),
        "a chunk that lies": (lambda: png(40, 40)[:60] + b"\xff" * 40, None),
        "WebP cut off": (lambda: picture((400, 300), form="WEBP")[:60], bad),
        "only the sign of a JPEG": (lambda: b"\xff\xd8\xff", bad),
        "HEIC": (lambda: b"\0\0\0\x18ftypheic" + bytes(200), bad),
        "AVIF": (lambda: b"\0\0\0\x18ftypavif" + bytes(200), bad),
        "a page in a JPEG": (lambda: b"\xff\xd8\xff\xe0" + SCRIPT * 50, bad),
        "GIF": (lambda: animated("GIF"), Refusal.NOT_KNOWN),
        "TIFF": (lambda: picture(form="TIFF"), Refusal.NOT_KNOWN),
        "BMP": (lambda: picture(form="BMP"), Refusal.NOT_KNOWN),
        "SVG": (
            lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            Refusal.NOT_KNOWN,
        ),
        "EPS": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", Refusal.NOT_KNOWN),
        "page": (lambda: b"<!doctype html>" + SCRIPT, Refusal.NOT_KNOWN),
        "PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", Refusal.NOT_KNOWN),
        "program": (lambda: b"MZ\x90\0" + bytes(400), Refusal.NOT_KNOWN),
        "nothing": (lambda: b"", Refusal.NOT_KNOWN),
        "too large a file": (lambda: b"\xff\xd8\xff" + bytes(MAX_BYTES), Refusal.FILE_TOO_BIG),
    }


def _recordings() -> dict[str, tuple[Callable[[], bytes], Refusal | None]]:
    long, none = Refusal.RECORDING_TOO_LONG, Refusal.RECORDING_EMPTY
    bad = Refusal.NOT_A_RECORDING
    webm, mp4 = recording(3), recording(3, "mp4")
    return {
        **{
            f"{form} of 3 s": (lambda form=form: recording(3, form), None)
            for form in ("webm", "ogg", "mp4", "mp3", "wav")
        },
        **{
            f"{form} of 2 minutes": (
                lambda form=form: recording(119.5, form, rate=RATES[form]),
                None,
            )
            for form in ("webm", "mp4", "wav")
        },
        **{
            f"{form} of 3 minutes": (lambda form=form: recording(180, form, rate=RATES[form]), long)
            for form in ("webm", "ogg", "mp4", "mp3", "wav")
        },
        "96,000 a second": (lambda: recording(3, "wav", rate=96_000), None),
        "8,000 a second": (lambda: recording(3, "wav", rate=8_000), None),
        "webm cut off at half": (lambda: webm[: len(webm) // 2], None),
        "webm of no length": (lambda: recording(0), bad),
        "wav of no length": (lambda: recording(0, "wav"), none),
        "a tenth of a second": (lambda: recording(0.1, "ogg"), none),
        "only a head of webm": (lambda: webm[:200], bad),
        "only the sign of an ogg": (lambda: b"OggS", bad),
        "mp4 cut off": (lambda: mp4[: len(mp4) // 2], bad),
        "mp4 of nothing": (lambda: mp4[:40], bad),
        "a wrong head": (lambda: b"OggS" + webm[4:], bad),
        "a head on noise": (lambda: b"\x1aE\xdf\xa3" + bytes(range(256)) * 40, bad),
        "wav that says 4 GB": (
            lambda: recording(3, "wav")[:4] + b"\xff\xff\xff\xff" + recording(3, "wav")[8:],
            None,
        ),
        "frames of noise": (lambda: b"\xff\xfb\x90\x64" + bytes(range(255, -1, -1)) * 60, bad),
        "a film as webm": (lambda: film(3), bad),
        "a film as mp4": (lambda: film(3, "mp4"), bad),
        "a list of other files": (lambda: b"#EXTM3U\n/etc/passwd\n", Refusal.NOT_KNOWN),
        "a list with a sign before": (
            lambda: b"ID3" + b"\nffconcat version 1.0\nfile /etc/passwd\n",
            bad,
        ),
    }


PICTURES = _pictures()
RECORDINGS = _recordings()
