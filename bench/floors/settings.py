"""The gunicorn settings of the pages, without the portal's own chores."""

from deploy.gunicorn_pages import (
    control_socket_disable,
    forget_garbage,
    graceful_timeout,
    keepalive,
    threads,
    timeout,
    worker_class,
    workers,
)

post_worker_init = forget_garbage

__all__ = [
    "control_socket_disable",
    "graceful_timeout",
    "keepalive",
    "post_worker_init",
    "threads",
    "timeout",
    "worker_class",
    "workers",
]
