"""Logs and checkpoints, recomputed from their leaves: whatever does not hold is named."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.transparency import checkpoints, logs, proofs, tree
from portal.transparency.models import Checkpoint, LogNode
from portal.transparency.rules import TreeFault


@dataclass(frozen=True)
class Broken:
    """One thing wrong with a log: in which, at what size (or after how many leaves), and what."""

    log: str
    size: int
    fault: TreeFault


@dataclass(frozen=True)
class Statement:
    """What a paper says of a log: so long it was, and this (or so it begins) was its root."""

    log: str
    size: int
    root: str


@dataclass(frozen=True)
class Proof:
    """That a signed log holds a leaf: at which place (from zero), and the hashes that show it.

    `path` is None where the log no longer leads to what was signed.
    """

    index: int
    checkpoint: Checkpoint
    path: list[str] | None


def find_proof(log: str, leaf: str) -> Proof | None:
    """Prove that a log holds a leaf by its newest checkpoint; None if that does not reach it."""
    index, newest = logs.find(log, leaf), checkpoints.latest(log)
    if index is None or newest is None or index >= newest.size:
        return None
    return Proof(index, newest, proofs.find_inclusion(index, newest))


def why_broken() -> list[Broken]:
    """Build every tree of this village anew and compare it with all that was kept and signed.

    One tree, leaf by leaf, passes through the size of every checkpoint: so each of them continues
    the one before it.
    """
    return [broken for log in _names() for broken in _check(log)]


def why_not(said: Statement) -> TreeFault | None:
    """Compare what a paper says with the log as it is now, leaf by leaf; None if it still holds."""
    leaves = logs.leaves(said.log, 0, said.size)
    if len(leaves) < said.size:
        return TreeFault.SHORTER
    if not _root_of(leaves).startswith(said.root):
        return TreeFault.ROOT_DIFFERS
    return None


def why_unsigned(checkpoint: Checkpoint) -> TreeFault | None:
    """Check one checkpoint as a page shows it: its signature, and that the log leads to it."""
    if not checkpoints.is_signed(checkpoint):
        return TreeFault.NOT_SIGNED
    try:
        root = proofs.root(checkpoint.log, checkpoint.size)
    except proofs.LeafMissing:
        return TreeFault.SHORTER
    return None if root == checkpoint.root else TreeFault.ROOT_DIFFERS


def _check(log: str) -> list[Broken]:
    """Compare one log with its checkpoints and, where they fit, with the nodes kept of it."""
    signed = checkpoints.list_all(log)
    forged = [one.size for one in signed if not checkpoints.is_signed(one)]
    end = max([logs.size(log), *(one.size for one in signed)])
    leaves = logs.numbered(log, [(0, end)])
    edge, sizes = tree.Edge(), {one.size for one in signed}
    made: dict[tree.Node, bytes] = {}
    roots: dict[int, str] = {}
    while edge.size in leaves:
        made |= edge.add(bytes.fromhex(leaves[edge.size]))
        if edge.size in sizes:
            roots[edge.size] = edge.root().hex()
    found = []
    if edge.size < len(leaves):
        found.append(Broken(log, edge.size, TreeFault.LEAF_MISSING))
    for one in signed:
        if one.size > edge.size:
            found.append(Broken(log, one.size, TreeFault.SHORTER))
        elif roots[one.size] != one.root:
            found.append(Broken(log, one.size, TreeFault.ROOT_DIFFERS))
    found = found or _nodes_broken(log, made, signed[-1].size if signed else 0)
    return [*(Broken(log, size, TreeFault.NOT_SIGNED) for size in forged), *found]


def _nodes_broken(log: str, made: dict[tree.Node, bytes], size: int) -> list[Broken]:
    """Compare the subtrees that are kept with those made from the leaves."""
    query = select(LogNode.level, LogNode.idx, LogNode.sha256).where(LogNode.log == log)
    kept = {(level, idx): sha256 for level, idx, sha256 in db.session.execute(query)}
    wanted = {
        (level, idx): sha256.hex()
        for (level, idx), sha256 in made.items()
        if level >= proofs.KEPT_FROM and (idx + 1) << level <= size
    }
    ends = {(idx + 1) << level for (level, idx), _ in kept.items() ^ wanted.items()}
    return [Broken(log, end, TreeFault.NODE_CHANGED) for end in sorted(ends)]


def _names() -> list[str]:
    """Name every log that has leaves, or has (or had) a checkpoint or nodes."""
    others = [
        name
        for model in (Checkpoint, LogNode)
        for name in db.session.scalars(select(model.log).distinct())
    ]
    return list(dict.fromkeys([*logs.names(), *sorted(others)]))


def _root_of(leaves: Collection[str]) -> str:
    edge = tree.Edge()
    for leaf in leaves:
        edge.add(bytes.fromhex(leaf))
    return edge.root().hex()
