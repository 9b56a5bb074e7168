"""Real files that are not ours to keep here; they lie beside the repository.

`PORTAL_TEST_DATA` says where, by default `../shared/data`. Where they are absent, as in a stranger's
clone, a test says so in one line and goes on with the small fixtures of its own; where CI=true their
absence is a failure.
"""

import os
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def real_data(path: str) -> Path | None:
    """Return a real file or folder, or None where this machine has none."""
    folder = Path(os.environ.get("PORTAL_TEST_DATA", "../shared/data"))
    found = (REPOSITORY / folder / path).resolve()
    if found.exists():
        return found
    if os.environ.get("CI") == "true":
        raise FileNotFoundError(f"CI=true, but {path} is not in PORTAL_TEST_DATA={folder}")
    print(f"no real data here ({path}): own small fixtures only; PORTAL_TEST_DATA says where it is")
    return None
