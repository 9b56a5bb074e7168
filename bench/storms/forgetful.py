"""A house that loses votes: envelopes are acknowledged first and kept two seconds later.

Only for the positive control of the storm: its judge must find what a killed worker loses.
The answer is the one the portal would give; nothing of the portal is changed.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from wsgi import app as portal

DELAY_SECONDS = 2.0


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer an envelope at once and hand it to the portal later; all else goes straight there."""
    if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].endswith("/sealed"):
        return portal(environ, start_response)
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    kept = {**environ, "wsgi.input": BytesIO(body)}
    threading.Thread(target=_keep, args=(kept,), daemon=True).start()
    envelope = base64.b64decode(parse_qs(body.decode("ascii"))["envelope"][0])
    answer = json.dumps({"receipt": hashlib.sha256(envelope).hexdigest()}).encode()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]


def _keep(environ: dict[str, Any]) -> None:
    time.sleep(DELAY_SECONDS)
    for _ in portal(environ, lambda *_answer: None):
        pass
