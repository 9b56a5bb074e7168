"""The scripts of the sealed voting page: what they are, to the letter.

Their digest stands in the ballot's manifest, and the page names each one's own, so that a browser
runs no other (subresource integrity) and anybody can compare.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"
SEALED = ("vendor/sealed_box.js", "js/sealed.js")


@cache
def integrity(path: str) -> str:
    """Return a script's digest as browsers want it in `integrity`."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def digests() -> dict[str, str]:
    """Return the digest of every script that touches a choice, by its path."""
    return {path: hashlib.sha256((STATIC / path).read_bytes()).hexdigest() for path in SEALED}


@cache
def script_sha256() -> str:
    """Return one digest over them all, as `sha256sum` writes them: for the manifest."""
    lines = "".join(f"{digest}  {path}\n" for path, digest in digests().items())
    return hashlib.sha256(lines.encode()).hexdigest()
