"""Whoever wrote it hears that it was hidden, and why; nobody else does."""

from portal.core.db import transaction
from portal.moderation.forms import CODES
from portal.moderation.rules import Action, Code


def test_the_author_hears_the_reason_and_is_led_there(cast, write, decide, told, browse):
    number = write(cast.vera)
    with transaction():
        decide(number)
    heard = told()
    assert [name for name, _, _ in heard] == ["vera"]
    _, words, path = heard[0]
    assert str(CODES[Code.INSULT]) in words
    page, anchor = path.split("#")
    assert anchor == "m-1"
    assert browse(cast.vera).get(page).status_code == 200
    with transaction():
        decide(number, Action.RESTORE, seen=1, code=None)
    assert [name for name, _, _ in told()] == ["vera"]


def test_the_words_themselves_are_not_repeated(cast, write, decide, told):
    number = write(cast.vera, "王家的坏话")
    with transaction():
        decide(number)
    assert "王家" not in told()[0][1]
