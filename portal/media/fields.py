"""What a form has with which photos and a recording can be sent: a mixin for its class."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, MultipleFileField
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from portal.media.rules import LONGEST_KEY, LONGEST_TRANSCRIPT, MOST_FILES

_KEY = rf"[0-9a-zA-Z-]{{8,{LONGEST_KEY}}}"
_KEYS = rf"\A{_KEY}( {_KEY}){{0,{MOST_FILES}}}\Z"


def media_field() -> HiddenField:
    """Return the keys of files that were sent before the form, with spaces between."""
    return HiddenField(validators=[Optional(), Regexp(_KEYS)])


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
