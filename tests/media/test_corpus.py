"""Whatever is sent: taken, or refused with its reason; the worker stays small, quick and alive."""

import functools
import io

import av
import pytest
from PIL import Image

from portal.core.errors import Refused
from portal.media import making
from portal.media.rules import Kind
from tests.media.corpus import PICTURES, RECORDINGS, SCRIPT, SECRET
from tests.media.spending import spent_on

EVERYTHING = PICTURES | RECORDINGS


@functools.cache
def file(name):
    return EVERYTHING[name][0]()


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_file_is_taken_or_refused_with_its_reason(name):
    data, refusal = file(name), EVERYTHING[name][1]
    if refusal is not None:
        with pytest.raises(Refused) as refused:
            making.make(data)
        assert refused.value.reason is refusal
        return
    made = making.make(data)
    assert SCRIPT not in made.data and SECRET not in made.data
    if made.kind is Kind.PHOTO:
        for written, longest in ((made.data, 1600), (made.thumb, 320)):
            with Image.open(io.BytesIO(written)) as image:
                assert image.format == "JPEG" and image.mode == "RGB"
                assert max(image.size) <= longest
                assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
                assert dict(image.getexif()) == {}
    else:
        with av.open(io.BytesIO(made.data)) as heard:
            [sound] = heard.streams
            assert (heard.format.name, sound.codec_context.channels) == ("mp3", 1)
            assert abs(heard.duration / 1e6 - made.seconds) < 1
            assert heard.metadata == {}
        assert len(made.data) < 5000 * (made.seconds + 1)


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_file_takes_much_memory_or_time(name):
    megabytes, seconds = spent_on(file(name))
    assert megabytes < 300 and seconds < 3, (megabytes, seconds)


def test_the_place_stays_only_where_its_author_wishes():
    data = file("on its side, with its place")
    without, with_place = making.make(data), making.make(data, keeps_place=True)
    assert (without.has_place, with_place.has_place) == (False, True)
    with Image.open(io.BytesIO(with_place.data)) as image:
        assert image.size == (200, 320)  # upright
        assert set(image.getexif()) == {0x8825}
        assert image.getexif().get_ifd(0x8825)[2] == (30.0, 38.0, 12.0)
    assert SECRET not in with_place.data
    assert making.make(file("JPEG"), keeps_place=True).has_place is False


def test_what_is_heard_is_what_was_said():
    """A tone of 440 goes in, and comes out: not silence, not noise."""
    made = making.make(file("webm of 3 s"))
    with av.open(io.BytesIO(made.data)) as heard:
        frames = [frame.to_ndarray()[0] for frame in heard.decode(audio=0)]
        rate = heard.streams.audio[0].rate
    waves = sum(int(((f[:-1] < 0) & (f[1:] >= 0)).sum()) for f in frames)
    length = sum(len(f) for f in frames) / rate
    assert abs(waves / length - 440) < 15
    assert made.seconds == 3


def test_a_worker_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(making, "PATIENCE", 0.01)
    for name, reason in (("JPEG", "too-many-pixels"), ("ogg of 3 s", "recording-too-long")):
        with pytest.raises(Refused, match=reason):
            making.make(file(name))


def test_a_worker_does_not_get_the_keys_of_the_portal(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    script = tmp_path / "tell.py"
    script.write_text("import json, os\nprint(json.dumps({'sizes': [], **os.environ}))")
    told, files = making._work(script, data=b"", broken=None, spent=None)
    assert (told, files) == ({"sizes": [], "LC_ALL": "C.UTF-8"}, [])
