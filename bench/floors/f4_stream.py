"""Floor F4: a bare event-stream worker of gevent, one greenlet and one queue for each reader.

``gunicorn -k gevent bench.floors.f4_stream:app`` serves it: every GET listens, every POST is told
to all who listen.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gevent.queue import SimpleQueue

readers: set[Any] = set()
WORDS = "早上好" * 150


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Listen, or tell all who listen."""
    if environ["REQUEST_METHOD"] == "POST":
        told = f"id: 1\nevent: news\ndata: {WORDS}\n\n".encode()
        for reader in list(readers):
            reader.put(told)
        start_response("200 OK", [("Content-Length", "0")])
        return []
    start_response("200 OK", [("Content-Type", "text/event-stream")])
    return listen()


def listen() -> Iterator[bytes]:
    """Say what is told, until the reader is gone."""
    mine: Any = SimpleQueue()
    readers.add(mine)
    try:
        yield b"retry: 1000\n\n"
        while True:
            yield mine.get()
    finally:
        readers.discard(mine)
