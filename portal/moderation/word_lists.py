"""The village's word lists: kept, changed, and looked at for how good they are. Never commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.moderation import built_in, stamps
from portal.moderation.built_in import Measured
from portal.moderation.matching import key_of
from portal.moderation.models import ModerationDecision, ModerationItem
from portal.moderation.rules import Action, Listed
from portal.moderation.screening_models import AllowedWord, WordHit, WordList, WordListEntry


@dataclass(frozen=True)
class Standing:
    """A list as it stands in the village, with what came of what it found.

    `hidden` and `let_through` count what it brought into the queue and the committee decided.
    """

    key: str
    name: str
    action: Listed
    is_on: bool
    count: int
    list_id: int | None = None
    hidden: int = 0
    let_through: int = 0
    measured: Measured | None = None


def list_standing() -> list[Standing]:
    """Return all lists, ours first: three statements."""
    rows = {row.key: row for row in db.session.scalars(select(WordList).order_by(WordList.id))}
    sizes = _sizes()
    judged = _judged()
    found = [
        Standing(
            ours.key,
            "",
            row.action if (row := rows.pop(ours.key, None)) else ours.action,
            row.is_on if row else True,
            len(ours.words()),
            hidden=judged.get((ours.key, True), 0),
            let_through=judged.get((ours.key, False), 0),
            measured=ours.measured,
        )
        for ours in built_in.LISTS
    ]
    return found + [
        Standing(
            row.key,
            row.name,
            row.action,
            row.is_on,
            sizes.get(row.id, 0),
            list_id=row.id,
            hidden=judged.get((row.key, True), 0),
            let_through=judged.get((row.key, False), 0),
        )
        for row in rows.values()
    ]


def actions_now() -> dict[str, Listed]:
    """Return what each list does that is not switched off, by its key."""
    rows = {row.key: row for row in db.session.scalars(select(WordList))}
    ours = {ours.key: ours.action for ours in built_in.LISTS if ours.key not in rows}
    return ours | {row.key: row.action for row in rows.values() if row.is_on}


def words_now() -> list[tuple[str, str]]:
    """Return every word of the lists that are on, as it is compared, with its list's key."""
    is_on = actions_now()
    rows = db.session.execute(
        select(WordList.key, WordListEntry.compared)
        .join(WordListEntry, WordListEntry.list_id == WordList.id)
        .where(WordList.is_on)
    )
    ours = ((ours.key, word) for ours in built_in.LISTS for word in ours.words())
    return [pair for pair in ours if pair[0] in is_on] + [(key, word) for key, word in rows]


def add_list(
    name: str, action: Listed, words: Sequence[str], *, account_id: int, now: datetime
) -> WordList:
    """Keep a new list of the village's own; the same word twice is one."""
    kept = WordList(
        key=uuid4().hex, name=name, action=action, changed_at=now, account_id=account_id
    )
    db.session.add(kept)
    db.session.flush()
    for compared, word in {key_of(word): word for word in words}.items():
        db.session.add(WordListEntry(list_id=kept.id, word=word, compared=compared))
    db.session.flush()
    stamps.renew()
    return kept


def set_list(key: str, *, action: Listed, is_on: bool, account_id: int, now: datetime) -> bool:
    """Change what a list does, or switch it off; tell whether there is such a list."""
    facts = {"action": action, "is_on": is_on, "changed_at": now, "account_id": account_id}
    change = (
        update(WordList)
        .where(WordList.key == key)
        .values(**facts)
        .returning(WordList.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(change) is None:
        if key not in {ours.key for ours in built_in.LISTS}:
            return False
        try:
            with db.session.begin_nested():
                db.session.add(WordList(key=key, name="", **facts))
        except IntegrityError:  # somebody else changed it at the same moment; the later one counts
            db.session.execute(change)
    stamps.renew()
    return True


def get_list(list_id: int) -> WordList:
    """Return a list of the village's own, or raise NoResultFound."""
    return db.session.scalars(
        select(WordList).where(WordList.id == list_id, WordList.name != "")
    ).one()


def name_of(key: str) -> str:
    """Return the name of a list of the village's own; of a built-in one its key."""
    return db.session.scalar(select(WordList.name).where(WordList.key == key)) or key


def list_words(list_id: int) -> list[str]:
    """Return the words of a list of the village's own, as they were given."""
    query = select(WordListEntry.word).where(WordListEntry.list_id == list_id)
    return list(db.session.scalars(query.order_by(WordListEntry.id)))


def remove_list(list_id: int) -> None:
    """Throw away a list of the village's own; what it found stays found."""
    own = get_list(list_id)
    db.session.execute(delete(WordListEntry).where(WordListEntry.list_id == own.id))
    db.session.delete(own)
    db.session.flush()
    stamps.renew()


def list_allowed() -> list[AllowedWord]:
    """Return the names that pass, by the alphabet."""
    return list(db.session.scalars(select(AllowedWord).order_by(AllowedWord.word)))


def allow(word: str, *, account_id: int) -> None:
    """Let a name pass from now on; one that passes already stays."""
    try:
        with db.session.begin_nested():
            db.session.add(AllowedWord(word=word, compared=key_of(word), account_id=account_id))
    except IntegrityError:
        return
    stamps.renew()


def disallow(word_id: int) -> None:
    """Let a name pass no longer, or raise NoResultFound."""
    db.session.delete(db.session.scalars(select(AllowedWord).filter_by(id=word_id)).one())
    db.session.flush()
    stamps.renew()


def note_hits(item: ModerationItem, found: dict[str, Sequence[str]]) -> None:
    """Keep which lists brought something into the queue, by which of their words."""
    for key, words in found.items():
        hit = WordHit(item_id=item.id, list_key=key, words="、".join(words)[:200])
        try:
            with db.session.begin_nested():
                db.session.add(hit)
        except IntegrityError:
            continue  # it was here already


def find_hits(item_ids: Collection[int]) -> dict[int, list[WordHit]]:
    """Return what lists found in these items of the queue."""
    found: dict[int, list[WordHit]] = {}
    query = select(WordHit).where(WordHit.item_id.in_(item_ids)).order_by(WordHit.id)
    for hit in db.session.scalars(query):
        found.setdefault(hit.item_id, []).append(hit)
    return found


def _sizes() -> dict[int, int]:
    rows = db.session.execute(
        select(WordListEntry.list_id, func.count()).group_by(WordListEntry.list_id)
    )
    return {list_id: count for list_id, count in rows}


def _judged() -> dict[tuple[str, bool], int]:
    """Count what each list brought and the committee hid (True) or let through (False)."""
    is_hidden = ModerationDecision.action == Action.HIDE
    rows = db.session.execute(
        select(WordHit.list_key, is_hidden, func.count())
        .join(ModerationItem, ModerationItem.id == WordHit.item_id)
        .join(ModerationDecision, ModerationDecision.id == ModerationItem.decision_id)
        .group_by(WordHit.list_key, is_hidden)
    )
    return {(key, bool(hidden)): count for key, hidden, count in rows}
