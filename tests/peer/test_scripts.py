"""Words and pictures that did something at others (trust.md §3). Each is shown to be able to fail.

The whole corpus of words goes through every column and every page in `tests/house/test_xss.py`, in a
browser; here stands what came in by a side door.
"""

import io
from itertools import cycle

import pytest
from flask import render_template_string, request
from markupsafe import Markup
from PIL import Image
from sqlalchemy import update

from portal.core import markdown
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.media import darkroom, making
from portal.media.models import MediaFile
from portal.media.rules import Refusal
from portal.moderation import service as moderation
from portal.moderation.rules import Action, Code
from portal.people.models import Account, Resident, VillagerGroup
from tests.house.naughty import DEED, PAYLOADS
from tests.media.conftest import upload
from tests.media.corpus import SECRET, in_the_country, png
from tests.peer.guards import without
from tests.peer.test_inputs import ASKED, pages_that_search
from tests.pictures import picture
from tests.rooms.conftest import chat, room

__all__ = ["chat", "room", "upload"]

NAME = f"<b onmouseover={DEED}>王"


def trusting(pages, words):
    """Return the pages on which words stand as they were written, to be run by a browser."""
    return [page for page, text in pages.items() if words in text]


def read(client, addresses):
    return {address: client.get(address).get_data(as_text=True) for address in addresses}


# --- P08: script in a person's name ------------------------------------------------------------------


def test_p08_a_name_is_only_a_name(app, cast, room, chat, browse, at):
    chat(cast.vera, "大家好", show_name=True)
    with transaction():
        db.session.execute(update(Resident).values(name=NAME))
        db.session.execute(update(Account).values(name=NAME))
        db.session.execute(update(VillagerGroup).values(name=NAME))
    pages = [at(path) for path in (f"/rooms/{room}", "/rooms", "", "/desk/roster", "/me")]
    found = read(browse(cast.max), pages)
    assert trusting(found, NAME) == []
    assert sum(str(Markup.escape(NAME)) in text for text in found.values()) >= 3
    with app.app_context():
        careless = render_template_string("<h1>{{ name|safe }}</h1>", name=NAME)
    assert trusting({"planted": careless}, NAME) == ["planted"]


# --- P09: script in the name of a file ---------------------------------------------------------------


def test_p09_the_name_of_a_file_is_kept_nowhere(cast, upload, browse, at):
    name = f"'\"><img src=x onerror={DEED}>.jpg"
    sent = upload(cast.vera, picture(), name=name)
    assert sent.status_code == 201
    assert DEED not in sent.get_data(as_text=True)
    answer = browse(cast.vera).get(at(f"/media/{sent.json['id']}"))
    assert DEED not in str(answer.headers)
    columns = [
        str(getattr(db.session.query(MediaFile).one(), c.key)) for c in MediaFile.__table__.c
    ]
    assert [words for words in columns if DEED in words] == []
    refused = upload(cast.vera, name.encode(), name=name, key="file-key-01")
    assert refused.status_code == 422
    assert DEED not in refused.get_data(as_text=True)
    assert DEED in f"{name} cannot be read"  # what a careless refusal would have said


# --- P10: script in titles of logs and notices -------------------------------------------------------


def test_p10_logs_and_notices_show_words_as_words(app, cast, room, chat, browse, at):
    note = PAYLOADS[0]
    message = chat(cast.vera, note)
    with transaction():
        moderation.decide(
            kind="message",
            subject_id=message.id,
            action=Action.HIDE,
            code=Code.SPAM,
            note=note,
            seen_revision=0,
            account_id=cast.max.account_id,
            resident_id=cast.max.resident_id,
            part=Part.COMMITTEE,
            now=message.posted_at,
        )
    addresses = [
        at(path) for path in ("/moderation/log", "/record", f"/moderation/message/{message.id}")
    ]
    found = read(browse(cast.max), addresses)
    assert trusting(found, note) == []
    assert any(str(Markup.escape(note)) in text for text in found.values())
    with app.app_context():
        careless = render_template_string("<h1>{{ note|safe }}</h1>", note=note)
    assert trusting({"planted": careless}, note) == ["planted"]


# --- P12: script in the parameters of an address ------------------------------------------------------


def echoes(client, pages):
    """Return where a parameter comes back as it was sent."""
    sent = dict(zip((*ASKED, "next", "about"), cycle(PAYLOADS), strict=False))
    found = []
    for page in pages:
        answer = client.get(page, query_string=sent)
        text = answer.get_data().decode(errors="replace")  # some are files
        goes_to = answer.headers.get("Location", "")
        if any(words in text for words in sent.values()) or goes_to.startswith("javascript:"):
            found.append(page)
        answer.close()
    return found


def test_p12_no_parameter_comes_back_as_it_was_sent(world):
    assert echoes(world.browser("committee"), pages_that_search(world)) == []
    with world.second_app() as planted:
        planted.add_url_rule("/echo", "echo", lambda: f"<p>{request.args['q']}</p>")
        assert echoes(planted.test_client(), ["/echo"]) != []


# --- P13: HTML of a privileged editor -----------------------------------------------------------------


def runs(html: str) -> bool:
    """Tell whether a browser would run something of this."""
    low = html.lower()
    return any(
        sign in low
        for sign in ("<script", "<img", "<svg", "<iframe", 'href="javascript', 'href="data')
    )


def test_p13_who_edits_a_plan_writes_no_html_either():
    assert [words for words in PAYLOADS if runs(markdown.render(words))] == []
    assert [words for words in PAYLOADS if runs(words)] != []
    assert "<strong>" in markdown.render("**规划**")


# --- P57: picture bombs; P58: places in photographs ---------------------------------------------------


def too_large() -> bytes:
    out = io.BytesIO()
    Image.new("1", (6000, 5000)).save(out, "PNG")
    return out.getvalue()


def test_p57_a_picture_that_would_fill_the_memory_is_refused():
    for bomb in (too_large(), png(50_000, 50_000)):
        with pytest.raises(Refused) as refused:
            making.make(bomb)
        assert refused.value.reason is Refusal.TOO_MANY_PIXELS
    with without(darkroom, "MAX_PIXELS", {"PNG": 10**10}):
        assert darkroom.develop(too_large(), keeps_place=False)[0]


def test_p58_a_photo_does_not_tell_where_it_was_taken():
    made = making.make(in_the_country())
    assert SECRET in in_the_country()
    assert SECRET not in made.data + made.thumb
    with Image.open(io.BytesIO(made.data)) as image:
        assert dict(image.getexif()) == {}
    with Image.open(io.BytesIO(making.make(in_the_country(), keeps_place=True).data)) as image:
        assert dict(image.getexif()) != {}  # what the look above would have seen
