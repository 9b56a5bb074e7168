"""What is worth a message, by which way, when one is tried again, and where push may go. Pure."""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit


class Way(StrEnum):
    """A way by which a message reaches a person beside the inbox."""

    SMS = "sms"
    PUSH = "push"


class Topic(StrEnum):
    """What a message is about. Wishes are made per topic; `EVERYTHING` stands above them."""

    PLANS = "plans"
    VOTES = "votes"
    TALK = "talk"
    SURVEYS = "surveys"
    POINTS = "points"
    MINE = "mine"
    SECURITY = "security"
    EVERYTHING = "everything"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given-up"


# How long to wait after the first, second … failure; after the last one a delivery is given up.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 20, 60, 180, 360, 720, 1440))
LEASE = timedelta(minutes=3)
"""How long whoever claimed a delivery has for it; then somebody else may take it."""
FAULTS_IN_A_ROW = 3
"""After so many failures of one way in a row it is left alone for a while: it is down."""
DOWN = timedelta(seconds=30)

KEPT_READ = timedelta(days=365)
KEPT_DELIVERIES = timedelta(days=90)

Wishes = Mapping[tuple[Topic, Way], bool]


def is_wanted(*, topic: Topic, way: Way, matters: bool, wishes: Wishes) -> bool:
    """Tell whether a message goes this way too.

    Without a wish SMS brings only what matters, push everything: whoever has it asked for it.
    """
    if wishes.get((Topic.EVERYTHING, way)) is False:
        return False
    return wishes.get((topic, way), matters if way is Way.SMS else True)


def pause_after(tries: int) -> timedelta | None:
    """Return how long to wait after so many tries, or None: it is given up."""
    return PAUSES[tries - 1] if 1 <= tries <= len(PAUSES) else None


# --- web push: the address comes from a browser, so it is not to be trusted (trust.md P24, P42) ---

PUSH_HOSTS = frozenset(
    {"fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"}
)
PUSH_FAMILIES = (("notify", "windows", "com"),)
LONGEST_ENDPOINT = 1000
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PLAIN = re.compile(r"[!-~]+")  # no space, no control, nothing beyond ASCII


def is_push_endpoint(url: str, *, test_origins: Collection[str] = ()) -> bool:
    """Tell whether an address leads to one of the known push services, and nowhere else.

    Exactly `https://<known host>/<something>`, without user, port or fragment; a backslash, a
    space or a letter beyond ASCII is refused before anybody can read it in two ways.
    """
    if len(url) > LONGEST_ENDPOINT or not _PLAIN.fullmatch(url) or "\\" in url or "#" in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if len(parts.path) < 2:
        return False
    if f"{parts.scheme}://{parts.netloc}" in test_origins:
        return True
    host = parts.netloc  # not .hostname: that would forgive a user or a port
    return parts.scheme == "https" and port is None and _is_push_host(host)


def _is_push_host(host: str) -> bool:
    if host in PUSH_HOSTS:
        return True
    labels = tuple(host.split("."))
    return any(
        labels[-len(family) :] == family
        and len(labels) > len(family)
        and all(_LABEL.fullmatch(label) for label in labels)
        for family in PUSH_FAMILIES
    )
