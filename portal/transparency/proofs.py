"""Proofs about the logs, as lists of hashes in hexadecimal, and the nodes kept to make them fast.

A log only grows, so a whole subtree never changes. Subtrees from 64 leaves up are kept as far as
the newest checkpoint reaches; what is not kept is computed from its leaves. So a proof reads some
hundred rows, in two queries, however long the log is.
"""

from collections.abc import Collection

from sqlalchemy import insert, select, tuple_

from portal.core import scope
from portal.core.db import db
from portal.transparency import logs, tree
from portal.transparency.models import Checkpoint, LogNode
from portal.transparency.tree import Node, Span

KEPT_FROM = 6


class LeafMissing(ValueError):
    """A leaf that a proof needs is not in its log."""


def root(log: str, size: int) -> str:
    """Return the root of a log's first `size` leaves."""
    return _roots(log, [(0, size)])[0]


def inclusion(log: str, index: int, size: int) -> list[str]:
    """Prove that the leaf at `index` (from zero) is among the first `size` leaves of a log."""
    return _roots(log, tree.inclusion(index, size))


def consistency(log: str, old: int, new: int) -> list[str]:
    """Prove that the first `new` leaves of a log begin with the first `old` ones."""
    return _roots(log, tree.consistency(old, new))


def find_inclusion(index: int, checkpoint: Checkpoint) -> list[str] | None:
    """Return the proof that a checkpoint holds a leaf; None where there is none that holds."""
    log, size = checkpoint.log, checkpoint.size
    try:
        path = inclusion(log, index, size)
        leaf = logs.leaves(log, index, index + 1)
    except LeafMissing:
        return None
    return path if leaf and is_included(leaf[0], index, size, path, checkpoint.root) else None


def find_consistency(old: Checkpoint, new: Checkpoint) -> list[str] | None:
    """Return the proof that a checkpoint continues another; None where there is none that holds."""
    try:
        path = consistency(old.log, old.size, new.size)
    except LeafMissing:
        return None
    return path if is_consistent(old.size, new.size, path, old.root, new.root) else None


def is_included(leaf: str, index: int, size: int, path: Collection[str], root: str) -> bool:
    """Check a proof of inclusion."""
    return tree.is_included(_bytes(leaf), index, size, map(_bytes, path), _bytes(root))


def is_consistent(old: int, new: int, path: Collection[str], old_root: str, new_root: str) -> bool:
    """Check a proof of consistency."""
    return tree.is_consistent(old, new, map(_bytes, path), _bytes(old_root), _bytes(new_root))


def keep_nodes(log: str, old: int, new: int) -> None:
    """Keep the larger subtrees that became whole between these two sizes."""
    peaks = tree.nodes_of((0, old))
    known = _hashes(log, peaks)
    edge = tree.Edge(old, [known[peak] for peak in peaks])
    leaves = logs.leaves(log, old, new)
    made = [node for leaf in leaves for node in edge.add(_bytes(leaf)) if node[0][0] >= KEPT_FROM]
    if made:
        village_id = scope.require_village()
        rows = [
            {"village_id": village_id, "log": log, "level": level, "idx": idx, "sha256": sha.hex()}
            for (level, idx), sha in made
        ]
        db.session.execute(insert(LogNode), rows)


def _roots(log: str, spans: Collection[Span]) -> list[str]:
    """Return the root over each of these spans of a log's leaves."""
    parts = [tree.nodes_of(span) for span in spans]
    known = _hashes(log, [node for nodes in parts for node in nodes])
    return [tree.join([known[node] for node in nodes]).hex() for nodes in parts]


def _hashes(log: str, nodes: Collection[Node]) -> dict[Node, bytes]:
    """Return the hashes of whole subtrees: as kept, or from their leaves."""
    known = _kept(log, [node for node in nodes if node[0] >= KEPT_FROM])
    rest = {(level, idx): (idx << level, idx + 1 << level) for level, idx in nodes}
    rest = {node: span for node, span in rest.items() if node not in known}
    leaves = {at: _bytes(leaf) for at, leaf in logs.numbered(log, list(rest.values())).items()}
    for node, (start, end) in rest.items():
        edge = tree.Edge()
        for at in range(start, end):
            if at not in leaves:
                raise LeafMissing(f"{log} has no leaf {at}")
            edge.add(leaves[at])
        known[node] = edge.root()
    return known


def _kept(log: str, nodes: Collection[Node]) -> dict[Node, bytes]:
    if not nodes:
        return {}
    query = select(LogNode.level, LogNode.idx, LogNode.sha256).where(
        LogNode.log == log, tuple_(LogNode.level, LogNode.idx).in_(nodes)
    )
    rows = db.session.execute(query)
    return {(level, idx): _bytes(sha256) for level, idx, sha256 in rows}


_bytes = bytes.fromhex
