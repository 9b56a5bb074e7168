"""Any map file in: which layers it has, what each seems to be, what is wrong with it."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal.core.confine import BARE
from portal.maps.attributes import suggest
from portal.maps.fitting import fit
from portal.maps.rules import Family, Fault, Feature, LayerKind, Remark, Repair
from portal.maps.sources import AUTO, CHOICES, CrsChoice, FileReading, Known, Source

WORKER = Path(__file__).with_name("worker.py")
MAX_FILE_BYTES = 20_000_000
PATIENCE = 30.0
"""Seconds that a file may take on a busy machine; the worker's processor time is limited too."""
MOST_TOLD = 60_000_000
_FORMATS = {
    "ESRI Shapefile": "Shapefile",
    "GPKG": "GeoPackage",
    "LIBKML": "KML",
    "OpenFileGDB": "File Geodatabase",
}
"""What people call the formats that the library calls otherwise."""


def read_file(
    filename: str,
    data: bytes,
    *,
    crs: CrsChoice | Mapping[str, CrsChoice] = AUTO,
    kinds: Mapping[str, LayerKind | None] | None = None,
    is_bundle: bool = False,
) -> FileReading:
    """Read a map file of any format; nothing is kept. With any fault it must not be taken in.

    ``crs`` is the coordinate system for all layers, or for some by their key; ``kinds`` what the
    layers are, where that is known better than by their names. ``is_bundle``: a zip that holds
    other things than maps as well, which are then named in ``others``.
    """
    chosen = {"": crs} if isinstance(crs, CrsChoice) else crs
    if len(data) > MAX_FILE_BYTES:
        big = Remark(Fault.TOO_BIG, None, f"{MAX_FILE_BYTES // 1_000_000} MB")
        return FileReading(filename, "", (), (big,))
    wanted = {
        "filename": filename[-200:],
        # a layer of mixed shapes is several sources, in one coordinate system
        "crs": {key.rpartition("|")[0]: choice.key for key, choice in chosen.items()},
        "is_bundle": is_bundle,
    }
    told = _open(data, wanted)
    sources = []
    for source in map(_source, told["sources"]):
        kind = suggest(source.name, source.columns, source.family)
        if kinds is not None and source.key in kinds:
            kind = kinds[source.key]
        sources.append(fit(source, kind))
    faults = tuple(
        Remark(Fault(reason), None, detail, layer=file) for reason, detail, file in told["faults"]
    )
    return FileReading(filename, told["format"], tuple(sources), faults, tuple(told["others"]))


def _open(data: bytes, wanted: dict[str, Any]) -> dict[str, Any]:
    """Have the file opened by a process of its own, which is ended when it takes too long."""
    with tempfile.TemporaryDirectory(prefix="map-") as home:
        path, folder = Path(home, "given"), Path(home, "work")
        path.write_bytes(data)
        folder.mkdir()
        command = [sys.executable, "-I", str(WORKER), str(path), str(folder), json.dumps(wanted)]
        with Path(home, "told").open("w+b") as told, Path(home, "cries").open("w+b") as cries:
            process = subprocess.Popen(  # noqa: S603 -- our own interpreter and script
                command, stdin=subprocess.DEVNULL, stdout=told, stderr=cries, cwd=folder, env=BARE
            )
            try:
                code = process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                code = -signal.SIGXCPU
            finally:
                process.kill()
                process.wait()
            told.seek(0)
            cries.seek(0)
            said, cried = told.read(MOST_TOLD), cries.read(65_536)
    if code == 0 and len(said) < MOST_TOLD:
        answer: dict[str, Any] = json.loads(said)
        return answer
    is_spent = code in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ, 0)
    is_spent = is_spent or b"MemoryError" in cried or b"memory" in cried or b"bad_alloc" in cried
    reason = Fault.TOO_MUCH_WORK if is_spent else Fault.BROKEN
    return {"format": "", "sources": [], "others": [], "faults": [[reason, "", ""]]}


def _source(told: dict[str, Any]) -> Source:
    """Return a layer as the process told it, before its kind is known."""
    family = Family(told["family"]) if told["family"] else None
    key = f"{told['key']}|{family or ''}"
    name = told["name"]
    return Source(
        key=key,
        file=told["file"],
        name=name,
        format=_FORMATS.get(told["format"], told["format"]),
        family=family,
        kind=None,
        crs=told["crs"],
        known=Known(told["known"]),
        candidates=tuple(CHOICES[choice] for choice in told["candidates"]),
        encoding=told["encoding"],
        columns=tuple(told["columns"]),
        rows=tuple(told["rows"]),
        numbers=tuple(told["numbers"]),
        features=tuple(
            Feature(place, "", "", "", geometry, area)
            for place, (geometry, area) in enumerate(
                zip(told["shapes"], told["areas"], strict=True), start=1
            )
        ),
        faults=tuple(_remark(Fault, name, *facts) for facts in told["faults"]),
        repairs=tuple(_remark(Repair, name, *facts) for facts in told["repairs"]),
    )


def _remark(
    kind: type[Fault] | type[Repair],
    layer: str,
    reason: str,
    feature: int | None,
    detail: str,
    column: str,
) -> Remark:
    return Remark(kind(reason), feature, detail, layer, column)
