"""What the committee writes into a document: from the form's text to parts, and back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.disclosure.catalogue_keeping import get_due
from portal.disclosure.forms import BodyForm
from portal.disclosure.kinds import KINDS
from portal.disclosure.rules import DocKind

MOST_PARTS = 4
MOST_ROWS = 1000
MOST_CELLS = 8


def name_of(kind: DocKind, subject_id: int, *, now: datetime) -> str:
    """Return the name of what a document is about, until it has a title of its own."""
    if kind is DocKind.AFFAIRS:
        due = get_due(subject_id)
        return due.name
    return dict(KINDS[kind].list_waiting(now=now)).get(subject_id, "")


def from_form(form: BodyForm) -> list[dict[str, Any]]:
    """Return the parts that were filled in."""
    parts = []
    for number in range(1, MOST_PARTS + 1):
        title = (form[f"title{number}"].data or "").strip()
        text = (form[f"text{number}"].data or "").strip()
        rows = rows_of(form[f"rows{number}"].data or "")
        if title and (text or rows):
            parts.append({"title": title, "text": text, "rows": rows})
    return parts


def rows_of(text: str) -> list[list[str]]:
    """Return the rows of a table that was typed or pasted: cells parted by | or tabs."""
    rows = []
    for line in text.splitlines()[:MOST_ROWS]:
        cells = line.strip().strip("|").replace("\t", "|").replace("｜", "|").split("|")
        if any(cell.strip() for cell in cells):
            rows.append([cell.strip()[:500] for cell in cells[:MOST_CELLS]])
    return rows


def as_form(body: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the parts as the form's fields."""
    values = {}
    for number, part in enumerate(body[:MOST_PARTS], start=1):
        if "title" in part:
            values[f"title{number}"] = part["title"]
            values[f"text{number}"] = part["text"]
            values[f"rows{number}"] = "\n".join(" | ".join(row) for row in part["rows"])
    return values
