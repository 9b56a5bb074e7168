"""What printing needs of the portal around it: the village's language and its addresses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale, gettext

from portal.maps.words import Words
from portal.maps.words import words as map_words
from portal.transparency import rules as record

LANGUAGE = "zh_Hans"
"""The village's documents are in its own language, whoever looks at them."""


@dataclass(frozen=True, kw_only=True)
class Press:
    """What printing needs from the page that asks for it: language, words, addresses."""

    language: str
    gettext: Callable[[str], str]
    map_words: Words
    verify_url: Callable[[str], str]
    comment_url: Callable[[int], str]


@contextmanager
def press_of(village_code: str, language: str = LANGUAGE) -> Iterator[Press]:
    """Speak a language within the block, and know the village's addresses; needs no request.

    A document is made in the village's language; another one is for reading it in translation.
    """
    with force_locale(language):
        yield Press(
            language=language,
            gettext=gettext,
            map_words=map_words(),
            verify_url=lambda digest: _address(
                "transparency.verify", village_code, what=record.short(digest)
            ),
            comment_url=lambda version_id: _address(
                "plans.show", village_code, version_id=version_id
            ),
        )


def _address(endpoint: str, village_code: str, **values: object) -> str:
    """Return a whole address as people type it, under the portal's public name."""
    ways = current_app.url_map.bind("portal")
    path = ways.build(endpoint, {"village_code": village_code, **values})
    return str(current_app.config["SETTINGS"].public_url) + path
