"""A zip of maps taken apart under limits: every member is named, measured and put where we say."""

import re
import struct
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from portal.maps.rfc7946 import Stop
from portal.maps.rules import Fault

MOST_MEMBERS = 2_000
MOST_DIRECTORY = 1_000_000
"""Bytes of the table of contents, which is read before the members can be counted."""
MOST_BYTES = 100_000_000
"""All maps of a zip together, unpacked."""
MOST_RATIO = 100
"""How many times its size a member may swell, beyond its first two megabytes."""
SINGLE = (".geojson", ".json", ".gpkg", ".kml", ".dxf")
SHAPE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
NEEDED = {".shp", ".shx", ".dbf"}
ARCHIVES = (".zip", ".kmz", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz")
_GDB_MEMBER = re.compile(r"^(a[0-9a-f]{8}\.\w{1,20}(\.\w{1,20})?|gdb|timestamps)$")
_CHUNK = 1 << 18


@dataclass
class Found:
    """One map: how it is called in its zip, and where it lies now.

    A Shapefile has several files, by their endings; of a File Geodatabase it is the folder.
    """

    name: str
    path: Path
    endings: set[str] = field(default_factory=set)


def unpack(archive: Path, folder: Path, *, is_bundle: bool) -> tuple[list[Found], list[str]]:
    """Take the maps out of a zip into a folder; return them, and the names of what is none.

    Raises Stop at the first thing that is wrong. Zips within it are only passed over in the bundle
    of a plan, whose other parts are read by others.
    """
    _check_directory(archive)
    try:
        with zipfile.ZipFile(archive) as opened:
            return _Unpacking(opened, folder, is_bundle=is_bundle).run()
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError) as bad:
        raise Stop(Fault.NOT_A_ZIP, str(bad)[:60]) from bad
    except RuntimeError as bad:  # so the library says that a password is wanted
        raise Stop(Fault.ENCRYPTED) from bad


def _check_directory(archive: Path) -> None:
    """Refuse a table of contents that is too long to be read at all."""
    with archive.open("rb") as file:
        file.seek(max(0, archive.stat().st_size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Stop(Fault.NOT_A_ZIP)
    count, size = struct.unpack_from("<HI", tail, at + 10)
    if count > MOST_MEMBERS or size > MOST_DIRECTORY:
        raise Stop(Fault.TOO_MANY_MEMBERS, str(MOST_MEMBERS))


class _Unpacking:
    """The work on one zip."""

    def __init__(self, opened: zipfile.ZipFile, folder: Path, *, is_bundle: bool) -> None:
        self.opened, self.folder, self.is_bundle = opened, folder, is_bundle
        self.found: dict[str, Found] = {}
        self.others: list[str] = []
        self.left = MOST_BYTES

    def run(self) -> tuple[list[Found], list[str]]:
        """Look at every name before anything is unpacked."""
        members = self.opened.infolist()
        if len(members) > MOST_MEMBERS:
            raise Stop(Fault.TOO_MANY_MEMBERS, str(MOST_MEMBERS))
        wanted: dict[Path, zipfile.ZipInfo] = {}
        for member in members:
            name = _name(member)
            _check(member, name)
            if member.is_dir() or _is_litter(name):
                continue
            path = self._place(name)
            if path is None:
                self.others.append(name)
            elif path in wanted:
                raise Stop(Fault.BAD_MEMBER, name[:80])
            else:
                wanted[path] = member
        for path, member in wanted.items():
            self._write(path, member)
        for key, found in list(self.found.items()):
            missing = NEEDED - found.endings if found.endings else set()
            if missing and (".shp" in found.endings or len(self.found) == 1) and not self.is_bundle:
                raise Stop(Fault.INCOMPLETE_SHAPEFILE, ", ".join(sorted(missing)) + "?")
            if missing:
                self.others.append(found.name)
                del self.found[key]
        return list(self.found.values()), self.others

    def _place(self, name: str) -> Path | None:
        """Return where a member goes: a name of ours, so that no name of theirs is ever a path."""
        path = PurePosixPath(name)
        ending = path.suffix.lower()
        home = next((p for p in path.parents if p.suffix.lower() == ".gdb"), None)
        if home is not None and _GDB_MEMBER.match(path.name.lower()):
            if home != path.parent:
                return None
            return self._found(str(home), str(home), ".gdb").path / path.name.lower()
        if ending in SHAPE:
            key = str(path.with_suffix(".shp"))
            found = self._found(key.lower(), key, ".shp")
            found.endings.add(ending)
            return found.path.with_suffix(ending)
        if ending in SINGLE and not (ending == ".json" and self.is_bundle):
            return self._found(name, name, ending).path
        if ending in ARCHIVES and not self.is_bundle:
            raise Stop(Fault.NESTED_ZIP, name[:80])
        return None

    def _found(self, key: str, name: str, ending: str) -> Found:
        if key not in self.found:
            self.found[key] = Found(name, self.folder / f"{len(self.found)}{ending}")
        return self.found[key]

    def _write(self, path: Path, member: zipfile.ZipInfo) -> None:
        """Write a member out, counting what really comes, whatever the table of contents says."""
        path.parent.mkdir(exist_ok=True)
        most = 2_000_000 + member.compress_size * MOST_RATIO
        done = 0
        with self.opened.open(member) as packed, path.open("wb") as out:
            while chunk := packed.read(_CHUNK):
                done += len(chunk)
                self.left -= len(chunk)
                if done > most or self.left < 0:
                    raise Stop(Fault.ZIP_BOMB, _name(member)[:80])
                out.write(chunk)


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; old packers wrote GB18030 without saying so, and other slashes."""
    name = member.filename
    if not member.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for encoding in ("gb18030", "utf-8"):  # the last that fits counts
            with suppress(UnicodeDecodeError):
                name = raw.decode(encoding)
    return name.replace("\\", "/")


def _check(member: zipfile.ZipInfo, name: str) -> None:
    parts = PurePosixPath(name).parts
    is_bad = "\0" in name or ".." in parts or name.startswith("/")
    if is_bad or re.match(r"^[A-Za-z]:", name) or not parts or len(name) > 400:
        raise Stop(Fault.BAD_MEMBER, name[:80])
    if member.external_attr >> 28 == 0xA:
        raise Stop(Fault.LINK, name[:80])
    if member.flag_bits & 0x1:
        raise Stop(Fault.ENCRYPTED, name[:80])


def _is_litter(name: str) -> bool:
    last = PurePosixPath(name).name
    return (
        name.startswith("__MACOSX/") or last.startswith("._") or last in (".DS_Store", "Thumbs.db")
    )
