"""What is handed in as files by name: one file, or a zip taken apart under limits. Pure."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from portal.intake.faults import Fault, Findings, Note, Place

MOST_BYTES = 20_000_000
MOST_MEMBERS = 500
MOST_UNPACKED = 150_000_000
MOST_RATIO = 200
FREE = 2_000_000
"""How much a member may hold whatever it was packed to."""
TABLES = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".tsv")
TEXTS = (".md", ".markdown", ".txt", ".docx", ".docm", ".doc", ".wps", ".rtf")
SINGLE_MAPS = (".geojson", ".json", ".gpkg", ".kml", ".dxf")
SHAPE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
PACKED_MAPS = (".zip", ".kmz")
ARCHIVES = (".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz")
PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".heic")
OPEN_DOCUMENTS = (".odt", ".ods")
OTHER_MAPS = (
    *(".dwg", ".mdb", ".accdb", ".mxd", ".mpk", ".lyr", ".lpkx", ".qgs", ".qgz", ".gpx"),
    *(".tab", ".mif", ".mid", ".wt", ".wl", ".wp", ".dgn", ".e00", ".skp"),
)
"""What maps are kept in that cannot be read here, and are better saved as something else."""
WHOLE = (*TEXTS, *TABLES, *OPEN_DOCUMENTS, *OTHER_MAPS)
"""What is one file, although some of them are packed."""
_OFFICE = ("xl/", "word/", "ppt/")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the bundle."""

    name: str
    data: bytes

    @property
    def ending(self) -> str:
        """Return how its name ends, with the dot."""
        return PurePosixPath(self.name).suffix.lower()


def open_bundle(filename: str, data: bytes, findings: Findings) -> list[Member]:
    """Return the files that were handed in; what is wrong with a zip is said, and it is left."""
    name = PurePosixPath(filename.replace("\\", "/")).name or "?"
    if len(data) > MOST_BYTES:
        findings.refuse(Fault.TOO_LARGE, Place(file=name))
        return []
    if not data.strip():
        findings.refuse(Fault.EMPTY, Place(file=name))
        return []
    if not data.startswith(b"PK") or PurePosixPath(name).suffix.lower() in WHOLE:
        return [Member(name, data)]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = [entry.filename for entry in packed.infolist()]
            if any(one.startswith(_OFFICE) for one in names):
                return [Member(name, data)]
            return list(_members(name, packed, findings))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        findings.refuse(Fault.BROKEN, Place(file=name))
    except RuntimeError:  # so the library says that a password is wanted
        findings.refuse(Fault.ENCRYPTED, Place(file=name))
    return []


def _members(bundle: str, packed: zipfile.ZipFile, findings: Findings) -> Iterator[Member]:
    entries = packed.infolist()
    if len(entries) > MOST_MEMBERS:
        findings.refuse(
            Fault.ZIP_TOO_MANY, Place(file=bundle), len(entries), most=str(MOST_MEMBERS)
        )
        return
    named: dict[str, tuple[str, zipfile.ZipInfo]] = {}
    faults = len(findings.faults)
    for entry in entries:
        name = _name(entry)
        if entry.is_dir() or _is_litter(name):
            continue
        if fault := _fault(entry, name):
            findings.refuse(fault, Place(file=bundle), name)
            continue
        key = unicodedata.normalize("NFC", name).casefold()
        if key in named:
            findings.refuse(Fault.ZIP_TWICE, Place(file=bundle), name)
            continue
        named[key] = (name, entry)
    if len(findings.faults) > faults:
        return
    left = MOST_UNPACKED
    for name, entry in named.values():
        content = _unpack(packed, entry, left)
        if content is None:
            findings.refuse(Fault.ZIP_BOMB, Place(file=bundle), name)
            return
        left -= len(content)
        yield Member(_short(name, named), content)


def _name(entry: zipfile.ZipInfo) -> str:
    """Return a member's name; old packers wrote GB18030 without saying so, and other slashes."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for encoding in ("gb18030", "utf-8"):  # the last that fits counts
            with suppress(UnicodeDecodeError):
                name = raw.decode(encoding)
    return name.replace("\\", "/")


def _fault(entry: zipfile.ZipInfo, name: str) -> Fault | None:
    parts = PurePosixPath(name).parts
    if "\0" in name or ".." in parts or name.startswith("/") or re.match(r"^[A-Za-z]:", name):
        return Fault.ZIP_OUTSIDE
    if entry.external_attr >> 28 == 0xA:
        return Fault.ZIP_LINK
    if entry.flag_bits & 0x1:
        return Fault.ENCRYPTED
    if PurePosixPath(name).suffix.lower() in ARCHIVES:
        return Fault.OTHER_ARCHIVE
    return None


def _is_litter(name: str) -> bool:
    last = PurePosixPath(name).name
    starts = name.startswith("__MACOSX/") or last.startswith(("._", "~$"))
    return starts or last in (".DS_Store", "Thumbs.db", "desktop.ini")


def _unpack(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes | None:
    """Return a member, counting what really comes, whatever the table of contents says."""
    most = min(left, FREE + entry.compress_size * MOST_RATIO)
    with packed.open(entry) as file:
        content = file.read(most + 1)
    return None if len(content) > most else content


def _short(name: str, named: Mapping[str, object]) -> str:
    """Return a name without the folder that everything lies in."""
    first, slash, rest = name.partition("/")
    folder = unicodedata.normalize("NFC", first).casefold() + "/"
    is_common = slash and ".gdb" not in first.lower() and all(n.startswith(folder) for n in named)
    return rest if is_common else name


@dataclass(frozen=True, slots=True)
class Sorted:
    """The files of a bundle by what they are."""

    tables: list[Member]
    texts: list[Member]
    maps: list[Member]


def sort_members(members: list[Member], findings: Findings) -> Sorted:
    """Return the files by what they are; the pieces of one map are packed together again."""
    tables, texts, maps = [], [], []
    pieces: dict[str, list[Member]] = {}
    for member in members:
        ending, folder = member.ending, _geodatabase(member.name)
        if folder:
            pieces.setdefault(folder, []).append(member)
        elif ending in SHAPE:
            pieces.setdefault(str(PurePosixPath(member.name).with_suffix(".shp")), []).append(
                member
            )
        elif ending in TABLES:
            tables.append(member)
        elif ending in TEXTS:
            texts.append(member)
        elif ending in SINGLE_MAPS:
            maps.append(member)
        elif ending in PACKED_MAPS:
            if _holds_maps(member.data):
                maps.append(member)
            else:
                is_zip = member.data.startswith(b"PK")
                fault = Fault.ZIP_NESTED if is_zip else Fault.OTHER_ARCHIVE
                findings.refuse(fault, Place(file=member.name))
        elif len(members) == 1:
            findings.refuse(_unfit(member), Place(file=member.name))
        else:
            findings.tell(Note.UNUSED_FILE, Place(file=member.name), member.name)
    maps += [Member(f"{name}.zip", _pack(parts)) for name, parts in pieces.items()]
    return Sorted(tables, texts, maps)


def _geodatabase(name: str) -> str:
    return next((str(p) for p in PurePosixPath(name).parents if p.suffix.lower() == ".gdb"), "")


def _holds_maps(data: bytes) -> bool:
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as packed:
        endings = (*SHAPE, *SINGLE_MAPS, ".gdbtable")
        return any(name.lower().endswith(endings) for name in packed.namelist())
    return False


def _pack(parts: list[Member]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_STORED) as packed:
        for part in parts:
            packed.writestr(zipfile.ZipInfo(part.name), part.data)
    return memory.getvalue()


def _unfit(member: Member) -> Fault:
    starts = ((b"%PDF", Fault.PDF), (b"\x89PNG", Fault.PICTURE), (b"\xff\xd8\xff", Fault.PICTURE))
    endings = (
        (ARCHIVES, Fault.OTHER_ARCHIVE),
        (PICTURES, Fault.PICTURE),
        (OPEN_DOCUMENTS, Fault.OPEN_DOCUMENT),
        (OTHER_MAPS, Fault.OTHER_MAP),
    )
    by_start = (fault for start, fault in starts if member.data.startswith(start))
    by_ending = (fault for known, fault in endings if member.ending in known)
    return [*by_start, *by_ending, Fault.UNKNOWN_KIND][0]
