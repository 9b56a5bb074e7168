"""Whoever enters things for somebody sees of photos what everybody sees, and no more (trust.md P41)."""

from portal.core import clock
from portal.core.db import transaction
from portal.discussion import service as discussion
from portal.moderation import service as moderation
from portal.moderation.rules import Code
from portal.rooms import service as rooms
from portal.rooms.models import Author
from tests.media.conftest import photo, sent

__all__ = ["photo", "sent"]


def test_a_helper_sees_no_photo_that_is_only_its_authors(
    cast, li, li_at_home, sit, sent, photo, version, at, browse
):
    keys = [sent(li_at_home, photo).key for _ in range(3)]
    with transaction():
        message = rooms.send(
            rooms.open_room().id,
            body="看图",
            show_name=False,
            client_key="say-it-0001",
            author=Author(li.resident_id),
            badge=None,
            now=clock.now(),
            files=[keys[0]],
        ).id
        hidden, shown = (
            discussion.post_comment(
                version,
                body=f"第{n}条",
                about="",
                about_title="",
                show_name=False,
                client_key=f"opinion-key-{n}",
                resident_id=li.resident_id,
                now=clock.now(),
                files=[keys[n]],
            ).id
            for n in (1, 2)
        )
        rooms.set_standing(message, held_for=None, hidden_code=Code.PRIVACY)
        discussion.set_standing(hidden, held_for=None, hidden_code=Code.PRIVACY)
    things = (("message", message), ("opinion", hidden), ("opinion", shown))
    files = [moderation.get_waiting(*thing).subject.files[0].id for thing in things]

    def answers(browser):
        return [browser.get(at(f"/media/{file}")).status_code for file in files]

    assert answers(browse(li_at_home)) == [200, 200, 200]
    assert answers(browse(cast.vera)) == [404, 404, 200]
    helping, _sitting = sit(cast.vera, cast.max)
    assert answers(helping) == [404, 404, 200]
