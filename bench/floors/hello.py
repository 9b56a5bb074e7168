"""Floor hello: a raw WSGI answer, to learn how fast the load generator itself can be."""

from collections.abc import Callable, Iterable

BODY = b"hello\n"


def app(_environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Say hello."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
    return [BODY]
