"""What may be sent as a photo or a recording, how much of it, and by what it is known. Pure."""

from datetime import timedelta
from enum import StrEnum

MAX_BYTES = 12 * 1024 * 1024
LONGEST_SECONDS = 120
MOST_FILES = 6
"""How many files go with one thing that somebody wrote."""
FILES_A_DAY = 60
LONGEST_KEY = 64
LONGEST_TRANSCRIPT = 1000
UNATTACHED = timedelta(days=2)
"""For so long a file waits for what it belongs to; then it is swept away."""


class Kind(StrEnum):
    """What a file is."""

    PHOTO = "photo"
    VOICE = "voice"


SIGNS = {Kind.PHOTO: "📷", Kind.VOICE: "🎤"}
"""What stands in the place of words where somebody sent a file without any."""


class Refusal(StrEnum):
    """Why a file is not taken; words.py has the words."""

    FILE_TOO_BIG = "file-too-big"
    NOT_KNOWN = "not-known"
    NOT_A_PICTURE = "not-a-picture"
    TOO_MANY_PIXELS = "too-many-pixels"
    NOT_A_RECORDING = "not-a-recording"
    RECORDING_TOO_LONG = "recording-too-long"
    RECORDING_EMPTY = "recording-empty"
    TOO_MANY_FILES = "too-many-files"
    TOO_MANY_TODAY = "too-many-today"
    NOT_HERE = "not-here"


_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_RECORDINGS = (
    (b"OggS", "ogg"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"ID3", "mp3"),
    (b"#!AMR", "amr"),
)
_PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1", b"avif", b"avis")


def recognise(data: bytes) -> tuple[Kind, str] | None:
    """Return what a file begins as, and which reader is for it; None for anything else.

    Names and what a browser says of a file are never asked. A picture of a kind that is not read
    (HEIC) is a photo without a reader.
    """
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return Kind.PHOTO, "picture"
    if data[4:8] == b"ftyp":
        return (Kind.PHOTO, "") if data[8:12] in _PICTURE_BRANDS else (Kind.VOICE, "mov")
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Kind.VOICE, "wav"
    for begins, reader in _RECORDINGS:
        if data.startswith(begins):
            return Kind.VOICE, reader
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:  # frames without a head
        return Kind.VOICE, "aac" if data[1] & 0x06 == 0 else "mp3"
    return None


def why_not_attach(*, count: int, found: int) -> Refusal | None:
    """Return why files cannot go with something: too many, or not (or no longer) here."""
    if count > MOST_FILES:
        return Refusal.TOO_MANY_FILES
    return Refusal.NOT_HERE if found != count else None


def sign_of(kinds: list[Kind]) -> str:
    """Return what stands in the place of words where there are only files."""
    return "".join(SIGNS[kind] for kind in dict.fromkeys(kinds))


def is_sign(body: str) -> bool:
    """Tell whether nothing was written beside the files."""
    return body != "" and not body.strip("".join(SIGNS.values()))


def join(body: str, transcripts: list[str]) -> str:
    """Return what was written and spoken as one text, for those who look through words."""
    return "\n".join([body, *transcripts])


def part(text: str, count: int) -> tuple[str, list[str]]:
    """Return what was joined as it was before: the body, and as many transcripts."""
    body, *transcripts = text.rsplit("\n", count) if count else [text]
    return body, transcripts
