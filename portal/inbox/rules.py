"""What is worth a message, and when one is tried again. Pure."""

from enum import StrEnum


class Way(StrEnum):
    """A way by which a message reaches a person beside the inbox."""

    SMS = "sms"
    PUSH = "push"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given-up"
