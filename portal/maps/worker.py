"""Opens a map file in a process of its own, and says on the standard output what is in it.

The file of a stranger may ask for any memory and any time, and the libraries that read it are
large. So `maps/formats.py` runs this file, confined, and a bad map ends nothing but this.
Arguments: the file, an empty folder to work in, and a JSON of what is wanted.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from portal.maps.drivers import OTHERS

os.environ.update(
    GDAL_SKIP=OTHERS,
    GDAL_DRIVER_PATH="disable",
    GDAL_DISABLE_READDIR_ON_OPEN="FALSE",
    GDAL_NUM_THREADS="1",
    CPL_DEBUG="OFF",
    OGR_SQLITE_LOAD_EXTENSIONS="NONE",
    OPENBLAS_NUM_THREADS="1",
    PROJ_NETWORK="OFF",
)

from portal.core.confine import confine
from portal.maps.opening import open_map

MEMORY = 220_000_000
SECONDS = 9
FILE_SIZE = 120_000_000


def main() -> None:
    """Read the file that is named, and write one line of JSON."""
    path, folder, wanted = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    confine(memory=MEMORY, seconds=SECONDS, file_size=FILE_SIZE)
    try:
        told = open_map(path, folder, **wanted)
    except MemoryError:
        told = {"format": "", "sources": [], "others": [], "faults": [["too-much-work", "", ""]]}
    sys.stdout.write(json.dumps(told, ensure_ascii=True, separators=(",", ":")))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
