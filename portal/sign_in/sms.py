"""How a message reaches a phone: one Protocol, and those who keep it.

Whoever sends gets a typed answer and never an exception: SENT; REFUSED, which no other try would
change; LATER, for whoever has an outbox to try again. No answer names a phone, a text or a code.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What a message is: gateways send each by a template that was approved beforehand."""

    CODE = "code"
    NOTICE = "notice"


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True)
class Answer:
    """What became of a message, and the gateway's own word for why it did not leave."""

    outcome: Outcome
    reason: str = ""


SENT = Answer(Outcome.SENT)


class Sender(Protocol):
    """Anything that can bring a short text to a phone.

    `is_slow`: it asks another house, so a page must not wait for it (`hand_over`).
    """

    is_slow: bool

    def send(
        self, *, phone: str, text: str, kind: Kind = Kind.NOTICE, params: tuple[str, ...] = ()
    ) -> Answer:
        """Send a message of at most 11 digits' phone; never raises.

        `text` is the whole message, for those who print it. A gateway sends the template of the
        kind with `params` in its gaps: for a code (code, minutes it is good for); for a notice the
        text itself, when no params are given.
        """


class ConsoleSender:
    """Prints messages where the portal was started. For trying out; refused in production."""

    is_slow = False

    def send(
        self, *, phone: str, text: str, kind: Kind = Kind.NOTICE, params: tuple[str, ...] = ()
    ) -> Answer:
        """Print the message."""
        print(f"[SMS] {phone}: {text}", flush=True)
        return SENT


_behind = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sms")


def hand_over(
    sender: Sender, *, phone: str, text: str, kind: Kind, params: tuple[str, ...]
) -> None:
    """Send a message that is worth something now or never, such as a code.

    A slow sender is not waited for: the page comes as fast for a number that nobody has, so that
    its time tells nothing, and a gateway that hangs holds up nobody. Codes are kept nowhere, hence
    no other try later: whoever got none asks again.
    """
    if sender.is_slow:
        _behind.submit(_send, sender, phone, text, kind, params)
    else:
        _send(sender, phone, text, kind, params)


def _send(sender: Sender, phone: str, text: str, kind: Kind, params: tuple[str, ...]) -> None:
    answer = sender.send(phone=phone, text=text, kind=kind, params=params)
    if answer.outcome is not Outcome.SENT:
        log.warning("a %s was not sent: %s, %s", kind, answer.outcome, answer.reason)
