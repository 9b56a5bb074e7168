"""What a form has with which photos and a recording can be sent: a mixin for its class."""

from datetime import datetime
from typing import Any

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import Length, Optional, Regexp, StopValidation

from portal.media.receiving import receive
from portal.media.rules import LONGEST_KEY, LONGEST_TRANSCRIPT, MOST_FILES
from portal.media.service import Shown, list_waiting

_KEY = rf"[0-9a-zA-Z-]{{8,{LONGEST_KEY}}}"
_KEYS = rf"\A{_KEY}( {_KEY}){{0,{MOST_FILES}}}\Z"


def media_field() -> HiddenField:
    """Return the keys of files that were sent before the form, with spaces between."""
    return HiddenField(_l("Photos and recordings"), validators=[Optional(), Regexp(_KEYS)])


class WrittenOrSent:
    """Wants words, or else a file; to be named before the other validators of the body."""

    field_flags = {"required": True}

    def __init__(self, message: LazyString) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        """Stop with the message, or at an empty body that has files beside it."""
        if not (field.data or "").strip():
            raise StopValidation("" if form.has_media else self.message)


class WithMedia:
    """The fields for photos and a recording; `attach` in `media/media.html` draws them.

    Files do not come back with a form that is shown again: they are kept, and `media` names them.
    """

    media = media_field()
    photos = MultipleFileField(
        _l("Photos"),
        description=_l("JPEG, PNG or WebP, at most 12 MB each."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    voice = FileField(
        _l("A recording"),
        description=_l("At most 2 minutes."),
        render_kw={"accept": "audio/*", "capture": True},
    )
    transcript = TextAreaField(
        _l("What the recording says"),
        description=_l("For those who cannot listen. At most 1000 characters."),
        render_kw={"rows": 2, "maxlength": LONGEST_TRANSCRIPT},
        validators=[
            Optional(),
            Length(max=LONGEST_TRANSCRIPT, message=_l("Please use at most 1000 characters.")),
        ],
    )
    keep_place = BooleanField(_l("Keep the place where a photo was taken"))

    @property
    def media_keys(self) -> list[str]:
        """Return the keys of files that were sent before."""
        return (self.media.data or "").split()

    @property
    def has_media(self) -> bool:
        """Tell whether anything but words came with the form."""
        given = (*(self.photos.data or ()), self.voice.data)
        return bool(self.media_keys) or any(isinstance(one, FileStorage) for one in given)

    def receive(self, *, form_key: str, resident_id: int | None, now: datetime) -> list[str]:
        """Keep the files of this form, before its own transaction; return all their keys.

        From now on the form names them, so that they are not lost when it is shown again. Raises
        Refused.
        """
        if resident_id is None or not self.has_media:
            return []
        keys = receive(
            request.files,
            self.media_keys,
            resident_id=resident_id,
            now=now,
            form_key=form_key,
            keeps_place=bool(self.keep_place.data),
            transcript=self.transcript.data or "",
        )
        self.media.data, self.transcript.data = " ".join(keys), ""
        return keys

    def kept(self, resident_id: int | None) -> list[Shown]:
        """Return the files that this form names, to be shown again with it.

        What is here no longer it names no more, so that the phone sends it again.
        """
        keys = self.media_keys
        found = list_waiting(keys, resident_id=resident_id) if keys else []
        here = {file.key for file in found}
        self.media.data = " ".join(key for key in keys if key in here)
        return found
