"""The privacy notice: its versions, their texts in both languages, and their digests.

A version never changes once it was in force: `DIGESTS` holds what it was, and a test compares. A
change of text or of a span is a new version, which everybody is asked to read anew.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portal.core import retention

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("zh_Hans", "en")
DIGESTS = {
    "2026-12": "8c1ac1702679c01ea843f26906282391db8e3d1eedad004c87f1ceb063899444",
    "2026-11": "518ecdc9631e4756c7cddcd756dfc9808917a7990d042c079f3b142c0a8bce7d",
}


@dataclass(frozen=True)
class Block:
    """A piece of the text: a heading, a paragraph, or a list."""

    kind: str
    lines: tuple[str, ...]


def versions() -> list[str]:
    """Return every version that was ever in force, the newest first."""
    return [version for version, _ in reversed(retention.PROMISED)]


@lru_cache(maxsize=32)
def read(version: str, language: str) -> tuple[Block, ...]:
    """Return the text of a version in a language (Chinese where there is none in it)."""
    path = TEXTS / f"{version}.{language if language in LANGUAGES else LANGUAGES[0]}.md"
    blocks = []
    for piece in path.read_text(encoding="utf-8").strip().split("\n\n"):
        lines = piece.splitlines()
        if lines[0].startswith("## "):
            blocks.append(Block("heading", (lines[0][3:],)))
        elif lines[0].startswith("- "):
            blocks.append(Block("list", tuple(line[2:] for line in lines)))
        else:
            blocks.append(Block("paragraph", (" ".join(lines),)))
    return tuple(blocks)


def digest(version: str) -> str:
    """Return the SHA-256 of a version: its texts and the spans that it promises."""
    spans = {kind.value: days for kind, days in retention.promised(version).items()}
    whole = hashlib.sha256(json.dumps(spans, sort_keys=True).encode())
    for language in LANGUAGES:
        whole.update(b"\x00" + (TEXTS / f"{version}.{language}.md").read_bytes())
    return whole.hexdigest()
