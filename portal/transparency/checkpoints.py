"""Signed statements of how long a log is and what its root is; each continues the one before."""

from datetime import datetime

from flask import current_app
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.transparency import logs, proofs, rules, signing
from portal.transparency.models import Checkpoint, CheckpointSlip, LogLeaf, RecordEntry
from portal.transparency.rules import Refusal

PER_PAGE = 20


def make(log: str, *, now: datetime) -> Checkpoint | None:
    """Sign a log as it is now and return the checkpoint; one that did not grow keeps its newest.

    An empty log has none. Raises Refused when the log does not continue its newest checkpoint:
    then somebody changed what was signed, and nothing is signed on top of it.
    """
    code = logs.lock_village()
    size, last = logs.size(log), latest(log)
    if size == 0 and last is None:
        return None
    root = _continue(log, last, size)
    if last and size == last.size:
        return last
    proofs.keep_nodes(log, last.size if last else 0, size)
    origin = f"{current_app.config['SETTINGS'].public_url}/v/{code}/record"
    text = rules.checkpoint_text(origin=origin, log=log, size=size, root=root)
    made = Checkpoint(
        log=log,
        size=size,
        root=root,
        origin=origin,
        signature=signing.sign(text.encode()),
        made_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def make_grown(*, now: datetime) -> int:
    """Sign every log that grew since its newest checkpoint; return how many. A chore.

    A log that does not continue what was signed is left alone and told to whoever keeps the house.
    """
    made = 0
    for village_id, log in _grown():
        with village_scope(village_id):
            try:
                with db.session.begin_nested():
                    made += make(log, now=now) is not None
            except Refused:
                current_app.logger.error(
                    "village %s: the log %s does not continue what was signed", village_id, log
                )
    return made


def latest(log: str) -> Checkpoint | None:
    """Return the newest checkpoint of a log, or None."""
    query = select(Checkpoint).where(Checkpoint.log == log)
    return db.session.scalar(query.order_by(Checkpoint.size.desc()).limit(1))


def list_all(log: str) -> list[Checkpoint]:
    """Return every checkpoint of a log, the oldest first."""
    query = select(Checkpoint).where(Checkpoint.log == log).order_by(Checkpoint.size)
    return list(db.session.scalars(query))


def list_page(log: str, *, page: int = 1) -> Pagination:
    """Return one page of the checkpoints of a log, the newest first."""
    query = select(Checkpoint).where(Checkpoint.log == log).order_by(Checkpoint.size.desc())
    return db.paginate(query, page=page, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)


def get(log: str, size: int) -> Checkpoint:
    """Return the checkpoint of this size, or raise NoResultFound, which the app shows as 404."""
    query = select(Checkpoint).where(Checkpoint.log == log, Checkpoint.size == size)
    return db.session.scalars(query).one()


def note_printed(checkpoint: Checkpoint, *, now: datetime) -> None:
    """Note that a slip of it was printed; the first time counts."""
    logs.lock_village()
    if printed_at(checkpoint) is None:
        db.session.add(CheckpointSlip(log=checkpoint.log, size=checkpoint.size, printed_at=now))
        db.session.flush()


def printed_at(checkpoint: Checkpoint) -> datetime | None:
    """Return when a slip of it was first printed, or None."""
    return list_printed(checkpoint.log, checkpoint.size).get(checkpoint.size)


def list_printed(log: str, *sizes: int) -> dict[int, datetime]:
    """Return when slips of these checkpoints of a log were first printed, by their size."""
    query = select(CheckpointSlip.size, CheckpointSlip.printed_at)
    query = query.where(CheckpointSlip.log == log, CheckpointSlip.size.in_(sizes))
    return {size: moment for size, moment in db.session.execute(query)}


def text(checkpoint: Checkpoint) -> str:
    """Return what was signed, to the letter."""
    return rules.checkpoint_text(
        origin=checkpoint.origin, log=checkpoint.log, size=checkpoint.size, root=checkpoint.root
    )


def is_signed(checkpoint: Checkpoint) -> bool:
    """Tell whether this house signed exactly this."""
    return signing.is_signed(text(checkpoint).encode(), checkpoint.signature)


def _grown() -> list[tuple[int, str]]:
    """Name the logs of all villages that are not as long as their newest checkpoint."""
    signed = select(Checkpoint.village_id, Checkpoint.log, func.max(Checkpoint.size))
    entries = select(RecordEntry.village_id, func.max(RecordEntry.number))
    others = select(LogLeaf.village_id, LogLeaf.log, func.max(LogLeaf.idx))
    of_record = db.session.execute(entries.group_by(RecordEntry.village_id))
    of_logs = db.session.execute(others.group_by(LogLeaf.village_id, LogLeaf.log))
    long = {(village_id, logs.RECORD): number for village_id, number in of_record}
    long |= {(village_id, log): idx + 1 for village_id, log, idx in of_logs}
    known = db.session.execute(signed.group_by(Checkpoint.village_id, Checkpoint.log))
    sizes = {(village_id, log): size for village_id, log, size in known}
    return sorted(log for log in long | sizes if long.get(log) != sizes.get(log))


def _continue(log: str, last: Checkpoint | None, size: int) -> str:
    """Return the root of a log as it is now, or raise Refused if it does not continue `last`."""
    try:
        root = proofs.root(log, size)
        if last is None or (
            is_signed(last)
            and last.size <= size
            and proofs.is_consistent(
                last.size, size, proofs.consistency(log, last.size, size), last.root, root
            )
        ):
            return root
    except proofs.LeafMissing:
        pass
    raise Refused(Refusal.NOT_CONTINUED)
