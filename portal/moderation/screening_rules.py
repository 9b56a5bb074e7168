"""What becomes of words: which policy counts, and what it holds back. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from portal.moderation.rules import Hold, Mode

REPEATED_WITHIN = timedelta(hours=1)
REPEATED_TIMES = 2
"""How often somebody may say the same within that time; once more, and it waits."""
SHORTEST_REPEATED = 8
"""Letters; whoever thanks everybody says the same often."""
LATEST_SAID = 20
"""How many of somebody's latest words are compared."""

_LINK = re.compile(
    r"(?:https?|ftp)://[^\s/]+"
    r"|(?<![a-z0-9])www\.\w"
    r"|(?<![a-z0-9-])[a-z0-9-]{2,}\.(?:com|cn|net|org|top|xyz|vip|cc|info|shop|club|site|me|io|app)(?![a-z0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Policy:
    """What the committee wants of words somewhere; as here, where it said nothing."""

    mode: Mode = Mode.POST
    holds_first: bool = False
    holds_links: bool = True
    holds_repeated: bool = True


DEFAULT = Policy()


def choose_policy(
    policies: Mapping[tuple[str, str], Policy], *, place: str, phase: str = ""
) -> Policy:
    """Return the policy that counts here: of the place, of its kind, of the village; else ours.

    `policies` are keyed by place and phase. At the same place the one of the phase comes first.
    """
    for where in (place, place.partition(":")[0], ""):
        for when in dict.fromkeys((phase, "")):
            if found := policies.get((where, when)):
                return found
    return DEFAULT


def why_held(
    policy: Policy, *, is_staff: bool, is_first: bool, has_links: bool, times_said: int
) -> Hold | None:
    """Return why words wait for the committee whatever they say, or None.

    Who works for the village speaks for it, with a badge: those words do not wait.
    """
    if is_staff:
        return None
    if policy.mode is Mode.PRE:
        return Hold.PLACE
    if policy.holds_first and is_first:
        return Hold.FIRST
    if policy.holds_links and has_links:
        return Hold.LINKS
    if policy.holds_repeated and times_said >= REPEATED_TIMES:
        return Hold.REPEATED
    return None


def has_links(text: str) -> bool:
    """Tell whether there is an address of the web in a text."""
    return _LINK.search(unicodedata.normalize("NFKC", text)) is not None


def count_same(text: str, earlier: Iterable[str]) -> int:
    """Return how many of the earlier texts say the same, letter by letter; short ones never do."""
    bare = _letters(text)
    if len(bare) < SHORTEST_REPEATED:
        return 0
    return sum(_letters(other) == bare for other in earlier)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())
