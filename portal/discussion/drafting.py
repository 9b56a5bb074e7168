"""Keeping what somebody is still writing: on any phone it is there again. Never commits."""

import secrets
from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import IntegrityError

from portal.core.db import db, table_of
from portal.core.scope import prepared, require_village
from portal.discussion.draft_models import OpinionDraft
from portal.discussion.models import Comment
from portal.discussion.rules import LONGEST_OPINION, put_aside
from portal.moderation import writing

MOST_FIRST = 2**30
"""A draft begins to count somewhere below this."""
_DRAFT = table_of(OpinionDraft)
_IS_THERE = prepared(
    select(_DRAFT.c.id).where(
        _DRAFT.c.village_id == bindparam("village"),
        _DRAFT.c.version_id == bindparam("version"),
        _DRAFT.c.resident_id == bindparam("resident"),
    )
)


def find_draft(version_id: int, *, resident_id: int) -> OpinionDraft | None:
    """Return what this resident is still writing about a version."""
    return db.session.scalar(_of(version_id, resident_id))


def keep_draft(
    version_id: int,
    *,
    about: str,
    body: str,
    client_key: str,
    seen_revision: int,
    resident_id: int,
    now: datetime,
) -> OpinionDraft | None:
    """Keep what is being written; None where nothing is left to keep.

    The newest wins. What another device kept since `seen_revision` is put aside, so that nothing
    is lost. Words that were sent in the meantime (`client_key`) are no draft any more.
    """
    body = writing.clean(body)[:LONGEST_OPINION]
    draft = db.session.scalar(_of(version_id, resident_id).with_for_update())
    if _is_sent(client_key, resident_id):
        return draft
    if draft is None:
        if not body:
            return None
        return _begin(version_id, about, body, client_key, resident_id, now=now)
    if seen_revision != draft.revision:
        if not body:
            return draft
        draft.other_body = put_aside(draft.other_body, draft.body, instead=body)
    draft.about, draft.body, draft.client_key = about, body, client_key
    draft.revision += 1
    draft.saved_at = now
    return _kept(draft)


def swap_draft(version_id: int, *, resident_id: int, now: datetime) -> None:
    """Go on with what another device had kept; what was being written is put aside instead."""
    draft = db.session.scalar(_of(version_id, resident_id).with_for_update())
    if draft is not None and draft.other_body:
        longest = draft.other_body[:LONGEST_OPINION]
        rest = draft.other_body[LONGEST_OPINION:]
        draft.other_body = put_aside(rest, draft.body, instead=longest)
        draft.body, draft.client_key = longest, ""
        draft.revision += 1
        draft.saved_at = now
        db.session.flush()


def drop_other(version_id: int, *, resident_id: int) -> None:
    """Throw away what another device had kept."""
    draft = db.session.scalar(_of(version_id, resident_id).with_for_update())
    if draft is not None:
        draft.other_body = ""
        _kept(draft)


def end_draft(version_id: int, *, client_key: str, seen_revision: int, resident_id: int) -> None:
    """Forget the draft, as it is sent; what another device had kept is the draft from now on.

    What was kept since `seen_revision`, and not from the form of this key, is not what was sent.
    """
    whose = {"village": require_village(), "version": version_id, "resident": resident_id}
    if db.session.scalar(_IS_THERE, whose) is None:  # as with most opinions
        return
    draft = db.session.scalar(_of(version_id, resident_id).with_for_update())
    if draft is not None and (draft.client_key == client_key or draft.revision == seen_revision):
        draft.body, draft.other_body = draft.other_body[:LONGEST_OPINION], ""
        draft.client_key = ""
        draft.revision += 1
        _kept(draft)


def _of(version_id: int, resident_id: int) -> Select[OpinionDraft]:
    return select(OpinionDraft).where(
        OpinionDraft.version_id == version_id, OpinionDraft.resident_id == resident_id
    )


def _is_sent(client_key: str, resident_id: int) -> bool:
    query = select(Comment.id).where(
        Comment.resident_id == resident_id, Comment.client_key == client_key
    )
    return db.session.scalar(query) is not None


def _begin(
    version_id: int, about: str, body: str, client_key: str, resident_id: int, *, now: datetime
) -> OpinionDraft:
    draft = OpinionDraft(
        resident_id=resident_id, version_id=version_id, about=about, body=body,
        other_body="", client_key=client_key, revision=_first_revision(), saved_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError:  # another device was a moment earlier: its words are put aside
        draft = db.session.scalars(_of(version_id, resident_id).with_for_update()).one()
        draft.other_body = put_aside(draft.other_body, draft.body, instead=body)
        draft.about, draft.body, draft.client_key, draft.saved_at = about, body, client_key, now
        draft.revision += 1
        db.session.flush()
    return draft


def _first_revision() -> int:
    """Return where a new draft begins to count: not where one that is gone was seen, nor at 0."""
    return 1 + secrets.randbelow(MOST_FIRST)


def _kept(draft: OpinionDraft) -> OpinionDraft | None:
    """Write the draft, or forget it where it holds no words any more."""
    if draft.body or draft.other_body:
        db.session.flush()
        return draft
    db.session.delete(draft)
    db.session.flush()
    return None
