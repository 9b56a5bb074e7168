"""A house that lets one choice wait for three milliseconds; all else is as the portal does it.

Only for the positive control of `bench.alike`: its comparison of times must find this.
"""

import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from wsgi import app as portal

DELAY_SECONDS = 0.003


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Wait a moment where the number of the chosen option is odd."""
    if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith("/cast"):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ = {**environ, "wsgi.input": BytesIO(body)}
        if int(parse_qs(body.decode("ascii"))["chosen"][0]) % 2:
            time.sleep(DELAY_SECONDS)
    return portal(environ, start_response)
