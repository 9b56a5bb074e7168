"""Finished pieces of frozen versions, kept in this process: bounded, and never stale.

A piece is kept under everything that it depends on (the content's fingerprint among it), so a new
version has another key, and what depends on the clock or the viewer is never part of a piece.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

Maker = Callable[[], str]
KEPT = 64
_pieces: OrderedDict[Hashable, str] = OrderedDict()
_lock = Lock()


def piece(key: Hashable, make: Maker) -> str:
    """Return the piece under this key, made now if it is not kept; the longest unused one goes."""
    with _lock:
        found = _pieces.get(key)
        if found is not None:
            _pieces.move_to_end(key)
            return found
    made = make()
    with _lock:
        _pieces[key] = made
        while len(_pieces) > KEPT:
            _pieces.popitem(last=False)
    return made


def forget() -> None:
    """Throw all pieces away (for tests)."""
    with _lock:
        _pieces.clear()
