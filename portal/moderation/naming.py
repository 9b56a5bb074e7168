"""What a reader calls the thing that a message is about, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from portal.moderation import ports


def name_of(facts: Mapping[str, Any]) -> str:
    """Return it from the facts of a message: the kind of thing, and its number."""
    return ports.name_of(facts["subject_kind"], facts["number"])
