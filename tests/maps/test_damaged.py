"""Files that are broken, swollen or wicked: always a fault in words, never more than it may cost."""

import io
import json
import socket
import struct
import subprocess
import sys
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core import confine
from portal.maps import worker
from portal.maps.formats import MAX_FILE_BYTES, read_file
from portal.maps.rules import FAMILIES, Fault, Repair
from tests.maps.mapfiles import geojson, grid, written, zipped
from tests.maps.test_real_files import BAD, GOOD
from tests.real_data import real_data

TABLE = {"DLBM": ["0101", "0703"] * 10, "名称": [f"地块{n}" for n in range(20)]}


def packed(*members, **options):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data, **options)
    return memory.getvalue()


def reasons(filename, data, **options):
    reading = read_file(filename, data, **options)
    assert reading.all_faults or reading.sources
    return [fault.reason for fault in reading.all_faults]


GOOD_FILE = geojson(grid(), TABLE)


@pytest.mark.parametrize(
    "name",
    [
        "../a.geojson",
        "x/../../a.geojson",
        "/etc/a.geojson",
        "C:\\a.geojson",
        "..\\..\\a.geojson",
        "a/" * 300 + "a.geojson",
    ],
)
def test_a_name_that_leads_out_is_refused(name):
    assert reasons("a.zip", packed((name, GOOD_FILE))) == [Fault.BAD_MEMBER]


def test_a_link_is_refused():
    member = zipfile.ZipInfo("a.geojson")
    member.external_attr = 0o120777 << 16
    assert reasons("a.zip", packed((member, "/etc/passwd"))) == [Fault.LINK]


def test_a_locked_zip_is_refused():
    data = bytearray(packed(("a.geojson", GOOD_FILE)))
    data[6] |= 1  # the flag in front of the member, and in the table of contents
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    assert reasons("a.zip", bytes(data)) == [Fault.ENCRYPTED]


def test_a_zip_in_a_zip_is_refused_but_passed_over_in_a_bundle():
    inner = packed(("a.geojson", GOOD_FILE))
    data = packed(("a.zip", inner), ("DLTB.geojson", GOOD_FILE), ("说明.docx", b"x"))
    assert reasons("a.zip", data) == [Fault.NESTED_ZIP]
    bundle = read_file("a.zip", data, is_bundle=True)
    assert bundle.others == ("a.zip", "说明.docx")
    assert [len(source.features) for source in bundle.sources] == [20]


def test_a_bundle_may_have_no_map_but_a_map_file_must():
    data = packed(("plan.md", b"# plan"))
    assert reasons("a.zip", data) == [Fault.NO_LAYERS]
    bundle = read_file("a.zip", data, is_bundle=True)
    assert (bundle.sources, bundle.faults, bundle.others) == ((), (), ("plan.md",))


def overlapping():
    """Ten thousand names for the same swollen bytes."""
    one = packed(("a.geojson", b"0" * 10_000_000))
    start = one.rfind(b"PK\x01\x02")
    end = one.rfind(b"PK\x05\x06")
    entry = one[start:end]
    entries = b"".join(entry.replace(b"a.geojson", b"%05d.kml" % n) for n in range(1_900))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1_900, 1_900, len(entries), start, 0)
    return one[:start] + entries + tail


BOMBS = {
    "one member": (packed(("a.geojson", b" " * 400_000_000)), Fault.ZIP_BOMB),
    "many members": (
        packed(*((f"{n}.geojson", b"0" * 9_000_000) for n in range(60))),
        Fault.ZIP_BOMB,
    ),
    "many names": (packed(*((f"{n}.txt", b"") for n in range(2_001))), Fault.TOO_MANY_MEMBERS),
    "overlapping": (overlapping(), None),
    "a long table of contents": (
        packed(*((f"{'x' * 390}{n}.txt", b"") for n in range(1_999)), ("a.kml", b"")),
        None,
    ),
    "deep json": (b"[" * 5_000_000, Fault.TOO_DEEP),
    "many entities": (
        b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 10) for c in range(97, 117))
        + b"]><kml><Document><name>&t;</name></Document></kml>",
        Fault.UNSAFE_XML,
    ),
}
ENDINGS = {"deep json": "a.geojson", "many entities": "a.kml"}


def scribble(points=60_000):
    """A ring that crosses itself so often that no repair ends."""
    ring = [
        [118 + (n * 7919 % 10_007) / 1e6, 29 + (n * 104_729 % 10_009) / 1e6] for n in range(points)
    ]
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}).encode()


BOMBS["a scribble"] = (scribble(), Fault.TOO_MUCH_WORK)
ENDINGS["a scribble"] = "a.geojson"
MEASURE = """
import resource, sys, time
sys.path.insert(0, {root!r})
from portal.maps.formats import read_file
data = open({path!r}, "rb").read()
began = time.monotonic()
reading = read_file({name!r}, data)
spent = time.monotonic() - began
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(most, round(spent, 2), *(fault.reason.value for fault in reading.all_faults[:1]))
"""


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_little(bomb, tmp_path, request):
    data, reason = BOMBS[bomb]
    assert len(data) < MAX_FILE_BYTES
    path = tmp_path / "bomb"
    path.write_bytes(data)
    script = MEASURE.format(
        root=str(request.config.rootpath), path=str(path), name=ENDINGS.get(bomb, "a.zip")
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    megabytes, seconds, fault = told.stdout.split()
    print(bomb, told.stdout.strip())
    assert int(megabytes) < 300
    assert float(seconds) < 10 or reason is Fault.TOO_MUCH_WORK
    assert reason is None or fault == reason.value


def test_too_big_a_file_is_not_even_opened():
    assert reasons("a.zip", b"P" * (MAX_FILE_BYTES + 1)) == [Fault.TOO_BIG]


@pytest.mark.parametrize(
    ("filename", "data", "reason"),
    [
        ("a.shp", b"\0\0\x27\x0a", Fault.INCOMPLETE_SHAPEFILE),
        ("a.zip", packed(("a.shx", b"x"), ("a.dbf", b"x")), Fault.INCOMPLETE_SHAPEFILE),
        ("a.docx", b"abc", Fault.UNKNOWN_FORMAT),
        ("a", b"", Fault.UNKNOWN_FORMAT),
        ("a.zip", b"", Fault.NOT_A_ZIP),
        ("a.zip", b"PK\x03\x04 and then nothing", Fault.NOT_A_ZIP),
        ("a.gpkg", b"SQLite format 3\0", Fault.BROKEN),
        ("a.gpkg", b"", Fault.BROKEN),
        ("a.kml", b"<kml>", Fault.BROKEN),
        ("a.kml", b"", Fault.BROKEN),
        ("a.dxf", b"", Fault.BROKEN),
        ("a.zip", packed(("a.shp", b"x" * 200)), Fault.INCOMPLETE_SHAPEFILE),
        ("a.zip", packed(*((f"a{e}", b"x" * 200) for e in (".shp", ".shx", ".dbf"))), Fault.BROKEN),
        ("a.zip", packed(("a.gdb/gdb", b"x"), ("a.gdb/a00000001.gdbtable", b"x")), Fault.BROKEN),
        ("a.gpkg", b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', Fault.BROKEN),
        ("a.dxf", b"PMTiles\3" + b"\0" * 200, Fault.BROKEN),
    ],
)
def test_what_is_no_map_is_said(filename, data, reason):
    assert reasons(filename, data) == [reason]


def samples(folder):
    """One good file of each format."""
    shapefile = zipped(written(folder, "a.shp", grid(), TABLE, encoding="GB18030"))
    geodatabase = zipped(written(folder, "b.gdb", grid(), TABLE, layer="DLTB"))
    return {
        "a.geojson": GOOD_FILE,
        "shape.zip": shapefile,
        "gdb.zip": geodatabase,
        "a.gpkg": written(folder, "a.gpkg", grid(), TABLE, layer="DLTB").read_bytes(),
        "a.kml": written(folder, "a.kml", grid(), TABLE, epsg=4326, layer="DLTB").read_bytes(),
        "a.dxf": written(
            folder, "a.dxf", grid(), {"Layer": ["JSBJ"] * 20}, says=False
        ).read_bytes(),
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return samples(tmp_path_factory.mktemp("good"))


@pytest.mark.parametrize("name", ["a.geojson", "shape.zip", "gdb.zip", "a.gpkg", "a.kml", "a.dxf"])
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_damaged_files_are_read_or_refused_and_nothing_else(files, name):
    data = files[name]
    assert not read_file(name, data).faults

    @settings(max_examples=14, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        end=st.integers(0, len(data)),
        flips=st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(1, 255)), max_size=30),
        filename=st.sampled_from([name, name, name, "a.zip", "a.gpkg", "x.kmz"]),
    )
    def damage(end, flips, filename):
        broken = bytearray(data)
        for at, bits in flips:
            broken[at] ^= bits
        reading = read_file(filename, bytes(broken[: end or None]))
        assert reading.all_faults or all(source.features for source in reading.sources)
        for fault in reading.all_faults:
            assert isinstance(fault.reason, Fault)
        for source in reading.sources:
            assert bool(source.features) or source.faults
            for feature in source.features:
                assert feature.geometry["type"] in FAMILIES and feature.area_m2 >= 0

    damage()


def test_the_process_that_reads_reaches_no_network_and_runs_nothing():
    script = (
        f"import sys; sys.path.insert(0, {str(worker.__file__).rsplit('/portal/', 1)[0]!r})\n"
        "import ctypes, os, socket, threading\nfrom portal.core.confine import forbid\n"
        "def call(number):\n"
        "    if ctypes.CDLL(None, use_errno=True).syscall(number, 8, 0) < 0:\n"
        "        raise OSError(ctypes.get_errno(), '')\n"
        "print(forbid())\n"
        "one = threading.Thread(target=int)\none.start()\none.join()\n"
        "for deed in (lambda: socket.socket(), lambda: os.execv('/bin/true', ['true']), os.fork,\n"
        "             lambda: os.posix_spawn('/bin/true', ['true'], {}), lambda: call(425),\n"
        "             lambda: call(0x40000000 + 39)):\n"
        "    try:\n        deed(); print('done')\n    except PermissionError: print('refused')\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    can = confine.platform.system() == "Linux" and confine.platform.machine() in confine._MACHINES
    assert told.stdout.split() == (["True", *["refused"] * 6] if can else ["False", "done"])
    socket.socket().close()  # here it is still allowed


def test_no_other_reader_is_left_to_open_a_file():
    script = (
        "import os\nfrom portal.maps.drivers import ALLOWED, OTHERS\n"
        "os.environ['GDAL_SKIP'] = OTHERS\nimport pyogrio\n"
        "print(sorted(set(pyogrio.list_drivers()) ^ ALLOWED))"
    )
    root = worker.__file__.rsplit("/portal/", 1)[0]
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root)
    assert told.stdout.strip() == "[]"


def test_a_kml_with_a_link_into_the_network_is_not_followed():
    link = (
        b'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        b"<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
        b"</Document></kml>"
    )
    assert reasons("a.kml", link) in ([Fault.NO_FEATURES], [Fault.BROKEN])


def test_the_bad_files_of_a_linter_meet_the_same_verdict_here():
    folder = real_data("geo/geojsonhint/bad")
    if folder is None:
        return
    for name, verdict in BAD.items():
        reading = read_file(f"{name}.geojson", (folder / f"{name}.geojson").read_bytes())
        sources = [s for s in reading.sources if s.kind is None]
        found = [f.reason for f in reading.all_faults if f.reason is not Fault.NO_KIND]
        if isinstance(verdict, Repair):
            assert found == [] and sources[0].repairs[0].reason is verdict, name
        elif verdict is Fault.TOO_FAR_APART:
            assert verdict in found, name
        else:
            assert found[:1] == [verdict], name
            assert all(not source.features for source in reading.sources), name


def test_the_good_files_of_a_linter_are_read_unless_they_show_no_village():
    folder = real_data("geo/geojsonhint/good")
    if folder is None:
        return
    for path in sorted(folder.iterdir()):
        reading = read_file(path.name, path.read_bytes())
        found = [f.reason for f in reading.all_faults if f.reason is not Fault.NO_KIND]
        assert found[:1] == ([GOOD[path.stem]] if path.stem in GOOD else []), path.stem
