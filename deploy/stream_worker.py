"""A gunicorn worker that gives the lines of event streams away and keeps no thread for them.

It answers like the worker of the pages, but an application may say (`portal.core.live.HAND_OVER`)
that it takes the line over. Then gunicorn forgets the connection, and the application writes to it.
"""

import socket
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from portal.core.live import HAND_OVER, Receive

Headers = list[tuple[str, str]]

OF_THE_BODY = ("Content-Length", "Content-Encoding")
"""What an answer says of its body: that one is empty, and whoever takes the line writes another."""


class Line:
    """The line of one request, and the answer that begins on it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.receive: Receive | None = None
        self.status, self.headers = "", list[tuple[str, str]]()

    def hand_to(self, receive: Receive) -> None:
        """Note who takes the line."""
        self.receive = receive

    def start(self, status: str, headers: Headers, _fault: object = None) -> Callable[..., None]:
        """Note how the answer begins (WSGI's `start_response`)."""
        self.status, self.headers = status, headers
        return lambda _words: None

    def give(self, receive: Receive) -> None:
        """Give the line away, with the head of the answer but for its end."""
        lines = [f"HTTP/1.1 {self.status}", f"Date: {formatdate(time.time(), usegmt=True)}"]
        lines += [f"{name}: {value}" for name, value in self.headers if name not in OF_THE_BODY]
        head = "\r\n".join([*lines, "Connection: close", ""]).encode("latin-1")
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        receive(self._connection.detach(), head)


class StreamWorker(ThreadWorker):
    """Serves requests with threads, and gives lines away."""

    def load_wsgi(self) -> None:
        """Load the application, and offer it the lines."""
        super().load_wsgi()
        answer = self.wsgi

        def offer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if type(environ["gunicorn.socket"]) is not socket.socket:  # enciphered here: keep it
                return answer(environ, start_response)
            line = Line(environ["gunicorn.socket"])
            environ[HAND_OVER] = line
            body = answer(environ, line.start)
            if line.receive is None:
                start_response(line.status, line.headers)
                return body
            line.give(line.receive)
            body.close()
            raise StopIteration  # gunicorn's own sign that there is nothing more to do

        self.wsgi = offer

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Go on with the connection, if it is still ours."""
        if conn.sock.fileno() >= 0:
            super().finish_request(conn, fs)
        else:
            self.nr_conns -= 1
