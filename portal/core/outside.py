"""Asks another house over HTTP: within seconds, for a small JSON answer, and silently.

What is asked may carry secrets in its address or its body. So nothing here is logged, no exception
names an address, a body or what caused it, and the log of httpx, which writes down whole addresses,
hears nothing of it.
"""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpx

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
WHOLE_SECONDS = 8.0
LARGEST_ANSWER = 64 * 1024

_is_asking: ContextVar[bool] = ContextVar("is_asking", default=False)


class NotReached(Exception):
    """The other house was not reached: it has surely heard nothing."""


class NoAnswer(Exception):
    """What was asked may have been heard, but no answer in JSON came back within the time."""


class _Hush(logging.Filter):
    """Lets nothing through while we ask; other users of httpx are heard as before."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _is_asking.get()


for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy"):
    logging.getLogger(_name).addFilter(_Hush())


@contextmanager
def _hushed() -> Iterator[None]:
    token = _is_asking.set(True)
    try:
        yield
    finally:
        _is_asking.reset(token)


class House:
    """Another house, at one origin that is fixed when the portal starts.

    Each question is a connection of its own: one that was left open may be dead, and then nobody
    could tell whether the question was heard. No redirect is followed.
    """

    def __init__(
        self,
        origin: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self.origin = origin.rstrip("/")
        self.whole_seconds = whole_seconds
        self.client = httpx.Client(
            timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            headers={"User-Agent": "village-portal"},
        )

    @property
    def host(self) -> str:
        """Return the host, with its port where that is not the usual one."""
        return httpx.URL(self.origin).netloc.decode()

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> dict[str, Any]:
        """Return the JSON object that is answered with status 200; else raise one of the two."""
        with _hushed():
            body = self._read(method, path, params=params, headers=headers, content=content)
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            raise NoAnswer("the answer is not JSON") from None
        if not isinstance(answer, dict):
            raise NoAnswer("the answer is not a JSON object")
        return answer

    def _read(self, method: str, path: str, **facts: Any) -> bytes:
        ends_at = time.monotonic() + self.whole_seconds
        body = b""
        try:
            with self.client.stream(method, self.origin + path, **facts) as response:
                if response.status_code != httpx.codes.OK:
                    raise NoAnswer(f"the answer has status {response.status_code}")
                for part in response.iter_bytes():
                    body += part
                    if len(body) > LARGEST_ANSWER:
                        raise NoAnswer("the answer is too long")
                    if time.monotonic() > ends_at:
                        raise NoAnswer("the answer is too slow")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise NotReached(type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(type(error).__name__) from None
        return body
