"""Photos and recordings, made here; and who sends them."""

import io

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.core import clock
from portal.media import receiving
from tests.media.recordings import recording
from tests.pictures import picture


@pytest.fixture(scope="session")
def photo():
    """Return a photo, small and plain."""
    return picture((400, 300))


@pytest.fixture(scope="session")
def voice():
    """Return a recording of two seconds, as a phone's browser makes it."""
    return recording(2)


@pytest.fixture
def sent(village):
    """Send a file as a resident; return how it is shown."""
    keys = iter(range(1000))

    def _sent(person, data, *, key=None, now=None, **facts):
        return receiving.receive_one(
            data,
            key=key or f"file-key-{next(keys)}",
            resident_id=person.resident_id,
            now=now or clock.now(),
            **facts,
        )

    return _sent


@pytest.fixture
def upload(browse, at):
    """Send a file as a script does; return the answer."""

    def _upload(person, data, *, key="file-key-00", name="x.bin", **facts):
        form = {"key": key, "file": FileStorage(io.BytesIO(data), name), **facts}
        boundary, body = encode_multipart(form)  # not into a file of the test's own
        return browse(person).post(
            at("/media"), data=body, content_type=f"multipart/form-data; boundary={boundary}"
        )

    return _upload
