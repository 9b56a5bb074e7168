"""The gunicorn settings of the pages, without the portal's own chores."""

from deploy.gunicorn_pages import (
    control_socket_disable,
    graceful_timeout,
    keepalive,
    threads,
    timeout,
    worker_class,
    workers,
)

__all__ = [
    "control_socket_disable",
    "graceful_timeout",
    "keepalive",
    "threads",
    "timeout",
    "worker_class",
    "workers",
]
