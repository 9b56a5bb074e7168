"""From a remark to an opinion: suggested by the committee or the planner, made by its author alone.

The opinion is given in the author's own request, so that nobody ever says anything for another.
"""

from datetime import datetime

from sqlalchemy import select

from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.discussion import service as discussion
from portal.discussion.models import Comment
from portal.media import service as media
from portal.plans import service as plans
from portal.rooms import lines, rules, service
from portal.rooms.events import OpinionSuggested
from portal.rooms.models import Message, MessagePromotion
from portal.rooms.rules import Kind, Place, Refusal


def find_version(place: Place, *, now: datetime) -> int | None:
    """Return the plan version on which opinions are collected: of the room's plan, or any."""
    if place.kind is Kind.PLAN and place.number is not None:
        version = plans.find_public_version(place.number)
    else:
        version = plans.find_current_version()
    return version.id if version and plans.is_on_notice(version.id, now=now) else None


def suggest(message_id: int, place: Place, *, account_id: int, now: datetime) -> None:
    """Ask the author of a message to give it as an opinion; they are told. Raises Refused."""
    version_id = find_version(place, now=now)
    line = lines.get_message(message_id)
    refusal = rules.why_not_suggest(
        is_readable=line.is_readable,
        is_on_notice=version_id is not None,
        is_residents=line.message.resident_id is not None,
    )
    if refusal or version_id is None:
        raise Refused(refusal or Refusal.NO_PLAN)
    if not may_ask(find_promotion(message_id), version_id):
        raise Refused(Refusal.ASKED_ALREADY)
    asked = MessagePromotion(
        message_id=message_id, version_id=version_id, account_id=account_id, asked_at=now
    )
    keep_once(asked, twice=Refusal.ASKED_ALREADY)
    publish(OpinionSuggested(message_id=message_id), now=now)


def find_promotion(message_id: int) -> MessagePromotion | None:
    """Return what became of a message as an opinion the last time, None if nobody thought of it."""
    query = select(MessagePromotion).where(MessagePromotion.message_id == message_id)
    return db.session.scalar(query.order_by(MessagePromotion.id.desc()).limit(1))


def may_ask(asked: MessagePromotion | None, version_id: int | None) -> bool:
    """Tell whether the author can be asked, for this version: once for each, until a yes."""
    return asked is None or (asked.comment_id is None and asked.version_id != version_id)


def agree(
    message_id: int,
    *,
    about: str = "",
    about_title: str = "",
    resident_id: int | None,
    show_name: bool,
    now: datetime,
) -> Comment:
    """Give one's own message with its files as an opinion. Twice it is given once.

    `about` is what of the plan it is about, as in `discussion.post_comment`. Raises Refused.
    """
    line, asked = _asked(message_id, resident_id)
    if asked.comment_id is not None:
        return discussion.get_opinion(asked.comment_id).comment
    key = f"room-message-{message_id}-{asked.version_id}"
    comment = discussion.post_comment(
        asked.version_id,
        body=line.message.body,
        about=about,
        about_title=about_title,
        show_name=show_name,
        client_key=key,
        resident_id=resident_id,
        now=now,
        files=media.copy(service.KIND, message_id, key=key, now=now),
    )
    asked.comment_id, asked.decided_at = comment.id, now
    db.session.flush()
    return comment


def decline(message_id: int, *, resident_id: int | None, now: datetime) -> None:
    """Say that one's message stays a remark, or raise Refused."""
    _line, asked = _asked(message_id, resident_id)
    if asked.comment_id is not None:
        raise Refused(Refusal.ASKED_ALREADY)
    asked.decided_at = now
    db.session.flush()


def find_origin(comment_id: int) -> Message | None:
    """Return the message that became this opinion, or None."""
    query = select(Message).join(MessagePromotion, MessagePromotion.message_id == Message.id)
    return db.session.scalar(query.where(MessagePromotion.comment_id == comment_id))


def _asked(message_id: int, resident_id: int | None) -> tuple[lines.Line, MessagePromotion]:
    line, asked = lines.get_message(message_id), find_promotion(message_id)
    is_author = resident_id is not None and line.message.resident_id == resident_id
    if refusal := rules.why_not_promote(
        is_author=is_author, is_asked=asked is not None, is_readable=line.is_readable
    ):
        raise Refused(refusal)
    assert asked is not None  # noqa: S101 -- the rule said so
    return line, asked
