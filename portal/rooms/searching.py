"""Finding what was said in a room by two signs or more, on an index that is never scanned.

Each message leaves its pairs of neighbouring signs in the same transaction. A search goes down the
messages that have every pair of the query, and looks at their words. Never commits.
"""

from dataclasses import dataclass

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import aliased

from portal.core.db import db, table_of
from portal.core.scope import here, prepared
from portal.rooms import folding, lines
from portal.rooms.models import Message, MessagePair

CANDIDATES = 200
MOST_PAIRS = 6


@dataclass(frozen=True)
class Found:
    """A page of finds, the newest first; `older`: what comes before is asked for with this."""

    lines: list[lines.Line]
    older: int | None


_PAIRS = prepared(insert(table_of(MessagePair)))


def keep(room_id: int, message_id: int, body: str) -> None:
    """Keep the pairs of a message that was just written."""
    whose = here(room_id=room_id, message_id=message_id)
    if rows := [{**whose, "pair": pair} for pair in folding.pairs(body)]:
        db.session.execute(_PAIRS, rows)


def forget(message_id: int) -> None:
    """Drop the pairs of a message whose words are changed or gone."""
    db.session.execute(delete(MessagePair).where(MessagePair.message_id == message_id))


def search(room_id: int, query: str, *, before: int | None = None) -> Found:
    """Return the messages of a room that have all words of the query, newest first.

    Two statements, however much was said. What is hidden, held or taken back is never found.
    """
    wanted = folding.terms(query)
    query_of_ids = candidates(room_id, wanted, before=before) if wanted else None
    ids = [] if query_of_ids is None else list(db.session.scalars(query_of_ids))
    if not ids:
        return Found([], None)
    shown = (Message.hidden_code.is_(None), Message.held_for.is_(None))
    said = lines.select_lines().where(Message.id.in_(ids), *shown).order_by(Message.id.desc())
    found = [lines.as_line(*row) for row in db.session.execute(said)]
    hits = [
        line for line in found if line.is_readable and folding.has_all(line.message.body, wanted)
    ]
    return Found(hits, ids[-1] if len(ids) == CANDIDATES else None)


def candidates(room_id: int, wanted: list[str], *, before: int | None) -> Select[int]:
    """Return the query of the newest messages that have every pair; the index has this order."""
    looked_for = list(dict.fromkeys(pair for term in wanted for pair in folding.pairs(term)))
    first, *others = looked_for[:MOST_PAIRS]
    query = select(MessagePair.message_id).where(
        MessagePair.room_id == room_id, MessagePair.pair == first
    )
    for pair in others:
        also = aliased(MessagePair)
        query = query.join(
            also,
            (also.room_id == room_id)
            & (also.pair == pair)
            & (also.message_id == MessagePair.message_id),
        )
    if before is not None:
        query = query.where(MessagePair.message_id < before)
    return query.order_by(MessagePair.message_id.desc()).limit(CANDIDATES)
