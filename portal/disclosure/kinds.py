"""The kinds of documents that there are. What a kind is, and how one is added: `kind.py`."""

from portal.disclosure import (
    kind_adoption,
    kind_affairs,
    kind_approved,
    kind_conflicts,
    kind_correction,
    kind_evaluation,
    kind_notice,
    kind_vote,
)
from portal.disclosure.kind import KINDS, Kind

MODULES = (
    kind_notice,
    kind_vote,
    kind_approved,
    kind_adoption,
    kind_conflicts,
    kind_evaluation,
    kind_affairs,
    kind_correction,
)
KINDS.update({module.KIND.code: module.KIND for module in MODULES})

__all__ = ["KINDS", "Kind"]
