"""Purposes, consents and how long things are kept. Pure."""

from enum import StrEnum


class Purpose(StrEnum):
    """What personal data is used for beyond what the portal cannot do without (domain.md S1)."""

    SMS = "sms"
    PUSH = "push"
    NAMED = "named"
    PHOTOS = "photos"
    CONTACT = "contact"
