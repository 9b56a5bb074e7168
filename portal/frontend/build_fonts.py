"""Build the fonts of the portal from the npm package of Noto Sans SC.

Run it only to renew the fonts; the files it writes are committed. It needs npm, fonttools and
brotli, and writes the same bytes each time:

* `NotoSansSC-Regular.ttf`: every character of the family, for PDF documents; without hinting and
  layout tables, which ReportLab does not read.
* `NotoSansSC-Bold.ttf`: the 8105 standard characters, Latin and signs, for headings.
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

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

PACKAGE = "@expo-google-fonts/noto-sans-sc@0.4.3"
INTEGRITY = (
    "sha512-9rAwdFTFHbO/u6Cs0gj2jZbW74TGIiaFNQnXYH2s5wA1bzVkwbav"
    "iL4t8YUV642eGYjg86eH6DkAEQmfNHDncQ=="
)
REGULAR = "package/400Regular/NotoSansSC_400Regular.ttf"
BOLD = "package/700Bold/NotoSansSC_700Bold.ttf"
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


def fetch() -> bytes:
    """Return the package's archive after comparing it with the integrity we noted."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603 -- the arguments are ours
            ["npm", "pack", PACKAGE, "--pack-destination", folder],  # noqa: S607 -- npm is where the machine has it
            check=True,
            stdout=subprocess.DEVNULL,
        )
        archive = next(Path(folder).glob("*.tgz")).read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != INTEGRITY:
        sys.exit(f"{PACKAGE}: the archive is not the one we know ({found})")
    return archive


def member(archive: bytes, name: str) -> bytes:
    """Return one file of the archive."""
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        entry = tar.extractfile(name)
        if entry is None:
            sys.exit(f"{PACKAGE}: {name} is missing")
        return entry.read()


def cut(source: bytes, characters: set[int] | None, target: Path, flavor: str | None) -> None:
    """Write the part of a font that holds the given characters, all of them when None."""
    font = TTFont(BytesIO(source), recalcTimestamp=False)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx"]
    options.notdef_outline = True
    options.flavor = flavor
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=set(font.getBestCmap()) if characters is None else characters)
    subsetter.subset(font)
    font.flavor = flavor
    font.save(target)
    print(f"{target.relative_to(PORTAL.parent)}: {target.stat().st_size:,} bytes")


def main() -> None:
    """Write all three fonts and the licence."""
    archive = fetch()
    text = (PDF_FONTS / "standard_characters.txt").read_text(encoding="utf-8")
    standard = {ord(sign) for sign in text if sign != "\n"}
    WEB_FONTS.mkdir(parents=True, exist_ok=True)
    cut(member(archive, REGULAR), None, PDF_FONTS / "NotoSansSC-Regular.ttf", None)
    cut(member(archive, BOLD), standard | set(SIGNS), PDF_FONTS / "NotoSansSC-Bold.ttf", None)
    rare = {sign for sign in standard if not 0x4E00 <= sign <= 0x9FA5}
    cut(member(archive, REGULAR), rare, WEB_FONTS / "rare.woff2", "woff2")
    licence = member(archive, LICENCE)
    for folder in (PDF_FONTS, WEB_FONTS):
        (folder / "OFL.txt").write_bytes(licence)


if __name__ == "__main__":
    main()
