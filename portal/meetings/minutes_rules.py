"""When minutes can be written, signed and corrected, and what their digest is. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from portal.meetings.rules import Refusal, State

LONGEST_TEXT, LONGEST_DECISION = 8000, 400


def agenda_items(agenda: str) -> list[str]:
    """Return the points of an agenda, one for each of its lines."""
    return [line.strip()[:200] for line in agenda.splitlines() if line.strip()]


def why_not_write(
    *, state: State, is_frozen: bool, text: str, seen: int, revision: int
) -> Refusal | None:
    """Say why minutes cannot be written, or None. `revision` is 0 before they are."""
    if is_frozen:
        return Refusal.MINUTES_FROZEN
    if state is not State.CLOSED:
        return Refusal.NOT_CLOSED
    if seen != revision:
        return Refusal.ALREADY_DONE
    return None if text.strip() else Refusal.NO_MINUTES


def why_not_sign(
    *,
    is_frozen: bool,
    was_there: bool,
    signed_by: int | None,
    account_id: int,
    seen: int,
    revision: int,
) -> Refusal | None:
    """Say why somebody cannot sign minutes, or None: two who were there, of what they have read."""
    if is_frozen:
        return Refusal.MINUTES_FROZEN
    if seen != revision:
        return Refusal.ALREADY_DONE
    if not was_there:
        return Refusal.NOT_THERE
    return Refusal.SECOND_PERSON if signed_by == account_id else None


def digest_of(facts: Mapping[str, Any]) -> str:
    """Return the digest of minutes, or of a correction, in one fixed form."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
