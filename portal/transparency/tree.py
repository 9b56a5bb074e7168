"""A Merkle tree as RFC 6962 section 2.1 has it: root, proofs, and how one checks them. Pure.

A node is named by its level and its index: node (p, i) covers the leaves from i·2^p to (i+1)·2^p.
Proofs are lists of hashes, the one nearest to the leaf first, exactly as the RFC writes them.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

Node = tuple[int, int]
Span = tuple[int, int]
EMPTY = sha256(b"").digest()


def leaf(content: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + content).digest()


def parent(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two."""
    return sha256(b"\x01" + left + right).digest()


def nodes_of(span: Span) -> list[Node]:
    """Return the whole subtrees that make up a span of leaves, the largest (and leftmost) first."""
    start, end = span
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def join(hashes: Sequence[bytes]) -> bytes:
    """Return the root over whole subtrees, given as `nodes_of` names them."""
    *others, root = hashes or [EMPTY]
    for other in reversed(others):
        root = parent(other, root)
    return root


def inclusion(index: int, size: int) -> list[Span]:
    """Return the spans whose roots prove that leaf `index` is in a tree of `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, end, found = 0, size, []
    while end - start > 1:
        middle = start + _left(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency(old: int, new: int) -> list[Span]:
    """Return the spans whose roots prove that `new` leaves begin with the `old` ones."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not continue one of {old}")
    start, end, found = 0, new, []
    while end != old:
        middle = start + _left(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    if start:
        found.append((start, end))
    return found[::-1]


def is_included(content: bytes, index: int, size: int, path: Iterable[bytes], root: bytes) -> bool:
    """Check an inclusion proof of the leaf hash `content` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    for other in path:
        if not last:
            return False
        if at & 1 or at == last:
            content = parent(other, content)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            content = parent(content, other)
        at, last = at >> 1, last >> 1
    return last == 0 and content == root


def is_consistent(
    old: int, new: int, path: Iterable[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Check a consistency proof (RFC 9162 section 2.1.4.2)."""
    hashes = list(path)
    if not 0 < old <= new:
        return False
    if old == new:
        return not hashes and old_root == new_root
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = hashes[0]
    for other in hashes[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            before, after = parent(other, before), parent(other, after)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            after = parent(after, other)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


class Edge:
    """The right edge of a growing tree: all one needs to add leaves and to know the root."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Go on where a tree of `size` leaves ended; `peaks` are the hashes of its `nodes_of`."""
        self.size, self._peaks = size, list(peaks)

    def add(self, content: bytes) -> list[tuple[Node, bytes]]:
        """Add the hash of a leaf; return the nodes above it that became whole by it."""
        made, level = [], 0
        while self.size >> level & 1:
            content, level = parent(self._peaks.pop(), content), level + 1
            made.append(((level, self.size >> level), content))
        self._peaks.append(content)
        self.size += 1
        return made

    def root(self) -> bytes:
        """Return the root of the tree as it is now."""
        return join(self._peaks)


def _left(width: int) -> int:
    """Return how many of the leaves are in the left half: the largest power of two below."""
    return 1 << ((width - 1).bit_length() - 1)
