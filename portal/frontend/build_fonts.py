"""Build the fonts of the portal from the npm packages of Noto Sans SC and Noto Sans.

Run it only to renew the fonts; the files it writes are committed. It needs npm, fonttools and
brotli, and writes the same bytes each time:

* `NotoSansSC-Regular.ttf`: every character of the family, for PDF documents, and the Latin, Greek
  and Cyrillic ones that it lacks, from Noto Sans; without hinting and layout tables, which
  ReportLab does not read.
* `NotoSansSC-Bold.ttf`: the same, but of the Chinese characters only the 8105 standard ones.
* `rare.woff2`: the standard characters outside the first CJK block (U+4E00 to U+9FA5), which many
  phones cannot show; a page loads it only where such a name appears.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

CHINESE = "@expo-google-fonts/noto-sans-sc@0.4.3"
OTHERS = "@expo-google-fonts/noto-sans@0.4.2"
INTEGRITY = {
    CHINESE: "sha512-9rAwdFTFHbO/u6Cs0gj2jZbW74TGIiaFNQnXYH2s5wA1bzVkwbav"
    "iL4t8YUV642eGYjg86eH6DkAEQmfNHDncQ==",
    OTHERS: "sha512-zYD8G2ijWLxqmquoQgghNh/x9p0yxWwArD0oxO1oXY1qx5vOd4t0"
    "Kbhnu/Cx8RTy08OgA8RtxuULZFaXwVPnPw==",
}
SC = "package/{0}/NotoSansSC_{0}.ttf"
SANS = "package/{0}/NotoSans_{0}.ttf"
LICENCE = "package/LICENSE_FONT"

PORTAL = Path(__file__).resolve().parent.parent
PDF_FONTS = PORTAL / "core" / "pdf" / "fonts"
WEB_FONTS = PORTAL / "static" / "fonts"

SIGNS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x370, 0x400),
    *range(0x2010, 0x2070),
    *range(0x20A0, 0x20C0),
    *range(0x2100, 0x2200),
    *range(0x2200, 0x2300),
    *range(0x2460, 0x2500),
    *range(0x25A0, 0x2700),
    *range(0x3000, 0x3040),
    *range(0xFF00, 0xFFF0),
)
"""Latin, Greek, arrows, mathematical signs, circled numbers, CJK punctuation, full-width forms."""


LETTERS = (*range(0x100, 0x530), *range(0x1D00, 0x2000), *range(0x2C60, 0x2C80))
"""Latin, Greek and Cyrillic letters of all languages written with them."""


def fetch(package: str) -> bytes:
    """Return a package's archive after comparing it with the integrity we noted."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603 -- the arguments are ours
            ["npm", "pack", package, "--pack-destination", folder],  # noqa: S607 -- npm is where the machine has it
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        archive = next(Path(folder).glob("*.tgz")).read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != INTEGRITY[package]:
        sys.exit(f"{package}: the archive is not the one we know ({found})")
    return archive


def member(archive: bytes, name: str) -> bytes:
    """Return one file of the archive."""
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        entry = tar.extractfile(name)
        if entry is None:
            sys.exit(f"{name} is missing")
        return entry.read()


def cut(source: bytes, characters: set[int] | None, *, flavor: str | None = None) -> bytes:
    """Return the part of a font that holds the given characters, all of them when None."""
    font = TTFont(BytesIO(source), recalcTimestamp=False)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx", "gasp", "prep"]
    options.notdef_outline = True
    options.flavor = flavor
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=set(font.getBestCmap()) if characters is None else characters)
    subsetter.subset(font)
    font.flavor = flavor
    made = BytesIO()
    font.save(made)
    return made.getvalue()


def joined(chinese: bytes, others: bytes) -> bytes:
    """Return a font with the characters of both; what both have comes from the first."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, content in enumerate((chinese, others)):
            names.append(str(Path(folder) / f"{number}.ttf"))
            Path(names[-1]).write_bytes(content)
        font = Merger().merge(names)
    source = TTFont(BytesIO(chinese), recalcTimestamp=False)
    font.recalcTimestamp = False
    for table in ("name", "OS/2"):
        font[table] = source[table]
    for field in ("created", "modified", "fontRevision", "xMin", "yMin", "xMax", "yMax"):
        setattr(font["head"], field, getattr(source["head"], field))
    for field in ("ascent", "descent", "lineGap"):
        setattr(font["hhea"], field, getattr(source["hhea"], field))
    made = BytesIO()
    font.save(made)
    return made.getvalue()


def keep(content: bytes, target: Path) -> None:
    """Write a file and say how large it is."""
    target.write_bytes(content)
    print(f"{target.relative_to(PORTAL.parent)}: {len(content):,} bytes")


def main() -> None:
    """Write all three fonts and the licences."""
    chinese, others = fetch(CHINESE), fetch(OTHERS)
    text = (PDF_FONTS / "standard_characters.txt").read_text(encoding="utf-8")
    standard = {ord(sign) for sign in text if sign != "\n"}
    WEB_FONTS.mkdir(parents=True, exist_ok=True)
    for name, cut_name, characters in (
        ("Regular", "400Regular", None),
        ("Bold", "700Bold", standard | set(SIGNS)),
    ):
        main_part = cut(member(chinese, SC.format(cut_name)), characters)
        known = set(TTFont(BytesIO(main_part)).getBestCmap())
        added = cut(member(others, SANS.format(cut_name)), (set(SIGNS) | set(LETTERS)) - known)
        keep(joined(main_part, added), PDF_FONTS / f"NotoSansSC-{name}.ttf")
    rare = {sign for sign in standard if not 0x4E00 <= sign <= 0x9FA5}
    keep(
        cut(member(chinese, SC.format("400Regular")), rare, flavor="woff2"),
        WEB_FONTS / "rare.woff2",
    )
    (WEB_FONTS / "OFL.txt").write_bytes(member(chinese, LICENCE))
    both = member(chinese, LICENCE), member(others, LICENCE)
    (PDF_FONTS / "OFL.txt").write_bytes(b"\n\n----------\n\n".join(both))


if __name__ == "__main__":
    main()
