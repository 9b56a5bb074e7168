"""The words of photos and recordings: why one is not taken, and what each is called."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.media.rules import Kind, Refusal

KINDS: dict[Kind, LazyString] = {Kind.PHOTO: _l("Photo"), Kind.VOICE: _l("Recording")}

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.FILE_TOO_BIG: _l("The file is larger than 12 MB. Send a smaller one."),
    Refusal.NOT_KNOWN: _l("This is neither a photo nor a recording that we can read."),
    Refusal.NOT_A_PICTURE: _l("This is not a photo that we can read. Send a JPEG, PNG or WebP."),
    Refusal.TOO_MANY_PIXELS: _l("The photo has too many pixels. Send a smaller one."),
    Refusal.NOT_A_RECORDING: _l("This recording cannot be played. Please record it again."),
    Refusal.RECORDING_TOO_LONG: _l("A recording lasts at most 2 minutes. Say it in two parts."),
    Refusal.RECORDING_EMPTY: _l("Nothing was recorded. Hold the button while you speak."),
    Refusal.TOO_MANY_FILES: _l("At most 6 photos and recordings go together."),
    Refusal.TOO_MANY_TODAY: _l("You have sent very many files today. Tomorrow you can send more."),
    Refusal.NOT_HERE: _l("A photo or recording is no longer here. Please choose it again."),
}
