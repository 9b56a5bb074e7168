"""Where real files lie that are too many or not ours to keep here: beside the repository."""

import os
from pathlib import Path

ROOT = Path(os.environ.get("PORTAL_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))


def real_data(path: str) -> Path | None:
    """Return a real file or folder, or None where this machine has none."""
    found = ROOT / path
    return found if found.exists() else None
