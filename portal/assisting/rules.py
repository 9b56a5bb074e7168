"""Who may enter for whom, and who may vouch. Pure."""

from enum import StrEnum


class RequestState(StrEnum):
    """Where a request to be recognised stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"
