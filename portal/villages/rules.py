"""Kinds of facilities, and the steps in which a village is set up. Pure."""

from enum import StrEnum


class FacilityKind(StrEnum):
    """What a facility or service of the village is for (the public services of its plan)."""

    COMMITTEE = "committee"
    CLINIC = "clinic"
    SCHOOL = "school"
    ELDERLY = "elderly"
    CULTURE = "culture"
    SPORTS = "sports"
    SHOP = "shop"
    POST = "post"
    TRANSPORT = "transport"
    WATER = "water"
    WASTE = "waste"
    OTHER = "other"
