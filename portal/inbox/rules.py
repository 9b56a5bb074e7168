"""What is worth a message, by which way, when one is tried again, and where push may go. Pure."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


class Way(StrEnum):
    """A way by which a message reaches a person beside the inbox."""

    SMS = "sms"
    PUSH = "push"


class Topic(StrEnum):
    """What a message is about. Wishes are made per topic."""

    PLANS = "plans"
    VOTES = "votes"
    TALK = "talk"
    SURVEYS = "surveys"
    POINTS = "points"
    MINE = "mine"
    SECURITY = "security"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given-up"


class Fault(StrEnum):
    """Why a delivery was given up, as the operator's page tells it."""

    TOO_OLD = "too-old"
    TRIED_ENOUGH = "tried-enough"
    REFUSED = "refused"
    NOBODY = "nobody"


class Outcome(StrEnum):
    """What became of one try. `REFUSED` is for ever; `LATER` says nothing about the next try."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"


# How long to wait after the first, second … failure; after the last one a delivery is given up.
_MINUTES = (1, 5, 20, 60, 60, 60, 60, 120, 240, 480, 720, 1080)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in _MINUTES)
LEASE = timedelta(minutes=3)
"""How long whoever claimed a delivery has for it; then somebody else may take it."""
FAULTS_IN_A_ROW = 3
"""After so many failures of one way in a row it is left alone for a while: it is down."""
DOWN = timedelta(seconds=30)

KEPT_READ = timedelta(days=180)
KEPT_UNREAD = timedelta(days=365)
KEPT_DELIVERIES = timedelta(days=30)

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""Between these hours of the village only what cannot wait makes a phone ring."""
LONGEST_SMS = 200

Wishes = Mapping[tuple[Topic, Way], bool]
ALWAYS = frozenset({(Topic.SECURITY, Way.SMS)})
"""What nobody can wish away."""


def is_wanted(
    *, topic: Topic, way: Way, matters: bool, wishes: Wishes, has_consent: bool = True
) -> bool:
    """Tell whether a message goes this way too.

    An SMS brings only what matters, push everything: whoever has it asked for it. What was not
    wished otherwise is wanted; what concerns safety comes by SMS whatever was wished, since a
    stranger on the phone could wish it away. For all else the person must have agreed to the way.
    """
    if way is Way.SMS and not matters:
        return False
    return (topic, way) in ALWAYS or (has_consent and wishes.get((topic, way), True))


def is_quiet(now: datetime) -> bool:
    """Tell whether the village sleeps: 21:00 is quiet already, 08:00 is not any more."""
    here = now.astimezone(SHANGHAI).time()
    return here >= QUIET_FROM or here < QUIET_UNTIL


def first_moment(now: datetime, *, can_wait: bool) -> datetime:
    """Return when a message may first make a phone ring: at once, or when the quiet is over."""
    if not can_wait or not is_quiet(now):
        return now
    here = now.astimezone(SHANGHAI)
    morning = here.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0)
    return (morning if here < morning else morning + timedelta(days=1)).astimezone(now.tzinfo)


def is_ours(path: str) -> bool:
    """Tell whether a path leads to a page of a village of this house, or nowhere ("")."""
    return path == "" or (
        path.startswith("/v/") and _PLAIN.fullmatch(path) is not None and "\\" not in path
    )


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
