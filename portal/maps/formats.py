"""Any map file in: which layers it has, what each seems to be, what is wrong with it."""

from portal.maps import geojson
from portal.maps.rules import FAMILIES
from portal.maps.sources import AUTO, CGCS2000, CrsChoice, FileReading, Known, Source


def read_file(filename: str, data: bytes, *, crs: CrsChoice = AUTO) -> FileReading:
    """Read a file; nothing is kept. With any fault it must not be taken in."""
    reading = geojson.read(data, None)
    families = {FAMILIES[feature.geometry["type"]] for feature in reading.features}
    source = Source(
        key=filename,
        file=filename,
        name=filename.rsplit(".", 1)[0],
        family=families.pop() if len(families) == 1 else None,
        kind=None,
        crs=CGCS2000.key,
        known=Known.SAID if crs is AUTO else Known.CHOSEN,
        candidates=(),
        encoding="UTF-8",
        columns=(),
        features=reading.features,
        faults=reading.faults,
        repairs=reading.repairs,
    )
    return FileReading(filename, "GeoJSON", (source,), ())
