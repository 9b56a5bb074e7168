"""Asking the tool and answering in our own words: what it refuses is refused here with a reason."""

import logging
from collections.abc import Callable
from typing import TypeVar

from portal.ballots.belenios.rules import Refusal
from portal.ballots.belenios.tool import Absent, Failed
from portal.core.errors import Refused

Made = TypeVar("Made")
log = logging.getLogger(__name__)


def by_tool(do: Callable[[], Made], *, wrong: Refusal | None = None) -> Made:
    """Let the tool do something. `wrong` is the reason where it refuses what somebody typed.

    Only a fault that nobody typed is logged: a line about a vote would tell when it was cast.
    """
    try:
        return do()
    except Absent as absent:
        raise Refused(Refusal.NO_TOOL) from absent
    except Failed as failed:
        if wrong is None:
            log.warning("%s", failed)
        raise Refused(wrong or Refusal.TOOL_FAILED) from failed
